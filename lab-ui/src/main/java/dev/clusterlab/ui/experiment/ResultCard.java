package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Sheet;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Shown;
import dev.clusterlab.ui.model.experiment.Place;
import dev.clusterlab.ui.model.recovery.RecoveryCard;
import dev.clusterlab.ui.recovery.LanesPane;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What came of a run: in plain words, in figures, and how the cluster recovered, stage by stage. */
final class ResultCard {
    private final Texts texts;
    private final RunWords words;
    private final VBox root = ExperimentsView.card("experiment-result");
    private Optional<Sheet> built = Optional.empty();

    ResultCard(Texts texts) {
        this.texts = texts;
        this.words = new RunWords(texts.locale());
    }

    Region node() {
        return root;
    }

    void show(Shown now) {
        Sheet sheet = now.sheet();
        boolean known = sheet.result().isPresent() || sheet.failure().isPresent();
        ExperimentsView.show(root, known && now.here().isEmpty());
        if (known && !built.filter(sheet::equals).isPresent()) {
            built = Optional.of(sheet);
            root.getChildren().clear();
            sheet.failure().ifPresent(this::failure);
            if (sheet.failure().isEmpty()) {
                sheet.result().ifPresent(result -> result(result, sheet.place()));
            }
        }
    }

    private void failure(Throwable failure) {
        boolean known = failure instanceof LabException;
        root.getChildren()
                .add(Widgets.notice(new Notice(
                        Level.ERROR,
                        texts.get("exp.failure"),
                        known ? texts.errors().what((LabException) failure) : String.valueOf(failure),
                        known ? texts.errors().advice((LabException) failure) : texts.get("notice.unexpected"))));
    }

    private void result(RunResult result, Place place) {
        Label outcome =
                Widgets.label(texts.get("exp.outcome." + result.outcome().name()), "state-pill");
        outcome.setMinWidth(Region.USE_PREF_SIZE);
        outcome.setGraphic(Widgets.toneIcon(EntryCell.tone(result.outcome())));
        Widgets.setTone(outcome, EntryCell.tone(result.outcome()));
        root.getChildren()
                .addAll(
                        ExperimentsView.cardHead(texts.get("exp.result"), outcome),
                        Widgets.wrapped(
                                texts.get(
                                        result.outcome() == Outcome.ABORTED
                                                ? aborted(place)
                                                : "exp.plain."
                                                        + result.outcome().name()),
                                "result-words"));
        result.trouble()
                .ifPresent(trouble -> root.getChildren().add(Widgets.wrapped(words.trouble(trouble), "result-words")));
        FlowPane figures = new FlowPane();
        figures.getStyleClass().add("result-figures");
        if (result.tally().requests() > 0) {
            figures.getChildren()
                    .add(figure(
                            String.valueOf(result.tally().failed()),
                            words.get(
                                    "page.tile.failed",
                                    String.valueOf(result.tally().requests()))));
        }
        lastFailure(result)
                .ifPresent(last -> figures.getChildren()
                        .add(figure(texts.anatomies().seconds(last), words.get("page.tile.last"))));
        result.recovery()
                .ifPresent(took ->
                        figures.getChildren().add(figure(words.seconds(took), words.get("page.tile.recovery"))));
        if (!figures.getChildren().isEmpty()) {
            root.getChildren().add(figures);
        }
        result.anatomies().stream().findFirst().ifPresent(this::recovery);
        if (result.anatomies().size() > 1) {
            root.getChildren()
                    .add(Widgets.wrapped(
                            texts.get("exp.anatomies", result.anatomies().size() - 1), "muted"));
        }
        root.getChildren()
                .add(Widgets.wrapped(
                        words.get(
                                "summary.times",
                                words.seconds(result.engineTime()),
                                words.seconds(result.wallTime()),
                                String.valueOf(result.seed())),
                        "muted"));
    }

    private static String aborted(Place place) {
        return switch (place) {
            case SIMULATED, DOCKER -> "exp.plain.ABORTED";
            case LAB -> "exp.plain.standing";
            case SWARM -> "exp.plain.swarm";
        };
    }

    private static Optional<Duration> lastFailure(RunResult result) {
        return result.anatomies().stream()
                .flatMap(anatomy -> anatomy.lastFailure().stream())
                .max(Comparator.naturalOrder());
    }

    private void recovery(Anatomy anatomy) {
        RecoveryCard card = RecoveryCard.of(anatomy, texts.anatomies()).withoutEvents();
        root.getChildren()
                .addAll(
                        Widgets.wrapped(words.get("page.recovery", card.title()), "strong"),
                        new LanesPane(card, event -> {}).node());
        if (!card.causes().isEmpty()) {
            root.getChildren().add(Widgets.wrapped(card.why(), "strong"));
            card.causes()
                    .forEach(cause -> root.getChildren().add(Widgets.wrapped(cause.count() + "  " + cause.words())));
        }
    }

    private static Node figure(String number, String words) {
        Label figure = Widgets.label(number, "recovery-number");
        figure.setMinWidth(Region.USE_PREF_SIZE);
        Label of = Widgets.label(words, "muted");
        of.setMinWidth(Region.USE_PREF_SIZE);
        return new VBox(figure, of);
    }
}
