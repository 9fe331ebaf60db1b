package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabRunner;
import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.Secrets;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.StepFailure;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.LabException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab run LAB}. */
@Command(name = "run", description = "Run a lab unattended, every step to its checks.", mixinStandardHelpOptions = true)
class RunLab implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Parameters(paramLabel = "LAB", description = "Name of a lab, or its folder.")
    private String lab = "";

    @Mixin
    private EngineArguments engine = new EngineArguments();

    @Option(names = "--journal", paramLabel = "FILE", description = "Write what happens as JSON Lines.")
    private @Nullable Path journal;

    @Option(names = "--report", paramLabel = "FILE", description = "Write a page about the run (HTML).")
    private @Nullable Path report;

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            description = "Engine time for the checks of a step after its last command. Default: ${DEFAULT-VALUE}.",
            defaultValue = "180")
    private long limitSeconds = 180;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print steps only, not the commands and their output.")
    private boolean quiet;

    RunLab(CliContext context) {
        this.context = context;
    }

    boolean verify() {
        return false;
    }

    @Override
    public Integer call() throws Exception {
        LabEnvironment.Options options = engine.options(true);
        Duration limit = EngineArguments.limit(limitSeconds);
        if (report != null) {
            // Told before the run, not after it.
            if (journal != null) {
                Report.requireOther(journal, report);
            }
            Report.requireWritable(report);
        }
        Lab read = context.library().read(lab, language.locale());
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        try (Journal written = journal == null ? Journal.inMemory() : Journal.toFile(journal);
                LabEnvironment environment =
                        new EngineStart(context, commandSpec.commandLine().getErr()).open(options, false, quiet);
                var session = new GuidedSession(read, context.language(), environment.observer(), environment.shell());
                AutoCloseable printing = environment.shell().onOutput(line -> print(out, line))) {
            written.add(Duration.ZERO, "engine", "name", options.engine(), "seed", options.seed());
            var runner = new LabRunner(
                    environment.engine().clock(),
                    environment.observer(),
                    session,
                    written,
                    limit,
                    InstantSource.system());
            LabRunner.Result result = runner.run(verify(), told -> tell(out, told));
            if (report != null) {
                Report.write(report, written.entries(), language.locale());
            }
            if (!result.passed()) {
                sayIfLost(written);
                throw LabRunner.failure(result);
            }
            out.printf(
                    Locale.ROOT,
                    "%s: all %d steps passed, %.1f s of engine time in %.1f s.%n",
                    read.id(),
                    result.steps().size(),
                    result.engineTime().toMillis() / 1000.0,
                    result.wallTime().toMillis() / 1000.0);
            out.flush();
            written.requireWhole();
            return ExitCodes.OK;
        }
    }

    /** The lab's own failure is told by the exit status, and this beside it. */
    private void sayIfLost(Journal written) {
        try {
            written.requireWhole();
        } catch (LabException e) {
            PrintWriter err = Objects.requireNonNull(commandSpec).commandLine().getErr();
            err.println(e.getMessage());
            err.flush();
        }
    }

    private void print(PrintWriter out, Shell.Line line) {
        if (!quiet) {
            out.println((line.kind() == Shell.Line.Kind.COMMAND ? "  $ " : "    ")
                    + Secrets.blot(line.text()).stripTrailing());
            out.flush();
        }
    }

    private void tell(PrintWriter out, LabRunner.Progress told) {
        switch (told) {
            case LabRunner.Progress.StepBegan began ->
                out.printf(
                        "[%d/%d] %s%n", began.number(), began.of(), began.step().title());
            case LabRunner.Progress.CommandsBegan ignored -> {
                // the shell tells each command itself
            }
            case LabRunner.Progress.CheckPassed passed ->
                out.println("    ✔ " + passed.check().title());
            case LabRunner.Progress.StepEnded ended -> {
                LabRunner.StepResult result = ended.result();
                if (!result.passed()) {
                    out.println("    ✘ "
                            + result.failure().map(StepFailure::english).orElse(""));
                }
                out.printf(
                        Locale.ROOT,
                        "    %s in %.1f s of engine time (%.1f s)%n",
                        result.passed() ? "passed" : "failed",
                        result.took().toMillis() / 1000.0,
                        result.wallTook().toMillis() / 1000.0);
            }
        }
        out.flush();
    }
}
