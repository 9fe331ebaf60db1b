package dev.clusterlab.hello;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs tasks when the test says so, and remembers the delays asked for. */
final class ManualScheduler implements HelloScheduler {
    final List<Duration> delays = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();

    @Override
    public Handle schedule(Duration delay, Runnable task) {
        delays.add(delay);
        waiting.add(task);
        return () -> waiting.remove(task);
    }

    int planned() {
        return waiting.size();
    }

    void runNext() {
        waiting.remove(0).run();
    }
}
