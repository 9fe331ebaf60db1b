package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Fades;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Motion;
import dev.clusterlab.ui.model.Moves;
import dev.clusterlab.ui.model.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.animation.FadeTransition;
import javafx.animation.Interpolator;
import javafx.animation.ParallelTransition;
import javafx.animation.ScaleTransition;
import javafx.animation.TranslateTransition;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.Group;
import javafx.scene.Node;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.shape.Circle;
import javafx.util.Duration;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2MZ;

/**
 * What goes over the picture from one machine to another: a chip whose task moves, and the star of the leader. It is a copy that
 * travels; the chip itself stands where it is from the beginning, and is seen when its copy arrives. Where nothing is to move, an
 * arrow leads there from a ghost of it.
 */
public final class MotionLayer {
    private static final Duration TRAVEL = Duration.millis(600);
    private static final Duration JUMP = Duration.millis(400);
    private static final Duration GHOST = Duration.seconds(2);
    /** More at once would only be a blur; the others come up where they are. */
    private static final int AT_ONCE = 12;

    private static final double STAR = 20;
    private static final double PULSE = 14;
    /** Where the networks are plugged in no ghost stands. */
    private static final double PLUG = 26;

    private final Pane pane;
    private final Supplier<Motion> motion;
    private final Moves moves = new Moves();
    /** Where the machines are; when they have changed, arrows between them lead nowhere. */
    private Map<String, Bounds> places = Map.of();

    /** How far the ghosts in a machine have got to the right. */
    private final Map<String, Double> filled = new HashMap<>();

    private double scale = 1;
    private double below = PLUG;

    /** {@code pane}: over the machines, in the coordinates of the picture. */
    public MotionLayer(Pane pane, Supplier<Motion> motion) {
        this.pane = pane;
        this.motion = motion;
    }

    /**
     * How large all is, where that is not as in the window.
     *
     * @param times how much larger stars and arrows are
     * @param plug what of the height of a machine is at its bottom for the networks
     */
    public void setScale(double times, double plug) {
        scale = times;
        below = plug;
    }

    /** To be called when a picture has been drawn and laid out. */
    public void see(Topology picture, Map<String, ? extends MovingParts> machines) {
        Moves.Seen seen = moves.see(picture);
        Motion how = motion.get();
        Map<String, Bounds> now = new HashMap<>();
        machines.forEach((name, machine) -> now.put(name, place(machine.whole())));
        if (!now.equals(places)) {
            places = now;
            pane.getChildren().removeIf(node -> node.getStyleClass().contains("ghost"));
        }
        if (how != Motion.FADE) {
            filled.clear();
            seen.chips().stream().limit(AT_ONCE).forEach(move -> go(move, machines, how));
            seen.star().ifPresent(move -> {
                MovingParts from = machines.get(move.from());
                MovingParts to = machines.get(move.to());
                if (from != null && to != null) {
                    lead(from.role(), to.role(), how);
                }
            });
        }
    }

    private Bounds place(Node node) {
        return pane.sceneToLocal(node.localToScene(node.getLayoutBounds()));
    }

    private void go(Moves.Move move, Map<String, ? extends MovingParts> machines, Motion how) {
        MovingParts from = machines.get(move.from());
        MovingParts to = machines.get(move.to());
        Optional<Node> chip = to == null ? Optional.empty() : to.chip(move.chip());
        if (from == null || to == null || chip.isEmpty()) {
            return;
        }
        Bounds end = place(chip.get());
        Optional<Bounds> before = from.chip(move.before()).map(this::place);
        if (how == Motion.TRAVEL) {
            travel(to.copy(move.chip()), chip.get(), before.orElseGet(() -> middle(place(from.whole()), end)), end);
            return;
        }
        Bounds begin = before.orElseGet(() -> below(move.from(), place(from.whole()), end));
        var arrived = new Region();
        var ghost = new Group(new ArrowNode(begin, end, scale), lay(arrived, end, "chip-arrives"));
        if (before.isEmpty()) {
            ghost.getChildren().add(lay(to.copy(move.chip()), begin, "chip-ghost"));
        }
        ghost(ghost);
    }

    /** At the left, half way down, as large as a chip. */
    private static Bounds middle(Bounds machine, Bounds chip) {
        return new BoundingBox(
                machine.getMinX() + Topology.CHIP_INSET / 2, machine.getCenterY(), chip.getWidth(), chip.getHeight());
    }

    /** Below what is there now, one beside the other; if they are too many, one over the other. */
    private Bounds below(String name, Bounds machine, Bounds chip) {
        double inset = Topology.CHIP_INSET / 2 * scale;
        double x = filled.getOrDefault(name, inset);
        if (x + chip.getWidth() > machine.getWidth() - inset) {
            x = inset;
        }
        filled.put(name, x + chip.getWidth() + Topology.CHIP_GAP * scale);
        return new BoundingBox(
                machine.getMinX() + x, machine.getMaxY() - below - chip.getHeight(), chip.getWidth(), chip.getHeight());
    }

    private static Region lay(Region copy, Bounds at, String styleClass) {
        copy.setMouseTransparent(true);
        copy.setManaged(false);
        copy.getStyleClass().add(styleClass);
        copy.resizeRelocate(at.getMinX(), at.getMinY(), at.getWidth(), at.getHeight());
        return copy;
    }

    private void ghost(Node node) {
        node.setMouseTransparent(true);
        node.setManaged(false);
        node.getStyleClass().add("ghost");
        pane.getChildren().add(node);
        Fades.inAndOut(node, GHOST, () -> pane.getChildren().remove(node));
    }

    private void travel(Region copy, Node chip, Bounds begin, Bounds end) {
        pane.getChildren().add(lay(copy, end, "chip-travels"));
        chip.setVisible(false);
        var travel = new TranslateTransition(TRAVEL, copy);
        travel.setFromX(begin.getMinX() - end.getMinX());
        travel.setFromY(begin.getMinY() - end.getMinY());
        travel.setToX(0);
        travel.setToY(0);
        travel.setInterpolator(Interpolator.EASE_BOTH);
        travel.setOnFinished(event -> {
            pane.getChildren().remove(copy);
            chip.setVisible(true);
        });
        // Before the first step it is where it comes from.
        copy.setTranslateX(travel.getFromX());
        copy.setTranslateY(travel.getFromY());
        travel.play();
    }

    private void lead(Node before, Node now, Motion how) {
        Bounds begin = place(before);
        Bounds end = place(now);
        FontIcon star = Widgets.sized(Widgets.icon(Material2MZ.STAR, "star-jumps"), STAR * scale);
        star.setManaged(false);
        star.setMouseTransparent(true);
        if (how == Motion.TRAVEL) {
            pane.getChildren().add(star);
            jump(star, begin, end);
            return;
        }
        var arrow = new ArrowNode(begin, end, scale);
        star.relocate(arrow.begin().getX() - STAR * scale / 2, arrow.begin().getY() - STAR * scale / 2);
        ghost(new Group(arrow, star));
    }

    private void jump(FontIcon star, Bounds begin, Bounds end) {
        star.relocate(end.getMinX(), end.getMinY());
        star.setTranslateX(begin.getMinX() - end.getMinX());
        star.setTranslateY(begin.getMinY() - end.getMinY());
        var jump = new TranslateTransition(JUMP, star);
        jump.setToX(0);
        jump.setToY(0);
        jump.setInterpolator(Interpolator.EASE_OUT);
        jump.setOnFinished(event -> {
            pane.getChildren().remove(star);
            pulse(end);
        });
        jump.play();
    }

    private void pulse(Bounds at) {
        double radius = PULSE * scale;
        var ring = new Circle(at.getMinX() + radius / 2, at.getMinY() + radius / 2, radius);
        ring.getStyleClass().add("star-ring");
        ring.setMouseTransparent(true);
        pane.getChildren().add(ring);
        var grow = new ScaleTransition(JUMP, ring);
        grow.setToX(2);
        grow.setToY(2);
        var fade = new FadeTransition(JUMP, ring);
        fade.setToValue(0);
        var both = new ParallelTransition(grow, fade);
        both.setOnFinished(event -> pane.getChildren().remove(ring));
        both.play();
    }
}
