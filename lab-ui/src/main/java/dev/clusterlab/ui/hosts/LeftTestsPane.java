package dev.clusterlab.ui.hosts;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.TestModel;
import dev.clusterlab.ui.model.hosts.TestModel.Left;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2MZ;

/** Tests that killed programs have left on hosts, each with what ends it; nothing where there is none. */
final class LeftTestsPane {
    private final TestModel<?> model;
    private final Texts texts;
    private final VBox rows = new VBox();
    private final VBox told = new VBox();
    private final VBox root = new VBox(rows, told);
    private Subscription subscription = Subscription.EMPTY;

    LeftTestsPane(TestModel<?> model, Texts texts) {
        this.model = model;
        this.texts = texts;
        root.setId("left-tests");
        root.getStyleClass().add("hosts");
        rows.getStyleClass().add("labs-rows");
    }

    Region node() {
        return root;
    }

    /** Follows the model until {@link #dispose()}. */
    void follow() {
        subscription.unsubscribe();
        subscription = Subscription.combine(
                model.left().subscribe(this::show), model.ended().subscribe(notice -> {
                    told.getChildren()
                            .setAll(notice.stream().map(Widgets::notice).toList());
                    fit();
                }));
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private void show(List<Left> tests) {
        List<Node> shown = new ArrayList<>();
        if (!tests.isEmpty()) {
            shown.add(Widgets.label(texts.get("test.left"), "section-title"));
        }
        tests.forEach(test -> shown.add(row(test)));
        rows.getChildren().setAll(shown);
        fit();
    }

    private void fit() {
        boolean any = !rows.getChildren().isEmpty() || !told.getChildren().isEmpty();
        root.setVisible(any);
        root.setManaged(any);
    }

    private Node row(Left test) {
        DateTimeFormatter moment = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(texts.locale())
                .withZone(ZoneId.systemDefault());
        Label id = Widgets.label(test.test(), "lab-id");
        id.setMinWidth(Region.USE_PREF_SIZE);
        Label words = Widgets.wrapped(
                texts.get("test.left.on", String.join(", ", test.hosts()), moment.format(test.created())));
        HBox.setHgrow(words, Priority.ALWAYS);
        words.setMaxWidth(Double.MAX_VALUE);
        Button end = Widgets.button(
                "end-test-" + test.test(),
                texts.get("test.left.end"),
                Material2MZ.STOP,
                () -> model.endLeft(test.test()),
                "small",
                "button-outlined",
                "danger");
        end.setMinWidth(Region.USE_PREF_SIZE);
        HBox row = new HBox(id, words, end);
        row.getStyleClass().add("host-row");
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }
}
