package dev.clusterlab.fuzz;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Rounds of a fuzz test, one after another, each with a seed of its own: for {@code clusterlab.fuzz.seconds} of wall-clock
 * time (3 by default, with the same seeds each time; more begins anywhere), or the one round of
 * {@code clusterlab.fuzz.seed}. A round that fails says its seed.
 */
public final class Fuzz {
    private static final long USUAL_SECONDS = 3;
    /** So that a fast computer does not look where a slow one has not been. */
    private static final long USUAL_ROUNDS = 1_000;

    private Fuzz() {}

    /** One round; everything by chance comes from {@code random}. */
    @FunctionalInterface
    public interface Round {
        void run(RandomGenerator random) throws Exception;
    }

    public static void run(Class<?> test, Round round) {
        Long only = Long.getLong("clusterlab.fuzz.seed");
        if (only != null) {
            once(test, only, round);
            return;
        }
        long seconds = Long.getLong("clusterlab.fuzz.seconds", USUAL_SECONDS);
        long seed = seconds > USUAL_SECONDS ? System.nanoTime() >>> 10 : 0;
        long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        do {
            once(test, seed++, round);
        } while (System.nanoTime() < until && (seconds > USUAL_SECONDS || seed < USUAL_ROUNDS));
    }

    private static void once(Class<?> test, long seed, Round round) {
        try {
            round.run(new SplittableRandom(seed));
        } catch (Exception | Error e) {
            throw new AssertionError(
                    "fuzz seed " + seed + "; replay: -Dtest=" + test.getSimpleName()
                            + " -Dtest.args=-Dclusterlab.fuzz.seed=" + seed,
                    e);
        }
    }
}
