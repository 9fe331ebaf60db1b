package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Word;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.provisioning.observe.UpdateState;
import dev.clusterlab.shell.consul.CheckHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A whole picture of a Swarm that is watched, as lines to read in a terminal. Immutable. */
public final class WatchWords {
    private static final String INDENT = "  ";

    private final Bundle bundle;
    private final ErrorWords errors;

    private WatchWords(Locale locale) {
        this.bundle = new Bundle("watch", locale);
        this.errors = ErrorWords.of(locale);
    }

    /** In the language of {@code locale}, in English where that language has no texts. */
    public static WatchWords of(Locale locale) {
        return new WatchWords(locale);
    }

    /**
     * The picture.
     *
     * @param hosts where each machine of the picture is, by its name
     * @param troubles why a host was not reached, by the name of its machine
     */
    public List<String> picture(
            ClusterSnapshot snapshot, Map<String, String> hosts, Map<String, LabException> troubles) {
        var lines = new ArrayList<String>();
        lines.add(snapshot.swarm().map(this::swarm).orElseGet(() -> bundle.say(none(snapshot))));
        hosts(lines, snapshot, hosts, troubles);
        snapshot.swarm().ifPresent(swarm -> {
            nodes(lines, swarm, snapshot);
            services(lines, swarm);
            networks(lines, swarm);
        });
        snapshot.consul().ifPresent(consul -> consul(lines, consul));
        snapshot.traefik().forEach(traefik -> traefik(lines, traefik));
        return List.copyOf(lines);
    }

    /** What becomes of requests that change something, how it ends, and where it is kept. */
    public String following() {
        return bundle.say("following");
    }

    private static String none(ClusterSnapshot snapshot) {
        boolean member = snapshot.machines().stream().anyMatch(m -> m.localNodeState() == LocalNodeState.ACTIVE);
        return member ? "swarm.workers" : "swarm.none";
    }

    private String swarm(SwarmView swarm) {
        long managers = swarm.nodes().stream()
                .filter(node -> node.role() == NodeRole.MANAGER)
                .count();
        return bundle.say(
                swarm.hasLeader() ? "swarm" : "swarm.leaderless",
                swarm.id(),
                managers,
                swarm.nodes().size() - managers,
                swarm.leader(),
                swarm.services().size(),
                swarm.source());
    }

    private void hosts(
            List<String> lines,
            ClusterSnapshot snapshot,
            Map<String, String> hosts,
            Map<String, LabException> troubles) {
        lines.add(bundle.say("hosts"));
        for (MachineView view : snapshot.machines()) {
            String name = view.machine().name();
            String where = hosts.getOrDefault(name, "");
            if (view.answering()) {
                String leader = view.believedLeader();
                lines.add(INDENT
                        + bundle.say(
                                view.manager()
                                        ? leader.isEmpty() ? "host.manager.leaderless" : "host.manager"
                                        : view.localNodeState() == LocalNodeState.INACTIVE
                                                ? "host.outside"
                                                : "host.worker",
                                name,
                                where,
                                view.engineVersion(),
                                view.containers().size(),
                                leader));
            } else {
                LabException trouble = troubles.get(name);
                lines.add(INDENT
                        + (trouble == null
                                ? bundle.say("host.silent", name, where, view.error())
                                        .strip()
                                : errors.what(trouble) + " " + errors.advice(trouble)));
            }
        }
    }

    private void nodes(List<String> lines, SwarmView swarm, ClusterSnapshot snapshot) {
        Set<String> seen = snapshot.machines().stream()
                .filter(MachineView::answering)
                .map(MachineView::nodeId)
                .collect(Collectors.toSet());
        lines.add(bundle.say("nodes"));
        for (NodeView node : swarm.nodes()) {
            var parts = new ArrayList<>(
                    List.of(word(node.role()), word(node.state()), word(node.availability()), node.address()));
            if (node.leader()) {
                parts.add(bundle.say("node.leads"));
            }
            if (!seen.contains(node.id())) {
                parts.add(bundle.say("node.unseen"));
            }
            lines.add(INDENT + node.hostname() + ": " + String.join(", ", parts));
        }
    }

    private void services(List<String> lines, SwarmView swarm) {
        if (swarm.services().isEmpty()) {
            return;
        }
        lines.add(bundle.say("services"));
        for (ServiceView service : swarm.services()) {
            String ports = new TreeMap<>(service.ports())
                    .entrySet().stream()
                            .map(port -> port.getKey() + "→" + port.getValue())
                            .collect(Collectors.joining(", "));
            String update = service.updateState() == UpdateState.NONE
                    ? ""
                    : bundle.say("service.update", word(service.updateState()));
            lines.add(INDENT
                    + bundle.say(
                            "service",
                            service.name(),
                            service.image(),
                            service.running(),
                            service.replicas(),
                            ports.isEmpty() ? "" : ", " + ports,
                            update,
                            places(swarm.tasksOf(service.name()))));
            swarm.tasksOf(service.name()).stream()
                    .filter(task -> task.desiredState() == TaskState.RUNNING && !task.live())
                    .forEach(task -> lines.add(INDENT + INDENT + waiting(task)));
        }
    }

    /** Where tasks run, and how many where there are several. */
    private String places(List<TaskView> tasks) {
        Map<String, Long> counts = tasks.stream()
                .filter(TaskView::live)
                .collect(Collectors.groupingBy(TaskView::nodeHostname, TreeMap::new, Collectors.counting()));
        String places = counts.entrySet().stream()
                .map(each -> each.getValue() == 1 ? each.getKey() : each.getKey() + " ×" + each.getValue())
                .collect(Collectors.joining(", "));
        return places.isEmpty() ? "" : bundle.say("service.places", places);
    }

    /** A task that should run and does not. */
    private String waiting(TaskView task) {
        String why = task.error().isEmpty() ? task.message() : task.error();
        return bundle.say(
                task.nodeHostname().isEmpty() ? "task.nowhere" : "task",
                task.name(),
                task.nodeHostname(),
                word(task.state()),
                why);
    }

    private void networks(List<String> lines, SwarmView swarm) {
        if (!swarm.networks().isEmpty()) {
            lines.add(bundle.say(
                    "networks",
                    swarm.networks().stream()
                            .map(network -> network.subnet().isEmpty()
                                    ? network.name()
                                    : network.name() + " (" + network.subnet() + ")")
                            .collect(Collectors.joining(", "))));
        }
    }

    private void consul(List<String> lines, ConsulView consul) {
        lines.add(bundle.say(
                consul.leader().isEmpty() ? "consul.leaderless" : "consul",
                consul.leader(),
                consul.members().size(),
                String.join(", ", consul.sources())));
        consul.services().forEach((name, instances) -> {
            long passing = instances.stream()
                    .map(ConsulInstance::status)
                    .filter(status -> status == CheckHealth.PASSING)
                    .count();
            lines.add(INDENT + bundle.say("consul.service", name, passing, instances.size()));
        });
    }

    private void traefik(List<String> lines, TraefikView traefik) {
        lines.add(bundle.say("traefik", traefik.machine(), traefik.version()));
        traefik.routers().stream()
                .filter(router -> !router.provider().equals("internal"))
                .forEach(router -> lines.add(
                        INDENT + bundle.say("traefik.router", router.name(), router.rule(), router.service())));
    }

    private static String word(Word state) {
        return state.word();
    }
}
