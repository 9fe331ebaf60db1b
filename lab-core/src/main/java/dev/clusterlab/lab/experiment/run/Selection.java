package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.experiment.Selector;
import dev.clusterlab.lab.experiment.Selector.Group;
import dev.clusterlab.lab.experiment.Step;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.NodeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Finds out whom a fault hits, from what is observed at that moment. */
final class Selection {
    /** Of a freeze without a lease: it is healed long before. */
    private static final Duration UNTIL_HEALED = Duration.ofHours(24);

    private final RandomGenerator random;

    /** @param random decides wherever a selector leaves a choice, and nothing else */
    Selection(RandomGenerator random) {
        this.random = random;
    }

    /**
     * A fault to inject.
     *
     * @param targets what people call those whom it hits
     */
    record Chosen(Fault fault, List<String> targets) {}

    /**
     * The faults of a step: one for each machine that its selector gives.
     *
     * @throws LabException NOT_FOUND if there is nobody of that kind
     */
    List<Chosen> faults(Step.Inject step, ClusterSnapshot snapshot) {
        return switch (step.aim()) {
            case Step.Aim.Everything() -> List.of(new Chosen(new Fault.NetworkHeal(), List.of()));
            case Step.Aim.Groups(List<List<Selector>> groups) -> List.of(cut(step, groups, snapshot));
            case Step.Aim.At(Selector selector)
            when step.kind().aim() == FaultKind.Aim.CONTAINER -> List.of(onContainer(step, selector, snapshot));
            case Step.Aim.At(Selector selector) ->
                machines(selector, snapshot).stream()
                        .map(machine -> new Chosen(onMachine(step, machine), List.of(machine)))
                        .toList();
        };
    }

    private static Fault onMachine(Step.Inject step, String machine) {
        return switch (step.kind()) {
            case MACHINE_KILL -> new Fault.MachineKill(machine);
            case MACHINE_STOP -> new Fault.MachineStop(machine);
            case MACHINE_START -> new Fault.MachineStart(machine);
            case MACHINE_PAUSE -> new Fault.MachinePause(machine, step.lease());
            case MACHINE_UNPAUSE -> new Fault.MachineUnpause(machine);
            case MACHINE_REMOVE -> new Fault.MachineRemove(machine);
            case CONTAINER_KILL, CONTAINER_PAUSE, NETWORK_PARTITION, NETWORK_ONE_WAY, NETWORK_HEAL ->
                throw new IllegalArgumentException(step.kind() + " is not aimed at a machine");
        };
    }

    private Chosen onContainer(Step.Inject step, Selector selector, ClusterSnapshot snapshot) {
        Place place = container(selector, snapshot);
        Fault fault = switch (step.kind()) {
            case CONTAINER_KILL -> new Fault.ContainerKill(place.machine(), place.id());
            case CONTAINER_PAUSE ->
                new Fault.ContainerPause(
                        place.machine(), place.id(), step.lease().orElse(UNTIL_HEALED));
            case MACHINE_KILL,
                    MACHINE_STOP,
                    MACHINE_START,
                    MACHINE_PAUSE,
                    MACHINE_UNPAUSE,
                    MACHINE_REMOVE,
                    NETWORK_PARTITION,
                    NETWORK_ONE_WAY,
                    NETWORK_HEAL -> throw new IllegalArgumentException(step.kind() + " is not aimed at a container");
        };
        return new Chosen(fault, List.of(place.name()));
    }

    private Chosen cut(Step.Inject step, List<List<Selector>> wanted, ClusterSnapshot snapshot) {
        List<Set<String>> groups = new ArrayList<>();
        for (List<Selector> group : wanted) {
            var names = new LinkedHashSet<String>();
            group.forEach(selector -> names.addAll(machines(selector, snapshot)));
            groups.add(names);
        }
        if (groups.size() == 1) {
            var others = new TreeSet<>(snapshot.machines().stream()
                    .map(view -> view.machine().name())
                    .toList());
            others.removeAll(groups.getFirst());
            groups.add(others);
        }
        List<String> targets =
                groups.stream().map(group -> String.join(",", group)).toList();
        return new Chosen(
                step.kind() == FaultKind.NETWORK_ONE_WAY
                        ? new Fault.NetworkOneWay(groups.getFirst(), groups.getLast(), step.lease())
                        : new Fault.NetworkPartition(groups, step.lease()),
                targets);
    }

    private List<String> machines(Selector selector, ClusterSnapshot snapshot) {
        return switch (selector) {
            case Selector.Named(String name) -> List.of(name);
            case Selector.Leader(Group.Of of) -> List.of(leader(of, snapshot).orElseThrow(() -> nobody("leader")));
            case Selector.RandomOne(Group group) -> {
                List<String> members = members(group, snapshot);
                yield List.of(members.get(random.nextInt(members.size())));
            }
            case Selector.Part(Selector.Share share, Group group) -> part(share, group, snapshot);
            case Selector.TaskOf task -> throw new IllegalArgumentException(task + " is not a machine");
        };
    }

    private static List<String> part(Selector.Share share, Group group, ClusterSnapshot snapshot) {
        List<String> members = new ArrayList<>(members(group, snapshot));
        Optional<String> leader = group == Group.CONSUL
                ? leader(Group.Of.CONSUL, snapshot)
                : leader(Group.Of.SWARM, snapshot).filter(members::contains);
        leader.ifPresent(name -> {
            members.remove(name);
            members.addFirst(name);
        });
        int all = members.size();
        int count = switch (share) {
            case MINORITY -> Math.max(1, (all - 1) / 2);
            case MAJORITY -> all / 2 + 1;
            case ALL -> all;
        };
        return List.copyOf(members.subList(0, count));
    }

    /** By name; at least one. */
    private static List<String> members(Group group, ClusterSnapshot snapshot) {
        Stream<String> names = switch (group) {
            case MACHINES ->
                snapshot.machines().stream()
                        .map(MachineView::machine)
                        .filter(machine -> machine.state() == Machine.State.RUNNING)
                        .map(Machine::name);
            case MANAGERS -> nodes(snapshot, NodeRole.MANAGER);
            case WORKERS -> nodes(snapshot, NodeRole.WORKER);
            case CONSUL ->
                consulMembers(snapshot)
                        .filter(member -> member.server() && member.status() == MemberStatus.ALIVE)
                        .map(ConsulMember::machine)
                        .filter(machine -> !machine.isEmpty());
        };
        List<String> members = names.distinct().sorted().toList();
        if (members.isEmpty()) {
            throw nobody("of " + group.word());
        }
        return members;
    }

    private static Stream<String> nodes(ClusterSnapshot snapshot, NodeRole role) {
        return snapshot.swarm().stream()
                .flatMap(swarm -> swarm.nodes().stream())
                .filter(node -> node.role() == role && node.state() == NodeState.READY)
                .map(NodeView::hostname);
    }

    private static Stream<ConsulMember> consulMembers(ClusterSnapshot snapshot) {
        return snapshot.consul().stream().flatMap(consul -> consul.members().stream());
    }

    /** The machine of whoever leads. */
    private static Optional<String> leader(Group.Of of, ClusterSnapshot snapshot) {
        return switch (of) {
            case SWARM -> snapshot.swarm().filter(SwarmView::hasLeader).map(SwarmView::leader);
            case CONSUL -> consulLeader(snapshot).map(ConsulMember::machine).filter(machine -> !machine.isEmpty());
        };
    }

    private static Optional<ConsulMember> consulLeader(ClusterSnapshot snapshot) {
        String leader =
                snapshot.consul().map(ClusterSnapshot.ConsulView::leader).orElse("");
        return consulMembers(snapshot)
                .filter(member -> !leader.isEmpty() && member.name().equals(leader))
                .findFirst();
    }

    /** @param name what people call it */
    private record Place(String machine, String id, String name) {}

    private Place container(Selector selector, ClusterSnapshot snapshot) {
        return switch (selector) {
            case Selector.Named(String name) -> named(name, snapshot);
            case Selector.TaskOf(String service) -> {
                List<TaskView> tasks = snapshot.swarm().stream()
                        .flatMap(swarm -> swarm.tasksOf(service).stream())
                        .filter(TaskView::live)
                        .toList();
                if (tasks.isEmpty()) {
                    throw nobody("task of " + service + " that runs");
                }
                yield ofTask(tasks.get(random.nextInt(tasks.size())), snapshot);
            }
            case Selector.Leader leader -> {
                ConsulMember member = consulLeader(snapshot).orElseThrow(() -> nobody("leader of Consul"));
                yield running(snapshot)
                        .filter(each -> each.container().addresses().containsValue(member.address()))
                        .map(each -> new Place(each.machine(), each.container().id(), member.name()))
                        .findFirst()
                        .orElseThrow(() -> nobody("container of Consul's leader"));
            }
            case Selector.RandomOne _, Selector.Part _ ->
                throw new IllegalArgumentException(selector + " is not a container");
        };
    }

    private static Place named(String name, ClusterSnapshot snapshot) {
        Optional<TaskView> task = snapshot.swarm().stream()
                .flatMap(swarm -> swarm.tasks().stream())
                .filter(view -> view.live() && view.name().equals(name))
                .findFirst();
        if (task.isPresent()) {
            return ofTask(task.get(), snapshot);
        }
        return running(snapshot)
                .filter(each -> each.container().name().replaceFirst("^/", "").equals(name))
                .map(each -> new Place(each.machine(), each.container().id(), name))
                .findFirst()
                .orElseThrow(() -> nobody("task or container " + name + " that runs"));
    }

    private static Place ofTask(TaskView task, ClusterSnapshot snapshot) {
        return running(snapshot)
                .filter(each -> each.container().id().equals(task.containerId()))
                .map(each -> new Place(each.machine(), each.container().id(), task.name()))
                .findFirst()
                .orElseThrow(() -> nobody("container of " + task.name() + " that runs"));
    }

    private record OnMachine(String machine, ContainerView container) {}

    private static Stream<OnMachine> running(ClusterSnapshot snapshot) {
        return snapshot.machines().stream()
                .flatMap(machine -> machine.containers().stream()
                        .filter(container -> container.state() == ContainerState.RUNNING)
                        .map(container -> new OnMachine(machine.machine().name(), container)));
    }

    private static LabException nobody(String who) {
        return new LabException(
                LabException.Kind.NOT_FOUND,
                "There is no " + (who.startsWith("of ") ? "machine " + who : who) + " now, so nobody is hit.",
                "A step \"until\" before it can wait until there is.");
    }
}
