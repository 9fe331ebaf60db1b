package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.shell.InteractiveShell;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.UserFolders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

/** {@code clusterlab shell [SCRIPT]}: the built-in shell, for a person or for a script. */
@Command(
        name = "shell",
        description = {
            "The built-in shell, on a script file or interactive.",
            "A script runs unattended: engine time passes as fast as it can while something waits. It stops at the"
                    + " first command that fails, and its status is this command's."
        },
        mixinStandardHelpOptions = true)
final class OpenShell implements Callable<Integer> {
    private final CliContext context;

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Parameters(
            index = "0",
            paramLabel = "SCRIPT",
            arity = "0..1",
            description = "A script; - or a pipe: standard input; none: interactive.")
    private @Nullable Path script;

    @Parameters(index = "1..*", paramLabel = "ARGUMENT", arity = "0..*", description = "$1, $2, … of the script.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"-k", "--keep-going"},
            description = "Go on after a command that fails.")
    private boolean keepGoing;

    @Mixin
    private EngineArguments engine = new EngineArguments();

    OpenShell(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        CommandLine line = Objects.requireNonNull(commandSpec).commandLine();
        Optional<String> text = text();
        try (LabEnvironment environment =
                new EngineStart(context, line.getErr()).open(engine.options(text.isPresent()), text.isEmpty(), false)) {
            if (text.isEmpty()) {
                environment.anatomies().begin();
                environment.observer().follow();
                var history = UserFolders.ofThisUser().data().resolve("history");
                try (var terminal = InteractiveShell.systemTerminal()) {
                    return new InteractiveShell(environment.shell(), terminal, Optional.of(history)).run();
                }
            }
            return environment
                    .shell()
                    .run(text.get(), !keepGoing, arguments, new Printing(line.getOut(), line.getErr()));
        }
    }

    /** The script; nothing if a person is to type. */
    private Optional<String> text() {
        boolean piped = script == null && !context.input().terminal();
        try {
            if (piped || (script != null && script.toString().equals("-"))) {
                return Optional.of(new String(context.input().stream().readAllBytes(), StandardCharsets.UTF_8));
            }
            return script == null ? Optional.empty() : Optional.of(Files.readString(script));
        } catch (IOException e) {
            boolean folder = script != null && Files.isDirectory(script);
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot read the script " + script + ": " + (folder ? "it is a folder" : FileTrouble.reason(e))
                            + ".",
                    "Give a file of UTF-8 text that exists.",
                    e);
        }
    }

    /** Passes on what a script prints, at once. */
    private record Printing(PrintWriter out, PrintWriter err) implements Shell.Output {
        @Override
        public void stdout(String text) {
            out.print(text);
            out.flush();
        }

        @Override
        public void stderr(String text) {
            err.print(text);
            err.flush();
        }
    }
}
