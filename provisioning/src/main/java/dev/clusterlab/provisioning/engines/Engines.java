package dev.clusterlab.provisioning.engines;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.DockerEngine;
import dev.clusterlab.provisioning.docker.DockerSettings;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.embedded.EmbeddedEngine;
import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import dev.clusterlab.provisioning.hosts.lab.RemoteEngine;
import dev.clusterlab.provisioning.hosts.lab.RemoteSettings;
import java.util.List;

/** Chooses engines by name. */
public final class Engines {
    private static final String TAKEN_UP = EngineNames.DOCKER + ":";
    private static final String TAKEN_UP_REMOTE = EngineNames.REMOTE + ":";

    private Engines() {}

    /** Names that {@link #create} knows without being given hosts. */
    public static List<String> names() {
        return List.of(EngineNames.EMBEDDED, EngineNames.DOCKER);
    }

    /** As {@link #create(EngineOptions, LabHosts)}, without hosts. */
    public static Engine create(EngineOptions options) {
        return create(options, LabHosts.NONE);
    }

    /**
     * Starts an engine without machines. The names {@code docker:LAB} and {@code remote:LAB} take up a lab that a killed program left
     * behind, as {@link #resume} does.
     *
     * @param hosts for the engine {@code remote}, which cannot be without; none for all others
     * @throws LabException INPUT for an unknown name, or hosts where they do not belong, ENVIRONMENT if the engine cannot be had here,
     *     REFUSED if no host can be taken
     */
    public static Engine create(EngineOptions options, LabHosts hosts) {
        String name = options.name();
        if (!name.equals(EngineNames.REMOTE) && !name.equals(EngineNames.SWARM) && !hosts.equals(LabHosts.NONE)) {
            throw new LabException(
                    Kind.INPUT,
                    "The engine " + name + " takes no hosts.",
                    "Leave out --hosts, --context and --take, or choose --engine remote.");
        }
        if (name.startsWith(TAKEN_UP)) {
            return resume(name.substring(TAKEN_UP.length()));
        }
        if (name.startsWith(TAKEN_UP_REMOTE)) {
            return RemoteEngine.resume(RemoteSettings.ofThisUser(), name.substring(TAKEN_UP_REMOTE.length()));
        }
        return switch (name) {
            case EngineNames.EMBEDDED -> new EmbeddedEngine(options);
            case EngineNames.DOCKER -> DockerEngine.create(DockerSettings.ofThisUser(), HostEngineFinder.ofThisUser());
            case EngineNames.REMOTE -> RemoteEngine.create(RemoteSettings.ofThisUser(), hosts);
            case EngineNames.SWARM ->
                throw new LabException(
                        Kind.INPUT,
                        "The engine swarm is a Swarm that exists, in which only experiments may break something.",
                        "`clusterlab experiment run FILE --hosts … --allow-faults`; `clusterlab watch` only looks.");
            default ->
                throw new LabException(
                        Kind.INPUT,
                        "There is no engine named " + name + ".",
                        "Choose one of " + String.join(", ", names()) + ", " + EngineNames.REMOTE + ".");
        };
    }

    /** The name under which {@link #create} takes up a lab. */
    public static String takingUp(String labId) {
        return TAKEN_UP + labId;
    }

    /**
     * Takes up a lab of the docker engine whose program has ended, with its machines as they are.
     *
     * @throws LabException NOT_FOUND if there is none of that name, CONFLICT if a program has it, ENVIRONMENT if the
     *     engine cannot be had here
     */
    public static Engine resume(String labId) {
        return DockerEngine.resume(DockerSettings.ofThisUser(), HostEngineFinder.ofThisUser(), labId);
    }
}
