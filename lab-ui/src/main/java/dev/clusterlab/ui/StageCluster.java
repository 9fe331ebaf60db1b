package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.StageModel.Grid;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Box;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The machines for a room: as large as they can be, written the same way in all boxes. Not the window's picture made larger:
 * that has words which nobody reads from the back row.
 */
final class StageCluster extends Pane {
    private static final double EDGE = 24;
    private static final double TOP = 18;
    private static final double GAP = 16;
    private static final double LINE = 40;
    private static final double ICON = 24;

    private final Texts texts;
    private final Map<String, StageBox> boxes = new LinkedHashMap<>();
    private final Label title = Widgets.label("", "stage-headline");
    private final Label detail = Widgets.wrapped("", "stage-detail");
    private final VBox headline = new VBox(title, detail);
    private final Label more = Widgets.wrapped("", "stage-detail");
    private Optional<Topology> drawn = Optional.empty();
    private List<StageBox> shown = List.of();
    private String said = "";
    private double unit = 1;

    StageCluster(Texts texts) {
        this.texts = texts;
        getStyleClass().add("stage-cluster");
        setId("stage-cluster");
        title.setId("stage-headline");
        title.setMinWidth(0);
        title.setWrapText(true);
        title.setMinHeight(Region.USE_PREF_SIZE);
        headline.setAlignment(Pos.CENTER_LEFT);
        headline.getStyleClass().add("stage-headlines");
    }

    /** How many pixels a unit has: a 720th of the screen's height. */
    void setUnit(double pixels) {
        if (pixels != unit) {
            unit = pixels;
            shown.forEach(box -> box.setUnit(unit));
            // An icon has no size in em.
            drawn.ifPresent(this::showHeadline);
            requestLayout();
        }
    }

    List<StageBox> boxes() {
        return shown;
    }

    void show(Topology picture) {
        if (drawn.filter(picture::equals).isPresent()) {
            return;
        }
        drawn = Optional.of(picture);
        List<StageBox> now = new ArrayList<>();
        int number = 0;
        for (Box box : chosen(picture.boxes())) {
            number = picture.boxes().indexOf(box) + 1;
            StageBox node = boxes.computeIfAbsent(box.name(), name -> new StageBox(texts));
            node.setUnit(unit);
            node.show(box, number);
            now.add(node);
        }
        boxes.values().retainAll(now);
        shown = List.copyOf(now);
        showHeadline(picture);
        int hidden = picture.boxes().size() - shown.size();
        more.setText(hidden > 0 ? texts.get("stage.more", hidden) : "");
        getChildren().setAll(shown);
        getChildren().add(headline);
        if (hidden > 0) {
            getChildren().add(more);
        }
        requestLayout();
    }

    private void showHeadline(Topology picture) {
        boolean nothing = picture.boxes().isEmpty();
        said = nothing ? texts.get("empty.title") : picture.headline().title();
        title.setText(said);
        FontIcon icon = Widgets.toneIcon(picture.headline().tone());
        title.setGraphic(Widgets.sized(icon, ICON * unit));
        detail.setText(nothing ? texts.get("stage.begin") : picture.headline().detail());
        Widgets.setTone(headline, picture.headline().tone());
    }

    /** Those with something to see first, each in its place all the same. */
    private static List<Box> chosen(List<Box> all) {
        if (all.size() <= Grid.most()) {
            return all;
        }
        List<Box> grave = all.stream()
                .filter(box -> box.condition().tone() != Topology.Tone.GOOD
                        || box.role() == Topology.Role.LEADER
                        || box.role() == Topology.Role.MANAGER)
                .limit(Grid.most())
                .toList();
        List<Box> fill = all.stream().filter(box -> !grave.contains(box)).toList();
        return all.stream()
                .filter(box -> grave.contains(box) || fill.indexOf(box) < Grid.most() - grave.size())
                .toList();
    }

    @Override
    protected void layoutChildren() {
        double width = getWidth();
        double height = getHeight();
        if (width <= 0 || height <= 0) {
            return;
        }
        boolean rest = !more.getText().isEmpty();
        Grid grid = Grid.of(shown.size());
        double gap = GAP * unit;
        double cellWidth = (width - 2 * EDGE * unit - (grid.columns() - 1) * gap) / grid.columns();
        // The empty cell of the last row has room for how things stand; if it has not, they stand above.
        boolean cell = grid.cells() > shown.size()
                && !rest
                && headlineHeight(cellWidth) <= cellHeight(grid, TOP * unit, height);
        double moreWidth = rest ? more.prefWidth(-1) : 0;
        double across = width - 2 * EDGE * unit - (rest ? moreWidth + gap : 0);
        double above = cell ? 0 : oneLine(across) ? LINE * unit : headlineHeight(across) + 8 * unit;
        double top = TOP * unit + above;
        double cellHeight = cellHeight(grid, top, height);
        for (int i = 0; i < shown.size(); i++) {
            place(shown.get(i), i, grid, cellWidth, cellHeight, top);
        }
        write(cellWidth, cellHeight);
        if (cell) {
            place(headline, shown.size(), grid, cellWidth, cellHeight, top);
        } else {
            headline.resizeRelocate(EDGE * unit, TOP * unit - 6 * unit, across, above);
        }
        if (rest) {
            more.resizeRelocate(width - EDGE * unit - moreWidth, TOP * unit - 6 * unit, moreWidth, LINE * unit);
        }
    }

    private double cellHeight(Grid grid, double top, double height) {
        return (height - top - EDGE * unit - (grid.rows() - 1) * GAP * unit) / grid.rows();
    }

    /** Of both parts, one below the other. */
    private double headlineHeight(double width) {
        sayDetail(true);
        title.setText(said);
        return headline.prefHeight(width);
    }

    /** Writes both parts on one line; false if there they have no room. */
    private boolean oneLine(double width) {
        title.setText(texts.get("stage.headline", said, detail.getText()));
        sayDetail(false);
        return headline.prefWidth(-1) <= width;
    }

    private void sayDetail(boolean visible) {
        detail.setVisible(visible);
        detail.setManaged(visible);
    }

    private void place(javafx.scene.Node node, int index, Grid grid, double width, double height, double top) {
        double gap = GAP * unit;
        double x = EDGE * unit + index % grid.columns() * (width + gap);
        double y = top + index / grid.columns() * (height + gap);
        node.resizeRelocate(Math.rint(x), Math.rint(y), Math.rint(width), Math.rint(height));
    }

    /** One way of writing for all boxes: the first that fits everywhere. */
    private void write(double width, double height) {
        for (StageBox.Writing writing : StageBox.Writing.values()) {
            shown.forEach(box -> box.write(writing, width));
            if (shown.stream().allMatch(box -> box.fits(width, height))) {
                return;
            }
        }
    }
}
