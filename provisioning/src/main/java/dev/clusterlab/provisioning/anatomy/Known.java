package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.shell.consul.CheckHealth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the events so far say of a cluster. Not thread-safe; {@link #copy} gives one that goes on by itself. */
final class Known {
    /** Consul's own servers are in its catalog too; no client is sent to them. */
    private static final String CONSUL_ITSELF = "consul";

    /** Of tasks that are over, the last so many are remembered: what hit one may be reported after its end. */
    private static final int OVER_MAX = 2_000;

    private static final int RECENT_MAX = 100;

    /** @param service identifier of its service, empty text if that is not known */
    record Task(Subject.OfTask task, String service, String node, boolean live) {}

    /** @param running of {@code wanted} tasks, as last reported */
    record Service(String name, boolean global, String image, int running, int wanted) {
        boolean whole() {
            return running >= wanted;
        }
    }

    /**
     * @param authority {@code address:port}
     * @param task identifier of the task that it is, empty text if that is not known
     */
    record Instance(Subject.OfInstance instance, String authority, String task, CheckHealth health) {}

    /** A fault that broke something. */
    record Broken(ActiveFault fault, Hit hit, Duration began, Optional<Duration> ended) {
        boolean inForce(Duration at) {
            return began.compareTo(at) <= 0
                    && ended.filter(end -> end.compareTo(at) <= 0).isEmpty();
        }
    }

    private final Map<String, Task> tasks = new LinkedHashMap<>();
    private final Map<String, Service> services = new TreeMap<>();
    private final Map<String, NodeRole> roles = new TreeMap<>();
    /** Machine by the name of the agent. */
    private final Map<String, String> agents = new TreeMap<>();

    private final Map<String, Instance> instances = new LinkedHashMap<>();
    /** The instance that registered last with an address, also when it is gone. */
    private final Map<String, Instance> owners = new LinkedHashMap<>();

    private final Map<String, Broken> broken = new LinkedHashMap<>();
    private final Deque<ClusterEvent> recent = new ArrayDeque<>();
    /** By Traefik, then by service: URLs. Never changed in place. */
    private Map<String, Map<String, Set<String>>> tables = Map.of();

    private boolean swarm;
    private String swarmLeader = "";
    private String consulLeader = "";
    private long quorumLost;
    private long swarmLeaderless;
    private long consulLeaderless;

    Known copy() {
        var copy = new Known();
        copy.tasks.putAll(tasks);
        copy.services.putAll(services);
        copy.roles.putAll(roles);
        copy.agents.putAll(agents);
        copy.instances.putAll(instances);
        copy.owners.putAll(owners);
        copy.broken.putAll(broken);
        copy.recent.addAll(recent);
        copy.tables = tables;
        copy.swarm = swarm;
        copy.swarmLeader = swarmLeader;
        copy.consulLeader = consulLeader;
        copy.quorumLost = quorumLost;
        copy.swarmLeaderless = swarmLeaderless;
        copy.consulLeaderless = consulLeaderless;
        return copy;
    }

    void apply(ClusterEvent event) {
        recent.addLast(event);
        if (recent.size() > RECENT_MAX) {
            recent.removeFirst();
        }
        switch (event) {
            case ClusterEvent.OfFault e -> fault(e);
            case ClusterEvent.OfTask e -> task(e);
            case ClusterEvent.OfService e -> service(e);
            case ClusterEvent.OfNode e -> node(e);
            case ClusterEvent.OfGroup e -> group(e);
            case ClusterEvent.OfMember e -> member(e);
            case ClusterEvent.OfInstance e -> instance(e);
            case ClusterEvent.OfServer e -> server(e);
            case ClusterEvent.TraefikAnswers e -> table(e.traefik(), new TreeMap<>());
            case ClusterEvent.TraefikGone e -> {
                var left = new TreeMap<>(tables);
                left.remove(e.traefik());
                tables = Collections.unmodifiableMap(left);
            }
            case ClusterEvent.TraefikSilent e -> tables = Map.of();
            case ClusterEvent.MachineRemoved e -> roles.remove(e.machine());
            case ClusterEvent.MachineCreated e -> {}
            case ClusterEvent.MachineStateChanged e -> {}
            case ClusterEvent.OfNetwork e -> {}
            case ClusterEvent.OfRouter e -> {}
            case ClusterEvent.RepeatabilityLost e -> {}
        }
    }

    private void fault(ClusterEvent.OfFault event) {
        switch (event) {
            case ClusterEvent.FaultBegan began -> {
                if (began.fault().kind().breaks()) {
                    broken.put(
                            began.fault().id(),
                            new Broken(
                                    began.fault(),
                                    hit(began.fault().target()),
                                    began.stamp().at(),
                                    Optional.empty()));
                }
            }
            case ClusterEvent.FaultExtended extended -> {}
            case ClusterEvent.FaultEnded ended ->
                broken.computeIfPresent(
                        ended.fault().id(),
                        (id, known) -> new Broken(
                                known.fault(),
                                known.hit(),
                                known.began(),
                                Optional.of(ended.stamp().at())));
        }
    }

    private void task(ClusterEvent.OfTask event) {
        String id = event.task().id();
        Task known = tasks.get(id);
        switch (event) {
            case ClusterEvent.TaskAssigned e ->
                put(new Task(e.task(), e.service().id(), e.node(), false));
            case ClusterEvent.TaskStarted e ->
                put(new Task(e.task(), known == null ? "" : known.service(), e.node(), true));
            case ClusterEvent.TaskFailed e -> over(known);
            case ClusterEvent.TaskGivenUp e -> over(known);
            case ClusterEvent.TaskUnwanted e -> over(known);
            case ClusterEvent.TaskEnded e -> over(known);
            case ClusterEvent.TaskForgotten e -> tasks.remove(id);
            case ClusterEvent.TaskWaiting e -> {}
        }
    }

    private void over(@org.jspecify.annotations.Nullable Task known) {
        if (known != null) {
            put(new Task(known.task(), known.service(), known.node(), false));
        }
    }

    private void put(Task task) {
        tasks.remove(task.task().id());
        tasks.put(task.task().id(), task);
        if (tasks.size() > OVER_MAX) {
            tasks.values().stream()
                    .filter(known -> !known.live())
                    .findFirst()
                    .ifPresent(oldest -> tasks.remove(oldest.task().id()));
        }
    }

    private void service(ClusterEvent.OfService event) {
        String id = event.service().id();
        switch (event) {
            case ClusterEvent.ServiceCreated e ->
                services.put(id, new Service(e.service().name(), e.global(), e.image(), e.replicas(), e.replicas()));
            case ClusterEvent.ServiceScaled e ->
                services.computeIfPresent(
                        id, (i, s) -> new Service(s.name(), s.global(), s.image(), s.running(), e.after()));
            case ClusterEvent.ServiceImageChanged e ->
                services.computeIfPresent(
                        id, (i, s) -> new Service(s.name(), s.global(), e.after(), s.running(), s.wanted()));
            case ClusterEvent.ServiceRunning e ->
                services.computeIfPresent(
                        id, (i, s) -> new Service(s.name(), s.global(), s.image(), e.running(), e.wanted()));
            case ClusterEvent.ServiceUpdateChanged e -> {}
            case ClusterEvent.ServiceRemoved e -> services.remove(id);
        }
    }

    private void node(ClusterEvent.OfNode event) {
        String name = event.node().name();
        swarm = true;
        switch (event) {
            case ClusterEvent.NodeJoined e -> roles.put(name, e.role());
            case ClusterEvent.NodeRoleChanged e -> roles.put(name, e.after());
            case ClusterEvent.NodeLeft e -> roles.remove(name);
            case ClusterEvent.NodeStateChanged e -> {}
            case ClusterEvent.NodeAvailabilityChanged e -> {}
            case ClusterEvent.ManagerUnreachable e -> {}
            case ClusterEvent.NodeLabelsChanged e -> {}
        }
    }

    private void group(ClusterEvent.OfGroup event) {
        switch (event) {
            case ClusterEvent.SwarmFormed e -> {
                swarm = true;
                swarmLeader = e.leader();
            }
            case ClusterEvent.GroupSilent e -> {
                switch (e.group()) {
                    case SWARM -> swarm = false;
                    case CONSUL -> agents.clear();
                }
            }
            case ClusterEvent.QuorumLost e -> quorumLost = e.number();
            // There is no leader yet who could do anything.
            case ClusterEvent.QuorumRegained e -> {}
            case ClusterEvent.LeaderChanged e -> leader(e);
        }
    }

    private void leader(ClusterEvent.LeaderChanged event) {
        boolean none = event.after().isEmpty();
        if (event.group() == Group.SWARM) {
            swarmLeaderless = none ? event.number() : 0;
            if (!none) {
                quorumLost = 0;
                swarmLeader = event.after();
            }
        } else {
            consulLeaderless = none ? event.number() : 0;
            if (!none) {
                consulLeader = event.after();
            }
        }
    }

    private void member(ClusterEvent.OfMember event) {
        switch (event) {
            case ClusterEvent.MemberJoined e -> agents.put(e.member().name(), e.machine());
            case ClusterEvent.MemberForgotten e -> agents.remove(e.member().name());
            case ClusterEvent.MemberStatusChanged e -> {}
        }
    }

    private void instance(ClusterEvent.OfInstance event) {
        if (event.instance().name().equals(CONSUL_ITSELF)) {
            return;
        }
        String key = key(event.instance());
        switch (event) {
            case ClusterEvent.InstanceRegistered e -> {
                var instance = new Instance(
                        e.instance(),
                        authority(e),
                        e.task().map(Subject.OfTask::id).orElse(""),
                        e.health());
                instances.put(key, instance);
                owners.remove(instance.authority());
                owners.put(instance.authority(), instance);
                if (owners.size() > OVER_MAX) {
                    owners.remove(owners.keySet().iterator().next());
                }
            }
            case ClusterEvent.InstanceHealthChanged e ->
                instances.computeIfPresent(
                        key, (k, i) -> new Instance(i.instance(), i.authority(), i.task(), e.after()));
            case ClusterEvent.InstanceDeregistered e -> instances.remove(key);
        }
    }

    private void server(ClusterEvent.OfServer event) {
        String service = event.server().name();
        if (service.replaceFirst("@.*", "").equals(CONSUL_ITSELF)) {
            return;
        }
        var table = new TreeMap<>(tables.getOrDefault(event.traefik(), Map.of()));
        var urls = new TreeSet<>(table.getOrDefault(service, Set.of()));
        switch (event) {
            case ClusterEvent.ServerAdded e -> urls.add(e.server().url());
            case ClusterEvent.ServerRemoved e -> urls.remove(e.server().url());
            case ClusterEvent.ServerStatusChanged e -> {
                return;
            }
        }
        table.put(service, Collections.unmodifiableSet(urls));
        table(event.traefik(), table);
    }

    private void table(String traefik, Map<String, Set<String>> table) {
        var changed = new TreeMap<>(tables);
        changed.put(traefik, Collections.unmodifiableMap(table));
        tables = Collections.unmodifiableMap(changed);
    }

    // ---- what a fault hits

    private Hit hit(Target target) {
        return switch (target) {
            case Target.OfMachine of -> hit(List.of(of.machine()));
            case Target.OfContainer of ->
                // A task's container is named after it.
                tasks.values().stream()
                        .map(Task::task)
                        .filter(task -> of.name().endsWith("." + task.id()))
                        .findFirst()
                        .map(task -> hit(List.of(), List.of(task)))
                        .orElse(Hit.NOTHING);
            case Target.OfGroups of ->
                hit(of.groups().stream()
                        .filter(group -> !decides(group, of.groups()))
                        .flatMap(List::stream)
                        .toList());
            // All of them hear a majority; and what is late or lost now and then is not lost.
            case Target.OfRing of -> Hit.NOTHING;
            case Target.OfLinks of -> Hit.NOTHING;
            case Target.OfNetwork of -> Hit.NOTHING;
        };
    }

    private Hit hit(List<String> machines) {
        return hit(
                machines,
                tasks.values().stream()
                        .filter(task -> task.live() && machines.contains(task.node()))
                        .map(Task::task)
                        .toList());
    }

    private Hit hit(List<String> machines, List<Subject.OfTask> hit) {
        List<Subject.OfInstance> theirs = instances.values().stream()
                .filter(instance -> hit.stream().anyMatch(task -> task.id().equals(instance.task())))
                .map(Instance::instance)
                .toList();
        return new Hit(machines, hit, theirs);
    }

    /** Whether a side of a cut has most of the managers; where there are none, whether it is the largest. */
    private boolean decides(List<String> group, List<List<String>> all) {
        List<String> managers = roles.entrySet().stream()
                .filter(role -> role.getValue() == NodeRole.MANAGER)
                .map(Map.Entry::getKey)
                .toList();
        if (managers.isEmpty()) {
            return all.stream()
                    .max(Comparator.comparing(List::size))
                    .filter(group::equals)
                    .isPresent();
        }
        return managers.stream().filter(group::contains).count() * 2 > managers.size();
    }

    /** Whether the servers or the tasks of a service are Traefik's or Consul's, as their image says. */
    boolean runs(String taskId, String program) {
        return Optional.ofNullable(tasks.get(taskId))
                .map(task -> services.get(task.service()))
                .filter(service -> service.image().contains(program))
                .isPresent();
    }

    // ---- why something does not answer

    /** The fault because of which nobody at an address answers a Traefik, if there is one. */
    Optional<Broken> whyDead(Instance server, String entry, Duration at) {
        return broken.values().stream()
                .filter(each -> kills(each, server, entry, at))
                .findFirst();
    }

    private boolean kills(Broken each, Instance server, String entry, Duration at) {
        boolean hit = each.hit().hasTask(server.task());
        Fault fault = each.fault().fault() instanceof Fault.Flapping flapping
                ? flapping.fault()
                : each.fault().fault();
        return switch (fault) {
            case Fault.MachineKill _,
                    Fault.MachineStop _,
                    Fault.MachineRestart _,
                    Fault.MachineRemove _,
                    Fault.NodeDrain _,
                    Fault.NodeLeave _,
                    Fault.ContainerStop _,
                    Fault.ContainerKill _ -> hit && each.began().compareTo(at) <= 0;
            case Fault.MachinePause _, Fault.ContainerPause _ -> hit && each.inForce(at);
            case Fault.NetworkPartition _, Fault.NetworkOneWay _, Fault.NetworkBridge _, Fault.NetworkRing _ ->
                each.inForce(at) && apart(each.fault().target(), entry, node(server.task()));
            case Fault.MachineStart _,
                    Fault.MachineUnpause _,
                    Fault.NodeDemote _,
                    Fault.OnService _,
                    Fault.OnMachine _,
                    Fault.OnLinks _,
                    Fault.Flapping _,
                    Fault.NetworkHeal _ -> false;
        };
    }

    private String node(String taskId) {
        return Optional.ofNullable(tasks.get(taskId)).map(Task::node).orElse("");
    }

    private static boolean apart(Target target, String one, String other) {
        if (target instanceof Target.OfRing ring) {
            return ring.parts(one, other);
        }
        return target instanceof Target.OfGroups cut
                && cut.groups().stream().anyMatch(group -> group.contains(one) && !group.contains(other))
                && cut.groups().stream().anyMatch(group -> group.contains(other));
    }

    /**
     * The fault that hit the Traefik of a machine, if there is one.
     *
     * @param answers whether it answered then
     */
    Optional<Broken> whyHit(String entry, boolean answers, Duration at) {
        return broken.values().stream()
                .filter(each -> each.began().compareTo(at) <= 0
                        && (hitsTraefik(each, entry) && (each.inForce(at) && lasts(each) || !answers)))
                .findFirst();
    }

    private boolean hitsTraefik(Broken each, String traefik) {
        return each.hit().machines().contains(traefik)
                || each.hit().tasks().stream()
                        .anyMatch(task -> traefik.equals(node(task.id())) && runs(task.id(), "traefik"));
    }

    /** Whether what was hit cannot come back while the fault is in force: of a killed container another task does. */
    private static boolean lasts(Broken each) {
        return each.fault().kind() != FaultKind.CONTAINER_KILL && each.fault().kind() != FaultKind.CONTAINER_STOP;
    }

    /** Whether the Traefik of a machine is gone for good, or for long, because of a fault. */
    boolean traefikHit(String faultId, String traefik) {
        Broken each = broken.get(faultId);
        return each != null && !(each.fault().target() instanceof Target.OfWays) && hitsTraefik(each, traefik);
    }

    // ---- readings

    Optional<Broken> broken(String faultId) {
        return Optional.ofNullable(broken.get(faultId));
    }

    boolean global(String taskId) {
        return Optional.ofNullable(tasks.get(taskId))
                .map(task -> services.get(task.service()))
                .filter(Service::global)
                .isPresent();
    }

    Optional<Instance> instanceOf(String taskId) {
        return instances.values().stream()
                .filter(instance -> !taskId.isEmpty() && instance.task().equals(taskId))
                .findFirst();
    }

    Optional<Instance> owner(String authority) {
        return Optional.ofNullable(owners.get(authority));
    }

    /** Names of the Consul agents on a machine. */
    List<String> agentsOn(String machine) {
        return agents.entrySet().stream()
                .filter(agent -> agent.getValue().equals(machine))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Events of one task among the last ones, oldest first. */
    List<ClusterEvent> recent(String taskId, Duration since) {
        List<ClusterEvent> found = new ArrayList<>();
        for (ClusterEvent event : recent) {
            if (event instanceof ClusterEvent.OfTask of
                    && of.task().id().equals(taskId)
                    && event.stamp().at().compareTo(since) >= 0) {
                found.add(event);
            }
        }
        return found;
    }

    /** Whether every service runs all tasks that are wanted, as far as is known. */
    boolean whole() {
        return services.values().stream().allMatch(Service::whole);
    }

    boolean swarm() {
        return swarm;
    }

    boolean consul() {
        return !agents.isEmpty();
    }

    boolean nodeKnown(String machine) {
        return roles.containsKey(machine);
    }

    String swarmLeader() {
        return swarmLeader;
    }

    String consulLeader() {
        return consulLeader;
    }

    /** Number of the event by which quorum was lost; 0 while it is there. */
    long quorumLost() {
        return quorumLost;
    }

    /** Number of the event by which the managers lost their leader; 0 while there is one. */
    long swarmLeaderless() {
        return swarmLeaderless;
    }

    long consulLeaderless() {
        return consulLeaderless;
    }

    /** By Traefik, then by service: URLs. Immutable. */
    Map<String, Map<String, Set<String>>> tables() {
        return tables;
    }

    // ---- identifiers

    static String key(Subject.OfInstance instance) {
        return instance.name() + " " + instance.id() + " " + instance.node();
    }

    static String authority(ClusterEvent.OfInstance event) {
        return event.address() + ":" + event.port();
    }

    /** {@code 10.1.9.5:8080} of {@code http://10.1.9.5:8080/}. */
    static String authority(String url) {
        int scheme = url.indexOf("://");
        String rest = scheme < 0 ? url : url.substring(scheme + 3);
        int path = rest.indexOf('/');
        return path < 0 ? rest : rest.substring(0, path);
    }

    /** Whether the managers miss a node in this state. */
    static boolean missed(NodeState state) {
        return switch (state) {
            case DOWN, UNKNOWN -> true;
            case READY, DISCONNECTED -> false;
        };
    }
}
