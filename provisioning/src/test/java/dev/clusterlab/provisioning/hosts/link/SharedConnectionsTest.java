package dev.clusterlab.provisioning.hosts.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Streams to a host share connections, but never so many that its ssh server refuses one. */
class SharedConnectionsTest {
    private static final Path FIRST = Path.of("run", "s0");
    private static final Path SECOND = Path.of("run", "s0.1");

    @Test
    void aConnectionIsFilledBeforeAnotherIsMade() {
        var connections = new SharedConnections(FIRST);
        Set<Path> taken = new HashSet<>();
        for (int i = 0; i < SharedConnections.STREAMS; i++) {
            taken.add(connections.take());
        }
        assertThat(taken).containsExactly(FIRST);
        assertThat(connections.take()).isEqualTo(SECOND);
        connections.give(FIRST);
        assertThat(connections.take()).isEqualTo(FIRST);
        assertThat(connections.take()).isEqualTo(SECOND);
        assertThat(connections.all()).containsExactly(FIRST, SECOND);
    }
}
