package dev.clusterlab.provisioning.anatomy;

import static dev.clusterlab.provisioning.anatomy.Story.seconds;
import static dev.clusterlab.provisioning.anatomy.Story.service;
import static dev.clusterlab.provisioning.anatomy.Story.url;
import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.anatomy.FailureCause.Basis;
import dev.clusterlab.provisioning.anatomy.StagePoint.Reason;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.shell.consul.CheckHealth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Over histories written by hand. */
class AnatomiesTest {
    private static StagePoint.State state(Anatomy anatomy, Stage stage) {
        assertThat(anatomy.points(stage)).as("%s", stage).hasSize(1);
        return anatomy.points(stage).getFirst().state();
    }

    private static StagePoint point(Anatomy anatomy, Stage stage, String traefik) {
        return anatomy.points(stage).stream()
                .filter(point -> point.traefik().equals(traefik))
                .findFirst()
                .orElseThrow();
    }

    private static StagePoint.State none(Reason reason) {
        return new StagePoint.NotApplicable(reason);
    }

    private static void assertAfter(Anatomy anatomy, Stage stage, double after) {
        assertThat(anatomy.after(stage)).as("%s", stage).contains(seconds(after));
    }

    // ---- stages

    @Test
    void tellsEachStageOfALostWorker() {
        Anatomy anatomy = Story.lostWorker().anatomy(300);
        assertThat(anatomy.hit().machines()).containsExactly("worker2");
        assertThat(anatomy.hit().tasks()).extracting(Subject.OfTask::name).containsExactly("web.2", "web.3");
        assertThat(anatomy.hit().instances()).hasSize(2);
        assertAfter(anatomy, Stage.INJECTED, 0);
        assertAfter(anatomy, Stage.CONSUL_NOTICES, 6);
        assertAfter(anatomy, Stage.SWARM_NOTICES, 13);
        assertAfter(anatomy, Stage.GIVEN_UP, 13.1);
        assertAfter(anatomy, Stage.SCHEDULED, 13.3);
        assertAfter(anatomy, Stage.STARTED, 18.6);
        assertAfter(anatomy, Stage.REGISTERED, 20.5);
        assertAfter(anatomy, Stage.PASSING, 27);
        assertThat(anatomy.after(point(anatomy, Stage.ROUTED, "leader1"))).contains(seconds(30));
        assertThat(anatomy.after(point(anatomy, Stage.ROUTED, "leader2"))).contains(seconds(32));
        assertThat(anatomy.after(point(anatomy, Stage.FORGOTTEN, "leader1"))).contains(seconds(8));
        assertThat(anatomy.after(point(anatomy, Stage.FORGOTTEN, "leader2"))).contains(seconds(9));
        assertThat(state(anatomy, Stage.SWARM_LEADS_AGAIN)).isEqualTo(none(Reason.LEADER_NOT_HIT));
        assertThat(state(anatomy, Stage.CONSUL_LEADS_AGAIN)).isEqualTo(none(Reason.LEADER_NOT_HIT));
        assertThat(anatomy.recovered()).isTrue();
    }

    @Test
    void namesTheEventThatEndsAStage() {
        Story story = Story.lostWorker();
        var reached = (StagePoint.Reached) state(story.anatomy(300), Stage.STARTED);
        ClusterEvent event = story.events().get((int) reached.event() - 1);
        assertThat(event)
                .isInstanceOfSatisfying(
                        ClusterEvent.TaskStarted.class,
                        started -> assertThat(started.task().name()).isEqualTo("web.3"));
    }

    @Test
    void aStageLastsSinceItsPredecessorOnly() {
        Anatomy anatomy = Story.lostWorker().anatomy(300);
        assertThat(anatomy.step(anatomy.points(Stage.STARTED).getFirst())).contains(seconds(5.3));
        assertThat(anatomy.step(point(anatomy, Stage.ROUTED, "leader2"))).contains(seconds(5));
        assertThat(anatomy.step(point(anatomy, Stage.FORGOTTEN, "leader1"))).contains(seconds(2));
        assertThat(anatomy.step(anatomy.points(Stage.INJECTED).getFirst())).isEmpty();
        for (Stage stage : Stage.values()) {
            assertThat(stage.predecessor().filter(before -> before.compareTo(stage) >= 0))
                    .as("%s comes after its predecessor", stage)
                    .isEmpty();
        }
    }

    @Test
    void showsWhatCameBeforeItsPredecessorAsItWas() {
        Story story = Story.platform();
        story.fault(
                100,
                "fault-1",
                new Fault.ContainerKill("worker1", "c1"),
                new Target.OfContainer("worker1", "c1", "web.1.web.1a"));
        story.failed(100.5, "web.1", "a", "worker1");
        story.unwanted(100.6, "web.1", "a", "worker1");
        story.assigned(100.7, "web.1", "b", "web", "worker1", "a");
        story.registered(105.8, "web.1", "b", CheckHealth.CRITICAL);
        story.started(106, "web.1", "b", "worker1");
        Anatomy anatomy = story.anatomy(120);
        assertAfter(anatomy, Stage.REGISTERED, 5.8);
        assertThat(anatomy.step(anatomy.points(Stage.REGISTERED).getFirst())).contains(seconds(-0.2));
    }

    @Test
    void saysHowMuchEarlierAStageMayHaveBeen() {
        Story story = Story.platform().seenLate(0.9);
        story.kill(100, "worker2");
        story.down(114, "worker2");
        assertThat(state(story.anatomy(120), Stage.SWARM_NOTICES))
                .isInstanceOfSatisfying(
                        StagePoint.Reached.class,
                        reached -> assertThat(reached.uncertainty()).isEqualTo(seconds(0.9)));
    }

    @Test
    void aTaskThatReplacesAReplacementCounts() {
        Story story = Story.platform();
        story.kill(100, "worker1");
        story.down(113, "worker1");
        story.unwanted(113.1, "web.1", "a", "worker1");
        story.assigned(113.2, "web.1", "b", "web", "leader3", "a");
        story.failed(114, "web.1", "b", "leader3");
        story.assigned(114.1, "web.1", "c", "web", "worker2", "b");
        story.started(119, "web.1", "c", "worker2");
        assertAfter(story.anatomy(200), Stage.STARTED, 19);
    }

    // ---- not applicable, not within, blocked

    @Test
    void withoutConsulAndTraefikTheirStagesDoNotApply() {
        Story story = Story.swarm();
        story.kill(100, "worker2");
        Anatomy anatomy = story.anatomy(120);
        for (Stage stage : List.of(Stage.CONSUL_LEADS_AGAIN, Stage.CONSUL_NOTICES, Stage.REGISTERED, Stage.PASSING)) {
            assertThat(state(anatomy, stage)).as("%s", stage).isEqualTo(none(Reason.NO_CONSUL));
        }
        assertThat(state(anatomy, Stage.ROUTED)).isEqualTo(none(Reason.NO_TRAEFIK));
        assertThat(state(anatomy, Stage.FORGOTTEN)).isEqualTo(none(Reason.NO_TRAEFIK));
        assertThat(state(anatomy, Stage.ERRORS_OVER)).isEqualTo(none(Reason.NO_REQUESTS));
    }

    @Test
    void withoutASwarmItsStagesDoNotApply() {
        var story = new Story();
        story.add(0, s -> new ClusterEvent.MachineCreated(s, "one", "192.168.99.100"));
        story.kill(10, "one");
        assertThat(state(story.anatomy(60), Stage.SWARM_NOTICES)).isEqualTo(none(Reason.NO_SWARM));
        assertThat(state(story.anatomy(60), Stage.STARTED)).isEqualTo(none(Reason.NO_SWARM));
    }

    @Test
    void tasksOfGlobalServicesAreNotReplacedElsewhere() {
        Story story = Story.platform();
        story.kill(100, "leader2");
        story.down(114, "leader2");
        story.unwanted(114.1, "traefik.leader2", "a", "leader2");
        Anatomy anatomy = story.anatomy(200);
        assertAfter(anatomy, Stage.GIVEN_UP, 14.1);
        assertThat(state(anatomy, Stage.SCHEDULED)).isEqualTo(none(Reason.GLOBAL_SERVICE));
        assertThat(state(anatomy, Stage.STARTED)).isEqualTo(none(Reason.GLOBAL_SERVICE));
        assertThat(point(anatomy, Stage.FORGOTTEN, "leader2").state()).isEqualTo(none(Reason.TRAEFIK_HIT));
        assertThat(point(anatomy, Stage.FORGOTTEN, "leader1").state()).isEqualTo(none(Reason.NOT_IN_TABLE));
    }

    @Test
    void whatHasNotComeWhenTheWatchEndsIsNotWithinIt() {
        Story story = Story.platform();
        story.kill(100, "worker2");
        story.down(113, "worker2");
        Anatomy anatomy = story.anatomy(1000);
        assertThat(anatomy.over()).isTrue();
        assertThat(anatomy.recovered()).isFalse();
        assertThat(anatomy.watched()).isEqualTo(WatchPlan.STANDARD.limit());
        assertThat(state(anatomy, Stage.STARTED)).isEqualTo(new StagePoint.NotWithin(WatchPlan.STANDARD.limit()));
    }

    @Test
    void aLostQuorumBlocksWhatManagersDo() {
        Story story = Story.platform();
        story.kill(100, "leader1");
        ClusterEvent lost = story.add(100, s -> new ClusterEvent.QuorumLost(s, 3, 1, 2, "leader1"));
        story.agentFailed(106, "leader1");
        Anatomy anatomy = story.anatomy(1000);
        var blocked = new StagePoint.Blocked(lost.number());
        assertThat(state(anatomy, Stage.SWARM_LEADS_AGAIN)).isEqualTo(blocked);
        assertThat(state(anatomy, Stage.SWARM_NOTICES)).isEqualTo(blocked);
        assertThat(state(anatomy, Stage.GIVEN_UP)).isEqualTo(blocked);
        assertAfter(anatomy, Stage.CONSUL_NOTICES, 6);
        assertThat(anatomy.recovered()).isFalse();
    }

    @Test
    void aQuorumThatIsBackBlocksNothing() {
        Story story = Story.platform();
        story.kill(100, "leader1");
        story.add(100, s -> new ClusterEvent.QuorumLost(s, 3, 1, 2, "leader1"));
        story.add(150, ClusterEvent.QuorumRegained::new);
        story.add(155, s -> new ClusterEvent.LeaderChanged(s, Group.SWARM, "", "leader2", true));
        Anatomy anatomy = story.anatomy(1000);
        assertAfter(anatomy, Stage.SWARM_LEADS_AGAIN, 55);
        assertThat(state(anatomy, Stage.SWARM_NOTICES)).isInstanceOf(StagePoint.NotWithin.class);
    }

    @Test
    void aTaskThatNoNodeTakesBlocksItsPlace() {
        Story story = Story.platform();
        story.kill(100, "worker1");
        story.down(113, "worker1");
        story.unwanted(113.1, "web.1", "a", "worker1");
        ClusterEvent waits = story.add(
                113.2, s -> new ClusterEvent.TaskWaiting(s, Story.task("web.1", "b"), "", "no suitable node"));
        Anatomy anatomy = story.anatomy(1000);
        var blocked = new StagePoint.Blocked(waits.number());
        for (Stage stage : List.of(Stage.SCHEDULED, Stage.STARTED, Stage.REGISTERED, Stage.PASSING)) {
            assertThat(state(anatomy, stage)).as("%s", stage).isEqualTo(blocked);
        }
    }

    @Test
    void withoutALeaderOfConsulNobodyRegisters() {
        Story story = Story.platform();
        story.kill(100, "worker1");
        ClusterEvent none = story.add(101, s -> new ClusterEvent.LeaderChanged(s, Group.CONSUL, "leader2", "", false));
        story.down(113, "worker1");
        story.unwanted(113.1, "web.1", "a", "worker1");
        story.assigned(113.2, "web.1", "b", "web", "leader3", "a");
        story.started(118, "web.1", "b", "leader3");
        Anatomy anatomy = story.anatomy(1000);
        assertAfter(anatomy, Stage.STARTED, 18);
        assertThat(state(anatomy, Stage.REGISTERED)).isEqualTo(new StagePoint.Blocked(none.number()));
        assertThat(point(anatomy, Stage.ROUTED, "leader1").state()).isEqualTo(new StagePoint.Blocked(none.number()));
    }

    @Test
    void theLeadersThatWereHitAreFollowedByOthers() {
        Story story = Story.platform();
        story.kill(100, "leader2");
        story.add(111, s -> new ClusterEvent.LeaderChanged(s, Group.CONSUL, "leader2", "", false));
        story.add(114, s -> new ClusterEvent.LeaderChanged(s, Group.CONSUL, "", "leader3", false));
        assertAfter(story.anatomy(200), Stage.CONSUL_LEADS_AGAIN, 14);
        assertThat(state(story.anatomy(200), Stage.SWARM_LEADS_AGAIN)).isEqualTo(none(Reason.LEADER_NOT_HIT));

        Story other = Story.platform();
        other.kill(100, "leader1");
        other.add(101, s -> new ClusterEvent.LeaderChanged(s, Group.SWARM, "leader1", "", false));
        other.add(115, s -> new ClusterEvent.LeaderChanged(s, Group.SWARM, "", "leader3", false));
        assertAfter(other.anatomy(200), Stage.SWARM_LEADS_AGAIN, 15);
    }

    @Test
    void aCutHitsTheSideThatCannotDecide() {
        List<Set<String>> sides = List.of(Set.of("leader1", "worker2"), Set.of("leader2", "leader3", "worker1"));
        var target = new Target.OfGroups(
                List.of(List.of("leader1", "worker2"), List.of("leader2", "leader3", "worker1")), false);
        Story story = Story.platform();
        story.fault(100, "fault-1", new Fault.NetworkPartition(sides, Optional.empty()), target);
        story.add(112, s -> new ClusterEvent.LeaderChanged(s, Group.SWARM, "leader1", "leader2", false));
        story.answer(110, "leader2", 502);
        story.answer(111, "leader1", 502);
        Anatomy anatomy = story.anatomy(120);
        assertThat(anatomy.hit().machines()).containsExactly("leader1", "worker2");
        assertThat(anatomy.hit().tasks())
                .extracting(Subject.OfTask::name)
                .containsExactlyInAnyOrder("web.2", "web.3", "traefik.leader1");
        assertAfter(anatomy, Stage.SWARM_LEADS_AGAIN, 12);
        assertThat(anatomy.failures())
                .extracting(FailedRequest::cause)
                .satisfiesExactly(
                        cause -> assertThat(cause)
                                .as("from the other side, what is cut off does not answer")
                                .isInstanceOfSatisfying(
                                        FailureCause.DeadServer.class,
                                        dead -> assertThat(dead.servers())
                                                .containsExactlyInAnyOrder(url("web.2", "a"), url("web.3", "a"))),
                        cause -> assertThat(cause).isEqualTo(new FailureCause.TraefikHit("fault-1")));
    }

    // ---- the watch

    @Test
    void theWatchEndsWhenAllHasComeAndNoRequestFailsForAWhile() {
        Story story = Story.lostWorker();
        story.answer(107, "leader1", 502);
        story.answer(140, "leader1", 500);
        assertThat(story.anatomy(169).over()).isFalse();
        Anatomy anatomy = story.anatomy(171);
        assertThat(anatomy.over()).isTrue();
        assertThat(anatomy.watched()).as("30 s after the last failure").isEqualTo(seconds(70));
        assertThat(story.anatomy(5000)).as("what comes later changes nothing").isEqualTo(anatomy);
    }

    @Test
    void failuresAfterTheWatchsEndDoNotCount() {
        Story story = Story.lostWorker();
        story.answer(107, "leader1", 502);
        story.answer(400, "leader1", 502);
        Anatomy anatomy = story.anatomy(1000);
        assertThat(anatomy.watched()).isEqualTo(seconds(62));
        assertThat(anatomy.failures()).hasSize(1);
        assertThat(anatomy.requests()).isEqualTo(1);
    }

    @Test
    void errorsThatGoOnAreNotOver() {
        Story story = Story.platform();
        story.kill(100, "worker2");
        for (int second = 101; second < 500; second++) {
            story.answer(second, "leader1", 502);
        }
        Anatomy anatomy = story.anatomy(1000);
        assertThat(state(anatomy, Stage.ERRORS_OVER)).isEqualTo(new StagePoint.NotWithin(Duration.ofMinutes(5)));
        assertThat(anatomy.failures()).hasSize(300);
    }

    @Test
    void aFaultThatEndedUnnoticedIsWatchedUntilTheServicesAreWhole() {
        Story story = Story.platform();
        ActiveFault pause = story.fault(
                100,
                "fault-1",
                new Fault.MachinePause("worker2", Optional.of(Duration.ofSeconds(5))),
                new Target.OfMachine("worker2"));
        story.ends(105, pause);
        Anatomy anatomy = story.anatomy(1000);
        assertThat(anatomy.over()).isTrue();
        assertThat(anatomy.watched()).as("until 30 s after its end").isEqualTo(seconds(35));
        assertThat(state(anatomy, Stage.SWARM_NOTICES)).isEqualTo(new StagePoint.NotWithin(seconds(35)));

        story.add(106, s -> new ClusterEvent.ServiceRunning(s, service("web"), 1, 3));
        story.add(190, s -> new ClusterEvent.ServiceRunning(s, service("web"), 3, 3));
        assertThat(story.anatomy(1000).watched()).isEqualTo(seconds(90));
    }

    @Test
    void repairsHaveNoAnatomy() {
        Story story = Story.platform();
        story.fault(100, "fault-1", new Fault.MachineStart("worker2"), new Target.OfMachine("worker2"));
        assertThat(story.all(200)).isEmpty();
    }

    @Test
    void faultsThatOverlapAreToldApart() {
        Story story = Story.platform();
        story.kill(100, "worker2");
        story.kill(104, "worker1");
        story.answer(105, "leader1", 502);
        story.recoverWorker2(100);
        story.down(118, "worker1");
        List<Anatomy> both = story.all(130);
        assertThat(both).extracting(anatomy -> anatomy.fault().id()).containsExactly("fault-worker2", "fault-worker1");
        assertThat(both.getFirst().hit().tasks())
                .extracting(Subject.OfTask::name)
                .containsExactly("web.2", "web.3");
        assertThat(both.getLast().hit().tasks())
                .extracting(Subject.OfTask::name)
                .containsExactly("web.1");
        assertAfter(both.getFirst(), Stage.SWARM_NOTICES, 13);
        assertAfter(both.getLast(), Stage.SWARM_NOTICES, 14);
        assertThat(both.getLast().failures()).hasSize(1);
        assertThat(both.getLast().failures().getFirst().cause())
                .as("any of the three dead servers may have been meant; none that is alive")
                .isInstanceOfSatisfying(
                        FailureCause.DeadServer.class,
                        dead -> assertThat(dead.servers())
                                .containsExactlyInAnyOrder(url("web.1", "a"), url("web.2", "a"), url("web.3", "a")));
    }

    @Test
    void whatAnotherFaultIsToBlameForIsCountedThereAlone() {
        Story story = Story.lostWorker();
        story.kill(140, "worker1");
        story.measured(141, "leader1", 502, url("web.1", "a"));
        story.answer(142, "leader1", 500);
        List<Anatomy> both = story.all(172);
        assertThat(both.getFirst().failures())
                .extracting(FailedRequest::cause)
                .containsExactly(new FailureCause.Unexplained());
        assertThat(both.getLast().failures()).hasSize(2);

        Story alone = Story.lostWorker();
        alone.kill(140, "worker1");
        alone.measured(141, "leader1", 502, url("web.1", "a"));
        assertThat(alone.all(172).getFirst().watched())
                .as("until its own errors are over")
                .isEqualTo(seconds(62));
    }

    // ---- requests

    @Test
    void aFailedRequestBelongsToTheStageThatRunsAtItsEnd() {
        Story story = Story.lostWorker();
        story.answer(105, "leader1", 502);
        story.answer(112, "leader1", 502);
        story.answer(113.05, "leader1", 502);
        story.answer(115, "leader1", 502);
        story.answer(122, "leader2", 502);
        story.answer(131, "leader1", 500);
        story.answer(131, "leader2", 500);
        Anatomy anatomy = story.anatomy(300);
        assertThat(anatomy.points(Stage.SWARM_NOTICES).getFirst().failed()).isEqualTo(2);
        assertThat(anatomy.points(Stage.GIVEN_UP).getFirst().failed()).isEqualTo(1);
        assertThat(anatomy.points(Stage.STARTED).getFirst().failed()).isEqualTo(1);
        assertThat(anatomy.points(Stage.PASSING).getFirst().failed()).isEqualTo(1);
        assertThat(point(anatomy, Stage.ROUTED, "leader2").failed())
                .as("leader1 sends to the new ones already")
                .isEqualTo(1);
        assertThat(anatomy.points(Stage.ERRORS_OVER).getFirst().failed()).isEqualTo(1);
        assertAfter(anatomy, Stage.ERRORS_OVER, 31);
    }

    @Test
    void theCausesAndTheStagesSumToTheFailures() {
        Story story = Story.lostWorker();
        story.add(110, s -> new ClusterEvent.TraefikGone(s, "leader2"));
        for (int i = 0; i < 60; i++) {
            double at = 100.2 + i;
            switch (i % 6) {
                case 0 -> story.answer(at, "leader1", 502);
                case 1 -> story.answer(at, "leader2", 404);
                case 2 -> story.timeout(at, "leader1", 1);
                case 3 -> story.measured(at, "leader1", 502, url("web.2", "a"));
                case 4 -> story.refused(at, "leader2");
                default -> story.answer(at, "leader1", 200);
            }
        }
        Anatomy anatomy = story.anatomy(1000);
        assertThat(anatomy.failures()).hasSize(50);
        assertThat(anatomy.requests()).isEqualTo(60);
        assertThat(anatomy.points().stream().mapToInt(StagePoint::failed).sum()).isEqualTo(50);
        assertThat(anatomy.groups().stream()
                        .mapToInt(group -> group.requests().size())
                        .sum())
                .isEqualTo(50);
        assertThat(anatomy.failures())
                .extracting(failure -> (Object) failure.cause().getClass())
                .contains(
                        FailureCause.DeadServer.class, FailureCause.BeyondLimit.class, FailureCause.Unexplained.class);
    }

    @Test
    void theServerOfAnAccessLogIsMeasuredAndThatOfATableInferred() {
        Story story = Story.lostWorker();
        story.measured(105, "leader1", 502, url("web.2", "a"));
        story.answer(105.5, "leader1", 502);
        Anatomy anatomy = story.anatomy(300);
        assertThat(anatomy.failures())
                .extracting(FailedRequest::cause)
                .containsExactly(
                        new FailureCause.DeadServer(
                                "fault-worker2", List.of(url("web.2", "a")), Basis.MEASURED, Optional.of(seconds(3))),
                        new FailureCause.DeadServer(
                                "fault-worker2",
                                List.of(url("web.2", "a"), url("web.3", "a")),
                                Basis.INFERRED,
                                Optional.of(seconds(2.5))));
    }

    @Test
    void aServerThatLivesExplainsNoFailure() {
        Story story = Story.lostWorker();
        story.measured(105, "leader1", 502, url("web.1", "a"));
        story.answer(106, "leader1", 500);
        story.answer(120, "leader1", 502);
        Anatomy anatomy = story.anatomy(300);
        assertThat(anatomy.failures())
                .as("the dead ones are out of the table by then")
                .extracting(FailedRequest::cause)
                .containsOnly(new FailureCause.Unexplained());
    }

    @Test
    void anEmptyTableExplainsThatNobodyIsThere() {
        Story story = Story.platform();
        story.kill(100, "worker2");
        story.dropped(103, "leader1", "web.1", "a");
        story.dropped(103, "leader1", "web.2", "a");
        story.answer(104, "leader1", 503);
        story.dropped(105, "leader1", "web.3", "a");
        story.answer(106, "leader1", 503);
        story.answer(106, "leader2", 404);
        assertThat(story.anatomy(120).failures())
                .extracting(FailedRequest::cause)
                .containsExactly(
                        new FailureCause.Unexplained(), new FailureCause.EmptyTable(), new FailureCause.Unexplained());
    }

    @Test
    void aTraefikThatWasHitItselfExplainsItsFailures() {
        Story story = Story.platform();
        story.kill(100, "leader2");
        story.add(100, s -> new ClusterEvent.TraefikGone(s, "leader2"));
        story.refused(101, "leader2");
        story.timeout(103, "leader1", 5);
        assertThat(story.anatomy(120).failures())
                .extracting(FailedRequest::cause)
                .containsExactly(new FailureCause.TraefikHit("fault-leader2"), new FailureCause.BeyondLimit());
    }

    @Test
    void theFirstGoodAnswerIsOfANewInstance() {
        Story story = Story.lostWorker();
        story.answeredBy(101, "leader1", "web.1", "a");
        story.answeredBy(131, "leader1", "web.3", "b");
        story.answeredBy(133, "leader1", "web.2", "b");
        assertAfter(story.anatomy(300), Stage.FIRST_GOOD_ANSWER, 31);

        Story unnamed = Story.lostWorker();
        unnamed.answer(101, "leader1", 200);
        assertThat(state(unnamed.anatomy(300), Stage.FIRST_GOOD_ANSWER)).isEqualTo(none(Reason.INSTANCES_UNNAMED));
        assertThat(state(unnamed.anatomy(300), Stage.ERRORS_OVER)).isEqualTo(none(Reason.NO_FAILURES));
    }

    // ---- chains

    @Test
    void aChainLeadsBackToTheFault() {
        Story story = Story.swarm();
        story.kill(100, "worker2");
        ClusterEvent down = story.add(
                113, s -> new ClusterEvent.NodeLeft(s, Story.node("worker2")), new Cause.ByFault("fault-worker2"));
        ClusterEvent lost = story.add(
                113.1,
                s -> new ClusterEvent.TaskGivenUp(s, Story.task("web.2", "a"), "worker2"),
                new Cause.ByEvent(down.number()));
        ClusterEvent started = story.add(
                118,
                s -> new ClusterEvent.TaskStarted(s, Story.task("web.2", "b"), "worker1", Optional.empty(), ""),
                new Cause.ByEvent(lost.number()));
        assertThat(CausalChain.of(started, story.events()).events())
                .extracting(event -> (Object) event.getClass())
                .containsExactly(
                        ClusterEvent.TaskGivenUp.class, ClusterEvent.NodeLeft.class, ClusterEvent.FaultBegan.class);
        assertThat(CausalChain.of(story.events().getFirst(), story.events()).events())
                .isEmpty();
    }
}
