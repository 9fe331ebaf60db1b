package dev.clusterlab.provisioning.hosts.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPowerTest {
    @TempDir
    private Path folder;

    private static HostPower power(Optional<String> stop, Optional<String> start, Duration limit) {
        var host = new Host(
                "h1",
                HostAddress.parse("ssh://h1", Optional.empty()),
                Map.of(),
                new HostTerms(Optional.empty(), stop, start, Optional.empty()));
        return new HostPower(host, limit);
    }

    @Test
    void runsTheOwnersCommandsAndKillsByStoppingWhereNothingElseIsGiven() {
        Path note = folder.resolve("note");
        HostPower power =
                power(Optional.of("echo off >> " + note), Optional.of("echo on >> " + note), Duration.ofSeconds(20));
        power.stop();
        power.start();
        power.kill();
        assertThat(note).content().isEqualTo("off\non\noff\n");
    }

    @Test
    void tellsWhatACommandThatFailsWrote() {
        assertThatThrownBy(
                        power(Optional.of("echo no domain h1 >&2; exit 3"), Optional.empty(), Duration.ofSeconds(20))
                                ::stop)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("is to stop h1 ended with 3")
                .hasMessageContaining("It wrote: no domain h1");
    }

    @Test
    void givesUpACommandThatDoesNotEnd() {
        assertThatThrownBy(power(Optional.of("sleep 100"), Optional.empty(), Duration.ofMillis(300))::stop)
                .hasMessageContaining("did not end within");
    }

    @Test
    void saysHowToDoItByHandWithoutACommand() {
        assertThatThrownBy(power(Optional.empty(), Optional.empty(), Duration.ofSeconds(20))::stop)
                .isInstanceOfSatisfying(LabException.class, e -> {
                    assertThat(e).hasMessageContaining("knows no command that stops h1");
                    assertThat(e.advice()).contains("by hand").contains("stop: below h1");
                });
    }
}
