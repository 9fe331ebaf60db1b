package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.LabException;
import java.time.Duration;
import java.util.List;

/**
 * Injects faults and ends them when their lease ends. Thread-safe. Injecting and ending block as the engine does, real ones for
 * seconds: never on a window's thread or in a {@link FaultListener}. A lease is kept in engine time, by the engine's clock.
 */
public interface FaultInjector extends AutoCloseable {
    /**
     * Injects a fault; returns when it is in force.
     *
     * @return its identifier, such as {@code fault-3}; never given twice
     * @throws LabException NOT_FOUND for an unknown target, REFUSED where the engine cannot do it (with the reason)
     */
    String inject(Fault fault);

    /**
     * Ends a fault that can be ended (pause, cut, lost power, part in the swarm); without effect if it is over. Then it is
     * measured again whether anything is left of it.
     *
     * @return what is left
     * @throws LabException as the engine or the machine's daemon says; a cut then stays in force
     */
    Healing heal(String faultId);

    /**
     * Lets a fault with a lease last longer; without effect on others.
     *
     * @param by engine time that is added to its lease; greater than 0
     * @return the fault as it is now
     * @throws LabException NOT_FOUND if no such fault is in force, REFUSED if it has no lease: it lasts until it is undone; INPUT
     *     if the time is not greater than 0
     */
    ActiveFault extend(String faultId, Duration by);

    /** What is in force now; what ended by other means is left out. Returns at once. */
    List<ActiveFault> active();

    /** Ends what is in force, but leaves machines off that are off, and nodes what they are; what cannot be ended is left. Blocks as {@link #heal}. */
    @Override
    void close();
}
