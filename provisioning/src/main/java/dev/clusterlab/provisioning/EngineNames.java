package dev.clusterlab.provisioning;

/** What engines are called on the command line. */
public final class EngineNames {
    public static final String EMBEDDED = "embedded";
    public static final String DOCKER = "docker";
    public static final String REMOTE = "remote";

    private EngineNames() {}
}
