package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Band;
import dev.clusterlab.ui.model.Topology.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javafx.scene.Node;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.shape.Polygon;

/**
 * Overlay networks as ribbons behind the machines of each row. While the network is whole they run down the left side too; where
 * it is cut they are torn.
 */
public final class BandLayer {
    private static final double HEIGHT = 20;
    /** How far a torn end looks out from its machine. */
    private static final double STUB = 13;

    private static final double NOTCH = 6;
    private static final double SPINE = 8;
    private static final double LANE = 9;

    private final Pane pane;
    private Laid laid = new Laid(List.of(), 0, false, List.of());

    /** All of a machine that a ribbon depends on. */
    private record Plug(double x, double y, double height, String side, List<String> plugged) {}

    private record Laid(List<Band> bands, double boxWidth, boolean torn, List<Plug> plugs) {}

    public BandLayer(Pane pane) {
        this.pane = pane;
    }

    public void draw(Topology picture) {
        Laid now = new Laid(
                picture.bands(),
                picture.boxWidth(),
                !picture.islands().isEmpty(),
                picture.boxes().stream()
                        .map(box -> new Plug(box.x(), box.y(), box.height(), box.side(), box.plugged()))
                        .toList());
        if (!now.equals(laid)) {
            laid = now;
            lay(picture);
        }
    }

    private void lay(Topology picture) {
        List<Node> nodes = new ArrayList<>();
        for (Band band : picture.bands()) {
            Map<Double, List<Box>> rows = new TreeMap<>();
            picture.boxes().stream()
                    .filter(box -> box.plugged().contains(band.name()))
                    .sorted(java.util.Comparator.comparingDouble(Box::x))
                    .forEach(box -> rows.computeIfAbsent(box.y(), y -> new ArrayList<>())
                            .add(box));
            if (picture.islands().isEmpty()) {
                whole(nodes, band, rows, picture.boxWidth());
            } else {
                torn(nodes, band, rows, picture);
            }
        }
        pane.getChildren().setAll(nodes);
    }

    private static double y(Band band, Box box) {
        return box.y() + box.height() - HEIGHT * (band.index() + 1) - 1;
    }

    private static void whole(List<Node> nodes, Band band, Map<Double, List<Box>> rows, double boxWidth) {
        double spineX = Topology.MARGIN / 2 - 5 + band.index() * LANE;
        double top = 0;
        double bottom = 0;
        for (List<Box> row : rows.values()) {
            double y = y(band, row.getFirst());
            double left = rows.size() > 1 ? spineX : row.getFirst().x();
            nodes.add(ribbon(band, left, y, row.getLast().x() + boxWidth - 2 - left, HEIGHT));
            top = top == 0 ? y : top;
            bottom = y + HEIGHT;
        }
        if (rows.size() > 1) {
            nodes.add(ribbon(band, spineX, top, SPINE, bottom - top));
        }
    }

    /** Machines of other islands that stand between two of a row. */
    private static List<Box> between(Topology picture, Box left, Box right) {
        return picture.boxes().stream()
                .filter(box -> box.y() == left.y() && box.x() > left.x() && box.x() < right.x())
                .filter(box -> !box.side().equals(left.side()))
                .toList();
    }

    /** From each machine to the next ones that hear it; towards the others it ends. */
    private static void torn(List<Node> nodes, Band band, Map<Double, List<Box>> rows, Topology picture) {
        double boxWidth = picture.boxWidth();
        List<Box> above = List.of();
        for (List<Box> row : rows.values()) {
            double y = y(band, row.getFirst());
            for (int i = 1; i < row.size(); i++) {
                Box left = row.get(i - 1);
                Box right = row.get(i);
                double from = left.x() + boxWidth;
                boolean between = !between(picture, left, right).isEmpty();
                if (left.side().equals(right.side()) && !between) {
                    nodes.add(ribbon(band, from - 2, y, right.x() - from + 4, HEIGHT));
                } else {
                    nodes.add(end(band, from - 2, from + STUB, y));
                    nodes.add(end(band, right.x() + 2, right.x() - STUB, y));
                }
            }
            for (Box box : row) {
                Optional<Box> over =
                        above.stream().filter(other -> other.x() == box.x()).findFirst();
                if (over.isPresent() && over.get().side().equals(box.side())) {
                    double from = y(band, over.get());
                    nodes.add(ribbon(band, box.x() + 20 + band.index() * 2 * LANE, from, SPINE, box.y() - from + 4));
                }
            }
            above = row;
        }
    }

    private static Region ribbon(Band band, double x, double y, double width, double height) {
        Region ribbon = new Region();
        ribbon.getStyleClass().addAll("band-ribbon", "band-" + (band.index() + 1));
        ribbon.setManaged(false);
        ribbon.resizeRelocate(x, y, width, height);
        return ribbon;
    }

    /** A torn end, with a notch in it. */
    private static Polygon end(Band band, double from, double to, double y) {
        double notch = to > from ? to - NOTCH : to + NOTCH;
        var end = new Polygon(from, y, to, y, notch, y + HEIGHT / 2, to, y + HEIGHT, from, y + HEIGHT);
        end.getStyleClass().addAll("band-end", "band-" + (band.index() + 1));
        return end;
    }
}
