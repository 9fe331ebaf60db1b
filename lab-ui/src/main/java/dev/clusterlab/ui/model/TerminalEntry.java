package dev.clusterlab.ui.model;

/** What stands on a line of the terminal. */
public sealed interface TerminalEntry {
    /** Where a text comes from. */
    enum Source {
        COMMAND,
        STDOUT,
        STDERR
    }

    /** A line of text; {@code prompt} stands before commands only, and is not part of what they are. */
    record Printed(Source source, String prompt, String text) implements TerminalEntry {}

    /** The machine of the shell was off, or away, and is back: what it had in memory is forgotten. */
    record Returned() implements TerminalEntry {}

    /** The cluster is another one; the shell, on the machine of the same name in it, is new. */
    record Anew() implements TerminalEntry {}

    /** The end of a command whose {@code status} is not 0. */
    record Failed(int status, String command) implements TerminalEntry {}
}
