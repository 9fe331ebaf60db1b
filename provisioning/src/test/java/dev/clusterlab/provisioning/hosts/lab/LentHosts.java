package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.docker.RealHosts;
import dev.clusterlab.provisioning.docker.RealStack;
import dev.clusterlab.provisioning.hosts.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Five hosts that labs of several test classes get, one class after the other: to make them takes longer than most tests. All images are
 * there: otherwise every test would wait for them.
 */
final class LentHosts implements BeforeAllCallback {
    /** Who has them. */
    static final String LOCK = "five lent hosts";

    static final List<String> NAMES = List.of("leader1", "leader2", "leader3", "worker1", "worker2");

    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(LentHosts.class);

    private record Kept(RealHosts hosts, Path folder) implements AutoCloseable {
        static Kept make() {
            try {
                Path folder = Files.createTempDirectory("clusterlab-hosts");
                RealHosts hosts = RealHosts.create(folder, NAMES);
                hosts.provideAll();
                return new Kept(hosts, folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            hosts.close();
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static final AtomicBoolean USED = new AtomicBoolean();

    private RealHosts hosts;

    @Override
    public void beforeAll(ExtensionContext context) {
        RealStack.require();
        hosts = context.getRoot()
                .getStore(SPACE)
                .computeIfAbsent(Kept.class, key -> Kept.make(), Kept.class)
                .hosts();
    }

    RealHosts hosts() {
        return hosts;
    }

    /**
     * Each Swarm is made by daemons that were in none since they began: members of a second one in the same life of Docker 20.10 may not hear
     * of each other's containers.
     */
    void startAnew() {
        if (USED.getAndSet(true)) {
            hosts.startAnew();
        }
    }

    /** The last worker by its daemon's port, all others by ssh. */
    LabHosts given() {
        List<Host> given = NAMES.stream()
                .map(name -> name.equals("worker2") ? hosts.byTls(name) : hosts.bySsh(name))
                .toList();
        return new LabHosts(given, Set.of());
    }
}
