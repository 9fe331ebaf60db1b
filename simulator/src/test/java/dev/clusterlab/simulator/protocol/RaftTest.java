package dev.clusterlab.simulator.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a Raft group can do, on both profiles. */
class RaftTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @ParameterizedTest
    @EnumSource
    void canElectNewLeaderAfterOldLeaderPartitionedAway(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 1, 3);
        RaftCluster.Server old = cluster.awaitLeader();
        cluster.isolate(old.id());
        RaftCluster.Server next = cluster.awaitOtherLeader(old.id());
        assertTrue(next.member().term() > old.member().term());
        assertTrue(cluster.runUntil(() -> old.member().role() != Raft.Role.LEADER, Duration.ofSeconds(25)));
        cluster.healNetwork();
        assertConverges(cluster);
    }

    @ParameterizedTest
    @EnumSource
    void commitsWithinMillisecondsAndFollowersApplyWithinMilliseconds(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 2, 5);
        cluster.awaitLeader();
        cluster.runFor(Duration.ofSeconds(3));
        long beginNanos = cluster.simulation().nowNanos();
        assertInstanceOf(Raft.Outcome.Applied.class, cluster.commit("one"));
        assertTrue(cluster.simulation().nowNanos() - beginNanos < 2_000_000);
        cluster.runFor(Duration.ofMillis(3));
        cluster.servers()
                .values()
                .forEach(server -> assertEquals(1, server.machine().commands(), server.toString()));
    }

    @ParameterizedTest
    @EnumSource
    void doesNotCommitWithoutMajorityAndTellsTheProposerWhenLeadershipIsLost(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 3, 3);
        RaftCluster.Server old = cluster.awaitLeader();
        cluster.runFor(Duration.ofSeconds(1));
        cluster.isolate(old.id());
        var outcome = new Raft.Outcome[1];
        old.member().propose("lost", result -> outcome[0] = result);
        assertTrue(cluster.runUntil(() -> outcome[0] != null, Duration.ofSeconds(25)));
        assertEquals(new Raft.Outcome.Rejected(Raft.Reason.LOST_LEADERSHIP), outcome[0]);
        cluster.awaitOtherLeader(old.id());
        cluster.healNetwork();
        assertConverges(cluster);
        cluster.commit("kept");
        assertConverges(cluster);
        assertEquals(1, old.machine().commands());
    }

    @ParameterizedTest
    @EnumSource
    void hasNoLeaderWithoutMajorityAndHasOneAgainWithIt(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 4, 3);
        cluster.awaitLeader();
        cluster.server("m1").kill();
        cluster.server("m2").kill();
        cluster.runFor(Duration.ofSeconds(30));
        assertNull(cluster.leader());
        Raft.Status status = cluster.server("m3").member().status();
        assertNull(status.leaderId());
        assertTrue(status.leaderlessNanos() > Duration.ofSeconds(5).toNanos());
        cluster.server("m1").start();
        cluster.awaitLeader();
    }

    @ParameterizedTest
    @EnumSource
    void restartedMemberCatchesUpFromItsDiskAndTheLeader(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 5, 3);
        RaftCluster.Server leader = cluster.awaitLeader();
        RaftCluster.Server follower = follower(cluster, leader);
        cluster.commit("before");
        follower.kill();
        for (int i = 0; i < 50; i++) {
            cluster.commit("meanwhile " + i);
        }
        follower.start();
        assertConverges(cluster);
        assertEquals(51, follower.machine().commands());
    }

    @ParameterizedTest
    @EnumSource
    void memberFarBehindGetsASnapshot(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings().withSnapshots(10, 2), 6, 3);
        RaftCluster.Server leader = cluster.awaitLeader();
        RaftCluster.Server follower = follower(cluster, leader);
        follower.kill();
        for (int i = 0; i < 40; i++) {
            cluster.commit("meanwhile " + i);
        }
        assertTrue(leader.storage().firstIndex() > follower.storage().lastIndex() + 1);
        follower.start();
        assertConverges(cluster);
        assertEquals(40, follower.machine().commands());
    }

    @ParameterizedTest
    @EnumSource
    void newMemberLearnsFirstAndVotesLater(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 7, 1);
        RaftCluster.Server leader = cluster.awaitLeader();
        cluster.commit("before");
        RaftCluster.Server added = cluster.add("n1");
        await(cluster, done -> leader.member().addMember("n1", false, done));
        assertEquals(Map.of("m1", true, "n1", false), leader.member().status().members());
        assertConverges(cluster);
        assertEquals(1, added.machine().commands());
        await(cluster, done -> leader.member().addMember("n1", true, done));
        assertEquals(Map.of("m1", true, "n1", true), leader.member().status().members());
        leader.kill();
        cluster.runFor(Duration.ofSeconds(60));
        assertFalse(added.member().role() == Raft.Role.LEADER);
    }

    @ParameterizedTest
    @EnumSource
    void changesAskedForTogetherAreMadeOneAfterTheOther(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 8, 1);
        RaftCluster.Server leader = cluster.awaitLeader();
        cluster.add("n1");
        cluster.add("n2");
        leader.member().addMember("n1", true, outcome -> {});
        await(cluster, done -> leader.member().addMember("n2", true, done));
        assertEquals(
                Map.of("m1", true, "n1", true, "n2", true),
                leader.member().status().members());
        assertConverges(cluster);
    }

    @ParameterizedTest
    @EnumSource
    void leaderCanRemoveItself(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 9, 3);
        RaftCluster.Server old = cluster.awaitLeader();
        await(cluster, done -> old.member().removeMember(old.id(), done));
        RaftCluster.Server next = cluster.awaitOtherLeader(old.id());
        assertEquals(2, next.member().status().members().size());
        assertTrue(old.removed());
        assertFalse(old.member().role() == Raft.Role.LEADER);
    }

    @ParameterizedTest
    @EnumSource
    void memberRemovedWhileItWasAwayDoesNotDisturbTheGroup(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 10, 3);
        RaftCluster.Server leader = cluster.awaitLeader();
        RaftCluster.Server gone = follower(cluster, leader);
        gone.kill();
        await(cluster, done -> leader.member().removeMember(gone.id(), done));
        long term = leader.member().term();
        gone.start();
        cluster.runFor(LONG);
        assertEquals(term, leader.member().term());
        assertTrue(gone.removed());
        assertConverges(cluster);
    }

    @ParameterizedTest
    @EnumSource
    void canHandOverLeadershipWithinMilliseconds(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 11, 3);
        RaftCluster.Server old = cluster.awaitLeader();
        cluster.runFor(Duration.ofSeconds(20));
        var outcome = new Raft.Outcome[1];
        old.member().transferLeadership(null, result -> outcome[0] = result);
        assertTrue(cluster.runUntil(() -> outcome[0] != null, Duration.ofMillis(20)));
        assertInstanceOf(Raft.Outcome.Applied.class, outcome[0]);
        assertFalse(cluster.awaitLeader().id().equals(old.id()));
    }

    @ParameterizedTest
    @EnumSource
    void pausedLeaderComesBackAsFollower(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 12, 3);
        RaftCluster.Server old = cluster.awaitLeader();
        old.pause();
        RaftCluster.Server next = cluster.awaitOtherLeader(old.id());
        cluster.commit("meanwhile");
        old.resume();
        assertConverges(cluster);
        assertEquals(next.id(), cluster.leader().id());
    }

    @ParameterizedTest
    @EnumSource
    void pausedFollowerDoesNotDisturbOnReturn(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 13, 3);
        RaftCluster.Server leader = cluster.awaitLeader();
        long term = leader.member().term();
        RaftCluster.Server follower = follower(cluster, leader);
        follower.pause();
        cluster.runFor(Duration.ofSeconds(60));
        follower.resume();
        cluster.runFor(Duration.ofSeconds(60));
        assertEquals(term, leader.member().term());
        assertConverges(cluster);
    }

    @Test
    void followerThatWasCutOffKeepsItsTermThanksToPreVotes() {
        var cluster = new RaftCluster(RaftSettings.consul().withPreVotes(), 14, 3);
        RaftCluster.Server leader = cluster.awaitLeader();
        long term = leader.member().term();
        RaftCluster.Server follower = follower(cluster, leader);
        cluster.isolate(follower.id());
        cluster.runFor(LONG);
        assertEquals(term, follower.member().term());
        cluster.healNetwork();
        assertConverges(cluster);
        assertEquals(term, leader.member().term());
    }

    /** Consul before 1.21 has no pre-votes: the term it comes back with ends the leader's. */
    @Test
    void consulFollowerThatWasCutOffComesBackWithALaterTerm() {
        var cluster = new RaftCluster(RaftSettings.consul(), 14, 3);
        RaftCluster.Server leader = cluster.awaitLeader();
        long term = leader.member().term();
        RaftCluster.Server follower = follower(cluster, leader);
        cluster.isolate(follower.id());
        cluster.runFor(LONG);
        assertTrue(follower.member().term() > term + 1);
        assertEquals(term, leader.member().term());
        cluster.healNetwork();
        cluster.runFor(LONG);
        assertTrue(cluster.awaitLeader().member().term() >= follower.member().term());
        assertConverges(cluster);
    }

    @Test
    void swarmKitManagerAloneLeadsAtOnceAndAgainAfterRestart() {
        var cluster = new RaftCluster(RaftSettings.swarmKit(), 15, 1);
        assertTrue(cluster.runUntil(() -> cluster.server("m1").announced(), Duration.ofMillis(1)));
        cluster.commit("kept");
        cluster.server("m1").kill();
        cluster.server("m1").start();
        assertTrue(cluster.runUntil(() -> cluster.server("m1").announced(), Duration.ofMillis(1)));
        assertEquals(1, cluster.server("m1").machine().commands());
    }

    @ParameterizedTest
    @EnumSource
    void survivorOfALostMajorityCanFoundTheGroupAnew(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 16, 3);
        cluster.awaitLeader();
        cluster.commit("kept");
        cluster.server("m1").kill();
        cluster.server("m2").kill();
        RaftCluster.Server survivor = cluster.server("m3");
        survivor.kill();
        survivor.storage().forceNewGroup(Map.of("m3", true));
        survivor.start();
        assertEquals("m3", cluster.awaitLeader().id());
        assertConverges(cluster);
        assertEquals(1, survivor.machine().commands());
    }

    @ParameterizedTest
    @EnumSource
    void idleGroupCostsFewEvents(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 17, 3);
        cluster.awaitLeader();
        long before = cluster.simulation().executedEvents();
        cluster.runFor(Duration.ofSeconds(1000));
        long perSecond = (cluster.simulation().executedEvents() - before) / 1000;
        assertTrue(perSecond <= 8, perSecond + " events per second");
    }

    @ParameterizedTest
    @EnumSource
    void sameSeedGivesTheSameHistory(RaftProfile profile) {
        assertEquals(history(profile), history(profile));
    }

    private static String history(RaftProfile profile) {
        var cluster = new RaftCluster(profile.settings(), 18, 5);
        cluster.awaitLeader().kill();
        cluster.runFor(Duration.ofSeconds(40));
        cluster.commit("command");
        return cluster.simulation().elapsed() + " " + cluster.simulation().executedEvents() + " "
                + cluster.servers().values();
    }

    private static RaftCluster.Server follower(RaftCluster cluster, RaftCluster.Server leader) {
        return cluster.servers().values().stream()
                .filter(server -> server != leader)
                .findFirst()
                .orElseThrow();
    }

    private static void await(
            RaftCluster cluster, java.util.function.Consumer<java.util.function.Consumer<Raft.Outcome>> call) {
        var outcome = new Raft.Outcome[1];
        call.accept(result -> outcome[0] = result);
        assertTrue(cluster.runUntil(() -> outcome[0] != null, LONG));
        assertInstanceOf(Raft.Outcome.Applied.class, outcome[0]);
    }

    private static void assertConverges(RaftCluster cluster) {
        assertTrue(cluster.runUntil(() -> cluster.whyNotConverged() == null, LONG), cluster::whyNotConverged);
    }
}
