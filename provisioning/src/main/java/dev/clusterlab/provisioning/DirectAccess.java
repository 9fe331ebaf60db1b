package dev.clusterlab.provisioning;

import com.github.dockerjava.transport.DockerHttpClient;
import java.net.URI;

/**
 * How clients in this program reach the machines of an engine whose endpoints have no sockets. It speaks the same protocol as over one;
 * only the socket is left out. Thread-safe.
 */
public interface DirectAccess {
    /** HTTP to the Docker daemon at a machine's endpoint. To be closed. */
    DockerHttpClient docker(URI endpoint);

    /**
     * A loopback address that leads to the same as one of {@link Machine#ports()}, for clients that know nothing but sockets. It is opened by
     * this call, and ends with its machine.
     *
     * @param hostAndPort such as {@code 127.0.0.1:12}
     */
    String socket(String hostAndPort);
}
