package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.lab.way.BlockNeeds;
import dev.clusterlab.lab.way.Destination;
import dev.clusterlab.lab.way.Waypoints;
import dev.clusterlab.lab.words.Troubles;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.Aftermath;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Start;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.kept.KeptProgress;
import dev.clusterlab.ui.model.kept.ProgressFile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.util.Subscription;

/** What a person who is stuck can do: be brought to a step, have a step finished, go back to before a fault, begin anew. */
final class LabWays implements AutoCloseable {
    /** Engine time after healing in which a cluster mends itself. */
    private static final Duration RECOVERY = Duration.ofMinutes(1);

    private final WindowModels desk;
    private final Waypoints waypoints;
    private final Subscription subscription;
    private boolean shown;
    /** Whether there was a fault since the last look at what is left of it. */
    private boolean broken;
    /** Engine time at which the last fault had ended. */
    private Optional<Duration> healed = Optional.empty();
    /** What was said of that; it is not true any more when something is broken again, or when that trouble is over. */
    private Optional<Said> said = Optional.empty();

    private record Said(Aftermath.Trouble trouble, Notice notice) {}

    LabWays(WindowModels desk) {
        this.desk = desk;
        this.waypoints =
                new Waypoints(desk.guide.lab().get(), desk.guide.progress().get());
        subscription = Subscription.combine(
                desk.guide.progress().subscribe(this::advance),
                desk.cluster.snapshot().subscribe(this::look));
    }

    /** Says once, when every fault has been healed for a while, that not all is well. */
    private void look(ClusterSnapshot snapshot) {
        if (!snapshot.faults().isEmpty()) {
            takeBack();
            broken = true;
            healed = Optional.empty();
        } else if (broken && healed.isEmpty()) {
            healed = Optional.of(snapshot.elapsed());
        } else if (broken && snapshot.elapsed().minus(healed.get()).compareTo(RECOVERY) >= 0) {
            broken = false;
            healed = Optional.empty();
            Aftermath.of(snapshot).stream().findFirst().ifPresent(this::say);
        } else if (said.filter(before -> !lasts(before.trouble(), snapshot)).isPresent()) {
            takeBack();
        }
    }

    /** Its numbers may be others by now. */
    private static boolean lasts(Aftermath.Trouble trouble, ClusterSnapshot snapshot) {
        return Aftermath.of(snapshot).stream().anyMatch(now -> now.getClass().equals(trouble.getClass()));
    }

    private void takeBack() {
        said.map(Said::notice).ifPresent(desk.notifications::dismiss);
        said = Optional.empty();
    }

    private void say(Aftermath.Trouble trouble) {
        Texts texts = desk.texts();
        Troubles.Said words = Troubles.of(texts.locale()).of(trouble);
        Notice notice = new Notice(
                Level.INFO,
                texts.get("aftermath.title"),
                words.what() + " " + words.wayBack(),
                texts.get("aftermath.more"));
        desk.notifications.say(notice);
        said = Optional.of(new Said(trouble, notice));
    }

    private void advance(LabSession.Progress progress) {
        Lab lab = desk.guide.lab().get();
        Destination before = waypoints.last();
        waypoints.add(lab, progress);
        if (!waypoints.last().equals(before) && !shown) {
            keep(lab);
        }
    }

    /** Keeps how far the person came; never less than was kept, unless the lab was begun anew. */
    private void keep(Lab lab) {
        KeptProgress now = new KeptProgress(
                waypoints.last(),
                lab.steps().stream()
                        .map(Lab.Step::id)
                        .filter(id -> desk.guide.stateOf(id) == StepState.PASSED)
                        .collect(Collectors.toSet()),
                Instant.now());
        ProgressFile file = desk.kept;
        Thread.ofVirtual().name("keeping progress").start(() -> {
            int done = file.read(lab.id()).map(kept -> kept.done().size()).orElse(0);
            if (now.done().size() >= done) {
                file.write(lab.id(), now);
            }
        });
    }

    /** The cluster was made to be shown or broken: it is not how far the person came. */
    void onlyShown() {
        shown = true;
    }

    /** How far the person came in this lab before. */
    Optional<KeptProgress> kept() {
        Lab lab = desk.guide.lab().get();
        return desk.kept
                .read(lab.id())
                .filter(kept -> lab.step(kept.reached().stepId()).isPresent()
                        && !kept.reached().start(lab));
    }

    /** To where the person came before. */
    void resume(KeptProgress kept) {
        go(kept.reached(), stepName(kept.reached().stepId()));
    }

    /** A cluster that is worth breaking, with clients. */
    void toReady(Lab lab) {
        Texts texts = desk.texts();
        desk.engines.goTo(
                new Start(labName(lab), Optional.of(Destination.before(lab.ready())), true),
                texts.get("welcome.ready"),
                desk.machines());
    }

    /** Another lab, or this one, from its first step. */
    void begin(Lab lab) {
        desk.engines.goTo(Start.anew(labName(lab)), lab.title(), desk.machines());
    }

    /** The name by which the present lab was asked for may be a folder. */
    private String labName(Lab lab) {
        return lab.id().equals(desk.guide.lab().get().id()) ? desk.engines.lab() : lab.id();
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
        desk.kept.forget(lab.id());
        desk.answers.forget();
        begin(lab);
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

    /** What a block builds on and is not there, in sentences. */
    String missing(BlockNeeds needs) {
        Texts texts = desk.texts();
        List<String> lines = new ArrayList<>();
        List<Lab.Step> steps = needs.steps();
        if (steps.size() == 1) {
            Lab.Step step = steps.getFirst();
            lines.add(texts.get("way.needs.step", number(step.id()), step.title()));
        } else if (!steps.isEmpty()) {
            String numbers = steps.stream()
                    .limit(steps.size() - 1L)
                    .map(step -> String.valueOf(number(step.id())))
                    .collect(Collectors.joining(", "));
            lines.add(
                    texts.get("way.needs.steps", numbers, number(steps.getLast().id())));
        }
        for (BlockNeeds.Unset unset : needs.variables()) {
            lines.add(texts.get(
                    "way.needs.variable", unset.name(), number(unset.step().id())));
        }
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        subscription.unsubscribe();
    }
}
