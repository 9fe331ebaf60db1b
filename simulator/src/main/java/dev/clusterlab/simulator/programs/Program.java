package dev.clusterlab.simulator.programs;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * A process in a simulated container. It is created for one run of the container and acts through its
 * {@link ProgramContext}. All methods are called on the simulation's thread; none may block or throw.
 */
public interface Program {
    /** Begins; may call {@link ProgramContext#exit} at once. */
    void start();

    /**
     * A signal such as {@code SIGTERM} or {@code SIGINT}. A program that ends because of it calls
     * {@link ProgramContext#exit}. SIGKILL never comes here: the container's scope just closes, see {@link #killed()}.
     */
    void signal(String signal);

    /**
     * The container was killed or its machine lost power: the scope is already closed. Only what lives outside the
     * simulation (a real server on loopback) needs to act.
     */
    default void killed() {}

    /** Frozen or thawed from outside; what is scheduled in the scope waits by itself. */
    default void frozen(boolean frozen) {}

    /** {@code docker exec}: runs a command in this container. The result is given at once. */
    default ExecResult exec(List<String> command) {
        return ExecResult.notFound(command);
    }

    /**
     * {@code docker exec} for commands that may have to ask another machine first: {@code done} is called once, at once
     * or at a later virtual time; never, if the container ends before. What runs a container's command calls this form.
     */
    default void exec(List<String> command, Consumer<ExecResult> done) {
        done.accept(exec(command));
    }

    /**
     * {@code docker exec} whose output is read as it comes. {@code ended} is called as {@code done} of the other form is.
     * Gives what ends the command before its time; {@code ended} is not called then.
     */
    default Runnable exec(List<String> command, ContainerCommands.Output output, IntConsumer ended) {
        exec(command, result -> {
            output.stdout(result.stdout());
            output.stderr(result.stderr());
            ended.accept(result.exitCode());
        });
        return () -> {};
    }

    /** Output and exit status of an executed command. */
    record ExecResult(int exitCode, String stdout, String stderr) {
        public static ExecResult ok(String stdout) {
            return new ExecResult(0, stdout, "");
        }

        public static ExecResult failed(int exitCode, String stderr) {
            return new ExecResult(exitCode, "", stderr);
        }

        /** What the runtime answers for a command that the image does not have. */
        public static ExecResult notFound(List<String> command) {
            String name = command.isEmpty() ? "" : command.get(0);
            return new ExecResult(
                    127,
                    "OCI runtime exec failed: exec failed: unable to start container process: exec: \"" + name
                            + "\": executable file not found in $PATH: unknown\r\n",
                    "");
        }
    }
}
