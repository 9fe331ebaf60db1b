package dev.clusterlab.lab.target;

import dev.clusterlab.lab.target.Selector.Group;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Faults;
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
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Finds out whom a fault hits, from what is observed at that moment. Not thread-safe, for its choices are in an order. */
public final class Selection {
    private final RandomGenerator random;
    private final Duration pauseLease;
    private final Optional<FaultConsent> consent;

    /**
     * @param random decides wherever a selector leaves a choice, and nothing else
     * @param pauseLease of a frozen container for which nobody has said how long
     */
    public Selection(RandomGenerator random, Duration pauseLease) {
        this(random, pauseLease, Optional.empty());
    }

    /** @param consent where not everybody may be hit: only those who may are chosen */
    public Selection(RandomGenerator random, Duration pauseLease, Optional<FaultConsent> consent) {
        this.random = random;
        this.pauseLease = pauseLease;
        this.consent = consent;
    }

    /**
     * A fault to inject.
     *
     * @param targets what people call those whom it hits
     */
    public record Chosen(Fault fault, List<String> targets) {}

    /**
     * The faults that are wished for: one for each machine that the selector gives.
     *
     * @param machines every machine that there is
     * @param look gives what is observed now; asked only where names do not say all
     * @throws LabException NOT_FOUND if there is nobody of that kind, INPUT if what was found does not fit the kind, REFUSED if nobody of
     *     that kind may be hit
     */
    public List<Chosen> faults(FaultWish wish, Set<String> machines, Supplier<ClusterSnapshot> look) {
        return switch (wish.aim()) {
            case Aim.Everything() ->
                List.of(new Chosen(
                        Faults.onNetwork(wish.kind(), List.of(), Set.of(), wish.values(), wish.lease()), List.of()));
            case Aim.Groups(List<List<Selector>> groups) -> List.of(onNetwork(wish, groups, machines, look));
            case Aim.At(Selector selector)
            when wish.kind().aim() == FaultKind.Aim.CONTAINER -> List.of(onContainer(wish, selector, look.get()));
            case Aim.At(Selector selector) ->
                machines(selector, look).stream()
                        .map(machine -> new Chosen(
                                beating(wish, Faults.onMachine(wish.kind(), machine, wish.values(), lease(wish))),
                                List.of(machine)))
                        .toList();
        };
    }

    /** How long it lasts: half of the time to the next one, if it comes and goes and nobody has said more. */
    private static Optional<Duration> lease(FaultWish wish) {
        return wish.lease().or(() -> wish.beat().map(beat -> beat.every().dividedBy(2)));
    }

    private static Fault beating(FaultWish wish, Fault fault) {
        return wish.beat()
                .<Fault>map(beat ->
                        new Fault.Flapping(fault, beat.times(), lease(wish).orElse(Duration.ZERO), beat.every()))
                .orElse(fault);
    }

    private Chosen onContainer(FaultWish wish, Selector selector, ClusterSnapshot snapshot) {
        Place place = container(selector, snapshot);
        Optional<Duration> lease = lease(wish);
        if (wish.kind() == FaultKind.CONTAINER_PAUSE && lease.isEmpty()) {
            lease = Optional.of(pauseLease);
        }
        return new Chosen(
                beating(wish, Faults.onContainer(wish.kind(), place.machine(), place.id(), wish.values(), lease)),
                List.of(place.name()));
    }

    private Chosen onNetwork(
            FaultWish wish, List<List<Selector>> wanted, Set<String> all, Supplier<ClusterSnapshot> look) {
        List<Set<String>> groups = new ArrayList<>();
        for (List<Selector> group : wanted) {
            var names = new LinkedHashSet<String>();
            group.forEach(selector -> names.addAll(machines(selector, look)));
            groups.add(names);
        }
        Fault fault = Faults.onNetwork(wish.kind(), groups, all, wish.values(), lease(wish));
        return new Chosen(
                beating(wish, fault),
                groups.stream().map(group -> String.join(",", group)).toList());
    }

    private List<String> machines(Selector selector, Supplier<ClusterSnapshot> look) {
        return selector instanceof Selector.Named(String name) ? List.of(name) : machines(selector, look.get());
    }

    private List<String> machines(Selector selector, ClusterSnapshot snapshot) {
        return switch (selector) {
            case Selector.Named(String name) -> List.of(name);
            case Selector.Leader(Group.Of of) ->
                allowed(List.of(leader(of, snapshot).orElseThrow(() -> nobody("leader"))));
            case Selector.RandomOne(Group group) -> {
                List<String> members = allowed(members(group, snapshot));
                yield List.of(members.get(random.nextInt(members.size())));
            }
            case Selector.Part(Selector.Share share, Group group) -> part(share, group, snapshot);
            case Selector.Labelled labelled -> allowed(labelled(labelled, snapshot));
            case Selector.TaskOf _, Selector.OnMachine _ ->
                throw new IllegalArgumentException(selector + " is not a machine");
        };
    }

    /** Those of them that may be hit; at least one. */
    private List<String> allowed(List<String> members) {
        if (consent.isEmpty()) {
            return members;
        }
        List<String> allowed = members.stream().filter(consent.get()::machine).toList();
        if (allowed.isEmpty()) {
            throw FaultConsent.refusedMachines(members);
        }
        return allowed;
    }

    private List<String> part(Selector.Share share, Group group, ClusterSnapshot snapshot) {
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
            case ONE -> 1;
            case MINORITY -> Math.max(1, (all - 1) / 2);
            case MAJORITY -> all / 2 + 1;
            case ALL -> all;
        };
        List<String> allowed = allowed(members);
        if (share == Selector.Share.MAJORITY && allowed.size() < count) {
            members.removeAll(allowed);
            throw FaultConsent.refusedMachines(members);
        }
        return List.copyOf(allowed.subList(0, Math.min(count, allowed.size())));
    }

    private static List<String> labelled(Selector.Labelled wanted, ClusterSnapshot snapshot) {
        List<String> found = snapshot.swarm().stream()
                .flatMap(swarm -> swarm.nodes().stream())
                .filter(node -> node.state() == NodeState.READY
                        && node.labels().containsKey(wanted.label())
                        && (wanted.value().isEmpty()
                                || wanted.value().equals(node.labels().get(wanted.label()))))
                .map(NodeView::hostname)
                .distinct()
                .sorted()
                .toList();
        if (found.isEmpty()) {
            throw nobody("of label " + wanted.label() + (wanted.value().isEmpty() ? "" : "=" + wanted.value()));
        }
        return found;
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
                if (consent.isPresent() && !consent.get().service(service)) {
                    throw FaultConsent.refusedService(service);
                }
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
            case Selector.OnMachine(String machine, String container) ->
                running(snapshot)
                        .filter(each -> each.machine().equals(machine) && each.called(container))
                        .map(each -> new Place(machine, each.container().id(), container))
                        .findFirst()
                        .orElseThrow(() -> nobody("container " + container + " that runs on " + machine));
            case Selector.RandomOne _, Selector.Part _, Selector.Labelled _ ->
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
                .filter(each -> each.called(name))
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

    private record OnMachine(String machine, ContainerView container) {
        /** By its name or the beginning of its id. */
        boolean called(String name) {
            return container.name().replaceFirst("^/", "").equals(name)
                    || container.id().startsWith(name);
        }
    }

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
                        "Wait until there is; `fault --help` says how targets are named.")
                .named("target.nobody");
    }
}
