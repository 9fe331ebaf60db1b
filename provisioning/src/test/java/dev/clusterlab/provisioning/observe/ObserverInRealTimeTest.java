package dev.clusterlab.provisioning.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FakeEngine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ConcurrentQueries.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As with real machines: daemons may hang, and nobody but events, and Consul's answers, says that something changed. */
final class ObserverInRealTimeTest {
    /** Longer than any test: what happens does not happen because this has passed. */
    private static final Duration NEVER = Duration.ofHours(1);

    private final FakeEngine engine = FakeEngine.inRealTime();
    private final LinkedBlockingQueue<ClusterSnapshot> snapshots = new LinkedBlockingQueue<>();
    private final List<ClusterEvent> events = new ArrayList<>();
    /** Whoever has not answered when a sweep goes on, after 50 ms, is given up. */
    private final ObserverService observer = new ObserverService(
            engine, List::of, new Limits(Duration.ofMillis(50), NEVER, Duration.ZERO, NEVER), NEVER);

    @BeforeEach
    void threeMachines() throws InterruptedException {
        for (String name : List.of("leader1", "worker1", "worker2")) {
            engine.createMachine(name);
            engine.daemon(name).reply("/containers/json", "[]").reply("/networks", Fixtures.NETWORKS);
        }
        engine.daemon("leader1")
                .reply("/info", Fixtures.manager("n1"))
                .reply("/services", "[" + Fixtures.service("s1", "web", 1, 80, 8080) + "]")
                .reply("/tasks", "[]")
                .reply(
                        "/nodes",
                        "[" + Fixtures.node("n1", "leader1", true, true, "ready") + ","
                                + Fixtures.node("n2", "worker1", false, false, "ready") + ","
                                + Fixtures.node("n3", "worker2", false, false, "ready") + "]");
        engine.daemon("worker1").reply("/info", Fixtures.worker("n2"));
        engine.daemon("worker2").reply("/info", Fixtures.worker("n3"));
        observer.onSnapshot((snapshot, news) -> {
            synchronized (events) {
                events.addAll(news);
            }
            snapshots.add(snapshot);
        });
        observer.follow();
        await("all answer", s -> s.swarm().isPresent() && s.machines().stream().allMatch(MachineView::answering));
    }

    @AfterEach
    void close() {
        // First: daemons that hang let go.
        engine.close();
        observer.close();
    }

    private ClusterSnapshot await(String what, Predicate<ClusterSnapshot> condition) throws InterruptedException {
        ClusterSnapshot next = observer.latest();
        while (!condition.test(next)) {
            next = snapshots.poll(1, TimeUnit.MINUTES);
            assertThat(next).as("%s; the last was %s", what, observer.latest()).isNotNull();
        }
        return next;
    }

    private void begin(String machine, String container) {
        engine.daemon(machine)
                .reply(
                        "/containers/json",
                        "[{\"Id\":\"" + container + "\",\"Names\":[\"/" + container + "\"],\"State\":\"running\"}]");
        engine.changed();
    }

    private static Predicate<ClusterSnapshot> runs(String machine, String container) {
        return s -> s.machine(machine).orElseThrow().containers().stream()
                .anyMatch(c -> c.name().equals(container));
    }

    private static Predicate<ClusterSnapshot> answers(String machine, boolean answering) {
        return s -> s.machine(machine).orElseThrow().answering() == answering;
    }

    @Test
    void looksAtOnceWhenADaemonTellsOfAChange() throws InterruptedException {
        begin("worker2", "web.1");
        await("the container", runs("worker2", "web.1"));
    }

    @Test
    void aSilentDaemonDoesNotHoldUpThePictureOfTheOthers() throws InterruptedException {
        begin("worker1", "web.1");
        await("the container", runs("worker1", "web.1"));
        engine.daemon("worker1").hang("/containers/json").hang("/networks").hang("/info");
        begin("worker2", "web.2");
        await("the other machine's container", runs("worker2", "web.2"));
        ClusterSnapshot given = await("worker1 is given up", answers("worker1", false));
        assertThat(given.machine("worker1").orElseThrow().error()).contains("does not answer");
        assertThat(given).as("what was seen last").matches(runs("worker1", "web.1"));
        begin("worker2", "web.3");
        await("the next one", runs("worker2", "web.3"));

        engine.daemon("worker1")
                .answerAgain("/containers/json")
                .answerAgain("/networks")
                .answerAgain("/info");
        await("worker1 answers again", answers("worker1", true));
    }

    @Test
    void showsTheContainersOfAManagerThatHoldsBackWhatItKnowsOfTheSwarm() throws InterruptedException {
        engine.daemon("leader1").hang("/nodes").hang("/info");
        begin("leader1", "web.1");
        ClusterSnapshot lost = await(
                "no leader, and its own container",
                runs("leader1", "web.1").and(s -> !s.swarm().orElseThrow().hasLeader()));
        MachineView leader1 = lost.machine("leader1").orElseThrow();
        assertThat(leader1.answering()).isTrue();
        assertThat(leader1.manager()).isTrue();
        assertThat(leader1.nodeId()).isEqualTo("n1");
        assertThat(leader1.error()).contains("does not answer");
        assertThat(lost.swarm().orElseThrow().nodes()).hasSize(3);
    }

    @Test
    void looksAtOnceWhenConsulTellsOfAChange() throws InterruptedException {
        try (var consul = new FakeConsul()) {
            engine.daemon("leader1")
                    .reply("/services", "[" + Fixtures.service("s1", "consul", 1, 8500, 8500) + "]")
                    .reply("/tasks", "[" + Fixtures.task("t1", "s1", 1, "n1", "running", "running", "10.1.9.5") + "]");
            consul.reply("/v1/status/leader", "\"10.1.9.5:8300\"")
                    .reply("/v1/agent/members", "[]")
                    .reply("/v1/operator/raft/configuration", "{\"Servers\":[],\"Index\":1}")
                    .reply("/v1/catalog/services", "{}");
            engine.publish("leader1", 8500, consul.at());
            engine.changed();
            await("Consul", s -> s.consul().isPresent());
            consul.awaitQuery("/v1/health/state/any 10");
            consul.reply("/v1/health/service/democonsul", """
                    [{"Node":{"Node":"leader1","Address":"10.1.9.5"},
                      "Service":{"ID":"i1","Service":"democonsul","Tags":[],"Address":"10.1.9.9","Port":80,"Meta":{}},
                      "Checks":[]}]""");
            consul.reply("/v1/catalog/services", "{\"democonsul\":[]}");
            consul.index(11);
            await(
                    "the instance",
                    s -> s.consul()
                            .map(c -> c.healthy("democonsul").size() == 1)
                            .orElse(false));
        }
    }
}
