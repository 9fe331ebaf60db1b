package dev.clusterlab.provisioning.docker.host;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder.Candidate;
import java.time.Duration;
import java.util.Optional;

/** Asks an engine whether it will do. */
public final class HostProbe {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private HostProbe() {}

    /** Empty if it will do, or else the reason. */
    public static Optional<String> whyNot(Candidate candidate) {
        try (DockerConnection connection =
                DockerConnection.open("this computer", candidate.endpoint(), candidate.tls(), LIMIT)) {
            if (DockerConnection.minor(connection.apiVersion())
                    < DockerConnection.minor(HostEngineFinder.API_VERSION_MIN)) {
                return Optional.of(HostEngineFinder.TOO_OLD + ": it speaks API version " + connection.apiVersion()
                        + ", and the lab needs " + HostEngineFinder.API_VERSION_MIN);
            }
            String type = connection.getJson("/info", LIMIT).path("OSType").asText("linux");
            return type.equals("linux")
                    ? Optional.empty()
                    : Optional.of("its containers are of " + type + ", and the lab's machines need Linux");
        } catch (LabException e) {
            return Optional.of(reason(e));
        }
    }

    /** In words of {@link HostEngineFinder}, by which it gives advice. */
    static String reason(LabException thrown) {
        if (HostEngineFinder.isTlsProblem(thrown)) {
            return HostEngineFinder.BAD_TLS + ": " + innermost(thrown);
        }
        String innermost = innermost(thrown);
        if (innermost.contains("Permission denied") || innermost.contains("Operation not permitted")) {
            return HostEngineFinder.NO_PERMISSION;
        }
        if (String.valueOf(thrown.getMessage()).contains("HTTP request to an HTTPS server")) {
            return HostEngineFinder.WANTS_TLS;
        }
        if (!HostErrors.silent(thrown)) {
            return String.valueOf(thrown.getMessage());
        }
        return HostEngineFinder.NOBODY_ANSWERS + ": " + innermost;
    }

    private static String innermost(Throwable thrown) {
        Throwable at = thrown;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
    }
}
