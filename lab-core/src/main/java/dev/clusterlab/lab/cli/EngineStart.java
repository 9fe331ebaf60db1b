package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.LabEnvironment;
import dev.clusterlab.provisioning.DockerLabs;
import dev.clusterlab.provisioning.Engines;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Opens the engine of a command. On real Docker a person is told first what killed programs left behind, and then how far
 * the long work is.
 */
final class EngineStart {
    private final CliContext context;
    private final PrintWriter told;

    /** @param told where it is said: not among the output of the command */
    EngineStart(CliContext context, PrintWriter told) {
        this.context = context;
        this.told = told;
    }

    /**
     * @param asking whether a person can be asked what becomes of a lab that was left behind
     * @param quiet without progress
     * @throws LabException ENVIRONMENT if the engine cannot be had here, CANCELLED if the person wants none
     */
    LabEnvironment open(LabEnvironment.Options options, boolean asking, boolean quiet) {
        LabEnvironment.Options chosen = options;
        if (options.engine().equals(Engines.DOCKER)) {
            chosen = options.withEngine(leftOver(asking));
        }
        LabEnvironment environment = context.environments().open(chosen);
        if (!quiet) {
            // It ends with the engine.
            var printing = new ProgressLines(told, false);
            environment.engine().onProgress(printing::print);
        }
        return environment;
    }

    /** The name of the engine to open. */
    private String leftOver(boolean asking) {
        try (DockerLabs docker = DockerLabs.ofThisUser()) {
            List<DockerLabs.Lab> left = docker.leftOver();
            for (DockerLabs.Lab lab : left) {
                told.println("A program that was ended left the lab " + lab.id() + " behind: "
                        + (lab.machines().isEmpty() ? "no machines" : String.join(", ", lab.machines())) + ".");
                if (asking) {
                    switch (answer()) {
                        case "t" -> {
                            return Engines.takingUp(lab.id());
                        }
                        case "r" -> {
                            docker.remove(lab.id());
                            told.println("Removed " + lab.id() + ".");
                        }
                        default -> told.println("It stays; `clusterlab clean` removes it.");
                    }
                }
            }
            if (!left.isEmpty() && !asking) {
                told.println("  --engine " + Engines.takingUp("LAB") + " takes one up again, in guide, shell or the"
                        + " window; `clusterlab clean` removes them.");
            }
            told.flush();
        }
        return Engines.DOCKER;
    }

    private String answer() {
        while (true) {
            told.print("  [t]ake it up again, [r]emove it, or begin a [n]ew lab beside it? ");
            told.flush();
            String line = line(context.input().stream()).strip().toLowerCase(Locale.ROOT);
            if (!line.isEmpty() && "trn".contains(line.substring(0, 1))) {
                return line.substring(0, 1);
            }
        }
    }

    /** Byte by byte: what is typed after this line is for others to read. */
    private static String line(InputStream input) {
        var bytes = new java.io.ByteArrayOutputStream();
        try {
            for (int read = input.read(); read != '\n'; read = input.read()) {
                if (read < 0) {
                    throw new LabException(LabException.Kind.CANCELLED, "Nothing was chosen.", "");
                }
                bytes.write(read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
