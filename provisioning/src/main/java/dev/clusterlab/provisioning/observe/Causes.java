package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why: a fault hits a machine, so its node goes down, so its tasks move, so their instances become critical, so
 * a router loses servers. A cause is told with its own cause, joined by {@value #BECAUSE}.
 */
final class Causes {
    static final String BECAUSE = " ← ";

    private final ClusterSnapshot before;
    private final ClusterSnapshot after;
    private final List<ActiveFault> faults;

    /** @param faults those in force and those that ended lately, oldest first */
    Causes(ClusterSnapshot before, ClusterSnapshot after, List<ActiveFault> faults) {
        this.before = before;
        this.after = after;
        this.faults = List.copyOf(faults);
    }

    /** {@code machine.kill worker3 (fault-1)}. */
    static String text(ActiveFault fault) {
        return fault.kind() + " " + String.join(", ", fault.targets()) + " (" + fault.id() + ")";
    }

    private Optional<ActiveFault> newest(String kindPrefix, java.util.function.Predicate<String> target) {
        ActiveFault found = null;
        for (ActiveFault fault : faults) {
            if (fault.kind().startsWith(kindPrefix) && fault.targets().stream().anyMatch(target)) {
                found = fault;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Why a machine is not as it was: the fault that hit it. */
    Optional<String> ofMachine(String machine) {
        return newest("machine.", machine::equals).map(Causes::text);
    }

    /** Why what runs on a machine is in trouble: a fault, or the state of the machine. */
    Optional<String> throughMachine(String machine) {
        Optional<String> fault = ofMachine(machine).or(() -> partition(machine));
        Optional<MachineView> now = after.machine(machine);
        if (now.isEmpty()) {
            return before.machine(machine).isPresent() || fault.isPresent()
                    ? Optional.of(chain("machine " + machine + " removed", fault))
                    : Optional.empty();
        }
        return switch (now.get().machine().state()) {
            case RUNNING -> fault;
            case PAUSED -> Optional.of(chain("machine " + machine + " frozen", fault));
            case STOPPED -> Optional.of(chain("machine " + machine + " shut down", fault));
            case KILLED -> Optional.of(chain("machine " + machine + " without power", fault));
        };
    }

    private Optional<String> partition(String machine) {
        return newest(
                        "network.partition",
                        target -> List.of(target.split("[ ,|]+")).contains(machine))
                .map(Causes::text);
    }

    Optional<String> ofNode(String hostname) {
        return throughMachine(hostname);
    }

    /** Why the swarm or Consul lost the leader that it had. */
    Optional<String> ofLeader(String hostname) {
        return hostname.isEmpty() ? Optional.empty() : throughMachine(hostname);
    }

    /** Why a task does not run any more. */
    Optional<String> ofTask(TaskView task) {
        Optional<String> container = newest(
                        "container.",
                        target -> target.endsWith("." + task.id())
                                || (!task.containerId().isEmpty() && target.equals(task.containerId())))
                .map(Causes::text);
        if (container.isPresent()) {
            return container;
        }
        Optional<NodeView> node = after.swarm()
                .flatMap(s -> s.nodes().stream()
                        .filter(n -> n.id().equals(task.nodeId()))
                        .findFirst());
        if (node.isEmpty() && !task.nodeHostname().isEmpty()) {
            return Optional.of(chain("node " + task.nodeHostname() + " removed", throughMachine(task.nodeHostname())));
        }
        if (node.isPresent() && !node.get().state().equals("ready")) {
            String state = "node " + node.get().hostname() + " " + node.get().state();
            return Optional.of(chain(state, throughMachine(node.get().hostname())));
        }
        if (node.isPresent() && node.get().availability().equals("drain")) {
            return Optional.of("node " + node.get().hostname() + " drained");
        }
        return task.nodeHostname().isEmpty() ? Optional.empty() : throughMachine(task.nodeHostname());
    }

    /** Why a task was begun: what happened to the one before it in its slot. */
    Optional<String> ofReplacement(TaskView begun) {
        TaskView lost = predecessor(begun);
        if (lost == null) {
            return Optional.empty();
        }
        return Optional.of(chain(lost.name() + " lost on " + lost.nodeHostname(), ofTask(lost)));
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

    /** Why an instance is critical or gone. */
    Optional<String> ofInstance(String address, String consulNode) {
        for (ClusterSnapshot snapshot : List.of(after, before)) {
            for (TaskView task : snapshot.swarm().map(SwarmView::tasks).orElse(List.of())) {
                if (task.addresses().containsValue(address)) {
                    Optional<String> why = ofTask(current(task));
                    if (why.isPresent()) {
                        return why;
                    }
                    if (!current(task).live()) {
                        return Optional.of("task " + task.name() + " ended");
                    }
                }
            }
        }
        return after.consul()
                .flatMap(c -> c.members().stream()
                        .filter(m -> m.name().equals(consulNode) && !m.status().equals("alive"))
                        .findFirst()
                        .map(m -> chain("Consul agent " + m.name() + " " + m.status(), throughMachine(m.machine()))));
    }

    private TaskView current(TaskView task) {
        return after.swarm().map(SwarmView::tasks).orElse(List.of()).stream()
                .filter(t -> t.id().equals(task.id()))
                .findFirst()
                .orElse(task);
    }

    /** Why a router lost a server: its instance is critical, or gone from Consul. */
    Optional<String> ofServer(String url) {
        String authority = url.replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
        for (ClusterSnapshot snapshot : List.of(after, before)) {
            Optional<ConsulInstance> instance =
                    snapshot.consul().map(ConsulView::services).orElse(java.util.Map.of()).values().stream()
                            .flatMap(List::stream)
                            .filter(i -> (i.address() + ":" + i.port()).equals(authority))
                            .findFirst();
            if (instance.isPresent()) {
                ConsulInstance found = instance.get();
                String state = snapshot == after ? found.status() : "gone from Consul";
                if (state.equals("passing")) {
                    return Optional.empty();
                }
                return Optional.of(
                        chain("instance " + found.id() + " " + state, ofInstance(found.address(), found.node())));
            }
        }
        return Optional.empty();
    }

    static String chain(String what, Optional<String> why) {
        var parts = new ArrayList<String>();
        parts.add(what);
        why.ifPresent(parts::add);
        return String.join(BECAUSE, parts);
    }
}
