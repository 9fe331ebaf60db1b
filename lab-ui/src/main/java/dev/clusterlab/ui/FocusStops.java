package dev.clusterlab.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.ScrollPane;

/** Where the keyboard can go in a part of the window, in the order in which Tab goes there. */
final class FocusStops {
    private FocusStops() {}

    /** Every stop in a node, with the node itself. */
    static List<Node> in(Node node) {
        List<Node> stops = new ArrayList<>();
        gather(node, stops);
        return stops;
    }

    /** The first thing that can be pressed, chosen or written in; what only scrolls comes after them. */
    static Optional<Node> first(Node node) {
        List<Node> stops = in(node);
        return stops.stream()
                .filter(stop -> !(stop instanceof ScrollPane))
                .findFirst()
                .or(() -> stops.stream().findFirst());
    }

    private static void gather(Node node, List<Node> stops) {
        if (!node.isVisible() || node.isDisabled()) {
            return;
        }
        if (node.isFocusTraversable()) {
            stops.add(node);
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> gather(child, stops));
        }
    }

    /** Whether a node can have the keyboard in that scene now. */
    static boolean usable(Node node, Scene scene) {
        if (!scene.equals(node.getScene()) || node.isDisabled()) {
            return false;
        }
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }
}
