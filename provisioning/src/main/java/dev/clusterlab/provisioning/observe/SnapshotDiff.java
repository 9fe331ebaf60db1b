package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.ClusterEvent.Kind;
import dev.clusterlab.provisioning.observe.ClusterEvent.Severity;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What happened between two snapshots, with causes; always the same for the same two, in a fixed order. */
final class SnapshotDiff {
    /** Without a leader; Swarm's data plane needs no manager. */
    private static final String STILL_WORKS =
            "Running tasks go on and requests are answered; until a leader is elected,"
                    + " nothing is scheduled, replaced or changed";

    private final ClusterSnapshot before;
    private final ClusterSnapshot after;
    private final Causes causes;
    private final List<ClusterEvent> events = new ArrayList<>();

    SnapshotDiff(ClusterSnapshot before, ClusterSnapshot after, List<ActiveFault> faults) {
        this.before = before;
        this.after = after;
        this.causes = new Causes(before, after, faults);
    }

    /** Faults first, then from the machines up to the routers: causes before effects. */
    List<ClusterEvent> events() {
        events.clear();
        faults();
        machines();
        swarm();
        consul();
        traefik();
        return List.copyOf(events);
    }

    private void add(Kind kind, Severity severity, String subject, String text, Optional<String> cause) {
        events.add(new ClusterEvent(after.elapsed(), kind, severity, subject, text, cause));
    }

    private void add(Kind kind, Severity severity, String subject, String text) {
        add(kind, severity, subject, text, Optional.empty());
    }

    private static <T> Map<String, T> byKey(List<T> items, Function<T, String> key) {
        var map = new LinkedHashMap<String, T>();
        items.forEach(i -> map.put(key.apply(i), i));
        return map;
    }

    private void faults() {
        Map<String, ActiveFault> old = byKey(before.faults(), ActiveFault::id);
        Map<String, ActiveFault> now = byKey(after.faults(), ActiveFault::id);
        now.forEach((id, fault) -> {
            if (!old.containsKey(id)) {
                add(
                        Kind.FAULT,
                        Severity.WARNING,
                        String.join(", ", fault.targets()),
                        "Fault " + Causes.text(fault) + " is in force");
            }
        });
        old.forEach((id, fault) -> {
            if (!now.containsKey(id)) {
                add(
                        Kind.FAULT,
                        Severity.GOOD,
                        String.join(", ", fault.targets()),
                        "Fault " + Causes.text(fault) + " is over");
            }
        });
    }

    private void machines() {
        Map<String, MachineView> old = byKey(before.machines(), m -> m.machine().name());
        Map<String, MachineView> now = byKey(after.machines(), m -> m.machine().name());
        now.forEach((name, view) -> {
            Machine machine = view.machine();
            MachineView was = old.get(name);
            if (was == null) {
                add(Kind.MACHINE, Severity.GOOD, name, name + " is running at " + machine.ip());
            } else if (was.machine().state() != machine.state()) {
                Optional<String> cause = causes.ofMachine(name);
                switch (machine.state()) {
                    case RUNNING -> add(Kind.MACHINE, Severity.GOOD, name, name + " is running again", cause);
                    case PAUSED -> add(Kind.MACHINE, Severity.WARNING, name, name + " is frozen", cause);
                    case STOPPED -> add(Kind.MACHINE, Severity.WARNING, name, name + " has shut down", cause);
                    case KILLED -> add(Kind.MACHINE, Severity.BAD, name, name + " lost its power", cause);
                }
            }
        });
        old.forEach((name, view) -> {
            if (!now.containsKey(name)) {
                add(Kind.MACHINE, Severity.BAD, name, name + " is gone for good", causes.ofMachine(name));
            }
        });
    }

    private void swarm() {
        Optional<SwarmView> was = before.swarm();
        Optional<SwarmView> is = after.swarm();
        if (is.isEmpty()) {
            was.ifPresent(s -> add(Kind.LEADER, Severity.BAD, "swarm", "There is no swarm any more"));
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
            add(Kind.LEADER, Severity.GOOD, is.leader(), "A swarm began; " + is.leader() + " leads it");
            return;
        }
        String old = lastLeader(was.get());
        Optional<Quorum> lost = lost(after, is);
        boolean wasLost = lost(before, was.get()).isPresent();
        if (lost.isPresent() && !wasLost) {
            Quorum quorum = lost.get();
            add(
                    Kind.LEADER,
                    Severity.BAD,
                    "swarm",
                    "Quorum is lost: " + quorum.answering() + " of " + count(quorum.managers(), "manager") + " left, "
                            + quorum.needed() + " needed" + ledBy(old) + ". " + STILL_WORKS,
                    quorumCause(old));
        } else if (lost.isEmpty() && !is.hasLeader() && wasLost) {
            add(Kind.LEADER, Severity.GOOD, "swarm", "Enough managers are back for a quorum; they elect a leader");
        } else if (!is.hasLeader() && was.get().hasLeader()) {
            add(
                    Kind.LEADER,
                    Severity.BAD,
                    "swarm",
                    "No manager knows a leader" + ledBy(old) + ". " + STILL_WORKS,
                    causes.ofLeader(old));
        } else if (is.hasLeader() && !was.get().hasLeader()) {
            add(
                    Kind.LEADER,
                    Severity.GOOD,
                    is.leader(),
                    (wasLost ? "Quorum is back" : "The swarm has a leader again") + ": " + is.leader() + " leads");
        } else if (is.hasLeader() && !is.leader().equals(old) && !is.leader().isEmpty()) {
            add(
                    Kind.LEADER,
                    Severity.GOOD,
                    is.leader(),
                    is.leader() + " leads the swarm, after " + old,
                    causes.ofLeader(old));
        }
    }

    private static String ledBy(String last) {
        return last.isEmpty() ? "" : "; " + last + " led";
    }

    /** Empty while the swarm is led, or could be. */
    private static Optional<Quorum> lost(ClusterSnapshot snapshot, SwarmView swarm) {
        return swarm.hasLeader() ? Optional.empty() : Quorum.of(snapshot).filter(Quorum::lost);
    }

    /** The one that led may be among those that are left: then what took another manager away is the cause. */
    private Optional<String> quorumCause(String oldLeader) {
        Optional<String> cause = causes.ofLeader(oldLeader);
        if (cause.isPresent()) {
            return cause;
        }
        return after.swarm().stream()
                .flatMap(swarm -> swarm.nodes().stream())
                .filter(node -> node.role().equals("manager"))
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
        Map<String, NodeView> old = byKey(was, NodeView::id);
        Map<String, NodeView> now = byKey(is, NodeView::id);
        now.forEach((id, node) -> {
            NodeView last = old.get(id);
            String host = node.hostname();
            if (last == null) {
                add(Kind.NODE, Severity.GOOD, host, host + " is in the swarm as " + node.role());
                return;
            }
            if (!last.state().equals(node.state())) {
                String message = node.message().isEmpty() || node.state().equals("ready") ? "" : ": " + node.message();
                add(
                        Kind.NODE,
                        switch (node.state()) {
                            case "ready" -> Severity.GOOD;
                            case "down" -> Severity.BAD;
                            default -> Severity.WARNING;
                        },
                        host,
                        "Node " + host + " is " + node.state() + message,
                        node.state().equals("ready") ? Optional.empty() : causes.ofNode(host));
            }
            if (!last.role().equals(node.role())) {
                add(Kind.NODE, Severity.INFO, host, "Node " + host + " becomes a " + node.role());
            }
            if (!last.availability().equals(node.availability())) {
                add(
                        Kind.NODE,
                        node.availability().equals("active") ? Severity.GOOD : Severity.WARNING,
                        host,
                        "Node " + host + " is set to " + node.availability());
            }
            if (!last.reachability().equals(node.reachability())
                    && node.reachability().equals("unreachable")) {
                add(Kind.NODE, Severity.BAD, host, "Manager " + host + " cannot be reached", causes.ofNode(host));
            }
            if (!last.labels().equals(node.labels())) {
                add(Kind.NODE, Severity.INFO, host, "Node " + host + " has the labels " + new TreeMap<>(node.labels()));
            }
        });
        old.forEach((id, node) -> {
            if (!now.containsKey(id)) {
                add(
                        Kind.NODE,
                        Severity.WARNING,
                        node.hostname(),
                        "Node " + node.hostname() + " was taken out of the swarm");
            }
        });
    }

    private void networks(List<NetworkView> was, List<NetworkView> is) {
        Map<String, NetworkView> old = byKey(was, NetworkView::id);
        Map<String, NetworkView> now = byKey(is, NetworkView::id);
        now.forEach((id, network) -> {
            if (!old.containsKey(id)) {
                String subnet = network.subnet().isEmpty() ? "" : " with " + network.subnet();
                add(
                        Kind.NETWORK,
                        Severity.INFO,
                        network.name(),
                        "Network " + network.name() + " (" + network.driver() + ")" + subnet);
            }
        });
        old.forEach((id, network) -> {
            if (!now.containsKey(id)) {
                add(Kind.NETWORK, Severity.INFO, network.name(), "Network " + network.name() + " was removed");
            }
        });
    }

    private void services(List<ServiceView> was, List<ServiceView> is) {
        Map<String, ServiceView> old = byKey(was, ServiceView::id);
        Map<String, ServiceView> now = byKey(is, ServiceView::id);
        now.forEach((id, service) -> {
            ServiceView last = old.get(id);
            String name = service.name();
            if (last == null) {
                String mode = service.global() ? "one task a node" : count(service.replicas(), "replica");
                add(Kind.SERVICE, Severity.INFO, name, "Service " + name + ": " + service.image() + ", " + mode);
            } else {
                if (!service.global() && last.replicas() != service.replicas()) {
                    add(
                            Kind.SERVICE,
                            Severity.INFO,
                            name,
                            "Service " + name + " is scaled from " + last.replicas() + " to " + service.replicas());
                }
                if (!last.image().equals(service.image())) {
                    add(Kind.SERVICE, Severity.INFO, name, "Service " + name + " gets " + service.image());
                }
                if (!last.updateState().equals(service.updateState())
                        && !service.updateState().isEmpty()) {
                    boolean paused = service.updateState().endsWith("paused");
                    add(
                            Kind.SERVICE,
                            paused ? Severity.BAD : Severity.INFO,
                            name,
                            "Service " + name + ": " + service.updateMessage());
                }
            }
            boolean complete = service.running() >= service.replicas();
            boolean wasComplete = last != null && last.running() >= last.replicas();
            if (complete && !wasComplete && service.replicas() > 0) {
                add(Kind.SERVICE, Severity.GOOD, name, running(service));
            } else if (!complete && last != null && service.running() < last.running()) {
                add(Kind.SERVICE, Severity.WARNING, name, running(service));
            }
        });
        old.forEach((id, service) -> {
            if (!now.containsKey(id)) {
                add(Kind.SERVICE, Severity.INFO, service.name(), "Service " + service.name() + " was removed");
            }
        });
    }

    private static String running(ServiceView service) {
        return "Service " + service.name() + ": " + service.running() + " of " + count(service.replicas(), "task")
                + " running";
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private void tasks(List<TaskView> was, List<TaskView> is) {
        Map<String, TaskView> old = byKey(was, TaskView::id);
        Map<String, TaskView> now = byKey(is, TaskView::id);
        now.forEach((id, task) -> task(Optional.ofNullable(old.get(id)), task));
        old.forEach((id, task) -> {
            if (!now.containsKey(id) && task.live()) {
                add(
                        Kind.TASK,
                        Severity.INFO,
                        task.name(),
                        task.name() + " no longer runs on " + task.nodeHostname(),
                        causes.ofTask(task));
            }
        });
    }

    private void task(Optional<TaskView> last, TaskView task) {
        boolean wasLive = last.map(TaskView::live).orElse(false);
        String oldState = last.map(TaskView::state).orElse("");
        String name = task.name();
        if (task.live() && !wasLive) {
            TaskView lost = last.isPresent() && oldState.equals("running") ? null : causes.predecessor(task);
            String moved = lost == null || lost.nodeHostname().equals(task.nodeHostname())
                    ? ""
                    : ", moved from " + lost.nodeHostname();
            add(
                    Kind.TASK,
                    Severity.GOOD,
                    name,
                    name + " runs on " + task.nodeHostname() + moved,
                    lost == null ? Optional.empty() : causes.ofReplacement(task));
            return;
        }
        boolean stateChanged = !oldState.equals(task.state());
        if (stateChanged && (task.state().equals("failed") || task.state().equals("rejected"))) {
            String error = task.error().isEmpty() ? "" : ": " + task.error();
            add(
                    Kind.TASK,
                    Severity.BAD,
                    name,
                    name + " " + task.state() + " on " + task.nodeHostname() + error,
                    causes.ofTask(task));
        } else if (wasLive && !task.live()) {
            boolean lost = task.state().equals("running");
            add(
                    Kind.TASK,
                    lost ? Severity.BAD : Severity.INFO,
                    name,
                    lost
                            ? name + " on " + task.nodeHostname() + " is given up"
                            : name + " on " + task.nodeHostname() + " has ended (" + task.state() + ")",
                    causes.ofTask(task));
        } else if (task.state().equals("pending")
                && !task.error().isEmpty()
                && !task.error().equals(last.map(TaskView::error).orElse(""))) {
            add(Kind.TASK, Severity.WARNING, name, name + " waits: " + task.error());
        }
    }

    private void consul() {
        Optional<ConsulView> was = before.consul();
        if (after.consul().isEmpty()) {
            was.ifPresent(c -> add(Kind.CONSUL_LEADER, Severity.BAD, "consul", "No Consul agent answers any more"));
            return;
        }
        ConsulView is = after.consul().get();
        String oldLeader = was.map(ConsulView::leader).orElse("");
        if (!oldLeader.equals(is.leader())) {
            if (is.leader().isEmpty()) {
                add(
                        Kind.CONSUL_LEADER,
                        Severity.BAD,
                        "consul",
                        "Consul has no leader; " + oldLeader + " led it",
                        ofMember(oldLeader));
            } else {
                String afterWhom = oldLeader.isEmpty() ? "" : ", after " + oldLeader;
                add(
                        Kind.CONSUL_LEADER,
                        Severity.GOOD,
                        "consul:" + is.leader(),
                        is.leader() + " leads Consul" + afterWhom,
                        oldLeader.isEmpty() ? Optional.empty() : ofMember(oldLeader));
            }
        }
        members(was.map(ConsulView::members).orElse(List.of()), is.members());
        instances(was.map(ConsulView::services).orElse(Map.of()), is.services());
    }

    private Optional<String> ofMember(String name) {
        for (ClusterSnapshot snapshot : List.of(before, after)) {
            for (ConsulMember member :
                    snapshot.consul().map(ConsulView::members).orElse(List.of())) {
                if (member.name().equals(name) && !member.machine().isEmpty()) {
                    Optional<String> cause = causes.throughMachine(member.machine());
                    return cause.isPresent() ? cause : causes.ofInstance(member.address(), name);
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
            String subject = "consul:" + name;
            String role = member.server() ? "server" : "client";
            if (last == null) {
                if (member.status().equals("alive")) {
                    add(Kind.CONSUL_MEMBER, Severity.GOOD, subject, "Consul " + role + " " + name + " joined");
                }
            } else if (!last.status().equals(member.status())) {
                boolean alive = member.status().equals("alive");
                Severity severity =
                        alive ? Severity.GOOD : member.status().equals("failed") ? Severity.BAD : Severity.INFO;
                add(
                        Kind.CONSUL_MEMBER,
                        severity,
                        subject,
                        "Consul " + role + " " + name + " is " + member.status(),
                        alive ? Optional.empty() : ofMember(name));
            }
        });
        old.forEach((name, member) -> {
            if (!now.containsKey(name)) {
                add(Kind.CONSUL_MEMBER, Severity.INFO, "consul:" + name, "Consul no longer knows " + name);
            }
        });
    }

    private void instances(Map<String, List<ConsulInstance>> was, Map<String, List<ConsulInstance>> is) {
        var old = new TreeMap<String, ConsulInstance>();
        was.values().forEach(list -> list.forEach(i -> old.put(i.service() + " " + i.id() + " " + i.node(), i)));
        var now = new TreeMap<String, ConsulInstance>();
        is.values().forEach(list -> list.forEach(i -> now.put(i.service() + " " + i.id() + " " + i.node(), i)));
        now.forEach((key, instance) -> {
            ConsulInstance last = old.get(key);
            String at = instance.address() + ":" + instance.port();
            if (last == null) {
                add(
                        Kind.INSTANCE,
                        Severity.INFO,
                        instance.id(),
                        instance.service() + " has an instance at " + at + " (" + instance.status() + ")");
            } else if (!Objects.equals(last.status(), instance.status())) {
                boolean passing = instance.status().equals("passing");
                Severity severity =
                        passing ? Severity.GOOD : instance.status().equals("warning") ? Severity.WARNING : Severity.BAD;
                add(
                        Kind.INSTANCE,
                        severity,
                        instance.id(),
                        instance.service() + " at " + at + " is " + instance.status(),
                        passing ? Optional.empty() : causes.ofInstance(instance.address(), instance.node()));
            }
        });
        old.forEach((key, instance) -> {
            if (!now.containsKey(key)) {
                add(
                        Kind.INSTANCE,
                        Severity.INFO,
                        instance.id(),
                        instance.service() + " at " + instance.address() + ":" + instance.port()
                                + " is no longer registered",
                        causes.ofInstance(instance.address(), instance.node()));
            }
        });
    }

    /** Several Traefiks read the same catalog: a router or server counts as there if any of them has it. */
    private void traefik() {
        if (after.traefik().isEmpty()) {
            if (!before.traefik().isEmpty()) {
                add(Kind.ROUTER, Severity.BAD, "traefik", "No Traefik answers any more");
            }
            return;
        }
        Map<String, String> oldRouters = routers(before.traefik());
        Map<String, String> newRouters = routers(after.traefik());
        newRouters.forEach((name, rule) -> {
            if (!oldRouters.containsKey(name)) {
                add(Kind.ROUTER, Severity.GOOD, name, "Traefik routes " + rule + " to " + name);
            }
        });
        oldRouters.forEach((name, rule) -> {
            if (!newRouters.containsKey(name)) {
                add(Kind.ROUTER, Severity.BAD, name, "Traefik no longer routes " + rule);
            }
        });
        Map<String, Map<String, String>> oldServices = servers(before.traefik());
        Map<String, Map<String, String>> newServices = servers(after.traefik());
        newServices.forEach((name, servers) -> {
            Map<String, String> old = oldServices.getOrDefault(name, Map.of());
            servers.forEach((url, state) -> {
                if (!old.containsKey(url)) {
                    add(Kind.ROUTER, Severity.GOOD, name, "Traefik sends requests for " + name + " to " + url);
                } else if (!state.equals(old.get(url))) {
                    add(
                            Kind.ROUTER,
                            state.equals("UP") ? Severity.GOOD : Severity.BAD,
                            name,
                            "Traefik sees " + url + " " + state,
                            state.equals("UP") ? Optional.empty() : causes.ofServer(url));
                }
            });
        });
        oldServices.forEach((name, servers) -> servers.forEach((url, state) -> {
            if (!newServices.getOrDefault(name, Map.of()).containsKey(url)) {
                add(
                        Kind.ROUTER,
                        Severity.WARNING,
                        name,
                        "Traefik no longer sends requests for " + name + " to " + url,
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

    private static Map<String, Map<String, String>> servers(List<TraefikView> views) {
        var services = new TreeMap<String, Map<String, String>>();
        views.forEach(v -> v.services()
                .forEach(s ->
                        services.computeIfAbsent(s.name(), n -> new TreeMap<>()).putAll(s.servers())));
        return services;
    }
}
