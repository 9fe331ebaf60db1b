package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabRunner;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.export.Export;
import dev.clusterlab.lab.export.ExportedFile;
import dev.clusterlab.lab.export.Omission;
import dev.clusterlab.lab.words.ExportWords;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.LabException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab export FOLDER}: what a lab builds, as files to use elsewhere. */
@Command(
        name = "export",
        description = {
            "Write what a lab builds as files to use elsewhere: a stack, Traefik's settings, the keys of Consul, the commands,"
                    + " the experiments, and a page that says what each of them leaves out.",
            "A lab is built first, unattended; one that a killed program left behind is taken as it is."
        },
        mixinStandardHelpOptions = true)
final class ExportLab implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Parameters(paramLabel = "FOLDER", description = "Where the files go; it must be empty, or not there yet.")
    private Path folder = Path.of("");

    @Option(
            names = "--lab",
            paramLabel = "LAB",
            description = "Name of a lab, or its folder. Default: resilient-swarm.")
    private @Nullable String lab;

    @Option(
            names = "--until",
            paramLabel = "STEP",
            description = "The last step that is built: its name or its number. Default: all of them.")
    private @Nullable String until;

    @Mixin
    private EngineArguments engine = new EngineArguments();

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Option(
            names = "--limit",
            paramLabel = "SECONDS",
            description = "Engine time for the checks of a step after its last command. Default: ${DEFAULT-VALUE}.",
            defaultValue = "180")
    private long limitSeconds = 180;

    ExportLab(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        LabEnvironment.Options asked = engine.options(true);
        // Nobody looks at what the services answer.
        LabEnvironment.Options options =
                asked.engine().equals(EngineNames.EMBEDDED) ? LabEnvironment.Options.bare(asked.seed()) : asked;
        Duration limit = EngineArguments.limit(limitSeconds);
        Export.requireEmpty(folder);
        boolean takenUp = options.engine().contains(":");
        if (takenUp && (lab != null || until != null)) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "A lab that is taken up is exported as it is; it is not built further.",
                    "Leave --lab and --until out, or the part of --engine after the colon.");
        }
        Lab read = context.library().read(lab == null ? "resilient-swarm" : lab, language.locale());
        Lab built = until == null ? read : read.until(until);
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        Export export;
        try (LabEnvironment environment =
                new EngineStart(context, commandSpec.commandLine().getErr()).open(options, false, true)) {
            if (!takenUp) {
                build(built, environment, limit, out);
            }
            export = Export.of(
                    environment.engine(), environment.shell().history(), context.experiments(), language.locale());
        }
        export.write(folder);
        tell(out, export);
        return ExitCodes.OK;
    }

    private void build(Lab built, LabEnvironment environment, Duration limit, PrintWriter out) throws Exception {
        try (Journal journal = Journal.inMemory();
                var session =
                        new GuidedSession(built, context.language(), environment.observer(), environment.shell())) {
            var runner = new LabRunner(
                    environment.engine().clock(),
                    environment.observer(),
                    session,
                    journal,
                    limit,
                    InstantSource.system());
            LabRunner.Result result = runner.run(false, told -> {
                if (told instanceof LabRunner.Progress.StepBegan began) {
                    out.printf(
                            "[%d/%d] %s%n",
                            began.number(), began.of(), began.step().title());
                    out.flush();
                }
            });
            if (!result.passed()) {
                throw LabRunner.failure(result);
            }
        }
    }

    private void tell(PrintWriter out, Export export) {
        List<ExportedFile> files = export.files();
        out.println("Wrote " + files.size() + " files to " + folder + ":");
        for (ExportedFile file : files) {
            if (!file.path().startsWith("experiments/")) {
                out.println("  " + file.path());
            }
        }
        out.println("  experiments/ ("
                + files.stream()
                        .filter(file -> file.path().startsWith("experiments/"))
                        .count() + ")");
        out.println("What they leave out, or need from elsewhere:");
        var words = ExportWords.of(language.locale());
        for (Omission omission : export.omissions()) {
            out.println("  " + omission.file() + ": " + words.omission(omission.what(), omission.about()));
        }
        out.flush();
    }
}
