package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.LabException;
import java.util.List;

/** Injects faults and lifts them when their lease ends. Thread-safe. */
public interface FaultInjector extends AutoCloseable {
    /**
     * Injects a fault; returns when it is in force.
     *
     * @return its identifier
     * @throws LabException NOT_FOUND for an unknown target, REFUSED where the engine cannot do it (with the reason)
     */
    String inject(Fault fault);

    /** Lifts a fault that can be lifted (pause, partition); without effect if it is over. */
    void heal(String faultId);

    /** What is in force now. */
    List<ActiveFault> active();

    @Override
    void close();
}
