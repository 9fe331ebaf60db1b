package dev.clusterlab.provisioning.hosts.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.docker.RealHosts;
import dev.clusterlab.provisioning.docker.RealStack;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.link.HostLinks;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Faults in a Swarm of real hosts behind a real ssh server, which a plain script of docker commands made. */
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealConsentTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ALLOW = "--label-add dev.clusterlab.faults=allowed ";

    @TempDir
    private static Path folder;

    private static RealHosts hosts;

    @BeforeAll
    static void makeASwarm() throws Exception {
        RealStack.require();
        hosts = RealHosts.create(folder, List.of("h1", "h2", "h3"));
        hosts.provide("busybox");
        hosts.inside("h1", "docker swarm init --advertise-addr " + hosts.address("h1"));
        String token = hosts.inside("h1", "docker swarm join-token -q worker").strip();
        for (String worker : List.of("h2", "h3")) {
            hosts.inside(worker, "docker swarm join --token " + token + " " + hosts.address("h1") + ":2377");
        }
        for (String service : List.of("web", "shop")) {
            hosts.inside(
                    "h1",
                    "docker service create --name " + service + " --replicas 3 --no-resolve-image --restart-delay 1s"
                            + " --constraint node.role==worker busybox sleep 1000000");
        }
        hosts.inside("h1", "docker service update -d " + ALLOW + "web");
        hosts.inside("h1", "docker node update " + ALLOW + "h2");
    }

    @AfterAll
    static void removeAll() {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void breaksContainersOfLabelledServicesAndNoOthers() throws Exception {
        try (ConsentedSwarm swarm = attach(OptionalInt.empty());
                var docker = new DockerClients(swarm);
                var faults = new FaultService(swarm, System::nanoTime)) {
            String host = hosts.inside("h1", "docker service ps -f desired-state=running --format '{{.Node}}' web")
                    .lines()
                    .findFirst()
                    .orElseThrow();
            String web = container(host, "web");
            faults.inject(new Fault.ContainerKill(host, web));
            awaited(() -> !hosts.inside(host, "docker ps -q --no-trunc").contains(web));
            awaited(() -> running("web") == 3);

            String shops = hosts.inside("h1", "docker service ps -f desired-state=running --format '{{.Node}}' shop")
                    .lines()
                    .findFirst()
                    .orElseThrow();
            String shop = container(shops, "shop");
            assertThatThrownBy(() -> faults.inject(new Fault.ContainerKill(shops, shop)))
                    .hasMessageContaining("containers of shop are not allowed");
            assertThatThrownBy(() -> faults.inject(new Fault.ContainerPause(shops, shop, LIMIT)))
                    .hasMessageContaining("containers of shop are not allowed");
            assertThatThrownBy(() -> docker.of(shops).delete("/containers/" + shop + "?force=true"))
                    .hasMessageContaining("Nothing changes this Swarm");
            assertThat(hosts.inside(shops, "docker ps -q --no-trunc")).contains(shop);
        }
        assertThat(helpers()).isBlank();
    }

    @Test
    @EnabledIfSystemProperty(named = "clusterlab.test.remote", matches = "whole")
    void freezesAContainerWhoseHostWakesItWhenTheProgramIsGone() throws Exception {
        ConsentedSwarm killed = attach(OptionalInt.of(3));
        String host = "h3";
        awaited(() -> running("web") == 3);
        String node = hosts.inside(host, "docker ps -q -f name=web.").isBlank() ? "h2" : host;
        String web = container(node, "web");
        var faults = new FaultService(killed, System::nanoTime);
        faults.inject(new Fault.ContainerPause(node, web, Duration.ofMinutes(10)));
        assertThat(paused(node, web)).isTrue();
        assertThat(helpers()).contains("helper");
        killed.abandon();

        awaited(() -> !paused(node, web));
        var left = new LeftFaults(settings(OptionalInt.empty()));
        assertThat(left.list()).hasSize(1);
        left.end(left.list().getFirst().id());
        assertThat(left.list()).isEmpty();
        assertThat(helpers()).isBlank();
    }

    @Test
    void cutsALabelledNodeOffByThatNodeAloneAndIsNotCutOffItself() throws Exception {
        String before = hosts.besideTasks("h2");
        String other = hosts.besideTasks("h3");
        try (ConsentedSwarm swarm = attach(OptionalInt.empty());
                var faults = new FaultService(swarm, System::nanoTime)) {
            assertThatThrownBy(() -> faults.inject(
                            new Fault.NetworkPartition(List.of(Set.of("h3"), Set.of("h1")), Optional.empty())))
                    .hasMessageContaining("h1, h3 are not allowed")
                    .satisfies(e -> assertThat(((LabException) e).advice()).contains("docker node update --label-add"));
            assertThat(helpers()).isBlank();

            String fault = faults.inject(
                    new Fault.NetworkPartition(List.of(Set.of("h2"), Set.of("h1", "h3")), Optional.empty()));
            assertThat(reaches("h2", "h3")).isFalse();
            assertThat(reaches("h3", "h2")).isFalse();
            assertThat(reaches("h3", "h1")).isTrue();
            assertThat(swarm.reach().cut()).hasSize(4);
            assertThat(hosts.besideTasks("h3")).isEqualTo(other);

            try (ConsentedSwarm second = attach(OptionalInt.empty());
                    var others = new FaultService(second, System::nanoTime)) {
                assertThatThrownBy(() -> others.inject(new Fault.NameNotFound("h2", "web", Optional.empty())))
                        .hasMessageContaining("Another lab or test, ")
                        .hasMessageContaining("has h2 since");
            }

            assertThat(faults.heal(fault).proved()).isTrue();
            assertThat(reaches("h3", "h2")).isTrue();
        }
        assertThat(hosts.besideTasks("h2")).isEqualTo(before);
        assertThat(hosts.besideTasks("h3")).isEqualTo(other);
    }

    private static String container(String host, String service) {
        return hosts.inside(host, "docker ps -q --no-trunc -f name=" + service + ".")
                .lines()
                .findFirst()
                .orElseThrow();
    }

    private static int running(String service) {
        return (int) hosts.inside(
                        "h1",
                        "docker service ps -f desired-state=running --format '{{.CurrentState}}' " + service
                                + " | grep Running || true")
                .lines()
                .count();
    }

    private static boolean paused(String host, String container) {
        return hosts.inside(host, "docker inspect -f '{{.State.Paused}}' " + container)
                .strip()
                .equals("true");
    }

    private static boolean reaches(String from, String to) {
        return hosts.bash(
                        from,
                        "timeout 1 bash -c 'exec 3<>/dev/tcp/" + hosts.address(to)
                                + "/7946' 2>/dev/null && echo yes || echo no")
                .contains("yes");
    }

    /** What could be left of helpers. */
    private static String helpers() {
        var all = new StringBuilder();
        for (String host : List.of("h1", "h2", "h3")) {
            all.append(hosts.inside(
                    host,
                    "docker ps -a --format '{{.Names}}' | grep helper; docker images --format '{{.Repository}}' | grep clusterlab/helper;"
                            + " ls /run | grep clusterlab-faults; iptables -S | grep CL-; true"));
        }
        return all.toString();
    }

    private static void awaited(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited").isLessThan(deadline);
            Thread.sleep(300);
        }
    }

    private static ConsentedSwarm attach(OptionalInt atMost) {
        return ConsentedSwarm.attach(List.of(host("h1"), host("h2"), host("h3")), settings(atMost));
    }

    private static ConsentSettings settings(OptionalInt atMost) {
        return new ConsentSettings(
                folder.resolve("tests"),
                Map.of(HostLinks.SSH, hosts.program("key", "known_hosts")),
                "Linux",
                atMost,
                false,
                InstantSource.system());
    }

    private static Host host(String name) {
        return new Host(name, HostAddress.parse(hosts.ssh("root", name), Optional.empty()));
    }
}
