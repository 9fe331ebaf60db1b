package dev.clusterlab.provisioning.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.exception.DockerException;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.io.IOException;
import java.util.Optional;

/** What a Docker daemon said when it refused, and what a person can do about it. */
public final class DockerErrors {
    private DockerErrors() {}

    /**
     * A daemon's refusal.
     *
     * @param message its own text, without the {@code Error response from daemon: } that the command line puts before it
     */
    public record Refusal(int status, String message) {}

    /** The daemon's own words behind an exception; empty if it did not answer at all. */
    public static Optional<Refusal> refusal(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof DockerException docker) {
                String raw = docker.getMessage() == null ? "" : docker.getMessage();
                return Optional.of(new Refusal(docker.getHttpStatus(), message(raw, docker.getHttpStatus())));
            }
        }
        return Optional.empty();
    }

    /** The text in an error body: {@code {"message": …}}; docker-java puts {@code Status 404: } before the body. */
    static String message(String raw, int status) {
        int brace = raw.indexOf('{');
        if (brace >= 0) {
            try {
                JsonNode message =
                        LoopbackHttp.JSON.readTree(raw.substring(brace)).path("message");
                if (message.isTextual()) {
                    return message.asText();
                }
            } catch (IOException e) {
                // Not JSON after all: the text itself says it.
            }
        }
        String prefix = "Status " + status + ": ";
        String text = raw.startsWith(prefix) ? raw.substring(prefix.length()) : raw;
        return text.strip();
    }

    /** The same as an operating error that says what to do; a {@link LabException} stays as it is. */
    public static LabException translate(String machine, RuntimeException thrown) {
        if (thrown instanceof LabException already) {
            return already;
        }
        Optional<Refusal> refusal = refusal(thrown);
        if (refusal.isPresent()) {
            return refused(refusal.get().status(), refusal.get().message(), thrown);
        }
        return silent(machine, thrown);
    }

    static LabException refused(int status, String message, RuntimeException cause) {
        return new LabException(kind(status), message, advice(message), cause);
    }

    /** What a daemon said, with the HTTP status that it said it with. */
    public static LabException refused(int status, String message) {
        return new LabException(kind(status), message, advice(message));
    }

    private static Kind kind(int status) {
        return switch (status) {
            case 400 -> Kind.INPUT;
            case 404 -> Kind.NOT_FOUND;
            case 409 -> Kind.CONFLICT;
            default -> Kind.REFUSED;
        };
    }

    public static LabException silent(String machine, Throwable cause) {
        return new LabException(
                        Kind.REFUSED,
                        "Cannot connect to the Docker daemon of " + machine + ".",
                        "Is the machine running? See `docker-machine ls`; `docker-machine start " + machine
                                + "` starts it.",
                        cause)
                .named("daemon.silent", machine);
    }

    private static String advice(String message) {
        if (message.contains("does not have a leader")) {
            return "Start managers again until more than half of them are online, or run "
                    + "`docker swarm init --force-new-cluster` on one that is left.";
        }
        if (message.contains("not a swarm manager")) {
            return "Talk to a manager: `eval \"$(docker-machine env NAME)\"` chooses one.";
        }
        if (message.contains("already part of a swarm")) {
            return "`docker swarm leave` takes the machine out of its swarm first.";
        }
        if (message.contains("is not down and can't be removed")) {
            return "Stop the machine first, or use `docker node rm --force`.";
        }
        if (message.contains("join token")) {
            return "`docker swarm join-token worker -q` on a manager prints the token in use.";
        }
        if (message.contains("already exists")) {
            return "Choose another name, or remove the old one first.";
        }
        return "";
    }
}
