package dev.clusterlab.lab.shell.docker;

import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.clusterlab.provisioning.DockerTls;
import dev.clusterlab.provisioning.Engine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Connections to Docker daemons by endpoint, kept from one command to the next. Thread-safe. */
final class DockerHosts implements AutoCloseable {
    private final Engine engine;
    private final Map<URI, DockerHttpClient> transports = new LinkedHashMap<>();

    DockerHosts(Engine engine) {
        this.engine = engine;
    }

    /** @param shown the address that a person knows, for messages */
    synchronized DockerApi at(URI endpoint, String shown) {
        DockerHttpClient transport = transports.computeIfAbsent(
                endpoint,
                uri -> new ApacheDockerHttpClient.Builder()
                        .dockerHost(uri)
                        .sslConfig(DockerTls.config(engine.tls()))
                        .maxConnections(32)
                        .connectionTimeout(Duration.ofSeconds(5))
                        .build());
        return new DockerApi(transport, shown);
    }

    @Override
    public synchronized void close() {
        for (DockerHttpClient transport : transports.values()) {
            try {
                transport.close();
            } catch (IOException e) {
                // Nothing is lost: it was only kept for later.
                continue;
            }
        }
        transports.clear();
    }
}
