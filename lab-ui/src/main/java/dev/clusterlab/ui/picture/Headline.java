package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.View;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The sentence above the machines; in the traffic view it is the client. */
public final class Headline {
    private final HBox node = new HBox();
    private final Label title = Widgets.label("", "headline-title");
    private final Label detail = Widgets.label("", "headline-detail");
    private @Nullable Said said;

    private record Said(Topology.Headline headline, View view, double boxWidth) {}

    public Headline() {
        VBox words = new VBox(title, detail);
        words.setAlignment(Pos.CENTER_LEFT);
        node.getChildren().addAll(new StackPane(), words);
        node.getStyleClass().addAll("headline", Widgets.toneClass(Topology.Tone.NEUTRAL));
        node.setId("headline");
        node.setManaged(false);
    }

    private static FontIcon headlineIcon(Topology.Tone tone) {
        return tone == Topology.Tone.WAITING
                ? Widgets.icon(Material2MZ.WARNING, Widgets.toneClass(tone))
                : Widgets.toneIcon(tone);
    }

    /** In the coordinates of the picture. */
    public Node node() {
        return node;
    }

    /** Letters are of another size, or of another face. */
    public void forget() {
        said = null;
    }

    public void show(Topology picture) {
        Said now = new Said(picture.headline(), picture.view(), picture.boxWidth());
        if (now.equals(said)) {
            return;
        }
        said = now;
        title.setText(picture.headline().title());
        detail.setText(picture.headline().detail());
        StackPane frame = (StackPane) node.getChildren().getFirst();
        frame.getChildren()
                .setAll(
                        picture.view() == View.TRAFFIC
                                ? Widgets.icon(
                                        Material2AL.LAPTOP,
                                        Widgets.toneClass(picture.headline().tone()))
                                : headlineIcon(picture.headline().tone()));
        Widgets.setTone(node, picture.headline().tone());
        node.applyCss();
        double width = Math.ceil(node.prefWidth(-1)) + 4;
        double height = Math.ceil(node.prefHeight(width));
        double centre = Topology.MARGIN + 1.5 * picture.boxWidth() + Topology.GAP_X;
        double bottom = Topology.CLIENT_BOTTOM;
        node.resizeRelocate(centre - width / 2, bottom - height, width, height);
    }
}
