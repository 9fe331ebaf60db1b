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

/** The ways to several hosts, with what they share: a folder that only this user can enter. Thread-safe. */
public final class HostLinks implements AutoCloseable {
    /** Which ssh program to use instead of {@code ssh}, with options that go before all others, separated by spaces. */
    public static final String SSH = "CLUSTERLAB_SSH";

    private final Path folder;
    private final List<HostLink> links;

    private HostLinks(Path folder, List<HostLink> links) {
        this.folder = folder;
        this.links = List.copyOf(links);
    }

    /**
     * Makes the ways; nobody is asked yet.
     *
     * @param environment see {@link #SSH}
     * @param operatingSystem as Java names it
     * @throws LabException INPUT for no hosts or two of one name, ENVIRONMENT if this computer lacks something
     */
    public static HostLinks open(List<Host> hosts, Map<String, String> environment, String operatingSystem) {
        requireDifferent(hosts);
        String given = environment.getOrDefault(SSH, "").strip();
        List<String> program = given.isEmpty() ? List.of("ssh") : List.of(given.split("\\s+", -1));
        // Windows' ssh shares no connections.
        boolean sharing = !operatingSystem.toLowerCase(Locale.ROOT).startsWith("windows");
        var made = new ArrayList<HostLink>();
        try {
            Path folder = Files.createTempDirectory("clusterlab");
            try {
                for (int i = 0; i < hosts.size(); i++) {
                    Host host = hosts.get(i);
                    Optional<Path> shared = sharing ? Optional.of(folder.resolve("s" + i)) : Optional.empty();
                    Dialer dialer = host.address() instanceof HostAddress.Ssh ssh
                            ? new SshDialer(host, ssh, program, shared)
                            : new SocketDialer(host, host.address());
                    made.add(new HostLink(host, dialer, folder.resolve("d" + i), System::nanoTime));
                }
                return new HostLinks(folder, made);
            } catch (IOException | RuntimeException e) {
                made.forEach(HostLink::close);
                remove(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new LabException(
                    Kind.ENVIRONMENT,
                    "No sockets for the hosts can be made on this computer: " + e.getMessage() + ".",
                    "See that the folder for temporary files can be written and that its path is short (java.io.tmpdir).",
                    e);
        }
    }

    private static void requireDifferent(List<Host> hosts) {
        if (hosts.isEmpty()) {
            throw new LabException(Kind.INPUT, "No host is given.", "Name at least one: --hosts NAME=ssh://USER@HOST.");
        }
        var names = new HashSet<String>();
        for (Host host : hosts) {
            if (!names.add(host.name())) {
                throw new LabException(
                        Kind.INPUT, "Two hosts are called " + host.name() + ".", "Give each a name of its own.");
            }
        }
    }

    /** In the order of the hosts. */
    public List<HostLink> all() {
        return links;
    }

    @Override
    public void close() {
        links.parallelStream().forEach(HostLink::close);
        remove(folder);
    }

    private static void remove(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            System.getLogger(HostLinks.class.getName())
                    .log(System.Logger.Level.DEBUG, "The folder of sockets stays", e);
        }
    }
}
