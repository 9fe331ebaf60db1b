package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineConformance;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.real.KeeperScripts;
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

    /** Port 9 has no listener: the kernel counts what comes for it. */
    @Override
    protected boolean arrives(Way way) {
        DockerEngine engine = java.util.Objects.requireNonNull(created);
        String address = engine.machine(way.to()).orElseThrow().ip();
        int datagrams = 20;
        try (HostDocker host = RealStack.host()) {
            int before = unwanted(host, engine, way.to());
            host.run(
                    "send",
                    container(engine, way.from()),
                    "bash",
                    "-c",
                    "for i in {1.." + datagrams + "}; do echo >/dev/udp/" + address + "/9; done");
            // More than what other programs may have sent meanwhile to ports where nobody listens yet.
            return unwanted(host, engine, way.to()) >= before + datagrams;
        }
    }

    private static int unwanted(HostDocker host, DockerEngine engine, String machine) {
        return Integer.parseInt(
                host.run("count", container(engine, machine), "awk", "/^Udp: [0-9]/ {print $3}", "/proc/net/snmp")
                        .strip());
    }

    private static String container(DockerEngine engine, String machine) {
        return "clusterlab-" + engine.recordedLab().orElseThrow() + "-" + machine;
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
                + java.util.Objects.requireNonNull(created).recordedLab().orElseThrow() + "-leader1";
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
                String leader = container(killed, "leader1");
                String worker = container(killed, "worker1");
                killed.provideImage("busybox");
                assertThat(hears(host, leader, address, 2376)).isTrue();
                killed.begin(EngineFault.Cut.between(List.of(Set.of("leader1"), Set.of("worker1"))));
                // Docker lets packets in for a network that was made later, and its rules come before those that it
                // finds.
                host.run("make a network", worker, "docker", "network", "create", "later");
                String container = "docker run -d --net=later -p 5000:5000 busybox sleep 1d";
                assertThat(host.run("publish a port", worker, container.split(" ")))
                        .matches("[0-9a-f]{64}\\s*");
                // A machine that was without power has forgotten its cuts, and with them when they end.
                killed.killMachine("leader1");
                killed.startMachine("leader1");
                killed.abandon();

                assertThat(hears(host, leader, address, 2376)).isFalse();
                assertThat(hears(host, leader, address, 5000)).isFalse();
                Duration limit = Duration.ofSeconds(KeeperScripts.LIMIT_SECONDS).plus(SOON);
                assertThat(killed.clock().await(() -> hears(host, leader, address, 2376), limit))
                        .as("leader1 hears worker1 again within %s", limit)
                        .isTrue();
                assertThat(killed.clock().await(() -> hears(host, leader, address, 5000), SOON))
                        .as("leader1 hears a container of worker1")
                        .isTrue();
            } finally {
                killed.abandon();
                new DockerLabs(host, new LabRecords(RealStack.settings(own).records()))
                        .remove(killed.recordedLab().orElseThrow());
            }
        }
    }

    /** Whoever hears a request for a connection answers, if only that nobody listens; nobody does where packets are dropped. */
    private static boolean hears(HostDocker host, String container, String address, int port) {
        return host.run(
                        "test",
                        container,
                        "bash",
                        "-c",
                        "timeout 3 bash -c '</dev/tcp/" + address + "/" + port
                                + "' 2>&1; [ $? = 124 ] || echo answered")
                .strip()
                .endsWith("answered");
    }
}
