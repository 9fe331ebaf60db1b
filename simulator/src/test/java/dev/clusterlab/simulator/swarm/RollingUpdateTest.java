package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services change step by step, and go back when the change does not work. */
class RollingUpdateTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Spec web(String image) {
        return Spec.service("web").replicas(4).image(image);
    }

    private static String updateState(SwarmLab lab) {
        Service.UpdateStatus status = lab.service("m1", "web").updateStatus();
        return status == null ? "" : status.state();
    }

    private static String updateMessage(SwarmLab lab) {
        Service.UpdateStatus status = lab.service("m1", "web").updateStatus();
        return status == null ? "" : status.message();
    }

    private static long running(SwarmLab lab, String image) {
        return lab.running("m1", "web").stream()
                .filter(task -> task.spec().container().image().equals(image))
                .count();
    }

    /** Most and fewest running tasks, whatever is wanted of them, until the update has ended. */
    private record Extent(long least, long most) {}

    private static Extent watch(SwarmLab lab) {
        long least = Long.MAX_VALUE;
        long most = 0;
        do {
            long count = lab.tasks("m1", "web").stream()
                    .filter(task -> task.state() == TaskState.RUNNING)
                    .count();
            least = Math.min(least, count);
            most = Math.max(most, count);
            lab.run(0.05);
        } while (updateState(lab).equals("updating") && lab.simulation.nowNanos() < 300_000_000_000L);
        return new Extent(least, most);
    }

    @Test
    void tasksAreReplacedOneAfterAnother() {
        SwarmLab lab = SwarmLab.swarm(1, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/web:2"));
        lab.until(() -> updateState(lab).equals("updating"));
        assertThat(updateMessage(lab)).isEqualTo("update in progress");
        assertThat(watch(lab)).as("one is missing at any time").isEqualTo(new Extent(3, 4));
        assertThat(updateState(lab)).isEqualTo("completed");
        assertThat(updateMessage(lab)).isEqualTo("update completed");
        assertThat(running(lab, "test/web:2")).isEqualTo(4);
        assertThat(lab.running("m1", "web").stream().map(Task::slotNumber).sorted())
                .containsExactly(1L, 2L, 3L, 4L);
        Service service = lab.service("m1", "web");
        assertThat(service.previousSpec()).isNotNull();
        assertThat(
                        service.updateStatus() == null
                                ? null
                                : service.updateStatus().completedAt())
                .isNotNull();
    }

    @Test
    void startFirstNeverGoesBelowTheWantedNumber() {
        SwarmLab lab = SwarmLab.swarm(2, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/web:2").update(1, Duration.ZERO, "pause", SECOND, "start-first"));
        lab.until(() -> updateState(lab).equals("updating"));
        // The one before is still on its way out, a second after it was told, when the next one begins.
        assertThat(watch(lab)).isEqualTo(new Extent(4, 6));
        assertThat(running(lab, "test/web:2")).isEqualTo(4);
    }

    @Test
    void parallelismAndDelayPaceTheUpdate() {
        SwarmLab lab = SwarmLab.swarm(3, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/web:2").update(0, Duration.ZERO, "pause", SECOND, "stop-first"));
        lab.until(() -> updateState(lab).equals("updating"));
        assertThat(watch(lab).least()).as("all at once").isZero();
        lab.update("m1", web("test/web:3").update(2, Duration.ofSeconds(10), "pause", SECOND, "stop-first"));
        lab.until(() -> running(lab, "test/web:3") == 2);
        assertThat(lab.secondsUntil(() -> running(lab, "test/web:3") == 4)).isGreaterThan(9.5);
        // The delay is waited for after the last task too; watching lasts a second longer than the delay.
        assertThat(lab.secondsUntil(() -> updateState(lab).equals("completed"))).isBetween(20.5, 21.5);
    }

    @Test
    void anUpdateEndsADelayAndAWatchAfterItsLastTask() {
        SwarmLab lab = SwarmLab.swarm(16, 1, 2);
        List.of("m1", "w1", "w2").forEach(machine -> lab.get(machine).loadImage("test/web:2"));
        lab.createRunning("m1", Spec.service("web").replicas(6), 6);
        lab.update(
                "m1",
                Spec.service("web")
                        .replicas(6)
                        .image("test/web:2")
                        .update(2, Duration.ofSeconds(10), "pause", Duration.ofSeconds(5), "stop-first"));
        // Three rounds, each with its delay of 10 s, then 11 s of watching (swarmkit manager/orchestrator/update).
        assertThat(lab.secondsUntil(() -> updateState(lab).equals("completed"))).isBetween(46.0, 47.2);
    }

    @Test
    void aFailureWithinTheLastDelayCountsWhenTheWatchBegins() {
        SwarmLab lab = SwarmLab.swarm(17, 1, 1);
        lab.createRunning("m1", Spec.service("web").replicas(1), 1);
        lab.update(
                "m1",
                Spec.service("web")
                        .image("test/failing")
                        .restart("any", Duration.ofSeconds(60), 0, null)
                        .update(1, Duration.ofSeconds(10), "pause", Duration.ofSeconds(5), "stop-first"));
        lab.until(() -> lab.tasks("m1", "web").stream().anyMatch(task -> task.state() == TaskState.FAILED));
        assertThat(lab.secondsUntil(() -> updateState(lab).equals("paused"))).isBetween(9.0, 10.5);
    }

    @Test
    void aTaskThatIsStoppedEarlyFailsTheUpdateToo() {
        SwarmLab lab = SwarmLab.swarm(18, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update(
                "m1",
                web("test/web:2").update(1, Duration.ofSeconds(2), "pause", Duration.ofSeconds(30), "stop-first"));
        lab.until(() -> running(lab, "test/web:2") == 1);
        Task fresh = lab.running("m1", "web").stream()
                .filter(task -> task.spec().container().image().equals("test/web:2"))
                .findFirst()
                .orElseThrow();
        lab.availability("m1", lab.machineOf(fresh).name(), "drain");
        lab.until(() -> updateState(lab).equals("paused"));
        assertThat(updateMessage(lab))
                .isEqualTo("update paused due to failure or early termination of task " + fresh.id());
    }

    @Test
    void goingBackKeepsTheTimeAtWhichTheUpdateBegan() {
        SwarmLab lab = SwarmLab.swarm(19, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/failing").update(1, Duration.ZERO, "rollback", SECOND, "stop-first"));
        lab.until(() -> updateState(lab).equals("updating"));
        Service.UpdateStatus begun = lab.service("m1", "web").updateStatus();
        lab.until(() -> updateState(lab).equals("rollback_completed"));
        Service.UpdateStatus over = lab.service("m1", "web").updateStatus();
        assertThat(over == null ? null : over.startedAt())
                .isNotNull()
                .isEqualTo(begun == null ? "" : begun.startedAt());
    }

    @Test
    void aFinishedTaskIsReplacedWhenItsSpecChanges() {
        SwarmLab lab = SwarmLab.swarm(20, 1, 1);
        Spec job = Spec.service("web").replicas(2).image("test/finishing").restart("on-failure", SECOND, 0, null);
        lab.create("m1", job);
        lab.until(() -> lab.tasks("m1", "web").stream().allMatch(task -> task.state() == TaskState.COMPLETE));
        lab.update("m1", job.image("test/web"));
        lab.until(() -> running(lab, "test/web") == 2);
        assertThat(lab.running("m1", "web").stream().map(Task::slotNumber)).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void aFailingUpdatePauses() {
        SwarmLab lab = SwarmLab.swarm(4, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/failing"));
        lab.until(() -> updateState(lab).equals("paused"));
        Task failed = lab.tasks("m1", "web").stream()
                .filter(task -> task.state() == TaskState.FAILED)
                .min(Comparator.comparingLong(Task::createdNanos))
                .orElseThrow();
        assertThat(updateMessage(lab))
                .isEqualTo("update paused due to failure or early termination of task " + failed.id());
        lab.run(60);
        assertThat(running(lab, "test/web")).as("the rest is left alone").isGreaterThanOrEqualTo(2);
        assertThat(updateState(lab)).isEqualTo("paused");
        // A better image ends it.
        lab.update("m1", web("test/web:2"));
        lab.until(() -> updateState(lab).equals("completed"));
        assertThat(running(lab, "test/web:2")).isEqualTo(4);
    }

    @Test
    void anImageThatCannotBeHadPausesToo() {
        SwarmLab lab = SwarmLab.swarm(5, 1, 1);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("nobody/nothing"));
        lab.until(() -> updateState(lab).equals("paused"));
        assertThat(running(lab, "test/web")).isEqualTo(3);
    }

    @Test
    void aFailingUpdateGoesBackIfToldSo() {
        SwarmLab lab = SwarmLab.swarm(6, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/failing").update(1, Duration.ZERO, "rollback", SECOND, "stop-first"));
        lab.until(() -> updateState(lab).startsWith("rollback"));
        assertThat(updateMessage(lab)).startsWith("update rolled back due to failure or early termination of task ");
        lab.until(() -> updateState(lab).equals("rollback_completed"));
        assertThat(updateMessage(lab)).isEqualTo("rollback completed");
        assertThat(running(lab, "test/web")).isEqualTo(4);
        assertThat(lab.service("m1", "web").spec().taskTemplate().container().image())
                .isEqualTo("test/web");
    }

    @Test
    void aFailingUpdateGoesOnIfToldSo() {
        SwarmLab lab = SwarmLab.swarm(7, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/failing").update(1, Duration.ZERO, "continue", SECOND, "stop-first"));
        lab.until(() -> updateState(lab).equals("completed"));
        assertThat(running(lab, "test/web")).isZero();
    }

    @Test
    void anOperatorCanGoBackAndForth() {
        SwarmLab lab = SwarmLab.swarm(8, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/web:2"));
        lab.until(() -> updateState(lab).equals("completed"));
        lab.tryUpdate("m1", "web", web("test/web:9").build(), true).orThrow();
        assertThat(updateMessage(lab)).isEqualTo("manually requested rollback");
        lab.until(() -> updateState(lab).equals("rollback_completed"));
        assertThat(running(lab, "test/web")).isEqualTo(4);
        lab.tryUpdate("m1", "web", web("test/web:9").build(), true).orThrow();
        lab.until(() -> running(lab, "test/web:2") == 4);
    }

    @Test
    void aFailingRollbackPauses() {
        SwarmLab lab = SwarmLab.swarm(9, 1, 1);
        lab.create("m1", web("test/failing").restart("none", null, 0, null));
        lab.run(5);
        lab.update("m1", web("test/web"));
        lab.until(() -> running(lab, "test/web") == 4);
        lab.run(10);
        lab.tryUpdate("m1", "web", web("test/web").build(), true).orThrow();
        lab.until(() -> updateState(lab).equals("rollback_paused"));
        assertThat(updateMessage(lab)).startsWith("rollback paused due to failure or early termination of task ");
        assertThat(running(lab, "test/web")).as("the rest is left alone").isGreaterThanOrEqualTo(2);
    }

    @Test
    void aForcedUpdateReplacesTasksThatAreAsTheyShall() {
        SwarmLab lab = SwarmLab.swarm(10, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        List<String> before = lab.running("m1", "web").stream().map(Task::id).toList();
        lab.update("m1", web("test/web").force(1));
        lab.until(() -> updateState(lab).equals("completed"));
        assertThat(lab.running("m1", "web").stream().map(Task::id)).hasSize(4).doesNotContainAnyElementsOf(before);
    }

    @Test
    void aChangeThatDoesNotConcernTheTasksReplacesNone() {
        SwarmLab lab = SwarmLab.swarm(11, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        List<String> before = lab.running("m1", "web").stream().map(Task::id).toList();
        lab.update("m1", web("test/web").label("team", "blue").update(2, SECOND, "pause", SECOND, "stop-first"));
        lab.run(20);
        assertThat(lab.running("m1", "web").stream().map(Task::id)).containsExactlyInAnyOrderElementsOf(before);
        assertThat(lab.service("m1", "web").spec().labels()).containsEntry("team", "blue");
        // A narrower placement moves only those that do not fit any more.
        lab.update("m1", web("test/web").constraint("node.role==worker"));
        lab.until(() -> lab.running("m1", "web").size() == 4
                && lab.runningOn("m1", "web", "m1").isEmpty()
                && !updateState(lab).equals("updating"));
        assertThat(lab.running("m1", "web").stream().map(Task::id).filter(before::contains))
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aSecondUpdateTakesTheFirstOnesPlace() {
        SwarmLab lab = SwarmLab.swarm(12, 1, 2);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/web:2").update(1, Duration.ofSeconds(10), "pause", SECOND, "stop-first"));
        lab.until(() -> running(lab, "test/web:2") == 1);
        lab.update("m1", web("test/web:3"));
        lab.until(() -> updateState(lab).equals("completed"));
        assertThat(running(lab, "test/web:3")).isEqualTo(4);
    }

    @Test
    void anUpdateGoesOnUnderTheNextLeader() {
        SwarmLab lab = SwarmLab.swarm(13, 3, 2);
        lab.createRunning("m1", web("test/web").constraint("node.role==worker"), 4);
        lab.update(
                "m1",
                web("test/web:2")
                        .constraint("node.role==worker")
                        .update(1, Duration.ofSeconds(5), "pause", SECOND, "stop-first"));
        lab.until(() -> running(lab, "test/web:2") == 1);
        lab.kill("m1");
        lab.until(() -> lab.leaders().size() == 1);
        String leader = lab.leader();
        lab.until(() -> lab.service(leader, "web").updateStatus() instanceof Service.UpdateStatus status
                && status.state().equals("completed"));
        assertThat(lab.running(leader, "web"))
                .hasSize(4)
                .allMatch(task -> task.spec().container().image().equals("test/web:2"));
    }

    @Test
    void aGlobalServiceIsUpdatedNodeByNode() {
        SwarmLab lab = SwarmLab.swarm(14, 1, 3);
        lab.createRunning("m1", Spec.service("web").global(), 4);
        lab.update("m1", Spec.service("web").global().image("test/web:2"));
        lab.until(() -> updateState(lab).equals("updating"));
        assertThat(watch(lab)).isEqualTo(new Extent(3, 4));
        assertThat(running(lab, "test/web:2")).isEqualTo(4);
        assertThat(lab.running("m1", "web").stream().map(Task::nodeId).distinct())
                .hasSize(4);
    }

    @Test
    void unhealthyTasksFailTheUpdate() {
        SwarmLab lab = SwarmLab.swarm(15, 1, 1);
        lab.createRunning("m1", web("test/web"), 4);
        lab.update("m1", web("test/web:2").health(SECOND, 2, "nosuchcommand"));
        lab.until(() -> updateState(lab).equals("paused"));
        assertThat(running(lab, "test/web")).isEqualTo(3);
    }
}
