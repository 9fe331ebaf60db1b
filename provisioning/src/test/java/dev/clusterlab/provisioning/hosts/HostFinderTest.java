package dev.clusterlab.provisioning.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFinderTest {
    @TempDir
    private Path home;

    @Test
    void findsContextsAndMachinesAndSaysWhyItSkipsTheRest() throws IOException {
        context("a1", "swarm A", "ssh://lab@192.0.2.11", "");
        context("b2", "pipe", "npipe:////./pipe/docker_engine", "");
        context("c3", "blind", "tcp://192.0.2.12:2376", ", \"SkipTLSVerify\": true");
        context("d4", "open", "tcp://192.0.2.13:2375", "");
        machine("leader1", "192.168.99.100");
        machine("leader2", "");

        HostFinder.Result result = finder().find();

        assertThat(result.found())
                .extracting(found -> found.source().called() + " " + found.name() + " → " + found.host())
                .containsExactly(
                        "docker context swarm A → swarm-a (ssh://lab@192.0.2.11)",
                        "docker-machine leader1 → leader1 (tcp://192.168.99.100:2376)");
        assertThat(((HostAddress.Tcp) result.found().get(1).host().address()).certificates())
                .isEqualTo(Optional.of(home.resolve(".docker/machine/machines/leader1")));
        assertThat(result.skipped())
                .extracting(HostFinder.Skipped::toString)
                .anySatisfy(line ->
                        assertThat(line).startsWith("docker context pipe: ").contains("ssh://"))
                .anySatisfy(line -> assertThat(line).startsWith("docker context blind: "))
                .anySatisfy(line ->
                        assertThat(line).startsWith("docker context open: ").contains("without certificates"))
                .anySatisfy(line ->
                        assertThat(line).startsWith("docker-machine leader2: ").contains("off"));
    }

    @Test
    void givesTheHostOfAContextOrSaysWhichThereAre() throws IOException {
        context("a1", "prod", "ssh://lab@192.0.2.11", "");
        context("b2", "pipe", "npipe:////./pipe/docker_engine", "");

        assertThat(finder().context("prod").address().url()).isEqualTo("ssh://lab@192.0.2.11");
        assertThatThrownBy(() -> finder().context("prd"))
                .extracting(thrown -> ((LabException) thrown).advice())
                .asString()
                .contains("prod");
        assertThatThrownBy(() -> finder().context("pipe")).hasMessageContaining("cannot be used");
    }

    @Test
    void findsNothingWhereThereIsNothing() {
        assertThat(finder().find()).isEqualTo(new HostFinder.Result(java.util.List.of(), java.util.List.of()));
    }

    private HostFinder finder() {
        return new HostFinder(Map.of(), home);
    }

    private void context(String folder, String name, String host, String more) throws IOException {
        Path meta = home.resolve(".docker/contexts/meta").resolve(folder);
        Files.createDirectories(meta);
        Files.writeString(
                meta.resolve("meta.json"),
                "{\"Name\": \"" + name + "\", \"Endpoints\": {\"docker\": {\"Host\": \"" + host + "\"" + more + "}}}");
    }

    private void machine(String name, String address) throws IOException {
        Path folder = home.resolve(".docker/machine/machines").resolve(name);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), "{\"Driver\": {\"IPAddress\": \"" + address + "\"}}");
    }
}
