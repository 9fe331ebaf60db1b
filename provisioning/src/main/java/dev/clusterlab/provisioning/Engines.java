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
     * Starts an engine without machines.
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
}
