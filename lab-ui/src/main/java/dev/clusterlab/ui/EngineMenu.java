package dev.clusterlab.ui;

import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.engines.Engines;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import java.util.function.Consumer;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Names the engine at the top of the window; opened, it offers the other one and what can be done to the lab on it. */
final class EngineMenu {
    private final MenuButton button = new MenuButton();
    private final Subscription subscription;

    /**
     * What it passes on.
     *
     * @param change to the engine of that name
     * @param labs shows the labs on the user's Docker Engine
     * @param remove removes everything of the lab
     * @param remote chooses hosts for a lab
     * @param watch opens a Swarm that exists
     */
    record Wishes(Consumer<String> change, Runnable labs, Runnable remove, Runnable remote, Runnable watch) {}

    EngineMenu(WindowModels desk, Texts texts, Wishes wishes) {
        String name = desk.context.engine().name();
        String words = texts.has("engine." + name) ? texts.get("engine." + name) : texts.get("header.engine", name);
        button.setId("engine-menu");
        button.getStyleClass().addAll("flat", "header-engine");
        Widgets.describe(button, texts.get("header.engines"));
        ToggleGroup one = new ToggleGroup();
        for (String engine : Engines.names()) {
            RadioMenuItem item = new RadioMenuItem(texts.get("menu.engine." + engine));
            item.setId("engine-" + engine);
            item.setToggleGroup(one);
            item.setSelected(engine.equals(name));
            item.setOnAction(event -> {
                // It is chosen when it is there.
                one.getToggles().forEach(toggle -> toggle.setSelected(isOf(toggle, name)));
                wishes.change().accept(engine);
            });
            button.getItems().add(item);
        }
        RadioMenuItem remote = new RadioMenuItem(texts.get("menu.engine.remote"));
        remote.setId("engine-remote");
        remote.setToggleGroup(one);
        remote.setSelected(name.equals(EngineNames.REMOTE));
        remote.setOnAction(event -> {
            one.getToggles().forEach(toggle -> toggle.setSelected(isOf(toggle, name)));
            wishes.remote().run();
        });
        button.getItems().addAll(remote, new SeparatorMenuItem());
        MenuItem watch = new MenuItem(texts.get("menu.watch"), Widgets.icon(Material2MZ.VISIBILITY));
        watch.setId("engine-watch");
        watch.setOnAction(event -> wishes.watch().run());
        button.getItems().addAll(watch, new SeparatorMenuItem());
        if (name.equals(EngineNames.DOCKER)) {
            MenuItem list = new MenuItem(texts.get("menu.labs"), Widgets.icon(Material2AL.LIST));
            list.setId("engine-labs");
            list.setOnAction(event -> wishes.labs().run());
            button.getItems().add(list);
        }
        MenuItem all = new MenuItem(texts.get("menu.remove"), Widgets.icon(Material2AL.DELETE_OUTLINE));
        all.setId("engine-remove");
        all.getStyleClass().add("danger-item");
        all.setOnAction(event -> wishes.remove().run());
        button.getItems().add(all);
        subscription = desk.host.abilities().subscribe(abilities -> {
            String version =
                    abilities.fact(HostTopic.VERSION).map(HostFact::english).orElse("");
            button.setText(version.isEmpty() ? words : words + " " + version);
        });
    }

    private static boolean isOf(javafx.scene.control.Toggle toggle, String engine) {
        return toggle instanceof RadioMenuItem item && ("engine-" + engine).equals(item.getId());
    }

    MenuButton node() {
        return button;
    }

    void dispose() {
        subscription.unsubscribe();
    }
}
