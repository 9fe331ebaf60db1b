package dev.clusterlab.lab;

import java.util.List;
import java.util.function.Consumer;

/**
 * The built-in shell: variables, quoting, {@code $(…)}, pipes into a few filters, and the commands {@code docker},
 * {@code docker-machine}, {@code consul}, {@code curl} among others. One script runs at a time, a second caller
 * waits; all else may be called on any thread meanwhile. Variables live as long as the shell.
 */
public interface Shell {
    /**
     * Runs a script of one or more lines and returns the status of its last command. Blocks; interrupting the thread
     * cancels the command (status 130). What a command cannot do
     * is printed and gives a status; it is not thrown.
     *
     * @param stopAtFirstFailure end at the first command whose status is not 0
     */
    int run(String script, boolean stopAtFirstFailure, Output output);

    /**
     * What follows on from {@code line} at its end: commands, subcommands, names that exist in the cluster. May ask a
     * daemon, and so block for as long as that takes; gives less where it does not answer.
     */
    List<String> complete(String line);

    /** The prompt: says which machine {@code docker} talks to, such as {@code leader1 $ }. */
    String prompt();

    /** Whether a variable has a value, be it an empty one; a shell that cannot tell says that it has. */
    default boolean isSet(String variable) {
        return true;
    }

    /** What was typed or run so far, oldest first; a shell that does not remember has none. A copy. */
    default List<String> history() {
        return List.of();
    }

    /** Whether {@code text} ends in the middle of a command (open quote, backslash, open substitution). */
    boolean incomplete(String text);

    /**
     * Called with every command line just before it runs and what it printed, whoever asked for it; on the running thread, so it
     * must be quick. Closing the result ends it.
     */
    AutoCloseable onOutput(Consumer<Line> listener);

    /**
     * Called with every command line that ended, after all that it printed; on the running thread, so it must be quick. A
     * shell that does not know where its commands end never calls it.
     */
    default AutoCloseable onEnd(Consumer<Ended> listener) {
        return () -> {};
    }

    /**
     * Calls {@code action} on the running thread after every command, also those inside loops, and now and then while a
     * command sleeps; one action at a time. A shell without such a place never calls it.
     */
    default AutoCloseable betweenCommands(Runnable action) {
        return () -> {};
    }

    /** A command line as it was told to {@link #onOutput}, and the status that it ended with. */
    record Ended(String command, int status) {}

    /** A line in the terminal. */
    record Line(Kind kind, String text) {
        /** Where it comes from. */
        public enum Kind {
            COMMAND,
            STDOUT,
            STDERR
        }
    }

    /** Where output goes; called on the running thread, text may hold several lines or part of one. */
    interface Output {
        void stdout(String text);

        void stderr(String text);
    }
}
