package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.shell.ShellFailure;
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
    private final DockerHttpClient transport;
    private final String shown;

    DockerApi(DockerHttpClient transport, String shown) {
        this.transport = transport;
        this.shown = shown;
    }

    /** Reads the body of an answer as it comes. */
    interface Reader<T> {
        T read(InputStream body) throws IOException;
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
        return stream(method, path, body, answer -> {
            byte[] bytes = answer.readAllBytes();
            return bytes.length == 0 ? MissingNode.getInstance() : Json.MAPPER.readTree(bytes);
        });
    }

    /**
     * Makes a request and reads its answer on another thread, so that interrupting this one ends the waiting at once.
     *
     * @throws DockerApiException if the daemon refuses
     */
    <T> T stream(String method, String path, @Nullable JsonNode body, Reader<T> reader) throws InterruptedException {
        FutureTask<T> task = new FutureTask<>(() -> exchange(method, path, body, reader));
        Thread.ofVirtual().name("docker request").start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case DockerApiException refused -> throw refused;
                case ShellFailure failure -> throw failure;
                case null, default ->
                    throw new ShellFailure(
                            1, "Cannot connect to the Docker daemon at " + shown + ". Is the docker daemon running?");
            }
        }
    }

    private <T> T exchange(String method, String path, @Nullable JsonNode body, Reader<T> reader) throws IOException {
        var request = DockerHttpClient.Request.builder().method(method).path(path);
        if (body != null) {
            request.putHeader("Content-Type", "application/json");
            request.body(new ByteArrayInputStream(Json.MAPPER.writeValueAsBytes(body)));
        } else if (method.equals("POST")) {
            request.body(new ByteArrayInputStream(new byte[0]));
        }
        try (DockerHttpClient.Response response = transport.execute(request.build())) {
            int status = response.getStatusCode();
            if (status >= 400) {
                String text = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
                throw new DockerApiException(status, message(text));
            }
            return reader.read(response.getBody());
        }
    }

    private static String message(String body) {
        try {
            JsonNode message = Json.MAPPER.readTree(body).path("message");
            return message.isTextual() ? message.asText() : body.strip();
        } catch (IOException e) {
            return body.strip();
        }
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
