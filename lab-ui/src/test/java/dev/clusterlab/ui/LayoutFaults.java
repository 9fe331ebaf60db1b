package dev.clusterlab.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ScrollPane.ScrollBarPolicy;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * What a person could not read or reach in a window as it is laid out now: nodes beyond the node that they are in or beyond
 * what is seen of it, words over words, and words cut that are nowhere else. What can be scrolled to may lie beyond its pane
 * in the direction in which it scrolls; lists of lines, which scroll in both, are not looked into.
 */
final class LayoutFaults {
    /** Letters and rounded places reach a little beyond their boxes. */
    private static final double TOLERANCE = 1.5;

    private static final double FAR = 1e6;

    private final List<String> found = new ArrayList<>();
    private final List<Seen> words = new ArrayList<>();
    private final List<Seen> buttons = new ArrayList<>();

    /** A text or button where it is seen in the window, and the layer that it floats in; layers may cover each other. */
    private record Seen(Node node, Bounds bounds, Node layer) {}

    private LayoutFaults() {}

    /** On the toolkit's thread, of a window that is laid out. */
    static List<String> of(Parent root) {
        LayoutFaults faults = new LayoutFaults();
        faults.walk(root, inScene(root), inScene(root), root);
        faults.wordsOverWords();
        faults.buttonsOverWords();
        return faults.found;
    }

    /**
     * @param seen what is seen of the nodes around it
     * @param room where it may be; more than that where one can scroll to it
     */
    private void walk(Node node, Bounds seen, Bounds room, Node layer) {
        if (!node.isVisible()
                || node.getOpacity() == 0
                || node instanceof VirtualFlow<?>
                || node instanceof ProgressIndicator) {
            return;
        }
        Bounds bounds = inScene(node);
        Node its = floats(node) ? node : layer;
        if (node instanceof Text text && !(node instanceof FontIcon)) {
            if (!text.getText().isBlank()) {
                within(node, bounds, room);
                add(words, node, bounds, seen, its);
            }
            return;
        }
        if (node instanceof ButtonBase) {
            within(node, bounds, room);
            add(buttons, node, bounds, seen, its);
        }
        if (node instanceof Labeled labeled) {
            notCut(labeled);
        }
        if (node.isManaged()
                && node instanceof Region
                && node.getParent() instanceof Region parent
                && !scrolls(parent)) {
            within(node, bounds, inScene(parent));
        }
        if (node instanceof Parent parent) {
            Bounds seenInside = clips(node) ? shared(bounds, seen) : seen;
            Bounds roomInside = roomInside(node, bounds, room);
            parent.getChildrenUnmodifiable().forEach(child -> walk(child, seenInside, roomInside, its));
        }
    }

    private static void add(List<Seen> to, Node node, Bounds bounds, Bounds seen, Node layer) {
        Bounds visible = shared(bounds, seen);
        if (visible.getWidth() > 0 && visible.getHeight() > 0) {
            to.add(new Seen(node, visible, layer));
        }
    }

    private static boolean floats(Node node) {
        return List.of("notices", "overlay", "ghost").stream().anyMatch(node.getStyleClass()::contains);
    }

    /** Whether it is what a pane scrolls its content in. */
    private static boolean scrolls(Region parent) {
        return isViewport(parent) || isViewport(parent.getParent());
    }

    private static boolean isViewport(Node node) {
        return node != null
                && (isLines(node)
                        || node.getStyleClass().contains("viewport") && node.getParent() instanceof ScrollPane);
    }

    /** The lines of a text that is scrolled up and down. */
    private static boolean isLines(Node node) {
        return node.getStyleClass().contains("virtual-flow");
    }

    private static boolean clips(Node node) {
        return node.getClip() != null || isViewport(node);
    }

    private static Bounds roomInside(Node node, Bounds bounds, Bounds room) {
        if (isLines(node)) {
            Bounds here = shared(bounds, room);
            return new BoundingBox(here.getMinX(), -FAR, here.getWidth(), 2 * FAR);
        }
        if (isViewport(node) && node.getParent() instanceof ScrollPane pane) {
            boolean across = pane.getHbarPolicy() != ScrollBarPolicy.NEVER;
            Bounds here = shared(bounds, room);
            return new BoundingBox(across ? -FAR : here.getMinX(), -FAR, across ? 2 * FAR : here.getWidth(), 2 * FAR);
        }
        return node.getClip() == null ? room : shared(bounds, room);
    }

    private void within(Node node, Bounds bounds, Bounds room) {
        // Such as the arrow of a menu's button that its style sheet has taken away.
        boolean empty = bounds.getWidth() < 1 || bounds.getHeight() < 1;
        if (!empty && beyond(bounds, room)) {
            found.add(name(node) + " at " + place(bounds) + " leaves " + place(room));
        }
    }

    private static boolean beyond(Bounds bounds, Bounds room) {
        return bounds.getMinX() < room.getMinX() - TOLERANCE
                || bounds.getMaxX() > room.getMaxX() + TOLERANCE
                || bounds.getMinY() < room.getMinY() - TOLERANCE
                || bounds.getMaxY() > room.getMaxY() + TOLERANCE;
    }

    /** Buttons are never cut; other words only where they can be read in full by pointing at them. */
    private void notCut(Labeled labeled) {
        String text = labeled.getText();
        if (text == null || text.isEmpty()) {
            return;
        }
        boolean cut = labeled.getChildrenUnmodifiable().stream()
                .anyMatch(child -> child instanceof Text drawn
                        && !(child instanceof FontIcon)
                        && child.isVisible()
                        && !drawn.getText().equals(text));
        boolean readable = labeled instanceof Label && (described(labeled) || described(labeled.getParent()));
        if (cut && !readable) {
            found.add(name(labeled) + " is cut at " + place(inScene(labeled)));
        }
    }

    private static boolean described(Node node) {
        return node.getProperties().containsKey("clusterlab.tooltip");
    }

    private void wordsOverWords() {
        for (int i = 0; i < words.size(); i++) {
            for (int j = i + 1; j < words.size(); j++) {
                Seen one = words.get(i);
                Seen other = words.get(j);
                if (one.layer() == other.layer() && overlap(one.bounds(), other.bounds()) && !oneFlow(one, other)) {
                    found.add(name(one.node()) + " at " + place(one.bounds()) + " is over " + name(other.node())
                            + " at " + place(other.bounds()));
                }
            }
        }
    }

    private void buttonsOverWords() {
        for (Seen button : buttons) {
            for (Seen word : words) {
                if (button.layer() == word.layer()
                        && !isIn(word.node(), button.node())
                        && overlap(button.bounds(), word.bounds())) {
                    found.add(name(button.node()) + " at " + place(button.bounds()) + " covers " + name(word.node())
                            + " at " + place(word.bounds()));
                }
            }
        }
    }

    private static boolean isIn(Node node, Node ancestor) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (at == ancestor) {
                return true;
            }
        }
        return false;
    }

    /** Words of one paragraph share its lines. */
    private static boolean oneFlow(Seen one, Seen other) {
        Node flow = one.node();
        while (flow != null && !(flow instanceof TextFlow)) {
            flow = flow.getParent();
        }
        return flow != null && isIn(other.node(), flow);
    }

    private static boolean overlap(Bounds one, Bounds other) {
        Bounds both = shared(one, other);
        return both.getWidth() > 2 * TOLERANCE && both.getHeight() > 2 * TOLERANCE;
    }

    private static Bounds shared(Bounds one, Bounds other) {
        double minX = Math.max(one.getMinX(), other.getMinX());
        double minY = Math.max(one.getMinY(), other.getMinY());
        return new BoundingBox(
                minX,
                minY,
                Math.max(0, Math.min(one.getMaxX(), other.getMaxX()) - minX),
                Math.max(0, Math.min(one.getMaxY(), other.getMaxY()) - minY));
    }

    private static Bounds inScene(Node node) {
        return node.localToScene(node.getLayoutBounds());
    }

    private static String place(Bounds bounds) {
        return String.format(
                "%.0f,%.0f %.0f×%.0f", bounds.getMinX(), bounds.getMinY(), bounds.getWidth(), bounds.getHeight());
    }

    private static String name(Node node) {
        String text = node instanceof Text drawn
                ? drawn.getText()
                : node instanceof Labeled labeled ? String.valueOf(labeled.getText()) : "";
        List<String> path = new ArrayList<>();
        for (Node at = node; at != null && path.size() < 4; at = at.getParent()) {
            path.addFirst(
                    at.getId() != null
                            ? "#" + at.getId()
                            : at.getStyleClass().stream().map(c -> "." + c).collect(Collectors.joining()));
        }
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return String.join(" > ", path) + (shown.isEmpty() ? "" : " “" + shown.replace('\n', ' ') + "”");
    }
}
