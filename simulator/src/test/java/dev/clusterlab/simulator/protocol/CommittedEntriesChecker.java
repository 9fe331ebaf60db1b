package dev.clusterlab.simulator.protocol;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is committed stays: no two members believe different entries committed at one index, each new leader has every
 * committed entry (leader completeness), and what a client was told is committed, is.
 */
final class CommittedEntriesChecker implements RaftChecker {
    private final Map<Long, RaftStorage.Entry> committed = new HashMap<>();
    private final Map<String, Long> lookedUpTo = new HashMap<>();
    private final Set<String> leading = new HashSet<>();
    private long last;

    @Override
    public void changed(RaftCluster.Server server) {
        RaftStorage storage = server.storage();
        long commitIndex = server.member().commitIndex();
        long from = Math.max(lookedUpTo.getOrDefault(server.id(), 0L) + 1, storage.firstIndex());
        for (long index = from; index <= commitIndex; index++) {
            RaftStorage.Entry entry = storage.entry(index);
            same(server, committed.putIfAbsent(index, entry), entry);
        }
        lookedUpTo.put(server.id(), commitIndex);
        keepsWhatItCommitted(server, commitIndex);
        last = Math.max(last, commitIndex);
        if (server.member().role() != Raft.Role.LEADER) {
            leading.remove(server.id());
        } else if (leading.add(server.id())) {
            hasEverything(server);
        }
    }

    /** What replaces an entry is of a later term, and so is all behind it: the last one committed tells of every one before. */
    private void keepsWhatItCommitted(RaftCluster.Server server, long commitIndex) {
        RaftStorage storage = server.storage();
        if (storage.lastIndex() < commitIndex) {
            throw new AssertionError(server + " has dropped committed entry " + commitIndex);
        }
        if (storage.has(commitIndex)) {
            same(server, committed.get(commitIndex), storage.entry(commitIndex));
        }
    }

    private void hasEverything(RaftCluster.Server server) {
        RaftStorage storage = server.storage();
        if (storage.lastIndex() < last) {
            throw new AssertionError(server + " became leader without committed entry " + last);
        }
        for (long index = storage.firstIndex(); index <= last; index++) {
            same(server, committed.get(index), storage.entry(index));
        }
    }

    private static void same(RaftCluster.Server server, RaftStorage.Entry first, RaftStorage.Entry entry) {
        if (first != null && !first.equals(entry)) {
            throw new AssertionError("committed " + first + " became " + entry + " on " + server);
        }
    }

    /** A client was told that its command is committed at this index. */
    void acknowledged(long index, Object command) {
        RaftStorage.Entry entry = committed.get(index);
        if (entry != null && !command.equals(entry.payload())) {
            throw new AssertionError("acknowledged " + command + " at " + index + " but committed is " + entry);
        }
    }

    @Override
    public void restarted(RaftCluster.Server server) {
        lookedUpTo.remove(server.id());
        leading.remove(server.id());
    }

    int count() {
        return committed.size();
    }
}
