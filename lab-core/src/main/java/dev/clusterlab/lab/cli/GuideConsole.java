package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.shell.BuiltInShell;
import org.jspecify.annotations.Nullable;

/**
 * Where a guide talks with a person: a terminal, or a pipe. Printing is allowed from any thread; all else
 * is called by the one thread that leads the dialogue.
 */
interface GuideConsole extends AutoCloseable {
    /** The next line; null at the end, and empty if the person cancelled the line. Blocks. */
    @Nullable
    String readLine(String prompt);

    /** Prints at once, above a prompt that may be open. */
    void print(String text);

    /** Columns of a line. */
    int width();

    /** Whether bold, colours and the like are shown. */
    boolean styled();

    /** Puts text into the person's clipboard if the terminal can; says whether it tried. */
    boolean copy(String text);

    /** Runs something that Ctrl-C interrupts. */
    <T> T interruptible(Interruptible<T> action) throws InterruptedException;

    /** Hands the person the shell until they leave it; prints what their commands print. */
    void shell(BuiltInShell shell);

    @Override
    void close();

    /** Something that ends early when its thread is interrupted. */
    @FunctionalInterface
    interface Interruptible<T> {
        T run() throws InterruptedException;
    }
}
