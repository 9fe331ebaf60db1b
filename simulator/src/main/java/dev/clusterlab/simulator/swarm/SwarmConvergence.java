package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.StoreObject;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.leader.Constraints;
import dev.clusterlab.simulator.swarm.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must hold once everything is healed: one leader, equal stores, every node ready, every service with exactly the
 * tasks that it asks for, and on the machines the containers of these tasks and of no others.
 */
public final class SwarmConvergence {
    private final World world;

    public SwarmConvergence(World world) {
        this.world = world;
    }

    /** The first thing that is not as it must be, or empty. */
    public Optional<String> whyNotYet() {
        List<SimMachine> leaders = leaders();
        if (leaders.size() != 1 || !(leaders.get(0).managerOrNull() instanceof Manager leader)) {
            return Optional.of(
                    "leaders: " + leaders.stream().map(SimMachine::name).toList());
        }
        Store store = leader.store();
        return stores(store)
                .or(() -> nodes(store))
                .or(() -> services(store))
                .or(() -> containers(store))
                .or(() -> gossip(store));
    }

    /** The machine whose manager leads; empty if none does, or two believe to. */
    public Optional<SimMachine> leader() {
        List<SimMachine> leaders = leaders();
        return leaders.size() == 1 ? Optional.of(leaders.get(0)) : Optional.empty();
    }

    private List<SimMachine> leaders() {
        return world.machines().stream()
                .filter(machine -> machine.managerOrNull() instanceof Manager manager && manager.leadership() != null)
                .toList();
    }

    private Optional<String> stores(Store expected) {
        for (SimMachine machine : world.machines()) {
            Manager manager = machine.managerOrNull();
            if (manager != null && !objects(manager.store()).equals(objects(expected))) {
                return Optional.of("the store of " + machine.name() + " is at "
                        + manager.store().index() + ", the leader's at " + expected.index());
            }
        }
        return Optional.empty();
    }

    private static Set<StoreObject> objects(Store store) {
        var objects = new LinkedHashSet<StoreObject>(store.nodes());
        objects.addAll(store.services());
        objects.addAll(store.networks());
        objects.addAll(store.tasks());
        Cluster cluster = store.cluster();
        if (cluster != null) {
            objects.add(cluster);
        }
        return objects;
    }

    private static Optional<String> nodes(Store store) {
        return store.nodes().stream()
                .filter(node -> !node.state(Node.READY) || !node.spec().role().equals(node.certificateRole()))
                .findFirst()
                .map(node -> node.hostname() + " is " + node.status() + " as " + node.certificateRole());
    }

    private static Optional<String> services(Store store) {
        for (Service service : store.services()) {
            var alive = new ArrayList<Task>();
            for (Task task : store.tasksOfService(service.id())) {
                if (task.desiredState().atMost(TaskState.RUNNING)) {
                    alive.add(task);
                } else if (task.state().atMost(TaskState.RUNNING)
                        && !task.state().before(TaskState.ASSIGNED)) {
                    return Optional.of(task.name() + " shall be " + task.desiredState() + " but is " + task.status());
                }
            }
            var places = new TreeSet<String>();
            for (Task task : alive) {
                if (task.state() != TaskState.RUNNING || task.desiredState() != TaskState.RUNNING) {
                    return Optional.of(task.name() + " is " + task.status() + ", shall be " + task.desiredState());
                }
                places.add(task.place());
            }
            long wanted = service.spec().isGlobal()
                    ? store.nodes().stream()
                            .filter(node -> Constraints.allMatch(
                                    service.spec().taskTemplate().constraints(), node))
                            .count()
                    : service.spec().replicas();
            if (alive.size() != wanted || places.size() != wanted) {
                return Optional.of(service.name() + " has " + alive.size() + " tasks in " + places.size()
                        + " places instead of " + wanted);
            }
        }
        return store.tasks().stream()
                .filter(task -> store.service(task.serviceId()) == null)
                .findFirst()
                .map(task -> task.name() + " is left of a removed service, " + task.status() + ", shall be "
                        + task.desiredState());
    }

    private Optional<String> containers(Store store) {
        Map<String, String> expected = new LinkedHashMap<>();
        for (Task task : store.tasks()) {
            if (task.state() == TaskState.RUNNING) {
                expected.put(task.id(), machineOf(task));
            }
        }
        for (SimMachine machine : world.machines()) {
            for (DockerContainer container : taskContainers(machine)) {
                String id = container.task == null ? "" : container.task.id();
                if (store.task(id) == null) {
                    return Optional.of("container " + container.name() + " on " + machine.name() + " has no task");
                }
                if (container.running() && !machine.name().equals(expected.remove(id))) {
                    return Optional.of(
                            "container " + container.name() + " runs on " + machine.name() + " but its task does not");
                }
            }
        }
        return expected.entrySet().stream().findFirst().map(task -> "no container runs for task " + task);
    }

    private String machineOf(Task task) {
        SimMachine machine = world.machineOfNode(String.valueOf(task.nodeId()));
        return machine == null ? "" : machine.name();
    }

    private static List<DockerContainer> taskContainers(SimMachine machine) {
        Dockerd daemon = machine.dockerdOrNull();
        return daemon == null
                ? List.of()
                : daemon.runtime().all().stream()
                        .filter(container -> container.task != null)
                        .toList();
    }

    private Optional<String> gossip(Store store) {
        for (SimMachine machine : world.machines()) {
            for (Node node : store.nodes()) {
                Dockerd daemon = machine.dockerdOrNull();
                SimMachine other = world.machineOfNode(node.id());
                if (daemon != null && other != null && !daemon.seesAlive(other, node.id())) {
                    return Optional.of(
                            "the engine of " + machine.name() + " believes that of " + node.hostname() + " dead");
                }
            }
        }
        return Optional.empty();
    }
}
