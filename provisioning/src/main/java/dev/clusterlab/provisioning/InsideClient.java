package dev.clusterlab.provisioning;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A client that lives in the engine's own time: what it asks enters at the very instant of the engine's clock, whatever
 * the wall clock shows, and by itself does not make time advance in unattended runs.
 */
public interface InsideClient {
    /**
     * Asks a port of a machine. Never blocks. To be called in an action of {@link EngineClock#schedule}; {@code answer}
     * comes on the same thread, once, and must neither wait nor make requests.
     *
     * @param machine where the request goes; nobody answers for one that is unknown or has no power
     * @param uri only its path and query matter
     * @param headers the {@code Host} header among them
     * @param timeout engine time after which the client gives up
     */
    void send(
            String machine,
            int port,
            String method,
            URI uri,
            Map<String, String> headers,
            byte[] body,
            Duration timeout,
            Consumer<Answer> answer);

    /**
     * What came back.
     *
     * @param status of HTTP; 0 for no answer
     * @param took engine time
     */
    record Answer(int status, String text, Duration took) {}
}
