package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikService;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.Islands;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.Reachability;
import dev.clusterlab.provisioning.observe.ServerStatus;
import dev.clusterlab.shell.consul.CheckHealth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the narrator must know of a snapshot to say how much a change matters: who is there, who may decide, what runs.
 *
 * @param elapsed engine time since the engine began
 * @param source hostname of the manager that this is from, empty text if there is none
 * @param leader of the swarm, empty text if it has none
 * @param instances by the service's name in Consul
 * @param servers how many each of Traefik's services sends to, by its name
 * @param sides the islands of the network, as measured; empty while it is whole or cut one way only
 */
public record Scene(
        Duration elapsed,
        List<MachineScene> machines,
        boolean swarm,
        String source,
        String leader,
        List<ManagerScene> managers,
        List<ServiceScene> services,
        Map<String, InstanceScene> instances,
        Map<String, ServersScene> servers,
        List<Side> sides,
        List<ActiveFault> faults) {
    static final Scene NOTHING = new Scene(
            Duration.ZERO, List.of(), false, "", "", List.of(), List.of(), Map.of(), Map.of(), List.of(), List.of());

    public Scene {
        machines = List.copyOf(machines);
        managers = List.copyOf(managers);
        services = List.copyOf(services);
        instances = java.util.Collections.unmodifiableMap(new TreeMap<>(instances));
        servers = java.util.Collections.unmodifiableMap(new TreeMap<>(servers));
        sides = List.copyOf(sides);
        faults = List.copyOf(faults);
    }

    /** @param tasks that count as running there */
    record MachineScene(String name, Machine.State state, int tasks) {}

    /** @param reached as the other managers say */
    record ManagerScene(String name, boolean answering, boolean reached) {}

    record ServiceScene(String name, int running, int wanted) {}

    record InstanceScene(int healthy, int known) {
        static final InstanceScene NONE = new InstanceScene(0, 0);
    }

    /** @param down those that Traefik's own check finds down */
    record ServersScene(int all, int down) {
        static final ServersScene NONE = new ServersScene(0, 0);
    }

    /**
     * What is left of the managers on one side of a cut.
     *
     * @param letter of the side, as in the picture
     * @param managers those of the side that answer
     * @param decides whether one of them leads, and reaches more than half of all
     */
    record Side(String letter, List<String> machines, int managers, boolean decides) {
        public Side {
            machines = List.copyOf(machines);
        }
    }

    public static Scene of(ClusterSnapshot snapshot) {
        Optional<SwarmView> swarm = snapshot.swarm();
        Map<String, Integer> tasks = new HashMap<>();
        swarm.map(SwarmView::tasks).orElse(List.of()).stream()
                .filter(TaskView::live)
                .forEach(task -> tasks.merge(task.nodeHostname(), 1, Integer::sum));
        return new Scene(
                snapshot.elapsed(),
                snapshot.machines().stream()
                        .map(MachineView::machine)
                        .map(m -> new MachineScene(m.name(), m.state(), tasks.getOrDefault(m.name(), 0)))
                        .toList(),
                swarm.isPresent(),
                swarm.map(SwarmView::source).orElse(""),
                swarm.filter(SwarmView::hasLeader).map(SwarmView::leader).orElse(""),
                swarm.map(SwarmView::nodes).orElse(List.of()).stream()
                        .filter(node -> node.role() == NodeRole.MANAGER)
                        .map(node -> manager(node, snapshot.machine(node.hostname())))
                        .toList(),
                swarm.map(SwarmView::services).orElse(List.of()).stream()
                        .map(s -> new ServiceScene(s.name(), s.running(), s.replicas()))
                        .toList(),
                instances(snapshot),
                servers(snapshot.traefik()),
                sides(snapshot),
                snapshot.faults());
    }

    private static ManagerScene manager(NodeView node, Optional<MachineView> machine) {
        return new ManagerScene(
                node.hostname(),
                machine.filter(m -> m.answering() && m.machine().state() == Machine.State.RUNNING)
                        .isPresent(),
                node.reachability() == Reachability.REACHABLE);
    }

    private static Map<String, InstanceScene> instances(ClusterSnapshot snapshot) {
        Map<String, InstanceScene> instances = new TreeMap<>();
        snapshot.consul()
                .ifPresent(consul -> consul.services().forEach((name, list) -> {
                    long healthy = list.stream()
                            .filter(i -> i.status() == CheckHealth.PASSING)
                            .count();
                    instances.put(name, new InstanceScene((int) healthy, list.size()));
                }));
        return instances;
    }

    /** Several Traefiks read the same catalog: the one that sends to the most counts. */
    private static Map<String, ServersScene> servers(List<TraefikView> traefiks) {
        Map<String, ServersScene> servers = new TreeMap<>();
        for (TraefikView traefik : traefiks) {
            for (TraefikService service : traefik.services()) {
                long down = service.servers().values().stream()
                        .filter(ServerStatus.DOWN::equals)
                        .count();
                var these = new ServersScene(service.servers().size(), (int) down);
                servers.merge(service.name(), these, (a, b) -> b.all() > a.all() ? b : a);
            }
        }
        return servers;
    }

    private static List<Side> sides(ClusterSnapshot snapshot) {
        Islands islands = Islands.of(snapshot);
        if (!islands.apart()) {
            return List.of();
        }
        Map<Islands.Island, String> letters = letters(islands.all(), snapshot.faults());
        return islands.all().stream()
                .map(island -> new Side(
                        letters.getOrDefault(island, ""),
                        island.machines(),
                        island.swarm().map(Islands.Side::here).orElse(0),
                        island.swarm().map(Islands.Side::decides).orElse(false)))
                .sorted(Comparator.comparing(Side::letter))
                .toList();
    }

    /** An island that is one side of a cut has the letter of that side; the others get what is left. */
    private static Map<Islands.Island, String> letters(List<Islands.Island> islands, List<ActiveFault> faults) {
        Deque<String> free = new ArrayDeque<>();
        List<List<String>> groups = new ArrayList<>();
        for (ActiveFault fault : faults) {
            if (fault.target() instanceof Target.OfGroups cut) {
                groups.addAll(cut.groups());
            }
        }
        for (char letter = 'A'; letter < 'A' + groups.size() + islands.size(); letter++) {
            free.add(String.valueOf(letter));
        }
        Map<Islands.Island, String> letters = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            List<String> group = groups.get(i);
            String letter = String.valueOf((char) ('A' + i));
            islands.stream()
                    .filter(island -> !letters.containsKey(island) && group.containsAll(island.machines()))
                    .findFirst()
                    .ifPresent(island -> {
                        letters.put(island, letter);
                        free.remove(letter);
                    });
        }
        islands.forEach(island -> letters.computeIfAbsent(island, i -> free.remove()));
        return letters;
    }

    Optional<MachineScene> machine(String name) {
        return machines.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    Optional<ServiceScene> service(String name) {
        return services.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    boolean runs(String machine) {
        return machine(machine).filter(m -> m.state() == Machine.State.RUNNING).isPresent();
    }

    List<String> managerNames() {
        return managers.stream().map(ManagerScene::name).toList();
    }

    /** How many managers must agree: more than half. */
    int needed() {
        return managers.size() / 2 + 1;
    }

    int answering() {
        return (int) managers.stream().filter(ManagerScene::answering).count();
    }

    int reached() {
        return (int) managers.stream().filter(ManagerScene::reached).count();
    }

    /** How many managers a leader has with it: those on its side of a cut, or all that answer. */
    int electors(String leader) {
        return sides().stream()
                .filter(side -> side.machines().contains(leader))
                .findFirst()
                .map(Side::managers)
                .orElseGet(this::answering);
    }

    /** How many faults of the network are in force. */
    int cuts() {
        return (int) faults.stream()
                .filter(fault -> fault.target() instanceof Target.OfWays)
                .count();
    }

    /** The side of a cut that a machine is on, if nobody there may decide. */
    Optional<Side> undecided(String machine) {
        return sides().stream()
                .filter(side -> side.machines().contains(machine) && !side.decides())
                .findFirst();
    }
}
