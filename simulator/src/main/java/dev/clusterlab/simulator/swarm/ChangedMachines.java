package dev.clusterlab.simulator.swarm;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The machines of which something has changed since they were last taken, so that whoever follows looks at these alone.
 * Used on the simulation's thread only.
 */
public final class ChangedMachines {
    private final Set<SimMachine> changed = new LinkedHashSet<>();

    ChangedMachines() {}

    /** Marks a machine, also one that is to be looked at again. */
    public void add(SimMachine machine) {
        changed.add(machine);
    }

    public boolean isEmpty() {
        return changed.isEmpty();
    }

    /** Those marked, in the order of their first mark, removed ones among them; none is marked any more. */
    public List<SimMachine> take() {
        List<SimMachine> taken = List.copyOf(changed);
        changed.clear();
        return taken;
    }

    /** Takes one machine's mark away; false if it had none. */
    public boolean take(SimMachine machine) {
        return changed.remove(machine);
    }
}
