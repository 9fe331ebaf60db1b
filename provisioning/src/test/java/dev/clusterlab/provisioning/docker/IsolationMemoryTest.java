package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationMemoryTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");

    @TempDir
    Path folder;

    @Test
    void remembersForAWeekWhichEngineRefusesPrivilegedContainers() {
        Path file = folder.resolve("labs").resolve("refusals.json");
        new IsolationMemory(file).refusedPrivileged("ABCD:1", NOW);
        new IsolationMemory(file).refusedPrivileged("ABCD:2", NOW.plus(Duration.ofDays(3)));

        var memory = new IsolationMemory(file);
        assertThat(memory.refusesPrivileged("ABCD:1", NOW.plus(Duration.ofDays(6))))
                .isTrue();
        assertThat(memory.refusesPrivileged("ABCD:1", NOW.plus(Duration.ofDays(7))))
                .isFalse();
        assertThat(memory.refusesPrivileged("ABCD:2", NOW.plus(Duration.ofDays(9))))
                .isTrue();
        assertThat(memory.refusesPrivileged("ABCD:3", NOW)).isFalse();
    }

    @Test
    void anEngineWithoutANameIsNotRemembered() {
        var memory = new IsolationMemory(folder.resolve("refusals.json"));
        memory.refusedPrivileged("", NOW);
        assertThat(memory.refusesPrivileged("", NOW)).isFalse();
    }

    @Test
    void aDamagedFileIsAsNone() throws IOException {
        Path file = folder.resolve("refusals.json");
        Files.writeString(file, "{ half");
        var memory = new IsolationMemory(file);
        assertThat(memory.refusesPrivileged("ABCD:1", NOW)).isFalse();
        memory.refusedPrivileged("ABCD:1", NOW);
        assertThat(memory.refusesPrivileged("ABCD:1", NOW)).isTrue();
    }
}
