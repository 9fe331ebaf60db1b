package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.LabLabels;
import dev.clusterlab.provisioning.hosts.helper.HostHelper;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Taken;
import dev.clusterlab.provisioning.real.KeeperScripts;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Leaves a host as it was found: out of the lab's Swarm, and without what that Swarm and the lab made. What was there before stays, and
 * so does what somebody else made meanwhile: only what carries the lab's label, or belongs to a task of its Swarm, or was brought by the
 * lab, is removed. Each step can be done again.
 */
final class HostReturn {
    private static final System.Logger LOG = System.getLogger(HostReturn.class.getName());
    static final String TASK = "com.docker.swarm.task.id";

    /** For a network that a daemon still lets go of; on a busy computer it takes 10 s and more. */
    private static final Duration NETWORK_LIMIT = Duration.ofSeconds(45);

    /** For a daemon that just came into its Swarm, or back into it, to make its part of the Swarm's networks. */
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(10);

    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 300;
    /** So often, one after another, nothing is to be found. */
    private static final int LOOKS = 4;

    /** Networks that a daemon makes for its part in a Swarm, and does not remove with it. */
    private static final Set<String> OF_SWARM = Set.of("docker_gwbridge", "ingress");

    /** What a daemon calls its own end of {@code ingress}. */
    private static final String INGRESS_END = "ingress-sbox";

    private final LabHost host;
    private final DockerConnection daemon;
    private final HostTools tools;
    private final String labId;
    private final Taken taken;

    /** @param host that answers */
    HostReturn(LabHost host, HostTools tools, String labId, Taken taken) {
        this.host = host;
        this.daemon = host.daemon();
        this.tools = tools;
        this.labId = labId;
        this.taken = taken;
    }

    /**
     * Gives hosts back side by side: those that manage the Swarm after all others, which may need a manager to come to rest.
     *
     * @param back gives one back, and tells why it could not be
     */
    static <T> List<String> inOrder(List<T> hosts, Function<T, LabHost> host, Function<T, Optional<String>> back) {
        List<T> managers =
                hosts.stream().filter(one -> manages(host.apply(one))).toList();
        List<T> others = hosts.stream().filter(one -> !managers.contains(one)).toList();
        return Stream.of(others, managers)
                .flatMap(those -> Sweep.CONCURRENT.ask(those, back).stream())
                .flatMap(Optional::stream)
                .toList();
    }

    private static boolean manages(LabHost host) {
        try {
            return host.daemon()
                    .getJson("/info", ASK_LIMIT)
                    .path("Swarm")
                    .path("ControlAvailable")
                    .asBoolean();
        } catch (LabException e) {
            return false;
        }
    }

    /** @throws LabException if the daemon does not answer, or refuses */
    void run() {
        // Whoever leaves a Swarm loses its containers, and with them what they say of their volumes.
        List<JsonNode> before = ours();
        SortedSet<String> volumes = volumes(before);
        if (before.stream().anyMatch(container -> container.path("Labels").has(HostHelper.LABEL))) {
            tools.run(host, "end the faults of " + host.host().name(), KeeperScripts.end());
        }
        leave();
        String hostname = taken.before().hostname();
        if (!daemon.getJson("/info").path("Name").asText("").equals(hostname)) {
            tools.call(host, hostname);
        }
        for (JsonNode container : ours()) {
            delete("/containers/" + container.path("Id").asText() + "?force=true&v=true");
        }
        networks();
        for (JsonNode volume : daemon.getJson("/volumes").path("Volumes")) {
            String name = volume.path("Name").asText();
            if ((volumes.contains(name) || labelled(volume))
                    && !taken.before().volumes().contains(name)) {
                deleteIfFree("/volumes/" + URLEncoder.encode(name, StandardCharsets.UTF_8));
            }
        }
        var images = new TreeSet<>(taken.brought());
        images.add(HostHelper.IMAGE);
        images.removeAll(taken.before().images());
        for (String image : images) {
            // One in use by a container of somebody else stays.
            deleteIfFree("/images/" + image);
        }
    }

    /** A daemon that had just joined may make its part of the Swarm's networks after it has left: so it is looked twice at least. */
    private void networks() {
        long deadline = System.nanoTime() + NETWORK_LIMIT.toNanos();
        int clean = 0;
        while (clean < LOOKS && System.nanoTime() < deadline) {
            if (clean > 0) {
                pause();
            }
            clean++;
            for (JsonNode network : daemon.getJson("/networks")) {
                String name = network.path("Name").asText();
                boolean made = OF_SWARM.contains(name) || labelled(network);
                if (made && !taken.before().networks().contains(name)) {
                    network(network.path("Id").asText());
                    clean = 0;
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(Kind.CANCELLED, "Cancelled.", "", e);
        }
    }

    private List<JsonNode> ours() {
        var ours = new ArrayList<JsonNode>();
        for (JsonNode container : daemon.getJson("/containers/json?all=true")) {
            boolean made = labelled(container) || container.path("Labels").has(TASK);
            if (made
                    && !taken.before()
                            .containers()
                            .contains(container.path("Id").asText())) {
                ours.add(container);
            }
        }
        return ours;
    }

    private boolean labelled(JsonNode made) {
        return made.path("Labels").path(LabLabels.LAB).asText("").equals(labId);
    }

    /** A daemon that leaves its Swarm removes the containers of tasks, and not their volumes. */
    private static SortedSet<String> volumes(List<JsonNode> containers) {
        var volumes = new TreeSet<String>();
        for (JsonNode container : containers) {
            for (JsonNode mount : container.path("Mounts")) {
                if (mount.path("Type").asText().equals("volume")) {
                    volumes.add(mount.path("Name").asText());
                }
            }
        }
        return volumes;
    }

    private void leave() {
        String state =
                daemon.getJson("/info").path("Swarm").path("LocalNodeState").asText("inactive");
        if (state.equals("active")) {
            settle();
        }
        if (!state.equals("inactive")) {
            daemon.post("/swarm/leave?force=true");
        }
    }

    /** A daemon that leaves while it makes its end of {@code ingress} may keep it, and then nobody can remove it until it restarts. */
    private void settle() {
        long deadline = System.nanoTime() + SETTLE_LIMIT.toNanos();
        while (!settled() && System.nanoTime() < deadline) {
            pause();
        }
    }

    private boolean settled() {
        for (JsonNode network : daemon.getJson("/networks")) {
            if (network.path("Ingress").asBoolean()) {
                return daemon.getJson("/networks/" + network.path("Id").asText())
                        .path("Containers")
                        .has(INGRESS_END);
            }
        }
        return false;
    }

    /** A daemon takes a moment to leave; what it forgot to disconnect is disconnected here. */
    private void network(String id) {
        long deadline = System.nanoTime() + NETWORK_LIMIT.toNanos();
        while (true) {
            try {
                delete("/networks/" + id);
                return;
            } catch (LabException e) {
                if (!refused(e)) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "A network stays on " + host.host()
                                    + ": its Docker Engine does not let go of it, and does so when it restarts",
                            e);
                    return;
                }
            }
            disconnect(id);
            pause();
        }
    }

    private void disconnect(String id) {
        try {
            for (JsonNode end : daemon.getJson("/networks/" + id).path("Containers")) {
                String name = end.path("Name").asText();
                if (name.startsWith("gateway_")) {
                    daemon.postJson(
                            "/networks/" + id + "/disconnect",
                            LoopbackHttp.JSON
                                    .createObjectNode()
                                    .put("Container", name)
                                    .put("Force", true));
                }
            }
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, "What is left of a network's ends on " + host.host(), e);
        }
    }

    private static boolean refused(LabException e) {
        return e.getCause() instanceof DockerRefusedException;
    }

    private void delete(String path) {
        try {
            daemon.delete(path);
        } catch (LabException e) {
            if (e.kind() != Kind.NOT_FOUND && !String.valueOf(e.getMessage()).contains("already in progress")) {
                throw e;
            }
        }
    }

    private void deleteIfFree(String path) {
        try {
            delete(path);
        } catch (LabException e) {
            if (!refused(e)) {
                throw e;
            }
            LOG.log(System.Logger.Level.DEBUG, path + " stays: somebody else uses it", e);
        }
    }
}
