package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The time until a suspect counts as dead: long with one accuser, shorter with each further one (memberlist suspicion.go,
 * after the Lifeguard paper).
 */
final class SwimSuspicion {
    private final Scope scope;
    private final long startNanos;
    private final long minNanos;
    private final long maxNanos;
    private final int expectedConfirmations;
    /** A few. */
    private final List<String> accusers = new ArrayList<>(4);

    private final Runnable expired;
    private Timer timer;

    SwimSuspicion(SwimSettings settings, int members, String accuser, Scope scope, Runnable expired) {
        this.scope = scope;
        this.expired = expired;
        this.startNanos = scope.simulation().nowNanos();
        double scale = Math.max(1.0, Math.log10(Math.max(1, members)));
        this.minNanos = (long) (settings.suspicionMultiplier()
                * scale
                * settings.probeInterval().toNanos());
        this.maxNanos = minNanos * settings.suspicionMaxMultiplier();
        int wanted = settings.suspicionMultiplier() - 2;
        // With too few others to confirm, the short time holds from the start.
        this.expectedConfirmations = members - 2 < wanted ? 0 : wanted;
        accusers.add(accuser);
        this.timer = scope.schedule(Duration.ofNanos(timeoutNanos()), expired);
    }

    /** One more accuser; false if that is nothing new. */
    boolean confirm(String accuser) {
        if (accusers.size() - 1 >= expectedConfirmations || accusers.contains(accuser)) {
            return false;
        }
        accusers.add(accuser);
        timer.cancel();
        long elapsedNanos = scope.simulation().nowNanos() - startNanos;
        timer = scope.schedule(Duration.ofNanos(Math.max(0, timeoutNanos() - elapsedNanos)), expired);
        return true;
    }

    void cancel() {
        timer.cancel();
    }

    private long timeoutNanos() {
        if (expectedConfirmations < 1) {
            return minNanos;
        }
        double share = Math.log(accusers.size()) / Math.log(expectedConfirmations + 1.0);
        return Math.max(minNanos, (long) (maxNanos - share * (maxNanos - minNanos)));
    }
}
