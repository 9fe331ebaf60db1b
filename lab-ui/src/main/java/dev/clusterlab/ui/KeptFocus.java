package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.FxThread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.value.ChangeListener;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the keyboard near where it was when what had it goes or cannot be used for a while: a fault's row that is healed, a button
 * that is another one now, Run while it runs. The toolkit would start again at the first button of the window.
 */
final class KeptFocus {
    private final Scene scene;
    private final ChangeListener<@Nullable Node> listener = (owner, before, now) -> moved(before, now);
    /** What has the keyboard, and what is around it, outwards. */
    private List<Step> path = List.of();

    /** A node and its place among its siblings, which it does not know any more once it is gone. */
    private record Step(Node node, int place) {}

    private KeptFocus(Scene scene) {
        this.scene = scene;
    }

    /** Watches a scene until it is unsubscribed. */
    static Subscription in(Scene scene) {
        KeptFocus kept = new KeptFocus(scene);
        kept.remember(scene.getFocusOwner());
        scene.focusOwnerProperty().addListener(kept.listener);
        return () -> scene.focusOwnerProperty().removeListener(kept.listener);
    }

    private void moved(@Nullable Node before, @Nullable Node now) {
        if (now != null) {
            remember(now);
            return;
        }
        // The toolkit takes it away before it gives it to another; who asks for it gets it at once.
        if (before != null && !FocusStops.usable(before, scene)) {
            List<Step> was = path;
            FxThread.later(() -> restore(was));
        }
    }

    private void remember(@Nullable Node owner) {
        List<Step> steps = new ArrayList<>();
        for (Node at = owner; at != null; at = at.getParent()) {
            Parent parent = at.getParent();
            steps.add(new Step(
                    at, parent == null ? 0 : parent.getChildrenUnmodifiable().indexOf(at)));
        }
        path = steps;
    }

    private void restore(List<Step> was) {
        if (was.isEmpty()) {
            return;
        }
        Node lost = was.getFirst().node();
        Optional<Node> place = FocusStops.usable(lost, scene)
                ? Optional.of(lost)
                : sameName(lost).or(() -> near(was));
        place.ifPresent(node -> {
            node.requestFocus();
            if (scene.equals(lost.getScene()) && lost.isDisabled()) {
                returnWhenEnabled(lost, node);
            }
        });
    }

    /** What stands for it where all was built again, as in another language. */
    private Optional<Node> sameName(Node lost) {
        return lost.getId() == null
                ? Optional.empty()
                : scene.getRoot().lookupAll("#" + lost.getId()).stream()
                        .filter(node -> FocusStops.usable(node, scene))
                        .findFirst();
    }

    /** In the smallest part around it that is still there: what comes after it, else what comes before. */
    private Optional<Node> near(List<Step> was) {
        for (int i = 1; i < was.size(); i++) {
            Node around = was.get(i).node();
            if (!FocusStops.usable(around, scene) || !(around instanceof Parent parent)) {
                continue;
            }
            List<Node> parts = parent.getChildrenUnmodifiable();
            int place = Math.clamp(was.get(i - 1).place(), 0, parts.size());
            Optional<Node> found = parts.subList(place, parts.size()).stream()
                    .flatMap(part -> FocusStops.in(part).stream())
                    .findFirst()
                    .or(() -> parts.subList(0, place).stream()
                            .flatMap(part -> FocusStops.in(part).stream())
                            .reduce((first, second) -> second));
            if (found.isPresent()) {
                return found;
            }
            if (around.isFocusTraversable()) {
                return Optional.of(around);
            }
        }
        return Optional.empty();
    }

    private void returnWhenEnabled(Node lost, Node substitute) {
        Subscription[] waiting = {Subscription.EMPTY};
        waiting[0] = lost.disabledProperty().subscribe((before, disabled) -> {
            waiting[0].unsubscribe();
            if (substitute.equals(scene.getFocusOwner())) {
                lost.requestFocus();
            }
        });
    }
}
