package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.swarm.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the managers and machines of one swarm hold at an instant, for who judges a history. The stores are the live ones and
 * must only be read, before the next event.
 *
 * @param containers those that run, frozen ones included, on machines that are on
 */
public record SwarmFacts(List<Replica> replicas, List<RunningContainer> containers) {
    /**
     * A manager that runs.
     *
     * @param leads whether it believes to lead {@code term}
     * @param lastIndex of the last entry in its Raft log
     * @param appliedIndex of the last Raft entry that its store has seen
     */
    public record Replica(String nodeId, long term, boolean leads, long lastIndex, long appliedIndex, Store store) {}

    /**
     * A container.
     *
     * @param nodeId of its machine
     * @param taskId of the task that it runs, or null for a plain one
     * @param hostPorts that it publishes on its machine
     */
    public record RunningContainer(
            String nodeId, String id, @Nullable String taskId, Set<Integer> hostPorts) {}

    /** The replica that has applied most, if a manager runs. */
    public Optional<Replica> newest() {
        return replicas.stream().max(Comparator.comparingLong(Replica::appliedIndex));
    }

    /** The swarms of a world by their identifiers. */
    public static Map<String, SwarmFacts> ofEachSwarm(World world) {
        var swarms = new LinkedHashMap<String, SwarmFacts>();
        for (SimMachine machine : world.machines()) {
            Dockerd daemon = machine.dockerdOrNull();
            SwarmDisk disk = daemon == null ? null : daemon.swarm().diskOrNull();
            if (daemon != null && disk != null) {
                SwarmFacts swarm = swarms.computeIfAbsent(
                        disk.clusterId, key -> new SwarmFacts(new ArrayList<>(), new ArrayList<>()));
                swarm.containers.addAll(running(daemon, disk));
                Manager manager = daemon.swarm().manager();
                if (manager != null) {
                    swarm.replicas.add(replica(manager));
                }
            }
        }
        return swarms;
    }

    private static Replica replica(Manager manager) {
        Raft.Status raft = manager.raft().status();
        return new Replica(
                manager.raft().id(),
                raft.term(),
                raft.role() == Raft.Role.LEADER,
                raft.lastIndex(),
                raft.appliedIndex(),
                manager.store());
    }

    private static List<RunningContainer> running(Dockerd daemon, SwarmDisk disk) {
        var running = new ArrayList<RunningContainer>();
        for (DockerContainer container : daemon.runtime().all()) {
            if (container.running()) {
                running.add(new RunningContainer(
                        disk.nodeId,
                        container.id,
                        container.task == null ? null : container.task.id(),
                        new TreeSet<>(container.published.keySet())));
            }
        }
        return running;
    }
}
