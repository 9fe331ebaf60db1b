package dev.clusterlab.provisioning.real;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.EventStream;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What daemons of machines report by themselves, as changes. Thread-safe. */
public final class DaemonFeed {
    private static final System.Logger LOG = System.getLogger(DaemonFeed.class.getName());
    /** After a report of a daemon, of wall-clock time: a manager knows of it a little later, and Swarm reports no task by itself. */
    private static final long[] SETTLE_MILLIS = {120, 400, 1000};

    private static final String FILTERS = "{\"type\":[\"container\",\"service\",\"node\",\"network\"]}";

    private final ChangeCounter changes;
    private final ScheduledExecutorService timer;

    /** A machine that is followed. */
    public interface Followed {
        String name();

        /** The connection to its daemon; throws a {@link LabException} where there is none. */
        DockerConnection daemon();

        /** Asks its daemon what it publishes; throws a {@link LabException} where it does not answer. */
        void readPorts();

        /** What others see of it; equal to what it was before where nothing has changed. */
        Object view();
    }

    /** @param timer repeats changes a little later; shut down by whoever made it */
    public DaemonFeed(ChangeCounter changes, ScheduledExecutorService timer) {
        this.changes = changes;
        this.timer = timer;
    }

    /** Follows the daemon of a machine until what is given back is closed. */
    public EventStream follow(Followed machine) {
        var stream = new EventStream(
                machine.name(),
                (Supplier<DockerConnection>) machine::daemon,
                FILTERS,
                () -> {
                    readPorts(machine);
                    changes.changed();
                },
                event -> happened(machine, event));
        stream.start();
        return stream;
    }

    private void happened(Followed machine, JsonNode event) {
        String action = event.path("Action").asText("");
        if (action.startsWith("exec_")) {
            return;
        }
        changedAndSettling();
        String type = event.path("Type").asText("");
        if (type.equals("service") || (type.equals("container") && (action.equals("start") || action.equals("die")))) {
            // Only after the change was reported: asking takes a while.
            Object before = machine.view();
            readPorts(machine);
            if (!machine.view().equals(before)) {
                changes.changed();
            }
        }
    }

    private void changedAndSettling() {
        changes.changed();
        if (!timer.isShutdown()) {
            for (long delay : SETTLE_MILLIS) {
                timer.schedule(changes::changed, delay, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Asks a daemon which ports it has published; keeps what was known where it does not answer. */
    public static void readPorts(Followed machine) {
        try {
            machine.readPorts();
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, "The ports of " + machine.name() + " could not be read", e);
        }
    }
}
