package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.EventStream;
import dev.clusterlab.provisioning.docker.NodeContainers.Found;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.real.ChangeCounter;
import dev.clusterlab.provisioning.real.DaemonFeed;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * What daemons report by themselves, as changes: each machine's own daemon says what runs there, the user's engine what becomes
 * of the machines. Listens on threads of its own from {@link #start} to {@link #close}. Thread-safe.
 */
final class ChangeFeed implements AutoCloseable {
    /** What only the engine knows or can do. */
    interface Engine {
        /** Whether this host can have a routing mesh; asks the host, the first time. */
        boolean routingMesh();

        /** Somebody has removed the container of a machine. */
        void destroyed(DockerNode node);
    }

    private final NodeContainers containers;
    private final MachineTable table;
    private final Function<DockerNode, DockerConnection> daemon;
    private final ChangeCounter changes;
    private final DaemonFeed feed;
    private final Engine engine;
    private final EventStream hostEvents;

    /**
     * @param daemon the connection to a machine's daemon; throws a {@link LabException} where there is none
     * @param timer repeats changes a little later; shut down by whoever made it
     */
    ChangeFeed(
            String labId,
            HostDocker host,
            NodeContainers containers,
            MachineTable table,
            Function<DockerNode, DockerConnection> daemon,
            ChangeCounter changes,
            ScheduledExecutorService timer,
            Engine engine) {
        this.containers = containers;
        this.table = table;
        this.daemon = daemon;
        this.changes = changes;
        this.feed = new DaemonFeed(changes, timer);
        this.engine = engine;
        this.hostEvents = new EventStream(
                "lab " + labId,
                host::connection,
                "{\"type\":[\"container\"],\"label\":[\"" + LabLabels.LAB + "=" + labId + "\"]}",
                this::catchUp,
                this::onHostEvent);
    }

    void start() {
        hostEvents.start();
    }

    @Override
    public void close() {
        hostEvents.close();
        table.all().forEach(DockerNode::stopFollowing);
    }

    /** Follows the daemon of a machine from now on. */
    void follow(DockerNode node) {
        node.follow(feed.follow(followed(node)));
    }

    /** Asks a daemon which ports it has published; keeps what was known where it does not answer. */
    void readPorts(DockerNode node) {
        DaemonFeed.readPorts(followed(node));
    }

    private DaemonFeed.Followed followed(DockerNode node) {
        return new DaemonFeed.Followed() {
            @Override
            public String name() {
                return node.name();
            }

            @Override
            public DockerConnection daemon() {
                return daemon.apply(node);
            }

            @Override
            public void readPorts() {
                node.readPorts(daemon(), engine.routingMesh());
            }

            @Override
            public Object view() {
                return table.view(node);
            }
        };
    }

    /** An engine that was away, or was started again, tells nothing of what happened meanwhile. */
    private void catchUp() {
        for (DockerNode node : table.all()) {
            String id = node.containerId();
            Optional<State> state = node.state();
            if (id == null || state.isEmpty()) {
                continue;
            }
            Optional<Found> found = containers.inspect(id);
            boolean on = state.equals(Optional.of(State.RUNNING)) || state.equals(Optional.of(State.PAUSED));
            if (found.isEmpty()) {
                engine.destroyed(node);
            } else if (on && !Set.of("running", "paused").contains(found.get().status())) {
                node.become(State.KILLED);
            }
        }
        changes.changed();
    }

    /** What happened to a machine without the lab: the user did it, or the computer had no memory left. */
    private void onHostEvent(JsonNode event) {
        String name =
                event.path("Actor").path("Attributes").path(LabLabels.MACHINE).asText("");
        DockerNode node = table.named(name).orElse(null);
        if (node == null
                || !event.path("id")
                        .asText(event.path("Actor").path("ID").asText(""))
                        .equals(node.containerId())) {
            return;
        }
        Optional<State> state = node.state();
        switch (event.path("Action").asText("")) {
            case "die" -> {
                if (state.equals(Optional.of(State.RUNNING)) || state.equals(Optional.of(State.PAUSED))) {
                    node.become(State.KILLED);
                    changes.changed();
                }
            }
            case "pause" -> {
                if (state.equals(Optional.of(State.RUNNING))) {
                    node.become(State.PAUSED);
                    changes.changed();
                }
            }
            case "unpause" -> {
                if (state.equals(Optional.of(State.PAUSED))) {
                    node.become(State.RUNNING);
                    changes.changed();
                }
            }
            case "destroy" -> {
                if (state.isPresent()) {
                    engine.destroyed(node);
                    changes.changed();
                }
            }
            default -> {
                // Nothing else changes whether it runs, and starting is for the lab to do.
                return;
            }
        }
    }
}
