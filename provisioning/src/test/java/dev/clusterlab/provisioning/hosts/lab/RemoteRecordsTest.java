package dev.clusterlab.provisioning.hosts.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostTerms;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Entry;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Taken;
import dev.clusterlab.provisioning.real.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteRecordsTest {
    @TempDir
    private Path folder;

    private static RemoteRecord record(Path certificates) {
        var terms = new HostTerms(
                Optional.of("10.0.0.2"), Optional.of("stop it"), Optional.of("start it"), Optional.empty());
        var before = new HostContents(
                "node-17",
                new TreeSet<>(List.of("c1")),
                new TreeSet<>(List.of("bridge", "host")),
                new TreeSet<>(List.of("data")),
                new TreeSet<>(List.of("busybox:latest")));
        return new RemoteRecord(
                "00c0ffee",
                Instant.parse("2026-01-01T09:00:00Z"),
                ProgramRun.ofThisProcess(),
                List.of(
                        new Entry(
                                new Host(
                                        "a",
                                        HostAddress.parse("tcp://192.0.2.1:2376", Optional.of(certificates)),
                                        Map.of(8500, "127.0.0.1:18500"),
                                        terms),
                                Optional.of(new Taken("leader1", before, new TreeSet<>(List.of("traefik:v3"))))),
                        new Entry(
                                new Host("b", HostAddress.parse("ssh://lab@b:2222", Optional.empty())),
                                Optional.empty())));
    }

    @Test
    void aLabIsReadAsItWasWritten() {
        var records = new RemoteRecords(folder);
        RemoteRecord lab = record(folder.resolve("certs"));
        records.write(lab);
        assertThat(records.read("00c0ffee")).contains(lab);
        assertThat(records.all()).containsExactly(lab);
        assertThat(lab.inUse()).isTrue();
        assertThat(lab.machines()).containsExactly("leader1");
        records.delete("00c0ffee");
        assertThat(records.all()).isEmpty();
    }

    @Test
    void aDamagedRecordIsNoLab() throws IOException {
        Files.createDirectories(folder.resolve("00c0ffee"));
        Files.writeString(folder.resolve("00c0ffee").resolve("lab.json"), "{\"created\": \"yesterday\"}");
        assertThat(new RemoteRecords(folder).all()).isEmpty();
    }
}
