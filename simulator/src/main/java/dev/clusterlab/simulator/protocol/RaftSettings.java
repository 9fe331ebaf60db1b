package dev.clusterlab.simulator.protocol;

import java.time.Duration;

/**
 * How a Raft group keeps time and how much log it keeps.
 *
 * @param timing elections and heartbeats
 * @param quickSingleMember whether a group of one voter elects itself at once, without waiting for the election timeout
 * @param rememberCommitIndex whether a restarted member applies what it knew to be committed before it hears a leader
 * @param voteOnlyForMembers whether a candidate missing in the voter's own configuration is refused
 * @param followsAnotherHistory whether a member whose committed entries are not the leader's drops them and follows, as
 *     hashicorp's library does (raft.go, appendEntries and installSnapshot): the leader belongs to another group, founded
 *     by a server that lost its disk. What was applied of them stays applied until the member restarts. Else it is an
 *     error that nothing survives, as in etcd's library
 * @param snapshotThreshold applied entries since the last snapshot that trigger the next one
 * @param trailingEntries entries kept behind a snapshot for slow followers
 * @param maxEntriesPerMessage most entries in one append message
 */
public record RaftSettings(
        Timing timing,
        boolean quickSingleMember,
        boolean rememberCommitIndex,
        boolean voteOnlyForMembers,
        boolean followsAnotherHistory,
        int snapshotThreshold,
        int trailingEntries,
        int maxEntriesPerMessage) {

    /** How elections and heartbeats are timed. */
    public sealed interface Timing {}

    /**
     * Everything is counted in ticks, as in etcd's library: a follower stands for election after a random number of
     * ticks in {@code [electionTicks, 2 × electionTicks)} without a leader; a leader that did not hear from a majority
     * within {@code electionTicks} steps down; who heard a leader within {@code electionTicks} ignores vote requests.
     */
    public record Ticks(Duration tick, int heartbeatTicks, int electionTicks) implements Timing {}

    /**
     * Free-running timers, as in hashicorp's library: at each expiry of a timer of {@code [1, 2) × heartbeatTimeout} a
     * follower whose last contact is at least {@code heartbeatTimeout} old becomes a candidate; who knows a leader
     * refuses its vote, so that a candidate of a group of three waits until the other one has missed the leader too; a
     * leader out of touch with a majority for {@code leaderLease} steps down; heartbeats follow each other after
     * {@code [1, 2) × heartbeatTimeout / 10}.
     *
     * @param preVotes whether a candidate asks for pre-votes first, as the library does from version 1.7 on (Consul
     *     1.21). Without them the second candidate of a group of three mostly splits the vote with the first one, and
     *     one more round is needed.
     */
    public record FreeRunning(
            Duration heartbeatTimeout, Duration electionTimeout, Duration leaderLease, boolean preVotes)
            implements Timing {}

    /** SwarmKit's managers: tick 1 s, heartbeat 1 tick, election 10 ticks (manager/state/raft/raft.go). */
    public static RaftSettings swarmKit() {
        return new RaftSettings(new Ticks(Duration.ofSeconds(1), 1, 10), true, true, false, false, 10_000, 500, 512);
    }

    /** Consul's servers before 1.21 with the default {@code raft_multiplier} of 5. */
    public static RaftSettings consul() {
        return consul(5);
    }

    /** Consul's servers before 1.21: heartbeat and election 1 s, lease 500 ms, each times {@code raftMultiplier} (1 to 10). */
    public static RaftSettings consul(int raftMultiplier) {
        if (raftMultiplier < 1 || raftMultiplier > 10) {
            throw new IllegalArgumentException("raft_multiplier must be 1 to 10, not " + raftMultiplier);
        }
        return new RaftSettings(
                new FreeRunning(
                        Duration.ofSeconds(raftMultiplier),
                        Duration.ofSeconds(raftMultiplier),
                        Duration.ofMillis(500L * raftMultiplier),
                        false),
                false,
                false,
                true,
                true,
                16_384,
                10_240,
                512);
    }

    /** The same with pre-votes, where timers run free. */
    public RaftSettings withPreVotes() {
        Timing changed = switch (timing) {
            case Ticks ticks -> ticks;
            case FreeRunning(Duration heartbeat, Duration election, Duration lease, boolean ignored) ->
                new FreeRunning(heartbeat, election, lease, true);
        };
        return new RaftSettings(
                changed,
                quickSingleMember,
                rememberCommitIndex,
                voteOnlyForMembers,
                followsAnotherHistory,
                snapshotThreshold,
                trailingEntries,
                maxEntriesPerMessage);
    }

    /** The same with other limits of the log, for tests that want snapshots early. */
    public RaftSettings withSnapshots(int threshold, int trailing) {
        return new RaftSettings(
                timing,
                quickSingleMember,
                rememberCommitIndex,
                voteOnlyForMembers,
                followsAnotherHistory,
                threshold,
                trailing,
                maxEntriesPerMessage);
    }
}
