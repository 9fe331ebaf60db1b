package dev.clusterlab.simulator.protocol;

import java.util.stream.LongStream;

/** Which seeds a sweep runs: {@code clusterlab.test.seeds} of them, or {@code clusterlab.test.seed} alone. */
final class Seeds {
    private Seeds() {}

    static LongStream sweep() {
        Long only = Long.getLong("clusterlab.test.seed");
        return only != null ? LongStream.of(only) : LongStream.range(0, Long.getLong("clusterlab.test.seeds", 1000));
    }

    /** At least {@code least} seeds, for distributions. */
    static LongStream atLeast(long least) {
        return LongStream.range(0, Math.max(least, Long.getLong("clusterlab.test.seeds", 1000) / 4));
    }

    static String replay(Class<?> test, long seed) {
        return "seed " + seed + "; replay: ./mvnw -pl simulator -am test -Dtest=" + test.getSimpleName()
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest.args=-Dclusterlab.test.seed=" + seed;
    }
}
