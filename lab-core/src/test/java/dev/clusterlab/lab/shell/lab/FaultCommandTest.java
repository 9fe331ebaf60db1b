package dev.clusterlab.lab.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.shell.ShellTrial;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command that breaks and mends, on the embedded engine. */
final class FaultCommandTest {
    private final ShellTrial shell = new ShellTrial();

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void extendsAFaultThatEndsByItself() {
        shell.prints("docker-machine create one >/dev/null; fault machine.pause one --for 30s");
        assertThat(shell.prints("fault extend fault-1 1m")).isEqualTo("fault-1 ends in About a minute");
        shell.prints("sleep 80");
        assertThat(shell.prints("docker-machine status one")).isEqualTo("Paused");
        shell.prints("sleep 15");
        assertThat(shell.prints("docker-machine status one")).isEqualTo("Running");
        assertThat(shell.prints("fault list")).doesNotContain("fault-1");
    }

    @Test
    void saysWhyAFaultCannotBeExtended() {
        shell.prints("docker-machine create one >/dev/null; docker-machine create two >/dev/null");
        assertThat(shell.refuses("fault extend fault-99 1m")).contains("there is no fault 'fault-99' in force");
        shell.prints("fault network.partition one two");
        assertThat(shell.refuses("fault extend fault-1 1m")).contains("lasts until it is undone");
        assertThat(shell.refuses("fault extend fault-1")).contains("fault extend fault-1 1m");
        assertThat(shell.refuses("fault extend fault-1 soon")).contains("invalid time interval");
        shell.prints("fault machine.pause two --for 30s");
        assertThat(shell.refuses("fault extend fault-2 0s")).contains("can only be extended by some time");
    }

    @Test
    void completesWhatCanBeExtended() {
        assertThat(shell.shell.complete("fault ex")).contains("extend");
        shell.prints("docker-machine create one >/dev/null; docker-machine create two >/dev/null");
        shell.prints("fault network.partition one two; fault machine.pause two --for 30s");
        assertThat(shell.shell.complete("fault extend f")).contains("fault-2").doesNotContain("fault-1");
        assertThat(shell.shell.complete("fault heal f")).contains("fault-1", "fault-2");
        assertThat(shell.shell.complete("fault extend fault-2 ")).contains("1m");
        assertThat(shell.prints("fault --help")).contains("fault extend ID TIME");
    }

    /** Three managers with a Consul server and a Traefik each, two workers, six instances. */
    private static final String PLATFORM = """
            docker-machine create leader1 leader2 leader3 worker1 worker2
            eval "$(docker-machine env leader1)"
            docker swarm init --advertise-addr $(docker-machine ip leader1)
            for name in leader2 leader3; do
              docker -H tcp://$(docker-machine ip $name):2375 swarm join \\
                --token $(docker swarm join-token -q manager) $(docker-machine ip leader1):2377
            done
            for name in worker1 worker2; do
              docker -H tcp://$(docker-machine ip $name):2375 swarm join \\
                --token $(docker swarm join-token -q worker) $(docker-machine ip leader1):2377
            done
            docker network create --driver overlay --subnet 10.1.9.0/24 net
            docker service create --name consul-nodes --network net --mode global \\
              --constraint node.role==manager --hostname '{{.Node.Hostname}}' \\
              --publish mode=host,target=8500,published=8500 \\
              hashicorp/consul agent -server -bootstrap-expect=3 -client=0.0.0.0 \\
              -retry-join=tasks.consul-nodes -retry-interval=5s \\
              -bind='{{ GetPrivateInterfaces | include "network" "10.1.9.0/24" | attr "address" }}'
            docker service create --name consul-agents --network net --mode global \\
              --constraint node.role==worker --hostname '{{.Node.Hostname}}' \\
              --publish mode=host,target=8500,published=8500 \\
              hashicorp/consul agent -client=0.0.0.0 -retry-join=tasks.consul-nodes -retry-interval=5s \\
              -bind='{{ GetPrivateInterfaces | include "network" "10.1.9.0/24" | attr "address" }}'
            docker service create --detach --name web --replicas 6 --network net \\
              --env CONSUL_HOST=consul-nodes --env NETWORK=10.1.9 clusterlab/hello
            docker service create --detach --name traefik --mode global --network net \\
              --constraint node.role==manager \\
              --publish mode=host,target=80,published=80 --publish mode=host,target=8080,published=8080 \\
              traefik:v3 --entrypoints.web.address=:80 --api.insecure=true \\
              --providers.consulcatalog.endpoint.address=consul-nodes:8500 \\
              '--providers.consulcatalog.defaultrule=Host(`{{ .Name }}.localhost`)'
            sleep 80
            """;

    @Test
    void showsWhatBecameOfALostWorkerAndWhy() {
        shell.prints("{\n" + PLATFORM + "} >/dev/null");
        shell.prints("traffic start http://leader2/ --for 3m --max-time 1s; sleep 5; fault machine.kill worker2");
        shell.prints("sleep 3");
        assertThat(shell.prints("fault anatomy")).contains("worker2 without power (fault-1)", "so far", "not yet");
        shell.prints("sleep 120");
        String card = shell.prints("fault anatomy fault-1");
        assertThat(card)
                .as("%s", card)
                .contains("recovered", "Traefik on leader1", "Traefik on leader2", "Traefik on leader3")
                .containsPattern("Swarm\n.*\n +noticed +\\+1[0-9]\\.\\d s")
                .containsPattern("Consul\n.*\n +noticed +\\+\\d+\\.\\d s")
                .containsPattern("last failed request +\\+\\d+\\.\\d s")
                .contains("still sent to a server that was gone (fault-1, inferred)")
                .doesNotContain("not within", "blocked", "unexplained");
        assertThat(shell.prints("fault anatomy")).isEqualTo(card);
        Matcher started = Pattern.compile("new tasks run .* (\\d+)\n").matcher(card);
        assertThat(started.find()).isTrue();
        assertThat(shell.prints("fault why " + started.group(1)).lines())
                .as("from a new task back to the fault")
                .hasSizeGreaterThan(2)
                .last()
                .asString()
                .contains("A fault begins: worker2 without power (fault-1)");
    }

    private static final String SWARM = """
            docker-machine create leader1 leader2 leader3 worker1 worker2 >/dev/null
            eval "$(docker-machine env leader1)"
            docker swarm init --advertise-addr $(docker-machine ip leader1) >/dev/null
            for name in leader2 leader3; do
              docker -H tcp://$(docker-machine ip $name):2375 swarm join \\
                --token $(docker swarm join-token -q manager) $(docker-machine ip leader1):2377 >/dev/null
            done
            for name in worker1 worker2; do
              docker -H tcp://$(docker-machine ip $name):2375 swarm join \\
                --token $(docker swarm join-token -q worker) $(docker-machine ip leader1):2377 >/dev/null
            done
            docker node update --label-add zone=a worker2 >/dev/null
            docker service create --detach --name web --replicas 4 busybox sleep 1d >/dev/null
            sleep 20
            """;

    @Test
    void findsWhomToHitByRoleLabelLeaderAndChance() {
        shell.prints(SWARM);
        assertThat(shell.prints("fault machine.pause leader:swarm --for 5s"))
                .isEqualTo("fault-1 machine.pause leader1");
        shell.prints("sleep 6");
        assertThat(shell.prints("fault machine.pause label:zone=a --for 5s")).endsWith("worker2");
        shell.prints("sleep 30");
        assertThat(shell.prints("fault machine.pause all:workers --for 5s").lines())
                .containsExactly("fault-3 machine.pause worker1", "fault-4 machine.pause worker2");
        shell.prints("sleep 30");
        assertThat(shell.prints("fault network.loss minority:managers,random:workers --share 5% --seed 3 --for 10s"))
                .containsPattern("fault-5 network.loss share=5% leader\\d,worker\\d");
        assertThat(shell.prints("fault container.pause task-of:web --for 5s")).contains("web.");
        assertThat(shell.prints("fault list")).contains("network.loss share=5%", "↔");
        assertThat(shell.prints("fault heal all")).contains("fault-5 healed").doesNotContain("not all");
        assertThat(shell.prints("fault list")).doesNotContain("fault-");
        assertThat(shell.refuses("fault node.drain label:zone=b")).contains("no machine of label zone=b");
        assertThat(shell.refuses("fault node.drain worker9")).contains("there are leader1");
        assertThat(shell.refuses("fault machine.kill worker1 --for 30s")).contains("does not end by itself");
        assertThat(shell.refuses("fault network.loss worker1 --share 200%")).contains("0.1 % to 100 %");
        assertThat(shell.refuses("fault network.loss worker1 --limit 2")).contains("--limit is for fault random");
        assertThat(shell.refuses("fault network.partition worker1 --times 3")).contains("needs both");
    }

    @Test
    void drainsDemotesAndLeavesAndGivesBack() {
        shell.prints(SWARM);
        shell.prints("fault node.drain worker1; fault node.demote leader3; fault node.leave worker2; sleep 40");
        assertThat(shell.prints(
                        "docker node ls --format '{{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}'"))
                .contains("worker1 Ready Drain", "leader3 Ready Active", "worker2 Down Active")
                .doesNotContain("leader3 Ready Active Reachable");
        assertThat(shell.prints("fault heal all").lines()).hasSize(3).allMatch(line -> line.endsWith(" healed"));
        shell.prints("sleep 20");
        assertThat(shell.prints(
                                "docker node ls --format '{{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}}'")
                        .lines()
                        .map(String::strip))
                .containsExactlyInAnyOrder(
                        "leader1 Ready Active Leader",
                        "leader2 Ready Active Reachable",
                        "leader3 Ready Active Reachable",
                        "worker1 Ready Active",
                        "worker2 Ready Active");
        assertThat(shell.prints("docker node inspect worker2 --format '{{.Spec.Labels}}'"))
                .contains("zone:a");
        assertThat(shell.refuses("fault node.demote worker1")).contains("no manager");
        assertThat(shell.prints("fault network.partition worker1 --times 3 --every 10s --for 4s"))
                .isEqualTo("fault-5 network.partition times=3 every=10s worker1");
        assertThat(shell.refuses("fault extend fault-5 1m")).contains("comes and goes");
        shell.prints("sleep 25");
        assertThat(shell.prints("fault list")).doesNotContain("fault-5");
    }

    @Test
    void aRandomTimeIsTheSameForASeedAndLeavesNothing() {
        shell.prints(SWARM);
        String first = shell.prints("fault random --for 3m --every 10s --limit 2 --seed 7");
        assertThat(first).startsWith("seed 7\n+").contains("fault-3 ");
        assertThat(shell.prints("fault list")).doesNotContain("fault-");
        assertThat(shell.refuses("fault random --for 1m --kinds machine.remove"))
                .contains("does not come by chance");
        assertThat(shell.refuses("fault random")).contains("needs a time");
        try (var again = new ShellTrial()) {
            again.prints(SWARM);
            assertThat(again.prints("fault random --for 3m --every 10s --limit 2 --seed 7"))
                    .isEqualTo(first);
        }
    }

    @Test
    void saysThatThereIsNoAnatomy() {
        assertThat(shell.refuses("fault anatomy")).contains("nothing was broken yet");
        shell.prints("docker-machine create one >/dev/null; fault machine.pause one --for 30s");
        assertThat(shell.refuses("fault anatomy fault-7")).contains("no anatomy of 'fault-7'", "fault-1");
        assertThat(shell.refuses("fault why x")).contains("fault why 212");
        assertThat(shell.refuses("fault why 99999")).contains("no event of that number");
        assertThat(shell.shell.complete("fault anatomy f")).contains("fault-1");
        assertThat(shell.shell.complete("fault an")).contains("anatomy");
        assertThat(shell.prints("fault --help")).contains("fault anatomy [ID]", "fault why EVENT");
    }
}
