package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The updates that are under way, one for each service (swarmkit manager/orchestrator/update). */
final class Updates {
    private final LeaderContext context;
    private final RestartSupervisor restarts;
    private final Map<String, ServiceUpdate> running = new LinkedHashMap<>();

    Updates(LeaderContext context, RestartSupervisor restarts) {
        this.context = context;
        this.restarts = restarts;
    }

    /**
     * Brings places of the service to its spec; a running update to an older spec is given up.
     *
     * @param places what {@link RestartSupervisor#updatable} says of each slot or node
     */
    void update(Service service, List<List<Task>> places) {
        ServiceUpdate old = running.get(service.id());
        if (old != null) {
            if (old.sameAs(service)) {
                return;
            }
            old.cancel();
            running.remove(service.id());
        }
        var update = new ServiceUpdate(context, restarts, service, ended -> running.remove(service.id(), ended));
        if (update.needed(places)) {
            running.put(service.id(), update);
            update.start();
        }
    }

    void observe(StoreChange change) {
        if (running.isEmpty()) {
            return;
        }
        if (change.either() instanceof Task task) {
            ServiceUpdate update = running.get(task.serviceId());
            if (update != null) {
                update.observe(change);
            }
        } else if (change.after() == null && change.before() instanceof Service service) {
            ServiceUpdate update = running.remove(service.id());
            if (update != null) {
                update.cancel();
            }
        }
    }
}
