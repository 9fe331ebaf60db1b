package dev.clusterlab.lab.shell;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a command reads and writes. The sinks are called on the thread that runs the script, with text that may hold several
 * lines or part of one, and may throw {@link ShellFailure} where there is no more room.
 */
public record Streams(Input in, Consumer<String> out, Consumer<String> err) {
    /** Longest text that a pipe, a substitution or a file may hold, in characters. */
    public static final int TEXT_MAX = 8_000_000;

    public Streams withIn(Input input) {
        return new Streams(input, out, err);
    }

    Streams withOut(Consumer<String> sink) {
        return new Streams(in, sink, err);
    }

    Streams withErr(Consumer<String> sink) {
        return new Streams(in, out, sink);
    }

    /** Text that is read from its beginning to its end, possibly by several commands one after another. */
    public static final class Input {
        private final String text;
        private int at;

        Input(String text) {
            this.text = text;
        }

        public static Input empty() {
            return new Input("");
        }

        /** Everything not read yet. */
        public String rest() {
            String rest = text.substring(at);
            at = text.length();
            return rest;
        }

        /** The next line without its end; null at the end. */
        @Nullable
        String line() {
            if (at >= text.length()) {
                return null;
            }
            int stop = text.indexOf('\n', at);
            String line = stop < 0 ? text.substring(at) : text.substring(at, stop);
            at = stop < 0 ? text.length() : stop + 1;
            return line;
        }

        List<String> lines() {
            return rest().lines().toList();
        }
    }

    /** Gathers text, within a bound. */
    static final class Buffer implements Consumer<String> {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void accept(String piece) {
            if (text.length() + piece.length() > TEXT_MAX) {
                throw new ShellFailure(
                        1, "more than " + TEXT_MAX / 1_000_000 + " million characters in a pipe or file");
            }
            text.append(piece);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
