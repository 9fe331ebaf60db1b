package dev.clusterlab.simulator.swarm;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What has changed in a world since it was last asked, for one who reads it from inside ({@link World#watch()}): then only
 * that needs to be read again. Used on the simulation's thread only.
 */
public final class WorldChanges {
    private final Set<SimMachine> machines = new LinkedHashSet<>();
    private boolean ways;

    WorldChanges() {}

    void machine(SimMachine machine) {
        machines.add(machine);
    }

    void ways() {
        ways = true;
    }

    /** Whether anything has changed. */
    public boolean any() {
        return ways || !machines.isEmpty();
    }

    /** What has changed, machines in the order of their first change; from now on nothing has. */
    public Taken take() {
        var taken = new Taken(List.copyOf(machines), ways);
        machines.clear();
        ways = false;
        return taken;
    }

    /**
     * @param machines whose power, daemon, containers or programs may show something else than before; also new ones and
     *     those that are gone
     * @param ways whether ways between machines were cut or opened
     */
    public record Taken(List<SimMachine> machines, boolean ways) {}
}
