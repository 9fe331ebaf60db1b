package dev.clusterlab.simulator.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A small Unix image: runs its command and ends with it. */
public final class UtilityProgram implements Program {
    private final ProgramContext context;
    private final List<String> usual;
    /** The command whatever the container was given; null if it decides. */
    private final @Nullable List<String> fixed;

    /** @param usual the image's own command, for a container that is given none */
    public UtilityProgram(ProgramContext context, List<String> usual) {
        this(context, usual, null);
    }

    private UtilityProgram(ProgramContext context, List<String> usual, @Nullable List<String> fixed) {
        this.context = context;
        this.usual = usual;
        this.fixed = fixed;
    }

    /** Runs this command, in whatever image. */
    public static UtilityProgram of(ProgramContext context, List<String> command) {
        return new UtilityProgram(context, command, command);
    }

    @Override
    public void start() {
        List<String> command = command();
        if (!ContainerCommands.known(command.get(0))) {
            context.stderr("exec: \"" + command.get(0) + "\": executable file not found in $PATH");
            context.exit(127);
            return;
        }
        var lines = new Lines();
        new ContainerCommands(context, lines).run(command, status -> {
            lines.end();
            context.exit(status);
        });
    }

    /** As entry points of such images do: what is no command is arguments of the usual one. */
    private List<String> command() {
        if (fixed != null) {
            return fixed;
        }
        List<String> given = context.arguments();
        if (!given.isEmpty() && (given.get(0).startsWith("-") || given.get(0).contains("://"))) {
            var whole = new ArrayList<>(usual);
            whole.addAll(given);
            return whole;
        }
        return given.isEmpty() ? usual : given;
    }

    @Override
    public void signal(String signal) {
        // The kernel delivers a signal to a container's first process only if that handles it. Sleep and shells do not,
        // so stopping such a container takes its whole grace period, as it does in reality.
    }

    @Override
    public ExecResult exec(List<String> command) {
        return ExecResult.notFound(command);
    }

    @Override
    public void exec(List<String> command, Consumer<ExecResult> done) {
        ContainerCommands.exec(context, command, done);
    }

    @Override
    public Runnable exec(List<String> command, ContainerCommands.Output output, IntConsumer ended) {
        return ContainerCommands.exec(context, command, output, ended);
    }

    /** Makes whole lines of what comes in pieces. */
    private final class Lines implements ContainerCommands.Output {
        private final StringBuilder out = new StringBuilder();
        private final StringBuilder err = new StringBuilder();

        @Override
        public void stdout(String text) {
            split(out, text, context::stdout);
        }

        @Override
        public void stderr(String text) {
            split(err, text, context::stderr);
        }

        void end() {
            if (!out.isEmpty()) {
                context.stdout(out.toString());
            }
            if (!err.isEmpty()) {
                context.stderr(err.toString());
            }
        }

        private static void split(StringBuilder pending, String text, Consumer<String> sink) {
            pending.append(text);
            int end = pending.indexOf("\n");
            while (end >= 0) {
                sink.accept(pending.substring(0, end));
                pending.delete(0, end + 1);
                end = pending.indexOf("\n");
            }
        }
    }
}
