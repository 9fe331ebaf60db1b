package dev.clusterlab.provisioning.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.atIndex;

import dev.clusterlab.provisioning.FakeDaemon;
import dev.clusterlab.provisioning.FakeEngine;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.shell.consul.CheckHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ObserverServiceTest {
    private final FakeEngine engine = new FakeEngine();
    private final FaultService faults = new FaultService(engine, System::nanoTime);
    private final ObserverService observer = ObserverService.of(engine, faults);
    private final List<ClusterEvent> events = new ArrayList<>();

    @BeforeEach
    void threeMachines() {
        for (String name : List.of("leader1", "worker1", "worker2")) {
            engine.createMachine(name);
            engine.daemon(name).reply("/containers/json", "[]").reply("/networks", Fixtures.NETWORKS);
        }
        engine.daemon("leader1").reply("/info", Fixtures.manager("n1"));
        engine.daemon("worker1").reply("/info", Fixtures.worker("n2"));
        engine.daemon("worker2").reply("/info", Fixtures.worker("n3"));
        engine.daemon("leader1").reply("/services", "[" + Fixtures.service("s1", "web", 1, 80, 8080) + "]");
        nodes("ready");
        tasks(Fixtures.task("t1", "s1", 1, "n2", "running", "running", "10.1.9.5"));
        observer.onSnapshot((snapshot, news) -> events.addAll(news));
    }

    private void nodes(String worker1State) {
        engine.daemon("leader1")
                .reply(
                        "/nodes",
                        "[" + Fixtures.node("n1", "leader1", true, true, "ready") + ","
                                + Fixtures.node("n2", "worker1", false, false, worker1State) + ","
                                + Fixtures.node("n3", "worker2", false, false, "ready") + "]");
        engine.changed();
    }

    private void tasks(String... tasks) {
        engine.daemon("leader1").reply("/tasks", "[" + String.join(",", tasks) + "]");
        engine.changed();
    }

    @AfterEach
    void close() {
        observer.close();
        faults.close();
        engine.close();
    }

    @Test
    void putsTheSwarmTogether() {
        ClusterSnapshot snapshot = observer.observe();
        SwarmView swarm = snapshot.swarm().orElseThrow();
        assertThat(swarm.leader()).isEqualTo("leader1");
        assertThat(swarm.nodes())
                .extracting(n -> n.hostname() + " " + n.state().word())
                .containsExactly("leader1 ready", "worker1 ready", "worker2 ready");
        var web = swarm.service("web").orElseThrow();
        assertThat(web.image()).isEqualTo("hello:1");
        assertThat(web.running()).isEqualTo(1);
        assertThat(web.networks()).containsExactly("multi-host-net");
        assertThat(web.ports()).containsEntry(80, 8080);
        var task = swarm.tasksOf("web").get(0);
        assertThat(task.nodeHostname()).isEqualTo("worker1");
        assertThat(task.live()).isTrue();
        assertThat(task.addresses()).containsEntry("multi-host-net", "10.1.9.5");
        assertThat(snapshot.machine("leader1").orElseThrow().believedReady())
                .containsExactly("leader1", "worker1", "worker2");
    }

    @Test
    void saysOnceThatTheRunHasLostItsRepeatability() {
        observer.observe();
        events.clear();
        engine.repeatabilityLost = Optional.of(Duration.ofSeconds(3));
        observer.observe();
        observer.observe();
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        ClusterEvent.RepeatabilityLost.class,
                        lost -> assertThat(lost.stamp().at()).isEqualTo(Duration.ofSeconds(3)));
    }

    @Test
    void keepsTheWordsThatItDoesNotKnow() {
        observer.observe();
        engine.daemon("leader1")
                .reply(
                        "/nodes",
                        "[" + Fixtures.node("n1", "leader1", true, true, "ready") + ","
                                + Fixtures.node("n2", "worker1", false, false, "frobnicated") + ","
                                + Fixtures.node("n3", "worker2", false, false, "unknown") + "]");
        tasks(Fixtures.task("t1", "s1", 1, "n2", "hibernating", "running", "10.1.9.5"));
        events.clear();

        SwarmView swarm = observer.observe().swarm().orElseThrow();

        NodeView node = swarm.node("worker1").orElseThrow();
        assertThat(node.state()).isEqualTo(NodeState.UNKNOWN);
        assertThat(node.unknownWords()).containsExactly(Map.entry("state", "frobnicated"));
        assertThat(swarm.node("worker2").orElseThrow().unknownWords())
                .as("a word of Swarm's own")
                .isEmpty();
        assertThat(events)
                .filteredOn(event -> !event.stamp().unknownWord().isEmpty())
                .extracting(event ->
                        event.getClass().getSimpleName() + " " + event.stamp().unknownWord())
                .containsExactlyInAnyOrder("NodeStateChanged frobnicated", "TaskEnded hibernating");
    }

    @Test
    void readsNothingAgainWithoutAChange() {
        observer.observe();
        int requests = engine.daemon("leader1").requests().size();
        observer.observe();
        assertThat(engine.daemon("leader1").requests()).hasSize(requests);
    }

    @Test
    void keepsTheLastKnownSwarmWhenQuorumIsLost() {
        observer.observe();
        engine.daemon("leader1").refuse("/nodes", 500, Fixtures.NO_LEADER);
        engine.changed();
        ClusterSnapshot snapshot = observer.observe();
        SwarmView swarm = snapshot.swarm().orElseThrow();
        assertThat(swarm.hasLeader()).isFalse();
        assertThat(swarm.nodes()).hasSize(3);
        assertThat(swarm.tasksOf("web")).hasSize(1);
        assertThat(snapshot.machine("leader1").orElseThrow().error()).contains("does not have a leader");
    }

    /** All three machines are managers, and one of them leads. */
    private void managers(String leader) {
        int number = 1;
        for (String name : List.of("leader1", "worker1", "worker2")) {
            engine.daemon(name)
                    .reply("/info", Fixtures.manager("n" + number++))
                    .reply("/services", "[]")
                    .reply("/tasks", "[]")
                    .reply(
                            "/nodes",
                            "[" + Fixtures.node("n1", "leader1", true, leader.equals("leader1"), "ready") + ","
                                    + Fixtures.node("n2", "worker1", true, leader.equals("worker1"), "ready") + ","
                                    + Fixtures.node("n3", "worker2", true, leader.equals("worker2"), "ready") + "]");
        }
        engine.changed();
    }

    /** What is told now of who leads. */
    private List<String> newsOfLeaders() {
        events.clear();
        observer.observe();
        return events.stream()
                .filter(e -> e instanceof ClusterEvent.OfGroup)
                .map(Told::facts)
                .toList();
    }

    @Test
    void tellsOfTheLossOfAQuorumAndOfWhatStillWorks() {
        managers("leader1");
        observer.observe();
        faults.inject(new Fault.MachineKill("leader1"));
        engine.daemon("worker1").refuse("/nodes", 500, Fixtures.NO_LEADER);
        engine.daemon("worker2").refuse("/nodes", 500, Fixtures.NO_LEADER);
        assertThat(newsOfLeaders())
                .as("the others may elect one")
                .containsExactly("LeaderChanged group=SWARM before=leader1 after= quorumWasLost=false");

        faults.inject(new Fault.MachineKill("worker1"));
        assertThat(newsOfLeaders()).containsExactly("QuorumLost managers=3 answering=1 needed=2 lastLeader=leader1");
        assertThat(Quorum.of(observer.latest())).contains(new Quorum(3, 1));

        engine.startMachine("worker1");
        assertThat(newsOfLeaders()).containsExactly("QuorumRegained");
        managers("worker2");
        assertThat(newsOfLeaders())
                .containsExactly("LeaderChanged group=SWARM before= after=worker2 quorumWasLost=false");
    }

    @Test
    void tellsOfALostQuorumWithItsCause() {
        managers("worker2");
        observer.observe();
        events.clear();
        faults.inject(new Fault.MachineKill("leader1"));
        faults.inject(new Fault.MachineKill("worker1"));
        engine.daemon("worker2").refuse("/nodes", 500, Fixtures.NO_LEADER);
        observer.observe();
        assertThat(events).anySatisfy(e -> {
            assertThat(Told.facts(e)).isEqualTo("QuorumLost managers=3 answering=1 needed=2 lastLeader=worker2");
            assertThat(Told.causes(e, events)).isEqualTo("MachineStateChanged leader1 ← fault-1");
        });
        managers("worker2");
        assertThat(newsOfLeaders())
                .containsExactly("LeaderChanged group=SWARM before= after=worker2 quorumWasLost=true");
    }

    @Test
    void keepsTheLastKnownSwarmWhenAManagerDoesNotAnswerInTime() {
        observer.observe();
        engine.daemon("leader1").hold("/nodes");
        engine.changed();
        assertThat(observer.observe().swarm().orElseThrow().hasLeader()).isFalse();
    }

    @Test
    void keepsTheLastKnownSwarmWhenEveryManagerIsDead() {
        observer.observe();
        engine.killMachine("leader1");
        ClusterSnapshot snapshot = observer.observe();
        assertThat(snapshot.swarm().orElseThrow().hasLeader()).isFalse();
        assertThat(snapshot.machine("worker1").orElseThrow().answering()).isTrue();
        assertThat(snapshot.machine("leader1").orElseThrow().answering()).isFalse();
    }

    @Test
    void forgetsTheSwarmWhenEveryoneLeft() {
        observer.observe();
        for (String name : List.of("leader1", "worker1", "worker2")) {
            engine.daemon(name).reply("/info", "{\"Swarm\":{\"LocalNodeState\":\"inactive\"}}");
        }
        engine.changed();
        assertThat(observer.observe().swarm()).isEmpty();
    }

    @Test
    void tellsWhyATaskMoved() {
        observer.observe();
        events.clear();
        faults.inject(new Fault.MachineKill("worker1"));
        nodes("down");
        tasks(
                Fixtures.task("t1", "s1", 1, "n2", "running", "shutdown", "10.1.9.5"),
                Fixtures.task("t2", "s1", 1, "n3", "running", "running", "10.1.9.7"));
        observer.observe();
        assertThat(events)
                .hasSize(7)
                .satisfies(
                        e -> assertThat(e).isInstanceOfSatisfying(ClusterEvent.FaultBegan.class, began -> {
                            assertThat(began.fault().fault()).isEqualTo(new Fault.MachineKill("worker1"));
                            assertThat(began.over()).isFalse();
                        }),
                        atIndex(0));
        assertThat(events.subList(1, 7))
                .extracting(Told::facts)
                .containsExactly(
                        "MachineStateChanged machine=worker1 before=RUNNING after=KILLED cutOff=false",
                        "NodeStateChanged node=worker1 before=READY after=DOWN message=heartbeat failure",
                        "TaskGivenUp task=web.1 node=worker1",
                        "TaskUnwanted task=web.1 node=worker1",
                        "TaskAssigned task=web.1 service=web node=worker2 replaces=Optional[OfTask[id=t1, name=web.1]]",
                        "TaskStarted task=web.1 node=worker2 replaces=Optional[OfTask[id=t1, name=web.1]]"
                                + " movedFrom=worker1");
        assertThat(Told.causes(events.get(6), events))
                .isEqualTo("TaskGivenUp web.1 ← NodeStateChanged worker1 ← MachineStateChanged worker1 ← fault-1");
        assertThat(events).extracting(ClusterEvent::number).isSorted().doesNotHaveDuplicates();
        assertThat(observer.latest().faults()).hasSize(1);
    }

    @Test
    void tellsOfNoChangeTwice() {
        observer.observe();
        events.clear();
        engine.changed();
        observer.observe();
        assertThat(events).isEmpty();
    }

    private void request(int status, String instance, long tookMs) {
        Duration now = engine.clock.elapsed();
        observer.recordTraffic(new RequestSample(
                now.minusMillis(tookMs), now, "leader1", new RequestSample.Answered(status, instance)));
    }

    @Test
    void countsTrafficBySecond() {
        request(200, "instance_a", 2);
        request(502, "", 4);
        engine.clock.advance(Duration.ofSeconds(1));
        request(200, "instance_b", 6);
        var traffic = observer.observe().traffic();
        assertThat(traffic.buckets()).hasSize(2);
        assertThat(traffic.buckets().get(0).byStatus()).containsEntry(200, 1).containsEntry(502, 1);
        assertThat(traffic.buckets().get(0).latencyMsMedian()).isEqualTo(3);
        assertThat(traffic.instances()).containsOnlyKeys("instance_a", "instance_b");
        engine.clock.advance(Duration.ofSeconds(130));
        assertThat(observer.observe().traffic().buckets()).isEmpty();
    }

    @Test
    void readsConsulAndTraefikThroughPublishedPorts() throws Exception {
        try (var consul = new FakeDaemon();
                var traefik = new FakeDaemon()) {
            consul.reply("/v1/status/leader", "\"10.1.9.5:8300\"")
                    .reply("/v1/agent/members", """
                            [{"Name":"worker1","Addr":"10.1.9.5","Port":8301,"Tags":{"role":"consul"},"Status":1,
                              "ProtocolMin":1,"ProtocolMax":5,"ProtocolCur":2,"DelegateMin":2,"DelegateMax":5,
                              "DelegateCur":4}]""")
                    .reply("/v1/operator/raft/configuration", """
                            {"Servers":[{"ID":"a","Node":"worker1","Address":"10.1.9.5:8300","Leader":true,
                              "ProtocolVersion":"3","Voter":true}],"Index":1}""")
                    .reply("/v1/catalog/services", "{\"democonsul\":[\"baz\"]}")
                    .reply("/v1/health/service/democonsul", """
                            [{"Node":{"Node":"worker1","Address":"10.1.9.5"},
                              "Service":{"ID":"i1","Service":"democonsul","Tags":["baz"],"Address":"10.1.9.9","Port":80,
                                "Meta":{}},
                              "Checks":[{"Node":"worker1","CheckID":"serfHealth","Name":"Serf","Status":"passing",
                                "Notes":"","Output":"Agent alive and reachable","ServiceID":"","ServiceName":"",
                                "ServiceTags":[]},
                                {"Node":"worker1","CheckID":"c1","Name":"health","Status":"critical","Notes":"",
                                "Output":"refused","ServiceID":"i1","ServiceName":"democonsul","ServiceTags":[]}]}]""");
            traefik.reply("/api/version", "{\"Version\":\"3.1.0\"}")
                    .reply(
                            "/api/http/routers",
                            "[{\"name\":\"web@consulcatalog\",\"rule\":\"Host(`x`)\",\"service\":\"web\","
                                    + "\"status\":\"enabled\",\"provider\":\"consulcatalog\"}]")
                    .reply(
                            "/api/http/services",
                            "[{\"name\":\"web@consulcatalog\",\"loadBalancer\":{\"servers\":[{\"url\":\"http://a:80\"}]},"
                                    + "\"serverStatus\":{\"http://a:80\":\"DOWN\"}}]");
            String proxy = Fixtures.service("s3", "proxy", 1, 8080, 8080).replace("hello:1", "traefik:v3");
            engine.daemon("leader1")
                    .reply("/services", "[" + Fixtures.service("s1", "consul", 1, 8500, 8500) + "," + proxy + "]");
            tasks(
                    Fixtures.task("t1", "s1", 1, "n2", "running", "running", "10.1.9.5"),
                    Fixtures.task("t3", "s3", 1, "n1", "running", "running", "10.1.9.6"));
            engine.publish("worker1", 8500, consul);
            engine.publish("leader1", 8080, traefik);

            ClusterSnapshot snapshot = observer.observe();

            var view = snapshot.consul().orElseThrow();
            assertThat(view.leader()).isEqualTo("worker1");
            assertThat(view.sources()).containsExactly("worker1:8500");
            assertThat(view.members().get(0).machine()).isEqualTo("worker1");
            assertThat(view.peers()).hasSize(1);
            assertThat(view.services().get("democonsul").get(0).status()).isEqualTo(CheckHealth.CRITICAL);
            assertThat(view.services().get("democonsul").get(0).output()).isEqualTo("refused");
            assertThat(view.healthy("democonsul")).isEmpty();
            assertThat(snapshot.traefik()).hasSize(1);
            assertThat(snapshot.traefik().get(0).services().get(0).servers())
                    .containsEntry("http://a:80", ServerStatus.DOWN);
        }
    }

    @Test
    void readsEveryPageOfTraefik() throws Exception {
        try (var traefik = new FakeDaemon()) {
            traefik.reply("/api/version", "{\"Version\":\"3.1.0\"}")
                    .pages("/api/http/routers", List.of("[{\"name\":\"a@x\"}]", "[{\"name\":\"b@x\"}]", "[]"))
                    .pages("/api/http/services", List.of("[]", "[{\"name\":\"s@x\",\"provider\":\"x\"}]"));
            engine.daemon("leader1")
                    .reply(
                            "/services",
                            "["
                                    + Fixtures.service("s3", "proxy", 1, 8080, 8080)
                                            .replace("hello:1", "traefik:v3")
                                    + "]");
            tasks(Fixtures.task("t3", "s3", 1, "n1", "running", "running", "10.1.9.6"));
            engine.publish("leader1", 8080, traefik);

            ClusterSnapshot.TraefikView seen = observer.observe().traefik().getFirst();

            assertThat(seen.routers())
                    .extracting(ClusterSnapshot.TraefikRouter::name)
                    .containsExactly("a@x", "b@x");
            assertThat(seen.services())
                    .extracting(ClusterSnapshot.TraefikService::name)
                    .containsExactly("s@x");
        }
    }

    @Test
    void momentaryFaultsStandAmongTheEvents() {
        observer.observe();
        events.clear();
        engine.daemon("worker1").reply("/containers/abc/json", "{\"Id\":\"abc\",\"Name\":\"/web.1.t1\"}");
        engine.daemon("worker1").reply("/containers/abc/kill", "");
        faults.inject(new Fault.ContainerKill("worker1", "abc"));
        observer.observe();
        assertThat(events).singleElement().isInstanceOfSatisfying(ClusterEvent.FaultBegan.class, began -> {
            assertThat(began.over()).isTrue();
            assertThat(began.fault().target()).isEqualTo(new Target.OfContainer("worker1", "abc", "web.1.t1"));
        });
        assertThat(faults.active()).isEmpty();
        assertThat(events.get(0).stamp().causes()).isEmpty();
    }
}
