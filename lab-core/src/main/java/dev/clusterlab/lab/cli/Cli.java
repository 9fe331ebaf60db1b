package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabEnvironment;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabRunner;
import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.shell.InteractiveShell;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.UserFolders;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code clusterlab} command. Front ends are thin: what the commands share stands below them. */
@Command(
        name = "clusterlab",
        description = "Build a resilient web platform step by step, then break it on purpose.",
        mixinStandardHelpOptions = true,
        version = "Cluster Lab 0.1.0",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {},
        subcommands = CommandLine.HelpCommand.class)
public final class Cli implements Callable<Integer> {
    private final LabEnvironment.Factory environments;
    private final @Nullable DesktopLauncher desktop;
    private final CheckLanguage language = new CheckLanguage();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--lab",
            paramLabel = "LAB",
            description = "Lab that the window opens: a name, or a folder. Default: ${DEFAULT-VALUE}.",
            defaultValue = "resilient-swarm")
    private String lab = "resilient-swarm";

    @Mixin
    private EngineOptions engineOptions = new EngineOptions();

    /** @param desktop opens the window; null where there is none */
    public Cli(LabEnvironment.Factory environments, @Nullable DesktopLauncher desktop) {
        this.environments = environments;
        this.desktop = desktop;
    }

    /** The command line with all its commands, ready to execute. */
    public CommandLine commandLine() {
        var line = new CommandLine(this);
        line.addSubcommand(new Run()).addSubcommand(new Verify()).addSubcommand(new Labs());
        line.addSubcommand(new ShellCommand()).addSubcommand(new Serve(environments));
        for (CommandLine each : line.getSubcommands().values()) {
            each.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
        }
        line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
        line.getSubcommands()
                .values()
                .forEach(each -> each.getCommandSpec().usageMessage().exitCodeList(exitCodes()));
        line.setExecutionExceptionHandler((e, where, parsed) -> {
            if (e instanceof LabException known) {
                where.getErr().println(where.getColorScheme().errorText("clusterlab: " + known.getMessage()));
                if (!known.advice().isEmpty()) {
                    where.getErr().println("  " + known.advice());
                }
                return ExitCodes.of(known);
            }
            if (e instanceof InterruptedException) {
                where.getErr().println("clusterlab: called off.");
                return 130;
            }
            throw e;
        });
        return line;
    }

    private static java.util.Map<String, String> exitCodes() {
        var codes = new java.util.LinkedHashMap<String, String>();
        for (String line : ExitCodes.HELP) {
            codes.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1));
        }
        return codes;
    }

    /** No command: the desktop. */
    @Override
    public Integer call() {
        if (desktop == null) {
            throw new LabException(
                    LabException.Kind.ENVIRONMENT,
                    "This build has no desktop.",
                    "Use clusterlab run LAB or clusterlab shell, which need no display.");
        }
        return desktop.launch(new DesktopLauncher.Request(environments, engineOptions.options(false), library(), lab));
    }

    private LabLibrary library() {
        return LabLibrary.standard(List.of(UserFolders.ofThisUser().data().resolve("labs")), language);
    }

    @Command(name = "labs", description = "List the labs.", mixinStandardHelpOptions = true)
    final class Labs implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec commandSpec;

        @Override
        public Integer call() {
            LabLibrary library = library();
            for (String name : library.names()) {
                Lab lab = library.read(name, Locale.getDefault());
                out(commandSpec)
                        .printf(
                                "%-20s %s (%d steps)%n",
                                name, lab.title(), lab.steps().size());
            }
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "run",
            description = "Run a lab unattended, every step to its checks.",
            mixinStandardHelpOptions = true)
    class Run implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec commandSpec;

        @Parameters(paramLabel = "LAB", description = "Name of a lab, or its folder.")
        private String lab = "";

        @Mixin
        private EngineOptions engine = new EngineOptions();

        @Option(names = "--journal", paramLabel = "FILE", description = "Write what happens as JSON Lines.")
        private @Nullable Path journal;

        @Option(names = "--report", paramLabel = "FILE", description = "Write a page about the run (HTML).")
        private @Nullable Path report;

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

        boolean verify() {
            return false;
        }

        @Override
        public Integer call() throws Exception {
            LabEnvironment.Options options = engine.options(true);
            Lab read = library().read(lab, Locale.ENGLISH);
            PrintWriter out = out(commandSpec);
            try (LabEnvironment environment = environments.open(options);
                    Journal written = journal == null ? Journal.inMemory() : Journal.toFile(journal);
                    var session = new GuidedSession(read, language, environment.observer(), environment.shell());
                    AutoCloseable printing = environment.shell().onOutput(line -> print(out, line))) {
                var runner = new LabRunner(
                        environment.engine().clock(),
                        environment.observer(),
                        session,
                        written,
                        Duration.ofSeconds(limitSeconds),
                        InstantSource.system());
                LabRunner.Result result = runner.run(verify(), told -> tell(out, told));
                if (report != null) {
                    Report.write(report, result, written.entries(), options);
                }
                if (!result.passed()) {
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
                return ExitCodes.OK;
            }
        }

        private void print(PrintWriter out, Shell.Line line) {
            if (!quiet) {
                out.println((line.kind() == Shell.Line.Kind.COMMAND ? "  $ " : "    ")
                        + Journal.withoutTokens(line.text()).stripTrailing());
                out.flush();
            }
        }

        private void tell(PrintWriter out, LabRunner.Progress told) {
            switch (told) {
                case LabRunner.Progress.StepBegan began ->
                    out.printf(
                            "[%d/%d] %s%n",
                            began.number(), began.of(), began.step().title());
                case LabRunner.Progress.CommandsBegan ignored -> {
                    // the shell tells each command itself
                }
                case LabRunner.Progress.CheckPassed passed ->
                    out.println("    ✔ " + passed.check().title());
                case LabRunner.Progress.StepEnded ended -> {
                    LabRunner.StepResult result = ended.result();
                    if (!result.passed()) {
                        out.println("    ✘ " + result.failure());
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

    @Command(
            name = "verify",
            description = "Run a lab unattended; every check must fail before its step and pass after it.",
            mixinStandardHelpOptions = true)
    final class Verify extends Run {
        @Override
        boolean verify() {
            return true;
        }
    }

    @Command(
            name = "shell",
            description = "The built-in shell, on a script file or interactive.",
            mixinStandardHelpOptions = true)
    final class ShellCommand implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec commandSpec;

        @Parameters(paramLabel = "SCRIPT", arity = "0..1", description = "A script; none: interactive.")
        private @Nullable Path script;

        @Option(
                names = {"-k", "--keep-going"},
                description = "Go on after a command that fails.")
        private boolean keepGoing;

        @Mixin
        private EngineOptions engine = new EngineOptions();

        @Override
        public Integer call() throws Exception {
            String text = script == null ? null : read(script);
            PrintWriter out = out(commandSpec);
            try (LabEnvironment environment = environments.open(engine.options(text != null))) {
                if (text == null) {
                    environment.observer().follow();
                    var history = UserFolders.ofThisUser().data().resolve("history");
                    try (var terminal = InteractiveShell.systemTerminal()) {
                        return new InteractiveShell(environment.shell(), terminal, Optional.of(history)).run();
                    }
                }
                PrintWriter err = java.util.Objects.requireNonNull(commandSpec)
                        .commandLine()
                        .getErr();
                return environment.shell().run(text, !keepGoing, new Shell.Output() {
                    @Override
                    public void stdout(String printed) {
                        out.print(printed);
                        out.flush();
                    }

                    @Override
                    public void stderr(String printed) {
                        err.print(printed);
                        err.flush();
                    }
                });
            }
        }

        private String read(Path file) {
            try {
                return java.nio.file.Files.readString(file);
            } catch (java.io.IOException e) {
                throw new LabException(
                        LabException.Kind.INPUT,
                        "Cannot read the script " + file + ": " + e.getMessage() + ".",
                        "Look at whether it exists and is UTF-8 text.",
                        e);
            }
        }
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        return java.util.Objects.requireNonNull(spec, "picocli sets it")
                .commandLine()
                .getOut();
    }
}
