package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.core.SimRandom;
import java.time.Duration;

/** Pauses between attempts of a provider: 0.5 s, growing by half, at most 60 s, each spread by a half to both sides. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final SimRandom random;
    private Duration next = FIRST;

    Backoff(SimRandom random) {
        this.random = random;
    }

    Duration pause() {
        Duration pause = random.between(next.dividedBy(2), next.multipliedBy(3).dividedBy(2));
        Duration grown = next.multipliedBy(3).dividedBy(2);
        next = grown.compareTo(LONGEST) > 0 ? LONGEST : grown;
        return pause;
    }

    void reset() {
        next = FIRST;
    }
}
