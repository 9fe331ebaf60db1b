package dev.clusterlab.provisioning.observe;

/** What made an event happen: another event of the same run, or a fault. */
public sealed interface Cause {
    /** @param number of the event, see {@link Stamp} */
    record ByEvent(long number) implements Cause {}

    /** @param id of the fault */
    record ByFault(String id) implements Cause {}
}
