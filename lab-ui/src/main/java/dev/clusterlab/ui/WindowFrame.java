package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.kept.PaneSizes;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.scene.Parent;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/**
 * Shares the window among its panes. The guide is as wide as the window allows or folds to a rail; the inspector stands
 * beside the cluster where there is room, and comes and goes as a drawer where there is not. Nothing lies under anything.
 */
final class WindowFrame {
    private static final double UPPER_HEIGHT_MIN = 230;
    private static final double BELOW_PART = 0.3;
    private static final double BELOW_PART_PRESENTED = 0.26;
    /** By which a key moves an edge, in pixels. */
    private static final double EDGE_STEP = 24;

    private final Settings settings;
    private final ObjectProperty<Selection> selection;
    private final Parts parts;
    private final BorderPane root = new BorderPane();
    private final HBox middle = new HBox();
    private final HBox all = new HBox();
    private final VBox right = new VBox();
    private final Region guideEdge = new Region();
    private final Region belowEdge = new Region();
    private final ReadOnlyBooleanWrapper inspectorShown = new ReadOnlyBooleanWrapper();
    private final Subscription subscription;
    private boolean drawer = true;
    /** Whether the inspector is wanted where it is a drawer. */
    private boolean pulled;

    /**
     * What is put together, from the top and from the left.
     *
     * @param rail what stands for the guide while it is folded
     * @param tools of the cluster, with what is broken on purpose below them
     */
    record Parts(
            Region header,
            Region guide,
            Region rail,
            Region tools,
            Region faults,
            Region picture,
            Region inspector,
            Region below) {}

    WindowFrame(Settings settings, ObjectProperty<Selection> selection, Parts parts) {
        this.settings = settings;
        this.selection = selection;
        this.parts = parts;
        pulled = !selection.get().equals(Selection.NOTHING);
        build();
        subscription = Subscription.combine(
                all.widthProperty().subscribe(this::share),
                all.heightProperty().subscribe(this::share),
                settings.textSize().subscribe(this::share),
                settings.presentation().subscribe(this::share),
                settings.guideFolded().subscribe(this::showGuide),
                settings.guidePart().subscribe(this::share),
                settings.belowPart().subscribe(this::share),
                settings.inspectorFolded().subscribe(this::share),
                selection.subscribe(chosen -> pull(!chosen.equals(Selection.NOTHING))));
    }

    Parent node() {
        return root;
    }

    /** Puts a page where the panes are, below the header, or the panes where the page was. */
    void showPage(Optional<Region> page) {
        root.setCenter(page.orElse(all));
    }

    void dispose() {
        subscription.unsubscribe();
    }

    /** Says what the edges that can be moved are. */
    void describeEdges(String ofGuide, String ofBelow) {
        Widgets.describe(guideEdge, ofGuide);
        Widgets.describe(belowEdge, ofBelow);
    }

    /** Whether the inspector can be seen. */
    ReadOnlyBooleanProperty inspectorShown() {
        return inspectorShown.getReadOnlyProperty();
    }

    /** Shows the inspector, or takes it away though something may be selected. */
    void toggleInspector() {
        boolean show = !inspectorShown.get();
        if (!drawer) {
            settings.inspectorFolded().set(!show);
        }
        pull(show);
    }

    /** Shows the inspector if it is away. */
    void showInspector() {
        if (!inspectorShown.get()) {
            toggleInspector();
        }
    }

    /** Back to the overview; where that is no pane of its own, or is shown already, the inspector goes. */
    void closeInspector() {
        if (drawer) {
            pull(false);
        } else if (selection.get().equals(Selection.NOTHING)) {
            toggleInspector();
        }
        selection.set(Selection.NOTHING);
    }

    /** Back to the overview, and where the inspector is a drawer, it goes. */
    void escape() {
        pull(false);
        selection.set(Selection.NOTHING);
    }

    private void build() {
        parts.picture().setMinWidth(0);
        middle.getChildren().setAll(parts.picture());
        HBox.setHgrow(parts.picture(), Priority.ALWAYS);
        VBox.setVgrow(middle, Priority.ALWAYS);
        middle.setMinHeight(0);
        VBox upper = new VBox(parts.tools(), parts.faults(), middle);
        upper.setMinHeight(0);
        VBox.setVgrow(upper, Priority.ALWAYS);
        parts.below().setMinHeight(0);
        right.getChildren().setAll(upper, belowEdge, parts.below());
        right.setMinWidth(0);
        HBox.setHgrow(right, Priority.ALWAYS);
        edge(guideEdge, "guide-edge", settings.guidePart(), KeyCode.LEFT, KeyCode.RIGHT, this::moveGuide);
        guideEdge.setOnMouseDragged(event -> {
            double x = all.sceneToLocal(event.getSceneX(), event.getSceneY()).getX();
            settings.guidePart().set(PaneSizes.guidePart(x, all.getWidth()));
        });
        edge(belowEdge, "below-edge", settings.belowPart(), KeyCode.DOWN, KeyCode.UP, this::moveBelow);
        belowEdge.setOnMouseDragged(event -> {
            double y = right.sceneToLocal(event.getSceneX(), event.getSceneY()).getY();
            double height = right.getHeight();
            settings.belowPart().set(PaneSizes.below(height, 1 - y / height, upperMin()) / height);
        });
        all.getChildren().setAll(parts.guide(), guideEdge, right);
        all.setMinSize(0, 0);
        root.setMinSize(0, 0);
        root.setCenter(all);
        root.setTop(parts.header());
    }

    /** An edge that can be drawn, or moved by keys; a double click, or Home, gives it the place that goes with the window. */
    private static void edge(
            Region edge, String styleClass, DoubleProperty part, KeyCode less, KeyCode more, DoubleConsumer move) {
        edge.setId(styleClass);
        edge.getStyleClass().add(styleClass);
        edge.setFocusTraversable(true);
        edge.setOnMouseClicked(event -> {
            if (event.getClickCount() == 2) {
                part.set(0);
            }
        });
        edge.setOnKeyPressed(event -> {
            if (event.getCode() == less) {
                move.accept(-EDGE_STEP);
            } else if (event.getCode() == more) {
                move.accept(EDGE_STEP);
            } else if (event.getCode() == KeyCode.HOME) {
                part.set(0);
            } else {
                return;
            }
            event.consume();
        });
    }

    private void moveGuide(double by) {
        settings.guidePart().set(PaneSizes.guidePart(parts.guide().getWidth() + by, all.getWidth()));
    }

    private void moveBelow(double by) {
        double height = right.getHeight();
        double wanted = parts.below().getHeight() + by;
        settings.belowPart().set(PaneSizes.below(height, wanted / height, upperMin()) / height);
    }

    private double upperMin() {
        return UPPER_HEIGHT_MIN * settings.textScale();
    }

    private void showGuide(boolean folded) {
        all.getChildren().set(0, folded ? parts.rail() : parts.guide());
        guideEdge.setVisible(!folded);
        guideEdge.setManaged(!folded);
        share();
    }

    private void pull(boolean wanted) {
        pulled = wanted;
        showInspectorIfDue();
    }

    private void share() {
        double width = all.getWidth();
        if (width <= 0) {
            return;
        }
        boolean folded = settings.guideFolded().get();
        PaneSizes widths = PaneSizes.of(
                width, settings.textScale(), folded, settings.guidePart().get());
        drawer = widths.drawer();
        fix(parts.inspector(), widths.inspector());
        fix(folded ? parts.rail() : parts.guide(), widths.guide());
        double usual = settings.presentation().get() ? BELOW_PART_PRESENTED : BELOW_PART;
        double part = settings.belowPart().get() > 0 ? settings.belowPart().get() : usual;
        double below = PaneSizes.below(all.getHeight(), part, upperMin());
        parts.below().setMinHeight(below);
        parts.below().setPrefHeight(below);
        parts.below().setMaxHeight(below);
        showInspectorIfDue();
    }

    private static void fix(Region region, double width) {
        region.setMinWidth(width);
        region.setPrefWidth(width);
        region.setMaxWidth(width);
    }

    private void showInspectorIfDue() {
        boolean due = pulled || (!drawer && !settings.inspectorFolded().get());
        if (due != middle.getChildren().contains(parts.inspector())) {
            if (due) {
                middle.getChildren().add(parts.inspector());
            } else {
                middle.getChildren().remove(parts.inspector());
            }
        }
        inspectorShown.set(due);
    }
}
