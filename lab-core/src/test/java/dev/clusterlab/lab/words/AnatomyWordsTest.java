package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.CausalChain;
import dev.clusterlab.provisioning.anatomy.FailedRequest;
import dev.clusterlab.provisioning.anatomy.FailureCause;
import dev.clusterlab.provisioning.anatomy.FailureCause.Basis;
import dev.clusterlab.provisioning.anatomy.Hit;
import dev.clusterlab.provisioning.anatomy.Lane;
import dev.clusterlab.provisioning.anatomy.Stage;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import dev.clusterlab.provisioning.anatomy.StagePoint.State;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnatomyWordsTest {
    private static final AnatomyWords ENGLISH = AnatomyWords.of(Locale.ENGLISH);
    private static final AnatomyWords FRENCH = AnatomyWords.of(Locale.FRENCH);
    private static final ActiveFault KILL = new ActiveFault(
            "fault-1",
            new Fault.MachineKill("worker2"),
            new Target.OfMachine("worker2"),
            Instant.EPOCH,
            Optional.empty());
    private static final Duration INJECTED = Duration.ofSeconds(100);

    private static Duration after(double seconds) {
        return INJECTED.plusMillis(Math.round(seconds * 1000));
    }

    private static State reached(double seconds, long event) {
        return new StagePoint.Reached(after(seconds), Duration.ZERO, event);
    }

    private static StagePoint point(Stage stage, State state, int failed) {
        return new StagePoint(stage, "", state, failed);
    }

    private static FailedRequest failed(int status, FailureCause cause) {
        RequestSample.Outcome outcome =
                status == 0 ? new RequestSample.NoAnswer(CurlFailure.TIMEOUT) : new RequestSample.Answered(status, "");
        return new FailedRequest(
                new RequestSample(after(1), after(24.9), "leader1", outcome), Stage.SWARM_NOTICES, "", cause);
    }

    private static Anatomy anatomy(boolean over, List<StagePoint> points, List<FailedRequest> failures) {
        return new Anatomy(
                KILL,
                INJECTED,
                Duration.ofSeconds(62),
                over,
                new Hit(List.of("worker2"), List.of(new Subject.OfTask("t2", "web.2")), List.of()),
                points,
                312,
                failures);
    }

    private static final FailureCause DEAD = new FailureCause.DeadServer(
            "fault-1", List.of("http://10.1.9.5:8080"), Basis.INFERRED, Optional.of(Duration.ofMillis(3100)));

    private static Anatomy lostWorker() {
        return anatomy(
                true,
                List.of(
                        point(Stage.INJECTED, reached(0, 0), 0),
                        point(
                                Stage.SWARM_LEADS_AGAIN,
                                new StagePoint.NotApplicable(StagePoint.Reason.LEADER_NOT_HIT),
                                0),
                        point(Stage.SWARM_NOTICES, reached(12.5, 201), 3),
                        point(Stage.GIVEN_UP, reached(12.6, 203), 0),
                        point(Stage.SCHEDULED, reached(12.7, 207), 0),
                        point(Stage.STARTED, reached(18.2, 212), 0),
                        point(Stage.CONSUL_NOTICES, new StagePoint.Reached(after(6.9), Duration.ofMillis(900), 190), 0),
                        point(Stage.REGISTERED, reached(18.1, 211), 0),
                        new StagePoint(Stage.ROUTED, "leader1", reached(24.2, 230), 0),
                        point(Stage.ERRORS_OVER, reached(24.9, 0), 0)),
                List.of(failed(502, DEAD), failed(502, DEAD), failed(0, new FailureCause.Unexplained())));
    }

    @Test
    void aCardTellsTheStagesTheirCostAndWhyRequestsFailed() {
        assertThat(ENGLISH.card(lostWorker()))
                .contains(
                        "worker2 without power (fault-1), at 100.0 s\n",
                        "recovered; watched for 62.0 s\n",
                        "24.9 s until the last failed request; 3 of 312 requests failed\n",
                        "What took longest: Swarm, noticed, 12.5 s\n",
                        "Hit: 1 machine (worker2), 1 task (web.2)\n",
                        "Why 3 requests failed:\n",
                        "    2  502: Traefik on leader1 still sent to a server that was gone (fault-1, inferred)"
                                + " and dropped it 3.1 s later\n",
                        "    1  no answer: unexplained\n")
                .containsPattern("Swarm\n +another manager leads +not applicable: the leader was not hit\n")
                .containsPattern("noticed +\\+12\\.5 s +12\\.5 s +3 +201\n")
                .containsPattern("new tasks run +\\+18\\.2 s +5\\.5 s +212\n")
                .containsPattern("Consul\n +noticed +\\+6\\.0–6\\.9 s +6\\.9 s +190\n")
                .containsPattern("new instances registered +\\+18\\.1 s +0\\.10 s early +211\n")
                .containsPattern("Traefik on leader1\n +sends to the new ones +\\+24\\.2 s +230\n");
        assertThat(FRENCH.card(lostWorker()))
                .contains("rétabli\u00a0; observé pendant 62,0\u00a0s", "Pourquoi 3 requêtes ont échoué", "déduit");
    }

    @Test
    void whatHasNotComeIsNotYetWhileTheWatchGoesOn() {
        var open = List.of(
                point(Stage.SWARM_NOTICES, new StagePoint.NotWithin(Duration.ofSeconds(62)), 0),
                point(Stage.GIVEN_UP, new StagePoint.Blocked(77), 0));
        assertThat(ENGLISH.card(anatomy(false, open, List.of())))
                .contains("watched for 62.0 s so far", "not yet", "blocked by event 77", "no request failed, of 312");
        assertThat(ENGLISH.card(anatomy(true, open, List.of())))
                .contains("not all of it came; watched for 62.0 s", "not within 62.0 s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void everyStageStateReasonAndCauseHasWords(String language) {
        AnatomyWords words = AnatomyWords.of(Locale.of(language));
        List<StagePoint> points = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            points.add(new StagePoint(stage, stage.lane() == Lane.TRAEFIK ? "leader1" : "", reached(5, 7), 2));
            for (StagePoint.Reason reason : StagePoint.Reason.values()) {
                points.add(point(stage, new StagePoint.NotApplicable(reason), 0));
            }
            points.add(point(stage, new StagePoint.Blocked(1), 0));
            points.add(point(stage, new StagePoint.NotWithin(Duration.ofSeconds(9)), 0));
            points.add(point(stage, reached(-0.3, 7), 0));
        }
        List<FailedRequest> failures = List.of(
                failed(502, DEAD),
                failed(504, new FailureCause.DeadServer("fault-1", List.of("u"), Basis.MEASURED, Optional.empty())),
                failed(503, new FailureCause.EmptyTable()),
                failed(0, new FailureCause.TraefikHit("fault-1")),
                failed(0, new FailureCause.BeyondLimit()),
                failed(500, new FailureCause.Unexplained()));
        assertThat(failures.stream().map(failure -> failure.cause().getClass()).distinct())
                .hasSameSizeAs(FailureCause.class.getPermittedSubclasses());
        assertThat(words.card(anatomy(true, points, failures)))
                .doesNotContain("{", "NOT_", "null")
                .doesNotContain("DeadServer[", "Optional");
    }

    @Test
    void twoFaultsAreComparedInWords() {
        assertThat(ENGLISH.edge(Stage.STARTED)).contains("new tasks have a node → new tasks run");
        assertThat(ENGLISH.edge(Stage.ERRORS_OVER)).isEmpty();
        assertThat(ENGLISH.difference(Duration.ofMillis(3200))).isEqualTo("3.2 s longer");
        assertThat(ENGLISH.difference(Duration.ofMillis(-400))).isEqualTo("0.4 s shorter");
        assertThat(ENGLISH.difference(Duration.ofMillis(20))).isEqualTo("the same");
        assertThat(FRENCH.difference(Duration.ofMillis(3200))).isEqualTo("3,2\u00a0s de plus");
        assertThat(FRENCH.difference(-2)).isEqualTo("2 de moins");
        assertThat(ENGLISH.tick(Duration.ofSeconds(15))).isEqualTo("+15 s");
    }

    @Test
    void aChainTellsHowMuchEarlierEachCauseWas() {
        var began = new ClusterEvent.FaultBegan(stamp(1, 100), KILL, false);
        var down = new ClusterEvent.NodeStateChanged(
                stamp(5, 112.5, new Cause.ByFault("fault-1")),
                new Subject.OfNode("n", "worker2"),
                NodeState.READY,
                NodeState.DOWN,
                "");
        var lost = new ClusterEvent.TaskGivenUp(
                stamp(6, 112.6, new Cause.ByEvent(5)), new Subject.OfTask("t2", "web.2"), "worker2");
        assertThat(ENGLISH.chain(lost, CausalChain.of(lost, List.of(began, down, lost))))
                .isEqualTo("""
                        event 6 at 112.6 s: web.2 on worker2 is given up
                          ← event 5, 0.1 s earlier: Node worker2 is down
                          ← event 1, 12.6 s earlier: A fault begins: worker2 without power (fault-1)
                        """);
        assertThat(FRENCH.chain(began, CausalChain.of(began, List.of(began)))).contains("aucune cause connue");
    }

    private static Stamp stamp(long number, double at, Cause... causes) {
        Duration when = Duration.ofMillis(Math.round(at * 1000));
        return new Stamp(number, when, when, List.of(causes));
    }
}
