package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.docker.DockerSettings;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.images.ImageSpace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a lab on hosts needs to know of this computer.
 *
 * @param docker images and their cache, as for the docker engine
 * @param finder of this computer's Docker Engine, which sends what hosts cannot get by themselves
 * @param records folder of what is kept of labs
 * @param environment of this process
 * @param operatingSystem as Java names it
 * @param commandLimit of wall-clock time, for a command that switches a host off or on
 * @param startLimit of wall-clock time, in which a host that was switched on answers
 * @param time of this computer
 */
public record RemoteSettings(
        DockerSettings docker,
        HostEngineFinder finder,
        Path records,
        Map<String, String> environment,
        String operatingSystem,
        Duration commandLimit,
        Duration startLimit,
        InstantSource time) {
    public RemoteSettings {
        environment = Map.copyOf(environment);
    }

    /** What the images of a lab take; asks this computer's Docker Engine. */
    ImageSpace space() {
        return ImageSpace.of(docker.images(), finder);
    }

    public static RemoteSettings ofThisUser() {
        return new RemoteSettings(
                DockerSettings.ofThisUser(),
                HostEngineFinder.ofThisUser(),
                UserFolders.ofThisUser().data().resolve("remote-labs"),
                System.getenv(),
                System.getProperty("os.name", ""),
                Duration.ofMinutes(3),
                Duration.ofMinutes(5),
                InstantSource.system());
    }
}
