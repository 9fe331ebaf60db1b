package dev.clusterlab.provisioning.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressTest {
    @Test
    void readsEachWayToAHost() {
        assertThat(parse("ssh://lab@192.0.2.11:2222"))
                .isEqualTo(new HostAddress.Ssh(Optional.of("lab"), "192.0.2.11", OptionalInt.of(2222)));
        assertThat(parse("ssh://swarm-1"))
                .isEqualTo(new HostAddress.Ssh(Optional.empty(), "swarm-1", OptionalInt.empty()));
        assertThat(parse("unix:///run/docker.sock")).isEqualTo(new HostAddress.Unix(Path.of("/run/docker.sock")));
        assertThat(parse("tcp://127.0.0.1:2375")).isEqualTo(new HostAddress.Tcp("127.0.0.1", 2375, Optional.empty()));
        assertThat(HostAddress.parse("tcp://[2001:db8::1]", Optional.of(Path.of("certs"))))
                .isEqualTo(new HostAddress.Tcp("2001:db8::1", 2376, Optional.of(Path.of("certs"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ssh://lab@192.0.2.11:2222", "ssh://swarm-1", "unix:///run/docker.sock", "tcp://127.0.0.1:2375"})
    void writesWhatItRead(String url) {
        assertThat(parse(url).url()).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "http://a ¦ begins with none of",
                "leader1 ¦ begins with none of",
                "ssh:// ¦ no address",
                "ssh://-oProxyCommand=x ¦ host",
                "ssh://-l@host ¦ user is no name",
                "ssh://a/var/run/docker.sock ¦ nothing may follow",
                "ssh://a:0 ¦ port",
                "tcp://127.0.0.1:99999 ¦ port",
                "unix://socket ¦ names no socket"
            })
    void refusesWhatIsNoneWithTheReason(String url, String reason) {
        assertThatThrownBy(() -> parse(url)).isInstanceOf(LabException.class).hasMessageContaining(reason);
    }

    @Test
    void takesNoPasswordAndDoesNotRepeatIt() {
        assertThatThrownBy(() -> parse("ssh://lab:hunter2@a"))
                .hasMessageContaining("password")
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void takesADaemonWithoutTlsOnThisComputerOnly() {
        assertThatThrownBy(() -> parse("tcp://192.0.2.11:2375"))
                .hasMessageContaining("without certificates")
                .extracting(thrown -> ((LabException) thrown).advice())
                .asString()
                .contains("ca.pem");
    }

    private static HostAddress parse(String url) {
        return HostAddress.parse(url, Optional.empty());
    }
}
