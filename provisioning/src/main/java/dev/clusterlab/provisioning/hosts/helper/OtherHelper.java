package dev.clusterlab.provisioning.hosts.helper;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.LabLabels;
import java.time.Instant;
import java.util.Optional;

/**
 * The helper of another lab or test on a host. What two of them keep there would be ended by either.
 *
 * @param name of the container
 * @param labId of the lab or test; empty text if it does not say
 * @param since when it was made
 */
public record OtherHelper(String name, String labId, Instant since) {
    /**
     * The first one, if there is any.
     *
     * @param containers as a daemon lists them, those that have ended too
     * @param own the name of the helper that whoever asks has there, or would have
     */
    public static Optional<OtherHelper> among(JsonNode containers, String own) {
        for (JsonNode container : containers) {
            String name = container.path("Names").path(0).asText("").replaceFirst("^/", "");
            JsonNode labels = container.path("Labels");
            if (labels.has(HostHelper.LABEL) && !name.equals(own)) {
                return Optional.of(new OtherHelper(
                        name,
                        labels.path(LabLabels.LAB).asText(""),
                        Instant.ofEpochSecond(container.path("Created").asLong())));
            }
        }
        return Optional.empty();
    }

    /** Why whoever asks leaves the host alone. */
    public LabException inTheWay(String host) {
        return new LabException(
                        Kind.CONFLICT,
                        "Another lab or test, " + labId + ", has " + host + " since " + since
                                + ", or left it: its helper " + name + " is there.",
                        "Wait for its end, or end it on the computer where it was begun: `clusterlab clean " + labId
                                + "`. If that computer is gone, its faults have ended by themselves: `docker rm -f "
                                + name
                                + "` on the host.")
                .named("helper.other", host, labId, since.toString(), name);
    }
}
