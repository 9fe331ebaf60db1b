package dev.clusterlab.provisioning;

/** What engines are called on the command line. */
public final class EngineNames {
    public static final String EMBEDDED = "embedded";
    public static final String DOCKER = "docker";
    public static final String REMOTE = "remote";
    /** A Swarm that exists, whose owner consents to faults. */
    public static final String SWARM = "swarm";

    private EngineNames() {}
}
