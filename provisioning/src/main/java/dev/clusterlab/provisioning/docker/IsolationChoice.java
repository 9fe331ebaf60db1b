package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the machines of one lab are isolated: as a person set it, otherwise as far as the engine allows. Thread-safe. */
final class IsolationChoice {
    private static final System.Logger LOG = System.getLogger(IsolationChoice.class.getName());

    private final HostDocker host;
    private final IsolationMemory refusals;
    private final InstantSource time;
    private @Nullable NodeIsolation isolation;

    /**
     * @param refusals of engines, so that not every lab finds out anew
     * @param wanted by a person; empty to find out
     */
    IsolationChoice(HostDocker host, IsolationMemory refusals, Optional<NodeIsolation> wanted, InstantSource time) {
        this.host = host;
        this.refusals = refusals;
        this.isolation = wanted.orElse(null);
        this.time = time;
    }

    /** Empty until the first machine was made. */
    synchronized Optional<NodeIsolation> chosen() {
        return Optional.ofNullable(isolation);
    }

    /**
     * Makes a container as chosen. The first of a lab finds out; others wait for what it found, and are then made together.
     *
     * @param container makes one with an isolation, and leaves nothing behind where that fails
     * @return what was made
     */
    String make(Function<NodeIsolation, String> container) {
        NodeIsolation known;
        synchronized (this) {
            if (isolation == null) {
                Optional<String> made = tryPrivileged(container);
                if (made.isPresent()) {
                    return made.get();
                }
            }
            known = isolation == null ? NodeIsolation.CAPABILITIES : isolation;
        }
        return container.apply(known);
    }

    /** The container, or empty if this engine refuses such ones. Called with the lock held. */
    private Optional<String> tryPrivileged(Function<NodeIsolation, String> container) {
        String engineId = host.get("ask the Docker Engine about itself", "/info")
                .path("ID")
                .asText("");
        if (refusals.refusesPrivileged(engineId, time.instant())) {
            isolation = NodeIsolation.CAPABILITIES;
            return Optional.empty();
        }
        try {
            String id = container.apply(NodeIsolation.PRIVILEGED);
            isolation = NodeIsolation.PRIVILEGED;
            return Optional.of(id);
        } catch (LabException e) {
            if (!privilegedRefused(e)) {
                throw e;
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    "This engine refuses privileged containers; machines get a list of capabilities instead.");
            refusals.refusedPrivileged(engineId, time.instant());
            isolation = NodeIsolation.CAPABILITIES;
            return Optional.empty();
        }
    }

    private static boolean privilegedRefused(LabException thrown) {
        String text = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("unable to apply caps")
                || text.contains("operation not permitted")
                || text.contains("privileged");
    }
}
