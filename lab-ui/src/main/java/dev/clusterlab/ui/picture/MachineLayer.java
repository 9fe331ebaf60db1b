package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Box;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javafx.scene.Node;
import javafx.scene.layout.Pane;

/**
 * The machines of the picture. Only those that are seen have nodes, and only where letters can be read these have something in
 * them; so work grows with what is seen and with what changed, not with the cluster.
 */
public final class MachineLayer {
    /** Drawn smaller, chips cannot be read: then their numbers are written instead. */
    static final double DETAIL_MIN = 0.45;

    private final Pane pane;
    private final Function<String, MachineNode> create;
    private final Overview overview;
    private final Map<String, MachineNode> nodes = new LinkedHashMap<>();
    private Optional<Topology> drawn = Optional.empty();
    private String selected = "";
    private View view = new View(1, 0, 0, 0, 0);
    private List<Box> seen = List.of();
    private final Newcomers newcomers;

    /**
     * How the picture is looked at.
     *
     * @param scale by which it is drawn
     * @param x of its left edge, in pixels
     * @param y of its upper edge
     * @param width of the pane in which it is seen, in pixels
     */
    public record View(double scale, double x, double y, double width, double height) {
        /** All of it, as large as it is made. */
        public static final View WHOLE = new View(1, 0, 0, Double.MAX_VALUE, Double.MAX_VALUE);

        boolean detailed() {
            return scale >= DETAIL_MIN;
        }

        /** Whether something of a box can be seen; one that is nearly in sight counts too. */
        boolean sees(Box box, double boxWidth) {
            double left = x + box.x() * scale;
            double top = y + box.y() * scale;
            double near = (boxWidth + Topology.GAP_X) * scale / 2;
            return left + boxWidth * scale + near > 0
                    && left - near < width
                    && top + box.height() * scale + near > 0
                    && top - near < height;
        }
    }

    /**
     * @param pane of the machines, in the coordinates of the picture
     * @param over lies over the picture, in pixels
     * @param probes nobody sees; the style sheet reaches it
     * @param create makes the node of a machine
     * @param motion whether the person wants things to move
     */
    public MachineLayer(
            Pane pane, Pane over, Pane probes, Function<String, MachineNode> create, BooleanSupplier motion) {
        this.pane = pane;
        this.newcomers = new Newcomers(motion);
        this.create = create;
        this.overview = new Overview(over, probes);
    }

    /** Those that have a node, by name. */
    public Map<String, MachineNode> nodes() {
        return nodes;
    }

    /** {@code chosen}: name of the machine that is selected, or empty text. */
    public void draw(Topology picture, String chosen) {
        drawn = Optional.of(picture);
        selected = chosen;
        newcomers.see(picture.boxes().stream().map(Box::name).toList());
        show();
    }

    /** Whether what is in the machines can be read. */
    public boolean detailed() {
        return view.detailed();
    }

    public void look(View now) {
        if (!now.equals(view)) {
            view = now;
            show();
        }
    }

    /** The style sheet has changed. */
    public void dress() {
        show();
    }

    private void show() {
        drawn.ifPresent(this::show);
    }

    private void show(Topology picture) {
        boolean detailed = view.detailed();
        List<Box> now = new ArrayList<>();
        for (Box box : picture.boxes()) {
            if (view.sees(box, picture.boxWidth()) || focused(box)) {
                now.add(box);
            }
        }
        Map<String, MachineNode> before = new LinkedHashMap<>(nodes);
        nodes.clear();
        List<Node> children = new ArrayList<>();
        for (Box box : now) {
            MachineNode node = before.get(box.name());
            if (node == null) {
                node = create.apply(box.name());
                newcomers.welcome(box.name(), node);
            }
            node.update(box, picture, selected.equals(box.name()), detailed);
            node.relocate(box.x(), box.y());
            nodes.put(box.name(), node);
            children.add(node);
        }
        if (!pane.getChildren().equals(children)) {
            pane.getChildren().setAll(children);
        }
        seen = now;
        write();
    }

    /** What has the keys stays. */
    private boolean focused(Box box) {
        MachineNode node = nodes.get(box.name());
        return node != null && node.isFocused();
    }

    private void write() {
        if (view.detailed() || drawn.isEmpty()) {
            overview.clear();
            return;
        }
        overview.dress();
        overview.draw(drawn.get(), seen, view);
    }
}
