package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.shell.text.GoDuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for tests of a Swarm that exists. */
final class ConsentOptions {
    @Option(
            names = "--allow-faults",
            description = {
                "Run it in the Swarm of --hosts or --context, as that is: nothing is brought up. Only nodes and services are hit that their"
                        + " owner has labelled dev.clusterlab.faults=allowed, and only by what ends by itself."
            })
    boolean allowFaults;

    @Option(
            names = "--at-most",
            paramLabel = "N",
            description =
                    "With --allow-faults: nodes, and tasks of each service, that may be broken at once. Default: a third, one at least.")
    private @Nullable Integer atMost;

    @Option(
            names = "--time-limit",
            paramLabel = "TIME",
            defaultValue = "30m",
            description = "With --allow-faults: after this time everything is ended. Default: ${DEFAULT-VALUE}.")
    private String timeLimit = "30m";

    @Option(
            names = "--yes-break-quorum",
            description =
                    "With --allow-faults: agrees that the managers may lose their majority, which the experiment must say too (breaks-quorum:"
                            + " true). Without it a person is asked.")
    boolean breakQuorum;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description =
                    "With --allow-faults: where all that happens is written. Default: a file in the user's data folder.")
    @Nullable
    Path journal;

    /** Whether one of them is given that means nothing without --allow-faults. */
    boolean givenInVain() {
        return !allowFaults && (atMost != null || breakQuorum || journal != null || !timeLimit.equals("30m"));
    }

    OptionalInt atMost() {
        if (atMost == null) {
            return OptionalInt.empty();
        }
        if (atMost < 1) {
            throw new LabException(
                    LabException.Kind.INPUT, "--at-most " + atMost + " breaks nothing.", "Give a number from 1 on.");
        }
        return OptionalInt.of(atMost);
    }

    /** As it was written. */
    String timeText() {
        return timeLimit;
    }

    Duration time() {
        return Optional.of(timeLimit)
                .flatMap(ConsentOptions::parsed)
                .filter(Duration::isPositive)
                .orElseThrow(() -> new LabException(
                        LabException.Kind.INPUT,
                        "\"" + timeLimit + "\" is not a time.",
                        "Such as --time-limit 10m or --time-limit 1h."));
    }

    private static Optional<Duration> parsed(String text) {
        try {
            return Optional.of(GoDuration.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
