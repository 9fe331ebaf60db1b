package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens when tasks end: replacement, restart policies, history, stopping, health. */
class RestartTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static long ended(SwarmLab lab, String service, TaskState state) {
        return lab.tasks("m1", service).stream()
                .filter(task -> task.state() == state)
                .count();
    }

    @Test
    void aKilledContainersTaskFailsWithItsStatus() {
        SwarmLab lab = SwarmLab.swarm(1, 1, 1);
        lab.createRunning("m1", Spec.service("web"), 1);
        Task old = lab.running("m1", "web").get(0);
        lab.killContainer(old);
        lab.until(() -> lab.runs("m1", "web", 1)
                && !lab.running("m1", "web").get(0).id().equals(old.id()));
        Task now = lab.store("m1").task(old.id());
        assertThat(now).isNotNull();
        if (now != null) {
            assertThat(now.state()).isEqualTo(TaskState.FAILED);
            assertThat(now.desiredState()).isEqualTo(TaskState.SHUTDOWN);
            assertThat(now.status().err()).isEqualTo("task: non-zero exit (137)");
            assertThat(now.status().containerStatus()).isNotNull();
        }
        assertThat(lab.running("m1", "web").get(0).slot()).isEqualTo(old.slot());
    }

    @Test
    void theReplacementIsReadyDuringTheDelayAndRunsAfterIt() {
        SwarmLab lab = SwarmLab.swarm(2, 1, 1);
        lab.createRunning("m1", Spec.service("web").restart("any", Duration.ofSeconds(12), 0, null), 1);
        Task old = lab.running("m1", "web").get(0);
        lab.killContainer(old);
        double failed = lab.secondsUntil(() -> lab.tasks("m1", "web").stream()
                .anyMatch(task -> task.state() == TaskState.READY && task.desiredState() == TaskState.READY));
        assertThat(failed).isLessThan(1.5);
        assertThat(lab.secondsUntil(() -> lab.runs("m1", "web", 1))).isBetween(11.0, 13.0);
    }

    @Test
    void conditionNoneReplacesNothing() {
        SwarmLab lab = SwarmLab.swarm(3, 1, 1);
        lab.createRunning("m1", Spec.service("web").replicas(2).restart("none", null, 0, null), 2);
        lab.killContainer(lab.running("m1", "web").get(0));
        lab.run(60);
        assertThat(lab.running("m1", "web")).hasSize(1);
        assertThat(lab.tasks("m1", "web")).hasSize(2);
        lab.kill("w1");
        lab.run(60);
        assertThat(lab.tasks("m1", "web")).as("lost nodes are no reason either").hasSize(2);
    }

    @Test
    void conditionOnFailureLeavesWhatFinishedWell() {
        SwarmLab lab = SwarmLab.swarm(4, 1, 0);
        lab.create("m1", Spec.service("job").image("test/finishing").restart("on-failure", SECOND, 0, null));
        lab.create("m1", Spec.service("broken").image("test/failing").restart("on-failure", SECOND, 0, null));
        lab.create("m1", Spec.service("again").image("test/finishing").restart("any", SECOND, 0, null));
        lab.run(30);
        assertThat(ended(lab, "job", TaskState.COMPLETE)).isEqualTo(1);
        assertThat(lab.tasks("m1", "job")).hasSize(1);
        assertThat(lab.tasks("m1", "job").get(0).status().message()).isEqualTo("finished");
        assertThat(ended(lab, "broken", TaskState.FAILED)).isGreaterThan(3);
        assertThat(ended(lab, "again", TaskState.COMPLETE)).isGreaterThan(3);
    }

    @Test
    void whatFinishedWellIsLeftAloneByScalingAndByLabels() {
        SwarmLab lab = SwarmLab.swarm(20, 1, 1);
        Spec job = Spec.service("job").replicas(2).image("test/finishing").restart("on-failure", SECOND, 0, null);
        lab.create("m1", job);
        lab.until(() -> ended(lab, "job", TaskState.COMPLETE) == 2);
        lab.update("m1", job.label("team", "blue"));
        lab.run(20);
        assertThat(lab.tasks("m1", "job")).hasSize(2);
        lab.scale("m1", "job", 3);
        lab.until(() -> ended(lab, "job", TaskState.COMPLETE) == 3);
        lab.run(20);
        assertThat(lab.tasks("m1", "job").stream().map(Task::slotNumber)).containsExactlyInAnyOrder(1L, 2L, 3L);
        lab.scale("m1", "job", 1);
        lab.until(() -> lab.tasks("m1", "job").size() == 1);
    }

    @Test
    void aGlobalTaskThatFinishedWellIsLeftAloneToo() {
        SwarmLab lab = SwarmLab.swarm(21, 1, 1);
        Spec job = Spec.service("job").global().image("test/finishing").restart("on-failure", SECOND, 0, null);
        lab.create("m1", job);
        lab.until(() -> ended(lab, "job", TaskState.COMPLETE) == 2);
        lab.update("m1", job.label("team", "blue"));
        lab.label("m1", "w1", "disk", "ssd");
        lab.run(20);
        assertThat(lab.tasks("m1", "job")).hasSize(2);
    }

    @Test
    void theHistoryOfSlotsThatWereScaledAwayGoesWithTheNextChangeOfTheService() {
        SwarmLab lab = SwarmLab.swarm(22, 1, 1);
        lab.createRunning("m1", Spec.service("web").replicas(3).restart("any", SECOND, 0, null), 3);
        Task third = lab.running("m1", "web").stream()
                .filter(task -> task.slotNumber() == 3)
                .findFirst()
                .orElseThrow();
        lab.killContainer(third);
        lab.until(() -> lab.runs("m1", "web", 3) && ended(lab, "web", TaskState.FAILED) == 1);
        lab.scale("m1", "web", 2);
        lab.until(() -> lab.tasks("m1", "web").stream().noneMatch(task -> task.desiredState() == TaskState.REMOVE));
        lab.scale("m1", "web", 1);
        lab.until(() -> lab.tasks("m1", "web").size() == 1);
        assertThat(lab.tasks("m1", "web").get(0).slotNumber()).isEqualTo(1);
    }

    @Test
    void anImageThatCannotBeHadIsTriedOnceADelay() {
        SwarmLab lab = SwarmLab.swarm(23, 1, 1);
        lab.create("m1", Spec.service("web").image("nobody/nothing"));
        lab.run(61);
        // One at once, then one every 5 s: a task that is rejected within its own delay is replaced after it.
        List<Long> made =
                lab.tasks("m1", "web").stream().map(Task::createdNanos).sorted().toList();
        assertThat(made).hasSize(5);
        for (int i = 1; i < made.size(); i++) {
            assertThat((made.get(i) - made.get(i - 1)) / 1e9).isBetween(4.9, 6.0);
        }
        lab.update("m1", Spec.service("web"));
        lab.until(() -> lab.runs("m1", "web", 1));
    }

    @Test
    void theNextLeaderKnowsHowManyAttemptsWereMade() {
        SwarmLab lab = SwarmLab.swarm(24, 3, 0);
        lab.create("m1", Spec.service("broken").image("test/failing").restart("any", Duration.ofSeconds(20), 2, null));
        lab.until(() -> ended(lab, "broken", TaskState.FAILED) == 1);
        lab.kill("m1");
        lab.until(() -> lab.leaders().size() == 1);
        String leader = lab.leader();
        lab.run(180);
        assertThat(lab.tasks(leader, "broken").stream().filter(task -> task.state() == TaskState.FAILED))
                .as("the first and two more")
                .hasSize(3);
    }

    @Test
    void attemptsAreCountedPerSlot() {
        SwarmLab lab = SwarmLab.swarm(5, 1, 1);
        lab.create(
                "m1", Spec.service("broken").image("test/failing").replicas(2).restart("any", SECOND, 3, null));
        lab.run(60);
        assertThat(ended(lab, "broken", TaskState.FAILED))
                .as("the first and three more, twice")
                .isEqualTo(8);
        // A new spec begins a new count.
        lab.update("m1", Spec.service("broken").image("test/web").replicas(2).restart("any", SECOND, 3, null));
        lab.until(() -> lab.runs("m1", "broken", 2));
    }

    @Test
    void attemptsOutsideTheWindowAreForgotten() {
        SwarmLab lab = SwarmLab.swarm(6, 1, 0);
        lab.createRunning("m1", Spec.service("web").restart("any", SECOND, 2, Duration.ofSeconds(20)), 1);
        for (int round = 0; round < 4; round++) {
            lab.killContainer(lab.running("m1", "web").get(0));
            lab.until(() -> lab.runs("m1", "web", 0));
            lab.until(() -> lab.runs("m1", "web", 1));
            lab.run(12);
        }
        for (int round = 0; round < 2; round++) {
            lab.killContainer(lab.running("m1", "web").get(0));
            lab.run(3);
        }
        lab.run(30);
        assertThat(lab.running("m1", "web"))
                .as("three ends within twenty seconds")
                .isEmpty();
    }

    @Test
    void fiveTasksOfEachSlotAreRemembered() {
        SwarmLab lab = SwarmLab.swarm(7, 1, 0);
        lab.create(
                "m1", Spec.service("broken").image("test/failing").replicas(2).restart("any", SECOND, 0, null));
        lab.run(60);
        for (long slot : List.of(1L, 2L)) {
            assertThat(lab.tasks("m1", "broken").stream().filter(task -> task.slotNumber() == slot))
                    .hasSizeBetween(5, 6);
        }
        lab.until(() -> lab.taskContainers("m1").size() <= 12);
    }

    @Test
    void aStubbornProcessIsKilledAfterItsGrace() {
        SwarmLab lab = SwarmLab.swarm(8, 1, 0);
        lab.createRunning("m1", Spec.service("mule").image("test/stubborn"), 1);
        lab.removeService("m1", "mule");
        assertThat(lab.secondsUntil(() -> lab.taskContainers("m1").isEmpty())).isBetween(11.0, 12.0);
        lab.createRunning("m1", Spec.service("mule").image("test/stubborn").stopGrace(Duration.ofSeconds(3)), 1);
        lab.removeService("m1", "mule");
        assertThat(lab.secondsUntil(() -> lab.taskContainers("m1").isEmpty())).isBetween(4.0, 5.0);
    }

    @Test
    void aDrainWaitsForASlowStopButNotForEver() {
        SwarmLab lab = SwarmLab.swarm(9, 1, 1);
        lab.availability("m1", "m1", "pause");
        lab.createRunning("m1", Spec.service("mule").image("test/stubborn"), 1);
        lab.createRunning("m1", Spec.service("ox").image("test/stubborn").stopGrace(Duration.ofMinutes(5)), 1);
        lab.availability("m1", "m1", "active");
        lab.availability("m1", "w1", "drain");
        double mule = lab.secondsUntil(() -> lab.runningOn("m1", "mule", "m1").size() == 1);
        assertThat(mule).isBetween(10.0, 12.0);
        double ox =
                mule + lab.secondsUntil(() -> lab.runningOn("m1", "ox", "m1").size() == 1);
        assertThat(ox).as("the wait is capped at a minute").isBetween(60.0, 62.0);
    }

    @Test
    void aTaskWithAHealthCheckStartsUntilItIsHealthy() {
        SwarmLab lab = SwarmLab.swarm(10, 1, 1);
        lab.overlay("m1", "front", "");
        lab.createRunning("m1", Spec.service("asker").network("front"), 1);
        Task asker = lab.running("m1", "asker").get(0);
        lab.create("m1", Spec.service("web").network("front").health(Duration.ofSeconds(8), 2, "healthy"));
        lab.until(() -> lab.tasks("m1", "web").stream().anyMatch(task -> task.state() == TaskState.STARTING));
        assertThat(lab.exec(asker, "resolve", "tasks.web"))
                .as("not in the names yet")
                .isEmpty();
        assertThat(lab.secondsUntil(() -> lab.runs("m1", "web", 1))).isBetween(7.0, 9.0);
        lab.run(1);
        assertThat(lab.exec(asker, "resolve", "tasks.web")).isNotEmpty();
    }

    @Test
    void anUnhealthyTaskIsReplaced() {
        SwarmLab lab = SwarmLab.swarm(11, 1, 1);
        lab.createRunning("m1", Spec.service("web").health(Duration.ofSeconds(2), 3, "healthy"), 1);
        Task old = lab.running("m1", "web").get(0);
        lab.exec(old, "sicken");
        lab.until(() -> lab.runs("m1", "web", 1)
                && !lab.running("m1", "web").get(0).id().equals(old.id()));
        Task now = lab.store("m1").task(old.id());
        assertThat(now).isNotNull();
        if (now != null) {
            assertThat(now.state()).isEqualTo(TaskState.FAILED);
            assertThat(now.status().err()).isEqualTo("task: non-zero exit (137): dockerexec: unhealthy container");
        }
    }

    @Test
    void aTaskThatIsNeverHealthyIsReplacedAgainAndAgain() {
        SwarmLab lab = SwarmLab.swarm(12, 1, 0);
        lab.create("m1", Spec.service("web").restart("any", SECOND, 0, null).health(SECOND, 3, "nosuchcommand"));
        lab.run(40);
        assertThat(ended(lab, "web", TaskState.FAILED)).isGreaterThan(2);
        assertThat(lab.running("m1", "web")).isEmpty();
    }

    @Test
    void aTaskOfADownNodeKeepsItsStatusUntilTheNodeIsBack() {
        SwarmLab lab = SwarmLab.swarm(13, 1, 2);
        lab.createRunning("m1", Spec.service("web").replicas(3), 3);
        Task lost = lab.runningOn("m1", "web", "w1").get(0);
        lab.isolate("w1");
        lab.until(() -> lab.state("m1", "w1").equals("down"));
        lab.until(() ->
                lab.runs("m1", "web", 3) && lab.runningOn("m1", "web", "w1").isEmpty());
        Task shown = lab.store("m1").task(lost.id());
        assertThat(shown == null ? null : shown.state()).isEqualTo(TaskState.RUNNING);
        assertThat(shown == null ? null : shown.desiredState()).isEqualTo(TaskState.SHUTDOWN);
        Service listed = lab.<List<Service>>call("m1", (daemon, done) -> daemon.services(Filters.NONE, true, done))
                .orThrow()
                .get(0);
        assertThat(listed.serviceStatus()).isEqualTo(new Service.ServiceStatus(4, 3, 0));
        assertThat(lab.taskContainers("w1"))
                .as("a worker that is cut off goes on")
                .allMatch(DockerContainer::running);
        lab.heal("w1");
        lab.until(() -> lab.state("m1", "w1").equals("ready"));
        lab.until(() -> lab.taskContainers("w1").stream().noneMatch(DockerContainer::running));
        lab.until(() -> {
            Task stopped = lab.store("m1").task(lost.id());
            return stopped == null || stopped.state() == TaskState.SHUTDOWN;
        });
    }

    @Test
    void aDeadNodesTasksAreOrphanedAfterADay() {
        SwarmLab lab = SwarmLab.swarm(14, 1, 1);
        lab.createRunning("m1", Spec.service("web").replicas(2), 2);
        Task lost = lab.runningOn("m1", "web", "w1").get(0);
        lab.kill("w1");
        lab.until(() -> lab.state("m1", "w1").equals("down"));
        lab.run(Duration.ofHours(23).toSeconds());
        assertThat(lab.store("m1").task(lost.id())).isNotNull();
        assertThat(lab.tasks("m1", "web").stream().filter(task -> task.state() == TaskState.ORPHANED))
                .isEmpty();
        lab.run(Duration.ofHours(2).toSeconds());
        Task orphan = lab.store("m1").task(lost.id());
        assertThat(orphan == null ? null : orphan.state()).isEqualTo(TaskState.ORPHANED);
    }
}
