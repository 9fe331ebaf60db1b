package dev.clusterlab.simulator.seeds;

import java.util.stream.LongStream;

/** Which seeds a sweep runs: {@code clusterlab.test.seeds} of them, or {@code clusterlab.test.seed} alone. */
public final class Seeds {
    private Seeds() {}

    public static LongStream sweep() {
        return sweepOneIn(1);
    }

    /** As {@link #sweep()} with one in {@code divisor} of the seeds, for histories that take long. */
    public static LongStream sweepOneIn(long divisor) {
        Long only = Long.getLong("clusterlab.test.seed");
        return only != null
                ? LongStream.of(only)
                : LongStream.range(0, Math.max(1, Long.getLong("clusterlab.test.seeds", 1000) / divisor));
    }

    /** At least {@code least} seeds, for distributions. */
    public static LongStream atLeast(long least) {
        return LongStream.range(0, Math.max(least, Long.getLong("clusterlab.test.seeds", 1000) / 4));
    }

    /** A tenth of the seeds, no fewer than {@code least} and no more than {@code most}, for slow distributions. */
    public static LongStream between(long least, long most) {
        return LongStream.range(0, Math.clamp(Long.getLong("clusterlab.test.seeds", 1000) / 10, least, most));
    }

    public static String replay(Class<?> test, long seed) {
        return "seed " + seed + "; replay: ./mvnw -pl simulator -am test -Dtest=" + test.getSimpleName()
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest.args=-Dclusterlab.test.seed=" + seed;
    }
}
