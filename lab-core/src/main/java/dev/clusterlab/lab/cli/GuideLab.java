package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.Measuring;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.shell.InteractiveShell;
import dev.clusterlab.lab.words.GuideWords;
import dev.clusterlab.provisioning.UserFolders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab guide [LAB]}: the lab in the terminal, step by step. */
@Command(
        name = "guide",
        description = {
            "Walk through a lab in the terminal, step by step: read, run, see the checks come true.",
            "Commands may come from a pipe too; engine time then passes only while something waits."
        },
        mixinStandardHelpOptions = true)
final class GuideLab implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Parameters(
            paramLabel = "LAB",
            arity = "0..1",
            description = "Name of a lab, or its folder. Default: ${DEFAULT-VALUE}.",
            defaultValue = "resilient-swarm")
    private String lab = "resilient-swarm";

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Option(names = "--step", paramLabel = "N|NAME", description = "Begin by looking at this step.")
    private @Nullable String step;

    @Option(names = "--journal", paramLabel = "FILE", description = "Write what happens as JSON Lines.")
    private @Nullable Path journal;

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            description = "Engine time that next waits for a step's checks. Default: ${DEFAULT-VALUE}.",
            defaultValue = "180")
    private long limitSeconds = 180;

    @Mixin
    private EngineArguments engine = new EngineArguments();

    GuideLab(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        boolean person = context.input().terminal();
        LabEnvironment.Options options = engine.options(!person);
        Duration limit = EngineArguments.limit(limitSeconds);
        Lab read = context.library().read(lab, language.locale());
        int first = step == null ? 0 : read.steps().indexOf(read.requireStep(step));
        try (Journal written = journal == null ? Journal.inMemory() : Journal.toFile(journal);
                LabEnvironment environment = new EngineStart(
                                context,
                                Objects.requireNonNull(commandSpec)
                                        .commandLine()
                                        .getErr())
                        .open(options, person, false);
                AutoCloseable events = written.follow(environment.observer());
                var session = new GuidedSession(read, context.language(), environment.observer(), environment.shell());
                GuideConsole console = console(person)) {
            written.add(Duration.ZERO, "engine", "name", options.engine(), "seed", options.seed());
            environment.anatomies().begin();
            if (person) {
                environment.observer().follow();
            }
            new GuideLoop(
                            session,
                            environment.engine().clock(),
                            environment.observer(),
                            environment.shell(),
                            console,
                            new GuideGuesses(
                                    new Measuring(context.language()),
                                    environment.anatomies()::all,
                                    environment.observer()::observe),
                            limit,
                            GuideWords.of(read.language()))
                    .run(first);
            written.requireWhole();
            return ExitCodes.OK;
        }
    }

    private GuideConsole console(boolean person) {
        if (person) {
            boolean styled = System.getenv("NO_COLOR") == null;
            Path history = UserFolders.ofThisUser().data().resolve("history");
            return new TerminalConsole(InteractiveShell.systemTerminal(), GuideLoop.WORDS, styled, history);
        }
        return new PipedConsole(
                context.input().reader(),
                Objects.requireNonNull(commandSpec).commandLine().getOut());
    }
}
