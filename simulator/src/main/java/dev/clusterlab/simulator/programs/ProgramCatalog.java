package dev.clusterlab.simulator.programs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The images that exist in the simulated world and the programs inside. An image that is not here fails to pull, as one
 * does from a registry that cannot be reached.
 */
public final class ProgramCatalog {
    private final Map<String, Image> images = new LinkedHashMap<>();

    /** Makes the program of one container. */
    @FunctionalInterface
    public interface Factory {
        Program create(ProgramContext context);
    }

    /** What an image does with the words that are given after its name. */
    public enum Start {
        /** They are arguments of its program. */
        ITS_PROGRAM,
        /** A script runs them if they are a command, and else its program with them. */
        SCRIPT,
        /** They are the command. */
        COMMAND
    }

    /**
     * An image.
     *
     * @param repository name without registry host and tag, e.g. {@code hashicorp/consul}
     * @param command what runs if no words are given
     * @param binary the command that starts its program, or empty if that is a small command like any other
     * @param exposedPorts TCP ports that the image declares
     * @param sizeBytes for display
     * @param tags under which it exists; the program is the same under each
     */
    public record Image(
            String repository,
            List<String> entryPoint,
            List<String> command,
            String binary,
            Start start,
            Set<Integer> exposedPorts,
            long sizeBytes,
            ImageTags tags,
            Factory factory) {
        /** One whose entry point is its program, under any tag. */
        public Image(
                String repository,
                List<String> entryPoint,
                Set<Integer> exposedPorts,
                long sizeBytes,
                Factory factory) {
            this(
                    repository,
                    entryPoint,
                    List.of(),
                    entryPoint.isEmpty() ? "" : base(entryPoint.getFirst()),
                    Start.ITS_PROGRAM,
                    exposedPorts,
                    sizeBytes,
                    ImageTags.ANY,
                    factory);
        }

        Image withTags(ImageTags changed) {
            return new Image(repository, entryPoint, command, binary, start, exposedPorts, sizeBytes, changed, factory);
        }

        /**
         * What a container of this image runs.
         *
         * @param given an entry point in place of the image's, or null
         * @param arguments the words after the image's name, or the image's own command
         */
        public Launch launch(@Nullable List<String> given, List<String> arguments) {
            if (given != null && !given.equals(entryPoint)) {
                var words = new ArrayList<>(given);
                words.addAll(arguments);
                return direct(words);
            }
            return switch (start) {
                case ITS_PROGRAM -> new Launch.ItsProgram(arguments);
                case COMMAND -> direct(arguments);
                case SCRIPT ->
                    !arguments.isEmpty() && ContainerCommands.executable(arguments.getFirst())
                            ? new Launch.Command(arguments)
                            : new Launch.ItsProgram(arguments);
            };
        }

        private Launch direct(List<String> words) {
            if (words.isEmpty()) {
                return new Launch.Missing("");
            }
            String first = words.getFirst();
            if (!binary.isEmpty() && base(first).equals(binary)) {
                return new Launch.ItsProgram(words);
            }
            return ContainerCommands.executable(first) ? new Launch.Command(words) : new Launch.Missing(first);
        }

        private static String base(String path) {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /** What a container runs. */
    public sealed interface Launch {
        /** The image's program. */
        record ItsProgram(List<String> arguments) implements Launch {}

        /** A small command. */
        record Command(List<String> words) implements Launch {}

        /** What the image does not have; empty if nothing was said. */
        record Missing(String name) implements Launch {}
    }

    public ProgramCatalog add(Image image) {
        images.put(image.repository(), image);
        return this;
    }

    /** Every known image, in the order of registration. */
    public List<Image> images() {
        return List.copyOf(images.values());
    }

    /**
     * The image of a reference such as {@code traefik:v3}, {@code docker.io/library/traefik@sha256:…} or
     * {@code progrium/consul}.
     */
    public Optional<Image> find(String reference) {
        return Optional.ofNullable(images.get(repository(reference)));
    }

    /** The tag of a reference; {@code latest} if it has none. */
    public static String tag(String reference) {
        int digest = reference.indexOf('@');
        String bare = digest < 0 ? reference : reference.substring(0, digest);
        int colon = bare.lastIndexOf(':');
        return colon > bare.lastIndexOf('/') ? bare.substring(colon + 1) : "latest";
    }

    /** The repository of a reference: without digest, tag, default registry and {@code library/}. */
    public static String repository(String reference) {
        String name = reference;
        int digest = name.indexOf('@');
        if (digest >= 0) {
            name = name.substring(0, digest);
        }
        int tag = name.lastIndexOf(':');
        if (tag > name.lastIndexOf('/')) {
            name = name.substring(0, tag);
        }
        return withoutDefaults(name);
    }

    /** A reference without the default registry and {@code library/}. */
    public static String withoutDefaults(String reference) {
        String name = reference;
        for (String prefix : List.of("docker.io/", "index.docker.io/", "library/")) {
            if (name.startsWith(prefix)) {
                name = name.substring(prefix.length());
            }
        }
        return name;
    }
}
