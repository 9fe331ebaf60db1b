package dev.clusterlab.shell.language;

import org.jspecify.annotations.Nullable;

/**
 * Text that is read from its beginning to its end, possibly by several commands one after another. For one thread at a time.
 */
public final class ShellInput {
    private final String text;
    private int at;

    public ShellInput(String text) {
        this.text = text;
    }

    public static ShellInput empty() {
        return new ShellInput("");
    }

    /** Everything not read yet. */
    public String rest() {
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }

    /** The next line without its end; null where nothing is left. */
    public @Nullable String line() {
        if (at >= text.length()) {
            return null;
        }
        int stop = text.indexOf('\n', at);
        String line = stop < 0 ? text.substring(at) : text.substring(at, stop);
        at = stop < 0 ? text.length() : stop + 1;
        return line;
    }
}
