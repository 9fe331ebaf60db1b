package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code clusterlab labs}. */
@Command(name = "labs", description = "List the labs.", mixinStandardHelpOptions = true)
final class ListLabs implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private @Nullable CommandSpec spec;

    ListLabs(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        LabLibrary library = context.library();
        for (String name : library.names()) {
            Lab lab = library.read(name, Locale.getDefault());
            out.printf("%-20s %s (%d steps)%n", name, lab.title(), lab.steps().size());
        }
        out.flush();
        return ExitCodes.OK;
    }
}
