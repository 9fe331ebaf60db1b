package dev.clusterlab.ui.model.recovery;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.FailedRequest;
import dev.clusterlab.provisioning.anatomy.FailureCause;
import dev.clusterlab.provisioning.anatomy.FailureCause.Basis;
import dev.clusterlab.provisioning.anatomy.Hit;
import dev.clusterlab.provisioning.anatomy.Stage;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import dev.clusterlab.provisioning.anatomy.StagePoint.NotApplicable;
import dev.clusterlab.provisioning.anatomy.StagePoint.NotWithin;
import dev.clusterlab.provisioning.anatomy.StagePoint.Reason;
import dev.clusterlab.provisioning.anatomy.StagePoint.State;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became of faults, written by hand. */
public final class Recoveries {
    private Recoveries() {}

    /** Two workers lost, one after the other; the later one has its events among those of a lost worker. */
    public static List<Anatomy> all() {
        return List.of(lost("fault-1", "worker2", 400, 21.7, 2), lost("fault-2", "worker3", 741, 24.9, 5));
    }

    /** A worker that was lost, with as many requests that got 502; the others that failed got no answer. */
    static Anatomy lost(String fault, String worker, int at, double errorsOver, int refused) {
        Duration injected = Duration.ofSeconds(at);
        List<StagePoint> points = List.of(
                point(Stage.INJECTED, reached(injected, 0, 3), 0),
                point(Stage.SWARM_LEADS_AGAIN, new NotApplicable(Reason.LEADER_NOT_HIT), 0),
                point(Stage.SWARM_NOTICES, reached(injected, errorsOver - 14.9, 6), refused),
                point(Stage.GIVEN_UP, reached(injected, errorsOver - 14.8, 7), 0),
                point(Stage.SCHEDULED, reached(injected, errorsOver - 14.7, 7), 0),
                point(Stage.STARTED, reached(injected, errorsOver - 9, 8), 2),
                point(Stage.CONSUL_LEADS_AGAIN, new NotApplicable(Reason.LEADER_NOT_HIT), 0),
                point(
                        Stage.CONSUL_NOTICES,
                        new StagePoint.Reached(injected.plusMillis(4000), Duration.ofMillis(900), 5),
                        0),
                point(Stage.REGISTERED, reached(injected, errorsOver - 9.1, 211), 0),
                point(Stage.PASSING, reached(injected, errorsOver - 2, 215), 0),
                new StagePoint(Stage.ROUTED, "leader1", reached(injected, errorsOver - 0.7, 230), 1),
                new StagePoint(Stage.FORGOTTEN, "leader1", reached(injected, 6.2, 220), 0),
                new StagePoint(Stage.ROUTED, "leader2", new NotApplicable(Reason.NOT_IN_TABLE), 0),
                new StagePoint(Stage.FORGOTTEN, "leader2", new NotApplicable(Reason.NOT_IN_TABLE), 0),
                point(Stage.FIRST_GOOD_ANSWER, new NotApplicable(Reason.INSTANCES_UNNAMED), 0),
                point(Stage.ERRORS_OVER, reached(injected, errorsOver, 0), 0));
        List<FailedRequest> failures = new ArrayList<>();
        for (int i = 0; i < refused; i++) {
            failures.add(failed(injected, 1 + i, new RequestSample.Answered(502, ""), dead(fault)));
        }
        failures.add(failed(
                injected, errorsOver, new RequestSample.NoAnswer(CurlFailure.TIMEOUT), new FailureCause.Unexplained()));
        return new Anatomy(
                kill(fault, worker),
                injected,
                Duration.ofSeconds(62),
                true,
                new Hit(List.of(worker), List.of(new Subject.OfTask("t2", "web.2")), List.of()),
                points,
                312,
                failures);
    }

    /** One that is still being watched: Consul knows, Swarm does not, and nobody made requests. */
    static Anatomy underWay(double watched) {
        Duration injected = Duration.ofSeconds(1000);
        State pending = new NotWithin(Duration.ofMillis(Math.round(watched * 1000)));
        return new Anatomy(
                kill("fault-3", "worker1"),
                injected,
                Duration.ofMillis(Math.round(watched * 1000)),
                false,
                new Hit(List.of("worker1"), List.of(), List.of()),
                List.of(
                        point(Stage.INJECTED, reached(injected, 0, 300), 0),
                        point(Stage.SWARM_NOTICES, pending, 0),
                        point(Stage.GIVEN_UP, new StagePoint.Blocked(77), 0),
                        point(Stage.CONSUL_NOTICES, reached(injected, -0.3, 301), 0),
                        point(Stage.ERRORS_OVER, new NotApplicable(Reason.NO_REQUESTS), 0)),
                0,
                List.of());
    }

    private static FailureCause dead(String fault) {
        return new FailureCause.DeadServer(
                fault, List.of("http://10.1.9.5:8080"), Basis.INFERRED, Optional.of(Duration.ofMillis(3100)));
    }

    private static FailedRequest failed(
            Duration injected, double ended, RequestSample.Outcome outcome, FailureCause cause) {
        Duration end = injected.plusMillis(Math.round(ended * 1000));
        return new FailedRequest(
                new RequestSample(end.minusMillis(5), end, "leader1", outcome), Stage.SWARM_NOTICES, "", cause);
    }

    private static ActiveFault kill(String id, String machine) {
        return new ActiveFault(
                id, new Fault.MachineKill(machine), new Target.OfMachine(machine), Instant.EPOCH, Optional.empty());
    }

    private static StagePoint point(Stage stage, State state, int failed) {
        return new StagePoint(stage, "", state, failed);
    }

    private static State reached(Duration injected, double seconds, long event) {
        return new StagePoint.Reached(injected.plusMillis(Math.round(seconds * 1000)), Duration.ZERO, event);
    }
}
