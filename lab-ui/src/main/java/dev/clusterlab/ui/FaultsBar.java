package dev.clusterlab.ui;

import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Inspector;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;

/** What is broken on purpose right now, the newest first, with a button that undoes it; the overview has them all. */
final class FaultsBar {
    private static final int SHOWN_MAX = 1;

    private final WindowModels desk;
    private final Texts texts;
    private final Consumer<Inspection.Action> act;
    private final Inspector inspector;
    private final HBox root = new HBox();
    private final Subscription subscription;
    private List<ActiveFault> drawn = List.of();
    private final List<Label> ages = new ArrayList<>();

    FaultsBar(WindowModels desk, Texts texts, Consumer<Inspection.Action> act) {
        this.desk = desk;
        this.texts = texts;
        this.act = act;
        this.inspector = new Inspector(texts, desk.host.cannot(texts));
        root.setId("faults");
        root.getStyleClass().add("faults");
        root.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        root.setPickOnBounds(false);
        root.setVisible(false);
        subscription = desk.cluster.snapshot().subscribe(this::refresh);
        refresh();
    }

    Node node() {
        return root;
    }

    /** Whether anything is broken on purpose. */
    ReadOnlyBooleanProperty shown() {
        return root.visibleProperty();
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private void refresh() {
        ClusterSnapshot snapshot = desk.cluster.snapshot().get();
        List<ActiveFault> faults = snapshot.faults().reversed();
        if (!faults.equals(drawn)) {
            drawn = faults;
            draw(faults);
        }
        for (int i = 0; i < ages.size(); i++) {
            Duration age = Duration.between(faults.get(i).since(), snapshot.time());
            ages.get(i).setText(Texts.clock(age.isNegative() ? Duration.ZERO : age));
        }
    }

    private void draw(List<ActiveFault> faults) {
        ages.clear();
        List<Node> rows = new ArrayList<>();
        for (ActiveFault fault : faults.subList(0, Math.min(SHOWN_MAX, faults.size()))) {
            Inspection.Action heal = inspector.heal(fault);
            Label kind = Widgets.label(fault.kind().code(), "fault-kind");
            kind.setGraphic(Widgets.icon(Material2AL.FLASH_ON));
            Label targets = Widgets.label(texts.sentences().target(fault.target()), "fault-targets");
            Label age = Widgets.label("", "fault-age");
            ages.add(age);
            kind.setMinWidth(Region.USE_PREF_SIZE);
            age.setMinWidth(Region.USE_PREF_SIZE);
            targets.setMaxWidth(150);
            HBox row = new HBox(
                    kind,
                    targets,
                    age,
                    Widgets.button(
                            "heal-" + fault.id(), heal.label(), Material2AL.HEALING, () -> act.accept(heal), "small"));
            row.getStyleClass().add("fault-row");
            row.setAlignment(Pos.CENTER_LEFT);
            rows.add(row);
        }
        if (faults.size() > SHOWN_MAX) {
            Button all = Widgets.button(
                    "all-faults",
                    "+" + (faults.size() - SHOWN_MAX),
                    Material2AL.LIST,
                    () -> desk.cluster.selection().set(Selection.NOTHING),
                    "small",
                    "flat");
            Widgets.describe(all, texts.get("machine.more", faults.size() - SHOWN_MAX));
            rows.addFirst(all);
        }
        root.getChildren().setAll(rows);
        root.setVisible(!rows.isEmpty());
    }
}
