package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import java.time.Duration;

/**
 * When a member stands for election, beats, gives up leadership and listens to candidates. On the simulation's thread only; nothing
 * here blocks, and times are virtual.
 */
interface RaftTiming {
    static RaftTiming of(RaftSettings.Timing timing, RaftMember member, Scope scope, SimRandom random) {
        return switch (timing) {
            case RaftSettings.Ticks ticks -> new RaftTickTiming(ticks, member, scope, random);
            case RaftSettings.FreeRunning freeRunning -> new RaftFreeRunningTiming(freeRunning, member, scope, random);
        };
    }

    void start();

    void stop();

    void becameFollower();

    void becameCandidate();

    void becameLeader();

    /** A message of the current leader came. */
    void heardLeader();

    /** A message of the current term came from a follower. */
    void heardFollower(String memberId);

    void grantedVote();

    boolean asksForPreVotes();

    /** Whether a request for a vote or pre-vote gets no consideration; leadership transfers are not asked about. */
    Hearing hear(String candidateId, long candidateTerm);

    /** Whether a candidate refused by a majority becomes a follower at once. */
    boolean yieldsToRefusals();

    /** How long a leadership transfer may take. */
    Duration transferLimit();

    /** What happens to a vote request. */
    enum Hearing {
        CONSIDER,
        REFUSE,
        IGNORE
    }
}
