package dev.clusterlab.simulator.protocol;

import java.util.HashMap;
import java.util.Map;

/** Log matching: entries with one index and term are the same, and so is everything before them. */
final class LogMatchingChecker implements RaftChecker {
    private final Map<Key, Witness> witnesses = new HashMap<>();
    private final Map<String, Map<Long, RaftStorage.Entry>> seen = new HashMap<>();
    private final Map<String, Long> changes = new HashMap<>();

    private record Key(long index, long term) {}

    /** Same previous term at every step makes, by induction, everything before the same. */
    private record Witness(RaftStorage.Entry entry, long previousTerm) {}

    @Override
    public void changed(RaftCluster.Server server) {
        RaftStorage storage = server.storage();
        Long before = changes.put(server.id(), storage.changes());
        if (before != null && before == storage.changes()) {
            return;
        }
        Map<Long, RaftStorage.Entry> own = seen.computeIfAbsent(server.id(), id -> new HashMap<>());
        for (long index = storage.lastIndex(); index >= storage.firstIndex(); index--) {
            RaftStorage.Entry entry = storage.entry(index);
            if (own.put(index, entry) == entry) {
                return;
            }
            var witness = new Witness(entry, storage.termAt(index - 1));
            Witness first = witnesses.putIfAbsent(new Key(index, entry.term()), witness);
            if (first != null && !first.equals(witness)) {
                throw new AssertionError("log of " + server + " has " + witness + " where another had " + first);
            }
        }
    }
}
