package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which labs are said to be on an engine. What is on a real one is tested in {@link DockerLabsTest}. */
class ListedLabsTest {
    private final FakeDaemon daemon = new FakeDaemon();
    private final HostDocker host =
            new HostDocker(new HostEngine(daemon.endpoint(), "test", Optional.empty(), List.of()));

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        host.close();
        daemon.close();
    }

    private LabRecord ended(String id, URI engine) {
        return new LabRecord(id, engine, Instant.EPOCH, ProcessHandle.current().pid(), Instant.EPOCH);
    }

    @Test
    void aLabOfAnotherEngineOfThisUserIsNotForgottenHere() {
        var records = new LabRecords(folder);
        records.write(ended("0000000a", daemon.endpoint()));
        records.write(ended("0000000b", URI.create("unix:///another/docker.sock")));
        records.write(ended("0000000c", URI.create("unix:///the/same/engine/by/another/name.sock")));
        daemon.reply("/containers/json", """
                [{"Id": "1", "Labels": {"dev.clusterlab.lab": "0000000c", "dev.clusterlab.machine": "leader1"}}]""");
        daemon.reply("/networks", "[]");
        daemon.reply("/volumes", "{\"Volumes\": []}");
        var labs = new DockerLabs(host, records);
        assertThat(labs.leftOver()).extracting(DockerLabs.Lab::id).containsExactly("0000000a", "0000000c");
        assertThat(labs.leftOver().getLast().machines()).containsExactly("leader1");
        assertThat(labs.removeLeftOver()).containsExactly("0000000a", "0000000c");
        assertThat(records.read("0000000b")).isPresent();
    }
}
