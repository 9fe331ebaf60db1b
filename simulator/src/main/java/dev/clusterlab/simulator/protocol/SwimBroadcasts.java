package dev.clusterlab.simulator.protocol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * News still to be told: each piece a limited number of times, the least told first, and newer news about a member in
 * place of older (memberlist's TransmitLimitedQueue).
 */
final class SwimBroadcasts {
    /** How many pieces go into one datagram: about 1,400 bytes. */
    private static final int PIECES_PER_MESSAGE = 15;

    private final Map<String, Piece> pieces = new LinkedHashMap<>();

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /**
     * @param subject what newer news replaces
     * @param told runs when it has been told often enough or was replaced
     */
    void add(String subject, SwimMessage.Update update, @Nullable Runnable told) {
        Piece replaced = pieces.remove(subject);
        pieces.put(subject, new Piece(subject, update, told));
        if (replaced != null && replaced.told != null) {
            replaced.told.run();
        }
    }

    /** The pieces for one message to one member; counts as telling them once. */
    List<SwimMessage.Update> take(int transmitLimit) {
        if (pieces.isEmpty()) {
            return List.of();
        }
        var chosen = new ArrayList<>(pieces.values());
        if (chosen.size() > PIECES_PER_MESSAGE) {
            chosen.sort(Comparator.comparingInt(piece -> piece.transmits));
            chosen.subList(PIECES_PER_MESSAGE, chosen.size()).clear();
        }
        var updates = new ArrayList<SwimMessage.Update>(chosen.size());
        var finished = new ArrayList<Runnable>();
        for (Piece piece : chosen) {
            updates.add(piece.update);
            piece.transmits++;
            if (piece.transmits >= transmitLimit) {
                pieces.remove(piece.subject);
                if (piece.told != null) {
                    finished.add(piece.told);
                }
            }
        }
        finished.forEach(Runnable::run);
        return updates;
    }

    private static final class Piece {
        private final String subject;
        private final SwimMessage.Update update;
        private final @Nullable Runnable told;
        private int transmits;

        Piece(String subject, SwimMessage.Update update, @Nullable Runnable told) {
            this.subject = subject;
            this.update = update;
            this.told = told;
        }
    }
}
