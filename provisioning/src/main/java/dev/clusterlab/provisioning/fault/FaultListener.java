package dev.clusterlab.provisioning.fault;

/** Hears of each fault as it is injected; on the injecting thread, so it must be quick and must not inject or heal. */
@FunctionalInterface
public interface FaultListener {
    /** @param momentary whether it is over already: it will not be among those in force */
    void injected(ActiveFault fault, boolean momentary);
}
