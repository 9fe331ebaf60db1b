package dev.clusterlab.provisioning.hosts.link;

import com.github.dockerjava.core.LocalDirectorySSLConfig;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.link.HostTrouble.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Streams over sockets of this computer, TCP, and TLS with a client's certificate. */
final class SocketDialer implements Dialer {
    private static final int CONNECT_MILLIS = 10_000;

    private final Host host;
    private final HostAddress address;
    private final @Nullable SSLContext tls;

    /** @throws LabException ENVIRONMENT if the certificates cannot be read */
    SocketDialer(Host host, HostAddress address) {
        this.host = host;
        this.address = address;
        this.tls = address instanceof HostAddress.Tcp tcp
                ? tcp.certificates().map(SocketDialer::context).orElse(null)
                : null;
    }

    private static SSLContext context(Path folder) {
        for (String name : new String[] {"ca.pem", "cert.pem", "key.pem"}) {
            if (!Files.isReadable(folder.resolve(name))) {
                throw unusable(folder, name + " cannot be read", null);
            }
        }
        try {
            return new LocalDirectorySSLConfig(folder.toString()).getSSLContext();
        } catch (RuntimeException e) {
            throw unusable(folder, String.valueOf(e.getMessage()), e);
        }
    }

    private static LabException unusable(Path folder, String reason, @Nullable Exception cause) {
        return new LabException(
                        LabException.Kind.ENVIRONMENT,
                        "The certificates in " + folder + " cannot be used: " + reason + ".",
                        "The folder must hold the ca.pem, cert.pem and key.pem of the host's Docker daemon, which you may read.",
                        cause)
                .named("hosts.certificates", folder.toString(), reason);
    }

    @Override
    public ByteStream docker() throws HostUnreachableException {
        try {
            return switch (address) {
                case HostAddress.Unix(Path socket) -> unix(socket);
                case HostAddress.Tcp tcp -> tls == null ? plain(tcp.host(), tcp.port()) : secure(tls, tcp);
                case HostAddress.Ssh ssh -> throw new IllegalStateException("ssh has a dialer of its own");
            };
        } catch (IOException e) {
            throw new HostUnreachableException(new HostTrouble(kind(e), host.toString(), said(e)), e);
        }
    }

    @Override
    public ByteStream port(int port) throws HostUnreachableException {
        String at = address instanceof HostAddress.Tcp tcp ? tcp.host() : "127.0.0.1";
        return connect(host, at, port);
    }

    /** Over plain TCP, to wherever a port of the host is said to be reached. */
    static ByteStream connect(Host host, String at, int port) throws HostUnreachableException {
        try {
            return plain(at, port);
        } catch (IOException e) {
            throw new HostUnreachableException(new HostTrouble(kind(e), host + ", port " + port, said(e)), e);
        }
    }

    private static ByteStream unix(Path socket) throws IOException {
        if (Files.exists(socket) && !Files.isWritable(socket)) {
            throw new AccessDeniedException(socket.toString());
        }
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        return new ByteStream() {
            private final InputStream input = Channels.newInputStream(channel);
            private final OutputStream output = Channels.newOutputStream(channel);

            @Override
            public InputStream input() {
                return input;
            }

            @Override
            public OutputStream output() {
                return output;
            }

            @Override
            public void endOutput() throws IOException {
                channel.shutdownOutput();
            }

            @Override
            public Optional<HostTrouble> trouble() {
                return Optional.empty();
            }

            @Override
            public void close() {
                closed(channel);
            }
        };
    }

    private static ByteStream plain(String host, int port) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            return new SocketStream(socket);
        } catch (IOException e) {
            closed(socket);
            throw e;
        }
    }

    private static ByteStream secure(SSLContext tls, HostAddress.Tcp tcp) throws IOException {
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(tcp.host(), tcp.port()), CONNECT_MILLIS);
            socket.setKeepAlive(true);
            socket.setSoTimeout(CONNECT_MILLIS);
            var secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, tcp.host(), tcp.port(), true);
            var parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            secure.setSoTimeout(0);
            return new SocketStream(secure);
        } catch (IOException e) {
            closed(socket);
            throw e;
        }
    }

    private record SocketStream(Socket socket) implements ByteStream {
        @Override
        public InputStream input() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream output() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public void endOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public Optional<HostTrouble> trouble() {
            return Optional.empty();
        }

        @Override
        public void close() {
            closed(socket);
        }
    }

    private static Kind kind(IOException e) {
        String said = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return switch (e) {
            case SSLException tls -> Kind.TLS;
            case AccessDeniedException denied -> Kind.NO_PERMISSION;
            case java.net.UnknownHostException unknown -> Kind.NO_NAME;
            case java.net.SocketTimeoutException late -> Kind.NO_ANSWER;
            case ConnectException refused when said.contains("refused") -> Kind.CLOSED_PORT;
            default -> {
                if (said.contains("permission denied")) {
                    yield Kind.NO_PERMISSION;
                }
                if (said.contains("no such file") || said.contains("connection refused")) {
                    yield Kind.DOCKER_SILENT;
                }
                yield said.contains("timed out") || said.contains("route") || said.contains("unreachable")
                        ? Kind.NO_ANSWER
                        : Kind.OTHER;
            }
        };
    }

    private static String said(IOException e) {
        return e instanceof java.net.UnknownHostException ? "" : String.valueOf(e.getMessage());
    }

    private static void closed(java.io.Closeable closed) {
        try {
            closed.close();
        } catch (IOException e) {
            // Nothing more can be done about it.
        }
    }

    @Override
    public void forget() {
        // Streams share nothing.
    }

    @Override
    public void close() {
        // Streams share nothing.
    }
}
