package dev.clusterlab.simulator.programs;

import java.util.function.Consumer;

/** Takes what commands write, as long as there is room. Never throws: it is called from within the simulation. */
interface ShellSink {
    void write(String text);

    /** Whether something was lost for want of room: whoever writes on ends by it. */
    default boolean full() {
        return false;
    }

    /** Nothing is kept. */
    static ShellSink nowhere() {
        return text -> {};
    }

    static ShellSink of(Consumer<String> target) {
        return target::accept;
    }

    /** Gathers text, within a bound. */
    final class Buffer implements ShellSink {
        private final StringBuilder text;
        private final int lengthMax;
        private boolean full;

        /** @param text goes on where this ends */
        Buffer(StringBuilder text, int lengthMax) {
            this.text = text;
            this.lengthMax = lengthMax;
        }

        Buffer(int lengthMax) {
            this(new StringBuilder(), lengthMax);
        }

        @Override
        public void write(String piece) {
            int room = Math.max(0, lengthMax - text.length());
            if (piece.length() > room) {
                full = true;
            }
            text.append(piece, 0, Math.min(room, piece.length()));
        }

        @Override
        public boolean full() {
            return full;
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
