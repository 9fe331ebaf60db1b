package dev.clusterlab.ui;

import dev.clusterlab.ui.model.PaneWidths;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Settings;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.geometry.Orientation;
import javafx.scene.Parent;
import javafx.scene.control.SplitPane;
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
    private static final double BELOW_HEIGHT_MIN = 120;

    private final Settings settings;
    private final ObjectProperty<Selection> selection;
    private final Parts parts;
    private final BorderPane root = new BorderPane();
    private final HBox middle = new HBox();
    private final SplitPane all = new SplitPane();
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
                settings.textSize().subscribe(this::share),
                settings.presentation().subscribe(this::share),
                settings.guideFolded().subscribe(this::showGuide),
                settings.inspectorFolded().subscribe(this::share),
                selection.subscribe(chosen -> pull(!chosen.equals(Selection.NOTHING))));
    }

    Parent node() {
        return root;
    }

    void dispose() {
        subscription.unsubscribe();
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
        upper.setMinHeight(UPPER_HEIGHT_MIN);
        parts.below().setMinHeight(BELOW_HEIGHT_MIN);
        SplitPane right = new SplitPane(upper, parts.below());
        right.setOrientation(Orientation.VERTICAL);
        right.setDividerPositions(settings.presentation().get() ? 0.74 : 0.7);
        right.setMinWidth(0);
        SplitPane.setResizableWithParent(parts.below(), false);
        SplitPane.setResizableWithParent(parts.guide(), false);
        SplitPane.setResizableWithParent(parts.rail(), false);
        parts.guide().setMinWidth(0);
        all.getStyleClass().add("main-split");
        all.getItems().setAll(parts.guide(), right);
        all.setMinSize(0, 0);
        root.setMinSize(0, 0);
        root.setCenter(all);
        root.setTop(parts.header());
    }

    private void showGuide(boolean folded) {
        all.getItems().set(0, folded ? parts.rail() : parts.guide());
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
        PaneWidths widths = PaneWidths.of(width, settings.textScale(), folded);
        drawer = widths.drawer();
        fix(parts.inspector(), widths.inspector());
        if (folded) {
            fix(parts.rail(), widths.guide());
        }
        all.setDividerPositions(widths.guide() / width);
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
