package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.Texts;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;

/** What is left of the guide when it is folded: where one is, and the way back. */
final class RailView {
    private final GuideModel guide;
    private final VBox root = new VBox();
    private final Label step = Widgets.label("", "rail-step");
    private final Button previous;
    private final Button next;
    private final Subscription subscription;

    RailView(WindowModels desk, Texts texts) {
        this.guide = desk.guide;
        root.setId("rail");
        root.getStyleClass().add("rail");
        previous = Widgets.iconButton(
                "rail-previous", Material2AL.ARROW_BACK, texts.get("guide.previous"), guide::previous);
        next = Widgets.iconButton("rail-next", Material2AL.ARROW_FORWARD, texts.get("guide.next"), guide::next);
        root.getChildren()
                .addAll(
                        Widgets.iconButton(
                                "unfold-guide",
                                Material2AL.LAST_PAGE,
                                texts.get("guide.unfold"),
                                () -> desk.settings.guideFolded().set(false)),
                        step,
                        next,
                        previous);
        subscription = Subscription.combine(
                guide.lab().subscribe(this::show),
                guide.shownStep().subscribe(this::show),
                guide.progress().subscribe(this::show));
        show();
    }

    VBox node() {
        return root;
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private void show() {
        var steps = guide.lab().get().steps();
        int number = 1;
        for (var each : steps) {
            if (each.id().equals(guide.shownStep().get())) {
                step.setText(number + "/" + steps.size());
                Widgets.describe(step, each.title());
            }
            number++;
        }
        previous.setDisable(!guide.hasPrevious());
        next.setDisable(!guide.hasNext());
    }
}
