package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.Belief;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.AgentView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.RaftPeer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikRouter;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikService;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Reachability;
import dev.clusterlab.provisioning.observe.ServerStatus;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.provisioning.observe.UpdateState;
import dev.clusterlab.shell.consul.CheckHealth;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Composes snapshots in the words of the field, for tests that need a cluster in a certain state and no engine. */
public final class ClusterBuilder {
    private static final Instant EPOCH = Instant.parse("2026-01-01T09:00:00Z");
    private static final String OVERLAY = "multi-host-net";

    private final Duration elapsed;
    private final Map<String, MachineDraft> machines = new LinkedHashMap<>();
    private final Map<String, ServiceView> services = new TreeMap<>();
    private final List<TaskView> tasks = new ArrayList<>();
    private final List<ConsulMember> members = new ArrayList<>();
    private final List<ConsulInstance> instances = new ArrayList<>();
    private final List<ActiveFault> faults = new ArrayList<>();
    private final List<TrafficBucket> buckets = new ArrayList<>();
    private final Map<String, Integer> answering = new TreeMap<>();
    private final List<String> proxies = new ArrayList<>();
    private final Set<Way> lostWays = new TreeSet<>();
    private final Map<String, String> beliefs = new TreeMap<>();
    private final List<AgentView> agents = new ArrayList<>();
    private boolean overlay;
    private boolean leaderless;
    private String consulLeader = "";

    private static final class MachineDraft {
        final String name;
        final String ip;
        Machine.State state = Machine.State.RUNNING;
        String role = "";
        boolean leads;
        String node = "ready";
        String availability = "active";
        boolean silent;
        boolean cutOff;
        final Map<Integer, String> ports = new TreeMap<>();
        final List<ContainerView> containers = new ArrayList<>();

        MachineDraft(String name, String ip) {
            this.name = name;
            this.ip = ip;
        }
    }

    /** {@code elapsed}: engine time since the engine began. */
    public ClusterBuilder(Duration elapsed) {
        this.elapsed = elapsed;
    }

    private Instant now() {
        return EPOCH.plus(elapsed);
    }

    private MachineDraft draft(String name) {
        MachineDraft known = machines.get(name);
        if (known == null) {
            throw new IllegalArgumentException("no machine " + name);
        }
        return known;
    }

    public ClusterBuilder machines(String... names) {
        for (String name : names) {
            machines.put(name, new MachineDraft(name, "192.168.99." + (100 + machines.size())));
        }
        return this;
    }

    public ClusterBuilder leader(String machine) {
        manager(machine);
        draft(machine).leads = true;
        return this;
    }

    public ClusterBuilder manager(String... names) {
        for (String name : names) {
            draft(name).role = "manager";
        }
        return this;
    }

    public ClusterBuilder worker(String... names) {
        for (String name : names) {
            draft(name).role = "worker";
        }
        return this;
    }

    /** Most managers are lost: what is known is old. */
    public ClusterBuilder withoutLeader() {
        leaderless = true;
        return this;
    }

    public ClusterBuilder state(String machine, Machine.State state) {
        draft(machine).state = state;
        return this;
    }

    /** Killed, as its host knows it: cut off from the others, because nobody can switch it off. */
    public ClusterBuilder cutOff(String machine) {
        draft(machine).state = Machine.State.KILLED;
        draft(machine).cutOff = true;
        return this;
    }

    public ClusterBuilder down(String machine) {
        draft(machine).node = "down";
        return this;
    }

    public ClusterBuilder drained(String machine) {
        draft(machine).availability = "drain";
        return this;
    }

    public ClusterBuilder silent(String machine) {
        draft(machine).silent = true;
        return this;
    }

    public ClusterBuilder overlay() {
        overlay = true;
        return this;
    }

    public ClusterBuilder service(String name, String image, int replicas, Map<Integer, Integer> ports) {
        services.put(
                name,
                new ServiceView(
                        "id-" + name,
                        name,
                        image,
                        false,
                        replicas,
                        0,
                        ports,
                        overlay ? List.of(OVERLAY) : List.of(),
                        List.of(),
                        Map.of(),
                        UpdateState.NONE,
                        "",
                        Map.of()));
        return this;
    }

    /** A task and its container; the service must be there already. */
    public ClusterBuilder task(String service, int slot, String machine, String state) {
        String id = "task-" + service + "-" + slot + "-" + machine;
        String container = "c0ffee" + Integer.toHexString(id.hashCode());
        MachineDraft on = draft(machine);
        String address = "10.1." + (9 + tasks.size() / 240) + "." + (10 + tasks.size() % 240);
        tasks.add(new TaskView(
                id,
                "id-" + service,
                service,
                slot,
                "node-" + machine,
                machine,
                TaskState.of(state),
                TaskState.RUNNING,
                "started",
                state.equals("failed") ? "task: non-zero exit (137)" : "",
                container,
                now().minusSeconds(5),
                overlay ? Map.of(OVERLAY, address) : Map.of(),
                false,
                Map.of()));
        if (state.equals("running")) {
            on.containers.add(new ContainerView(
                    container,
                    "/" + service + "." + Math.max(slot, 1) + ".0123456789abcdefghijklmno",
                    services.get(service).image(),
                    ContainerState.RUNNING,
                    "Up 2 minutes",
                    service,
                    id,
                    overlay ? Map.of(OVERLAY, address) : Map.of(),
                    Map.of()));
        }
        return this;
    }

    /** Consul beside the machine; {@code status} as Consul says it. */
    public ClusterBuilder member(String machine, boolean server, String status) {
        members.add(new ConsulMember(
                machine,
                address("consul-nodes", machine) + ":8301",
                server,
                MemberStatus.of(status),
                machine,
                machine.equals(consulLeader),
                Map.of()));
        return this;
    }

    /** To be called before {@link #member}. */
    public ClusterBuilder consulLeader(String machine) {
        consulLeader = machine;
        return this;
    }

    private String address(String service, String machine) {
        return tasks.stream()
                .filter(t -> t.serviceName().equals(service) && t.nodeHostname().equals(machine))
                .flatMap(t -> t.addresses().values().stream())
                .findFirst()
                .orElse("10.1.9.200");
    }

    /** Every task of {@code service} in the catalog, with this status. */
    public ClusterBuilder registered(String service, String as, String status) {
        for (TaskView task : tasks) {
            if (task.serviceName().equals(service)) {
                String address = task.addresses().getOrDefault(OVERLAY, "");
                instances.add(new ConsulInstance(
                        as + ":instance_" + task.slot(),
                        as,
                        task.nodeHostname(),
                        address,
                        8080,
                        List.of(),
                        CheckHealth.of(status),
                        "",
                        Map.of()));
                answering.put("instance_" + task.slot(), 10);
            }
        }
        return this;
    }

    public ClusterBuilder proxy(String... names) {
        for (String name : names) {
            proxies.add(name);
            draft(name).ports.put(80, "127.0.0.1:40080");
        }
        return this;
    }

    /** Freezes a container that is there. */
    public ClusterBuilder frozen(String containerId) {
        for (MachineDraft draft : machines.values()) {
            draft.containers.replaceAll(c -> c.id().equals(containerId)
                    ? new ContainerView(
                            c.id(),
                            c.name(),
                            c.image(),
                            ContainerState.PAUSED,
                            "Up 3 minutes (Paused)",
                            c.serviceName(),
                            c.taskId(),
                            c.addresses(),
                            Map.of())
                    : c);
        }
        return this;
    }

    public ClusterBuilder fault(String id, Fault fault, Target target) {
        boolean cutOff = target instanceof Target.OfMachine(String machine) && draft(machine).cutOff;
        faults.add(new ActiveFault(
                id, fault, target, now().minusSeconds(3), Optional.empty(), ActiveFault.State.IN_FORCE, cutOff));
        return this;
    }

    /** A fault that ends by itself; three seconds of its lease are over. */
    public ClusterBuilder leased(String id, Fault fault, Target target, Duration lease) {
        Instant since = now().minusSeconds(3);
        faults.add(new ActiveFault(id, fault, target, since, Optional.of(since.plus(lease))));
        return this;
    }

    /** A cut between groups of machines. */
    @SafeVarargs
    public final ClusterBuilder cut(String id, List<String>... groups) {
        for (List<String> from : groups) {
            for (List<String> to : groups) {
                if (from != to) {
                    from.forEach(a -> to.forEach(b -> lostWays.add(new Way(a, b))));
                }
            }
        }
        return fault(
                id,
                new Fault.NetworkPartition(
                        Stream.of(groups)
                                .map(g -> (Set<String>) new TreeSet<>(g))
                                .toList(),
                        Optional.empty()),
                new Target.OfGroups(List.of(groups), false));
    }

    /** One way alone is cut. */
    public ClusterBuilder lost(String from, String to) {
        lostWays.add(new Way(from, to));
        return this;
    }

    /** A manager that believes something else than the others; empty text for nobody. */
    public ClusterBuilder believes(String machine, String leader) {
        beliefs.put(machine, leader);
        return this;
    }

    /** Swarm has given up what runs on a machine, and it runs on. */
    public ClusterBuilder givenUp(String machine) {
        MachineDraft draft = draft(machine);
        draft.node = "down";
        tasks.removeIf(task -> task.nodeHostname().equals(machine));
        draft.containers.replaceAll(container -> container.withOrphan(true));
        return this;
    }

    /** A Consul agent with its own belief. */
    public ClusterBuilder agent(String machine, String leader, String... alive) {
        agents.add(new AgentView(
                machine,
                leader,
                List.of(alive),
                members.stream()
                        .filter(ConsulMember::server)
                        .map(ConsulMember::name)
                        .toList(),
                leader.isEmpty() ? Belief.CanCommit.NO : Belief.CanCommit.YES));
        return this;
    }

    /** Answers of one second, {@code ago} seconds before now. */
    public ClusterBuilder traffic(int ago, Map<Integer, Integer> byStatus) {
        buckets.removeIf(b -> b.second() == elapsed.toSeconds() - ago);
        buckets.add(0, new TrafficBucket(elapsed.toSeconds() - ago, byStatus, 7.5));
        return this;
    }

    /** Clients could not make so many requests. */
    public ClusterBuilder missed(int ago, int missed) {
        buckets.add(new TrafficBucket(elapsed.toSeconds() - ago, Map.of(), 0, missed));
        return this;
    }

    public ClusterSnapshot build() {
        List<NetworkView> networks = overlay
                ? List.of(new NetworkView("net", OVERLAY, "overlay", "swarm", "10.1.9.0/24", "10.1.9.1"))
                : List.of();
        List<MachineView> views =
                machines.values().stream().map(draft -> view(draft, networks)).toList();
        boolean joined = machines.values().stream().anyMatch(d -> !d.role.isEmpty());
        return new ClusterSnapshot(
                now(),
                elapsed,
                views,
                joined ? Optional.of(swarm(networks)) : Optional.empty(),
                members.isEmpty() ? Optional.empty() : Optional.of(consul()),
                proxies.stream().map(this::traefik).toList(),
                faults,
                new TrafficView(buckets, buckets.isEmpty() ? Map.of() : answering),
                Reach.without(lostWays));
    }

    private MachineView view(MachineDraft draft, List<NetworkView> networks) {
        boolean running = draft.state == Machine.State.RUNNING;
        boolean joined = !draft.role.isEmpty();
        boolean plugged = joined
                && (!draft.containers.isEmpty()
                        || tasks.stream().anyMatch(t -> t.nodeHostname().equals(draft.name)));
        return new MachineView(
                new Machine(
                        draft.name,
                        draft.ip,
                        draft.state,
                        running ? Optional.of(URI.create("tcp://127.0.0.1:41234")) : Optional.empty(),
                        draft.ports,
                        draft.cutOff),
                running && !draft.silent,
                "28.5.1",
                joined ? "node-" + draft.name : "",
                joined ? LocalNodeState.ACTIVE : LocalNodeState.INACTIVE,
                draft.role.equals("manager"),
                belief(draft),
                leaderless && draft.role.equals("manager") ? "rpc error: The swarm does not have a leader." : "",
                draft.containers,
                plugged ? networks : List.of());
    }

    private Belief belief(MachineDraft draft) {
        if (!draft.role.equals("manager")) {
            return Belief.NONE;
        }
        String leader = beliefs.getOrDefault(draft.name, leaderless ? "" : leaderName());
        return new Belief(
                leader,
                List.copyOf(machines.keySet()),
                List.of(),
                leader.isEmpty() ? Belief.CanCommit.UNKNOWN : Belief.CanCommit.YES,
                Duration.ZERO);
    }

    /** Whether a task lives depends on its machine, whose state may have been set after the task. */
    private TaskView judged(TaskView task) {
        MachineDraft on = draft(task.nodeHostname());
        boolean live =
                task.state() == TaskState.RUNNING && on.state == Machine.State.RUNNING && !on.node.equals("down");
        return new TaskView(
                task.id(),
                task.serviceId(),
                task.serviceName(),
                task.slot(),
                task.nodeId(),
                task.nodeHostname(),
                task.state(),
                task.desiredState(),
                task.message(),
                task.error(),
                task.containerId(),
                task.since(),
                task.addresses(),
                live,
                Map.of());
    }

    private String leaderName() {
        return machines.values().stream()
                .filter(d -> d.leads)
                .map(d -> d.name)
                .findFirst()
                .orElse("");
    }

    private SwarmView swarm(List<NetworkView> networks) {
        List<NodeView> nodes = machines.values().stream()
                .filter(d -> !d.role.isEmpty())
                .map(d -> new NodeView(
                        "node-" + d.name,
                        d.name,
                        d.ip,
                        NodeRole.of(d.role),
                        NodeState.of(d.node),
                        Availability.of(d.availability),
                        d.leads,
                        !d.role.equals("manager")
                                ? Reachability.NONE
                                : d.state == Machine.State.RUNNING ? Reachability.REACHABLE : Reachability.UNREACHABLE,
                        "",
                        Map.of(),
                        Map.of()))
                .toList();
        List<ServiceView> counted = services.values().stream()
                .map(s -> new ServiceView(
                        s.id(),
                        s.name(),
                        s.image(),
                        s.global(),
                        s.replicas(),
                        (int) tasks.stream()
                                .filter(t -> t.serviceName().equals(s.name())
                                        && judged(t).live())
                                .count(),
                        s.ports(),
                        s.networks(),
                        s.constraints(),
                        s.labels(),
                        s.updateState(),
                        s.updateMessage(),
                        s.unknownWords()))
                .toList();
        String leader = leaderName();
        List<TaskView> told = tasks.stream().map(this::judged).toList();
        return new SwarmView("swarm", leader, !leaderless, leader, nodes, counted, told, networks);
    }

    private ConsulView consul() {
        List<RaftPeer> peers = members.stream()
                .filter(ConsulMember::server)
                .map(m -> new RaftPeer(m.name(), m.name(), m.address(), m.leader(), true))
                .toList();
        Map<String, List<ConsulInstance>> catalog = new TreeMap<>();
        for (ConsulInstance instance : instances) {
            catalog.computeIfAbsent(instance.service(), s -> new ArrayList<>()).add(instance);
        }
        return new ConsulView(List.of("leader1:8500"), consulLeader, members, peers, catalog, agents);
    }

    private TraefikView traefik(String machine) {
        Map<String, ServerStatus> servers = new TreeMap<>();
        for (ConsulInstance instance : instances) {
            servers.put("http://" + instance.address() + ":" + instance.port(), ServerStatus.UP);
        }
        return new TraefikView(
                machine,
                "3.1.0",
                List.of(new TraefikRouter(
                        "democonsul@consulcatalog",
                        "Host(`democonsul.localhost`)",
                        "democonsul",
                        "consulcatalog",
                        "enabled",
                        List.of("web"))),
                List.of(new TraefikService("democonsul@consulcatalog", "consulcatalog", servers, Map.of())));
    }
}
