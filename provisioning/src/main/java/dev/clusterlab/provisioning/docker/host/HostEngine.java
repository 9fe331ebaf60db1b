package dev.clusterlab.provisioning.docker.host;

import dev.clusterlab.provisioning.DockerTls;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The Docker Engine of the user on which a lab's machines run as containers, and how it was found.
 *
 * @param endpoint where it answers: {@code unix://…}, {@code npipe://…} or {@code tcp://…} of this computer
 * @param source what led to it, such as {@code DOCKER_HOST} or {@code docker context colima}
 * @param tls how to speak to it, where it wants TLS
 * @param skipped what was tried before it and why that was not taken, in the order of trying
 */
public record HostEngine(URI endpoint, String source, Optional<DockerTls> tls, List<Skipped> skipped) {
    public HostEngine {
        skipped = List.copyOf(skipped);
    }

    /** A place where no usable engine was found. {@code reason} is a sentence without its end. */
    public record Skipped(String source, String place, String reason) {
        @Override
        public String toString() {
            return source + " (" + place + "): " + reason;
        }
    }
}
