package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Course;
import dev.clusterlab.ui.model.experiment.Place;
import dev.clusterlab.ui.model.experiment.StepRow;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** What is done, in order, with what is under way marked. */
final class StepsCard {
    private static final double INDENT = 20;

    private final Texts texts;
    private final VBox root = ExperimentsView.card("experiment-steps");
    private final VBox rows = new VBox();
    private List<StepRow> shown = List.of();

    StepsCard(Texts texts) {
        this.texts = texts;
        rows.getStyleClass().add("experiment-step-rows");
        root.getChildren().setAll(ExperimentsView.cardHead(texts.get("exp.steps")), rows);
    }

    Region node() {
        return root;
    }

    void show(Experiment experiment, Place place, Optional<Course> course) {
        List<StepRow> now = StepRow.of(experiment, place, course, texts);
        if (!now.equals(shown)) {
            shown = now;
            rows.getChildren().setAll(now.stream().map(StepsCard::row).toList());
        }
    }

    private static Node row(StepRow row) {
        FontIcon sign = switch (row.state()) {
            case TODO -> Widgets.icon(Material2MZ.RADIO_BUTTON_UNCHECKED, "tone-neutral");
            case UNDER_WAY -> Widgets.icon(Material2AL.ARROW_FORWARD, "tone-accent");
            case DONE -> Widgets.icon(Material2AL.CHECK, "tone-good");
        };
        Label words = Widgets.wrapped(
                row.words(),
                switch (row.state()) {
                    case TODO -> "experiment-step-todo";
                    case UNDER_WAY -> "experiment-step-now";
                    case DONE -> "experiment-step-done";
                });
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox line = new HBox(sign, words);
        line.setPadding(new Insets(0, 0, 0, INDENT * row.depth()));
        line.getStyleClass().add("experiment-step");
        return line;
    }
}
