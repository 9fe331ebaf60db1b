package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.experiment.report.ComparedResult;
import dev.clusterlab.lab.experiment.report.ResultComparison;
import dev.clusterlab.lab.words.ExperimentWords;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab report compare A B}: two results of one experiment, stage by stage. */
@Command(
        name = "compare",
        description = {
            "Put two results of an experiment beside each other, stage by stage: embedded beside docker, before beside after.",
            "Of several runs the medians count; the last column says whether that of A is inside the spread of B."
        },
        mixinStandardHelpOptions = true)
final class CompareReports implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "What experiment run --json FILE wrote.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The same of other runs.")
    private Path second = Path.of("");

    @Option(names = "--page", paramLabel = "FILE", description = "Write it as a page of HTML too.")
    private @Nullable Path page;

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (page != null) {
            Report.requireOther(first, page);
            Report.requireOther(second, page);
        }
        var comparison =
                new ResultComparison(ComparedResult.read(first), ComparedResult.read(second), language.locale());
        comparison.lines().forEach(out::println);
        if (page != null) {
            Report.writePage(page, comparison.html());
            out.println(ExperimentWords.of(language.locale()).get("page.written", page.toString()));
        }
        out.flush();
        return ExitCodes.OK;
    }
}
