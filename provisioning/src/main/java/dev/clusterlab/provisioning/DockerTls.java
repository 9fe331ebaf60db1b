package dev.clusterlab.provisioning;

import com.github.dockerjava.transport.SSLConfig;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a client proves to a Docker daemon who it is, and knows the daemon. An immutable handle; it shows no key.
 *
 * @param context knows the daemon's authority, and has the client's certificate
 * @param folder where {@code ca.pem}, {@code cert.pem} and {@code key.pem} are, as the {@code docker} command line wants
 *     them in {@code DOCKER_CERT_PATH}
 */
public record DockerTls(SSLContext context, Path folder) {
    /** For docker-java's transports; null, which they understand as a plain connection, where there is no TLS. */
    public static @Nullable SSLConfig config(Optional<DockerTls> tls) {
        return tls.isPresent() ? tls.get()::context : null;
    }
}
