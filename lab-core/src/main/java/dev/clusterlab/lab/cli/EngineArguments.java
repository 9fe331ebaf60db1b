package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that every command with an engine has. */
final class EngineArguments {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = {
                "embedded needs nothing; docker makes real machines on this computer's Docker Engine; docker:LAB takes up"
                        + " a lab that a killed program left there; remote takes the Docker hosts of --hosts as machines, and leaves"
                        + " them as it found them; remote:LAB takes up such a lab. Default: ${DEFAULT-VALUE}."
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

    @Mixin
    private HostOptions hosts = new HostOptions();

    @Option(
            names = "--take",
            split = ",",
            paramLabel = "NAME",
            description = "With --engine remote: hosts that may be taken although containers are on them; these stay.")
    private List<String> lent = new ArrayList<>();

    /** The hosts of --hosts and --context. */
    List<Host> hosts() {
        return hosts.read();
    }

    /** Whether hosts that have containers are lent. */
    boolean takes() {
        return !lent.isEmpty();
    }

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
        var options = new LabEnvironment.Options(engine, seed, unattended, speed);
        if (!engine.equals(EngineNames.REMOTE) && !hosts.given() && lent.isEmpty()) {
            return options;
        }
        return options.withHosts(new LabHosts(hosts.read(), requireKnown(hosts.read())));
    }

    private Set<String> requireKnown(List<Host> read) {
        for (String name : lent) {
            if (read.stream().noneMatch(host -> host.name().equals(name))) {
                throw new LabException(
                        LabException.Kind.INPUT,
                        "No host is called " + name + ".",
                        "--take names hosts of --hosts: "
                                + String.join(
                                        ", ", read.stream().map(Host::name).toList()) + ".");
            }
        }
        return Set.copyOf(lent);
    }
}
