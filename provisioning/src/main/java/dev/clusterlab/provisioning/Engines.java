package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.LabException.Kind;
import java.util.List;

/** Chooses engines by name. */
public final class Engines {
    public static final String EMBEDDED = "embedded";
    public static final String DOCKER = "docker";

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
            case DOCKER ->
                throw new LabException(
                        Kind.ENVIRONMENT,
                        "The docker engine is not there yet.",
                        "Use --engine embedded: it needs no Docker and speaks the same protocols.");
            default ->
                throw new LabException(
                        Kind.INPUT,
                        "There is no engine named " + options.name() + ".",
                        "Choose one of " + String.join(", ", names()) + ".");
        };
    }
}
