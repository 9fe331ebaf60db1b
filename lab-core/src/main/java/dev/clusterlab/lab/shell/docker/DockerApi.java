package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.provisioning.client.DockerTransport;
import dev.clusterlab.provisioning.client.DockerTransport.Reader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Docker Engine API as JSON over docker-java's transport: the command line shows fields that docker-java's models
 * lack, and {@code inspect} shows exactly what the daemon said.
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
        byte[] bytes = stream(method, path, body, InputStream::readAllBytes);
        if (bytes.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return Json.MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new ShellFailure(1, "the Docker daemon at " + shown + " answered " + path + " with no JSON");
        }
    }

    /**
     * Makes a request and reads its answer on another thread, so that interrupting this one ends the waiting at once.
     * What goes wrong in the reader comes out as what it is.
     *
     * @throws DockerRefusedException if the daemon refuses
     * @throws ShellFailure if there is no daemon, or its answer breaks off
     */
    <T> T stream(String method, String path, @Nullable JsonNode body, Reader<T> reader) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(() -> transport.exchange(request(method, path, body), reader));
        Thread.ofVirtual().name("docker request").start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException unreachable ->
                    throw new ShellFailure(
                            1, "Cannot connect to the Docker daemon at " + shown + ". Is the docker daemon running?");
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private static Request request(String method, String path, @Nullable JsonNode body) throws IOException {
        Request.Builder request = Request.builder().method(method).path(path);
        if (body != null) {
            request.putHeader("Content-Type", "application/json");
            request.body(new ByteArrayInputStream(Json.MAPPER.writeValueAsBytes(body)));
        } else if (method.equals("POST")) {
            request.body(new ByteArrayInputStream(new byte[0]));
        }
        return request.build();
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
