package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.model.CutStroke;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.css.PseudoClass;
import javafx.geometry.Point2D;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Polyline;

/**
 * Cuts the network by a stroke of the mouse, between machines or round some of them, or by keys: the machines that are marked are cut
 * off from the others. While it is taken up, dragging draws instead of moving the picture; it is laid down by a cut, by its button, by X
 * or by Escape.
 */
public final class CutTool {
    private static final PseudoClass PARTED = PseudoClass.getPseudoClass("parted");

    private final Pane pane;
    private final ToggleButton button;
    private final Supplier<Optional<Topology>> picture;
    private final Supplier<Map<String, MachineNode>> machines;
    private final Consumer<List<Set<String>>> cut;
    private final List<Point> stroke = new ArrayList<>();
    private final Polyline line = new Polyline();
    /** What was marked by keys. */
    private final Set<String> marked = new TreeSet<>();

    /**
     * @param pane over the machines, in the coordinates of the picture
     * @param cut is given the sides
     */
    public CutTool(
            Pane pane,
            ToggleButton button,
            Supplier<Optional<Topology>> picture,
            Supplier<Map<String, MachineNode>> machines,
            Consumer<List<Set<String>>> cut) {
        this.pane = pane;
        this.button = button;
        this.picture = picture;
        this.machines = machines;
        this.cut = cut;
        line.getStyleClass().add("cut-stroke");
        line.setMouseTransparent(true);
    }

    public boolean taken() {
        return button.isSelected();
    }

    /** Takes it up; taken up, it cuts off what was marked, or is laid down where nothing was. */
    public void toggle() {
        if (!taken()) {
            button.setSelected(true);
            return;
        }
        Set<String> one = Set.copyOf(marked);
        Set<String> other = new TreeSet<>(machines.get().keySet());
        other.removeAll(one);
        layDown();
        if (!one.isEmpty() && !other.isEmpty()) {
            cut.accept(List.of(one, Set.copyOf(other)));
        }
    }

    /** Marks a machine as one of those to be cut off, or not. */
    public void mark(String machine) {
        if (!marked.remove(machine)) {
            marked.add(machine);
        }
        show(marked);
    }

    /** Without effect while it is not taken up. */
    public void layDown() {
        end();
        button.setSelected(false);
    }

    /** While the tool is taken up, the mouse over this node draws. */
    public void over(Node node) {
        button.selectedProperty().subscribe(taken -> {
            node.setCursor(taken ? Cursor.CROSSHAIR : Cursor.DEFAULT);
            end();
        });
        node.addEventFilter(MouseEvent.MOUSE_PRESSED, event -> {
            if (taken() && event.isPrimaryButtonDown()) {
                end();
                pane.getChildren().add(line);
                draw(event);
                event.consume();
            }
        });
        node.addEventFilter(MouseEvent.MOUSE_DRAGGED, event -> {
            if (taken() && !stroke.isEmpty()) {
                draw(event);
                event.consume();
            }
        });
        node.addEventFilter(MouseEvent.MOUSE_RELEASED, event -> {
            if (taken() && !stroke.isEmpty()) {
                Optional<List<Set<String>>> sides = sides();
                end();
                sides.ifPresent(parted -> {
                    layDown();
                    cut.accept(parted);
                });
                event.consume();
            }
        });
    }

    private void draw(MouseEvent event) {
        Point2D at = pane.sceneToLocal(event.getSceneX(), event.getSceneY());
        stroke.add(new Point(at.getX(), at.getY()));
        line.getPoints().addAll(at.getX(), at.getY());
        show(sides().map(List::getFirst).orElse(Set.of()));
    }

    private void show(Set<String> parted) {
        machines.get().forEach((name, node) -> node.pseudoClassStateChanged(PARTED, parted.contains(name)));
    }

    private Optional<List<Set<String>>> sides() {
        return picture.get().flatMap(drawn -> CutStroke.sides(drawn, stroke));
    }

    private void end() {
        stroke.clear();
        line.getPoints().clear();
        pane.getChildren().remove(line);
        marked.clear();
        show(Set.of());
    }
}
