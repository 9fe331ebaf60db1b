package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.provisioning.client.DockerTransport;
import dev.clusterlab.provisioning.client.DockerTransport.Reader;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one Docker client, {@link DockerTransport}, as the {@code docker} command line speaks of it: refusals in the daemon's own
 * words, no daemon in those of the real command, and waiting that ends when the command is interrupted. JSON rather than
 * docker-java's models, which lack fields that are shown; {@code inspect} shows exactly what the daemon said.
 */
final class DockerApi {
    private final DockerTransport transport;
    private final String shown;

    DockerApi(DockerTransport transport, String shown) {
        this.transport = transport;
        this.shown = shown;
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
        return interruptibly(path, () -> transport.json(DockerTransport.request(method, path, body)));
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
