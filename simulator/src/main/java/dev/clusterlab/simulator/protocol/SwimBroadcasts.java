package dev.clusterlab.simulator.protocol;

import java.util.ArrayList;
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

    private final Map<String, Broadcast> bySubject = new LinkedHashMap<>();
    /** By how often they were transmitted; within one tier the longest there first. */
    private final List<Tier> tiers = new ArrayList<>();

    boolean isEmpty() {
        return bySubject.isEmpty();
    }

    /**
     * @param subject a later update of the same subject replaces this one
     * @param finished runs when it has been transmitted often enough or was replaced
     */
    void add(String subject, SwimMessage.Update update, @Nullable Runnable finished) {
        var added = new Broadcast(subject, update, finished);
        Broadcast replaced = bySubject.put(subject, added);
        if (replaced != null) {
            tier(replaced.transmits).remove(replaced);
        }
        tier(0).add(added);
        if (replaced != null && replaced.finished != null) {
            replaced.finished.run();
        }
    }

    private Tier tier(int transmits) {
        while (tiers.size() <= transmits) {
            tiers.add(new Tier());
        }
        return tiers.get(transmits);
    }

    /** The updates for one message to one member; counts as transmitting each once. */
    List<SwimMessage.Update> take(int transmitLimit) {
        if (bySubject.isEmpty()) {
            return List.of();
        }
        List<Broadcast> chosen = leastTransmitted();
        var updates = new ArrayList<SwimMessage.Update>(chosen.size());
        var done = new ArrayList<Runnable>(0);
        for (Broadcast broadcast : chosen) {
            updates.add(broadcast.update);
            tier(broadcast.transmits).remove(broadcast);
            broadcast.transmits++;
            if (broadcast.transmits < transmitLimit) {
                tier(broadcast.transmits).add(broadcast);
                continue;
            }
            bySubject.remove(broadcast.subject);
            if (broadcast.finished != null) {
                done.add(broadcast.finished);
            }
        }
        done.forEach(Runnable::run);
        return updates;
    }

    private List<Broadcast> leastTransmitted() {
        var chosen = new ArrayList<Broadcast>(Math.min(UPDATES_PER_MESSAGE, bySubject.size()));
        for (Tier tier : tiers) {
            for (Broadcast broadcast = tier.first; broadcast != null; broadcast = broadcast.next) {
                if (chosen.size() == UPDATES_PER_MESSAGE) {
                    return chosen;
                }
                chosen.add(broadcast);
            }
        }
        return chosen;
    }

    /** A chain of broadcasts: each update passes through every tier at every member, so that moving it must cost little. */
    private static final class Tier {
        private @Nullable Broadcast first;
        private @Nullable Broadcast last;

        void add(Broadcast broadcast) {
            broadcast.previous = last;
            broadcast.next = null;
            if (last == null) {
                first = broadcast;
            } else {
                last.next = broadcast;
            }
            last = broadcast;
        }

        void remove(Broadcast broadcast) {
            if (broadcast.previous == null) {
                first = broadcast.next;
            } else {
                broadcast.previous.next = broadcast.next;
            }
            if (broadcast.next == null) {
                last = broadcast.previous;
            } else {
                broadcast.next.previous = broadcast.previous;
            }
        }
    }

    private static final class Broadcast {
        private final String subject;
        private final SwimMessage.Update update;
        private final @Nullable Runnable finished;
        private int transmits;
        private @Nullable Broadcast previous;
        private @Nullable Broadcast next;

        Broadcast(String subject, SwimMessage.Update update, @Nullable Runnable finished) {
            this.subject = subject;
            this.update = update;
            this.finished = finished;
        }
    }
}
