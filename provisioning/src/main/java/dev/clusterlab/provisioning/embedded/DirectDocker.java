package dev.clusterlab.provisioning.embedded;

import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to a simulated machine's Docker daemon that enters the simulation directly. What upgrades its connection to a plain stream of bytes
 * goes over a socket, which is opened for that.
 */
final class DirectDocker implements DockerHttpClient {
    private final EmbeddedCluster cluster;
    private final int port;
    private final Set<DirectAnswer> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private @Nullable DockerHttpClient overSocket;

    DirectDocker(EmbeddedCluster cluster, int port) {
        this.cluster = cluster;
        this.port = port;
        cluster.driver().onClose(() -> open.forEach(DirectAnswer::close));
    }

    @Override
    public Response execute(Request request) {
        if (request.hijackedInput() != null) {
            return overSocket().execute(request);
        }
        try {
            return ask(request);
        } catch (IOException e) {
            // As docker-java's own client does.
            throw new RuntimeException(e);
        }
    }

    private Response ask(Request request) throws IOException {
        var answer = new DirectAnswer(open::remove);
        open.add(answer);
        if (closed || cluster.driver().closed()) {
            answer.close();
        }
        answer.asked(cluster.enter(port, inside(request), answer));
        return answer.awaitHead();
    }

    private static HttpMessage.Request inside(Request request) throws IOException {
        int question = request.path().indexOf('?');
        String path = question < 0 ? request.path() : request.path().substring(0, question);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("host", "localhost");
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return new HttpMessage.Request(
                request.method(),
                URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8),
                HttpMessage.Request.query(question < 0 ? null : request.path().substring(question + 1)),
                headers,
                body(request));
    }

    private static byte[] body(Request request) throws IOException {
        byte[] bytes = request.bodyBytes();
        if (bytes != null) {
            return bytes;
        }
        try (InputStream stream = request.body()) {
            return stream == null ? new byte[0] : stream.readAllBytes();
        }
    }

    private synchronized DockerHttpClient overSocket() {
        DockerHttpClient client = overSocket;
        if (client == null) {
            client = new ApacheDockerHttpClient.Builder()
                    .dockerHost(URI.create("tcp://127.0.0.1:" + cluster.socket(port)))
                    .build();
            overSocket = client;
        }
        return client;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        open.forEach(DirectAnswer::close);
        DockerHttpClient client;
        synchronized (this) {
            client = overSocket;
        }
        if (client != null) {
            client.close();
        }
    }
}
