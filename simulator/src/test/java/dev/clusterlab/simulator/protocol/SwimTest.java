package dev.clusterlab.simulator.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.clusterlab.simulator.core.Underlay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a gossip group can do. */
class SwimTest {
    private static SwimCluster cluster(int members) {
        var cluster = new SwimCluster(SwimSettings.lan(), members, members);
        cluster.awaitConverged(Duration.ofSeconds(5));
        return cluster;
    }

    @Test
    void newsOfAJoinReachesAllWithinTwoSeconds() {
        SwimCluster cluster = cluster(20);
        cluster.add("late");
        assertTrue(cluster.runUntil(() -> cluster.allSee("late", SwimMember.Status.ALIVE), Duration.ofSeconds(2)));
    }

    @Test
    void joinTellsHowManyAnswered() {
        SwimCluster cluster = cluster(3);
        var reached = new int[] {-1};
        cluster.peer("m01").member().join(List.of("@m02", "@m03", "@nobody", "@m01"), count -> reached[0] = count);
        cluster.runFor(Duration.ofSeconds(11));
        assertEquals(3, reached[0]);
    }

    @Test
    void leavingMemberIsSeenAsLeftAndNotAsFailed() {
        SwimCluster cluster = cluster(5);
        cluster.peer("m03").leave();
        assertTrue(cluster.runUntil(() -> cluster.allSee("m03", SwimMember.Status.LEFT), Duration.ofSeconds(5)));
        cluster.runFor(Duration.ofMinutes(2));
        assertTrue(cluster.allSee("m03", SwimMember.Status.LEFT));
        assertFalse(cluster.peer("m01").events().contains("failed m03"));
    }

    @Test
    void leavingTakesAtLeastThePropagationDelay() {
        SwimCluster cluster = cluster(3);
        SwimCluster.Peer leaver = cluster.peer("m02");
        leaver.leave();
        cluster.runFor(Duration.ofMillis(2900));
        assertTrue(leaver.running());
        assertTrue(cluster.runUntil(() -> !leaver.running(), Duration.ofSeconds(12)));
    }

    @Test
    void restartedMemberIsAliveAgainWithinSecondsAndWithHigherIncarnation() {
        SwimCluster cluster = cluster(5);
        cluster.peer("m02").kill();
        cluster.secondsUntilAllSeeFailed("m02", Duration.ofSeconds(30));
        cluster.peer("m02").start();
        cluster.awaitConverged(Duration.ofSeconds(3));
        assertTrue(cluster.peer("m01").member().member("m02").incarnation() > 1);
    }

    @Test
    void pausedMemberFailsAndRefutesWhenItComesBack() {
        SwimCluster cluster = cluster(5);
        cluster.peer("m04").pause();
        cluster.runFor(Duration.ofSeconds(25));
        assertTrue(cluster.allSee("m04", SwimMember.Status.FAILED));
        cluster.peer("m04").resume();
        cluster.awaitConverged(Duration.ofMinutes(5));
    }

    @Test
    void splitGroupFindsTogetherAfterHealing() {
        SwimCluster cluster = cluster(6);
        cluster.separate(Set.of("m01", "m02"));
        cluster.runFor(Duration.ofMinutes(2));
        assertEquals(
                SwimMember.Status.FAILED,
                cluster.peer("m05").member().member("m01").status());
        assertEquals(
                SwimMember.Status.FAILED,
                cluster.peer("m01").member().member("m05").status());
        cluster.underlay().healAll();
        cluster.awaitConverged(Duration.ofMinutes(5));
    }

    @Test
    void oneWayCutDoesNotFailAMemberThatOthersStillReach() {
        SwimCluster cluster = cluster(6);
        cluster.underlay().cut("test", List.of(new Underlay.Link("m01", "m02")));
        cluster.runFor(Duration.ofMinutes(5));
        assertNull(cluster.whyNotConverged());
    }

    @Test
    void nameOfAMemberThatIsAliveIsNotGivenAway() {
        SwimCluster cluster = cluster(3);
        SwimMember.Member before = cluster.peer("m01").member().member("m02");
        cluster.peer("m01")
                .member()
                .receive(
                        "@thief",
                        new SwimMessage.Gossip(List.of(new SwimMessage.Alive("m02", 99, "@thief", Map.of()))));
        assertEquals(before, cluster.peer("m01").member().member("m02"));
        assertTrue(cluster.peer("m01").events().contains("conflict m02 @thief"));
    }

    @Test
    void failedNameCanBeTakenByAnotherAddressAfterHalfAMinute() {
        SwimCluster cluster = cluster(4);
        cluster.peer("m02").kill();
        double seconds = cluster.secondsUntilAllSeeFailed("m02", Duration.ofSeconds(30));
        assertTrue(seconds > 4);
        cluster.peer("m02").startAt("@elsewhere");
        cluster.runFor(Duration.ofSeconds(15));
        assertTrue(cluster.allSee("m02", SwimMember.Status.FAILED));
        assertTrue(cluster.runUntil(() -> cluster.allSee("m02", SwimMember.Status.ALIVE), Duration.ofMinutes(2)));
        assertEquals("@elsewhere", cluster.peer("m01").member().member("m02").address());
    }

    @Test
    void nameOfALeftMemberCanBeTakenAtOnce() {
        SwimCluster cluster = cluster(4);
        cluster.peer("m02").leave();
        assertTrue(cluster.runUntil(() -> !cluster.peer("m02").running(), Duration.ofSeconds(20)));
        cluster.peer("m02").startAt("@elsewhere");
        assertTrue(cluster.runUntil(() -> cluster.allSee("m02", SwimMember.Status.ALIVE), Duration.ofSeconds(3)));
    }

    @Test
    void failedMemberCanBeForcedToLeave() {
        SwimCluster cluster = cluster(5);
        cluster.peer("m05").kill();
        cluster.secondsUntilAllSeeFailed("m05", Duration.ofSeconds(30));
        cluster.peer("m01").member().forceLeave("m05", false);
        assertTrue(cluster.runUntil(() -> cluster.allSee("m05", SwimMember.Status.LEFT), Duration.ofSeconds(3)));
    }

    @Test
    void forcedToLeaveWhileAliveContradicts() {
        SwimCluster cluster = cluster(5);
        cluster.peer("m01").member().forceLeave("m05", false);
        cluster.runFor(Duration.ofSeconds(5));
        assertNull(cluster.whyNotConverged());
    }

    @Test
    void changedTagsReachAll() {
        SwimCluster cluster = cluster(5);
        cluster.peer("m01").member().updateTags(Map.of("role", "consul"));
        cluster.runFor(Duration.ofSeconds(2));
        for (SwimCluster.Peer peer : cluster.peers().values()) {
            assertEquals(Map.of("role", "consul"), peer.member().member("m01").tags());
        }
        assertTrue(cluster.peer("m03").events().contains("updated m01"));
    }

    @Test
    void longFailedAndLongLeftMembersAreForgotten() {
        SwimCluster cluster = cluster(4);
        cluster.peer("m03").kill();
        cluster.peer("m04").leave();
        cluster.runFor(Duration.ofHours(25));
        assertNull(cluster.peer("m01").member().member("m04"));
        assertEquals(
                SwimMember.Status.FAILED,
                cluster.peer("m01").member().member("m03").status());
        cluster.runFor(Duration.ofHours(48));
        assertNull(cluster.peer("m01").member().member("m03"));
        assertTrue(cluster.peer("m01").events().contains("reaped m03"));
    }

    @Test
    void idleGroupSendsNoGossip() {
        SwimCluster cluster = cluster(5);
        cluster.runFor(Duration.ofSeconds(60));
        long before = cluster.simulation().executedEvents();
        cluster.runFor(Duration.ofSeconds(600));
        double perMemberSecond = (cluster.simulation().executedEvents() - before) / 600.0 / 5;
        assertTrue(perMemberSecond < 3.3, perMemberSecond + " events per member and second");
    }

    @Test
    void memberAloneCostsNothing() {
        var cluster = new SwimCluster(SwimSettings.lan(), 1, 1);
        cluster.runFor(Duration.ofSeconds(60));
        long before = cluster.simulation().executedEvents();
        cluster.runFor(Duration.ofSeconds(600));
        assertEquals(before, cluster.simulation().executedEvents());
    }

    @Test
    void sameSeedGivesTheSameHistory() {
        assertEquals(history(), history());
    }

    private static String history() {
        SwimCluster cluster = cluster(7);
        cluster.peer("m02").kill();
        cluster.separate(Set.of("m03"));
        cluster.runFor(Duration.ofMinutes(2));
        return cluster.simulation().executedEvents() + " " + cluster.peer("m05").events() + " "
                + cluster.peer("m07").member().members();
    }
}
