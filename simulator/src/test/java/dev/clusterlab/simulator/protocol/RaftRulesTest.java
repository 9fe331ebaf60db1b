package dev.clusterlab.simulator.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules that random faults hardly ever put to the test: one member, and the test plays the others. */
class RaftRulesTest {
    private final Simulation simulation = new Simulation(1, Instant.EPOCH);
    private final List<RaftWire.Message> sent = new ArrayList<>();
    private final RaftStorage storage = RaftStorage.bootstrap(threeVoters());

    private static Map<String, Boolean> threeVoters() {
        var members = new LinkedHashMap<String, Boolean>();
        members.put("me", true);
        members.put("left", true);
        members.put("right", true);
        return members;
    }

    private RaftMember start() {
        return start(RaftSettings.swarmKit());
    }

    private RaftMember start(RaftSettings settings) {
        var member = new RaftMember(
                "me",
                settings,
                storage,
                (to, message) -> sent.add((RaftWire.Message) message),
                new DigestMachine(),
                new Raft.Listener() {},
                Scope.root(simulation, "me"),
                new SimRandom(1));
        simulation.runFor(Duration.ofMillis(1));
        return member;
    }

    private RaftMember lead() {
        RaftMember member = start();
        simulation.runUntil(() -> member.role() == Raft.Role.CANDIDATE, Duration.ofSeconds(30));
        member.receive("left", new RaftWire.VoteResponse(member.term(), true, false));
        simulation.runFor(Duration.ofNanos(1));
        assertEquals(Raft.Role.LEADER, member.role());
        return member;
    }

    /** Figure 8 of the paper. */
    @Test
    void leaderDoesNotCommitAnEntryOfAnEarlierTermByCounting() {
        storage.saveTerm(2, null);
        storage.append(new RaftStorage.Entry(2, 2, "of an earlier leader"));
        RaftMember member = lead();
        member.receive("left", new RaftWire.AppendResponse(member.term(), true, 2, 0));
        assertEquals(0, member.commitIndex());
        member.receive("left", new RaftWire.AppendResponse(member.term(), true, 3, 0));
        assertEquals(3, member.commitIndex());
    }

    @Test
    void membersAreNotChangedBeforeAnEntryOfTheLeadersOwnTermIsCommitted() {
        RaftMember member = lead();
        member.addMember("new", true, outcome -> {});
        assertFalse(storage.members().containsKey("new"));
        member.receive("left", new RaftWire.AppendResponse(member.term(), true, 2, 0));
        assertTrue(storage.members().containsKey("new"));
    }

    @Test
    void votesOncePerTermAlsoAfterARestart() {
        RaftMember member = start();
        member.receive("left", new RaftWire.VoteRequest(5, 9, 4, false, false));
        member.receive("right", new RaftWire.VoteRequest(5, 9, 4, false, false));
        member.stop();
        RaftMember again = start();
        again.receive("right", new RaftWire.VoteRequest(5, 9, 4, false, false));
        again.receive("left", new RaftWire.VoteRequest(5, 9, 4, false, false));
        assertEquals(
                List.of(
                        new RaftWire.VoteResponse(5, true, false),
                        new RaftWire.VoteResponse(5, false, false),
                        new RaftWire.VoteResponse(5, false, false),
                        new RaftWire.VoteResponse(5, true, false)),
                sent);
    }

    @Test
    void whoHeardALeaderWithinTheElectionTimeoutIgnoresCandidates() {
        RaftMember member = start();
        member.receive("left", new RaftWire.Heartbeat(5, 0, 0, false));
        simulation.runFor(Duration.ofSeconds(8));
        member.receive("right", new RaftWire.VoteRequest(6, 9, 5, false, false));
        assertEquals(List.of(), sent);
        assertEquals(5, member.term());
        // A leadership transfer is no disturbance.
        member.receive("right", new RaftWire.VoteRequest(6, 9, 5, false, true));
        assertEquals(List.of(new RaftWire.VoteResponse(6, true, false)), sent);
    }

    @Test
    void conflictingEntriesGiveWayToTheLeaders() {
        storage.append(new RaftStorage.Entry(2, 1, "mine"));
        storage.append(new RaftStorage.Entry(3, 1, "mine too"));
        RaftMember member = start();
        member.receive("left", new RaftWire.Append(4, 1, 1, List.of(new RaftStorage.Entry(2, 4, "the leader's")), 0));
        assertEquals(2, storage.lastIndex());
        assertEquals("the leader's", storage.entry(2).payload());
    }

    /** hashicorp's library drops what conflicts and goes on; etcd's panics. */
    @Test
    void consulFollowsALeaderOfAnotherHistoryAndSwarmDoesNot() {
        var conflicting = new RaftWire.Append(
                9,
                1,
                1,
                List.of(
                        new RaftStorage.Entry(2, 8, "b2"),
                        new RaftStorage.Entry(3, 8, "b3"),
                        new RaftStorage.Entry(4, 9, "b4")),
                4);
        RaftMember consul = committedThree(RaftSettings.consul());
        sent.clear();
        consul.receive("right", conflicting);
        assertEquals(4, storage.lastIndex());
        assertEquals("b3", storage.entry(3).payload());
        assertEquals(4, consul.status().appliedIndex());
        assertTrue(sent.contains(new RaftWire.AppendResponse(9, true, 4, 0)));
    }

    @Test
    void swarmDropsNothingThatIsCommitted() {
        RaftMember swarm = committedThree(RaftSettings.swarmKit());
        assertThrows(
                IllegalStateException.class,
                () -> swarm.receive(
                        "right", new RaftWire.Append(9, 1, 1, List.of(new RaftStorage.Entry(2, 8, "b2")), 2)));
    }

    @Test
    void aLeaderOfAnotherGroupInTheSameTermIsFollowed() {
        storage.saveTerm(2, null);
        RaftMember member = start(RaftSettings.consul());
        simulation.runUntil(() -> member.role() == Raft.Role.CANDIDATE, Duration.ofSeconds(30));
        member.receive("left", new RaftWire.VoteResponse(member.term(), true, true));
        member.receive("left", new RaftWire.VoteResponse(member.term(), true, false));
        assertEquals(Raft.Role.LEADER, member.role());
        member.receive("right", new RaftWire.Heartbeat(member.term(), 0, 0, true));
        assertEquals(Raft.Role.FOLLOWER, member.role());
        assertEquals("right", member.status().leaderId());
    }

    @Test
    void aSnapshotOfAnotherHistoryReplacesWhatIsCommitted() {
        RaftMember member = committedThree(RaftSettings.consul());
        var snapshot = new RaftStorage.Snapshot(
                2, 8, new RaftStorage.Configuration(threeVoters(), java.util.Set.of()), new DigestMachine().snapshot());
        member.receive("right", new RaftWire.InstallSnapshot(9, snapshot));
        assertEquals(2, member.status().appliedIndex());
        member.receive("right", new RaftWire.Append(9, 2, 8, List.of(new RaftStorage.Entry(3, 9, "b3")), 3));
        assertEquals("b3", storage.entry(3).payload());
        assertEquals(3, member.status().appliedIndex());
    }

    private RaftMember committedThree(RaftSettings settings) {
        RaftMember member = start(settings);
        member.receive(
                "left",
                new RaftWire.Append(
                        2, 1, 1, List.of(new RaftStorage.Entry(2, 2, "a2"), new RaftStorage.Entry(3, 2, "a3")), 3));
        assertEquals(3, member.status().appliedIndex());
        return member;
    }
}
