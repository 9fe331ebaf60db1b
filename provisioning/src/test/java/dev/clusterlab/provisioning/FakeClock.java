package dev.clusterlab.provisioning;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A clock that tests move by hand; sleeping moves it too. */
public final class FakeClock implements EngineClock {
    private static final Instant EPOCH = Instant.parse("2026-01-01T09:00:00Z");

    private Duration elapsed = Duration.ZERO;
    private final List<Due> due = new ArrayList<>();

    /** Runs whenever something scheduled is cancelled, on the thread that does so, as an engine may then wait. */
    public volatile Runnable onCancel = () -> {};

    private record Due(Duration at, Runnable action) {}

    public synchronized void advance(Duration by) {
        Duration target = elapsed.plus(by);
        while (true) {
            var next = due.stream().filter(d -> d.at().compareTo(target) <= 0).min(Comparator.comparing(Due::at));
            if (next.isEmpty()) {
                break;
            }
            due.remove(next.get());
            elapsed = next.get().at();
            next.get().action().run();
        }
        elapsed = target;
    }

    @Override
    public synchronized Instant now() {
        return EPOCH.plus(elapsed);
    }

    @Override
    public synchronized Duration elapsed() {
        return elapsed;
    }

    @Override
    public void sleep(Duration duration) {
        advance(duration);
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration limit) {
        Duration end = elapsed().plus(limit);
        while (!condition.getAsBoolean()) {
            if (elapsed().compareTo(end) >= 0) {
                return false;
            }
            advance(Duration.ofMillis(250));
        }
        return true;
    }

    @Override
    public synchronized AutoCloseable schedule(Duration delay, Runnable action) {
        var entry = new Due(elapsed.plus(delay), action);
        due.add(entry);
        return () -> {
            onCancel.run();
            synchronized (this) {
                due.remove(entry);
            }
        };
    }

    @Override
    public boolean adjustable() {
        return false;
    }

    @Override
    public Pace pace() {
        return new Pace.OnDemand();
    }

    @Override
    public void setPace(Pace pace) {
        throw new UnsupportedOperationException("a fake clock has no pace");
    }
}
