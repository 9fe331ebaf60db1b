package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Area;
import dev.clusterlab.ui.model.Topology.Island;
import dev.clusterlab.ui.model.Topology.Point;
import dev.clusterlab.ui.model.Topology.Tear;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.shape.Line;
import javafx.scene.shape.Path;
import javafx.scene.shape.Rectangle;
import javafx.scene.shape.Shape;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Islands: a hull round the machines of each, its name on the edge of the hull, and the lines at which they are torn apart. */
public final class IslandLayer {
    private static final double ROUND = 28;
    private static final double SIGN_HEIGHT = 22;
    private static final double MARGIN = 6;

    private final Pane hulls;
    private final Pane signs;
    private final Function<Tear, String> words;
    private final Consumer<Tear> mend;
    private List<Island> drawnIslands = List.of();
    private List<Tear> drawnTears = List.of();

    /**
     * @param hulls below everything
     * @param signs above the machines
     * @param words what mending a tear is called
     * @param mend lifts the fault behind a tear
     */
    public IslandLayer(Pane hulls, Pane signs, Function<Tear, String> words, Consumer<Tear> mend) {
        this.hulls = hulls;
        this.signs = signs;
        this.words = words;
        this.mend = mend;
    }

    public void draw(Topology picture) {
        if (picture.islands().equals(drawnIslands) && picture.tears().equals(drawnTears)) {
            return;
        }
        drawnIslands = picture.islands();
        drawnTears = picture.tears();
        List<Node> below = new ArrayList<>();
        List<HBox> above = new ArrayList<>();
        for (Island island : picture.islands()) {
            hull(island).ifPresent(below::add);
            island.signs().forEach(at -> above.add(sign(island, at)));
        }
        for (Tear tear : picture.tears()) {
            below.add(line(tear));
        }
        hulls.getChildren().setAll(below);
        signs.getChildren().setAll(above);
        picture.tears().stream()
                .filter(Tear::badge)
                .forEach(tear -> signs.getChildren().add(new TearBadge(tear, words.apply(tear), mend)));
        double room = picture.boxWidth() + Topology.GAP_X - 2 * MARGIN;
        for (HBox sign : above) {
            fit(sign, room);
        }
    }

    private static Optional<Shape> hull(Island island) {
        Shape hull = null;
        for (Area area : island.areas()) {
            var next = new Rectangle(area.x(), area.y(), area.width(), area.height());
            next.setArcWidth(ROUND);
            next.setArcHeight(ROUND);
            hull = hull == null ? next : Shape.union(hull, next);
        }
        if (hull instanceof Rectangle alone) {
            hull = Shape.union(alone, new Path());
        }
        if (hull != null) {
            hull.getStyleClass().setAll("hull", toneClass(island.tone()));
            hull.setId("island-" + island.letter());
        }
        return Optional.ofNullable(hull);
    }

    /** Counts in figures alone where there is no room for words. */
    private static void fit(HBox sign, double room) {
        sign.applyCss();
        if (sign.prefWidth(-1) > room && sign.getUserData() instanceof Island island) {
            ((Label) sign.getChildren().get(1)).setText(island.brief());
            sign.applyCss();
        }
        sign.autosize();
    }

    private static HBox sign(Island island, Point at) {
        Label letter = Widgets.label(island.letter(), "island-letter");
        Label count = Widgets.label(island.count(), "island-count");
        Label verdict = Widgets.label(island.verdict(), "island-verdict");
        verdict.setGraphic(
                switch (island.tone()) {
                    case GOOD -> Widgets.icon(Material2AL.CHECK_CIRCLE);
                    case WAITING -> Widgets.icon(Material2MZ.SCHEDULE);
                    case BAD -> Widgets.icon(Material2AL.CANCEL);
                    case NEUTRAL -> null;
                });
        HBox sign = new HBox(letter);
        if (!island.count().isEmpty()) {
            sign.getChildren().addAll(count, verdict);
        }
        sign.setAlignment(Pos.CENTER_LEFT);
        sign.getStyleClass().addAll("island-sign", toneClass(island.tone()));
        sign.setId("island-sign-" + island.letter());
        sign.setUserData(island);
        sign.getChildren().forEach(label -> ((Label) label).setMinWidth(Region.USE_PREF_SIZE));
        sign.setManaged(false);
        sign.relocate(at.x() - MARGIN, at.y() - SIGN_HEIGHT / 2);
        sign.setMouseTransparent(true);
        return sign;
    }

    private static String toneClass(Tone tone) {
        return switch (tone) {
            case GOOD -> "island-decides";
            case WAITING -> "island-elects";
            case BAD -> "island-cannot";
            case NEUTRAL -> "island-plain";
        };
    }

    private static Line line(Tear tear) {
        var line = new Line(
                tear.from().x(), tear.from().y(), tear.to().x(), tear.to().y());
        line.getStyleClass().add("tear");
        return line;
    }
}
