package dev.clusterlab.ui;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Inspector;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.Arc;
import javafx.scene.shape.Circle;
import javafx.util.Subscription;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/**
 * What is broken on purpose right now, in a row of its own: the newest first, as many as have room, each with the time that
 * is left, a button that adds a minute to it, one that undoes it, and one that leads to before it. The overview has them all.
 */
final class FaultsBar {
    private static final int SHOWN_MAX = 3;
    private static final double HEIGHT = 36;

    private final WindowModels desk;
    private final Texts texts;
    private final Consumer<Inspection.Action> act;
    private final Runnable overview;
    private final Inspector inspector;
    private final HBox root = new HBox();
    private final Subscription subscription;
    private List<ActiveFault> faults = List.of();
    private List<Row> rows = List.of();
    private final ReadOnlyDoubleWrapper spare = new ReadOnlyDoubleWrapper();
    private double width = -1;

    /** One fault, and the time of it, which goes on. */
    private record Row(ActiveFault fault, HBox node, Label words, Label time, Arc left) {}

    /** {@code overview}: shows all of them. */
    FaultsBar(WindowModels desk, Texts texts, Consumer<Inspection.Action> act, Runnable overview) {
        this.desk = desk;
        this.texts = texts;
        this.act = act;
        this.overview = overview;
        this.inspector = new Inspector(texts, desk.host.cannot(texts));
        root.setId("faults");
        root.getStyleClass().add("faults");
        root.setMinWidth(0);
        root.setVisible(false);
        root.setManaged(false);
        size();
        subscription = Subscription.combine(
                desk.cluster.snapshot().subscribe(this::refresh),
                desk.settings.textSize().subscribe(this::resized),
                desk.settings.presentation().subscribe(this::resized),
                root.widthProperty().subscribe(this::resized),
                root.sceneProperty().subscribe(this::resized));
        refresh();
    }

    HBox node() {
        return root;
    }

    /** The height that it would take and does not, because nothing is broken. */
    ReadOnlyDoubleProperty spare() {
        return spare.getReadOnlyProperty();
    }

    private void size() {
        double height = Math.rint(HEIGHT * desk.settings.textScale());
        root.setMinHeight(height);
        root.setMaxHeight(height);
        spare.set(faults.isEmpty() ? height : 0);
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private void refresh() {
        ClusterSnapshot snapshot = desk.cluster.snapshot().get();
        List<ActiveFault> now = snapshot.faults().reversed();
        if (!now.equals(faults)) {
            faults = now;
            root.setVisible(!faults.isEmpty());
            root.setManaged(!faults.isEmpty());
            size();
            // Away from the window it has no width; it is drawn when it comes back.
            if (root.getScene() != null) {
                draw();
            }
        }
        rows.forEach(row -> tick(row, snapshot));
    }

    private void resized() {
        size();
        if (!faults.isEmpty() && root.getScene() != null) {
            width = root.getWidth();
            draw();
        }
    }

    /** As many as have room, with all of their words if these have too; at least the newest, abridged; if not even that, their number. */
    private void draw() {
        if (faults.isEmpty()) {
            fill(0);
            return;
        }
        for (int count = Math.min(SHOWN_MAX, faults.size()); count > 0; count--) {
            fill(count);
            if (root.prefWidth(-1) <= width) {
                return;
            }
            // What a time beside a ring is can be guessed; if need be, what the others are.
            rows.stream().filter(row -> row.fault().until().isPresent()).forEach(row -> sayWords(row, false));
            if (root.prefWidth(-1) <= width) {
                return;
            }
            rows.forEach(row -> sayWords(row, false));
            if (root.prefWidth(-1) <= width) {
                return;
            }
        }
        abridge();
        if (least() > width) {
            fill(0);
        }
    }

    /** Leaves away what can be guessed, beside the words, which have gone before. */
    private void abridge() {
        if (root.lookup("#all-faults") instanceof Button more) {
            Widgets.describe(more, more.getText());
            more.setText("+" + (faults.size() - rows.size()));
            root.applyCss();
        }
    }

    private static void sayWords(Row row, boolean visible) {
        row.words().setManaged(visible);
        row.words().setVisible(visible);
    }

    private double least() {
        double least = root.getInsets().getLeft() + root.getInsets().getRight() - root.getSpacing();
        for (Node node : root.getChildren()) {
            least += node.minWidth(-1) + root.getSpacing();
        }
        return least;
    }

    private void fill(int count) {
        rows = faults.subList(0, count).stream().map(this::row).toList();
        rows.forEach(row -> tick(row, desk.cluster.snapshot().get()));
        List<Node> nodes = new ArrayList<>();
        for (Row row : rows) {
            HBox.setHgrow(row.node(), Priority.ALWAYS);
            nodes.add(row.node());
        }
        if (faults.size() > count) {
            nodes.add(Widgets.button(
                    "all-faults",
                    texts.get(count == 0 ? "faults.number" : "faults.more", faults.size() - count),
                    Material2AL.LIST,
                    overview,
                    "small",
                    "flat"));
        }
        if (faults.size() > 1) {
            nodes.add(Widgets.button(
                    "heal-all", texts.get("faults.all", faults.size()), Material2AL.HEALING, this::healAll, "small"));
        }
        root.getChildren().setAll(nodes);
        root.applyCss();
    }

    private void healAll() {
        faults.forEach(fault -> act.accept(inspector.heal(fault)));
    }

    private Row row(ActiveFault fault) {
        Inspection.Action heal = inspector.heal(fault);
        Label kind = Widgets.label(texts.fault(fault), "fault-kind");
        kind.setGraphic(Widgets.icon(sign(fault)));
        kind.setMinWidth(Region.USE_PREF_SIZE);
        String hit = texts.sentences().target(fault.target());
        Label targets = Widgets.label(hit, "fault-targets");
        targets.setMinWidth(0);
        Widgets.describe(targets, texts.sentences().title(fault));
        Label words = Widgets.label("", "fault-words");
        Label time = Widgets.label("", "fault-time");
        words.setMinWidth(Region.USE_PREF_SIZE);
        time.setMinWidth(Region.USE_PREF_SIZE);
        Arc left = new Arc(8, 8, 6, 6, 90, 360);
        left.getStyleClass().add("fault-left");
        Circle whole = new Circle(8, 8, 6);
        whole.getStyleClass().add("fault-whole");
        StackPane ring = new StackPane(new javafx.scene.Group(whole, left));
        ring.setMinWidth(Region.USE_PREF_SIZE);
        ring.setVisible(fault.until().isPresent());
        ring.setManaged(fault.until().isPresent());
        Button undo = Widgets.button(
                "heal-" + fault.id(), verb(fault, heal), undoing(fault), () -> act.accept(heal), "small");
        Widgets.describe(undo, heal.label());
        Inspection.Action extend = inspector.extend(fault);
        Button longer = Widgets.button(
                "extend-" + fault.id(),
                texts.get("faults.extend"),
                InspectorView.symbol(extend.symbol()),
                () -> act.accept(extend),
                "small",
                "flat");
        longer.setGraphic(null);
        Widgets.describe(longer, extend.label());
        boolean extendable = !desk.watches()
                && fault.until().isPresent()
                && !fault.ending()
                && !(fault.fault() instanceof Fault.Flapping);
        longer.setVisible(extendable);
        longer.setManaged(extendable);
        Inspection.Action goBack = inspector.goBack(fault);
        Button back =
                Widgets.iconButton("back-" + fault.id(), Material2MZ.UNDO, goBack.label(), () -> act.accept(goBack));
        HBox node = new HBox(kind, targets, Widgets.spacer(), ring, words, time, longer, undo);
        if (!desk.watches()) {
            node.getChildren().add(back);
        }
        node.getStyleClass().add("fault-row");
        return new Row(fault, node, words, time, left);
    }

    private static Ikon sign(ActiveFault fault) {
        if (fault.cutOff()) {
            return Material2AL.LINK_OFF;
        }
        return switch (fault.kind().aim()) {
            case GROUPS, BRIDGE, RING, NETWORK -> Material2AL.CONTENT_CUT;
            case MACHINE, CONTAINER ->
                fault.kind() == FaultKind.MACHINE_PAUSE || fault.kind() == FaultKind.CONTAINER_PAUSE
                        ? Material2AL.AC_UNIT
                        : Material2AL.FLASH_ON;
        };
    }

    /** Which network, the row says itself; as the label of a button alone its sides would be a riddle. */
    private String verb(ActiveFault fault, Inspection.Action heal) {
        return switch (fault.kind().aim()) {
            case GROUPS, BRIDGE, RING, NETWORK -> texts.get("faults.mend");
            case MACHINE, CONTAINER -> heal.label();
        };
    }

    private static Ikon undoing(ActiveFault fault) {
        boolean off = fault.kind() == FaultKind.MACHINE_KILL || fault.kind() == FaultKind.MACHINE_STOP;
        return off && !fault.cutOff() ? Material2MZ.POWER_SETTINGS_NEW : Material2AL.HEALING;
    }

    /** The time that is left where it ends by itself, or how long it has lasted. */
    private void tick(Row row, ClusterSnapshot snapshot) {
        ActiveFault fault = row.fault();
        Duration lasted = Duration.between(fault.since(), snapshot.time());
        Duration shown = fault.until()
                .map(until -> Duration.between(snapshot.time(), until))
                .orElse(lasted);
        row.words()
                .setText(texts.get(
                        fault.ending() ? "faults.ending" : fault.until().isPresent() ? "faults.left" : "faults.since"));
        row.time().setText(fault.ending() ? "" : Texts.clock(shown.isNegative() ? Duration.ZERO : shown));
        fault.until().ifPresent(until -> {
            double all = Duration.between(fault.since(), until).toMillis();
            row.left().setLength(all <= 0 ? 0 : 360 * Math.clamp(shown.toMillis() / all, 0, 1));
        });
    }
}
