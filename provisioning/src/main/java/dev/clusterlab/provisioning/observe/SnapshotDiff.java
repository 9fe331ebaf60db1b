package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.shell.consul.CheckHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What happened between two snapshots, with causes; always the same for the same two, in a fixed order. */
final class SnapshotDiff {
    private final ClusterSnapshot before;
    private final ClusterSnapshot after;
    private final EventMemory memory;
    private final Causes causes;
    private final Duration seen;
    private final boolean exact;
    /** How much earlier than it was seen something may have happened that nobody reports. */
    private final Duration doubt;

    private final List<ClusterEvent> events = new ArrayList<>();

    /**
     * @param memory of the run: numbers the events made here and knows what was before
     * @param seen engine time since the engine began, when the second one was taken up
     * @param exact whether the second one's time is that of what happened; otherwise it is that of the poll that found it,
     *     and what a daemon says of the time counts
     */
    SnapshotDiff(
            ClusterSnapshot before,
            ClusterSnapshot after,
            List<ActiveFault> faults,
            EventMemory memory,
            Duration seen,
            boolean exact) {
        this.before = before;
        this.after = after;
        this.memory = memory;
        this.seen = seen;
        this.exact = exact;
        this.doubt = exact ? Duration.ZERO : doubt(before, after);
        this.causes = new Causes(before, after, faults, memory);
    }

    /** Not every poll asks everybody again: what nobody reports may be as old as the poll before. */
    private static Duration doubt(ClusterSnapshot before, ClusterSnapshot after) {
        Duration since = after.elapsed().minus(before.elapsed());
        return since.compareTo(PollPlan.POLLED) < 0 ? PollPlan.POLLED : since;
    }

    /** Faults first, then from the machines up to the routers: causes before effects. */
    List<ClusterEvent> events() {
        faults();
        machines();
        swarm();
        consul();
        traefik();
        return List.copyOf(events);
    }

    private void add(Function<Stamp, ClusterEvent> event, Optional<Cause> cause) {
        add(event, cause, "");
    }

    /** @param unknownWord the word of the state that it leads to, if that is none of the lab's */
    private void add(Function<Stamp, ClusterEvent> event, Optional<Cause> cause, @Nullable String unknownWord) {
        add(event, cause, unknownWord, after.elapsed(), doubt);
    }

    /** @param time when it happened, as a daemon says */
    private void add(
            Function<Stamp, ClusterEvent> event, Optional<Cause> cause, @Nullable String unknownWord, Instant time) {
        add(event, cause, unknownWord, told(time), time.equals(Instant.EPOCH) ? doubt : Duration.ZERO);
    }

    /** When a daemon says that it happened: engine time since the engine began, never later than it was seen. */
    private Duration told(Instant time) {
        if (exact || time.equals(Instant.EPOCH)) {
            return after.elapsed();
        }
        Duration at = Duration.between(after.time().minus(after.elapsed()), time);
        return at.isNegative() ? Duration.ZERO : at.compareTo(after.elapsed()) > 0 ? after.elapsed() : at;
    }

    private void add(
            Function<Stamp, ClusterEvent> event,
            Optional<Cause> cause,
            @Nullable String unknownWord,
            Duration at,
            Duration uncertainty) {
        var stamp = new Stamp(
                memory.nextNumber(),
                at,
                seen,
                cause.map(List::of).orElse(List.of()),
                unknownWord == null ? "" : unknownWord,
                uncertainty);
        ClusterEvent made = event.apply(stamp);
        memory.remember(made);
        events.add(made);
    }

    private void add(Function<Stamp, ClusterEvent> event) {
        add(event, Optional.empty());
    }

    private static <T> Map<String, T> byKey(List<T> items, Function<T, String> key) {
        var map = new LinkedHashMap<String, T>();
        items.forEach(i -> map.put(key.apply(i), i));
        return map;
    }

    /** What the lab itself does, so that it knows when. */
    private void addOwn(Function<Stamp, ClusterEvent> event) {
        add(event, Optional.empty(), "", after.elapsed(), Duration.ZERO);
    }

    private void faults() {
        Map<String, ActiveFault> old = byKey(before.faults(), ActiveFault::id);
        Map<String, ActiveFault> now = byKey(after.faults(), ActiveFault::id);
        now.forEach((id, fault) -> {
            ActiveFault known = old.get(id);
            if (known == null) {
                addOwn(stamp -> new ClusterEvent.FaultBegan(stamp, fault, false));
            } else if (!fault.until().equals(known.until())) {
                addOwn(stamp -> new ClusterEvent.FaultExtended(stamp, fault));
            }
        });
        old.forEach((id, fault) -> {
            if (!now.containsKey(id)) {
                addOwn(stamp -> new ClusterEvent.FaultEnded(stamp, fault));
            }
        });
    }

    private void machines() {
        if (before.machines() == after.machines()) {
            return;
        }
        Map<String, MachineView> old = byKey(before.machines(), m -> m.machine().name());
        Map<String, MachineView> now = byKey(after.machines(), m -> m.machine().name());
        now.forEach((name, view) -> {
            Machine machine = view.machine();
            MachineView was = old.get(name);
            if (was == null) {
                add(stamp -> new ClusterEvent.MachineCreated(stamp, name, machine.ip()));
            } else if (was != view && was.machine().state() != machine.state()) {
                add(
                        stamp -> new ClusterEvent.MachineStateChanged(
                                stamp,
                                name,
                                was.machine().state(),
                                machine.state(),
                                was.machine().cutOff() || machine.cutOff()),
                        causes.ofMachine(name));
            }
        });
        old.forEach((name, view) -> {
            if (!now.containsKey(name)) {
                add(stamp -> new ClusterEvent.MachineRemoved(stamp, name), causes.ofMachine(name));
            }
        });
    }

    private void swarm() {
        Optional<SwarmView> was = before.swarm();
        Optional<SwarmView> is = after.swarm();
        if (is.isEmpty()) {
            was.ifPresent(s -> add(stamp -> new ClusterEvent.GroupSilent(stamp, Group.SWARM)));
            return;
        }
        leader(was, is.get());
        nodes(was.map(SwarmView::nodes).orElse(List.of()), is.get().nodes());
        networks(was.map(SwarmView::networks).orElse(List.of()), is.get().networks());
        services(was.map(SwarmView::services).orElse(List.of()), is.get().services());
        tasks(was.map(SwarmView::tasks).orElse(List.of()), is.get().tasks());
    }

    private void leader(Optional<SwarmView> was, SwarmView is) {
        if (was.isEmpty()) {
            add(stamp -> new ClusterEvent.SwarmFormed(stamp, is.leader()));
            return;
        }
        String old = lastLeader(was.get());
        Optional<Quorum> lost = lost(after, is);
        boolean wasLost = lost(before, was.get()).isPresent();
        if (lost.isPresent() && !wasLost) {
            Quorum quorum = lost.get();
            add(
                    stamp -> new ClusterEvent.QuorumLost(
                            stamp, quorum.managers(), quorum.together(), quorum.needed(), old),
                    quorumCause(old));
        } else if (lost.isEmpty() && !is.hasLeader() && wasLost) {
            add(ClusterEvent.QuorumRegained::new);
        } else if (!is.hasLeader() && was.get().hasLeader()) {
            add(leaderChanged(Group.SWARM, old, "", false), causes.ofLeader(old));
        } else if (is.hasLeader() && !was.get().hasLeader()) {
            add(leaderChanged(Group.SWARM, "", is.leader(), wasLost));
        } else if (is.hasLeader() && !is.leader().equals(old) && !is.leader().isEmpty()) {
            add(leaderChanged(Group.SWARM, old, is.leader(), false), causes.ofLeader(old));
        }
    }

    private static Function<Stamp, ClusterEvent> leaderChanged(
            Group group, String before, String after, boolean quorumWasLost) {
        return stamp -> new ClusterEvent.LeaderChanged(stamp, group, before, after, quorumWasLost);
    }

    /** Empty while the swarm is led, or could be. */
    private static Optional<Quorum> lost(ClusterSnapshot snapshot, SwarmView swarm) {
        return swarm.hasLeader() ? Optional.empty() : Quorum.of(snapshot).filter(Quorum::lost);
    }

    /** The one that led may be among those that are left: then what took another manager away is the cause. */
    private Optional<Cause> quorumCause(String oldLeader) {
        Optional<Cause> cause = causes.ofLeader(oldLeader);
        if (cause.isPresent()) {
            return cause;
        }
        return after.swarm().stream()
                .flatMap(swarm -> swarm.nodes().stream())
                .filter(node -> node.role() == NodeRole.MANAGER)
                .flatMap(node -> causes.throughMachine(node.hostname()).stream())
                .findFirst();
    }

    private static String lastLeader(SwarmView swarm) {
        return swarm.hasLeader()
                ? swarm.leader()
                : swarm.nodes().stream()
                        .filter(NodeView::leader)
                        .map(NodeView::hostname)
                        .findFirst()
                        .orElse("");
    }

    private void nodes(List<NodeView> was, List<NodeView> is) {
        if (was == is) {
            return;
        }
        Map<String, NodeView> old = byKey(was, NodeView::id);
        Map<String, NodeView> now = byKey(is, NodeView::id);
        now.forEach((id, node) -> {
            NodeView last = old.get(id);
            if (last != node) {
                node(Optional.ofNullable(last), node);
            }
        });
        old.forEach((id, node) -> {
            if (!now.containsKey(id)) {
                add(stamp -> new ClusterEvent.NodeLeft(stamp, subject(node)));
            }
        });
    }

    private static Subject.OfNode subject(NodeView node) {
        return new Subject.OfNode(node.id(), node.hostname());
    }

    private void node(Optional<NodeView> before, NodeView node) {
        Subject.OfNode subject = subject(node);
        if (before.isEmpty()) {
            add(
                    stamp -> new ClusterEvent.NodeJoined(stamp, subject, node.role()),
                    Optional.empty(),
                    node.unknownWords().get("role"));
            return;
        }
        NodeView last = before.get();
        if (last.state() != node.state()) {
            boolean ready = node.state() == NodeState.READY;
            add(
                    stamp -> new ClusterEvent.NodeStateChanged(
                            stamp, subject, last.state(), node.state(), ready ? "" : node.message()),
                    ready ? Optional.empty() : causes.ofNode(node.hostname()),
                    node.unknownWords().get("state"));
        }
        if (last.role() != node.role()) {
            add(
                    stamp -> new ClusterEvent.NodeRoleChanged(stamp, subject, last.role(), node.role()),
                    Optional.empty(),
                    node.unknownWords().get("role"));
        }
        if (last.availability() != node.availability()) {
            add(
                    stamp -> new ClusterEvent.NodeAvailabilityChanged(
                            stamp, subject, last.availability(), node.availability()),
                    Optional.empty(),
                    node.unknownWords().get("availability"));
        }
        if (last.reachability() != node.reachability() && node.reachability() == Reachability.UNREACHABLE) {
            add(stamp -> new ClusterEvent.ManagerUnreachable(stamp, subject), causes.ofNode(node.hostname()));
        }
        if (!last.labels().equals(node.labels())) {
            add(stamp -> new ClusterEvent.NodeLabelsChanged(stamp, subject, node.labels()));
        }
    }

    private void networks(List<NetworkView> was, List<NetworkView> is) {
        if (was == is) {
            return;
        }
        Map<String, NetworkView> old = byKey(was, NetworkView::id);
        Map<String, NetworkView> now = byKey(is, NetworkView::id);
        now.forEach((id, network) -> {
            if (!old.containsKey(id)) {
                add(stamp ->
                        new ClusterEvent.NetworkCreated(stamp, subject(network), network.driver(), network.subnet()));
            }
        });
        old.forEach((id, network) -> {
            if (!now.containsKey(id)) {
                add(stamp -> new ClusterEvent.NetworkRemoved(stamp, subject(network)));
            }
        });
    }

    private static Subject.OfNetwork subject(NetworkView network) {
        return new Subject.OfNetwork(network.id(), network.name());
    }

    private void services(List<ServiceView> was, List<ServiceView> is) {
        if (was == is) {
            return;
        }
        Map<String, ServiceView> old = byKey(was, ServiceView::id);
        Map<String, ServiceView> now = byKey(is, ServiceView::id);
        now.forEach((id, service) -> {
            ServiceView last = old.get(id);
            if (last != service) {
                service(Optional.ofNullable(last), service);
            }
        });
        old.forEach((id, service) -> {
            if (!now.containsKey(id)) {
                add(stamp -> new ClusterEvent.ServiceRemoved(stamp, subject(service)));
            }
        });
    }

    private static Subject.OfService subject(ServiceView service) {
        return new Subject.OfService(service.id(), service.name());
    }

    private void service(Optional<ServiceView> before, ServiceView service) {
        Subject.OfService subject = subject(service);
        if (before.isEmpty()) {
            add(stamp -> new ClusterEvent.ServiceCreated(
                    stamp, subject, service.image(), service.global(), service.replicas()));
        } else {
            ServiceView last = before.get();
            if (!service.global() && last.replicas() != service.replicas()) {
                add(stamp -> new ClusterEvent.ServiceScaled(stamp, subject, last.replicas(), service.replicas()));
            }
            if (!last.image().equals(service.image())) {
                add(stamp -> new ClusterEvent.ServiceImageChanged(stamp, subject, last.image(), service.image()));
            }
            if (last.updateState() != service.updateState() && service.updateState() != UpdateState.NONE) {
                add(
                        stamp -> new ClusterEvent.ServiceUpdateChanged(
                                stamp, subject, last.updateState(), service.updateState(), service.updateMessage()),
                        Optional.empty(),
                        service.unknownWords().get("updateState"));
            }
        }
        boolean complete = service.running() >= service.replicas();
        boolean wasComplete =
                before.map(last -> last.running() >= last.replicas()).orElse(false);
        boolean fewer = before.map(last -> service.running() < last.running()).orElse(false);
        if (complete ? !wasComplete && service.replicas() > 0 : fewer) {
            add(stamp -> new ClusterEvent.ServiceRunning(stamp, subject, service.running(), service.replicas()));
        }
    }

    private void tasks(List<TaskView> was, List<TaskView> is) {
        if (was == is) {
            return;
        }
        Map<String, TaskView> old = byKey(was, TaskView::id);
        Map<String, TaskView> now = byKey(is, TaskView::id);
        now.forEach((id, task) -> {
            TaskView last = old.get(id);
            if (last != task) {
                task(Optional.ofNullable(last), task);
            }
        });
        old.forEach((id, task) -> {
            if (!now.containsKey(id) && task.live()) {
                add(
                        stamp -> new ClusterEvent.TaskForgotten(stamp, subject(task), task.nodeHostname()),
                        causes.ofTask(task));
            }
        });
    }

    private static Subject.OfTask subject(TaskView task) {
        return new Subject.OfTask(task.id(), task.name());
    }

    private void task(Optional<TaskView> last, TaskView task) {
        assigned(last, task);
        course(last, task);
        if (last.filter(SnapshotDiff::wanted).isPresent() && !wanted(task)) {
            add(
                    stamp -> new ClusterEvent.TaskUnwanted(stamp, subject(task), task.nodeHostname()),
                    memory.taskOver(task.id()).or(() -> causes.ofTask(task)));
        }
    }

    private static boolean wanted(TaskView task) {
        return task.desiredState().compareTo(TaskState.RUNNING) <= 0;
    }

    private static boolean hasNode(TaskView task) {
        return wanted(task) && !task.nodeHostname().isEmpty() && task.state().compareTo(TaskState.ASSIGNED) >= 0;
    }

    private void assigned(Optional<TaskView> last, TaskView task) {
        if (!hasNode(task) || last.filter(SnapshotDiff::hasNode).isPresent()) {
            return;
        }
        // It may be further already; then only that is reported which came after.
        boolean reported = task.state() == TaskState.ASSIGNED && !task.since().equals(Instant.EPOCH);
        add(
                stamp -> new ClusterEvent.TaskAssigned(
                        stamp,
                        subject(task),
                        new Subject.OfService(task.serviceId(), task.serviceName()),
                        task.nodeHostname(),
                        causes.inPlaceBefore(task).map(SnapshotDiff::subject)),
                causes.ofReplacement(task),
                "",
                told(task.since()),
                reported ? Duration.ZERO : doubt);
    }

    /** From its start to its end. */
    private void course(Optional<TaskView> last, TaskView task) {
        boolean wasLive = last.map(TaskView::live).orElse(false);
        String node = task.nodeHostname();
        if (task.live() && !wasLive) {
            started(last, task);
            return;
        }
        boolean stateChanged =
                last.map(TaskView::state).filter(task.state()::equals).isEmpty();
        if (stateChanged && (task.state() == TaskState.FAILED || task.state() == TaskState.REJECTED)) {
            add(
                    stamp -> new ClusterEvent.TaskFailed(stamp, subject(task), node, task.state(), task.error()),
                    causes.ofTask(task),
                    "",
                    task.since());
        } else if (wasLive && !task.live() && task.state() == TaskState.RUNNING) {
            add(stamp -> new ClusterEvent.TaskGivenUp(stamp, subject(task), node), causes.ofTask(task));
        } else if (wasLive && !task.live()) {
            add(
                    stamp -> new ClusterEvent.TaskEnded(stamp, subject(task), node, task.state()),
                    causes.ofTask(task),
                    task.unknownWords().get("state"),
                    task.since());
        } else if (task.state() == TaskState.PENDING
                && !task.error().isEmpty()
                && !task.error().equals(last.map(TaskView::error).orElse(""))) {
            add(stamp -> new ClusterEvent.TaskWaiting(stamp, subject(task), node, task.error()));
        }
    }

    private void started(Optional<TaskView> last, TaskView task) {
        boolean ranBefore = last.map(t -> t.state() == TaskState.RUNNING).orElse(false);
        TaskView lost = ranBefore ? null : causes.predecessor(task);
        // Where it ran already, it counts again because of its node, and nobody says since when.
        Instant at = ranBefore ? Instant.EPOCH : task.since();
        String node = task.nodeHostname();
        if (lost == null) {
            add(
                    stamp -> new ClusterEvent.TaskStarted(stamp, subject(task), node, Optional.empty(), ""),
                    Optional.empty(),
                    "",
                    at);
            return;
        }
        String movedFrom = lost.nodeHostname().equals(node) ? "" : lost.nodeHostname();
        add(
                stamp ->
                        new ClusterEvent.TaskStarted(stamp, subject(task), node, Optional.of(subject(lost)), movedFrom),
                causes.ofReplacement(task),
                "",
                at);
    }

    private void consul() {
        Optional<ConsulView> was = before.consul();
        if (after.consul().isEmpty()) {
            was.ifPresent(c -> add(stamp -> new ClusterEvent.GroupSilent(stamp, Group.CONSUL)));
            return;
        }
        ConsulView is = after.consul().get();
        if (was.isPresent() && was.get() == is) {
            return;
        }
        String old = was.map(ConsulView::leader).orElse("");
        if (!old.equals(is.leader())) {
            add(leaderChanged(Group.CONSUL, old, is.leader(), false), old.isEmpty() ? Optional.empty() : ofMember(old));
        }
        members(was.map(ConsulView::members).orElse(List.of()), is.members());
        instances(was.map(ConsulView::services).orElse(Map.of()), is.services());
    }

    private Optional<Cause> ofMember(String name) {
        for (ClusterSnapshot snapshot : List.of(before, after)) {
            for (ConsulMember member :
                    snapshot.consul().map(ConsulView::members).orElse(List.of())) {
                if (member.name().equals(name) && !member.machine().isEmpty()) {
                    Optional<Cause> cause = causes.throughMachine(member.machine());
                    return cause.isPresent() ? cause : causes.ofAddress(member.address(), name);
                }
            }
        }
        return Optional.empty();
    }

    private void members(List<ConsulMember> was, List<ConsulMember> is) {
        Map<String, ConsulMember> old = byKey(was, ConsulMember::name);
        Map<String, ConsulMember> now = byKey(is, ConsulMember::name);
        now.forEach((name, member) -> {
            ConsulMember last = old.get(name);
            boolean alive = member.status() == MemberStatus.ALIVE;
            var subject = new Subject.OfMember(name);
            if (last == null) {
                if (alive) {
                    add(stamp -> new ClusterEvent.MemberJoined(stamp, subject, member.server(), member.machine()));
                }
            } else if (last.status() != member.status()) {
                add(
                        stamp -> new ClusterEvent.MemberStatusChanged(
                                stamp, subject, member.server(), last.status(), member.status()),
                        alive ? Optional.empty() : ofMember(name),
                        member.unknownWords().get("status"));
            }
        });
        old.forEach((name, member) -> {
            if (!now.containsKey(name)) {
                add(stamp -> new ClusterEvent.MemberForgotten(stamp, new Subject.OfMember(name)));
            }
        });
    }

    private static Subject.OfInstance subject(ConsulInstance instance) {
        return new Subject.OfInstance(instance.id(), instance.service(), instance.node());
    }

    private static Map<String, ConsulInstance> byInstance(Map<String, List<ConsulInstance>> services) {
        var instances = new TreeMap<String, ConsulInstance>();
        services.values()
                .forEach(list -> list.forEach(i -> instances.put(i.service() + " " + i.id() + " " + i.node(), i)));
        return instances;
    }

    private void instances(Map<String, List<ConsulInstance>> was, Map<String, List<ConsulInstance>> is) {
        Map<String, ConsulInstance> old = byInstance(was);
        Map<String, ConsulInstance> now = byInstance(is);
        now.forEach((key, instance) -> {
            ConsulInstance last = old.get(key);
            if (last == null) {
                Optional<Subject.OfTask> task =
                        causes.registered(subject(instance), instance.address()).map(SnapshotDiff::subject);
                add(
                        stamp -> new ClusterEvent.InstanceRegistered(
                                stamp, subject(instance), instance.address(), instance.port(), instance.status(), task),
                        Optional.empty(),
                        instance.unknownWords().get("status"));
            } else if (last.status() != instance.status()) {
                add(
                        stamp -> new ClusterEvent.InstanceHealthChanged(
                                stamp,
                                subject(instance),
                                instance.address(),
                                instance.port(),
                                last.status(),
                                instance.status()),
                        instance.status() == CheckHealth.PASSING
                                ? Optional.empty()
                                : causes.ofInstance(subject(instance), instance.address()),
                        instance.unknownWords().get("status"));
            }
        });
        old.forEach((key, instance) -> {
            if (!now.containsKey(key)) {
                add(
                        stamp -> new ClusterEvent.InstanceDeregistered(
                                stamp, subject(instance), instance.address(), instance.port()),
                        causes.ofInstance(subject(instance), instance.address()));
            }
        });
    }

    private void traefik() {
        if (before.traefik() == after.traefik()) {
            return;
        }
        Map<String, Map<String, Map<String, ServerStatus>>> old = tables(before.traefik());
        Map<String, Map<String, Map<String, ServerStatus>>> now = tables(after.traefik());
        old.keySet().stream()
                .filter(traefik -> !now.containsKey(traefik))
                .forEach(traefik ->
                        add(stamp -> new ClusterEvent.TraefikGone(stamp, traefik), causes.throughMachine(traefik)));
        if (now.isEmpty()) {
            if (!old.isEmpty()) {
                add(ClusterEvent.TraefikSilent::new);
            }
            return;
        }
        now.keySet().stream()
                .filter(traefik -> !old.containsKey(traefik))
                .forEach(traefik -> add(stamp -> new ClusterEvent.TraefikAnswers(stamp, traefik)));
        routers();
        var unknownWords = new TreeMap<String, String>();
        after.traefik().forEach(view -> view.services().forEach(s -> unknownWords.putAll(s.unknownWords())));
        now.forEach(
                (traefik, services) -> servers(traefik, old.getOrDefault(traefik, Map.of()), services, unknownWords));
    }

    /** Several Traefiks read the same catalog: a router counts as there if any of them has it. */
    private void routers() {
        Map<String, String> oldRouters = routers(before.traefik());
        Map<String, String> newRouters = routers(after.traefik());
        newRouters.forEach((name, rule) -> {
            if (!oldRouters.containsKey(name)) {
                add(stamp -> new ClusterEvent.RouterAdded(stamp, new Subject.OfRouter(name), rule));
            }
        });
        oldRouters.forEach((name, rule) -> {
            if (!newRouters.containsKey(name)) {
                add(stamp -> new ClusterEvent.RouterRemoved(stamp, new Subject.OfRouter(name), rule));
            }
        });
    }

    private void servers(
            String traefik,
            Map<String, Map<String, ServerStatus>> old,
            Map<String, Map<String, ServerStatus>> now,
            Map<String, String> unknownWords) {
        now.forEach((service, servers) -> {
            Map<String, ServerStatus> known = old.getOrDefault(service, Map.of());
            servers.forEach((url, status) -> {
                var subject = new Subject.OfServer(url, service);
                ServerStatus last = known.get(url);
                if (last == null) {
                    add(stamp -> new ClusterEvent.ServerAdded(stamp, traefik, subject));
                } else if (status != last) {
                    add(
                            stamp -> new ClusterEvent.ServerStatusChanged(stamp, traefik, subject, last, status),
                            status == ServerStatus.UP ? Optional.empty() : causes.ofServer(url),
                            status == ServerStatus.UNKNOWN ? unknownWords.get(url) : "");
                }
            });
        });
        old.forEach((service, servers) -> servers.forEach((url, status) -> {
            if (!now.getOrDefault(service, Map.of()).containsKey(url)) {
                add(
                        stamp -> new ClusterEvent.ServerRemoved(stamp, traefik, new Subject.OfServer(url, service)),
                        causes.ofServer(url));
            }
        }));
    }

    private static Map<String, String> routers(List<TraefikView> views) {
        var routers = new TreeMap<String, String>();
        views.forEach(v -> v.routers().stream()
                .filter(r -> !r.provider().equals("internal"))
                .forEach(r -> routers.put(r.name(), r.rule())));
        return routers;
    }

    /** By the machine of the Traefik, then by service. */
    private static Map<String, Map<String, Map<String, ServerStatus>>> tables(List<TraefikView> views) {
        var tables = new TreeMap<String, Map<String, Map<String, ServerStatus>>>();
        for (TraefikView view : views) {
            Map<String, Map<String, ServerStatus>> services =
                    tables.computeIfAbsent(view.machine(), machine -> new TreeMap<>());
            view.services()
                    .forEach(s -> services.computeIfAbsent(s.name(), n -> new TreeMap<>())
                            .putAll(s.servers()));
        }
        return tables;
    }
}
