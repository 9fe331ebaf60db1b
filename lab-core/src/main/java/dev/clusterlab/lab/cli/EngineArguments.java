package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.LabException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options that every command with an engine has. */
final class EngineArguments {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = {
                "embedded needs nothing; docker makes real machines on this computer's Docker Engine; docker:LAB takes up"
                        + " a lab that a killed program left there. Default: ${DEFAULT-VALUE}."
            },
            defaultValue = "embedded")
    String engine = "embedded";

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Seed of the embedded engine's randomness. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    long seed = 1;

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            description =
                    "Seconds of engine time in one of wall-clock time, above 0 and up to 64. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    double speed = 1;

    /** Longest time that checks may be waited for, in seconds: a year. */
    private static final long LIMIT_SECONDS_MAX = 31_536_000;

    /** The time of {@code --limit}. */
    static Duration limit(long seconds) {
        if (seconds < 0 || seconds > LIMIT_SECONDS_MAX) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "The limit " + seconds + " is out of range.",
                    "Give seconds from 0 to " + LIMIT_SECONDS_MAX + " (a year), such as --limit 300.");
        }
        return Duration.ofSeconds(seconds);
    }

    LabEnvironment.Options options(boolean unattended) {
        if (!(speed > 0 && speed <= 64)) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "The speed " + speed + " is out of range.",
                    "Give a number above 0 and up to 64, such as --speed 4.");
        }
        return new LabEnvironment.Options(engine, seed, unattended, speed);
    }
}
