package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.SessionRecord.Ending;
import dev.clusterlab.lab.SessionRecord.Loss;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.PredictionsModel;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Laboratory;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The end of a lab: how long it took, what each fault cost, the page about it, and what to try now. */
final class EndView {
    private static final double WIDTH = 640;
    /** Experiments that are offered. */
    private static final int FITTING_MAX = 3;

    private static final double ROWS_SHARE = 0.42;
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm", Locale.ROOT);

    private final WindowModels desk;
    private final Texts texts;
    private final Overlays overlays;
    private final Wishes wishes;
    private final FlowPane tries = new FlowPane();

    /**
     * Where it leads.
     *
     * @param recovery to the cards of how the cluster recovered
     * @param experiments to the page of experiments
     */
    record Wishes(Runnable recovery, Runnable experiments) {}

    EndView(WindowModels desk, Texts texts, Overlays overlays, Wishes wishes) {
        this.wishes = wishes;
        this.desk = desk;
        this.texts = texts;
        this.overlays = overlays;
    }

    /** Shows it as soon as what there is to say has been gathered. */
    void open() {
        desk.tasks.run(
                texts.get("ending.gathering"),
                () -> {
                    Ending ending = desk.record.ending();
                    return new Gathered(ending, fitting(ending));
                },
                this::show,
                failure -> desk.notifications.failed(texts.get("ending.gathering"), failure, texts));
    }

    /**
     * What there is to say.
     *
     * @param fitting experiments that break what was broken here
     */
    private record Gathered(Ending ending, List<Experiment> fitting) {}

    private List<Experiment> fitting(Ending ending) {
        Set<FaultKind> kinds = ending.losses().stream()
                .map(loss -> loss.fault().kind())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(FaultKind.class)));
        Laboratory laboratory = desk.context.laboratory();
        return laboratory.names().stream()
                .filter(ExperimentLibrary.shippedNames()::contains)
                .map(laboratory::read)
                .filter(experiment -> experiment.kinds().stream().anyMatch(kinds::contains))
                .limit(FITTING_MAX)
                .toList();
    }

    private void show(Gathered gathered) {
        Ending ending = gathered.ending();
        Lab lab = desk.guide.lab().get();
        boolean finished = desk.guide.finished();
        VBox words = new VBox(
                Widgets.wrapped(texts.get(finished ? "ending.done" : "ending.sofar", lab.title()), "overlay-title"),
                Widgets.wrapped(
                        texts.get(
                                "ending.facts",
                                ending.steps(),
                                Math.max(1, Math.round(ending.wallTime().toSeconds() / 60.0)),
                                ending.losses().size(),
                                ending.requests(),
                                ending.failed()),
                        "muted"));
        PredictionsModel.Score score = desk.predictions.score();
        if (score.graded() > 0) {
            words.getChildren()
                    .add(Widgets.wrapped(texts.get("ending.predictions", score.right(), score.graded()), "muted"));
        }
        words.getStyleClass().add("ending-words");
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox head = new HBox(
                Widgets.icon(finished ? Material2AL.EMOJI_EVENTS : Material2AL.FLAG, "ending-sign", "tone-good"),
                words);
        head.getStyleClass().add("ending-head");
        head.setAlignment(Pos.CENTER_LEFT);
        ScrollPane rows = new ScrollPane(losses(ending.losses()));
        rows.setFitToWidth(true);
        rows.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        rows.getStyleClass().add("page-scroll");
        rows.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                rows.maxHeightProperty().bind(scene.heightProperty().multiply(ROWS_SHARE));
            }
        });
        tries.getStyleClass().add("ending-tries");
        tries.getChildren().setAll(Widgets.label(texts.get("ending.try"), "muted"));
        if (!lab.ready().isEmpty()) {
            tries.getChildren()
                    .add(chip(
                            "try-break",
                            texts.get("welcome.break.go"),
                            Material2AL.FLASH_ON,
                            () -> desk.ways.toReady(lab)));
        }
        if (!ending.losses().isEmpty()) {
            tries.getChildren()
                    .add(chip("try-recovery", texts.get("ending.recovery"), Material2MZ.TIMELINE, wishes.recovery()));
        }
        for (Experiment experiment : gathered.fitting()) {
            tries.getChildren()
                    .add(chip(
                            "try-experiment-" + experiment.name(),
                            experiment.title().in(texts.locale()),
                            Material2MZ.SCIENCE,
                            () -> {
                                desk.experiments.choose(experiment.name());
                                wishes.experiments().run();
                            }));
        }
        tries.getChildren().add(chip("try-anew", texts.get("help.anew"), Material2MZ.REPLAY, desk.ways::beginAnew));
        Button report = Widgets.button(
                "ending-report", texts.get("ending.report"), Material2AL.ARTICLE, this::report, "button-outlined");
        Button close =
                Widgets.button("ending-close", texts.get("help.close"), Material2AL.CHECK, overlays::hide, "accent");
        close.defaultButtonProperty().bind(close.focusedProperty());
        HBox buttons = new HBox(report, close);
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        VBox card = new VBox(head, rows, tries, buttons);
        card.setId("ending");
        card.setPrefWidth(WIDTH);
        overlays.show(card, close, overlays::hide);
        desk.engines.lessons(this::addLessons);
    }

    private void addLessons(List<Lab> lessons) {
        for (Lab lab : lessons) {
            if (!lab.id().equals(desk.guide.lab().get().id())) {
                tries.getChildren()
                        .add(chip("try-" + lab.id(), lab.title(), Material2MZ.SCHOOL, () -> desk.ways.begin(lab)));
            }
        }
    }

    private Button chip(String id, String words, org.kordamp.ikonli.Ikon ikon, Runnable deed) {
        return Widgets.button(
                id,
                words,
                ikon,
                () -> {
                    overlays.hide();
                    deed.run();
                },
                "small",
                "button-outlined");
    }

    private Node losses(List<Loss> losses) {
        if (losses.isEmpty()) {
            return Widgets.wrapped(texts.get("ending.nofaults"), "muted");
        }
        double longest = losses.stream()
                .mapToDouble(loss -> loss.lasted().toMillis())
                .max()
                .orElse(0);
        GridPane grid = new GridPane();
        grid.getStyleClass().add("ending-losses");
        ColumnConstraints fault = new ColumnConstraints();
        fault.setHgrow(Priority.ALWAYS);
        ColumnConstraints right = new ColumnConstraints();
        right.setHalignment(HPos.RIGHT);
        grid.getColumnConstraints().addAll(fault, right, new ColumnConstraints(), right);
        int row = 0;
        for (Loss loss : losses) {
            ProgressBar bar = new ProgressBar(longest == 0 ? 0 : loss.lasted().toMillis() / longest);
            bar.getStyleClass().add("ending-bar");
            var title = Widgets.wrapped(texts.sentences().title(loss.fault()), "ending-fault");
            title.setGraphic(Widgets.icon(Material2AL.FLASH_ON, "tone-bad"));
            var seconds = Widgets.label(
                    loss.lost() == 0
                            ? "–"
                            : texts.get("ending.seconds", loss.lasted().toMillis() / 1000.0),
                    "ending-figure");
            var lost = Widgets.label(
                    texts.get(loss.lost() == 0 ? "ending.nothing" : "ending.lost", loss.lost()), "ending-lost");
            seconds.setMinWidth(Region.USE_PREF_SIZE);
            lost.setMinWidth(Region.USE_PREF_SIZE);
            grid.addRow(row++, title, seconds, bar, lost);
        }
        return grid;
    }

    private void report() {
        Lab lab = desk.guide.lab().get();
        boolean finished = desk.guide.finished();
        Path page = UserFolders.ofThisUser()
                .data()
                .resolve("reports")
                .resolve(lab.id() + "-" + LocalDateTime.now().format(STAMP) + ".html");
        desk.tasks.run(
                texts.get("ending.report"),
                () -> {
                    desk.record.write(page, finished, texts.locale());
                    return true;
                },
                done -> {
                    desk.notifications.say(new Notice(Level.GOOD, texts.get("ending.saved"), page.toString(), ""));
                    desk.browser.accept(page.toUri().toString());
                },
                failure -> desk.notifications.failed(texts.get("ending.report"), failure, texts));
    }
}
