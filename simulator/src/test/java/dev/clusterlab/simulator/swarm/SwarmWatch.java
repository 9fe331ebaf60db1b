package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.swarm.invariant.SwarmFacts;
import dev.clusterlab.simulator.swarm.invariant.SwarmInvariant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Holds the invariants against every swarm of a world, after each event in which something changed. */
final class SwarmWatch {
    private final World world;
    private final Map<String, List<SwarmInvariant>> byCluster = new LinkedHashMap<>();
    private long seen = -1;

    SwarmWatch(World world) {
        this.world = world;
    }

    /** Throws an {@link AssertionError} if an invariant is broken. */
    void look() {
        if (world.changeCount() == seen) {
            return;
        }
        seen = world.changeCount();
        var replicas = new LinkedHashMap<String, List<SwarmFacts.Replica>>();
        var containers = new LinkedHashMap<String, List<SwarmFacts.RunningContainer>>();
        for (SimMachine machine : world.machines()) {
            Dockerd daemon = machine.dockerdOrNull();
            SwarmDisk disk = daemon == null ? null : daemon.swarm().diskOrNull();
            if (daemon != null && disk != null) {
                containers
                        .computeIfAbsent(disk.clusterId, key -> new ArrayList<>())
                        .addAll(running(daemon, disk));
                Manager manager = daemon.swarm().manager();
                if (manager != null) {
                    replicas.computeIfAbsent(disk.clusterId, key -> new ArrayList<>())
                            .add(replica(manager));
                }
            }
        }
        containers.forEach((cluster, running) -> {
            var facts = new SwarmFacts(replicas.getOrDefault(cluster, List.of()), running);
            byCluster
                    .computeIfAbsent(cluster, key -> SwarmInvariant.all())
                    .forEach(invariant -> invariant.check(facts));
        });
    }

    private static SwarmFacts.Replica replica(Manager manager) {
        Raft.Status raft = manager.raft().status();
        return new SwarmFacts.Replica(
                manager.raft().id(),
                raft.term(),
                raft.role() == Raft.Role.LEADER,
                raft.appliedIndex(),
                manager.store());
    }

    private static List<SwarmFacts.RunningContainer> running(Dockerd daemon, SwarmDisk disk) {
        var running = new ArrayList<SwarmFacts.RunningContainer>();
        for (DockerContainer container : daemon.runtime().all()) {
            if (container.running()) {
                running.add(new SwarmFacts.RunningContainer(
                        disk.nodeId,
                        container.id,
                        container.task == null ? null : container.task.id(),
                        new TreeSet<>(container.published.keySet())));
            }
        }
        return running;
    }
}
