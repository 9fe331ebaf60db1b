package dev.clusterlab.simulator.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a Raft member keeps on its disk: term, vote, log, snapshot and, within these, the configuration. Keep the object
 * where the disk is kept and give it to the next {@link RaftMember} of the same machine after a crash.
 *
 * <p>Every write counts as flushed: a crash loses nothing that the member has written.
 */
public final class RaftStorage {
    private long term;
    private @Nullable String vote;
    private long commitIndex;
    private @Nullable Snapshot snapshot;
    /** Index and term of the entry before the first one kept. */
    private long compactedIndex;

    private long compactedTerm;
    private final ArrayList<Entry> entries = new ArrayList<>();
    private Configuration committed = Configuration.NONE;
    private long changes;

    private RaftStorage() {}

    /** The disk of a member that knows of no group yet; it waits until a leader adds it. */
    public static RaftStorage empty() {
        return new RaftStorage();
    }

    /**
     * The disk of a founding member.
     *
     * @param members the first configuration: identifier and whether it votes; the same on every founding member
     */
    public static RaftStorage bootstrap(Map<String, Boolean> members) {
        if (!members.containsValue(true)) {
            throw new IllegalArgumentException("a Raft group needs at least one voter");
        }
        var storage = new RaftStorage();
        storage.term = 1;
        // Sorted, since every founder must write the same, and the order of Map.of differs from run to run.
        storage.entries.add(new Entry(1, 1, new Configuration(new TreeMap<>(members), Set.of())));
        return storage;
    }

    /**
     * What is left after a group of which the majority is lost for good is restarted as a new group with these members
     * ({@code swarm init --force-new-cluster}, {@code peers.json}): the log is kept, everything in it counts as
     * committed, and a new configuration follows.
     */
    public RaftStorage forceNewGroup(Map<String, Boolean> members) {
        Configuration old = latestConfiguration();
        entries.add(new Entry(lastIndex() + 1, Math.max(1, term), old.replacedBy(new TreeMap<>(members))));
        commitIndex = lastIndex();
        term++;
        vote = null;
        changes++;
        return this;
    }

    /** Whether nothing was ever written. */
    public boolean isEmpty() {
        return term == 0 && lastIndex() == 0;
    }

    /** The configuration in use: the last one in the log, committed or not; empty if none is known. */
    public Map<String, Boolean> members() {
        return latestConfiguration().members();
    }

    long term() {
        return term;
    }

    @Nullable
    String vote() {
        return vote;
    }

    long commitIndex() {
        return commitIndex;
    }

    @Nullable
    Snapshot snapshot() {
        return snapshot;
    }

    /** Grows with each change of the log: lets observers read it only after a change. */
    long changes() {
        return changes;
    }

    void saveTerm(long newTerm, @Nullable String newVote) {
        term = newTerm;
        vote = newVote;
    }

    void saveCommitIndex(long index) {
        commitIndex = index;
    }

    /** Index of the first entry still kept. */
    long firstIndex() {
        return compactedIndex + 1;
    }

    long lastIndex() {
        return compactedIndex + entries.size();
    }

    long lastTerm() {
        return entries.isEmpty() ? compactedTerm : entries.getLast().term();
    }

    boolean has(long index) {
        return index >= firstIndex() && index <= lastIndex();
    }

    Entry entry(long index) {
        return entries.get((int) (index - compactedIndex - 1));
    }

    /** Term of the entry at {@code index}, or -1 if it is not known (compacted away or beyond the end). */
    long termAt(long index) {
        if (index == compactedIndex) {
            return compactedTerm;
        }
        return has(index) ? entry(index).term() : -1;
    }

    /** A copy of at most {@code limit} entries from {@code from} on. */
    List<Entry> entriesFrom(long from, int limit) {
        int start = (int) (from - compactedIndex - 1);
        int end = Math.min(entries.size(), start + limit);
        return start >= end ? List.of() : List.copyOf(entries.subList(start, end));
    }

    void append(Entry entry) {
        if (entry.index() != lastIndex() + 1) {
            throw new IllegalStateException("log gap: " + entry.index() + " after " + lastIndex());
        }
        entries.add(entry);
        changes++;
    }

    /**
     * Drops the entry at {@code index} and all behind it.
     *
     * @param evenCommitted whether entries may go that this disk knows as committed
     */
    void truncateFrom(long index, boolean evenCommitted) {
        if (index <= commitIndex) {
            if (!evenCommitted) {
                throw new IllegalStateException("committed entry " + index + " must not be dropped");
            }
            commitIndex = index - 1;
        }
        entries.subList((int) (index - compactedIndex - 1), entries.size()).clear();
        changes++;
    }

    /** The last configuration in log or snapshot. */
    Configuration latestConfiguration() {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).payload() instanceof Configuration configuration) {
                return configuration;
            }
        }
        return snapshot == null ? committed : snapshot.configuration();
    }

    /** Index of the last configuration in the log, or of the snapshot. */
    long latestConfigurationIndex() {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).payload() instanceof Configuration) {
                return entries.get(i).index();
            }
        }
        return compactedIndex;
    }

    /** Keeps a picture of the state at {@code index} and drops entries that lie more than {@code trailing} behind it. */
    void saveSnapshot(Snapshot taken, int trailing) {
        snapshot = taken;
        compactTo(taken.index() - trailing);
        changes++;
    }

    /** Whether the log has another entry where the snapshot was taken. */
    boolean contradicts(Snapshot other) {
        return has(other.index()) && termAt(other.index()) != other.term();
    }

    /** Replaces log and state by a snapshot from the leader. */
    void installSnapshot(Snapshot received) {
        if (termAt(received.index()) == received.term()) {
            compactTo(received.index());
        } else {
            entries.clear();
            compactedIndex = received.index();
            compactedTerm = received.term();
        }
        snapshot = received;
        committed = received.configuration();
        commitIndex = Math.max(commitIndex, received.index());
        changes++;
    }

    private void compactTo(long index) {
        if (index <= compactedIndex) {
            return;
        }
        // The configuration in use stays known even where its entry goes.
        committed = configurationAt(index);
        compactedTerm = termAt(index);
        entries.subList(0, (int) (index - compactedIndex)).clear();
        compactedIndex = index;
    }

    /** The configuration that held at {@code index}. */
    Configuration configurationAt(long index) {
        for (long i = Math.min(index, lastIndex()); i >= firstIndex(); i--) {
            if (entry(i).payload() instanceof Configuration configuration) {
                return configuration;
            }
        }
        return committed;
    }

    /** One entry; payload: a command, a {@link Configuration}, or null for the entry that opens a leader's term. */
    record Entry(long index, long term, @Nullable Object payload) {}

    /** A picture of the applied state, with the configuration at that point. */
    record Snapshot(long index, long term, Configuration configuration, Object state) {}

    /**
     * Who belongs to the group.
     *
     * @param members identifier and whether it votes, in the order in which they were added
     * @param removed who once belonged to it
     */
    record Configuration(Map<String, Boolean> members, Set<String> removed) {
        static final Configuration NONE = new Configuration(Map.of(), Set.of());

        Configuration {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
            removed = Collections.unmodifiableSet(new LinkedHashSet<>(removed));
        }

        boolean votes(String id) {
            return members.getOrDefault(id, false);
        }

        int voters() {
            int voters = 0;
            for (boolean voter : members.values()) {
                if (voter) {
                    voters++;
                }
            }
            return voters;
        }

        int quorum() {
            return voters() / 2 + 1;
        }

        Configuration replacedBy(Map<String, Boolean> next) {
            var gone = new LinkedHashSet<>(removed);
            gone.addAll(members.keySet());
            gone.removeAll(next.keySet());
            return new Configuration(next, gone);
        }

        Configuration with(String id, boolean voter) {
            var next = new LinkedHashMap<>(members);
            next.put(id, voter);
            return replacedBy(next);
        }

        Configuration without(String id) {
            var next = new LinkedHashMap<>(members);
            next.remove(id);
            return replacedBy(next);
        }
    }
}
