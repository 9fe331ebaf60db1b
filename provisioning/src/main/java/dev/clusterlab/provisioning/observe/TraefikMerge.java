package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Finds every Traefik whose API can be reached through a published port, wherever the answers come from. */
public final class TraefikMerge {
    private static final int API_PORT = 8080;

    private TraefikMerge() {}

    /**
     * @param published the port of its API on the machine
     * @param at where that answers; with the machine it tells sources apart
     */
    public record Source(String machine, int published, String at) {}

    /** Each once, in a stable order. */
    public static List<Source> sources(SwarmMerge.Seen seen, ConsulMerge.Ports ports) {
        var found = new ArrayList<Source>();
        for (ServiceView service : seen.swarm().map(SwarmView::services).orElse(List.of())) {
            if (!service.image().contains("traefik")) {
                continue;
            }
            var hosts = new TreeSet<String>();
            seen.swarm().orElseThrow().tasksOf(service.name()).stream()
                    .filter(TaskView::live)
                    .forEach(t -> hosts.add(t.nodeHostname()));
            service.ports().forEach((published, target) -> {
                if (target == API_PORT) {
                    hosts.forEach(host -> add(found, seen, ports, host, published));
                }
            });
        }
        for (DaemonAnswers.Published port : seen.published()) {
            if (port.target() == API_PORT && port.image().contains("traefik")) {
                add(found, seen, ports, port.machine(), port.port());
            }
        }
        return found;
    }

    private static void add(
            List<Source> found, SwarmMerge.Seen seen, ConsulMerge.Ports ports, String machine, int published) {
        for (MachineView view : seen.machines()) {
            if (view.machine().name().equals(machine) && view.answering()) {
                String at = ports.at(view, published);
                boolean known = found.stream()
                        .anyMatch(source ->
                                source.machine().equals(machine) && source.at().equals(at));
                if (at != null && !known) {
                    found.add(new Source(machine, published, at));
                }
            }
        }
    }
}
