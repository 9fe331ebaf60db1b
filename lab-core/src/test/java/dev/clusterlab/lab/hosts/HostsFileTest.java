package dev.clusterlab.lab.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsNamesAddressesCertificatesAndPorts() throws IOException {
        List<Host> hosts = HostsFile.read(written("""
                hosts:
                  leader1:
                    url: ssh://lab@192.0.2.11
                  worker1:
                    url: tcp://192.0.2.21
                    certificates: certs/worker1
                    ports:
                      8500: 127.0.0.1:18500
                    address: 192.0.2.22
                    stop: virsh shutdown worker1
                    start: virsh start worker1
                """));
        assertThat(hosts.get(0).terms()).isEqualTo(HostTerms.NONE);
        assertThat(hosts.get(1).terms())
                .isEqualTo(new HostTerms(
                        Optional.of("192.0.2.22"),
                        Optional.of("virsh shutdown worker1"),
                        Optional.of("virsh start worker1"),
                        Optional.empty()));
        assertThat(hosts)
                .extracting(Host::toString)
                .containsExactly("leader1 (ssh://lab@192.0.2.11)", "worker1 (tcp://192.0.2.21:2376)");
        assertThat(((HostAddress.Tcp) hosts.get(1).address()).certificates())
                .isEqualTo(Optional.of(folder.toAbsolutePath().resolve("certs/worker1")));
        assertThat(hosts.get(1).ports()).containsEntry(8500, "127.0.0.1:18500");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "hosts:\\n  a:\\n    ulr: ssh://b ¦ 3 ¦ unknown key \"ulr\" in the host a ¦ \"url\"? The keys here are",
                "host:\\n  a:\\n    url: ssh://b ¦ 1 ¦ unknown key \"host\" ¦ \"hosts\"?",
                "hosts:\\n  a:\\n    url: ssh://b\\n    power: virsh destroy a ¦ 4 ¦ unknown key \"power\" ¦ url, certificates, ports",
                "hosts:\\n  a:\\n    url: http://b ¦ 3 ¦ begins with none of ¦ ssh://",
                "hosts:\\n  a: {} ¦ 2 ¦ \"url\" is missing in the host a ¦ url:",
                "hosts:\\n  A_b:\\n    url: ssh://b ¦ 3 ¦ is not a name ¦ lower-case",
                "hosts:\\n  a:\\n    url: tcp://192.0.2.1:2375 ¦ 3 ¦ without certificates ¦ ca.pem",
                "hosts:\\n  a:\\n    url: ssh://b\\n    ports:\\n      x: c:1 ¦ 5 ¦ not a port ¦ 65535",
                "hosts:\\n  a:\\n    url: ssh://b\\n  a:\\n    url: ssh://c ¦ 4 ¦ there twice ¦ Expected",
                "hosts: ¦ 1 ¦ it lists no hosts ¦ Expected"
            })
    void refusesMistakesWithFileLineAndWhatIsMeant(String text, int line, String what, String advice)
            throws IOException {
        Path file = written(text.replace("\\n", "\n"));
        LabException refused = catchThrowableOfType(LabException.class, () -> HostsFile.read(file));
        assertThat(refused).hasMessageStartingWith(file + ":" + line + ": ").hasMessageContaining(what);
        assertThat(refused.advice()).contains(advice);
        assertThat(refused.kind()).isEqualTo(LabException.Kind.INPUT);
    }

    @Test
    void readsHostsOfACommandLineToo() throws IOException {
        assertThat(HostsArgument.of("leader1=ssh://lab@192.0.2.11:22, w=unix:///run/docker.sock"))
                .extracting(Host::toString)
                .containsExactly("leader1 (ssh://lab@192.0.2.11:22)", "w (unix:///run/docker.sock)");
        assertThat(HostsArgument.of(written("hosts:\n  a:\n    url: ssh://b\n").toString()))
                .hasSize(1);
        assertThatThrownBy(() -> HostsArgument.of("ssh://b")).hasMessageContaining("names no host");
        assertThatThrownBy(() -> HostsArgument.of("a=ssh://b,a=ssh://c")).hasMessageContaining("Two hosts");
        assertThatThrownBy(() -> HostsArgument.of(folder.resolve("none").toString()))
                .hasMessageContaining("no such file");
    }

    private Path written(String text) throws IOException {
        Path file = folder.resolve("hosts.yaml");
        Files.writeString(file, text);
        return file;
    }
}
