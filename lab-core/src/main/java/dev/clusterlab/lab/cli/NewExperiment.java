package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.experiment.ExperimentTemplate;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab experiment new FILE}. */
@Command(
        name = "new",
        description = "Write an experiment to begin with, in which comments say what each key means.",
        mixinStandardHelpOptions = true)
final class NewExperiment implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The file to write, such as mine.yaml; it must not exist.")
    private Path file = Path.of("");

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try {
            Files.writeString(file, ExperimentTemplate.in(language.locale()), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new LabException(
                    LabException.Kind.CONFLICT,
                    file + " exists already.",
                    "Choose another name, or remove it first.",
                    e);
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot write " + file + ": " + e.getMessage() + ".",
                    "Choose a file in a folder that exists and may be written.",
                    e);
        }
        out.println(file);
        out.flush();
        return ExitCodes.OK;
    }
}
