package dev.clusterlab.ui.picture;

import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.layout.Region;

/** A machine as it is drawn, as far as it matters for what goes from one machine to another. */
public interface MovingParts {
    /** All of it. */
    Region whole();

    /** What says which part it has; the star of the leader is there. */
    Node role();

    /** What a chip stands in, which nothing but a movement hides; empty where the chip is not drawn by itself. */
    Optional<Node> chip(String id);

    /** Another one that looks the same, of a chip that is drawn by itself. */
    Region copy(String id);
}
