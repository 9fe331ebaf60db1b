package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineConformance;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The docker engine does what every engine must, with real daemons, real Consul and real Traefik. Most of a real cluster's
 * time is spent in waiting for its own timers, so several labs are tested beside each other.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DockerEngineTest extends EngineConformance {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private @Nullable DockerEngine created;

    @BeforeAll
    static void needsAnEngine() {
        RealStack.require();
    }

    @Override
    protected Engine create() {
        DockerEngine engine = RealStack.engine(folder);
        created = engine;
        return engine;
    }

    private static Predicate<ClusterSnapshot> leader1(Machine.State state) {
        return s -> s.machine("leader1").orElseThrow().machine().state() == state;
    }

    @Test
    void seesWhatOthersDoToAMachine() throws InterruptedException {
        machines("leader1");
        // What the lab itself runs in a new machine has ended: Docker hangs when it freezes a container meanwhile.
        java.util.Objects.requireNonNull(created).abilities();
        String container = "/containers/clusterlab-"
                + java.util.Objects.requireNonNull(created).labId() + "-leader1";
        try (HostDocker host = RealStack.host()) {
            host.post("freeze it", container + "/pause");
            until("leader1 is frozen", SOON, leader1(Machine.State.PAUSED));
            host.post("wake it", container + "/unpause");
            until(
                    "leader1 answers again",
                    SOON,
                    leader1(Machine.State.RUNNING)
                            .and(s -> s.machine("leader1").orElseThrow().answering()));
            host.post("kill it", container + "/kill");
            ClusterSnapshot dead = until("leader1 has no power", SOON, leader1(Machine.State.KILLED));
            assertThat(dead.machine("leader1").orElseThrow().answering()).isFalse();
        }
    }

    @Test
    void aCutEndsByItselfOnceItsLabWasKilled(@TempDir Path own) throws InterruptedException {
        DockerEngine killed = RealStack.engine(own);
        try (HostDocker host = RealStack.host()) {
            try {
                String address = killed.createMachines(List.of("leader1", "worker1"))
                        .getLast()
                        .ip();
                String leader = "clusterlab-" + killed.labId() + "-leader1";
                assertThat(hears(host, leader, address)).isTrue();
                killed.partition(List.of(Set.of("leader1"), Set.of("worker1")));
                killed.abandon();

                assertThat(hears(host, leader, address)).isFalse();
                Duration limit = Duration.ofSeconds(NetworkCuts.LEASE_SECONDS).plus(SOON);
                assertThat(killed.clock().await(() -> hears(host, leader, address), limit))
                        .as("leader1 hears worker1 again within %s", limit)
                        .isTrue();
            } finally {
                killed.abandon();
                new DockerLabs(host, new LabRecords(RealStack.settings(own).records())).remove(killed.labId());
            }
        }
    }

    /** A daemon that wants TLS says so to whoever speaks without; nobody says anything where packets are dropped. */
    private static boolean hears(HostDocker host, String container, String address) {
        return host.run("test", container, "sh", "-c", "timeout 3 docker -H tcp://" + address + ":2376 version 2>&1")
                .contains("HTTPS server");
    }
}
