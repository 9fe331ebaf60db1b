package dev.clusterlab.provisioning.hosts;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Where a host's Docker daemon is, and by which way it is reached. Immutable. */
public sealed interface HostAddress {
    /** As it is written in a list of hosts; it holds no secret. */
    String url();

    /** A socket of this computer. */
    record Unix(Path socket) implements HostAddress {
        @Override
        public String url() {
            return "unix://" + socket;
        }
    }

    /**
     * Through the user's own ssh program, which knows keys, agents, aliases and jumps. What is left out, its settings say.
     *
     * @param host a name or an address, or an alias of the user's ssh configuration
     */
    record Ssh(Optional<String> user, String host, OptionalInt port) implements HostAddress {
        @Override
        public String url() {
            return "ssh://" + user.map(name -> name + "@").orElse("") + bracketed(host)
                    + (port.isPresent() ? ":" + port.getAsInt() : "");
        }
    }

    /**
     * A port of the daemon.
     *
     * @param certificates the folder of {@code ca.pem}, {@code cert.pem} and {@code key.pem}; empty: without TLS, which only
     *     an address of this computer may be
     */
    record Tcp(String host, int port, Optional<Path> certificates) implements HostAddress {
        /** Of a daemon with TLS. */
        public static final int PORT = 2376;

        @Override
        public String url() {
            return "tcp://" + authority();
        }

        /** {@code HOST:PORT}. */
        public String authority() {
            return bracketed(host) + ":" + port;
        }

        /** Whether nobody can listen on the way. */
        public boolean loopback() {
            return host.equals("127.0.0.1") || host.equals("localhost") || host.equals("::1");
        }
    }

    /** What no program takes for an option. */
    Pattern HOST = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,252}|[0-9A-Fa-f:]{2,45}");

    /** As above. */
    Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    /**
     * Reads an address: {@code ssh://[USER@]HOST[:PORT]}, {@code tcp://HOST[:PORT]} or {@code unix:///PATH}.
     *
     * @param certificates see {@link Tcp}
     * @throws LabException INPUT for anything else, with what is wrong
     */
    static HostAddress parse(String url, Optional<Path> certificates) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (java.net.URISyntaxException e) {
            throw malformed(url, "malformed", "it is no address: " + e.getReason());
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (certificates.isPresent() && !scheme.equals("tcp")) {
            throw malformed(url, "certificates", "certificates are for tcp:// only");
        }
        return switch (scheme) {
            case "unix" -> {
                if (uri.getPath() == null || uri.getPath().length() < 2 || uri.getAuthority() != null) {
                    throw malformed(url, "socket", "it names no socket");
                }
                yield new Unix(Path.of(uri.getPath()));
            }
            case "ssh" -> ssh(url, uri);
            case "tcp" -> tcp(url, uri, certificates);
            default -> throw malformed(url, "scheme", "it begins with none of ssh://, tcp:// and unix://");
        };
    }

    private static Ssh ssh(String url, URI uri) {
        String user = uri.getUserInfo();
        if (user != null && user.contains(":")) {
            // Without the address, which holds it.
            throw new LabException(
                            Kind.INPUT,
                            "An address of a host holds a password.",
                            "Take it out: ssh asks its agent for a key, and passwords have no place in lists and histories.")
                    .named("host.secret");
        }
        if (user != null && !USER.matcher(user).matches()) {
            throw malformed(url, "user", "its user is no name");
        }
        bare(url, uri);
        return new Ssh(
                Optional.ofNullable(user),
                host(url, uri),
                uri.getPort() < 0 ? OptionalInt.empty() : OptionalInt.of(port(url, uri.getPort())));
    }

    private static Tcp tcp(String url, URI uri, Optional<Path> certificates) {
        if (uri.getUserInfo() != null) {
            throw malformed(url, "nouser", "tcp:// knows no user");
        }
        bare(url, uri);
        var tcp = new Tcp(host(url, uri), uri.getPort() < 0 ? Tcp.PORT : port(url, uri.getPort()), certificates);
        if (certificates.isEmpty() && !tcp.loopback()) {
            throw new LabException(
                            Kind.INPUT,
                            "The host " + tcp.url()
                                    + " is given without certificates: a Docker daemon that answers without TLS belongs to whoever"
                                    + " is on the network.",
                            "Name the folder of its ca.pem, cert.pem and key.pem as certificates: in a hosts file, or use ssh://.")
                    .named("host.open", tcp.url());
        }
        return tcp;
    }

    private static void bare(String url, URI uri) {
        boolean path = uri.getPath() != null
                && !uri.getPath().isEmpty()
                && !uri.getPath().equals("/");
        if (path || uri.getQuery() != null || uri.getFragment() != null) {
            throw malformed(url, "more", "nothing may follow the port");
        }
    }

    private static String host(String url, URI uri) {
        String given = uri.getHost();
        if (given == null) {
            // A name with an underscore, which an alias of ssh may have, is none to java.net.URI.
            String authority = String.valueOf(uri.getAuthority());
            String behind = authority.substring(authority.indexOf('@') + 1);
            given = behind.replaceFirst(":[0-9]+$", "");
            if (!given.equals(behind)) {
                throw malformed(
                        url, "alias", "its host is no name; ssh's own configuration can give it one, and the port");
            }
        }
        String host = given.startsWith("[") ? given.substring(1, given.length() - 1) : given;
        if (!HOST.matcher(host).matches()) {
            throw malformed(url, "host", "its host is neither a name nor an address");
        }
        return host;
    }

    private static int port(String url, int port) {
        if (port < 1 || port > 65_535) {
            throw malformed(url, "port", "its port is not from 1 to 65535");
        }
        return port;
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** @param code of the reason, for other languages */
    private static LabException malformed(String url, String code, String why) {
        return new LabException(
                        Kind.INPUT,
                        "\"" + url + "\" is not the address of a host: " + why + ".",
                        "Write ssh://USER@HOST, ssh://USER@HOST:PORT, tcp://HOST:2376 or unix:///PATH.")
                .named("host.url." + code, url);
    }
}
