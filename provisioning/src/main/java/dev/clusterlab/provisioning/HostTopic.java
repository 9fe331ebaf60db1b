package dev.clusterlab.provisioning;

/** What a person may want to know of an engine and of the computer under its machines, in the order of interest. */
public enum HostTopic {
    /** Its address, and where that was found. */
    ENGINE,
    /** Engines that were found and not taken, with the reasons. */
    SKIPPED,
    VERSION,
    /** Version of the Docker Engine API in use. */
    API,
    /** Operating system and kernel. */
    SYSTEM,
    CGROUP_VERSION,
    PROCESSORS,
    MEMORY,
    FREE_DISK,
    /** How machines are kept apart from their host. */
    ISOLATION,
    /** Whether the kernel has it, which virtual addresses and the routing mesh need. Known once a machine runs. */
    IPVS,
    /** Whether the kernel can delay packets. Known once a machine runs. */
    NETEM,
    /** How instances of the hello service run. */
    HELLO
}
