package dev.clusterlab.provisioning.docker;

/** How far a machine's container is opened so that a Docker daemon can run in it. */
public enum NodeIsolation {
    /** {@code --privileged}: what Docker's own image for this wants. */
    PRIVILEGED,
    /**
     * A list of capabilities with seccomp, AppArmor and masked paths off: for engines that refuse privileged containers
     * because they lack a capability themselves.
     */
    CAPABILITIES
}
