package dev.clusterlab.simulator.programs;

import org.jspecify.annotations.Nullable;

/** Text that is read from its beginning to its end, possibly by several commands one after another. */
final class ShellInput {
    private final String text;
    private int at;

    ShellInput(String text) {
        this.text = text;
    }

    static ShellInput empty() {
        return new ShellInput("");
    }

    /** Everything not read yet. */
    String rest() {
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }

    /** The next line without its end; null where nothing is left. */
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
}
