package dev.clusterlab.hello;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How the service misbehaves on purpose: faults with names, each with or without an end of its own. Those of several come together.
 * Safe for use by many threads.
 */
final class Chaos {
    /** Nanoseconds of a clock that never goes back. */
    private final LongSupplier nanoTime;

    private final Map<String, Held> held = new LinkedHashMap<>();

    /** One way to misbehave. */
    sealed interface Fault {
        /** Every check of health fails. */
        record Unhealthy() implements Fault {
            @Override
            public String toString() {
                return "unhealthy";
            }
        }

        /** Every greeting is late. */
        record Slow(Duration delay) implements Fault {
            @Override
            public String toString() {
                return "slow by " + delay.toMillis() + " ms";
            }
        }

        /**
         * A share of the greetings, 0 to 1, fails with status 500. Spread evenly instead of drawn, so that 0.25 fails exactly
         * every fourth one and a run can be repeated.
         */
        record Errors(double share) implements Fault {
            @Override
            public String toString() {
                return "failing at a rate of " + share;
            }
        }

        /** The process ends with an error, so long after it was told, if it is still to then. */
        record Crash(Duration after) implements Fault {
            @Override
            public String toString() {
                return "crashing after " + after.toMillis() + " ms";
            }
        }
    }

    /** A fault in force, for its list. */
    record Shown(String name, Fault fault, Optional<Duration> left) {}

    private static final class Held {
        private final Fault fault;
        private Optional<Long> endNanos;
        private double debt;

        Held(Fault fault, Optional<Long> endNanos) {
            this.fault = fault;
            this.endNanos = endNanos;
        }
    }

    Chaos(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Begins a fault in place of the one of that name; the same one again goes on, with a new end.
     *
     * @return whether it has begun now
     */
    synchronized boolean begin(String name, Fault fault, Optional<Duration> lasts) {
        Optional<Long> end = lasts.map(time -> nanoTime.getAsLong() + time.toNanos());
        dropEnded();
        Held before = held.get(name);
        if (before != null && before.fault.equals(fault)) {
            before.endNanos = end;
            return false;
        }
        held.put(name, new Held(fault, end));
        return true;
    }

    /** Whether there was one of that name. */
    synchronized boolean end(String name) {
        dropEnded();
        return held.remove(name) != null;
    }

    synchronized List<Shown> faults() {
        dropEnded();
        return held.entrySet().stream()
                .map(each -> new Shown(
                        each.getKey(),
                        each.getValue().fault,
                        each.getValue().endNanos.map(end -> Duration.ofNanos(end - nanoTime.getAsLong()))))
                .toList();
    }

    private void dropEnded() {
        if (!held.isEmpty()) {
            long now = nanoTime.getAsLong();
            held.values().removeIf(each -> each.endNanos.isPresent() && each.endNanos.get() - now <= 0);
        }
    }

    /** Whether this very fault is in force under that name. */
    synchronized boolean holds(String name, Fault fault) {
        dropEnded();
        Held found = held.get(name);
        return found != null && found.fault.equals(fault);
    }

    synchronized boolean unhealthy() {
        dropEnded();
        return held.values().stream().anyMatch(each -> each.fault instanceof Fault.Unhealthy);
    }

    synchronized Duration delay() {
        dropEnded();
        Duration delay = Duration.ZERO;
        for (Held each : held.values()) {
            if (each.fault instanceof Fault.Slow(Duration more)) {
                delay = delay.plus(more);
            }
        }
        return delay;
    }

    /** Whether the next request fails. */
    synchronized boolean nextFails() {
        dropEnded();
        boolean fails = false;
        for (Held each : held.values()) {
            if (each.fault instanceof Fault.Errors(double share)) {
                each.debt += share;
                if (each.debt >= 1 - 1e-9) {
                    each.debt -= 1;
                    fails = true;
                }
            }
        }
        return fails;
    }
}
