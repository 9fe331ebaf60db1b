package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.provisioning.LabException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code clusterlab experiment list}. */
@Command(
        name = "list",
        description = "List the experiments, with the engines that they were written for.",
        mixinStandardHelpOptions = true)
final class ListExperiments implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private LanguageOption language = new LanguageOption();

    ListExperiments(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        var words = new RunWords(language.locale());
        ExperimentLibrary library = context.experiments();
        List<String> names = library.names();
        int width = names.stream().mapToInt(String::length).max().orElse(1);
        for (String name : names) {
            String text;
            try {
                Experiment experiment = library.read(name);
                text = experiment.title().in(language.locale()) + " ("
                        + words.get("list.engines", String.join(", ", experiment.engines())) + ")";
            } catch (LabException e) {
                // One that its owner is still writing must not hide the others.
                text = "✘ " + e.getMessage();
            }
            out.printf("%-" + width + "s  %s%n", name, text);
        }
        out.flush();
        return ExitCodes.OK;
    }
}
