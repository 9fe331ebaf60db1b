package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.way.Destination;
import dev.clusterlab.lab.way.Waypoints;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Start;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.util.Optional;
import javafx.util.Subscription;

/** What a person who is stuck can do: be brought to a step, have a step finished, go back to before a fault, begin anew. */
final class LabWays implements AutoCloseable {
    private final WindowModels desk;
    private final Waypoints waypoints;
    private final Subscription subscription;

    LabWays(WindowModels desk) {
        this.desk = desk;
        this.waypoints =
                new Waypoints(desk.guide.lab().get(), desk.guide.progress().get());
        subscription = desk.guide
                .progress()
                .subscribe(progress -> waypoints.add(desk.guide.lab().get(), progress));
    }

    /** How far the lab is. */
    Destination reached() {
        return waypoints.last();
    }

    /** To where a step begins, in a new cluster. */
    void toStep(String stepId) {
        go(Destination.before(stepId), stepName(stepId));
    }

    /** To just before a block of commands, in a new cluster. */
    void toBlock(String stepId, int block) {
        go(new Destination(stepId, block), stepName(stepId));
    }

    /** Does what is left of the step on the page; where that cannot lead to its end, in a new cluster. */
    void finishStep() {
        desk.guide.step().ifPresent(step -> {
            boolean ready = desk.guide
                    .nextBlock()
                    .map(block -> desk.guide.needs(block).met())
                    .orElse(false);
            if (ready) {
                Texts texts = desk.texts();
                desk.guide.finish(step.title(), (what, failure) -> desk.notifications.failed(what, failure, texts));
            } else {
                go(Destination.after(desk.guide.lab().get(), step.id()), afterStep(step.id()));
            }
        });
    }

    /** The point of the lab at which the cluster was before that fault; empty where this window does not know. */
    private Optional<Destination> before(ActiveFault fault) {
        ClusterSnapshot now = desk.cluster.snapshot().get();
        Duration began = now.elapsed().minus(Duration.between(fault.since(), now.time()));
        return waypoints.before(began);
    }

    /** To the cluster as it was before a fault, or says why that is not known. */
    void backBefore(ActiveFault fault) {
        Texts texts = desk.texts();
        String what = texts.sentences().title(fault);
        before(fault)
                .ifPresentOrElse(
                        destination -> go(destination, texts.get("way.before", what)),
                        () -> desk.notifications.say(
                                new Notice(Level.INFO, texts.get("way.unknown"), texts.get("way.unknown.why"), "")));
    }

    /** The lab from its first step. */
    void beginAnew() {
        Lab lab = desk.guide.lab().get();
        desk.engines.goTo(Start.anew(desk.engines.lab()), lab.title(), desk.machines());
    }

    private void go(Destination destination, String where) {
        desk.engines.goTo(Start.at(desk.engines.lab(), destination), where, desk.machines());
    }

    private String stepName(String stepId) {
        return desk.texts().get("way.step.name", number(stepId), title(stepId));
    }

    private String afterStep(String stepId) {
        return desk.texts().get("way.after", number(stepId), title(stepId));
    }

    private String title(String stepId) {
        return desk.guide.lab().get().requireStep(stepId).title();
    }

    /** From 1, as on the page. */
    int number(String stepId) {
        Lab lab = desk.guide.lab().get();
        return lab.steps().indexOf(lab.requireStep(stepId)) + 1;
    }

    /** Whether steps before this one are not done. */
    boolean ahead(String stepId) {
        return Destination.before(stepId).stepsBefore(desk.guide.lab().get()).stream()
                .anyMatch(step -> desk.guide.stateOf(step.id()) != StepState.PASSED);
    }

    @Override
    public void close() {
        subscription.unsubscribe();
    }
}
