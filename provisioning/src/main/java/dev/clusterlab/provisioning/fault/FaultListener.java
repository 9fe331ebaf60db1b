package dev.clusterlab.provisioning.fault;

/**
 * Hears of each fault as it begins, lasts longer and ends; on the thread that does it, so it must be quick and must not inject or heal.
 * A fault that ends because of something else, such as one on a machine that is started by hand, is not reported.
 */
public interface FaultListener {
    /** @param momentary whether it is over already: it will not be among those in force */
    void injected(ActiveFault fault, boolean momentary);

    /** It is in force, and will be for longer than it was to; {@code fault}: as it is now. */
    void extended(ActiveFault fault);

    /** It was in force, and is no more. */
    void ended(ActiveFault fault);
}
