package dev.clusterlab.simulator.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.clusterlab.simulator.seeds.Percentiles;
import dev.clusterlab.simulator.seeds.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a group is without leader after a crash: the bands of real SwarmKit and Consul groups. */
class RaftElectionTimesTest {
    private static final int LEAST_SAMPLES = 400;

    @Test
    void swarmKitManagersReplaceACrashedLeaderInTheMeasuredBand() {
        Percentiles firstCandidate = sample(RaftSettings.swarmKit(), true);
        assertTrue(firstCandidate.at(0) >= 8 && firstCandidate.at(100) <= 19, "first candidate: " + firstCandidate);
        Percentiles leader = sample(RaftSettings.swarmKit(), false);
        System.out.println("SwarmKit, 3 managers, first candidate: " + firstCandidate);
        System.out.println("SwarmKit, 3 managers, leader crash to new leader: " + leader);
        assertTrue(leader.at(50) >= 10.5 && leader.at(50) <= 14, "median: " + leader);
        assertTrue(leader.at(95) >= 17 && leader.at(95) <= 27, "p95: " + leader);
    }

    @Test
    void consulServersReplaceACrashedLeaderInTheMeasuredBand() {
        Percentiles leader = sample(RaftSettings.consul(), false);
        System.out.println("Consul, 3 servers, leader crash to new leader: " + leader);
        assertTrue(leader.at(0) >= 4, "least: " + leader);
        assertTrue(leader.at(50) >= 11.2 && leader.at(50) <= 18.5, "median: " + leader);
    }

    @Test
    void preVotesSpareConsulServersTheSplitVote() {
        Percentiles leader = sample(RaftSettings.consul().withPreVotes(), false);
        System.out.println("the same with pre-votes: " + leader);
        assertTrue(leader.at(0) >= 4, "least: " + leader);
        assertTrue(leader.at(50) >= 8.8 && leader.at(50) <= 10.8, "median: " + leader);
        assertTrue(leader.at(95) >= 11.5 && leader.at(95) <= 15, "p95: " + leader);
    }

    private static Percentiles sample(RaftSettings settings, boolean candidate) {
        return Percentiles.of(Seeds.atLeast(LEAST_SAMPLES)
                .mapToDouble(seed -> seconds(settings, seed, candidate))
                .toArray());
    }

    private static double seconds(RaftSettings settings, long seed, boolean candidate) {
        var cluster = new RaftCluster(settings, seed, 3);
        cluster.awaitLeader();
        // Long enough to forget how the first election went.
        cluster.runFor(
                Duration.ofSeconds(60).plus(cluster.random("crash").between(Duration.ZERO, Duration.ofSeconds(10))));
        RaftCluster.Server old = cluster.leader();
        old.kill();
        long crashNanos = cluster.simulation().nowNanos();
        if (candidate) {
            assertTrue(cluster.runUntil(
                    () -> cluster.servers().values().stream()
                            .anyMatch(server ->
                                    server.running() && server.member().role() != Raft.Role.FOLLOWER),
                    Duration.ofMinutes(2)));
        } else {
            cluster.awaitOtherLeader(old.id());
        }
        return (cluster.simulation().nowNanos() - crashNanos) / 1e9;
    }
}
