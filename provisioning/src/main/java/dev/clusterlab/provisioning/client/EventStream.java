package dev.clusterlab.provisioning.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows the events of one Docker daemon on a thread of its own, for as long as it is open: when the stream ends, because
 * the daemon was stopped or killed, it connects again and again.
 */
public final class EventStream implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventStream.class.getName());
    private static final Duration RETRY = Duration.ofMillis(300);

    private final Supplier<DockerConnection> daemon;
    private final String path;
    private final Runnable connected;
    private final Consumer<JsonNode> event;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Closeable stream;

    /**
     * @param daemon asked before each attempt to connect; may throw {@link LabException}
     * @param filters as the API wants them, in JSON
     * @param connected called before the first event of each connection: what happened meanwhile was not reported
     * @param event called with each event; quickly
     */
    public EventStream(
            String name,
            Supplier<DockerConnection> daemon,
            String filters,
            Runnable connected,
            Consumer<JsonNode> event) {
        this.daemon = daemon;
        this.path = "/events?filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
        this.connected = connected;
        this.event = event;
        this.thread = Thread.ofVirtual().name("events of " + name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                daemon.get().lines(path, this::opened, this::line);
            } catch (IOException | LabException e) {
                LOG.log(System.Logger.Level.DEBUG, thread.getName() + " ended; it is tried again", e);
            } catch (RuntimeException e) {
                // Who is interrupted while it waits for a connection, or finds what it tells closed, hears of it in
                // many ways.
                LOG.log(
                        closed ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                        thread.getName() + " broke off; it is tried again",
                        e);
            }
            try {
                Thread.sleep(RETRY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void opened(Closeable opened) {
        stream = opened;
        if (closed) {
            closeStream();
        }
        connected.run();
    }

    private void line(String line) {
        if (line.isBlank() || closed) {
            return;
        }
        try {
            event.accept(LoopbackHttp.JSON.readTree(line));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "Not an event: " + line, e);
        }
    }

    private void closeStream() {
        Closeable open = stream;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "A stream of events could not be closed", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        closeStream();
        thread.interrupt();
    }
}
