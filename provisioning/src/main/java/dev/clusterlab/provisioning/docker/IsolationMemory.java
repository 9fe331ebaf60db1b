package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;

/**
 * Which engines refused a privileged container, so that not every lab has to try again: a refusal costs about a second.
 * What is remembered fades, because an engine may be set up anew. Nothing depends on it: without it, each lab tries.
 * Thread-safe.
 */
final class IsolationMemory {
    /** Wall-clock time. */
    static final Duration KEPT = Duration.ofDays(7);

    private static final System.Logger LOG = System.getLogger(IsolationMemory.class.getName());

    private final Path file;

    /** @param file made when there is something to remember */
    IsolationMemory(Path file) {
        this.file = file;
    }

    /** @param engineId as the engine names itself; an empty text is an engine without a name, which is not remembered */
    synchronized boolean refusesPrivileged(String engineId, Instant now) {
        try {
            Instant until = Instant.parse(read().path(engineId).asText(""));
            return !engineId.isEmpty() && now.isBefore(until);
        } catch (java.time.format.DateTimeParseException e) {
            return false;
        }
    }

    synchronized void refusedPrivileged(String engineId, Instant now) {
        if (engineId.isEmpty()) {
            return;
        }
        ObjectNode kept = LoopbackHttp.JSON.createObjectNode();
        read().properties().forEach(entry -> kept.set(entry.getKey(), entry.getValue()));
        kept.put(engineId, now.plus(KEPT).toString());
        Path half = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(half, LoopbackHttp.write(kept));
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "Cannot write " + file, e);
        }
    }

    private JsonNode read() {
        try {
            return Files.exists(file)
                    ? LoopbackHttp.JSON.readTree(Files.readString(file))
                    : LoopbackHttp.JSON.createObjectNode();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "Cannot read " + file, e);
            return LoopbackHttp.JSON.createObjectNode();
        }
    }
}
