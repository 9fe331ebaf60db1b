package dev.clusterlab.ui.hosts;

import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Entry;
import dev.clusterlab.ui.model.hosts.TestModel.Candidate;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;

/** Experiments to choose one from: those that can be run first, the others with the reason why not. */
final class ExperimentChoice {
    private final Texts texts;
    private final RunWords words;
    private final Consumer<String> chosen;
    private final Runnable file;
    private final Map<String, RadioButton> buttons = new HashMap<>();

    /**
     * @param chosen told the name of the one that is chosen
     * @param file asks for the file of another
     */
    ExperimentChoice(Texts texts, Consumer<String> chosen, Runnable file) {
        this.texts = texts;
        this.words = new RunWords(texts.locale());
        this.chosen = chosen;
        this.file = file;
    }

    VBox draw(List<Candidate> candidates) {
        buttons.clear();
        var group = new ToggleGroup();
        HBox head = new HBox(
                Widgets.label(texts.get("test.experiment"), "section-title"),
                Widgets.spacer(),
                Widgets.button("test-file", texts.get("test.file"), Material2AL.FOLDER_OPEN, file, "small", "flat"));
        head.setAlignment(Pos.CENTER_LEFT);
        VBox rows = new VBox(head);
        rows.getStyleClass().add("section");
        candidates.stream()
                .filter(Candidate::possible)
                .forEach(each -> rows.getChildren().add(possible(each, group)));
        List<Candidate> others =
                candidates.stream().filter(each -> !each.possible()).toList();
        if (!others.isEmpty()) {
            rows.getChildren().add(Widgets.label(texts.get("test.impossible"), "section-title"));
        }
        others.forEach(each -> rows.getChildren().add(impossible(each)));
        return rows;
    }

    /** Marks the one of that name; none for the empty text. */
    void show(String name) {
        Optional.ofNullable(buttons.get(name))
                .ifPresentOrElse(
                        button -> button.setSelected(true),
                        () -> buttons.values().forEach(button -> button.setSelected(false)));
    }

    private String title(Entry entry) {
        return entry.experiment()
                .map(experiment -> experiment.title().in(texts.locale()))
                .orElseGet(() -> String.valueOf(Path.of(entry.name()).getFileName()));
    }

    private Node possible(Candidate candidate, ToggleGroup group) {
        Entry entry = candidate.entry();
        RadioButton button = new RadioButton(title(entry));
        button.setId("test-choose-" + entry.experiment().orElseThrow().name());
        button.setToggleGroup(group);
        button.setWrapText(true);
        button.setOnAction(event -> chosen.accept(entry.name()));
        buttons.put(entry.name(), button);
        Label purpose = Widgets.wrapped(
                texts.get("exp.time", entry.experiment().orElseThrow().planned().toSeconds()) + " · "
                        + firstSentence(
                                entry.experiment().orElseThrow().purpose().in(texts.locale())),
                "muted",
                "consent-why");
        VBox row = new VBox(button, purpose);
        row.getStyleClass().add("watched-part");
        return row;
    }

    /** What it is for, in short; the whole of it is on the page of experiments. */
    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    private Node impossible(Candidate candidate) {
        Label title = Widgets.label(title(candidate.entry()), "muted");
        title.setGraphic(Widgets.icon(Material2AL.BLOCK, "tone-neutral"));
        String why = candidate
                .lack()
                .map(words::trouble)
                .or(() -> candidate.entry().mistake().map(texts.errors()::what))
                .orElse("");
        VBox row = new VBox(title, Widgets.wrapped(why, "muted", "consent-why"));
        candidate
                .entry()
                .mistake()
                .map(texts.errors()::advice)
                .ifPresent(advice -> row.getChildren().add(Widgets.wrapped(advice, "muted", "consent-why")));
        row.setId("test-cannot-"
                + String.valueOf(Path.of(candidate.entry().name()).getFileName()));
        return row;
    }
}
