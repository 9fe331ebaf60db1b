package dev.clusterlab.lab.shell;

import java.util.List;

/**
 * A command of the shell. One instance serves every call of one shell, one call at a time, and may keep what it needs from one
 * call to the next; it is closed with the shell.
 */
public interface ShellCommand extends AutoCloseable {
    /** What it is for, in one line. */
    String summary();

    /**
     * Runs it; returns its status. Called on the thread that runs the script, and may block for as long as the command takes. It
     * reads, prints and remembers by the invocation alone.
     *
     * @throws ShellFailure (or {@link dev.clusterlab.provisioning.LabException}) if it cannot do what it was asked for: its
     *     text is printed and the script goes on with the status. Anything else that is thrown is a fault of the command and
     *     logged as such
     * @throws InterruptedException soon after the thread was interrupted, which cancels the script
     */
    int run(Invocation invocation) throws InterruptedException;

    /**
     * What the last of {@code words} may become; the words before it are the command's arguments so far. Called on any thread,
     * also while a command runs; changes nothing, and gives nothing where a daemon that it asks does not answer.
     *
     * @param words never empty; the last may be empty text
     */
    default List<String> complete(ShellState state, List<String> words) {
        return List.of();
    }

    /** Ends what the command still does in the background and gives back what it holds; the shell ends. */
    @Override
    default void close() {}

    /** The part of a command that runs. */
    @FunctionalInterface
    interface Body {
        int run(Invocation invocation) throws InterruptedException;
    }

    /** A command without completion. */
    static ShellCommand of(String summary, Body body) {
        return new ShellCommand() {
            @Override
            public String summary() {
                return summary;
            }

            @Override
            public int run(Invocation invocation) throws InterruptedException {
                return body.run(invocation);
            }
        };
    }
}
