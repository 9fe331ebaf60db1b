package dev.clusterlab.simulator.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Updates that are still gossiped: each is transmitted a limited number of times, the least transmitted first, and a newer
 * update about a member replaces an older one (memberlist's TransmitLimitedQueue).
 */
final class SwimBroadcasts {
    /** How many updates go into one datagram: about 1,400 bytes. */
    private static final int UPDATES_PER_MESSAGE = 15;

    private final Map<String, Broadcast> broadcasts = new LinkedHashMap<>();

    boolean isEmpty() {
        return broadcasts.isEmpty();
    }

    /**
     * @param subject a later update of the same subject replaces this one
     * @param finished runs when it has been transmitted often enough or was replaced
     */
    void add(String subject, SwimMessage.Update update, @Nullable Runnable finished) {
        Broadcast replaced = broadcasts.remove(subject);
        broadcasts.put(subject, new Broadcast(subject, update, finished));
        if (replaced != null && replaced.finished != null) {
            replaced.finished.run();
        }
    }

    /** The updates for one message to one member; counts as transmitting each once. */
    List<SwimMessage.Update> take(int transmitLimit) {
        if (broadcasts.isEmpty()) {
            return List.of();
        }
        var chosen = new ArrayList<>(broadcasts.values());
        if (chosen.size() > UPDATES_PER_MESSAGE) {
            chosen.sort(Comparator.comparingInt(broadcast -> broadcast.transmits));
            chosen.subList(UPDATES_PER_MESSAGE, chosen.size()).clear();
        }
        var updates = new ArrayList<SwimMessage.Update>(chosen.size());
        var done = new ArrayList<Runnable>();
        for (Broadcast broadcast : chosen) {
            updates.add(broadcast.update);
            broadcast.transmits++;
            if (broadcast.transmits >= transmitLimit) {
                broadcasts.remove(broadcast.subject);
                if (broadcast.finished != null) {
                    done.add(broadcast.finished);
                }
            }
        }
        done.forEach(Runnable::run);
        return updates;
    }

    private static final class Broadcast {
        private final String subject;
        private final SwimMessage.Update update;
        private final @Nullable Runnable finished;
        private int transmits;

        Broadcast(String subject, SwimMessage.Update update, @Nullable Runnable finished) {
            this.subject = subject;
            this.update = update;
            this.finished = finished;
        }
    }
}
