package dev.clusterlab.provisioning.anatomy;

/** Who passes a stage. Lanes run beside each other: none waits for another but where a stage has a predecessor there. */
public enum Lane {
    /** Who broke something. */
    FAULT,
    SWARM,
    CONSUL,
    /** Each Traefik for itself. */
    TRAEFIK,
    /** Who makes requests. */
    CLIENT
}
