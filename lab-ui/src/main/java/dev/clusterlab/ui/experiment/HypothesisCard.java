package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.experiment.Course;
import dev.clusterlab.ui.model.experiment.Course.Phase;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Doing;
import dev.clusterlab.ui.model.experiment.HypothesisRow;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What should hold, and whether it does, all along the run. */
final class HypothesisCard {
    private final Texts texts;
    private final VBox root = ExperimentsView.card("experiment-hypothesis");
    private final Label state = Widgets.label("", "state-pill");
    private final VBox rows = new VBox();
    private final FlowPane key = new FlowPane();
    private List<HypothesisRow> shownRows = List.of();
    private Optional<Course> shownCourse = Optional.empty();

    HypothesisCard(Texts texts) {
        this.texts = texts;
        state.setMinWidth(Region.USE_PREF_SIZE);
        Widgets.setTone(state, Tone.WAITING);
        rows.getStyleClass().add("hypothesis-rows");
        rows.setSpacing(12);
        key.getStyleClass().add("strip-key");
        key.getChildren()
                .addAll(
                        key("strip-counts", "exp.key.counts"),
                        key("strip-tolerated", "exp.key.tolerated"),
                        key("strip-fault", "exp.key.fault"),
                        key("strip-healed", "exp.key.healed"));
        root.getChildren().setAll(ExperimentsView.cardHead(texts.get("exp.hypothesis"), state), rows, key);
    }

    private Node key(String swatch, String words) {
        Region colour = new Region();
        colour.getStyleClass().addAll("strip-swatch", swatch);
        Label label = Widgets.label(texts.get(words));
        label.setGraphic(colour);
        return label;
    }

    Region node() {
        return root;
    }

    void show(Experiment experiment, Optional<Course> course, Optional<RunResult> result, Optional<Doing> doing) {
        state(course, doing);
        List<HypothesisRow> now = HypothesisRow.of(experiment, course, result, texts);
        if (now.equals(shownRows) && course.equals(shownCourse)) {
            return;
        }
        shownRows = now;
        shownCourse = course;
        boolean strips = course.filter(seen -> seen.phase() != Phase.PLATFORM && seen.at() > 0)
                .isPresent();
        ExperimentsView.show(key, strips);
        rows.getChildren()
                .setAll(now.stream().map(row -> row(row, course, strips)).toList());
    }

    private void state(Optional<Course> course, Optional<Doing> doing) {
        boolean running = doing.filter(Doing.Running.class::isInstance).isPresent();
        ExperimentsView.show(state, running);
        if (!running || course.isEmpty()) {
            return;
        }
        Course seen = course.get();
        boolean standing = doing.filter(
                        each -> each instanceof Doing.Running run && run.place().stands())
                .isPresent();
        boolean cancelled = doing.filter(each -> each instanceof Doing.Running run && run.cancelled())
                .isPresent();
        state.setText(
                cancelled
                        ? texts.get("exp.cancelling")
                        : switch (seen.phase()) {
                            case PLATFORM -> texts.get(standing ? "exp.phase.standing" : "exp.phase.PLATFORM");
                            case METHOD, WATCH -> texts.get("exp.phase.METHOD", Math.floor(seen.at()));
                            case HEALING, OVER -> texts.get("exp.phase.HEALING", Math.floor(seen.at()));
                        });
    }

    private static Node row(HypothesisRow row, Optional<Course> course, boolean strips) {
        VBox words = new VBox(Widgets.wrapped(row.title(), "hypothesis-title"));
        if (!row.words().isEmpty()) {
            Label said = Widgets.wrapped(row.words(), "hypothesis-words");
            Widgets.setTone(said, row.tone());
            words.getChildren().add(said);
        }
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox line = new HBox(Widgets.toneIcon(row.tone()), words);
        line.getStyleClass().add("hypothesis-row");
        if (!strips || course.isEmpty()) {
            return line;
        }
        VBox both = new VBox(line, new StripPane(course.get(), row.gaps()));
        both.setSpacing(4);
        return both;
    }
}
