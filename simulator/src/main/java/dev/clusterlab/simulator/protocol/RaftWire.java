package dev.clusterlab.simulator.protocol;

import java.util.List;

/** The messages between members of a Raft group. The sender's identifier travels beside them. */
final class RaftWire {
    private RaftWire() {}

    sealed interface Message extends Raft.RaftMessage {
        long term();
    }

    /** Section 5.2 of the paper; {@code preVote}: section 9.6 of the thesis; {@code transfer}: section 3.10. */
    record VoteRequest(long term, long lastIndex, long lastTerm, boolean preVote, boolean transfer)
            implements Message {}

    record VoteResponse(long term, boolean granted, boolean preVote) implements Message {}

    /** Section 5.3. */
    record Append(long term, long previousIndex, long previousTerm, List<RaftStorage.Entry> entries, long commitIndex)
            implements Message {}

    /**
     * @param index if accepted: last index known to be the same as the leader's; else the index to try next
     * @param rejectedIndex if not accepted: the previous index that did not match
     */
    record AppendResponse(long term, boolean accepted, long index, long rejectedIndex) implements Message {}

    /**
     * @param sentIndex last index sent to this member before; comes back in the answer, so that the leader sees what was
     *     lost (messages keep their order)
     */
    record Heartbeat(long term, long commitIndex, long sentIndex, boolean answer) implements Message {}

    record HeartbeatResponse(long term, long sentIndex) implements Message {}

    /** Section 7. */
    record InstallSnapshot(long term, RaftStorage.Snapshot snapshot) implements Message {}

    /** Stand for election now: section 3.10 of the thesis. */
    record TimeoutNow(long term) implements Message {}

    /** The receiver is no member any more since the configuration at this index. */
    record Removed(long term, long configurationIndex) implements Message {}
}
