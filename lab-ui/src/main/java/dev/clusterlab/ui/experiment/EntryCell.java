package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.experiment.Entry;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Shown;
import java.nio.file.Path;
import java.util.function.Supplier;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** An experiment in the list: what it is called, and how it went last. */
final class EntryCell extends ListCell<Entry> {
    private final Texts texts;
    private final Supplier<Shown> shown;
    private final Label title = Widgets.wrapped("", "experiment-cell-title");
    private final Label words = Widgets.wrapped("", "experiment-cell-words", "muted");
    private final HBox line = new HBox();

    EntryCell(Texts texts, Supplier<Shown> shown) {
        this.texts = texts;
        this.shown = shown;
        VBox both = new VBox(title, words);
        both.setMinWidth(0);
        HBox.setHgrow(both, Priority.ALWAYS);
        line.getStyleClass().add("experiment-cell");
        line.getChildren().setAll(Widgets.toneIcon(Tone.NEUTRAL), both);
        // As wide as the list, so that long words are broken and not cut.
        setPrefWidth(0);
    }

    @Override
    protected double computePrefHeight(double width) {
        // A cell asks its graphic for a height without saying how wide it will be.
        double inside = getWidth() - snappedLeftInset() - snappedRightInset();
        return getGraphic() == null
                ? super.computePrefHeight(width)
                : snapSizeY(line.prefHeight(inside) + snappedTopInset() + snappedBottomInset());
    }

    /** What an experiment is called; of a file that is malformed the name of the file. */
    static String title(Entry entry, Texts texts) {
        return entry.experiment()
                .map(experiment -> experiment.title().in(texts.locale()))
                .orElseGet(() -> String.valueOf(Path.of(entry.name()).getFileName()));
    }

    @Override
    protected void updateItem(@Nullable Entry entry, boolean empty) {
        super.updateItem(entry, empty);
        if (empty || entry == null) {
            setGraphic(null);
            return;
        }
        title.setText(title(entry, texts));
        Shown now = shown.get();
        boolean underWay =
                now.doing().filter(doing -> doing.name().equals(entry.name())).isPresent();
        words.setText(underWay ? texts.get("exp.underway") : words(entry, now));
        line.getChildren().set(0, sign(entry, now, underWay));
        setGraphic(line);
    }

    private String words(Entry entry, Shown now) {
        if (entry.mistake().isPresent()) {
            return texts.get("exp.malformed.short");
        }
        return now.sheet(entry.name())
                .result()
                .map(this::words)
                .orElseGet(() -> entry.experiment()
                        .map(experiment ->
                                texts.get("exp.time", experiment.planned().toSeconds()))
                        .orElse(""));
    }

    private String words(RunResult result) {
        String outcome = texts.get("exp.outcome." + result.outcome().name());
        return result.tally().requests() == 0
                ? outcome
                : texts.get("exp.outcome.lost", outcome, result.tally().failed());
    }

    private static Node sign(Entry entry, Shown now, boolean underWay) {
        if (entry.mistake().isPresent()) {
            return Widgets.icon(Material2AL.ERROR, "tone-bad");
        }
        if (underWay) {
            return Widgets.icon(Material2MZ.PLAY_CIRCLE_OUTLINE, "tone-accent");
        }
        return now.sheet(entry.name())
                .result()
                .map(result -> (Node) Widgets.toneIcon(tone(result.outcome())))
                .orElseGet(() -> Widgets.icon(Material2MZ.RADIO_BUTTON_UNCHECKED, "tone-neutral"));
    }

    static Tone tone(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED -> Tone.GOOD;
            case DEVIATED -> Tone.WAITING;
            case FAILED -> Tone.BAD;
            case ABORTED -> Tone.NEUTRAL;
        };
    }
}
