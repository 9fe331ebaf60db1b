package dev.clusterlab.simulator.swarm.invariant;

import dev.clusterlab.simulator.invariant.Violation;
import dev.clusterlab.simulator.swarm.SwarmFacts;
import dev.clusterlab.simulator.swarm.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds the invariants against every swarm of a world, after each event in which something changed. */
public final class SwarmWatch {
    private final World world;
    private final Map<String, List<SwarmInvariant>> byCluster = new LinkedHashMap<>();
    private long seen = -1;

    public SwarmWatch(World world) {
        this.world = world;
    }

    /**
     * To be called after each event of the simulation; cheap if nothing changed.
     *
     * @throws Violation if an invariant is broken
     */
    public void check() {
        if (world.changeCount() == seen) {
            return;
        }
        seen = world.changeCount();
        Duration now = world.simulation().elapsed();
        SwarmFacts.ofEachSwarm(world)
                .forEach((cluster, facts) -> byCluster
                        .computeIfAbsent(cluster, key -> SwarmInvariant.all())
                        .forEach(invariant -> invariant.hold(facts, now)));
    }
}
