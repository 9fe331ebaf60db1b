package dev.clusterlab.simulator.swarm.kept;

import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.StoreObject;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The events of swarm objects, as each manager's engine tells them (moby daemon/events.go). There are none of tasks. */
public final class SwarmEvents {
    private SwarmEvents() {}

    public static void emit(EventLog log, StoreChange change) {
        String action = change.before() == null ? "create" : change.after() == null ? "remove" : "update";
        StoreObject object = change.either();
        if (object instanceof Task || object instanceof Cluster) {
            return;
        }
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("name", object.objectName());
        switch (object) {
            case Task _, Cluster _ -> {
                return;
            }
            case Network _ -> log.emit("network", action, object.id(), "swarm", attributes);
            case Node _ -> {
                if (change.before() instanceof Node before && change.after() instanceof Node after) {
                    changed(
                            attributes,
                            "state",
                            before.status().state(),
                            after.status().state());
                    changed(
                            attributes,
                            "availability",
                            before.spec().availability(),
                            after.spec().availability());
                    changed(attributes, "role", before.certificateRole(), after.certificateRole());
                }
                log.emit("node", action, object.id(), "swarm", attributes);
            }
            case Service _ -> {
                if (change.before() instanceof Service before && change.after() instanceof Service after) {
                    ServiceSpec old = before.spec();
                    ServiceSpec current = after.spec();
                    changed(attributes, "image", image(old), image(current));
                    if (!old.isGlobal() && !current.isGlobal()) {
                        changed(
                                attributes,
                                "replicas",
                                String.valueOf(old.replicas()),
                                String.valueOf(current.replicas()));
                    }
                    changed(attributes, "updatestate", state(before), state(after));
                }
                log.emit("service", action, object.id(), "swarm", attributes);
            }
        }
    }

    private static String image(ServiceSpec spec) {
        return spec.taskTemplate().containerSpec() == null
                ? ""
                : spec.taskTemplate().containerSpec().image();
    }

    private static String state(Service service) {
        return service.updateStatus() == null ? "" : service.updateStatus().state();
    }

    private static void changed(
            Map<String, String> attributes, String name, @Nullable String before, @Nullable String after) {
        if (!Objects.equals(before, after)) {
            if (before != null && !before.isEmpty()) {
                attributes.put(name + ".old", before);
            }
            attributes.put(name + ".new", after == null ? "" : after);
        }
    }
}
