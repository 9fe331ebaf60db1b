package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.CheckResult;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.ui.kit.Fades;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** What must be true for the step on the page to be done, and what is missing now. */
final class ChecksView {
    final VBox node = new VBox();
    private final GuideModel guide;
    private final Texts texts;
    private final BooleanSupplier motion;
    private List<Line> drawn = List.of();
    /** The step that was seen to be open, and is shown still. */
    private String open = "";

    /** {@code note}: what is missing, or what no longer holds; empty if nothing. The first line is the heading. */
    private record Line(String title, boolean held, String note) {}

    /** @param motion whether the person wants things to move */
    ChecksView(GuideModel guide, Texts texts, BooleanSupplier motion) {
        this.guide = guide;
        this.motion = motion;
        this.texts = texts;
        node.getStyleClass().add("checks");
        node.setId("checks");
        node.setMinHeight(Region.USE_PREF_SIZE);
    }

    void refresh() {
        guide.step().ifPresent(step -> {
            boolean passed = guide.stateOf(step.id()) == StepState.PASSED;
            List<Line> lines = new ArrayList<>();
            String heading = guide.finished() ? "guide.finished" : passed ? "guide.passed" : "guide.checks";
            lines.add(new Line(texts.get(heading), passed, ""));
            for (Lab.Check check : step.checks()) {
                lines.add(line(check, step, passed));
            }
            if (!lines.equals(drawn)) {
                drawn = lines;
                draw(lines, passed && open.equals(step.id()));
            }
            open = passed ? "" : step.id();
        });
    }

    private Line line(Lab.Check check, Lab.Step step, boolean passed) {
        CheckResult state = guide.stateOf(check);
        boolean held = state.now() || passed;
        if (!held && guide.stateOf(step.id()) == StepState.OPEN) {
            return new Line(check.title(), false, state.missing());
        }
        boolean lost = passed && !state.now() && state.everPassed();
        return new Line(check.title(), held, lost ? texts.get("check.nolonger") : "");
    }

    /** {@code now}: whether the step has been done just now. */
    private void draw(List<Line> lines, boolean now) {
        Line first = lines.getFirst();
        Label heading = Widgets.wrapped(first.title(), first.held() ? "checks-passed" : "section-title");
        if (first.held()) {
            Node tick = Widgets.icon(guide.finished() ? Material2AL.EMOJI_EVENTS : Material2AL.DONE_ALL, "tone-good");
            heading.setGraphic(tick);
            if (now) {
                Fades.done(tick, motion.getAsBoolean());
            }
        }
        node.getStyleClass().remove("checks-done");
        if (first.held()) {
            node.getStyleClass().add("checks-done");
        }
        List<Node> rows = new ArrayList<>();
        rows.add(heading);
        lines.stream().skip(1).map(ChecksView::row).forEach(rows::add);
        node.getChildren().setAll(rows);
    }

    private static Node row(Line line) {
        VBox words = new VBox(Widgets.wrapped(line.title(), "check-title"));
        HBox.setHgrow(words, Priority.ALWAYS);
        if (!line.note().isBlank()) {
            words.getChildren().add(Widgets.wrapped(line.note(), "check-missing"));
        }
        HBox row = new HBox(
                line.held()
                        ? Widgets.toneIcon(Tone.GOOD)
                        : Widgets.icon(Material2MZ.RADIO_BUTTON_UNCHECKED, "tone-neutral"),
                words);
        row.getStyleClass().addAll("step-check", line.held() ? "check-held" : "check-open");
        return row;
    }
}
