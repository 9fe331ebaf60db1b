package dev.clusterlab.lab.shell.docker;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.client.DockerTransport;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Connections to Docker daemons by endpoint, kept from one command to the next. Thread-safe. */
final class DockerHosts implements AutoCloseable {
    private final Engine engine;
    private final Map<URI, DockerTransport> transports = new LinkedHashMap<>();

    DockerHosts(Engine engine) {
        this.engine = engine;
    }

    /** @param shown the address that a person knows, for messages */
    synchronized DockerApi at(URI endpoint, String shown) {
        DockerTransport transport =
                transports.computeIfAbsent(endpoint, uri -> DockerTransport.open(engine, uri, Duration.ZERO));
        return new DockerApi(transport, shown, System::nanoTime, DockerApi.PAUSE);
    }

    @Override
    public synchronized void close() {
        transports.values().forEach(DockerTransport::close);
        transports.clear();
    }
}
