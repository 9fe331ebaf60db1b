package dev.clusterlab.simulator.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.clusterlab.simulator.seeds.Percentiles;
import dev.clusterlab.simulator.seeds.Seeds;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How soon a crash is noticed: the bands of real Consul groups. */
class SwimDetectionTimesTest {
    private static final int LEAST_SAMPLES = 200;

    @ParameterizedTest(name = "{0} members")
    @ValueSource(ints = {2, 3})
    void smallGroupSeesACrashedMemberAsFailedWithinFiveToSevenSeconds(int members) {
        Percentiles seconds = sample(members);
        System.out.println("SWIM, " + members + " members, crash to failed: " + seconds);
        assertTrue(seconds.at(0) >= 4.4 && seconds.at(95) <= 7, seconds.toString());
        // Probed first in one round and last in the next, a member goes unprobed for three seconds.
        assertTrue(seconds.at(100) <= 8.3, seconds.toString());
    }

    @ParameterizedTest(name = "{0} members")
    @ValueSource(ints = {4, 5, 10})
    void largerGroupUsuallySeesACrashedMemberAsFailedWithinFiveToTenSeconds(int members) {
        Percentiles seconds = sample(members);
        System.out.println("SWIM, " + members + " members, crash to failed: " + seconds);
        assertTrue(seconds.at(0) >= 4.4 && seconds.at(100) <= 27, seconds.toString());
        assertTrue(seconds.shareWithin(4.4, 10.5) >= 0.6, seconds.toString());
    }

    private static Percentiles sample(int members) {
        return Percentiles.of(Seeds.atLeast(LEAST_SAMPLES)
                .mapToDouble(seed -> {
                    var cluster = new SwimCluster(SwimSettings.lan(), seed, members);
                    cluster.runFor(Duration.ofSeconds(10)
                            .plus(cluster.random("crash").between(Duration.ZERO, Duration.ofSeconds(10))));
                    cluster.awaitConverged(Duration.ofSeconds(10));
                    cluster.peer("m01").kill();
                    return cluster.secondsUntilAllSeeFailed("m01", Duration.ofSeconds(60));
                })
                .toArray());
    }
}
