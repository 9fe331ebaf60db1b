package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.shell.consul.CheckHealth;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why: a fault hits a machine, so its node goes down, so its tasks move, so their instances become critical, so
 * a router loses servers. Names the nearest cause that is known; that one has causes of its own.
 */
final class Causes {
    private final ClusterSnapshot before;
    private final ClusterSnapshot after;
    private final List<ActiveFault> faults;
    private final EventMemory memory;
    private final Map<ClusterSnapshot, TaskIndex> indexes = new IdentityHashMap<>();

    /** Tasks by identifier, and by the address that each has, or had last: tasks get the addresses of those that are gone. */
    private record TaskIndex(Map<String, TaskView> byId, Map<String, TaskView> byAddress) {
        static TaskIndex of(ClusterSnapshot snapshot) {
            Comparator<TaskView> nearer = Comparator.comparing(TaskView::live).thenComparing(TaskView::since);
            var byId = new HashMap<String, TaskView>();
            var byAddress = new HashMap<String, TaskView>();
            for (TaskView task : snapshot.swarm().map(SwarmView::tasks).orElse(List.of())) {
                byId.put(task.id(), task);
                task.addresses()
                        .values()
                        .forEach(address -> byAddress.merge(address, task, BinaryOperator.maxBy(nearer)));
            }
            return new TaskIndex(byId, byAddress);
        }
    }

    /** @param faults those in force and those that ended lately, oldest first */
    Causes(ClusterSnapshot before, ClusterSnapshot after, List<ActiveFault> faults, EventMemory memory) {
        this.before = before;
        this.after = after;
        this.faults = List.copyOf(faults);
        this.memory = memory;
    }

    private Optional<Cause> newest(Predicate<Target> hit) {
        return faults.reversed().stream()
                .filter(fault -> hit.test(fault.target()))
                .findFirst()
                .map(fault -> new Cause.ByFault(fault.id()));
    }

    /** Why a machine is not as it was: the fault that hit it. */
    Optional<Cause> ofMachine(String machine) {
        return newest(target -> target instanceof Target.OfMachine && target.hits(machine));
    }

    private Optional<Cause> ofWays(String machine) {
        return newest(target -> target instanceof Target.OfWays && target.hits(machine));
    }

    /** Why what runs on a machine is in trouble: the state of the machine, or a fault. */
    Optional<Cause> throughMachine(String machine) {
        Optional<Cause> fault = ofMachine(machine).or(() -> ofWays(machine));
        Optional<MachineView> now = after.machine(machine);
        if (now.isEmpty()) {
            return memory.machine(machine).or(() -> fault);
        }
        return switch (now.get().machine().state()) {
            case RUNNING -> fault;
            case PAUSED, STOPPED, KILLED -> memory.machine(machine).or(() -> fault);
        };
    }

    Optional<Cause> ofNode(String hostname) {
        return throughMachine(hostname);
    }

    /** Why the swarm or Consul lost the leader that it had. */
    Optional<Cause> ofLeader(String hostname) {
        return hostname.isEmpty() ? Optional.empty() : throughMachine(hostname);
    }

    /** Why a task does not run any more. */
    Optional<Cause> ofTask(TaskView task) {
        Optional<Cause> container = newest(target -> target instanceof Target.OfContainer hit
                && (hit.name().endsWith("." + task.id())
                        || (!task.containerId().isEmpty() && hit.id().equals(task.containerId()))));
        if (container.isPresent()) {
            return container;
        }
        String hostname = task.nodeHostname();
        Optional<NodeView> node = after.swarm()
                .flatMap(s -> s.nodes().stream()
                        .filter(n -> n.id().equals(task.nodeId()))
                        .findFirst());
        if (node.isEmpty() && !hostname.isEmpty()) {
            return memory.nodeLeft(hostname).or(() -> throughMachine(hostname));
        }
        if (node.isPresent() && node.get().state() != NodeState.READY) {
            return memory.nodeState(node.get().id())
                    .or(() -> throughMachine(node.get().hostname()));
        }
        if (node.isPresent() && node.get().availability() == Availability.DRAIN) {
            return memory.nodeAvailability(node.get().id());
        }
        return hostname.isEmpty() ? Optional.empty() : throughMachine(hostname);
    }

    /** Why a task was begun: what happened to the one before it in its slot. */
    Optional<Cause> ofReplacement(TaskView begun) {
        TaskView lost = predecessor(begun);
        if (lost == null) {
            return Optional.empty();
        }
        return memory.taskOver(lost.id()).or(() -> ofTask(lost));
    }

    /** The task that a new one replaces: the last of the same slot that ran, or null. */
    @Nullable
    TaskView predecessor(TaskView begun) {
        if (begun.slot() == 0) {
            return null;
        }
        TaskView found = null;
        for (TaskView other : after.swarm().map(SwarmView::tasks).orElse(List.of())) {
            boolean sameSlot = other.serviceId().equals(begun.serviceId()) && other.slot() == begun.slot();
            if (sameSlot
                    && !other.id().equals(begun.id())
                    && !other.live()
                    && !other.nodeHostname().isEmpty()) {
                found = other;
            }
        }
        return found;
    }

    /** The task that was in the place of a new one before it: of the same slot, or in global mode on the same node. */
    Optional<TaskView> inPlaceBefore(TaskView begun) {
        Optional<TaskView> found = Optional.empty();
        for (TaskView other : after.swarm().map(SwarmView::tasks).orElse(List.of())) {
            if (other.id().equals(begun.id())) {
                // Those of a place stand in the order in which they were created.
                return found;
            }
            boolean samePlace = other.serviceId().equals(begun.serviceId())
                    && other.slot() == begun.slot()
                    && (begun.slot() > 0 || other.nodeId().equals(begun.nodeId()));
            if (samePlace) {
                found = Optional.of(other);
            }
        }
        return found;
    }

    /** Which task an instance is that has just registered: the one that has its address now. It is remembered. */
    Optional<TaskView> registered(Subject.OfInstance instance, String address) {
        Optional<TaskView> owner =
                holder(after, address).filter(task -> task.state().compareTo(TaskState.RUNNING) <= 0);
        owner.ifPresent(task -> memory.owner(instance, task.id()));
        return owner;
    }

    /** Why an instance is critical or gone. */
    Optional<Cause> ofInstance(Subject.OfInstance instance, String address) {
        Optional<String> owner = memory.owner(instance);
        Optional<Cause> why = owner.isPresent() ? ofOwner(owner.get()) : ofHolder(address);
        return why.or(() -> ofLostMember(instance.node()));
    }

    private Optional<Cause> ofOwner(String taskId) {
        Optional<TaskView> now = task(after, taskId);
        if (now.isPresent()) {
            return ofTaskOrItsEnd(now.get());
        }
        return memory.taskOver(taskId).or(() -> task(before, taskId).flatMap(this::ofTask));
    }

    /** Why what answers at an address is in trouble. */
    Optional<Cause> ofAddress(String address, String consulNode) {
        return ofHolder(address).or(() -> ofLostMember(consulNode));
    }

    private Optional<Cause> ofHolder(String address) {
        return holder(after, address)
                .or(() -> holder(before, address))
                .map(this::current)
                .flatMap(this::ofTaskOrItsEnd);
    }

    private Optional<Cause> ofTaskOrItsEnd(TaskView task) {
        Optional<Cause> why = ofTask(task);
        return why.isPresent() || task.live() ? why : memory.taskOver(task.id());
    }

    private Optional<TaskView> holder(ClusterSnapshot snapshot, String address) {
        return Optional.ofNullable(index(snapshot).byAddress().get(address));
    }

    private Optional<TaskView> task(ClusterSnapshot snapshot, String id) {
        return Optional.ofNullable(index(snapshot).byId().get(id));
    }

    private TaskIndex index(ClusterSnapshot snapshot) {
        return indexes.computeIfAbsent(snapshot, TaskIndex::of);
    }

    private Optional<Cause> ofLostMember(String consulNode) {
        return after.consul()
                .flatMap(c -> c.members().stream()
                        .filter(m -> m.name().equals(consulNode) && m.status() != MemberStatus.ALIVE)
                        .findFirst())
                .flatMap(m -> memory.memberStatus(m.name()).or(() -> throughMachine(m.machine())));
    }

    private TaskView current(TaskView task) {
        return task(after, task.id()).orElse(task);
    }

    /** Why a router lost a server: its instance is critical, or gone from Consul. */
    Optional<Cause> ofServer(String url) {
        String authority = url.replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
        for (ClusterSnapshot snapshot : List.of(after, before)) {
            Optional<ConsulInstance> instance =
                    snapshot.consul().map(ConsulView::services).orElse(Map.of()).values().stream()
                            .flatMap(List::stream)
                            .filter(i -> (i.address() + ":" + i.port()).equals(authority))
                            .findFirst();
            if (instance.isPresent()) {
                ConsulInstance found = instance.get();
                if (snapshot == after && found.status() == CheckHealth.PASSING) {
                    return Optional.empty();
                }
                var subject = new Subject.OfInstance(found.id(), found.service(), found.node());
                return memory.instance(subject).or(() -> ofInstance(subject, found.address()));
            }
        }
        return Optional.empty();
    }
}
