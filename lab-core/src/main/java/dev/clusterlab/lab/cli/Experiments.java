package dev.clusterlab.lab.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code clusterlab experiment}: what happens if …, predicted, broken on purpose and measured. */
@Command(
        name = "experiment",
        description = {
            "What happens if …: an experiment says what should hold, breaks something, and watches.",
            "It is a file of YAML, or one of those that come with the program."
        },
        mixinStandardHelpOptions = true)
final class Experiments implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Experiments() {}

    /** The command with all of its own. */
    static CommandLine line(CliContext context) {
        return new CommandLine(new Experiments())
                .addSubcommand(new RunExperiment(context))
                .addSubcommand(new CompareExperiments(context))
                .addSubcommand(new CheckExperiment(context))
                .addSubcommand(new ListExperiments(context))
                .addSubcommand(new NewExperiment());
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "Say what to do: run, compare, check, list or new");
    }
}
