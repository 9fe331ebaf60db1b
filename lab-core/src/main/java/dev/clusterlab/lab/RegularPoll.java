package dev.clusterlab.lab;

import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.observe.Observer;
import java.time.Duration;

/**
 * Observes between commands once a period of engine time has passed, so that what happens in a long script is reported with
 * about the time at which it happened. It polls on the thread that runs the script: the same script then polls at the
 * same moments, and journals stay repeatable.
 */
final class RegularPoll implements Runnable {
    private final EngineClock clock;
    private final Observer observer;
    private final Duration period;
    private Duration last = Duration.ZERO;

    RegularPoll(EngineClock clock, Observer observer, Duration period) {
        this.clock = clock;
        this.observer = observer;
        this.period = period;
    }

    @Override
    public void run() {
        if (clock.elapsed().minus(last).compareTo(period) >= 0) {
            observer.observe();
            last = clock.elapsed();
        }
    }
}
