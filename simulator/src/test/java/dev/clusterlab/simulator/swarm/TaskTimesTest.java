package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.seeds.Percentiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Where and when the swarm makes tasks, and which it leaves alone; beside a real swarm, and SwarmKit's sources. */
class TaskTimesTest {
    private static final SwarmTimes TIMES = new SwarmTimes("swarm-task-times");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @AfterAll
    static void writeReport() {
        TIMES.write();
    }

    private static Spec web(int replicas) {
        return Spec.service("web").replicas(replicas);
    }

    private static List<String> ids(List<Task> tasks) {
        return tasks.stream().map(Task::id).toList();
    }

    private static long ended(SwarmLab lab, TaskState state) {
        return lab.tasks("m1", "web").stream()
                .filter(task -> task.state() == state)
                .count();
    }

    @Test
    void sixDaemonsThatAreStartedOneAfterAnotherAnswer() {
        Percentiles seconds = TIMES.comparedFromNothing(
                "six machines started one after another → the last one's daemon answers", "4.1", lab -> {
                    for (int i = 1; i <= 6; i++) {
                        lab.machine("m" + i);
                    }
                    return lab.simulation.nowNanos() / 1e9;
                });
        assertThat(seconds.shareWithin(3.7, 4.5)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(4.0, 4.2);
    }

    @Test
    void tasksAreSpreadEvenlyAndStayWhereTheyAre() {
        String real = "1 each; then 2 on 4 nodes and 1 on 2";
        List<String> outcomes = TIMES.outcomes("6, then 10, tasks over 6 empty nodes", real, lab -> {
            lab.createRunning("m1", web(6), 6);
            assertThat(perNode(lab)).isEqualTo("1 1 1 1 1 1");
            List<String> first = ids(lab.running("m1", "web"));
            lab.scale("m1", "web", 10);
            lab.until(() -> lab.runs("m1", "web", 10));
            assertThat(ids(lab.running("m1", "web"))).containsAll(first);
            assertThat(perNode(lab)).isEqualTo("1 1 2 2 2 2");
            return "the same";
        });
        assertThat(outcomes).containsOnly("the same");
    }

    /** How many tasks run on each node, ascending. */
    private static String perNode(SwarmLab lab) {
        return lab.world.machines().stream()
                .map(machine -> lab.runningOn("m1", "web", machine.name()).size())
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    @Test
    void aWorkerThatIsBackGetsNoneOfItsTasksBack() {
        List<String> outcomes =
                TIMES.outcomes("killed worker back for two minutes → tasks moved back to it", "none", lab -> {
                    lab.createRunning("m1", web(10), 10);
                    lab.kill("w1");
                    lab.until(() -> lab.state("m1", "w1").equals("down")
                            && lab.runs("m1", "web", 10)
                            && lab.runningOn("m1", "web", "w1").isEmpty());
                    List<String> elsewhere = ids(lab.running("m1", "web"));
                    lab.get("w1").start();
                    lab.until(() -> lab.state("m1", "w1").equals("ready"));
                    lab.run(120);
                    assertThat(ids(lab.running("m1", "web"))).containsExactlyInAnyOrderElementsOf(elsewhere);
                    return lab.runningOn("m1", "web", "w1").isEmpty() ? "none" : "some";
                });
        assertThat(outcomes).containsOnly("none");
    }

    /** A task that is rejected within its own delay is replaced after it (swarmkit manager/orchestrator/restart). */
    @Test
    void anImageThatCannotBeHadIsTriedOnceInFiveSeconds() {
        Percentiles seconds =
                TIMES.compared("a wrong image: from one attempt to the next", "about 5, by source", lab -> {
                    lab.create("m1", Spec.service("web").image("nobody/nothing"));
                    Set<Long> made = new TreeSet<>();
                    for (int i = 0; i < 8; i++) {
                        lab.run(5);
                        lab.tasks("m1", "web").forEach(task -> made.add(task.createdNanos()));
                    }
                    List<Long> attempts = new ArrayList<>(made);
                    // The first has no delay; with it they are at once, soon after, and then one every five seconds.
                    assertThat(attempts).hasSizeBetween(8, 10);
                    int last = attempts.size() - 1;
                    return (attempts.get(last) - attempts.get(1)) / 1e9 / (last - 1);
                });
        assertThat(seconds.shareWithin(5.0, 5.8)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(5.0, 5.5);
    }

    /**
     * Managers' agents use their own managers, which know the next leader at once (swarmkit node/node.go). A worker asks
     * managers by chance: all have failed it until there is a leader, so that it finds the dead one as often as others, and
     * then loses 5 s and a pause of up to 8 s (agent/session.go, remotes/remotes.go). Whom the new leader has not heard of
     * within 27 to 33 s is down.
     */
    @Test
    void noHealthyManagerIsCalledDownAfterALeadersLossAndFewWorkers() {
        List<Set<String>> down = TIMES.each(TaskTimesTest::calledDown);
        List<String> managers = TIMES.outcomes(
                "leader of 3 killed → other managers called `down` in two minutes",
                "none, by source",
                down.stream()
                        .map(nodes -> nodes.contains("m2") || nodes.contains("m3") ? "some" : "none")
                        .toList());
        List<String> workers = TIMES.outcomes(
                "leader of 3 killed → workers called `down` in two minutes, all ready at their end",
                "who finds the dead manager again and again, by source",
                down.stream()
                        .map(nodes -> nodes.stream().anyMatch(node -> node.startsWith("w")) ? "one" : "none")
                        .toList());
        assertThat(managers).containsOnly("none");
        assertThat(workers.stream().filter(outcome -> !outcome.equals("none")).count())
                .isLessThanOrEqualTo(workers.size() / 10);
    }

    /** Kills the leader; which of the others any manager calls down within two minutes. */
    private static Set<String> calledDown(SwarmLab lab) {
        Set<String> down = new TreeSet<>();
        List<String> others = List.of("m2", "m3", "w1", "w2", "w3");
        lab.kill("m1");
        for (int i = 0; i < 240; i++) {
            lab.run(0.5);
            others.stream()
                    .filter(node -> lab.state("m2", node).equals("down")
                            || lab.state("m3", node).equals("down"))
                    .forEach(down::add);
        }
        assertThat(lab.state("m2", "m1")).isEqualTo("down");
        assertThat(others).allMatch(node -> lab.state("m2", node).equals("ready"));
        return down;
    }

    /** The delay is waited for after the last tasks too, then a second longer than it (manager/orchestrator/update). */
    @Test
    void aRollingUpdateEndsADelayAndAWatchAfterItsLastTasks() {
        Percentiles seconds = TIMES.compared(
                "6 replicas updated, parallelism 2, delay 10 s → `completed`", "about 46.5, by source", lab -> {
                    lab.world.machines().forEach(machine -> machine.loadImage("test/web:2"));
                    lab.createRunning("m1", web(6), 6);
                    lab.update(
                            "m1",
                            web(6).image("test/web:2")
                                    .update(2, Duration.ofSeconds(10), "pause", Duration.ofSeconds(5), "stop-first"));
                    return lab.secondsUntil(() -> lab.store("m1").serviceNamed("web") instanceof Service service
                            && service.updateStatus() instanceof Service.UpdateStatus status
                            && status.state().equals("completed"));
                });
        // Three rounds of a stop, a start and 10 s, then 11 s of watching.
        assertThat(seconds.shareWithin(45.5, 47.5)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(46.0, 47.2);
    }

    /**
     * A second until the task's manager looks again, two out of the service's names, then the signal (swarmkit agent/task.go,
     * moby daemon/cluster/executor/container). Measured with a program that takes 0.4 s to end, which is not counted here.
     */
    @Test
    void aTaskThatIsReplacedStopsThreeSecondsAfterTheOrder() {
        Percentiles seconds = TIMES.compared("stop-first update → the replacement runs", "3.8 – 4.0", lab -> {
            lab.world.machines().forEach(machine -> machine.loadImage("test/web:2"));
            lab.overlay("m1", "front", "");
            lab.createRunning("m1", web(2).network("front"), 2);
            lab.update(
                    "m1",
                    web(2).network("front")
                            .image("test/web:2")
                            .update(2, Duration.ZERO, "pause", SECOND, "stop-first"));
            return lab.secondsUntil(() -> lab.runs("m1", "web", 2)
                    && lab.running("m1", "web").stream()
                            .allMatch(task -> image(task).equals("test/web:2")));
        });
        assertThat(seconds.shareWithin(3.6, 4.2)).isEqualTo(1);
        assertThat(seconds.at(50)).isBetween(3.8, 4.0);
    }

    @Test
    void aTaskThatIsScaledAwayStopsAsSlowly() {
        Percentiles seconds = TIMES.compared("scaled from 4 to 2 → the two have stopped", "3.0 – 3.2", lab -> {
            lab.overlay("m1", "front", "");
            lab.createRunning("m1", web(4).network("front"), 4);
            lab.scale("m1", "web", 2);
            return lab.secondsUntil(() -> lab.world.machines().stream()
                            .flatMap(machine -> lab.taskContainers(machine.name()).stream())
                            .filter(DockerContainer::running)
                            .count()
                    == 2);
        });
        assertThat(seconds.shareWithin(3.0, 3.4)).isEqualTo(1);
    }

    private static String image(Task task) {
        return task.spec().container().image();
    }

    /** What finished well and is not to be replaced counts as there (manager/orchestrator/replicated, updatable slots). */
    @Test
    void whatFinishedWellDoesNotRunAgain() {
        List<String> outcomes = TIMES.outcomes(
                "`on-failure` tasks that finished, after a label and a scaling → run again", "none, by source", lab -> {
                    Spec job = web(4).image("test/finishing").restart("on-failure", SECOND, 0, null);
                    lab.create("m1", job);
                    lab.until(() -> ended(lab, TaskState.COMPLETE) == 4);
                    lab.update("m1", job.label("team", "blue"));
                    lab.run(10);
                    lab.scale("m1", "web", 6);
                    lab.until(() -> ended(lab, TaskState.COMPLETE) == 6);
                    lab.run(20);
                    return lab.tasks("m1", "web").size() == 6 ? "none" : "some";
                });
        assertThat(outcomes).containsOnly("none");
    }

    /**
     * What ran there is removed once it has stopped, and what had ended before with the next change of the service
     * (manager/orchestrator/replicated, dead slots).
     */
    @Test
    void slotsThatWereScaledAwayLeaveTheList() {
        List<String> outcomes = TIMES.outcomes(
                "scaled from 6 to 3, with a history, and a label → tasks of the 3 slots in `service ps`",
                "none, by source",
                lab -> {
                    Spec six = web(6).restart("any", SECOND, 0, null);
                    lab.createRunning("m1", six, 6);
                    lab.running("m1", "web").forEach(lab::killContainer);
                    lab.until(() -> ended(lab, TaskState.FAILED) == 6 && lab.runs("m1", "web", 6));
                    lab.scale("m1", "web", 3);
                    lab.until(() -> lab.runs("m1", "web", 3));
                    lab.run(20);
                    lab.update("m1", six.replicas(3).label("team", "blue"));
                    lab.run(1);
                    List<Task> left = lab.tasks("m1", "web");
                    Set<Long> slots = lab.running("m1", "web").stream()
                            .map(Task::slotNumber)
                            .collect(Collectors.toSet());
                    assertThat(left).hasSize(6);
                    return left.stream().allMatch(task -> slots.contains(task.slotNumber())) ? "none" : "some";
                });
        assertThat(outcomes).containsOnly("none");
    }
}
