package dev.clusterlab.lab;

import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.FailureCause;
import dev.clusterlab.provisioning.anatomy.FailureGroup;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import dev.clusterlab.provisioning.observe.Subject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of a fault as the fields of a journal's line. */
final class JournalAnatomies {
    private JournalAnatomies() {}

    /** The fields of an anatomy, apart from {@code t} and {@code type}. */
    static Map<String, Object> fields(Anatomy anatomy) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("fault", anatomy.fault().id());
        fields.put("injected", JournalEvents.seconds(anatomy.injected()));
        fields.put("watched", JournalEvents.seconds(anatomy.watched()));
        fields.put("over", anatomy.over());
        fields.put("recovered", anatomy.recovered());
        Map<String, Object> hit = new LinkedHashMap<>();
        hit.put("machines", anatomy.hit().machines());
        hit.put("tasks", anatomy.hit().tasks().stream().map(Subject.OfTask::id).toList());
        hit.put(
                "instances",
                anatomy.hit().instances().stream().map(Subject.OfInstance::id).toList());
        fields.put("hit", hit);
        fields.put(
                "stages",
                anatomy.points().stream().map(point -> stage(anatomy, point)).toList());
        fields.put("requests", anatomy.requests());
        fields.put("failed", anatomy.failed());
        fields.put(
                "causes", anatomy.groups().stream().map(JournalAnatomies::cause).toList());
        return fields;
    }

    private static Map<String, Object> stage(Anatomy anatomy, StagePoint point) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("stage", point.stage().name());
        if (!point.traefik().isEmpty()) {
            fields.put("traefik", point.traefik());
        }
        switch (point.state()) {
            case StagePoint.Reached reached -> {
                fields.put("state", "REACHED");
                fields.put("at", JournalEvents.seconds(reached.at()));
                if (!reached.uncertainty().isZero()) {
                    fields.put("uncertainty", JournalEvents.seconds(reached.uncertainty()));
                }
                anatomy.step(point).ifPresent(step -> fields.put("step", JournalEvents.seconds(step)));
                if (reached.event() != 0) {
                    fields.put("event", reached.event());
                }
            }
            case StagePoint.NotApplicable none -> {
                fields.put("state", "NOT_APPLICABLE");
                fields.put("reason", none.reason().name());
            }
            case StagePoint.NotWithin late -> fields.put("state", "NOT_WITHIN");
            case StagePoint.Blocked blocked -> {
                fields.put("state", "BLOCKED");
                fields.put("event", blocked.event());
            }
        }
        fields.put("failed", point.failed());
        return fields;
    }

    private static Map<String, Object> cause(FailureGroup group) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cause", group.cause().getClass().getSimpleName());
        fields.put("basis", group.cause().basis().name());
        fields.put("status", group.status());
        fields.put("entry", group.entry());
        if (!group.cause().fault().isEmpty()) {
            fields.put("fault", group.cause().fault());
        }
        if (group.cause() instanceof FailureCause.DeadServer) {
            fields.put("servers", group.servers());
        }
        List<Duration> learnt = group.learnt();
        if (!learnt.isEmpty()) {
            fields.put("learntMax", JournalEvents.seconds(learnt.getLast()));
        }
        fields.put("failed", group.count());
        return fields;
    }
}
