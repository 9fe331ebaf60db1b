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
import java.util.List;

/** Chooses engines by name. */
public final class Engines {
    /** What people expect it to be called; it is not there yet. */
    private static final String REMOTE = "remote";

    private static final String TAKEN_UP = EngineNames.DOCKER + ":";

    private Engines() {}

    /** Names that {@link #create} knows. */
    public static List<String> names() {
        return List.of(EngineNames.EMBEDDED, EngineNames.DOCKER);
    }

    /**
     * Starts an engine without machines. The name {@code docker:LAB} takes up a lab that a killed program left behind, as
     * {@link #resume} does.
     *
     * @throws LabException INPUT for an unknown name, ENVIRONMENT if the engine cannot be had here
     */
    public static Engine create(EngineOptions options) {
        String name = options.name();
        if (name.startsWith(TAKEN_UP)) {
            return resume(name.substring(TAKEN_UP.length()));
        }
        return switch (name) {
            case EngineNames.EMBEDDED -> new EmbeddedEngine(options);
            case EngineNames.DOCKER -> DockerEngine.create(DockerSettings.ofThisUser(), HostEngineFinder.ofThisUser());
            case REMOTE ->
                throw new LabException(
                        Kind.INPUT,
                        "Labs on hosts of your own (--engine remote) are not there yet.",
                        "`clusterlab watch --hosts …` shows a Swarm that runs on them, `clusterlab doctor --hosts …` what they can do;"
                                + " labs run on " + String.join(" and ", names()) + ".");
            default ->
                throw new LabException(
                        Kind.INPUT,
                        "There is no engine named " + name + ".",
                        "Choose one of " + String.join(", ", names()) + ".");
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
