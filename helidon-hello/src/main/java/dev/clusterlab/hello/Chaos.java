package dev.clusterlab.hello;

import java.time.Duration;

/** How the service misbehaves on purpose. Safe for use by many threads. */
final class Chaos {
    private boolean unhealthy;
    private Duration delay = Duration.ZERO;
    private double errorRate;
    private double errorDebt;

    synchronized void unhealthy(boolean on) {
        unhealthy = on;
    }

    synchronized void slow(Duration newDelay) {
        delay = newDelay;
    }

    synchronized void errors(double rate) {
        errorRate = rate;
        errorDebt = 0;
    }

    synchronized void reset() {
        unhealthy = false;
        delay = Duration.ZERO;
        errorRate = 0;
        errorDebt = 0;
    }

    synchronized boolean unhealthy() {
        return unhealthy;
    }

    synchronized Duration delay() {
        return delay;
    }

    /**
     * Whether the next request fails. Spread evenly instead of drawn, so that a rate of 0.25 fails exactly every fourth
     * request and a run can be repeated.
     */
    synchronized boolean nextFails() {
        errorDebt += errorRate;
        if (errorDebt >= 1 - 1e-9) {
            errorDebt -= 1;
            return true;
        }
        return false;
    }
}
