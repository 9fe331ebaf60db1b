package dev.clusterlab.provisioning.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.clusterlab.provisioning.DockerTls;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One machine's Docker daemon: docker-java, and beside it plain JSON over {@link DockerTransport} for the fields that
 * docker-java's models lack ({@code Info.Swarm.Cluster}, {@code Node.Status.Message}, {@code ServiceStatus},
 * {@code Task.NetworksAttachments}). Thread-safe. Get it from {@link DockerClients} each time rather than keep it: a
 * machine that was started again has another one.
 */
public final class DockerConnection implements AutoCloseable {
    /** The newest version that docker-java's models were written for. */
    private static final String API_VERSION_MAX = "1.44";

    private final String machine;
    private final URI endpoint;
    private final String apiVersion;
    private final DockerTransport patientTransport;
    private final DockerTransport boundedTransport;
    private final DockerClient client;

    private DockerConnection(
            String machine,
            URI endpoint,
            String apiVersion,
            DockerTransport patientTransport,
            DockerTransport boundedTransport) {
        this.machine = machine;
        this.endpoint = endpoint;
        this.apiVersion = apiVersion;
        this.patientTransport = patientTransport;
        this.boundedTransport = boundedTransport;
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(endpoint.toString())
                .withDockerTlsVerify(false)
                .withApiVersion(RemoteApiVersion.parseConfig(apiVersion))
                .build();
        this.client = DockerClientImpl.getInstance(config, patientTransport.http());
    }

    /**
     * Connects and agrees on a version.
     *
     * @throws LabException REFUSED if nobody answers
     */
    public static DockerConnection open(String machine, URI endpoint, Optional<DockerTls> tls, Duration wallLimit) {
        return open(machine, endpoint, limit -> DockerTransport.open(endpoint, tls, limit), wallLimit);
    }

    /** As {@link #open(String, URI, Optional, Duration)}, to a machine of an engine. */
    static DockerConnection open(Engine engine, String machine, URI endpoint, Duration wallLimit) {
        return open(machine, endpoint, limit -> DockerTransport.open(engine, endpoint, limit), wallLimit);
    }

    private static DockerConnection open(
            String machine, URI endpoint, Function<Duration, DockerTransport> transports, Duration wallLimit) {
        // No limit for docker-java: logs, events and waits may last.
        DockerTransport patient = transports.apply(Duration.ZERO);
        DockerTransport bounded = transports.apply(wallLimit);
        try {
            String offered = "";
            try (Response response = bounded.send(get("/_ping", null))) {
                String header = response.getHeader("Api-Version");
                offered = header == null ? "" : header;
                response.getBody().readAllBytes();
            } catch (DockerRefusedException e) {
                // Such as a daemon that wants TLS and got plain text.
                throw DockerErrors.refused(e.status(), e.text(), e);
            } catch (IOException e) {
                throw DockerErrors.silent(machine, e);
            }
            return new DockerConnection(machine, endpoint, agreed(offered), patient, bounded);
        } catch (RuntimeException e) {
            patient.close();
            bounded.close();
            throw e;
        }
    }

    /** The lower of what the daemon offers and what our models know. */
    static String agreed(String offered) {
        if (offered.isEmpty()) {
            return API_VERSION_MAX;
        }
        return minor(offered) < minor(API_VERSION_MAX) ? offered : API_VERSION_MAX;
    }

    public static int minor(String version) {
        return Integer.parseInt(version.substring(version.indexOf('.') + 1));
    }

    public String machine() {
        return machine;
    }

    public URI endpoint() {
        return endpoint;
    }

    /** The version of the API in use, such as {@code 1.41}. */
    public String apiVersion() {
        return apiVersion;
    }

    /** docker-java; what it throws is not translated: see {@link #call}. */
    public DockerClient client() {
        return client;
    }

    /**
     * Does something with docker-java.
     *
     * @throws LabException with what the daemon said and what to do, instead of docker-java's exceptions
     */
    public <T> T call(Function<DockerClient, T> action) {
        try {
            return action.apply(client);
        } catch (RuntimeException e) {
            throw DockerErrors.translate(machine, e);
        }
    }

    /**
     * GET of a path of the API, such as {@code /services?status=true}, as the daemon answers it.
     *
     * @throws LabException with what the daemon said
     */
    public JsonNode getJson(String path) {
        return getJson(patientTransport, path, null);
    }

    /**
     * As {@link #getJson(String)}, with an end to timeout in engine time (whole seconds).
     *
     * @throws LabException TIMEOUT when it ended
     */
    public JsonNode getJson(String path, Duration timeout) {
        return getJson(boundedTransport, path, timeout);
    }

    /** POST of JSON; the answer's JSON, or an empty node where there is none. */
    public JsonNode postJson(String path, JsonNode body) {
        return answer(patientTransport, request("POST", path, body), path);
    }

    /** POST without a body; the answer is not read. */
    public void post(String path) {
        answer(patientTransport, request("POST", path, null), path);
    }

    /** DELETE; the answer is not read. */
    public void delete(String path) {
        answer(patientTransport, request("DELETE", path, null), path);
    }

    /**
     * GET of a stream of lines, such as {@code /events}; returns when the daemon ends it.
     *
     * @param opened gets what closes the stream, from any thread, before the first line is read
     * @throws LabException REFUSED if the daemon does not answer or refuses
     * @throws IOException if the stream breaks, also because it was closed
     */
    void lines(String path, Consumer<Closeable> opened, Consumer<String> line) throws IOException {
        Response response;
        try {
            response = patientTransport.send(get("/v" + apiVersion + path, null));
        } catch (DockerRefusedException e) {
            throw DockerErrors.refused(e.status(), e.text(), e);
        } catch (IOException e) {
            throw DockerErrors.silent(machine, e);
        }
        try (response) {
            opened.accept(response::close);
            try (var reader = new BufferedReader(new InputStreamReader(response.getBody(), StandardCharsets.UTF_8))) {
                String read;
                while ((read = reader.readLine()) != null) {
                    line.accept(read);
                }
            }
        }
    }

    /**
     * POST of a body of any size; the answer is a stream of messages, as for builds and loads.
     *
     * @param message gets each as it comes
     * @throws LabException with what the daemon said, also in the middle of the stream
     */
    public void upload(String path, InputStream body, Consumer<JsonNode> message) {
        Request request = Request.builder()
                .method(Request.Method.POST)
                .path("/v" + apiVersion + path)
                .putHeader("Content-Type", "application/x-tar")
                .body(body)
                .build();
        try (Response response = patientTransport.send(request)) {
            try (MappingIterator<JsonNode> messages =
                    LoopbackHttp.JSON.readerFor(JsonNode.class).readValues(response.getBody())) {
                while (messages.hasNextValue()) {
                    JsonNode next = messages.nextValue();
                    if (next.hasNonNull("error")) {
                        throw new LabException(
                                Kind.REFUSED, next.path("error").asText().strip(), "");
                    }
                    message.accept(next);
                }
            }
        } catch (DockerRefusedException e) {
            throw DockerErrors.refused(e.status(), e.text(), e);
        } catch (IOException e) {
            throw DockerErrors.silent(machine, e);
        }
    }

    private Request request(String method, String path, @Nullable JsonNode body) {
        return DockerTransport.request(method, "/v" + apiVersion + path, body);
    }

    private JsonNode getJson(DockerTransport transport, String path, @Nullable Duration timeout) {
        return answer(transport, get("/v" + apiVersion + path, timeout), path);
    }

    private JsonNode answer(DockerTransport transport, Request request, String path) {
        try {
            return transport.json(request);
        } catch (DockerRefusedException e) {
            throw DockerErrors.refused(e.status(), e.text(), e);
        } catch (SocketTimeoutException e) {
            throw timeout(path, e);
        } catch (JsonProcessingException e) {
            throw LoopbackHttp.notJson(e);
        } catch (IOException e) {
            throw DockerErrors.silent(machine, e);
        }
    }

    private LabException timeout(String path, Throwable cause) {
        return new LabException(
                        Kind.TIMEOUT,
                        "The Docker daemon of " + machine + " did not answer " + path + " in time.",
                        "A manager without a leader answers late: see whether most managers are online.",
                        cause)
                .named("daemon.late", machine);
    }

    private static Request get(String path, @Nullable Duration timeout) {
        var builder = Request.builder().method(Request.Method.GET).path(path);
        if (timeout != null) {
            builder.putHeader("Prefer", "wait=" + Math.max(1, timeout.toSeconds()));
        }
        return builder.build();
    }

    @Override
    public void close() {
        patientTransport.close();
        boundedTransport.close();
    }
}
