package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Ends the services of a lab's Swarm before its hosts leave it, as far as a manager still can: a daemon that leaves in the middle of
 * its work may forget parts of overlay networks, which then are in the next one's way.
 */
final class SwarmEnd {
    private static final System.Logger LOG = System.getLogger(SwarmEnd.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 300;
    private static final String TASKS = "/containers/json?all=true&filters="
            + URLEncoder.encode("{\"label\":[\"" + HostReturn.TASK + "\"]}", StandardCharsets.UTF_8);

    private SwarmEnd() {}

    /** @param hosts of the Swarm, that run */
    static void of(List<LabHost> hosts) {
        if (hosts.stream().noneMatch(SwarmEnd::services)) {
            return;
        }
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline && hosts.stream().anyMatch(SwarmEnd::works)) {
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException(Kind.CANCELLED, "Cancelled.", "", e);
            }
        }
    }

    /** Whether a manager removed them. */
    private static boolean services(LabHost host) {
        try {
            for (JsonNode service : host.daemon().getJson("/services", ASK_LIMIT)) {
                host.daemon().delete("/services/" + service.path("ID").asText());
            }
            return true;
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, host.host() + " cannot end the services", e);
            return false;
        }
    }

    private static boolean works(LabHost host) {
        try {
            return !host.daemon().getJson(TASKS, ASK_LIMIT).isEmpty();
        } catch (LabException e) {
            return false;
        }
    }
}
