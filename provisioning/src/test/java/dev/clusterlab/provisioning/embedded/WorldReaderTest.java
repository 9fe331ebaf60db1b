package dev.clusterlab.provisioning.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.EmbeddedLab;
import dev.clusterlab.provisioning.observe.ObserverService;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.swarm.MachineReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The embedded engine is read from inside: exact instants, no trace in history, and only what has changed. */
class WorldReaderTest {
    private static final List<String> THREE = List.of("leader1", "worker1", "worker2");

    @Test
    void anEventHasTheInstantAtWhichTheManagersKnewIt() throws InterruptedException {
        try (var lab = new EmbeddedLab(1)) {
            lab.swarm(1, THREE);
            var events = new ArrayList<ClusterEvent>();
            var running = new HashMap<String, Duration>();
            watchTasks(lab.engine, running);
            try (var observer = new ObserverService(lab.engine)) {
                observer.onSnapshot((snapshot, news) -> events.addAll(news));
                web(lab, 3);
                lab.pass(Duration.ofSeconds(20));
                observer.observe();
            }
            Map<String, Duration> told = new HashMap<>();
            for (ClusterEvent event : events) {
                if (event instanceof ClusterEvent.TaskStarted started) {
                    told.put(started.task().id(), started.stamp().at());
                    assertThat(started.stamp().seen())
                            .isEqualTo(lab.engine.clock().elapsed());
                }
            }
            assertThat(told).hasSize(3).isEqualTo(running);
        }
    }

    /** Looks after every event at what the leader keeps, independently of any reader. */
    private static void watchTasks(EmbeddedEngine engine, Map<String, Duration> running) {
        var driver = engine.cluster().driver();
        var world = engine.cluster().world();
        driver.atEndsOfInstants(() -> true, () -> {
            MachineReading leader = world.machine("leader1").orElseThrow().reading();
            for (Task task : leader.tasks()) {
                if (task.state() == dev.clusterlab.simulator.docker.api.TaskState.RUNNING) {
                    running.putIfAbsent(task.id(), driver.simulation().elapsed());
                }
            }
        });
    }

    private static void web(EmbeddedLab lab, int replicas) {
        lab.post(
                "leader1",
                "/services/create",
                "{\"Name\": \"web\", \"Mode\": {\"Replicated\": {\"Replicas\": " + replicas
                        + "}}, \"TaskTemplate\": {\"ContainerSpec\":"
                        + " {\"Image\": \"alpine\", \"Command\": [\"sleep\", \"1d\"]}}}");
    }

    @Test
    void whatHappensWithinALongWaitIsToldInItsOrderWithItsInstants() throws InterruptedException {
        try (var lab = new EmbeddedLab(2);
                var observer = ObserverService.of(lab.engine, lab.faults)) {
            lab.swarm(1, THREE);
            web(lab, 1);
            lab.pass(Duration.ofSeconds(20));
            observer.observe();
            var events = new ArrayList<ClusterEvent>();
            observer.onSnapshot((snapshot, news) -> events.addAll(news));
            Duration began = lab.engine.clock().elapsed();
            lab.scale("leader1", "web", 6);
            lab.pass(Duration.ofSeconds(10));
            lab.faults.inject(new Fault.MachinePause("worker1", Optional.of(Duration.ofSeconds(30))));
            lab.pass(Duration.ofSeconds(60));
            observer.observe();

            assertThat(events).extracting(e -> e.stamp().at()).isSorted();
            assertThat(events).extracting(e -> e.stamp().number()).isSorted().doesNotHaveDuplicates();
            assertThat(events)
                    .filteredOn(e -> e instanceof ClusterEvent.TaskStarted)
                    .as("five start within the ten seconds of the command, and those of the frozen machine elsewhere")
                    .hasSizeGreaterThanOrEqualTo(5)
                    .anySatisfy(e -> assertThat(e.stamp().at()).isBetween(began, began.plusSeconds(10)));
            Duration froze = began.plusSeconds(10);
            assertThat(events)
                    .filteredOn(e -> e instanceof ClusterEvent.FaultBegan || e instanceof ClusterEvent.FaultEnded)
                    .extracting(e -> e.stamp().at().minus(froze).toSeconds())
                    .containsExactly(0L, 30L);
            ClusterEvent thawed = events.stream()
                    .filter(e -> e instanceof ClusterEvent.FaultEnded)
                    .findFirst()
                    .orElseThrow();
            assertThat(events)
                    .filteredOn(e -> e instanceof ClusterEvent.MachineStateChanged)
                    .extracting(e -> e.stamp().at())
                    .containsExactly(
                            events.stream()
                                    .filter(e -> e instanceof ClusterEvent.FaultBegan)
                                    .findFirst()
                                    .orElseThrow()
                                    .stamp()
                                    .at(),
                            thawed.stamp().at());
        }
    }

    @Test
    void whetherSomebodyObservesMakesNoDifferenceToHistory() throws InterruptedException {
        for (long seed : List.of(3L, 4L)) {
            assertThat(history(seed, false)).isEqualTo(history(seed, true));
        }
    }

    /** What has happened in the end, and in how many events. */
    private static String history(long seed, boolean observed) throws InterruptedException {
        try (var lab = new EmbeddedLab(seed)) {
            ObserverService observer = observed ? ObserverService.of(lab.engine, lab.faults) : null;
            lab.swarm(3, List.of("leader1", "leader2", "leader3", "worker1"));
            look(observer);
            lab.platform("leader1");
            look(observer);
            lab.faults.inject(new Fault.MachineKill("leader2"));
            for (int i = 0; i < 40; i++) {
                lab.pass(Duration.ofSeconds(1));
                look(observer);
            }
            var driver = lab.engine.cluster().driver();
            String digest =
                    driver.call(() -> Long.toHexString(driver.simulation().digest()) + ", "
                            + driver.simulation().executedEvents() + " events at "
                            + driver.simulation().nowNanos() + ", next "
                            + driver.simulation().nextEventNanos() + ", "
                            + lab.engine.cluster().world().changeCount() + " changes");
            try (var reader = lab.engine.reader()) {
                ClusterSnapshot.SwarmView swarm =
                        reader.read(true).getLast().parts().swarm().orElseThrow();
                digest += swarm.nodes() + " "
                        + swarm.tasks().stream()
                                .filter(t -> t.state() == TaskState.RUNNING)
                                .map(TaskView::since)
                                .toList();
            }
            if (observer != null) {
                observer.close();
            }
            return digest;
        }
    }

    private static void look(@org.jspecify.annotations.Nullable ObserverService observer) {
        if (observer != null) {
            observer.observe();
        }
    }

    @Test
    void aLookTakesNoTimeAndReadsNothingAgainThatHasNotChanged() throws InterruptedException {
        try (var lab = new EmbeddedLab(5);
                var observer = new ObserverService(lab.engine)) {
            lab.swarm(1, THREE);
            web(lab, 2);
            lab.pass(Duration.ofSeconds(20));
            ClusterSnapshot first = observer.observe();
            Duration before = lab.engine.clock().elapsed();
            ClusterSnapshot second = observer.observe();
            assertThat(lab.engine.clock().elapsed()).isEqualTo(before);
            assertThat(second.machines()).isSameAs(first.machines());
            assertThat(second.swarm().orElseThrow()).isSameAs(first.swarm().orElseThrow());
        }
    }

    @Test
    void theWorkAfterAChangeOfOneMachineDoesNotGrowWithTheirNumber() throws InterruptedException {
        ReadCounts few = workOfOneChange(20);
        ReadCounts many = workOfOneChange(200);
        assertThat(few.machines()).as("something was read").isPositive();
        assertThat(many.machines()).isEqualTo(few.machines());
        assertThat(many.records()).isEqualTo(few.records());
    }

    /** How much is read after a container of one worker has been created, among so many. */
    private static ReadCounts workOfOneChange(int machines) throws InterruptedException {
        try (var lab = new EmbeddedLab(6)) {
            lab.engine.createMachines(IntStream.rangeClosed(1, machines)
                    .mapToObj(i -> "machine" + i)
                    .toList());
            lab.post("machine1", "/images/create?fromImage=alpine&tag=latest", "{}");
            try (WorldReader reader = lab.engine.reader()) {
                reader.read(true);
                ReadCounts before = reader.counts();
                lab.post("machine1", "/containers/create?name=one", "{\"Image\": \"alpine\", \"Cmd\": [\"true\"]}");
                assertThat(reader.read(true)).hasSize(1);
                ReadCounts after = reader.counts();
                return new ReadCounts(after.machines() - before.machines(), after.records() - before.records());
            }
        }
    }
}
