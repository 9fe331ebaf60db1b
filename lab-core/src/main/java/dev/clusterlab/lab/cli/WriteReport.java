package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Report;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab report JOURNAL PAGE}: the page of a run that is over. */
@Command(
        name = "report",
        description =
                "Make the page about a run (HTML) from its journal, or put two results of an experiment beside each other.",
        subcommands = CompareReports.class,
        mixinStandardHelpOptions = true)
final class WriteReport implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec commandSpec;

    // Not required of the commands below it, which picocli cannot say: see call().
    @Parameters(index = "0", arity = "0..1", paramLabel = "JOURNAL", description = "What run --journal FILE wrote.")
    private @Nullable Path journal;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PAGE", description = "The file to write.")
    private @Nullable Path page;

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Override
    public Integer call() {
        CommandSpec spec = Objects.requireNonNull(commandSpec);
        if (journal == null || page == null) {
            throw new ParameterException(
                    spec.commandLine(), "Give the journal and the page to write: report JOURNAL PAGE");
        }
        Report.requireOther(journal, page);
        Journal.Contents contents = Journal.contents(journal);
        Report.write(page, contents, language.locale());
        PrintWriter out = spec.commandLine().getOut();
        out.println("Wrote " + page + ".");
        if (contents.cutOff()) {
            out.println("The journal was cut off: its last line, and what came after it, is not in the page.");
        }
        out.flush();
        return ExitCodes.OK;
    }
}
