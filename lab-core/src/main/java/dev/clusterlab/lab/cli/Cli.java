package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.LabException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code clusterlab} command. Front ends are thin: what the commands share stands below them. */
@Command(
        name = "clusterlab",
        description = "Build a resilient web platform step by step, then break it on purpose.",
        mixinStandardHelpOptions = true,
        version = "Cluster Lab " + Cli.VERSION,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {},
        subcommands = CommandLine.HelpCommand.class)
public final class Cli implements Callable<Integer> {
    /** Of the whole program. */
    public static final String VERSION = "0.1.0";

    private final CliContext context;
    private final @Nullable DesktopLauncher desktop;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--lab",
            paramLabel = "LAB",
            description = "Lab that the window opens: a name, or a folder. Default: ${DEFAULT-VALUE}.",
            defaultValue = "resilient-swarm")
    private String lab = "resilient-swarm";

    @Mixin
    private EngineArguments engineOptions = new EngineArguments();

    /** @param desktop opens the window; null where there is none */
    public Cli(LabEnvironment.Factory environments, @Nullable DesktopLauncher desktop) {
        this(environments, desktop, CommandInput.ofThisProcess());
    }

    /** A command line that reads {@code input} as a pipe, not as a terminal. */
    public Cli(LabEnvironment.Factory environments, @Nullable DesktopLauncher desktop, InputStream input) {
        this(environments, desktop, new CommandInput(input, false));
    }

    private Cli(LabEnvironment.Factory environments, @Nullable DesktopLauncher desktop, CommandInput input) {
        this.context = new CliContext(environments, new CheckLanguage(), input);
        this.desktop = desktop;
    }

    /** The command line with all its commands, ready to execute. */
    public CommandLine commandLine() {
        var line = new CommandLine(this);
        line.addSubcommand(new GuideLab(context)).addSubcommand(new RunLab(context));
        line.addSubcommand(new VerifyLab(context)).addSubcommand(new ListLabs(context));
        line.addSubcommand(new OpenShell(context)).addSubcommand(new Serve(context));
        line.addSubcommand(new WriteReport()).addSubcommand(new MakeHandout(context));
        line.addSubcommand(new Doctor(context)).addSubcommand(new Watch());
        line.addSubcommand(new ExportLab(context)).addSubcommand(new Clean()).addSubcommand(Images.ofThisUser(context));
        line.addSubcommand(new SweepSeeds()).addSubcommand(Experiments.line(context));
        line.getCommandSpec().usageMessage().exitCodeList(ExitCodes.help(""));
        line.getSubcommands().forEach(Cli::explainExitCodes);
        line.setOut(UntilEnding.of(line.getOut())).setErr(UntilEnding.of(line.getErr()));
        line.setParameterExceptionHandler((e, given) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println("clusterlab: " + people(String.valueOf(e.getMessage())) + ".");
            if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
                err.print(meant(unmatched));
            }
            err.println("  " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help says what there is.");
            err.flush();
            return ExitCodes.USAGE;
        });
        line.setExecutionExceptionHandler((e, where, parsed) -> {
            if (e instanceof LabException known) {
                where.getErr().println(where.getColorScheme().errorText("clusterlab: " + known.getMessage()));
                if (!known.advice().isEmpty()) {
                    where.getErr().println("  " + known.advice());
                }
                return ExitCodes.of(known);
            }
            if (e instanceof InterruptedException) {
                where.getErr().println("clusterlab: cancelled.");
                return 130;
            }
            throw e;
        });
        return line;
    }

    private static void explainExitCodes(String name, CommandLine command) {
        command.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCodes.help(name));
        if (command.getCommand() instanceof Experiments) {
            command.getSubcommands().values().forEach(each -> explainExitCodes(name, each));
        }
    }

    /** A line that names the command or option that was probably meant, or nothing. */
    private static String meant(CommandLine.UnmatchedArgumentException unmatched) {
        CommandLine line = unmatched.getCommandLine();
        String word = unmatched.getUnmatched().getFirst();
        var known = new TreeSet<>(line.getSubcommands().keySet());
        if (word.startsWith("-")) {
            known = new TreeSet<>(line.getCommandSpec().optionsMap().keySet());
        }
        return Suggestions.nearest(word, known)
                .map(near -> "  Did you mean " + near + "?\n")
                .orElse("");
    }

    /** Words of programmers as those of people. */
    private static String people(String message) {
        return message.replaceFirst("\\.$", "")
                .replace("is not a long", "is not a whole number")
                .replace("is not an int", "is not a whole number")
                .replace("is not a double", "is not a number");
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
        return desktop.launch(new DesktopLauncher.Request(
                context.environments(), engineOptions.options(false), context.library(), lab));
    }
}
