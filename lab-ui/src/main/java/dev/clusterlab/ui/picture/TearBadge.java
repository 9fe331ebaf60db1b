package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Topology.Tear;
import java.util.function.Consumer;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.material2.Material2AL;

/** The sign of a cut, by which it is mended: dragged away, by a click and its menu, or by Delete or Enter. */
public final class TearBadge extends StackPane {
    private static final double SIZE = 28;
    /** Dragged less far it goes back; in world units. */
    private static final double FAR = 70;

    private double grabX;
    private double grabY;

    TearBadge(Tear tear, String words, Consumer<Tear> mend) {
        getStyleClass().add("tear-badge");
        setId("tear-" + tear.fault());
        getChildren().add(Widgets.icon(Material2AL.CONTENT_CUT));
        setManaged(false);
        setFocusTraversable(true);
        // Where a line lies level, the name of an island stands at its left.
        boolean level = tear.from().y() == tear.to().y();
        double x = level ? tear.to().x() - SIZE : (tear.from().x() + tear.to().x()) / 2;
        double y = (tear.from().y() + tear.to().y()) / 2;
        resizeRelocate(x - SIZE / 2, y - SIZE / 2, SIZE, SIZE);
        Widgets.describe(this, words);
        setOnMousePressed(event -> {
            grabX = event.getSceneX();
            grabY = event.getSceneY();
            event.consume();
        });
        setOnMouseDragged(event -> {
            double scale = getLocalToSceneTransform().getMxx();
            setTranslateX((event.getSceneX() - grabX) / scale);
            setTranslateY((event.getSceneY() - grabY) / scale);
            event.consume();
        });
        setOnMouseReleased(event -> {
            boolean far = Math.hypot(getTranslateX(), getTranslateY()) > FAR;
            setTranslateX(0);
            setTranslateY(0);
            if (far) {
                mend.accept(tear);
            }
            event.consume();
        });
        setOnMouseClicked(event -> {
            if (event.isStillSincePress()) {
                menu(tear, words, mend).show(this, event.getScreenX(), event.getScreenY());
            }
            event.consume();
        });
        addEventFilter(MouseEvent.MOUSE_ENTERED, event -> toFront());
        setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.DELETE || event.getCode() == KeyCode.ENTER) {
                mend.accept(tear);
                event.consume();
            }
        });
    }

    private static ContextMenu menu(Tear tear, String words, Consumer<Tear> mend) {
        MenuItem item = new MenuItem(words, Widgets.icon(Material2AL.HEALING));
        item.setOnAction(event -> mend.accept(tear));
        return new ContextMenu(item);
    }
}
