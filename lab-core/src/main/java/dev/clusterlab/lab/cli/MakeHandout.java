package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Handout;
import dev.clusterlab.lab.Lab;
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

/** {@code clusterlab handout LAB [PAGE]}: a lab on paper. */
@Command(
        name = "handout",
        description = "Write a lab as a page to print (HTML), one step a sheet.",
        mixinStandardHelpOptions = true)
final class MakeHandout implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Parameters(index = "0", paramLabel = "LAB", description = "Name of a lab, or its folder.")
    private String lab = "";

    @Parameters(
            index = "1",
            paramLabel = "PAGE",
            arity = "0..1",
            description = "The file to write. Default: the lab's name with .html, here.")
    private @Nullable Path page;

    @Option(names = "--teacher", description = "With what to look at, hints, answers and notes.")
    private boolean teacher;

    @Mixin
    private LanguageOption language = new LanguageOption();

    MakeHandout(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Lab read = context.library().read(lab, language.locale());
        Path file = page == null ? Path.of(read.id() + (teacher ? "-teacher" : "") + ".html") : page;
        Handout.write(file, read, teacher ? Handout.Reader.TEACHER : Handout.Reader.LEARNER);
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        out.println("Wrote " + file + ".");
        out.flush();
        return ExitCodes.OK;
    }
}
