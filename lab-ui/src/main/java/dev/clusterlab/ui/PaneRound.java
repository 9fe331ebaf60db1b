package dev.clusterlab.ui;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.scene.Node;

/** F6 goes from pane to pane, Shift+F6 back; within one Tab goes on. */
final class PaneRound {
    private final List<Pane> panes;

    /**
     * One pane.
     *
     * @param part what belongs to it
     * @param entry what gets the keyboard when one comes to it; empty where there is nothing to go to now
     */
    record Pane(Node part, Supplier<Optional<Node>> entry) {
        /** Entered at its first stop. */
        Pane(Node part) {
            this(part, () -> FocusStops.first(part));
        }
    }

    /** @param panes in the order in which one goes round */
    PaneRound(List<Pane> panes) {
        this.panes = List.copyOf(panes);
    }

    /** Goes to the next pane that there is something to do in, or to the one before. */
    void go(Optional<Node> from, boolean back) {
        int at = from.map(this::paneOf).orElse(back ? 0 : -1);
        for (int i = 1; i <= panes.size(); i++) {
            Pane next = panes.get(Math.floorMod(at + (back ? -i : i), panes.size()));
            Optional<Node> entry = next.part().getScene() == null
                    ? Optional.empty()
                    : next.entry().get();
            if (entry.isPresent()) {
                entry.get().requestFocus();
                return;
            }
        }
    }

    private int paneOf(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            for (int i = 0; i < panes.size(); i++) {
                if (panes.get(i).part().equals(at)) {
                    return i;
                }
            }
        }
        return -1;
    }
}
