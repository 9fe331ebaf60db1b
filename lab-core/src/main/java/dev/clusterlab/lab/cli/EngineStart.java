package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.environment.EngineLabs;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.environment.LeftOverLabs;
import dev.clusterlab.lab.environment.LeftOverLabs.Choice;
import dev.clusterlab.lab.words.RemoteWords;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.DockerLabs;
import dev.clusterlab.provisioning.engines.Engines;
import dev.clusterlab.provisioning.hosts.lab.RemoteEngine;
import dev.clusterlab.provisioning.hosts.lab.RemoteLabs;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord;
import dev.clusterlab.provisioning.hosts.lab.RemoteSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Opens the engine of a command. On real Docker a person reads first what killed programs left behind, and then how far
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
    LabEnvironment open(LabEnvironment.Options options, boolean asking, boolean quiet) throws InterruptedException {
        LabEnvironment.Options chosen =
                LeftOverLabs.settle(options, EngineLabs::ofThisUser, asking ? new Asked() : new Told());
        if (chosen.engine().equals(EngineNames.REMOTE)) {
            new RemoteLabs(RemoteSettings.ofThisUser()).leftOver().forEach(this::tell);
        }
        told.flush();
        LabEnvironment environment = context.environments().open(chosen);
        if (environment.engine() instanceof RemoteEngine remote) {
            // Nothing has been touched yet.
            RemoteWords.of(Locale.getDefault()).plan(remote.plans()).forEach(told::println);
            told.flush();
        }
        if (!quiet) {
            // It ends with the engine.
            var printing = new ProgressLines(told, false);
            environment.engine().onProgress(printing::print);
        }
        return environment;
    }

    private void tell(DockerLabs.Lab lab) {
        told.println("A program that was ended left the lab " + lab.id() + " behind: "
                + (lab.machines().isEmpty() ? "no machines" : String.join(", ", lab.machines())) + ".");
    }

    private void tell(RemoteRecord lab) {
        told.println("A program that was ended left the lab " + lab.id() + " on hosts: "
                + String.join(", ", lab.machines()) + ". --engine " + EngineNames.REMOTE + ":" + lab.id()
                + " takes it up again, `clusterlab clean` leaves its hosts as they were found.");
    }

    /** Nobody sits there: everything stays. */
    private final class Told implements LeftOverLabs.Person {
        @Override
        public Choice choose(DockerLabs.Lab lab, int number, int count) {
            tell(lab);
            if (number == count) {
                told.println("  --engine " + Engines.takingUp("LAB") + " takes one up again, in guide, shell or the"
                        + " window; `clusterlab clean` removes them.");
            }
            return Choice.LEAVE;
        }
    }

    private final class Asked implements LeftOverLabs.Person {
        @Override
        public Choice choose(DockerLabs.Lab lab, int number, int count) {
            tell(lab);
            return switch (answer()) {
                case "t" -> Choice.TAKE_UP;
                case "r" -> Choice.REMOVE;
                default -> {
                    told.println("It stays; `clusterlab clean` removes it.");
                    yield Choice.LEAVE;
                }
            };
        }

        @Override
        public void removed(DockerLabs.Lab lab) {
            told.println("Removed " + lab.id() + ".");
        }
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
