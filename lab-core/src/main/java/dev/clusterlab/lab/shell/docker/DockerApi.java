package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.provisioning.client.DockerTransport;
import dev.clusterlab.provisioning.client.DockerTransport.Reader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one Docker client, {@link DockerTransport}, as the {@code docker} command line speaks of it: refusals in the daemon's own
 * words, no daemon in those of the real command, and waiting that ends when the command is interrupted. JSON rather than
 * docker-java's models, which lack fields that are shown; {@code inspect} shows exactly what the daemon said.
 */
final class DockerApi {
    private static final int ORDERS_MAX = 4;
    /** Until an order whose answer was lost is asked about. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int NOT_FOUND = 404;
    private static final int BAD_GATEWAY = 502;

    private final DockerTransport transport;
    private final String shown;
    private final LongSupplier nanos;
    private final Duration pause;

    /** @param nanos as {@link System#nanoTime()} */
    DockerApi(DockerTransport transport, String shown, LongSupplier nanos, Duration pause) {
        this.transport = transport;
        this.shown = shown;
        this.nanos = nanos;
        this.pause = pause;
    }

    JsonNode get(String path) throws InterruptedException {
        return json("GET", path, null);
    }

    JsonNode post(String path, @Nullable JsonNode body) throws InterruptedException {
        return json("POST", path, body);
    }

    void delete(String path) throws InterruptedException {
        json("DELETE", path, null);
    }

    private JsonNode json(String method, String path, @Nullable JsonNode body) throws InterruptedException {
        return interruptibly(path, () -> method.equals("GET") ? once(method, path, body) : ordered(method, path, body));
    }

    private JsonNode once(String method, String path, @Nullable JsonNode body) throws IOException {
        return transport.json(DockerTransport.request(method, path, body));
    }

    /** Gives an order; where the way breaks before its answer, the daemon is asked whether it was carried out, before it is given again. */
    private JsonNode ordered(String method, String path, @Nullable JsonNode body) throws IOException {
        long begun = nanos.getAsLong();
        boolean lost = false;
        for (int left = ORDERS_MAX; ; left--) {
            try {
                if (lost) {
                    LostAnswer.Fate fate = new LostAnswer(
                                    where -> once("GET", where, null),
                                    method,
                                    path,
                                    body,
                                    Duration.ofNanos(nanos.getAsLong() - begun))
                            .fate();
                    switch (fate) {
                        case LostAnswer.Fate.CarriedOut(JsonNode answer) -> {
                            return answer;
                        }
                        case LostAnswer.Fate.NotCarriedOut() -> {}
                        case LostAnswer.Fate.Unknown() -> throw unknown(path);
                    }
                }
                return once(method, path, body);
            } catch (JsonProcessingException | ConnectException | SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                if (left == 0) {
                    throw e;
                }
            } catch (DockerRefusedException e) {
                if (lost && method.equals("DELETE") && e.status() == NOT_FOUND) {
                    // It had gone the first time.
                    return MissingNode.getInstance();
                }
                if (left == 0 || e.status() != BAD_GATEWAY) {
                    throw e;
                }
            }
            lost = true;
            pause();
        }
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before it was tried again", e);
        }
    }

    private ShellFailure unknown(String path) {
        return new ShellFailure(
                1,
                "The connection to the Docker daemon at " + shown + " broke before it answered " + path
                        + ", so that nobody knows whether that was done. Look, and repeat the command if it was not.");
    }

    /**
     * Makes a request and reads its answer on another thread, so that interrupting this one ends the waiting at once.
     * What goes wrong in the reader comes out as what it is.
     *
     * @throws DockerRefusedException if the daemon refuses
     * @throws ShellFailure if there is no daemon, or its answer breaks off
     */
    <T> T stream(String method, String path, @Nullable JsonNode body, Reader<T> reader) throws InterruptedException {
        return interruptibly(path, () -> transport.exchange(DockerTransport.request(method, path, body), reader));
    }

    private interface Exchange<T> {
        T make() throws IOException;
    }

    private <T> T interruptibly(String path, Exchange<T> exchange) throws InterruptedException {
        return Interruptible.call(() -> {
            try {
                return exchange.make();
            } catch (JsonProcessingException e) {
                throw new ShellFailure(1, "the Docker daemon at " + shown + " answered " + path + " with no JSON");
            } catch (IOException e) {
                throw new ShellFailure(
                        1, "Cannot connect to the Docker daemon at " + shown + ". Is the docker daemon running?");
            }
        });
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** {@code ?a=1&b=2}, or nothing where there are no parameters. */
    static String query(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.entrySet().stream()
                        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }
}
