package dev.clusterlab.lab.experiment.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.Secrets;
import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.FailureCause;
import dev.clusterlab.provisioning.anatomy.FailureGroup;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The results of an experiment for other programs; times are seconds of engine time since the first step of the method. */
public final class ResultJson {
    /** Grows when something is named otherwise. */
    static final int FORMAT = 1;

    private ResultJson() {}

    public static ObjectNode of(Experiment experiment, List<RunResult> results) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.put("experiment", experiment.name());
        json.put("title", experiment.title().in(Locale.ENGLISH));
        ArrayNode runs = json.putArray("runs");
        results.forEach(result -> runs.add(run(result)));
        return json;
    }

    private static ObjectNode run(RunResult result) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("engine", result.engine());
        json.put("seed", result.seed());
        json.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
        result.trouble()
                .ifPresent(trouble -> json.put("trouble", Secrets.blot(new RunWords(Locale.ENGLISH).trouble(trouble))));
        Duration zero = result.began().orElse(Duration.ZERO);
        result.began().ifPresent(at -> json.put("beganEngineSeconds", seconds(at)));
        result.healed().ifPresent(at -> json.put("healedAt", seconds(at.minus(zero))));
        result.recovery().ifPresent(took -> json.put("recoverySeconds", seconds(took)));
        json.put("engineSeconds", seconds(result.engineTime()));
        json.put("wallSeconds", seconds(result.wallTime()));
        result.digest().ifPresent(digest -> json.put("digest", digest));
        ArrayNode findings = json.putArray("findings");
        result.findings().forEach(finding -> findings.add(finding(finding)));
        if (result.tally().requests() > 0) {
            json.set("requests", tally(result.tally()));
        }
        ArrayNode faults = json.putArray("faults");
        result.anatomies().forEach(anatomy -> faults.add(fault(anatomy, zero)));
        ArrayNode sketches = json.putArray("topology");
        result.course().sketches().forEach(sketch -> sketches.add(sketch(sketch, zero)));
        ArrayNode perSecond = json.putArray("perSecond");
        result.course()
                .seconds()
                .forEach(each ->
                        perSecond.addArray().add(each.second()).add(each.good()).add(each.failed()));
        ArrayNode events = json.putArray("happenings");
        result.happenings().forEach(each -> events.add(happening(each, zero)));
        return json;
    }

    private static ObjectNode finding(Finding finding) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("title", finding.expectation().title().in(Locale.ENGLISH));
        json.put("held", finding.held());
        json.put("toleranceSeconds", seconds(finding.expectation().tolerance()));
        switch (finding.expectation()) {
            case Expectation.Condition condition -> json.put("expect", condition.expression());
            case Expectation.FailingShare share -> {
                json.put("failingPercentMax", share.percentMax());
                finding.measured().ifPresent(value -> json.put("failingPercent", value));
            }
            case Expectation.Latency latency -> {
                json.put("percentile", latency.percent());
                json.put("latencyMsMax", latency.max().toNanos() / 1e6);
                finding.measured().ifPresent(value -> json.put("latencyMs", value));
            }
        }
        ArrayNode violations = json.putArray("violations");
        for (Violation violation : finding.violations()) {
            violations
                    .addObject()
                    .put("from", seconds(violation.from()))
                    .put("to", seconds(violation.to()))
                    .put("ended", violation.ended())
                    .put("weight", violation.weight().name().toLowerCase(Locale.ROOT));
        }
        return json;
    }

    private static ObjectNode tally(Tally tally) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("count", tally.requests()).put("failed", tally.failed()).put("missed", tally.missed());
        ObjectNode byStatus = json.putObject("byStatus");
        tally.byStatus().forEach((status, count) -> byStatus.put(String.valueOf(status), count));
        json.put("p50Ms", tally.p50()).put("p95Ms", tally.p95());
        return json.put("p99Ms", tally.p99()).put("maxMs", tally.max());
    }

    private static ObjectNode fault(Anatomy anatomy, Duration zero) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("fault", anatomy.fault().id());
        json.put("kind", anatomy.fault().fault().kind().code());
        json.put("at", seconds(anatomy.injected().minus(zero)));
        json.put("recovered", anatomy.recovered());
        json.put("watchedSeconds", seconds(anatomy.watched()));
        json.put("requests", anatomy.requests()).put("failed", anatomy.failed());
        anatomy.lastFailure().ifPresent(last -> json.put("lastFailureSeconds", seconds(last)));
        ArrayNode stages = json.putArray("stages");
        for (StagePoint point : anatomy.points()) {
            ObjectNode stage = stages.addObject().put("stage", point.stage().name());
            if (!point.traefik().isEmpty()) {
                stage.put("traefik", point.traefik());
            }
            switch (point.state()) {
                case StagePoint.Reached reached -> {
                    stage.put("state", "reached");
                    stage.put("afterSeconds", seconds(reached.at().minus(anatomy.injected())));
                    stage.put("uncertaintySeconds", seconds(reached.uncertainty()));
                }
                case StagePoint.NotApplicable none ->
                    stage.put("state", "not-applicable")
                            .put("reason", none.reason().name());
                case StagePoint.NotWithin _ -> stage.put("state", "not-within");
                case StagePoint.Blocked blocked -> stage.put("state", "blocked").put("event", blocked.event());
            }
            stage.put("failed", point.failed());
        }
        ArrayNode causes = json.putArray("causes");
        anatomy.groups().forEach(group -> causes.add(cause(group)));
        return json;
    }

    private static ObjectNode cause(FailureGroup group) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        FailureCause cause = group.cause();
        json.put("cause", cause.getClass().getSimpleName());
        json.put("basis", cause.basis().name().toLowerCase(Locale.ROOT));
        json.put("status", group.status()).put("entry", group.entry()).put("fault", cause.fault());
        ArrayNode servers = json.putArray("servers");
        group.servers().forEach(servers::add);
        return json.put("failed", group.count());
    }

    private static ObjectNode sketch(Sketch sketch, Duration zero) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("moment", sketch.moment().name().toLowerCase(Locale.ROOT));
        json.put("at", seconds(sketch.at().minus(zero))).put("hasLeader", sketch.hasLeader());
        ArrayNode machines = json.putArray("machines");
        for (Sketch.Box box : sketch.machines()) {
            ObjectNode machine = machines.addObject().put("name", box.name());
            machine.put("state", box.state().name().toLowerCase(Locale.ROOT));
            if (box.cutOff()) {
                machine.put("cutOff", true);
            }
            box.role().ifPresent(role -> machine.put("role", role.name().toLowerCase(Locale.ROOT)));
            machine.put("leader", box.leader()).put("lost", box.lost());
            ObjectNode running = machine.putObject("running");
            box.running().forEach(running::put);
        }
        return json;
    }

    /** Of one thing that happens, {@code at} since the engine began. */
    public static ObjectNode happening(Happening happening) {
        return happening(happening, Duration.ZERO);
    }

    private static ObjectNode happening(Happening happening, Duration zero) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("at", seconds(happening.at().minus(zero)));
        switch (happening) {
            case Happening.LabStep step ->
                json.put("type", "lab.step").put("number", step.number()).put("title", step.title());
            case Happening.Steady steady -> json.put("type", "steady").put("seconds", seconds(steady.took()));
            case Happening.Broken broken -> {
                json.put("type", "fault").put("kind", broken.kind().code());
                ArrayNode targets = json.putArray("targets");
                broken.targets().forEach(targets::add);
            }
            case Happening.Ran ran ->
                json.put("type", "script")
                        .put("phase", ran.phase().name().toLowerCase(Locale.ROOT))
                        .put("script", Secrets.blot(ran.script()))
                        .put("status", ran.status());
            case Happening.Came came ->
                json.put("type", "until").put("condition", came.expression()).put("seconds", seconds(came.took()));
            case Happening.Watching watching -> json.put("type", "watch").put("seconds", seconds(watching.time()));
            case Happening.Lost lost ->
                json.put("type", "lost").put("title", lost.condition().title().in(Locale.ENGLISH));
            case Happening.Regained again ->
                json.put("type", "regained")
                        .put("title", again.condition().title().in(Locale.ENGLISH));
            case Happening.Healing healing -> json.put("type", "healing").put("faults", healing.faults());
            case Happening.Recovered recovered ->
                json.put("type", "recovered").put("seconds", seconds(recovered.took()));
        }
        return json;
    }

    private static double seconds(Duration duration) {
        return Math.round(duration.toNanos() / 1e6) / 1e3;
    }
}
