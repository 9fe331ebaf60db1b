package dev.clusterlab.lab.shell;

import java.util.List;

/** A command of the shell. */
public interface ShellCommand extends AutoCloseable {
    /** What it is for, in one line. */
    String summary();

    /** Runs it; returns its status. */
    int run(Invocation invocation) throws InterruptedException;

    /**
     * What the last of {@code words} may become; the words before it are the command's arguments so far.
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
