package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Overlay networks: addresses, names, virtual addresses, and what is left of a dead engine. */
class OverlayNetworkTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Set<String> addresses(SwarmLab lab, String service, String network) {
        var addresses = new TreeSet<String>();
        for (Task task : lab.running("m1", service)) {
            for (Task.Attachment attachment : task.attachments()) {
                if (attachment.network().spec().name().equals(network)) {
                    addresses.add(attachment.address());
                }
            }
        }
        return addresses;
    }

    private static Set<String> resolved(SwarmLab lab, Task asker, String name) {
        String answer = lab.exec(asker, "resolve", name);
        return answer.isEmpty() ? Set.of() : new TreeSet<>(List.of(answer.split(" ")));
    }

    private static Task asker(SwarmLab lab, String network) {
        lab.createRunning("m1", Spec.service("asker").network(network), 1);
        return lab.running("m1", "asker").get(0);
    }

    @Test
    void subnetsAreHandedOutInOrder() {
        SwarmLab lab = SwarmLab.swarm(1, 1, 0);
        assertThat(lab.network("m1", "ingress").subnet()).isEqualTo("10.0.0.0/24");
        lab.overlay("m1", "one", "");
        lab.overlay("m1", "fixed", "10.0.2.0/24");
        lab.overlay("m1", "two", "");
        assertThat(lab.network("m1", "one").subnet()).isEqualTo("10.0.1.0/24");
        assertThat(lab.network("m1", "two").subnet()).as("10.0.2.0/24 is taken").isEqualTo("10.0.3.0/24");
        Network one = lab.network("m1", "one");
        assertThat(one.scope()).isEqualTo("swarm");
        assertThat(one.driver()).isEqualTo("overlay");
        assertThat(one.ipam().config()).containsExactly(new Network.IpamConfig("10.0.1.0/24", null, "10.0.1.1"));
        assertThat(lab.networkNames("m1")).contains("bridge", "host", "none", "docker_gwbridge", "ingress", "one");
    }

    @Test
    void aServiceHasAVirtualAddressAndItsTasksAddressesOfTheirOwn() {
        SwarmLab lab = SwarmLab.swarm(2, 1, 2);
        lab.overlay("m1", "front", "10.1.9.0/24");
        lab.createRunning("m1", Spec.service("web").replicas(3).network("front"), 3);
        Service service = lab.service("m1", "web");
        assertThat(service.virtualIps()).hasSize(1);
        assertThat(service.virtualIps().get(0).addr()).isEqualTo("10.1.9.2/24");
        Set<String> addresses = addresses(lab, "web", "front");
        assertThat(addresses)
                .hasSize(3)
                .allMatch(address -> address.startsWith("10.1.9."))
                .doesNotContain("10.1.9.2");
        Task asker = asker(lab, "front");
        lab.run(1);
        assertThat(resolved(lab, asker, "web")).containsExactly("10.1.9.2");
        assertThat(resolved(lab, asker, "tasks.web")).isEqualTo(addresses);
        Task one = lab.running("m1", "web").get(0);
        assertThat(resolved(lab, asker, String.valueOf(one.name())))
                .containsExactly(one.attachments().get(0).address());
        assertThat(resolved(lab, asker, "nobody")).isEmpty();
        assertThat(lab.exec(asker, "get", "nobody", "80")).isEqualTo("failed: UNKNOWN_HOST");
    }

    @Test
    void theVirtualAddressLeadsToEachTaskInTurn() {
        SwarmLab lab = SwarmLab.swarm(3, 1, 2);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(3).network("front"), 3);
        Task asker = asker(lab, "front");
        lab.run(1);
        var answers = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            answers.add(lab.exec(asker, "get", "web", "80"));
        }
        assertThat(Set.copyOf(answers)).hasSize(3);
        assertThat(answers.subList(0, 3)).isEqualTo(answers.subList(3, 6));
        assertThat(lab.exec(asker, "get", "web", "81")).isEqualTo("failed: REFUSED");
    }

    @Test
    void withoutVirtualAddressTheNameGivesTheTasks() {
        SwarmLab lab = SwarmLab.swarm(4, 1, 2);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("db").replicas(3).network("front").endpointMode("dnsrr"), 3);
        assertThat(lab.service("m1", "db").virtualIps()).isEmpty();
        Task asker = asker(lab, "front");
        lab.run(1);
        assertThat(resolved(lab, asker, "db"))
                .isEqualTo(addresses(lab, "db", "front"))
                .hasSize(3);
        var orders = new TreeSet<String>();
        for (int i = 0; i < 12; i++) {
            orders.add(lab.exec(asker, "resolve", "db"));
        }
        assertThat(orders).as("answers are shuffled").hasSizeGreaterThan(1);
    }

    @Test
    void aliasesAreNamesOfTheService() {
        SwarmLab lab = SwarmLab.swarm(5, 1, 1);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(2).network("front", "shop"), 2);
        Task asker = asker(lab, "front");
        lab.run(1);
        assertThat(resolved(lab, asker, "shop"))
                .isEqualTo(resolved(lab, asker, "web"))
                .hasSize(1);
        assertThat(resolved(lab, asker, "tasks.shop")).isEqualTo(addresses(lab, "web", "front"));
    }

    @Test
    void aNameIsKnownWithItsNetworkToo() {
        SwarmLab lab = SwarmLab.swarm(7, 1, 1);
        lab.overlay("m1", "front", "");
        lab.overlay("m1", "back.end", "");
        lab.createRunning(
                "m1", Spec.service("web").replicas(2).network("front", "shop").network("back.end"), 2);
        lab.createRunning("m1", Spec.service("asker").network("front").network("back.end"), 1);
        Task asker = lab.running("m1", "asker").get(0);
        lab.run(1);
        for (String network : List.of("front", "back.end")) {
            assertThat(resolved(lab, asker, "web." + network))
                    .hasSize(1)
                    .isNotEqualTo(resolved(lab, asker, "web." + (network.equals("front") ? "back.end" : "front")));
            assertThat(resolved(lab, asker, "tasks.web." + network)).isEqualTo(addresses(lab, "web", network));
        }
        assertThat(resolved(lab, asker, "shop.front.")).isEqualTo(resolved(lab, asker, "web.front"));
        Task one = lab.running("m1", "web").get(0);
        assertThat(addresses(lab, "web", "front"))
                .containsAll(resolved(lab, asker, one.name() + ".front"))
                .hasSize(2);
        assertThat(resolved(lab, asker, "shop.back.end")).isEmpty();
        assertThat(resolved(lab, asker, "web.end")).isEmpty();
        assertThat(resolved(lab, asker, "web.elsewhere")).isEmpty();
    }

    @Test
    void networksAreApart() {
        SwarmLab lab = SwarmLab.swarm(6, 1, 1);
        lab.overlay("m1", "front", "");
        lab.overlay("m1", "back", "");
        lab.createRunning("m1", Spec.service("web").network("front").network("back"), 1);
        lab.createRunning("m1", Spec.service("db").network("back"), 1);
        Task asker = asker(lab, "front");
        lab.run(1);
        assertThat(resolved(lab, asker, "web")).hasSize(1);
        assertThat(resolved(lab, asker, "db")).isEmpty();
        String hidden = lab.running("m1", "db").get(0).attachments().get(0).address();
        assertThat(lab.exec(asker, "get", hidden, "80")).startsWith("failed: ");
        Task web = lab.running("m1", "web").get(0);
        assertThat(lab.exec(web, "get", "db", "80")).doesNotContain("failed");
        assertThat(lab.exec(web, "interfaces"))
                .contains("front=10.0.1.")
                .contains("back=10.0.2.")
                .contains("docker_gwbridge=172.");
    }

    @Test
    void aWorkerListsAnOverlayOnlyWhileItUsesIt() {
        SwarmLab lab = SwarmLab.swarm(7, 1, 2);
        lab.overlay("m1", "front", "");
        assertThat(lab.networkNames("w1")).doesNotContain("front").contains("ingress");
        assertThat(lab.networkNames("m1")).contains("front");
        lab.createRunning("m1", Spec.service("web").network("front").constraint("node.hostname==w1"), 1);
        assertThat(lab.networkNames("w1")).contains("front");
        assertThat(lab.networkNames("w2")).doesNotContain("front");
        assertThat(lab.network("w1", "front").containers()).hasSize(1);
        lab.removeService("m1", "web");
        lab.until(() -> lab.taskContainers("w1").isEmpty());
        assertThat(lab.networkNames("w1")).doesNotContain("front");
    }

    @Test
    void aDeadEnginesTasksLeaveTheNamesAndTheBalancers() {
        SwarmLab lab = SwarmLab.swarm(8, 3, 2);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(5).network("front"), 5);
        lab.createRunning("m1", Spec.service("asker").network("front").constraint("node.hostname==m1"), 1);
        Task asker = lab.running("m1", "asker").get(0);
        lab.run(2);
        String dead =
                lab.runningOn("m1", "web", "w1").get(0).attachments().get(0).address();
        lab.kill("w1");
        assertThat(resolved(lab, asker, "tasks.web")).as("nobody knows yet").contains(dead);
        var answers = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            answers.add(lab.exec(asker, "get", "web", "80"));
        }
        assertThat(answers).as("one in five is sent to the dead").contains("failed: TIMEOUT");
        lab.until(() -> !resolved(lab, asker, "tasks.web").contains(dead));
        for (int i = 0; i < 8; i++) {
            assertThat(lab.exec(asker, "get", "web", "80")).doesNotContain("failed");
        }
    }

    @Test
    void aCutOffMachinesTasksComeBackToTheNamesWithIt() {
        SwarmLab lab = SwarmLab.swarm(9, 3, 2);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").global().network("front"), 5);
        Task asker = lab.runningOn("m1", "web", "m1").get(0);
        lab.run(2);
        lab.isolate("w1");
        lab.until(() -> resolved(lab, asker, "tasks.web").size() == 4);
        lab.run(40);
        lab.heal("w1");
        lab.until(() ->
                lab.runs("m1", "web", 5) && resolved(lab, asker, "tasks.web").equals(addresses(lab, "web", "front")));
        assertThat(resolved(lab, asker, "tasks.web")).hasSize(5);
    }

    /** Measured with Docker 20.10 on Linux 6.18: neither at once nor refused; see {@link Neighbours}. */
    @Test
    void nobodyAnswersAtTheAddressOfAContainerThatHasEnded() {
        SwarmLab lab = SwarmLab.swarm(12, 1, 2);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(3).network("front"), 3);
        Task asker = asker(lab, "front");
        lab.run(1);
        for (Task task : lab.running("m1", "web")) {
            String address = task.attachments().get(0).address();
            lab.killContainer(task);
            assertThat(secondsOf(
                            lab,
                            () -> assertThat(lab.exec(asker, "get", address, "80"))
                                    .isEqualTo("failed: UNREACHABLE")))
                    .as("never heard of, %s", task.nodeId())
                    .isBetween(3.04, 3.1);
        }
    }

    @Test
    void whoHasLatelyHeardOfADeadContainerGoesOnSending() {
        SwarmLab lab = SwarmLab.swarm(13, 1, 2);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(2).network("front").restart("none", SECOND, 0, null), 2);
        Task asker = asker(lab, "front");
        lab.run(1);
        Task task = lab.running("m1", "web").get(0);
        String address = task.attachments().get(0).address();
        assertThat(lab.exec(asker, "get", address, "80")).doesNotContain("failed");
        lab.killContainer(task);
        assertThat(lab.exec(asker, "get", address, "80"))
                .as("its limit ends first")
                .isEqualTo("failed: TIMEOUT");
        lab.run(60);
        assertThat(lab.exec(asker, "get", address, "80"))
                .as("now it is doubted")
                .isEqualTo("failed: TIMEOUT");
        lab.run(8);
        assertThat(secondsOf(
                        lab,
                        () -> assertThat(lab.exec(asker, "get", address, "80")).isEqualTo("failed: UNREACHABLE")))
                .as("forgotten")
                .isBetween(3.04, 3.1);
    }

    private static double secondsOf(SwarmLab lab, Runnable action) {
        long begin = lab.simulation.nowNanos();
        action.run();
        return (lab.simulation.nowNanos() - begin) / 1e9;
    }

    @Test
    void aTaskThatStopsLeavesTheNamesBeforeItEnds() {
        SwarmLab lab = SwarmLab.swarm(10, 1, 2);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(3).network("front").image("test/web"), 3);
        Task asker = asker(lab, "front");
        lab.run(2);
        lab.scale("m1", "web", 2);
        lab.until(() -> resolved(lab, asker, "tasks.web").size() == 2);
        long running = lab.world.machines().stream()
                .flatMap(machine -> lab.taskContainers(machine.name()).stream())
                .filter(container -> container.running() && container.name().startsWith("web."))
                .count();
        assertThat(running).as("the third still runs for two seconds").isEqualTo(3);
    }

    @Test
    void plainContainersJoinAnAttachableNetwork() {
        SwarmLab lab = SwarmLab.swarm(11, 1, 1);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(2).network("front").constraint("node.role==worker"), 2);
        lab.run(1);
        for (String machine : List.of("m1", "w1")) {
            String id = lab.runContainer(
                    machine, "probe", Containers.config("test/web").network("front"));
            assertThat(lab.exec(machine, id, "get", "web", "80")).doesNotContain("failed");
            assertThat(lab.exec(machine, id, "resolve", "tasks.web").split(" ")).hasSize(2);
        }
        lab.run(1);
        assertThat(lab.exec(lab.running("m1", "web").get(0), "get", "probe", "80"))
                .doesNotContain("failed");
    }

    @Test
    void noAddressIsGivenTwiceAlsoUnderAnotherLeader() {
        SwarmLab lab = SwarmLab.swarm(12, 3, 1);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("web").replicas(4).network("front"), 4);
        lab.runContainer("w1", "probe", Containers.config("test/web").network("front"));
        lab.kill("m1");
        lab.until(() -> lab.leaders().size() == 1);
        String leader = lab.leader();
        lab.createRunning(leader, Spec.service("more").replicas(12).network("front"), 12);
        var seen = new ArrayList<String>();
        lab.store(leader).tasks().stream()
                .filter(task -> task.state().atMost(TaskState.RUNNING))
                .forEach(task -> seen.add(task.attachments().get(0).address()));
        lab.store(leader)
                .services()
                .forEach(service -> service.virtualIps()
                        .forEach(address -> seen.add(address.addr().replace("/24", ""))));
        seen.add(lab.network("w1", "front").containers().values().stream()
                .filter(end -> end.name().equals("probe"))
                .map(end -> end.ipv4Address().replace("/24", ""))
                .findFirst()
                .orElseThrow());
        assertThat(seen).doesNotHaveDuplicates();
    }

    @Test
    void freedAddressesComeBackAfterTheLastOneWasGiven() {
        SwarmLab lab = SwarmLab.swarm(13, 1, 0);
        lab.overlay("m1", "tiny", "10.9.0.0/29");
        lab.createRunning("m1", Spec.service("web").network("tiny").endpointMode("dnsrr"), 1);
        var seen = new ArrayList<String>();
        for (int round = 0; round < 6; round++) {
            seen.addAll(addresses(lab, "web", "tiny"));
            Task old = lab.running("m1", "web").get(0);
            lab.killContainer(old);
            lab.until(() -> lab.runs("m1", "web", 1)
                    && !lab.running("m1", "web").get(0).id().equals(old.id()));
        }
        assertThat(new TreeSet<>(seen)).hasSizeGreaterThan(2).hasSizeLessThan(seen.size());
    }
}
