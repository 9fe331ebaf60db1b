package dev.clusterlab.simulator.swarm;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What was taken from a machine on purpose, each by an owner who gives it back. It outlives the machine's being switched off. Used on
 * the simulation's thread only.
 */
public final class MachineTroubles {
    /** In which a share of the processor is given out, as the kernel's limit of a control group does by default. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private final SimMachine machine;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Double> busy = new LinkedHashMap<>();
    private final Set<String> full = new LinkedHashSet<>();
    private final Map<String, Duration> clocks = new LinkedHashMap<>();
    /** Whether the machine stands still in each period for a while. */
    private boolean throttled;

    MachineTroubles(SimMachine machine) {
        this.machine = machine;
    }

    /** Its containers are not told the addresses of a name, in small letters. */
    public void nameNotFound(String owner, String name) {
        names.put(owner, name);
    }

    /** A share of its processor's time is taken; of several each takes its share of what the others leave. */
    public void processorBusy(String owner, double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("a share is above 0 and below 1, not " + share);
        }
        busy.put(owner, share);
        if (!throttled) {
            throttled = true;
            period();
        }
    }

    /** Nothing more can be written to its disk. */
    public void diskFull(String owner) {
        full.add(owner);
    }

    /** Its clock is ahead by so much, or behind if that is negative; of several the sum. */
    public void clockOff(String owner, Duration by) {
        clocks.put(owner, by);
        machine.changed();
    }

    /** Gives back what an owner has taken; without effect if that is nothing. */
    public void end(String owner) {
        names.remove(owner);
        busy.remove(owner);
        full.remove(owner);
        if (clocks.remove(owner) != null) {
            machine.changed();
        }
    }

    /** Whether an owner has taken something and not given it back. */
    public boolean held(String owner) {
        return names.containsKey(owner) || busy.containsKey(owner) || full.contains(owner) || clocks.containsKey(owner);
    }

    boolean found(String name) {
        return !names.containsValue(name);
    }

    boolean diskFull() {
        return !full.isEmpty();
    }

    Duration clockOff() {
        return clocks.values().stream().reduce(Duration.ZERO, Duration::plus);
    }

    /** Those who take the processor are never idle: they have used up all of the period before the others have their turn. */
    private void period() {
        double left = 1;
        for (double share : busy.values()) {
            left *= 1 - share;
        }
        if (busy.isEmpty() || machine.power() == PowerState.REMOVED) {
            throttled = false;
            return;
        }
        Duration still = Duration.ofNanos(Math.round(PERIOD.toNanos() * (1 - left)));
        machine.standStill(true);
        machine.world().simulation().schedule(still, () -> {
            machine.standStill(false);
            machine.world().simulation().schedule(PERIOD.minus(still), this::period);
        });
    }
}
