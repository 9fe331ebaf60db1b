package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.LabException.Kind;
import java.util.List;
import java.util.logging.Logger;

/** Chooses engines by name. */
public final class Engines {
    public static final String EMBEDDED = "embedded";
    public static final String DOCKER = "docker";

    private static final Logger LOG = Logger.getLogger(Engines.class.getName());

    private Engines() {}

    /** Names that {@link #create} knows. */
    public static List<String> names() {
        return List.of(EMBEDDED, DOCKER);
    }

    /**
     * Starts an engine without machines. The name {@code docker:LAB} takes up a lab that a killed program left behind, as
     * {@link #resume} does.
     *
     * @throws LabException INPUT for an unknown name, ENVIRONMENT if the engine cannot be had here
     */
    public static Engine create(EngineOptions options) {
        return switch (options.name()) {
            case EMBEDDED -> new EmbeddedEngine(options);
            case DOCKER -> DockerEngine.create(DockerSettings.ofThisUser(), HostEngineFinder.ofThisUser(), LOG::fine);
            default ->
                throw new LabException(
                        Kind.INPUT,
                        "There is no engine named " + options.name() + ".",
                        "Choose one of " + String.join(", ", names()) + ".");
        };
    }

    private static Engine newDockerLab() {
        var settings = DockerSettings.ofThisUser();
        DockerEngine engine = DockerEngine.create(settings, HostEngineFinder.ofThisUser(), LOG::fine);
        for (DockerLabs.Lab lab : engine.leftOver()) {
            LOG.warning(() -> "A killed program left the lab " + lab.id() + " behind ("
                    + String.join(", ", lab.machines()) + "). `clusterlab clean` removes it; --engine " + DOCKER + ":"
                    + lab.id() + " takes it up again.");
        }
        return engine;
    }

    /**
     * Takes up a lab of the docker engine whose program has ended, with its machines as they are.
     *
     * @throws LabException NOT_FOUND if there is none of that name, CONFLICT if a program has it, ENVIRONMENT if the
     *     engine cannot be had here
     */
    public static Engine resume(String labId) {
        return DockerEngine.resume(DockerSettings.ofThisUser(), HostEngineFinder.ofThisUser(), labId, LOG::fine);
    }
}
