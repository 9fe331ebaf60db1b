package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.protocol.RaftStorage.Configuration;
import dev.clusterlab.simulator.protocol.RaftStorage.Entry;
import dev.clusterlab.simulator.protocol.RaftStorage.Snapshot;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other members as their leader sees them: what each has stored, what it was sent, when it last answered.
 *
 * <p>Replication is optimistic: entries follow each other without waiting for answers. When one is refused or turns out
 * to be lost, the member's log is probed with one message at a time until the point is found from which it agrees.
 */
final class RaftFollowers {
    private final String leaderId;
    private final RaftSettings settings;
    private final RaftStorage storage;
    private final Raft.Transport transport;
    private final Scope scope;
    private final Map<String, Follower> followers = new LinkedHashMap<>();
    private long commitIndex;

    RaftFollowers(String leaderId, RaftSettings settings, RaftStorage storage, Raft.Transport transport, Scope scope) {
        this.leaderId = leaderId;
        this.settings = settings;
        this.storage = storage;
        this.transport = transport;
        this.scope = scope;
    }

    void clear() {
        followers.clear();
    }

    /** Follows the configuration; new members are tried with the entry at {@code nextIndexOfNew} first. */
    void follow(Configuration configuration, long nextIndexOfNew) {
        followers.keySet().retainAll(configuration.members().keySet());
        for (String member : configuration.members().keySet()) {
            if (!member.equals(leaderId)) {
                followers.computeIfAbsent(
                        member,
                        added -> new Follower(nextIndexOfNew, scope.simulation().nowNanos()));
            }
        }
    }

    // ---- queries

    Map<String, Long> contactAgesNanos() {
        long nowNanos = scope.simulation().nowNanos();
        var ages = new LinkedHashMap<String, Long>();
        followers.forEach((id, follower) -> ages.put(id, nowNanos - follower.lastContactNanos));
        return ages;
    }

    Map<String, Long> matchIndexes() {
        var matches = new LinkedHashMap<String, Long>();
        followers.forEach((id, follower) -> matches.put(id, follower.matchIndex));
        return matches;
    }

    boolean hasEverything(String id) {
        Follower follower = followers.get(id);
        return follower != null && follower.matchIndex == storage.lastIndex();
    }

    Set<String> heardWithin(long limitNanos) {
        long sinceNanos = scope.simulation().nowNanos() - limitNanos;
        var heard = new LinkedHashSet<String>();
        followers.forEach((id, follower) -> {
            if (follower.lastContactNanos >= sinceNanos) {
                heard.add(id);
            }
        });
        return heard;
    }

    /** The voter with the longest log; among equals the one that answered last. */
    @Nullable
    String bestSuccessor(Configuration configuration) {
        String best = null;
        Follower bestFollower = null;
        for (Map.Entry<String, Follower> entry : followers.entrySet()) {
            if (configuration.votes(entry.getKey())
                    && (bestFollower == null || entry.getValue().isAheadOf(bestFollower))) {
                best = entry.getKey();
                bestFollower = entry.getValue();
            }
        }
        return best;
    }

    /** The last index that a majority of the voters has stored. */
    long storedByQuorum(Configuration configuration) {
        long[] stored = new long[configuration.voters()];
        int count = 0;
        for (Map.Entry<String, Boolean> member : configuration.members().entrySet()) {
            if (member.getValue()) {
                Follower follower = followers.get(member.getKey());
                stored[count++] = member.getKey().equals(leaderId)
                        ? storage.lastIndex()
                        : follower == null ? 0 : follower.matchIndex;
            }
        }
        Arrays.sort(stored);
        return stored[stored.length - configuration.quorum()];
    }

    // ---- sending

    void sendHeartbeats() {
        followers.forEach((id, follower) -> heartbeat(id, follower, true));
    }

    private void heartbeat(String id, Follower follower, boolean answer) {
        follower.sentCommitIndex = Math.min(commitIndex, follower.matchIndex);
        transport.send(
                id, new RaftWire.Heartbeat(storage.term(), follower.sentCommitIndex, follower.nextIndex - 1, answer));
    }

    /** What is committed now; goes out with the next messages or {@link #sendCommitIndex()}. */
    void committed(long index) {
        commitIndex = index;
    }

    /** So that followers apply what is committed without waiting for the next heartbeat. */
    void sendCommitIndex() {
        followers.forEach(this::sendCommitIndex);
    }

    private void sendCommitIndex(String id, Follower follower) {
        if (Math.min(commitIndex, follower.matchIndex) > follower.sentCommitIndex) {
            heartbeat(id, follower, false);
        }
    }

    void replicate() {
        followers.forEach(this::replicate);
    }

    void replicate(String id) {
        Follower follower = followers.get(id);
        if (follower != null) {
            replicate(id, follower);
        }
    }

    private void replicate(String id, Follower follower) {
        while (follower.nextIndex <= storage.lastIndex() && !(follower.probing && follower.probeSent)) {
            Snapshot snapshot = storage.snapshot();
            if (follower.nextIndex < storage.firstIndex() && snapshot != null) {
                transport.send(id, new RaftWire.InstallSnapshot(storage.term(), snapshot));
                follower.nextIndex = snapshot.index() + 1;
                follower.probing = true;
                follower.probeSent = true;
                return;
            }
            long previous = follower.nextIndex - 1;
            List<Entry> entries = storage.entriesFrom(follower.nextIndex, settings.maxEntriesPerMessage());
            transport.send(
                    id, new RaftWire.Append(storage.term(), previous, storage.termAt(previous), entries, commitIndex));
            if (follower.probing) {
                follower.probeSent = true;
            } else {
                follower.nextIndex += entries.size();
                follower.sentCommitIndex = Math.min(commitIndex, previous + entries.size());
            }
        }
    }

    // ---- answers

    /** Notes that the member answered; false if it is none of the leader's. */
    boolean heard(String id) {
        Follower follower = followers.get(id);
        if (follower == null) {
            return false;
        }
        follower.lastContactNanos = scope.simulation().nowNanos();
        return true;
    }

    void accepted(String id, long index) {
        Follower follower = followers.get(id);
        if (follower != null) {
            follower.matchIndex = Math.max(follower.matchIndex, Math.min(index, storage.lastIndex()));
            follower.nextIndex = Math.max(follower.nextIndex, follower.matchIndex + 1);
            follower.probing = false;
            follower.probeSent = false;
        }
    }

    /** Sends what came up since, if anything. */
    void proceed(String id) {
        Follower follower = followers.get(id);
        if (follower != null) {
            replicate(id, follower);
            sendCommitIndex(id, follower);
        }
    }

    void refused(String id, long rejectedIndex, long indexToTry) {
        Follower follower = followers.get(id);
        if (follower == null) {
            return;
        }
        if (settings.followsAnotherHistory() && rejectedIndex <= follower.matchIndex) {
            // It had this, and has it no more: its disk is another one.
            follower.matchIndex = 0;
            follower.probing = false;
        }
        boolean stale =
                rejectedIndex <= follower.matchIndex || (follower.probing && rejectedIndex != follower.nextIndex - 1);
        if (!stale) {
            follower.nextIndex = Math.max(follower.matchIndex, indexToTry) + 1;
            follower.probing = true;
            follower.probeSent = false;
            replicate(id, follower);
        }
    }

    /**
     * A heartbeat was answered that followed what was sent up to {@code sentIndex}. Messages keep their order: what is
     * not acknowledged by now was lost.
     */
    void heartbeatAnswered(String id, long sentIndex) {
        Follower follower = followers.get(id);
        if (follower == null) {
            return;
        }
        boolean lost = follower.probing
                ? follower.probeSent
                : sentIndex > follower.matchIndex && sentIndex <= storage.lastIndex();
        if (lost) {
            follower.probing = true;
            follower.probeSent = false;
            follower.nextIndex = follower.matchIndex > 0
                    ? follower.matchIndex + 1
                    : Math.min(follower.nextIndex, storage.lastIndex());
        }
        replicate(id, follower);
    }

    private static final class Follower {
        private long nextIndex;
        private long matchIndex;
        private boolean probing = true;
        private boolean probeSent;
        private long sentCommitIndex;
        private long lastContactNanos;

        Follower(long nextIndex, long nowNanos) {
            this.nextIndex = nextIndex;
            this.lastContactNanos = nowNanos;
        }

        boolean isAheadOf(Follower other) {
            return matchIndex > other.matchIndex
                    || (matchIndex == other.matchIndex && lastContactNanos > other.lastContactNanos);
        }
    }
}
