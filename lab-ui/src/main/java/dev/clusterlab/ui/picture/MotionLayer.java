package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Moves;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Box;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javafx.animation.FadeTransition;
import javafx.animation.Interpolator;
import javafx.animation.ParallelTransition;
import javafx.animation.ScaleTransition;
import javafx.animation.TranslateTransition;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Circle;
import javafx.util.Duration;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2MZ;

/**
 * What travels over the picture: a chip whose task goes to another machine, and the star of the leader. It is a copy that moves;
 * the chip itself stands where it is from the beginning, and is seen when its copy arrives.
 */
public final class MotionLayer {
    private static final Duration TRAVEL = Duration.millis(600);
    private static final Duration JUMP = Duration.millis(400);
    /** More at once would only be a blur; the others come up where they are. */
    private static final int AT_ONCE = 12;

    private static final double PULSE = 14;

    private final Pane pane;
    private final BooleanSupplier moving;
    private final Moves moves = new Moves();

    /**
     * @param pane over the machines, in the coordinates of the picture
     * @param moving whether anything is to move at all now
     */
    public MotionLayer(Pane pane, BooleanSupplier moving) {
        this.pane = pane;
        this.moving = moving;
    }

    /** To be called when a picture has been drawn and laid out. */
    public void see(Topology picture, Map<String, MachineNode> machines) {
        Moves.Seen seen = moves.see(picture);
        if (!moving.getAsBoolean()) {
            return;
        }
        for (Moves.Move move :
                seen.chips().subList(0, Math.min(AT_ONCE, seen.chips().size()))) {
            MachineNode to = machines.get(move.to());
            Optional<Box> from = picture.box(move.from());
            if (to != null && from.isPresent()) {
                to.chip(move.chip()).ifPresent(chip -> travel(from.get(), chip, picture));
            }
        }
        seen.star().ifPresent(move -> {
            MachineNode from = machines.get(move.from());
            MachineNode to = machines.get(move.to());
            if (from != null && to != null) {
                jump(from.roleNode(), to.roleNode());
            }
        });
    }

    private Point2D place(Node node) {
        return pane.sceneToLocal(node.localToScene(0, 0));
    }

    private void travel(Box from, ChipNode chip, Topology picture) {
        var copy = new ChipNode(chip.chip(), picture.writing());
        Node wrapper = chip.getParent();
        Point2D end = place(wrapper);
        copy.setMouseTransparent(true);
        copy.setManaged(false);
        copy.getStyleClass().add("chip-travels");
        pane.getChildren().add(copy);
        copy.applyCss();
        copy.autosize();
        copy.relocate(end.getX(), end.getY());
        wrapper.setVisible(false);
        var travel = new TranslateTransition(TRAVEL, copy);
        travel.setFromX(from.x() + Topology.CHIP_INSET / 2 - end.getX());
        travel.setFromY(from.y() + from.height() / 2 - end.getY());
        travel.setToX(0);
        travel.setToY(0);
        travel.setInterpolator(Interpolator.EASE_BOTH);
        travel.setOnFinished(event -> {
            pane.getChildren().remove(copy);
            wrapper.setVisible(true);
        });
        // Before the first step it is where it comes from.
        copy.setTranslateX(travel.getFromX());
        copy.setTranslateY(travel.getFromY());
        travel.play();
    }

    private void jump(Node from, Node to) {
        Point2D begin = place(from);
        Point2D end = place(to);
        FontIcon star = Widgets.icon(Material2MZ.STAR, "star-jumps");
        star.setManaged(false);
        star.setMouseTransparent(true);
        pane.getChildren().add(star);
        star.relocate(end.getX(), end.getY());
        star.setTranslateX(begin.getX() - end.getX());
        star.setTranslateY(begin.getY() - end.getY());
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

    private void pulse(Point2D at) {
        var ring = new Circle(at.getX() + PULSE / 2, at.getY() + PULSE / 2, PULSE);
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
