package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.images.ImageReferences;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of the docker engine, from the environment:
 *
 * <ul>
 *   <li>{@code CLUSTERLAB_DOCKER_HOST}: the engine to use, see {@link HostEngineFinder};
 *   <li>{@code CLUSTERLAB_IMAGE_NODE}, {@code …_CONSUL}, …: see {@link ImageReferences};
 *   <li>{@code CLUSTERLAB_ISOLATION}: {@code auto} (the default), {@code privileged} or {@code capabilities};
 *   <li>{@code CLUSTERLAB_PORTS}: TCP ports of machines that can be reached, separated by commas. A container's ports
 *       cannot be changed later, so they are chosen before.
 * </ul>
 *
 * @param isolation empty: privileged, or capabilities where that is refused
 * @param ports each 1 to 65535
 * @param records folder of what is kept of labs
 * @param cache folder of image archives
 */
public record DockerSettings(
        ImageReferences images, Optional<NodeIsolation> isolation, List<Integer> ports, Path records, Path cache) {
    private static final String DEFAULT_PORTS = "80,443,5050,8000,8080,8081,8500,8501,9000,9090";

    public DockerSettings {
        ports = List.copyOf(ports);
    }

    public static DockerSettings ofThisUser() {
        return of(System.getenv(), UserFolders.ofThisUser());
    }

    /** @throws LabException INPUT for a value that means nothing */
    static DockerSettings of(Map<String, String> environment, UserFolders folders) {
        String isolation = environment.getOrDefault("CLUSTERLAB_ISOLATION", "auto");
        return new DockerSettings(
                ImageReferences.of(environment),
                switch (isolation.toLowerCase(Locale.ROOT)) {
                    case "auto", "" -> Optional.empty();
                    case "privileged" -> Optional.of(NodeIsolation.PRIVILEGED);
                    case "capabilities" -> Optional.of(NodeIsolation.CAPABILITIES);
                    default ->
                        throw new LabException(
                                Kind.INPUT,
                                "CLUSTERLAB_ISOLATION is " + isolation + ".",
                                "Use auto, privileged or capabilities.");
                },
                ports(environment.getOrDefault("CLUSTERLAB_PORTS", DEFAULT_PORTS)),
                folders.data().resolve("docker-labs"),
                folders.cache().resolve("images"));
    }

    private static List<Integer> ports(String text) {
        var ports = new ArrayList<Integer>();
        for (String part : text.split(",", -1)) {
            String word = part.strip();
            if (!word.matches("[0-9]{1,5}") || Integer.parseInt(word) < 1 || Integer.parseInt(word) > 65_535) {
                throw new LabException(
                        Kind.INPUT,
                        "CLUSTERLAB_PORTS has \"" + word + "\", which is not a port.",
                        "Use numbers from 1 to 65535, separated by commas.");
            }
            ports.add(Integer.valueOf(word));
        }
        return ports;
    }
}
