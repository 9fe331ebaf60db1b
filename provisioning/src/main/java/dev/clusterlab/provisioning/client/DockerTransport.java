package dev.clusterlab.provisioning.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.clusterlab.provisioning.DockerTls;
import dev.clusterlab.provisioning.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to one Docker daemon, below everything that talks to one: the observer, the engines and the shell's command line.
 * It distinguishes three things. A daemon that refuses is a {@link DockerRefusedException}; one that cannot be reached, or
 * whose answer breaks off, is an {@link IOException}; and what goes wrong in this program comes out as what it is.
 * Thread-safe; blocks as long as the daemon takes. An interrupt does not end the waiting, {@link #close} does.
 */
public final class DockerTransport implements AutoCloseable {
    /** Of wall-clock time. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private static final int CONNECTIONS_MAX = 64;
    private static final int BAD_GATEWAY = 502;
    private static final int REPEATS = 2;
    private static final Duration REPEATED_AFTER = Duration.ofSeconds(1);

    private final DockerHttpClient http;
    private volatile boolean closed;

    /** For tests; others open one. */
    public DockerTransport(DockerHttpClient http) {
        this.http = http;
    }

    /**
     * Connects when first used.
     *
     * @param responseLimit of wall-clock time, between two signs of life. Zero for none: without a word about it the
     *     limit for connecting would stay on a connection that is used again after a while.
     */
    public static DockerTransport open(URI endpoint, Optional<DockerTls> tls, Duration responseLimit) {
        return new DockerTransport(new ApacheDockerHttpClient.Builder()
                .dockerHost(endpoint)
                .sslConfig(DockerTls.config(tls))
                .maxConnections(CONNECTIONS_MAX)
                .connectionTimeout(CONNECT_LIMIT)
                .responseTimeout(responseLimit)
                .build());
    }

    /** As {@link #open(URI, Optional, Duration)}, to a machine of an engine; without a socket where it has none. */
    public static DockerTransport open(Engine engine, URI endpoint, Duration responseLimit) {
        return engine.direct()
                .map(direct -> new DockerTransport(direct.docker(endpoint)))
                .orElseGet(() -> open(endpoint, engine.tls(), responseLimit));
    }

    /**
     * A request; {@code body} null for none. None is not an empty one: a daemon refuses to start a container with a body whose
     * length it is not told.
     */
    public static Request request(String method, String path, @Nullable JsonNode body) {
        Request.Builder request = Request.builder().method(method).path(path);
        if (body != null) {
            request.putHeader("Content-Type", "application/json");
            request.body(new ByteArrayInputStream(LoopbackHttp.write(body).getBytes(StandardCharsets.UTF_8)));
        }
        return request.build();
    }

    /** Reads the body of an answer as it comes. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(InputStream body) throws IOException;
    }

    /**
     * Makes a request and reads its answer.
     *
     * @throws DockerRefusedException if the daemon refuses
     * @throws IOException if it does not answer, or its answer breaks off
     */
    public <T> T exchange(Request request, Reader<T> reader) throws IOException {
        try (Response response = send(request)) {
            return reader.read(response.getBody());
        }
    }

    /**
     * Makes a request and reads its answer as JSON; a missing node where the answer is empty.
     *
     * @throws DockerRefusedException if the daemon refuses
     * @throws JsonProcessingException if the answer is no JSON
     * @throws IOException if it does not answer, or its answer breaks off
     */
    public JsonNode json(Request request) throws IOException {
        byte[] answer = exchange(request, InputStream::readAllBytes);
        return answer.length == 0 ? LoopbackHttp.JSON.missingNode() : LoopbackHttp.JSON.readTree(answer);
    }

    /**
     * As {@link #exchange}; whoever gets the answer closes it. A request that only reads is made anew where the connection breaks before
     * the answer, or where it is said that it may be: twice at most, a second apart. Others are made once, whatever becomes of them.
     */
    Response send(Request request) throws IOException {
        Response response = executeAgain(request);
        if (response.getStatusCode() < 400) {
            return response;
        }
        try (response) {
            if (response.getStatusCode() == 504 && response.getHeader("Preference-Applied") != null) {
                throw new SocketTimeoutException("the daemon waited as long as it was asked to");
            }
            String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
            throw new DockerRefusedException(
                    response.getStatusCode(), DockerErrors.message(body, response.getStatusCode()));
        }
    }

    private Response executeAgain(Request request) throws IOException {
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        for (int left = reads ? REPEATS : 0; ; left--) {
            try {
                Response response = execute(request);
                if (left == 0 || response.getStatusCode() != BAD_GATEWAY || response.getHeader("Retry-After") == null) {
                    return response;
                }
                response.close();
            } catch (SocketTimeoutException | ConnectException e) {
                throw e;
            } catch (IOException e) {
                if (left == 0 || closed) {
                    throw e;
                }
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(REPEATED_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before it was tried again", e);
        }
    }

    private Response execute(Request request) throws IOException {
        try {
            return http.execute(request);
        } catch (RuntimeException e) {
            // docker-java wraps what its HTTP client throws; a client that was closed meanwhile says so in its own way.
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (closed) {
                throw new IOException("the connection was closed", e);
            }
            throw e;
        }
    }

    /** For docker-java's own client. */
    DockerHttpClient http() {
        return http;
    }

    @Override
    public void close() {
        closed = true;
        try {
            http.close();
        } catch (IOException e) {
            // Nothing more can be done about a transport that is thrown away.
        }
    }
}
