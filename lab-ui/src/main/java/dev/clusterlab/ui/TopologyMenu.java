package dev.clusterlab.ui;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.menu.MoreFaults;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import org.kordamp.ikonli.material2.Material2AL;

/** What can be done to a machine, or to what runs on one, where the person points in the picture. */
final class TopologyMenu {
    private final WindowModels desk;
    private final Texts texts;
    private final Consumer<Inspection.Action> act;
    private final WindowActions.Cuts cuts;
    private final ContextMenu menu = new ContextMenu();

    /** @param cuts what cuts the network in the picture */
    TopologyMenu(WindowModels desk, Texts texts, Consumer<Inspection.Action> act, WindowActions.Cuts cuts) {
        this.desk = desk;
        this.texts = texts;
        this.act = act;
        this.cuts = cuts;
    }

    void hide() {
        menu.hide();
    }

    /** Of something that runs on a machine. */
    void show(Node owner, Selection chosen, Point2D at) {
        fill(chosen);
        if (!desk.watches()) {
            addMore(moreFaults().ofSelected(desk.cluster.snapshot().get(), chosen));
        }
        menu.show(owner, at.getX(), at.getY());
    }

    /** Of a machine, with the ways to cut that concern others too. */
    void show(Node owner, String machine, Point2D at) {
        fill(new Selection.OfMachine(machine));
        if (!desk.watches()) {
            ClusterSnapshot snapshot = desk.cluster.snapshot().get();
            addMore(snapshot.machine(machine)
                    .map(view -> moreFaults().ofMachine(snapshot, view.machine()))
                    .orElse(List.of()));
            MenuItem stroke = new MenuItem(texts.get("cut.menu.stroke"), Widgets.icon(Material2AL.CONTENT_CUT));
            stroke.setOnAction(event -> cuts.line().run());
            MenuItem matrix = new MenuItem(texts.get("cut.open"), Widgets.icon(Material2AL.GRID_ON));
            matrix.setOnAction(event -> cuts.ways().run());
            menu.getItems().addAll(new SeparatorMenuItem(), stroke, matrix);
        }
        menu.show(owner, at.getX(), at.getY());
    }

    private MoreFaults moreFaults() {
        return new MoreFaults(texts, desk.host.cannot(texts));
    }

    private void addMore(List<Inspection.Action> more) {
        if (!more.isEmpty()) {
            Menu faults = new Menu(texts.get("menu.faults"));
            faults.setId("menu-faults");
            more.forEach(action -> faults.getItems().add(item(action)));
            menu.getItems().add(faults);
        }
    }

    /** Before it is shown: a menu that is shown already keeps its size. */
    private void fill(Selection chosen) {
        menu.getItems().clear();
        List<Inspection.Action> actions = desk.inspector(texts)
                .inspect(desk.cluster.snapshot().get(), chosen)
                .actions();
        actions.forEach(action -> menu.getItems().add(item(action)));
        if (actions.isEmpty()) {
            MenuItem nothing = new MenuItem(texts.get(desk.watches() ? "host.lack.ONLY_WATCHED" : "menu.nothing"));
            nothing.setDisable(true);
            menu.getItems().add(nothing);
        }
    }

    private MenuItem item(Inspection.Action action) {
        String words = action.refusal().isEmpty()
                ? action.label()
                : texts.get("inspect.refusal", action.label(), action.refusal());
        MenuItem item = new MenuItem(words, Widgets.icon(InspectorView.symbol(action.symbol())));
        item.setOnAction(event -> act.accept(action));
        item.setDisable(!action.refusal().isEmpty());
        if (action.harmful()) {
            item.getStyleClass().add("danger-item");
        }
        return item;
    }
}
