package dev.clusterlab.provisioning.hosts.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineConformance;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.docker.RealHosts;
import dev.clusterlab.provisioning.hosts.Host;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The remote engine does what every engine must, on hosts that are reached by a real ssh server and by TLS; after each test every host
 * has what it had before. One set of hosts for all: they take turns. All of them take a quarter of an hour, since hosts start anew for
 * each; some run always, and all with {@code -Dclusterlab.test.remote=whole}.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(LentHosts.LOCK)
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RemoteEngineTest extends EngineConformance {
    /** Those of every engine that always run: power, a swarm, tasks and containers that are lost, requests, cuts. */
    private static final Set<String> ALWAYS = Set.of(
            "createsMachinesThatAnswer",
            "stopsStartsAndRemovesMachines",
            "observesASwarmBeingBuilt",
            "reachesTheHelloServiceThroughTraefikInTurn",
            "replacesTheTasksOfAKilledMachineAndSaysWhy",
            "replacesAKilledContainer",
            "seesACutOfOneDirection");

    @RegisterExtension
    static final LentHosts LENT = new LentHosts();

    @RegisterExtension
    static final ChosenTests CHOSEN = new ChosenTests(RemoteEngineTest.class, ALWAYS);

    private static final Duration SOON = Duration.ofSeconds(60);

    private static RealHosts hosts;
    private static TreeMap<String, String> before;

    @BeforeAll
    static void look() {
        hosts = LENT.hosts();
        before = contents();
    }

    @Override
    protected Engine create() {
        LENT.startAnew();
        return engine();
    }

    private static RemoteEngine engine() {
        return RemoteEngine.create(settings(), LENT.given());
    }

    private static RemoteSettings settings() {
        return hosts.settings();
    }

    @Override
    protected void afterClose() {
        TreeMap<String, String> after = contents();
        LentHosts.NAMES.stream()
                .filter(name -> !after.get(name).equals(before.get(name)))
                .forEach(hosts::complaints);
        assertThat(after).as("every host has what it had").isEqualTo(before);
    }

    private static TreeMap<String, String> contents() {
        var contents = new TreeMap<String, String>();
        LentHosts.NAMES.forEach(name -> contents.put(name, hosts.contents(name)));
        return contents;
    }

    /** Once a host starts, its daemon may find its swarm before the lab has found the host. */
    @Override
    protected boolean holdsFromTheStart() {
        return false;
    }

    /** Port 9 has no listener: the kernel counts what comes for it. */
    @Override
    protected boolean arrives(Way way) {
        int datagrams = 20;
        int counted = unwanted(way.to());
        hosts.bash(
                way.from(),
                "for i in {1.." + datagrams + "}; do echo >/dev/udp/" + hosts.address(way.to()) + "/9; done");
        return unwanted(way.to()) >= counted + datagrams;
    }

    private static int unwanted(String machine) {
        return Integer.parseInt(hosts.inside(machine, "awk '/^Udp: [0-9]/ {print $3}' /proc/net/snmp")
                .strip());
    }

    // ---- what is only so on hosts

    @Test
    void refusesAHostWithContainersUnlessItIsLentAndLeavesThemAlone() {
        String id = hosts.inside("leader2", "docker run -d --name theirs -v theirs:/data busybox sleep 1d")
                .strip();
        try {
            assertThatThrownBy(() ->
                            RemoteEngine.create(settings(), new LabHosts(List.of(hosts.bySsh("leader2")), Set.of())))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("has containers (1)")
                    .hasMessageContaining("--take leader2");
            try (var lent =
                    RemoteEngine.create(settings(), new LabHosts(List.of(hosts.bySsh("leader2")), Set.of("leader2")))) {
                assertThat(lent.plans().getFirst().containers()).isEqualTo(1);
                lent.createMachine("leader2");
                hosts.inside("leader2", "docker run -d --name meanwhile -v meanwhile:/data busybox sleep 1d");
            }
            assertThat(hosts.inside("leader2", "docker ps -q --no-trunc")).contains(id);
            assertThat(hosts.inside("leader2", "docker ps --format '{{.Names}}'"))
                    .contains("theirs", "meanwhile")
                    .doesNotContain("helper");
            assertThat(hosts.inside("leader2", "docker volume ls -q")).contains("theirs", "meanwhile");
        } finally {
            hosts.inside("leader2", "docker rm -f theirs meanwhile; docker volume rm theirs meanwhile");
        }
    }

    @Test
    void neverTakesAHostOutOfASwarmThatItDidNotMake() {
        hosts.inside("leader3", "docker swarm init --advertise-addr " + hosts.address("leader3"));
        try {
            assertThatThrownBy(() -> RemoteEngine.create(
                            settings(), new LabHosts(List.of(hosts.bySsh("leader3")), Set.of("leader3"))))
                    .hasMessageContaining("is in a Swarm already");
        } finally {
            hosts.inside("leader3", "docker swarm leave --force; docker network rm docker_gwbridge");
        }
    }

    @Test
    void theNextFreeHostIsCalledLikeItsMachineMeanwhile() {
        try (var two = RemoteEngine.create(
                settings(), new LabHosts(List.of(hosts.bySsh("worker1"), hosts.byTls("worker2")), Set.of()))) {
            two.createMachines(List.of("other", "another"));
            assertThat(hosts.inside("worker1", "docker info --format '{{.Name}}'")
                            .strip())
                    .isEqualTo("other");
            assertThatThrownBy(() -> two.createMachine("third"))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("this needs 3, and 2 can be had");
            two.removeMachine("other");
            two.createMachine("third");
            assertThat(hosts.inside("worker1", "hostname").strip()).isEqualTo("third");
        }
    }

    @Test
    void cutsAHostOffThatNobodyCanSwitchOffAndLetsItJoinAgain() throws InterruptedException {
        try (var lab = RemoteEngine.create(
                settings(), new LabHosts(List.of(withoutCommands("leader1"), withoutCommands("worker1")), Set.of()))) {
            lab.createMachines(List.of("leader1", "worker1"));
            assertThat(lab.unsupportedFaults()).doesNotContainKeys(FaultKind.MACHINE_KILL, FaultKind.MACHINE_STOP);
            hosts.inside("leader1", "docker swarm init --advertise-addr " + hosts.address("leader1"));
            String token =
                    hosts.inside("leader1", "docker swarm join-token -q worker").strip();
            hosts.inside("worker1", "docker swarm join --token " + token + " " + hosts.address("leader1") + ":2377");

            lab.killMachine("worker1");
            assertThat(lab.machine("worker1").orElseThrow().state()).isEqualTo(Machine.State.KILLED);
            assertThat(lab.machine("worker1").orElseThrow().dockerEndpoint()).isEmpty();
            assertThat(lab.machine("worker1").orElseThrow().cutOff()).isTrue();
            assertThat(lab.cutWays()).isEmpty();
            assertThat(lab.clock().await(() -> nodes().contains("worker1 Down"), SOON))
                    .as("the manager misses it")
                    .isTrue();
            assertThat(hosts.inside("worker1", "iptables -S")).contains("CL-");
            assertThat(hosts.inside("leader1", "iptables -S")).doesNotContain("CL-");

            lab.startMachine("worker1");
            assertThat(lab.machine("worker1").orElseThrow().cutOff()).isFalse();
            assertThat(lab.machine("worker1").orElseThrow().state()).isEqualTo(Machine.State.RUNNING);
            assertThat(lab.clock().await(() -> nodes().contains("worker1 Ready"), SOON))
                    .as("it is back")
                    .isTrue();
            assertThat(hosts.inside("worker1", "iptables -S")).doesNotContain("CL-");
            lab.stopMachine("worker1");
        }
    }

    private static void anotherOnLeader1() {
        RemoteEngine.create(settings(), leader1()).close();
    }

    private static LabHosts leader1() {
        return new LabHosts(List.of(hosts.bySsh("leader1")), Set.of("leader1"));
    }

    /** The deadline is kept outside of Docker, and of what Docker started. */
    @Test
    @EnabledIfSystemProperty(named = "clusterlab.test.remote", matches = "whole")
    void aFaultEndsByItselfWhenItsLabIsKilledAlsoIfDockerStartsAnewMeanwhile() throws InterruptedException {
        hosts.superviseDocker("worker1");
        var killed = engine();
        killed.createMachines(List.of("leader1", "worker1"));
        String id = killed.recordedLab().orElseThrow();
        killed.begin(EngineFault.Cut.between(List.of(Set.of("leader1"), Set.of("worker1"))));
        assertThat(hosts.inside("worker1", "iptables -S")).contains("CL-");
        killed.abandon();
        long abandonedNanos = System.nanoTime();
        hosts.restartDocker("worker1");
        assertThat(hosts.inside("worker1", "iptables -S"))
                .as("the rules outlive Docker")
                .contains("CL-");
        long deadline = System.nanoTime() + SOON.toNanos();
        while (hosts.inside("worker1", "iptables -S").contains("CL-")) {
            assertThat(System.nanoTime()).as("waited").isLessThan(deadline);
            Thread.sleep(300);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - abandonedNanos)).isLessThan(Duration.ofSeconds(40));
        new RemoteLabs(settings()).remove(id);
    }

    private static String nodes() {
        return hosts.inside("leader1", "docker node ls --format '{{.Hostname}} {{.Status}}'");
    }

    private static Host withoutCommands(String name) {
        return new Host(name, hosts.bySsh(name).address());
    }

    @Test
    void noticesWhatIsDoneByHand() throws InterruptedException {
        machines("leader1", "worker1");
        hosts.off("worker1");
        until(
                "worker1 is off",
                SOON,
                s -> s.machine("worker1").orElseThrow().machine().state() == Machine.State.KILLED);
        hosts.on("worker1");
        until(
                "worker1 runs",
                SOON,
                s -> s.machine("worker1").orElseThrow().machine().state() == Machine.State.RUNNING
                        && s.machine("worker1").orElseThrow().answering());
    }

    @Test
    void aLabThatWasKilledIsTakenUpAgainOrCleaned() {
        var killed = engine();
        killed.createMachines(List.of("leader1", "worker2"));
        String id = killed.recordedLab().orElseThrow();
        hosts.inside("leader1", "docker swarm init --advertise-addr " + hosts.address("leader1"));
        assertThatThrownBy(RemoteEngineTest::anotherOnLeader1)
                .hasMessageContaining("The lab " + id + " of this computer has leader1");
        killed.abandon();
        assertThat(new RemoteLabs(settings()).list())
                .extracting(RemoteRecord::id)
                .contains(id);
        assertThatThrownBy(RemoteEngineTest::anotherOnLeader1)
                .hasMessageContaining("The lab " + id + ", whose program was killed, has left leader1")
                .hasMessageContaining("`clusterlab clean " + id + "`");
        RemoteSettings elsewhere = hosts.settings("another-computer");
        assertThatThrownBy(() -> RemoteEngine.create(elsewhere, leader1()))
                .hasMessageContaining("Another lab or test, " + id + ", has leader1")
                .hasMessageContaining("since 20");

        var again = RemoteEngine.resume(settings(), id);
        assertThat(again.machines()).extracting(Machine::name).containsExactly("leader1", "worker2");
        assertThat(again.machine("leader1").orElseThrow().state()).isEqualTo(Machine.State.RUNNING);
        again.abandon();

        new RemoteLabs(settings()).remove(id);
        assertThat(new RemoteLabs(settings()).list())
                .extracting(RemoteRecord::id)
                .doesNotContain(id);
    }
}
