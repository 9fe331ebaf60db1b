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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab report JOURNAL PAGE}: the page of a run that is over. */
@Command(
        name = "report",
        description = "Make the page about a run (HTML) from its journal.",
        mixinStandardHelpOptions = true)
final class WriteReport implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec commandSpec;

    @Parameters(index = "0", paramLabel = "JOURNAL", description = "What run --journal FILE wrote.")
    private Path journal = Path.of("");

    @Parameters(index = "1", paramLabel = "PAGE", description = "The file to write.")
    private Path page = Path.of("");

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Override
    public Integer call() {
        Report.requireOther(journal, page);
        Journal.Contents contents = Journal.contents(journal);
        Report.write(page, contents, language.locale());
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        out.println("Wrote " + page + ".");
        if (contents.cutOff()) {
            out.println("The journal was cut off: its last line, and what came after it, is not in the page.");
        }
        out.flush();
        return ExitCodes.OK;
    }
}
