package dev.clusterlab.provisioning.hosts.consent;

import dev.clusterlab.provisioning.UserFolders;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How a Swarm that exists may be tested.
 *
 * @param records folder of what is written down on this computer, so that it can be ended if this program is killed
 * @param environment of this process
 * @param operatingSystem as Java names it
 * @param atMost nodes, and tasks of each service, that may be broken at once; empty: a third of them, one at least
 * @param breakQuorum whether a person has agreed that the managers may be without a majority
 * @param time of this computer
 */
public record ConsentSettings(
        Path records,
        Map<String, String> environment,
        String operatingSystem,
        OptionalInt atMost,
        boolean breakQuorum,
        InstantSource time) {
    public ConsentSettings {
        environment = Map.copyOf(environment);
    }

    public static ConsentSettings ofThisUser() {
        return new ConsentSettings(
                UserFolders.ofThisUser().data().resolve("swarm-tests"),
                System.getenv(),
                System.getProperty("os.name", ""),
                OptionalInt.empty(),
                false,
                InstantSource.system());
    }

    /** As these, with other limits. */
    public ConsentSettings within(OptionalInt most, boolean quorum) {
        return new ConsentSettings(records, environment, operatingSystem, most, quorum, time);
    }
}
