package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The ways to several hosts, with what they share: a folder that only this user can enter. Thread-safe.
 *
 * @param <W> one way
 */
final class LinkFolder<W extends AutoCloseable> implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LinkFolder.class.getName());

    /** Makes the way to one host. */
    @FunctionalInterface
    interface Maker<W> {
        W make(Host host, Dialer dialer, Path socket) throws IOException;
    }

    private final Path folder;
    private final List<W> ways;

    private LinkFolder(Path folder, List<W> ways) {
        this.folder = folder;
        this.ways = List.copyOf(ways);
    }

    /**
     * Makes the ways; nobody is asked yet.
     *
     * @param environment see {@link HostLinks#SSH}
     * @param operatingSystem as Java names it
     * @throws LabException INPUT for no hosts or two of one name, ENVIRONMENT if this computer lacks something
     */
    static <W extends AutoCloseable> LinkFolder<W> open(
            List<Host> hosts, Map<String, String> environment, String operatingSystem, Maker<W> maker) {
        requireDifferent(hosts);
        String given = environment.getOrDefault(HostLinks.SSH, "").strip();
        List<String> program = given.isEmpty() ? List.of("ssh") : List.of(given.split("\\s+", -1));
        // Windows' ssh shares no connections.
        boolean sharing = !operatingSystem.toLowerCase(Locale.ROOT).startsWith("windows");
        var made = new ArrayList<W>();
        try {
            Path folder = Files.createTempDirectory("clusterlab");
            try {
                for (int i = 0; i < hosts.size(); i++) {
                    Host host = hosts.get(i);
                    Optional<Path> shared = sharing ? Optional.of(folder.resolve("s" + i)) : Optional.empty();
                    Dialer dialer = host.address() instanceof HostAddress.Ssh ssh
                            ? new SshDialer(host, ssh, program, shared)
                            : new SocketDialer(host, host.address());
                    made.add(maker.make(host, dialer, folder.resolve("d" + i)));
                }
                return new LinkFolder<>(folder, made);
            } catch (IOException | RuntimeException e) {
                made.forEach(LinkFolder::closed);
                remove(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new LabException(
                            Kind.ENVIRONMENT,
                            "No sockets for the hosts can be made on this computer: " + e.getMessage() + ".",
                            "See that the folder for temporary files can be written and that its path is short (java.io.tmpdir).",
                            e)
                    .named("hosts.sockets", String.valueOf(e.getMessage()));
        }
    }

    private static void requireDifferent(List<Host> hosts) {
        if (hosts.isEmpty()) {
            throw new LabException(Kind.INPUT, "No host is given.", "Name at least one: --hosts NAME=ssh://USER@HOST.")
                    .named("hosts.missing");
        }
        var names = new HashSet<String>();
        for (Host host : hosts) {
            if (!names.add(host.name())) {
                throw new LabException(
                                Kind.INPUT, "Two hosts are called " + host.name() + ".", "Give each a name of its own.")
                        .named("hosts.two", host.name());
            }
        }
    }

    /** In the order of the hosts. */
    List<W> all() {
        return ways;
    }

    @Override
    public void close() {
        ways.parallelStream().forEach(LinkFolder::closed);
        remove(folder);
    }

    private static void closed(AutoCloseable way) {
        try {
            way.close();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "A way to a host could not be closed", e);
        }
    }

    private static void remove(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "The folder of sockets stays", e);
        }
    }
}
