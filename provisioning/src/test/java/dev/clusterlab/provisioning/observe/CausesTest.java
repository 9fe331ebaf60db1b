package dev.clusterlab.provisioning.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CausesTest {
    private static final Instant START = Instant.parse("2026-01-01T09:00:00Z");
    private static final String ADDRESS = "10.1.9.7";
    private static final Subject.OfInstance INSTANCE =
            new Subject.OfInstance("democonsul:instance_1", "democonsul", "worker1");
    private static final ClusterSnapshot NOTHING = ClusterSnapshot.empty(START);

    private final EventMemory memory = new EventMemory();

    private static TaskView task(String id, TaskState state, long second, boolean live) {
        return new TaskView(
                id,
                "s1",
                "web",
                1,
                "n1",
                "worker1",
                state,
                TaskState.RUNNING,
                "",
                "",
                "c-" + id,
                START.plusSeconds(second),
                Map.of("multi-host-net", ADDRESS),
                live,
                Map.of());
    }

    private static ClusterSnapshot with(TaskView... tasks) {
        List<NodeView> nodes = Stream.of("n1", "n2")
                .map(id -> new NodeView(
                        id,
                        id.equals("n1") ? "worker1" : "worker2",
                        "",
                        NodeRole.WORKER,
                        NodeState.READY,
                        Availability.ACTIVE,
                        false,
                        Reachability.NONE,
                        "",
                        Map.of(),
                        Map.of()))
                .toList();
        var swarm = new SwarmView("s", "m", true, "m", nodes, List.of(), List.of(tasks), List.of());
        return new ClusterSnapshot(
                START,
                Duration.ZERO,
                List.of(),
                Optional.of(swarm),
                Optional.empty(),
                List.of(),
                List.of(),
                NOTHING.traffic(),
                NOTHING.reach());
    }

    private Causes between(ClusterSnapshot before, ClusterSnapshot after) {
        return new Causes(before, after, List.of(), memory);
    }

    private long ended(String task) {
        long number = memory.nextNumber();
        memory.remember(new ClusterEvent.TaskGivenUp(
                new Stamp(number, Duration.ofSeconds(5), Duration.ofSeconds(5), List.of()),
                new Subject.OfTask(task, "web.1"),
                "worker1"));
        return number;
    }

    /** Addresses are given again: the task that lost it earlier is not why its next owner is in trouble. */
    @Test
    void whatHappenedToAnAddresssFormerTaskIsNoCause() {
        ended("old");
        ClusterSnapshot now = with(task("old", TaskState.FAILED, 5, false), task("new", TaskState.RUNNING, 20, true));
        between(NOTHING, now).registered(INSTANCE, ADDRESS);
        assertThat(between(now, now).ofInstance(INSTANCE, ADDRESS)).isEmpty();
        assertThat(between(now, now).ofAddress(ADDRESS, "worker1")).isEmpty();
    }

    @Test
    void anInstanceWhoseTaskEndedIsBlamedOnThatThoughAnotherHasItsAddressNow() {
        ClusterSnapshot first = with(task("old", TaskState.RUNNING, 1, true));
        between(NOTHING, first).registered(INSTANCE, ADDRESS);
        long number = ended("old");
        ClusterSnapshot now = with(task("new", TaskState.RUNNING, 20, true));
        assertThat(between(first, now).ofInstance(INSTANCE, ADDRESS)).contains(new Cause.ByEvent(number));
        assertThat(between(now, now).ofInstance(INSTANCE, ADDRESS)).contains(new Cause.ByEvent(number));
    }

    @Test
    void whereTheTaskIsNotKnownTheLastThatHadTheAddressIsAsked() {
        ended("older");
        long number = ended("old");
        ClusterSnapshot now = with(task("older", TaskState.FAILED, 3, false), task("old", TaskState.FAILED, 9, false));
        assertThat(between(NOTHING, now).ofInstance(INSTANCE, ADDRESS)).contains(new Cause.ByEvent(number));
    }
}
