package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.protocol.SwimMessage.Update;
import org.jspecify.annotations.Nullable;

/**
 * Updates that a member has acted on and that would change nothing if it acted on them again. Gossip brings the same
 * object over and over again; this tells without a look at what is kept of the member that it is about. It may have
 * forgotten some: then they are looked at once more.
 */
final class SwimDuplicates {
    /** Powers of two. */
    private static final int SIZE_MIN = 64;

    private @Nullable Update[] table = new @Nullable Update[SIZE_MIN];

    boolean contains(Update update) {
        return table[place(update)] == update;
    }

    /**
     * @param members how many are known: most of the time something is said of few of them
     */
    void add(Update update, int members) {
        if (table.length < 4 * members) {
            table = new @Nullable Update[2 * table.length];
        }
        table[place(update)] = update;
    }

    /** Somebody was forgotten, or another took a name over: what was said before may count again. */
    void clear() {
        table = new @Nullable Update[table.length];
    }

    private int place(Update update) {
        int hash = switch (update) {
            case SwimMessage.Alive alive -> alive.name().hashCode();
            case SwimMessage.Suspect suspect ->
                31 * suspect.name().hashCode() + suspect.from().hashCode();
            case SwimMessage.Dead dead ->
                37 * dead.name().hashCode() + dead.from().hashCode();
            case SwimMessage.LeaveIntent intent -> 41 * intent.name().hashCode();
        };
        return (hash ^ (hash >>> 16)) & (table.length - 1);
    }
}
