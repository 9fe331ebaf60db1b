package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.SimRandom;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How well it went with each manager, by its address, and the choice of the next one (swarmkit remotes/remotes.go): one
 * that failed is hardly asked while another is known that did not.
 */
final class Remotes {
    /** Weight of one good or bad experience. */
    private static final int OBSERVATION = 10;
    /** Keeps a choice among managers that have all failed. */
    private static final double BIAS = 0.001;

    private final Map<String, Integer> weights = new LinkedHashMap<>();

    /** The managers reported all managers there are. */
    void listed(Collection<String> addresses) {
        weights.keySet().retainAll(addresses);
        addresses.forEach(address -> observe(address, OBSERVATION));
    }

    void bad(String address) {
        observe(address, -OBSERVATION);
    }

    private void observe(String address, int observation) {
        weights.put(address, smoothed(weights.getOrDefault(address, 0), observation));
    }

    private static int smoothed(int old, int observation) {
        return (int) Math.ceil((old + observation) / 2.0);
    }

    /** One of these by chance, as likely as its weight is high; null where none has a machine. */
    @Nullable
    SimMachine pick(Collection<String> addresses, Function<String, @Nullable SimMachine> machines, SimRandom dice) {
        var candidates = new LinkedHashMap<String, SimMachine>();
        double total = 0;
        for (String address : addresses) {
            SimMachine machine = machines.apply(address);
            if (machine != null) {
                candidates.put(address, machine);
                total += weight(address);
            }
        }
        double chosen = dice.nextDouble() * total;
        SimMachine last = null;
        for (Map.Entry<String, SimMachine> candidate : candidates.entrySet()) {
            last = candidate.getValue();
            chosen -= weight(candidate.getKey());
            if (chosen < 0) {
                return last;
            }
        }
        return last;
    }

    private double weight(String address) {
        return Math.max(0, weights.computeIfAbsent(address, key -> smoothed(0, OBSERVATION))) + BIAS;
    }
}
