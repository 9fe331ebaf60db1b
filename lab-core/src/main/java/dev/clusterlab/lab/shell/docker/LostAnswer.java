package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether an order whose answer was lost on the way was carried out. The daemon is asked: for what would have been made, by its name
 * and the time at which it was made, or for the state that was ordered. So an order can be given again without anything being made or
 * done twice. Not thread-safe; of one order.
 */
final class LostAnswer {
    /** What the clocks of a Swarm's managers may differ by, of whose one has written down when something was made. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final Pattern UPDATE = Pattern.compile("(/(?:services|nodes|swarm)(?:/[^/?]+)?)/update\\?.*");
    private static final Pattern CONTAINER = Pattern.compile("/containers/create\\?(?:.*&)?name=([^&]+).*");
    /** Whose repetition changes nothing. */
    private static final Pattern REPEATABLE =
            Pattern.compile("/containers/[^/?]+/(start|stop|pause|unpause|exec)(\\?.*)?|/exec/[^/?]+/resize.*");

    private static final int NOT_FOUND = 404;

    private final Daemon daemon;
    private final String method;
    private final String path;
    private final @Nullable JsonNode body;
    private final Duration ago;

    /** The daemon, once the way to it stands again. */
    @FunctionalInterface
    interface Daemon {
        /**
         * @throws DockerRefusedException if it refuses
         * @throws IOException if it does not answer
         */
        JsonNode get(String path) throws IOException;
    }

    /** What has become of an order. */
    sealed interface Fate {
        /** @param answer as far as it can be told; missing if nothing is known of it */
        record CarriedOut(JsonNode answer) implements Fate {}

        record NotCarriedOut() implements Fate {}

        /** Nobody can tell. */
        record Unknown() implements Fate {}
    }

    /** @param ago for how long the order has been on its way */
    LostAnswer(Daemon daemon, String method, String path, @Nullable JsonNode body, Duration ago) {
        this.daemon = daemon;
        this.method = method;
        this.path = path;
        this.body = body;
        this.ago = ago;
    }

    /** @throws IOException if the daemon does not answer now either */
    Fate fate() throws IOException {
        if (method.equals("DELETE") || REPEATABLE.matcher(path).matches()) {
            return new Fate.NotCarriedOut();
        }
        String name = body == null ? "" : body.path("Name").asText("");
        Matcher update = UPDATE.matcher(path);
        Matcher container = CONTAINER.matcher(path);
        if (path.equals("/services/create") && !name.isEmpty()) {
            return made("/services/" + DockerApi.encode(name), "CreatedAt", "ID", "ID");
        }
        if (path.equals("/networks/create") && !name.isEmpty()) {
            return made("/networks/" + DockerApi.encode(name), "Created", "Id", "Id");
        }
        if (container.matches()) {
            return made("/containers/" + container.group(1) + "/json", "Created", "Id", "Id");
        }
        if (update.matches()) {
            return changed(update.group(1));
        }
        return switch (path.replaceFirst("\\?.*", "")) {
            case "/swarm/init" -> begun();
            case "/swarm/join" -> inSwarm(true);
            case "/swarm/leave" -> inSwarm(false);
            default -> new Fate.Unknown();
        };
    }

    private Fate made(String where, String when, String id, String answered) throws IOException {
        Optional<JsonNode> found = find(where);
        if (found.isEmpty() || !since(found.get().path(when))) {
            // What was there before is refused when the order is given again, as it would have been at first.
            return new Fate.NotCarriedOut();
        }
        return new Fate.CarriedOut(JsonNodeFactory.instance
                .objectNode()
                .put(answered, found.get().path(id).asText("")));
    }

    private Fate changed(String object) throws IOException {
        Optional<JsonNode> found = find(object);
        return found.isPresent() && since(found.get().path("UpdatedAt"))
                ? new Fate.CarriedOut(MissingNode.getInstance())
                : new Fate.NotCarriedOut();
    }

    private Fate begun() throws IOException {
        JsonNode swarm = daemon.get("/info").path("Swarm");
        return since(swarm.path("Cluster").path("CreatedAt"))
                ? new Fate.CarriedOut(
                        JsonNodeFactory.instance.textNode(swarm.path("NodeID").asText("")))
                : new Fate.NotCarriedOut();
    }

    private Fate inSwarm(boolean wanted) throws IOException {
        String state = daemon.get("/info").path("Swarm").path("LocalNodeState").asText("");
        return state.equals("active") == wanted
                ? new Fate.CarriedOut(MissingNode.getInstance())
                : new Fate.NotCarriedOut();
    }

    private Optional<JsonNode> find(String where) throws IOException {
        try {
            return Optional.of(daemon.get(where));
        } catch (DockerRefusedException e) {
            if (e.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** By the daemon's own clock, which may be another than this computer's. */
    private boolean since(JsonNode time) throws IOException {
        try {
            Instant now = Instant.parse(daemon.get("/info").path("SystemTime").asText(""));
            return !Instant.parse(time.asText("")).isBefore(now.minus(ago).minus(SLACK));
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
