package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.Platform;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.lab.way.Destination;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab experiment check EXPERIMENT…}. */
@Command(
        name = "check",
        description = "Read experiments and run nothing; a mistake is told with its place.",
        mixinStandardHelpOptions = true)
final class CheckExperiment implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "EXPERIMENT", arity = "1..*", description = "Names of experiments, or their files.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private LanguageOption language = new LanguageOption();

    CheckExperiment(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        var words = new RunWords(language.locale());
        for (String name : names) {
            Experiment experiment = context.experiments().read(name);
            experiment.platform().lab().ifPresent(this::requireLab);
            out.println(words.get("checked", name, experiment.title().in(language.locale())));
        }
        out.flush();
        return ExitCodes.OK;
    }

    private void requireLab(Platform.LabPoint point) {
        Destination.after(context.library().read(point.lab(), Locale.ENGLISH), point.step());
    }
}
