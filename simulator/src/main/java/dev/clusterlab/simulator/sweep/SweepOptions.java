package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.core.SimRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What a run draws from its seed before it begins. Some kinds of faults do not happen at all in a run, so that the others
 * are seen alone.
 *
 * @param replicas of the hello service at first
 * @param faults how many are begun
 * @param pauseSecondsMax between the beginnings of two faults, at most
 * @param durationSecondsMin how long a fault lasts at least
 * @param durationSecondsMax and at most
 * @param requestMillis between two requests of the client
 * @param weights how often each kind is chosen, in relation to the others
 */
public record SweepOptions(
        int replicas,
        int faults,
        int pauseSecondsMax,
        int durationSecondsMin,
        int durationSecondsMax,
        int requestMillis,
        Map<SweepFault, Integer> weights) {

    static SweepOptions draw(SimRandom random) {
        var weights = new EnumMap<SweepFault, Integer>(SweepFault.class);
        for (SweepFault kind : SweepFault.values()) {
            int weight = random.chance(0.3) ? 0 : 1 + random.nextInt(5);
            if (weight > 0) {
                weights.put(kind, weight);
            }
        }
        if (weights.isEmpty()) {
            weights.put(SweepFault.MACHINE_KILL, 1);
        }
        int durationMin = 1 + random.nextInt(10);
        return new SweepOptions(
                2 + random.nextInt(5),
                8 + random.nextInt(33),
                2 + random.nextInt(8),
                durationMin,
                durationMin + 1 + random.nextInt(30),
                400 + random.nextInt(1200),
                weights);
    }

    SweepFault choose(SimRandom random) {
        int all = weights.values().stream().mapToInt(Integer::intValue).sum();
        int drawn = random.nextInt(all);
        for (Map.Entry<SweepFault, Integer> each : weights.entrySet()) {
            drawn -= each.getValue();
            if (drawn < 0) {
                return each.getKey();
            }
        }
        throw new IllegalStateException("weights do not add up: " + weights);
    }

    Duration duration(SimRandom random) {
        return random.between(Duration.ofSeconds(durationSecondsMin), Duration.ofSeconds(durationSecondsMax));
    }

    /** One line for people. */
    @Override
    public String toString() {
        var kinds = new StringJoiner(" ");
        weights.forEach((kind, weight) -> kinds.add(kind.text() + "=" + weight));
        return String.format(
                Locale.ROOT,
                "%d replicas, %d faults of %d to %d s, one within %d s, a request each %d ms; weights %s",
                replicas,
                faults,
                durationSecondsMin,
                durationSecondsMax,
                pauseSecondsMax,
                requestMillis,
                kinds);
    }
}
