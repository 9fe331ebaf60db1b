package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Course;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Doing;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Shown;
import dev.clusterlab.ui.model.experiment.Place;
import java.util.Optional;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** What should hold and what is done, beside each other where there is room, and what came of it. */
final class RunCards {
    /** Widths as multiples of the text's size. */
    private static final double STEPS = 25;

    private static final double BESIDE_MIN = 66;

    private final Settings settings;
    private final boolean resultFirst;
    private final HypothesisCard hypothesis;
    private final StepsCard steps;
    private final ResultCard result;
    private final VBox root = new VBox();
    private Pane both = new VBox();
    private boolean beside;

    /** @param resultFirst whether what came of it stands above the others */
    RunCards(Settings settings, Texts texts, boolean resultFirst) {
        this.settings = settings;
        this.resultFirst = resultFirst;
        hypothesis = new HypothesisCard(texts);
        steps = new StepsCard(texts);
        result = new ResultCard(texts);
        root.getStyleClass().add("experiment-beside");
        root.setMinWidth(0);
        arrange(false);
    }

    Region node() {
        return root;
    }

    /** Shares a width in pixels among them. */
    void share(double width) {
        double pixels = settings.fontPixels();
        boolean wide = width >= BESIDE_MIN * pixels;
        if (wide != beside) {
            arrange(wide);
        }
        double ofSteps = wide ? Math.rint(STEPS * pixels) : Region.USE_COMPUTED_SIZE;
        steps.node().setMinWidth(wide ? ofSteps : 0);
        steps.node().setPrefWidth(ofSteps);
        steps.node().setMaxWidth(wide ? ofSteps : Double.MAX_VALUE);
    }

    private void arrange(boolean wide) {
        beside = wide;
        both.getChildren().clear();
        HBox.setHgrow(hypothesis.node(), Priority.ALWAYS);
        hypothesis.node().setMinWidth(0);
        both = wide ? new HBox(hypothesis.node(), steps.node()) : new VBox(hypothesis.node(), steps.node());
        both.getStyleClass().add("experiment-beside");
        if (resultFirst) {
            root.getChildren().setAll(result.node(), both);
        } else {
            root.getChildren().setAll(both, result.node());
        }
    }

    void show(Shown now) {
        result.show(now);
        Optional<Experiment> experiment = now.entry().flatMap(entry -> entry.experiment());
        ExperimentsView.show(both, experiment.isPresent());
        experiment.ifPresent(known -> {
            Optional<Course> course = now.here().flatMap(doing -> switch (doing) {
                case Doing.Running running -> Optional.of(running.course());
                case Doing.Counting _ -> Optional.empty();
            });
            boolean running = course.isPresent();
            Optional<Course> seen = course.or(() -> now.sheet().course());
            hypothesis.show(
                    known, seen, running ? Optional.empty() : now.sheet().result(), now.here());
            steps.show(known, place(now), seen);
        });
    }

    /** Where that is or was of which the course is shown; else where it would be. */
    private static Place place(Shown now) {
        return now.here()
                .flatMap(doing ->
                        doing instanceof Doing.Running running ? Optional.of(running.place()) : Optional.empty())
                .orElseGet(() -> now.sheet().course().isPresent() ? now.sheet().place() : now.place());
    }
}
