package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.FaultConformance;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real machines can have every kind of fault for which their host has what it takes. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DockerFaultsTest extends FaultConformance {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration USUAL = Duration.ofMillis(150);

    @TempDir
    private static Path folder;

    @BeforeAll
    static void needsAnEngine() {
        RealStack.require();
    }

    @Override
    protected Engine create() {
        return RealStack.engine(folder);
    }

    @Override
    protected Duration lease() {
        return Duration.ofSeconds(8);
    }

    @Override
    protected Duration turn() {
        return Duration.ofSeconds(3);
    }

    /** Every machine's daemon takes connections. */
    @Override
    protected void prepareToFeel() {}

    @Override
    protected void slow(Duration least) throws InterruptedException {
        soon("connections that take " + least, slowest -> slowest.compareTo(least) >= 0);
    }

    @Override
    protected void quick() throws InterruptedException {
        soon("only connections that are made at once", slowest -> slowest.compareTo(USUAL) < 0);
    }

    private void soon(String what, Predicate<Duration> condition) throws InterruptedException {
        try (HostDocker host = RealStack.host()) {
            assertThat(engine().clock().await(() -> condition.test(slowest(host)), SOON))
                    .as("%s within %s", what, SOON)
                    .isTrue();
        }
    }

    /** Of connections from leader1 to worker1, begun during more than a second. */
    private Duration slowest(HostDocker host) {
        String told = host.run(
                "connect",
                "clusterlab-" + engine().recordedLab().orElseThrow() + "-leader1",
                "bash",
                "-c",
                """
                for i in {1..12}; do
                  (
                    begin=${EPOCHREALTIME/./}
                    timeout 5 bash -c 'exec 3<>/dev/tcp/%s/2376'
                    echo $((${EPOCHREALTIME/./} - begin))
                  ) &
                  sleep 0.1
                done
                wait
                """.formatted(engine().machine("worker1").orElseThrow().ip()));
        return Duration.ofNanos(1000
                * told.lines()
                        .filter(line -> line.matches("[0-9]+"))
                        .mapToLong(Long::parseLong)
                        .max()
                        .orElseThrow());
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void onlyWhatTheHostLacksIsGreyedOut() {
        HostAbilities abilities = engine().abilities();
        assertThat(abilities.unsupportedFaults()).containsAllEntriesOf(DockerFaults.NEVER);
        assertThat(abilities.unsupportedFaults().containsKey(FaultKind.NETWORK_LATENCY))
                .isEqualTo(!abilities.fact(HostTopic.NETEM).orElseThrow().equals(HostFact.Tried.WORKS));
        assertThat(abilities.unsupportedFaults())
                .doesNotContainKeys(FaultKind.NETWORK_LOSS, FaultKind.NETWORK_BURST, FaultKind.NETWORK_BANDWIDTH);
    }
}
