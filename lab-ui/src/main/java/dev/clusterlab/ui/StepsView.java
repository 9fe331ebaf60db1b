package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.ui.kit.Fades;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/**
 * The steps of the lab, as a row of numbers with ticks and as a list of titles; both lead to a step's page, the list also
 * to the step itself in a new cluster.
 */
final class StepsView {
    private static final PseudoClass NARROW = PseudoClass.getPseudoClass("narrow");
    /** Of two digits with what is around them, as the style sheet has them. */
    private static final double NUMBER_WIDTH = 22;

    final HBox dots = new HBox();
    final VBox list = new VBox();
    private final GuideModel guide;
    private final LabWays ways;
    private final BooleanSupplier motion;
    private final Texts texts;
    private final List<Entry> entries = new ArrayList<>();

    /** One step's two buttons, which stay while its state changes, so that they keep the focus. */
    private record Entry(Lab.Step step, int number, Button dot, Button row, HBox line) {}

    /** @param motion whether the person wants things to move */
    StepsView(GuideModel guide, LabWays ways, Texts texts, BooleanSupplier motion) {
        this.guide = guide;
        this.motion = motion;
        this.ways = ways;
        this.texts = texts;
        dots.getStyleClass().add("stepper");
        list.getStyleClass().add("step-list");
        dots.setMinWidth(0);
        dots.widthProperty().subscribe(this::showNumbers);
    }

    /** Numbers where all of them have room; narrow bars where they would be cut. */
    private void showNumbers() {
        double each = entries.isEmpty() ? 0 : dots.getWidth() / entries.size() - dots.getSpacing();
        dots.pseudoClassStateChanged(NARROW, each < NUMBER_WIDTH);
    }

    void refresh() {
        List<Lab.Step> steps = guide.lab().get().steps();
        if (!steps.equals(entries.stream().map(Entry::step).toList())) {
            build(steps);
        }
        for (Entry entry : entries) {
            StepState state = guide.stateOf(entry.step().id());
            boolean shown = entry.step().id().equals(guide.shownStep().get());
            dress(entry, state, shown);
        }
    }

    private void build(List<Lab.Step> steps) {
        entries.clear();
        for (Lab.Step step : steps) {
            int number = entries.size() + 1;
            Button dot = new Button();
            dot.setId("step-" + step.id());
            dot.setMaxWidth(Double.MAX_VALUE);
            HBox.setHgrow(dot, Priority.ALWAYS);
            Button row = new Button(number + ". " + step.title());
            row.setId("row-" + step.id());
            row.setAlignment(Pos.CENTER_LEFT);
            row.setMaxWidth(Double.MAX_VALUE);
            for (Button button : List.of(dot, row)) {
                button.setOnAction(event -> guide.shownStep().set(step.id()));
            }
            Button way = Widgets.iconButton(
                    "bring-" + step.id(),
                    Material2MZ.REPLAY,
                    texts.get("way.to.step", number),
                    () -> ways.toStep(step.id()));
            HBox.setHgrow(row, Priority.ALWAYS);
            Widgets.describe(row, row.getText());
            HBox line = new HBox(row, way);
            line.setAlignment(Pos.CENTER_LEFT);
            entries.add(new Entry(step, number, dot, row, line));
        }
        dots.getChildren().setAll(entries.stream().map(Entry::dot).toList());
        list.getChildren().setAll(entries.stream().map(Entry::line).toList());
        showNumbers();
    }

    private void dress(Entry entry, StepState state, boolean shown) {
        String sign = state == StepState.PASSED ? "✓" : String.valueOf(entry.number());
        if (state == StepState.PASSED
                && !entry.dot().getText().isEmpty()
                && !entry.dot().getText().equals(sign)) {
            Fades.done(entry.dot(), motion.getAsBoolean());
        }
        entry.dot().setText(sign);
        List<String> look =
                new ArrayList<>(List.of("step-dot", "step-" + state.name().toLowerCase(Locale.ROOT)));
        List<String> rowLook = new ArrayList<>(List.of("button", "flat", "step-row"));
        if (shown) {
            look.add("step-shown");
            rowLook.add("step-shown");
        }
        if (!entry.dot().getStyleClass().equals(look)) {
            entry.dot().getStyleClass().setAll(look);
            Widgets.describe(
                    entry.dot(),
                    entry.number() + ". " + entry.step().title() + " – " + texts.get("step." + state.name()));
        }
        if (!entry.row().getStyleClass().equals(rowLook) || entry.row().getUserData() != state) {
            entry.row().getStyleClass().setAll(rowLook);
            entry.row().setUserData(state);
            entry.row()
                    .setGraphic(
                            switch (state) {
                                case PASSED -> Widgets.toneIcon(Tone.GOOD);
                                case OPEN -> Widgets.icon(Material2AL.ARROW_RIGHT_ALT, "tone-accent");
                                case LOCKED -> Widgets.icon(Material2MZ.RADIO_BUTTON_UNCHECKED, "tone-neutral");
                            });
        }
    }
}
