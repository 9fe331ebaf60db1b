package dev.clusterlab.lab.shell;

import dev.clusterlab.shell.language.ShellInput;
import java.util.function.Consumer;

/**
 * What a command reads and writes. The sinks are called on the thread that runs the script, with text that may hold several
 * lines or part of one, and may throw {@link ShellFailure} where there is no more room.
 */
public record Streams(ShellInput in, Consumer<String> out, Consumer<String> err) {
    /** Longest text that a pipe, a substitution or a file may hold, in characters. */
    public static final int TEXT_MAX = 8_000_000;

    public Streams withIn(ShellInput input) {
        return new Streams(input, out, err);
    }

    Streams withOut(Consumer<String> sink) {
        return new Streams(in, sink, err);
    }

    Streams withErr(Consumer<String> sink) {
        return new Streams(in, out, sink);
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
