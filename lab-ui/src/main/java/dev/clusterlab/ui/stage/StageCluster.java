package dev.clusterlab.ui.stage;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.IslandGrid;
import dev.clusterlab.ui.model.Motion;
import dev.clusterlab.ui.model.SlotBook.Cell;
import dev.clusterlab.ui.model.StageModel.Grid;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.picture.IslandLayer;
import dev.clusterlab.ui.picture.MotionLayer;
import dev.clusterlab.ui.picture.Newcomers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.Font;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The machines for a room: as large as they can be, written the same way in all boxes. Not the window's picture made larger:
 * that has words which nobody reads from the back row.
 */
public final class StageCluster extends Pane {
    private static final double EDGE = StageGrid.EDGE;
    private static final double TOP = StageGrid.TOP;
    private static final double GAP = StageGrid.GAP;
    private static final double LINE = 40;
    private static final double ICON = 24;
    /** How much larger than in the window is what moves. */
    private static final double MOTION = 1.4;
    /** Boxes have no networks at their bottom, only an edge. */
    private static final double PLUG = 8;
    /** A box less high has no room for what runs on it; then islands have no names, and boxes their letters. */
    private static final double LEAST = 92;

    private final Texts texts;
    private final BooleanSupplier moves;
    private final Map<String, StageBox> boxes = new LinkedHashMap<>();
    private final Label title = Widgets.label("", "stage-headline");
    private final Label detail = Widgets.wrapped("", "stage-detail");
    private final VBox headline = new VBox(title, detail);
    private final Label more = Widgets.wrapped("", "stage-detail");
    private final Pane hulls = layer();
    private final Pane names = layer();
    private final IslandLayer islands;
    private final Pane over = layer();
    private final MotionLayer motion;
    private final Newcomers newcomers;
    private Optional<Topology> drawn = Optional.empty();
    private List<StageBox> shown = List.of();
    private String said = "";
    private double unit = 1;
    /** For what all stands as it does; nothing if something else is to be shown since. */
    private Optional<Arranged> arranged = Optional.empty();

    /** To try how something fits changes it, and what has changed is laid out again: where nothing is new, nothing is tried. */
    private record Arranged(double width, double height, Font font) {}

    /**
     * @param moves whether the person wants things to move
     * @param motion how it is shown that something goes from one machine to another
     */
    public StageCluster(Texts texts, BooleanSupplier moves, Supplier<Motion> motion) {
        this.texts = texts;
        this.moves = moves;
        this.newcomers = new Newcomers(moves);
        this.motion = new MotionLayer(over, motion);
        this.motion.setScale(unit * MOTION, PLUG * unit);
        this.islands = new IslandLayer(hulls, names, moves, tear -> "", tear -> {});
        over.setId("stage-motion");
        getStyleClass().add("stage-cluster");
        setId("stage-cluster");
        title.setId("stage-headline");
        title.setMinWidth(0);
        title.setWrapText(true);
        title.setMinHeight(Region.USE_PREF_SIZE);
        headline.setAlignment(Pos.CENTER_LEFT);
        headline.getStyleClass().add("stage-headlines");
    }

    private static Pane layer() {
        var pane = new Pane();
        pane.setManaged(false);
        pane.setMouseTransparent(true);
        return pane;
    }

    /** How many pixels a unit has: a 720th of the screen's height. */
    public void setUnit(double pixels) {
        if (pixels != unit) {
            unit = pixels;
            shown.forEach(box -> box.setUnit(unit));
            motion.setScale(unit * MOTION, PLUG * unit);
            // An icon has no size in em.
            drawn.ifPresent(this::showHeadline);
            arranged = Optional.empty();
            requestLayout();
        }
    }

    public List<StageBox> boxes() {
        return shown;
    }

    public void show(Topology picture) {
        if (drawn.filter(picture::equals).isPresent()) {
            return;
        }
        drawn = Optional.of(picture);
        newcomers.see(picture.boxes().stream().map(Box::name).toList());
        List<StageBox> now = new ArrayList<>();
        int number = 0;
        for (Box box : chosen(picture.boxes())) {
            number = picture.boxes().indexOf(box) + 1;
            StageBox node = boxes.computeIfAbsent(box.name(), this::create);
            node.setUnit(unit);
            node.show(box, number);
            now.add(node);
        }
        boxes.values().retainAll(now);
        shown = List.copyOf(now);
        showHeadline(picture);
        int hidden = picture.boxes().size() - shown.size();
        more.setText(hidden > 0 ? texts.get("stage.more", hidden) : "");
        getChildren().setAll(hulls);
        getChildren().addAll(shown);
        getChildren().add(headline);
        if (hidden > 0) {
            getChildren().add(more);
        }
        getChildren().addAll(names, over);
        arranged = Optional.empty();
        requestLayout();
        see(picture);
    }

    private StageBox create(String machine) {
        StageBox box = new StageBox(texts, moves);
        newcomers.welcome(machine, box);
        return box;
    }

    /** Only where something is, it can be seen to go. */
    private void see(Topology picture) {
        if (getScene() != null && getWidth() > 0) {
            applyCss();
            layout();
            motion.see(picture, boxes);
        }
    }

    private void showHeadline(Topology picture) {
        boolean nothing = picture.boxes().isEmpty();
        headline.setAlignment(nothing ? Pos.CENTER : Pos.CENTER_LEFT);
        headline.getStyleClass().remove("stage-nothing");
        if (nothing) {
            headline.getStyleClass().add("stage-nothing");
        }
        said = nothing ? texts.get("empty.title") : picture.headline().title();
        title.setText(said);
        FontIcon icon = Widgets.toneIcon(picture.headline().tone());
        title.setGraphic(nothing ? null : Widgets.sized(icon, ICON * unit));
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
        var wanted = Optional.of(new Arranged(width, height, title.getFont()));
        if (width <= 0 || height <= 0 || arranged.equals(wanted)) {
            return;
        }
        arranged = wanted;
        boolean rest = !more.getText().isEmpty();
        Grid grid = Grid.of(shown.size());
        boolean apart = drawn.filter(picture -> !picture.islands().isEmpty()).isPresent();
        StageGrid room = new StageGrid(grid, apart, width, height, unit);
        if (apart && room.at(LINE * unit).height() < LEAST * unit) {
            room = new StageGrid(grid, false, width, height, unit);
        }
        // The empty cell of the last row has room for how things stand; if it has not, they stand above.
        boolean cell = grid.cells() > shown.size()
                && !rest
                && headlineHeight(room.cellWidth()) <= room.at(0).height();
        double moreWidth = rest ? more.prefWidth(-1) : 0;
        double across = width - 2 * EDGE * unit - (rest ? moreWidth + GAP * unit : 0);
        double above = cell ? 0 : oneLine(across) ? LINE * unit : headlineHeight(across) + 8 * unit;
        StageGrid.Cells cells = room.at(above);
        for (int i = 0; i < shown.size(); i++) {
            shown.get(i).showSide(apart && !room.apart());
            cells.place(shown.get(i), i);
        }
        write(cells.width(), cells.height());
        if (cell) {
            cells.place(headline, shown.size());
        } else {
            headline.resizeRelocate(EDGE * unit, (room.apart() ? 4 : TOP - 6) * unit, across, above);
        }
        if (rest) {
            more.resizeRelocate(width - EDGE * unit - moreWidth, TOP * unit - 6 * unit, moreWidth, LINE * unit);
        }
        drawIslands(cells, room.apart());
    }

    /** Where machines are on the stage is not where they are in the window's picture; what an island is, is the same. */
    private void drawIslands(StageGrid.Cells cells, boolean named) {
        Map<String, Cell> places = new LinkedHashMap<>();
        Map<String, String> letters = new LinkedHashMap<>();
        for (int i = 0; i < shown.size(); i++) {
            String machine = shown.get(i).machine();
            places.put(machine, cells.cell(i));
            letters.put(machine, shown.get(i).shown().map(Box::side).orElse(""));
        }
        IslandGrid on = cells.islands();
        islands.setMeasure(new IslandLayer.Measure(
                2 * (StageGrid.REACH + 8) * unit, 30 * unit, StageGrid.REACH * unit, ICON * unit));
        islands.draw(
                drawn.map(Topology::islands).orElse(List.of()).stream()
                        .map(island -> on.lay(island, places))
                        .toList(),
                on.tears(places, IslandGrid.apart(letters)));
        names.setVisible(named);
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
