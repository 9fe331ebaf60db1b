package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Fades;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Topology.Area;
import dev.clusterlab.ui.model.Topology.Island;
import dev.clusterlab.ui.model.Topology.Sign;
import dev.clusterlab.ui.model.Topology.Tear;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Islands: a hull round the machines of each, its name on the edge of the hull, and the lines at which they are torn apart. */
public final class IslandLayer {
    /**
     * How large all is.
     *
     * @param round diameter of a hull's corners
     * @param height of a name
     * @param margin how far a name reaches out before the machines, and keeps away from the end of its hull
     * @param icon size of the sign beside a verdict
     */
    public record Measure(double round, double height, double margin, double icon) {
        /** As the style sheet has it for the window. */
        public static final Measure WINDOW = new Measure(28, 22, 6, 13);
    }

    private final Pane hulls;
    private final Pane signs;
    private final BooleanSupplier motion;
    private final Function<Tear, String> words;
    private final Consumer<Tear> mend;
    private List<Island> drawnIslands = List.of();
    private List<Tear> drawnTears = List.of();
    private Measure measure = Measure.WINDOW;

    /**
     * @param hulls below everything
     * @param signs above the machines
     * @param motion whether the person wants things to move
     * @param words what mending a tear is called
     * @param mend lifts the fault behind a tear
     */
    public IslandLayer(
            Pane hulls, Pane signs, BooleanSupplier motion, Function<Tear, String> words, Consumer<Tear> mend) {
        this.hulls = hulls;
        this.signs = signs;
        this.motion = motion;
        this.words = words;
        this.mend = mend;
    }

    /** From the next drawing on. */
    public void setMeasure(Measure now) {
        if (!now.equals(measure)) {
            measure = now;
            drawnIslands = List.of();
            drawnTears = List.of();
        }
    }

    /** To be called in a window: how wide a name is depends on the style sheet. */
    public void draw(List<Island> islands, List<Tear> tears) {
        if (islands.equals(drawnIslands) && tears.equals(drawnTears)) {
            return;
        }
        if (hulls.getChildren().isEmpty()) {
            Fades.in(hulls, motion.getAsBoolean());
            Fades.in(signs, motion.getAsBoolean());
        }
        drawnIslands = islands;
        drawnTears = tears;
        List<Node> below = new ArrayList<>();
        List<HBox> above = new ArrayList<>();
        for (Island island : islands) {
            hull(island).ifPresent(below::add);
            island.signs().forEach(at -> above.add(sign(island, at)));
        }
        for (Tear tear : tears) {
            below.add(line(tear));
        }
        hulls.getChildren().setAll(below);
        signs.getChildren().setAll(above);
        tears.stream()
                .filter(Tear::badge)
                .forEach(tear -> signs.getChildren().add(new TearBadge(tear, words.apply(tear), mend)));
        above.forEach(this::fit);
    }

    private Optional<Shape> hull(Island island) {
        Shape hull = null;
        for (Area area : island.areas()) {
            var next = new Rectangle(area.x(), area.y(), area.width(), area.height());
            next.setArcWidth(measure.round());
            next.setArcHeight(measure.round());
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

    /** Which island a name is of, and where. */
    private record Name(Island island, Sign at) {}

    /** Counts in figures alone where there is no room for words; in even less room the verdict is its icon. */
    private void fit(HBox sign) {
        sign.applyCss();
        if (sign.getUserData() instanceof Name(Island island, Sign at)
                && sign.getChildren().size() > 1
                && sign.getChildren().get(1) instanceof Label count
                && sign.getChildren().get(2) instanceof Label verdict) {
            double room = at.room() - 2 * measure.margin();
            if (sign.prefWidth(-1) > room) {
                count.setText(island.brief());
                sign.applyCss();
            }
            if (sign.prefWidth(-1) > room) {
                verdict.setText("");
                sign.applyCss();
            }
        }
        sign.autosize();
    }

    private HBox sign(Island island, Sign at) {
        Label letter = Widgets.label(island.letter(), "island-letter");
        Label count = Widgets.label(island.count(), "island-count");
        Label verdict = Widgets.label(island.verdict(), "island-verdict");
        verdict.setGraphic(
                switch (island.tone()) {
                    case GOOD -> icon(Material2AL.CHECK_CIRCLE);
                    case WAITING -> icon(Material2MZ.SCHEDULE);
                    case BAD -> icon(Material2AL.CANCEL);
                    case NEUTRAL -> null;
                });
        HBox sign = new HBox(letter);
        if (!island.count().isEmpty()) {
            sign.getChildren().addAll(count, verdict);
        }
        sign.setAlignment(Pos.CENTER_LEFT);
        sign.getStyleClass().addAll("island-sign", toneClass(island.tone()));
        sign.setId("island-sign-" + island.letter());
        sign.setUserData(new Name(island, at));
        sign.getChildren().forEach(label -> ((Label) label).setMinWidth(Region.USE_PREF_SIZE));
        sign.setManaged(false);
        sign.relocate(at.x() - measure.margin(), at.y() - measure.height() / 2);
        sign.setMouseTransparent(true);
        return sign;
    }

    private FontIcon icon(Ikon ikon) {
        return Widgets.sized(Widgets.icon(ikon), measure.icon());
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
