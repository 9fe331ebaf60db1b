package dev.clusterlab.ui;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.ui.kit.Strip;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.TerminalTab;
import dev.clusterlab.ui.model.TerminalTabs;
import dev.clusterlab.ui.model.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.InvalidationListener;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.geometry.Side;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The terminal: a tab for the lab's own shell and for each machine that somebody logged in to. */
final class TerminalPane {
    private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");

    private final WindowModels desk;
    private final Texts texts;
    private final TerminalTabs tabs;
    private final Button more = Widgets.button("terminal-more", "", Material2AL.EXPAND_MORE, this::showHidden, "flat");
    private final Strip names = new Strip(more);
    private final Button add;
    private final StackPane shells = new StackPane();
    private final VBox root = new VBox();
    private final ContextMenu machines = new ContextMenu();
    private final Map<TerminalTab, Shown> shown = new LinkedHashMap<>();
    private final Subscription subscription;

    /** What is seen of a shell. */
    private record Shown(TerminalView view, Name name) {
        void dispose() {
            view.dispose();
            name.subscription.unsubscribe();
        }
    }

    TerminalPane(WindowModels desk, Texts texts) {
        this.desk = desk;
        this.texts = texts;
        this.tabs = desk.terminals;
        names.getStyleClass().add("terminal-tabs");
        Widgets.describe(more, texts.get("terminal.more"));
        add = Widgets.iconButton("terminal-add", Material2AL.ADD, texts.get("terminal.add"), this::choose);
        Button find = Widgets.iconButton(
                "terminal-find-open",
                Material2MZ.SEARCH,
                texts.get("terminal.find.open") + " (Ctrl+F)",
                () -> view().find());
        for (Button button : List.of(add, find, more)) {
            button.setFocusTraversable(false);
        }
        HBox row = new HBox(names, add, Widgets.spacer(), find);
        row.getStyleClass().add("terminal-row");
        row.setAlignment(Pos.CENTER_LEFT);
        machines.setId("terminal-machines");
        VBox.setVgrow(shells, Priority.ALWAYS);
        shells.setMinHeight(0);
        root.getChildren().addAll(row, shells);
        root.getStyleClass().add("terminal-pane");
        root.setMinHeight(0);

        InvalidationListener listener = change -> showTabs();
        tabs.all().addListener(listener);
        showTabs();
        subscription = Subscription.combine(
                () -> tabs.all().removeListener(listener), tabs.selected().subscribe(this::select));
    }

    Node node() {
        return root;
    }

    /** Where the keyboard comes to. */
    Node entry() {
        return view().entry();
    }

    /** To where commands are written. */
    void focus() {
        view().focus();
    }

    /** Whether Escape closed something here. */
    boolean escape() {
        return view().escape();
    }

    void dispose() {
        machines.hide();
        subscription.unsubscribe();
        shown.values().forEach(Shown::dispose);
    }

    /** Keys of the tabs, wherever in the window they are pressed; whether it was one. */
    boolean key(KeyEvent event) {
        boolean control = event.isShortcutDown();
        if (control && event.isShiftDown() && event.getCode() == KeyCode.T) {
            ask();
        } else if (control && event.isShiftDown() && event.getCode() == KeyCode.W && inSight()) {
            tabs.close(tabs.selected().get());
        } else if (control && !event.isShiftDown() && event.getCode() == KeyCode.PAGE_UP) {
            tabs.turn(-1);
        } else if (control && !event.isShiftDown() && event.getCode() == KeyCode.PAGE_DOWN) {
            tabs.turn(1);
        } else {
            boolean alone = event.isAltDown() && !control && !event.isControlDown() && !event.isShiftDown();
            return alone && event.getCode().isDigitKey() && tabs.show(number(event.getCode()));
        }
        return true;
    }

    private static int number(KeyCode digit) {
        String name = digit.getName();
        return name.charAt(name.length() - 1) - '0';
    }

    /** Whether the terminal is shown, and not what lies behind another tab of the window. */
    private boolean inSight() {
        for (Node at = root; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return root.getScene() != null;
    }

    /** Opens a shell on the machine that is looked at; else asks on which. */
    void ask() {
        desk.askForShell();
    }

    private TerminalView view() {
        return Objects.requireNonNull(shown.get(tabs.selected().get())).view();
    }

    private void showTabs() {
        for (Map.Entry<TerminalTab, Shown> entry : List.copyOf(shown.entrySet())) {
            if (!tabs.all().contains(entry.getKey())) {
                Shown gone = entry.getValue();
                boolean focused = gone.view().focused();
                gone.dispose();
                shells.getChildren().remove(gone.view().node());
                shown.remove(entry.getKey());
                if (focused) {
                    focus();
                }
            }
        }
        for (TerminalTab tab : tabs.all()) {
            if (!shown.containsKey(tab)) {
                TerminalView view = new TerminalView(desk, texts, tab);
                view.node().setVisible(false);
                shown.put(tab, new Shown(view, new Name(tab)));
                shells.getChildren().add(view.node());
            }
        }
        placeNames();
    }

    private void placeNames() {
        Shown selected = shown.get(tabs.selected().get());
        if (selected != null) {
            names.show(shown.values().stream().map(each -> each.name().node).toList(), selected.name().node);
        }
    }

    private void select(TerminalTab selected) {
        boolean focused = shown.values().stream().anyMatch(each -> each.view().focused());
        shown.forEach((tab, each) -> {
            each.view().node().setVisible(tab == selected);
            each.name().node.pseudoClassStateChanged(SELECTED, tab == selected);
            each.name().show();
        });
        if (focused) {
            // Nobody writes where nothing is seen.
            focus();
        }
        placeNames();
    }

    /** Lists the shells whose names have no room. */
    private void showHidden() {
        List<MenuItem> items = new ArrayList<>();
        shown.forEach((tab, each) -> {
            if (names.hidden().contains(each.name().node)) {
                MenuItem item = new MenuItem(name(tab), icon(tab.state().get()));
                item.setOnAction(event -> tabs.show(tab));
                items.add(item);
            }
        });
        machines.getItems().setAll(items);
        machines.show(more, Side.TOP, 0, 0);
    }

    private String name(TerminalTab tab) {
        return tab.machine().orElse(texts.get("terminal.lab"));
    }

    /** Shows the machines that somebody can log in to. */
    void choose() {
        // Where the pane was not shown until now, its button has no place yet.
        add.getScene().getRoot().applyCss();
        add.getScene().getRoot().layout();
        List<MenuItem> items = new ArrayList<>();
        for (String name : desk.machines()) {
            Optional<Machine.State> state = desk.cluster
                    .snapshot()
                    .get()
                    .machine(name)
                    .map(view -> view.machine().state());
            MenuItem item = new MenuItem(name, Widgets.icon(Material2AL.CODE));
            item.setId("terminal-on-" + name);
            item.setDisable(!state.equals(Optional.of(Machine.State.RUNNING)));
            item.setOnAction(event -> tabs.open(name));
            items.add(item);
        }
        if (items.isEmpty()) {
            MenuItem none = new MenuItem(texts.get("terminal.no-machine"));
            none.setDisable(true);
            items.add(none);
        }
        machines.getItems().setAll(items);
        machines.show(add, Side.TOP, 0, 0);
    }

    /** What can be pressed to see a shell. */
    private final class Name {
        final HBox node = new HBox();
        final Subscription subscription;
        private final TerminalTab tab;
        private final Button button = new Button();

        Name(TerminalTab tab) {
            this.tab = tab;
            String words = name(tab);
            button.getStyleClass().addAll("flat", "terminal-tab-name");
            button.setId("terminal-tab-" + tab.machine().orElse("lab"));
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setFocusTraversable(false);
            button.setAccessibleRole(AccessibleRole.TAB_ITEM);
            button.setOnAction(event -> tabs.show(tab));
            node.getStyleClass().add("terminal-tab");
            node.setAlignment(Pos.CENTER_LEFT);
            node.getChildren().add(button);
            if (tab.machine().isEmpty()) {
                button.setGraphic(Widgets.icon(Material2AL.CODE));
                Widgets.describe(button, texts.get("terminal.lab.meaning"));
                subscription = tab.terminal().running().subscribe(running -> show());
                return;
            }
            Button close = Widgets.iconButton(
                    button.getId() + "-close",
                    Material2AL.CLOSE,
                    texts.get("terminal.close", words),
                    () -> tabs.close(tab));
            close.setFocusTraversable(false);
            close.getStyleClass().add("terminal-tab-close");
            node.getChildren().add(close);
            node.addEventFilter(MouseEvent.MOUSE_RELEASED, event -> {
                if (event.getButton() == MouseButton.MIDDLE) {
                    tabs.close(tab);
                    event.consume();
                }
            });
            subscription = Subscription.combine(
                    tab.terminal().running().subscribe(running -> show()),
                    tab.state().subscribe(state -> {
                        button.setGraphic(icon(state));
                        Widgets.describe(
                                button,
                                TerminalView.away(
                                        texts,
                                        words,
                                        state,
                                        desk.cluster.snapshot().get()));
                    }));
        }

        /** Its name, and whether something runs there that is not seen. */
        private void show() {
            boolean busy = tab.terminal().running().get() && tabs.selected().get() != tab;
            button.setText(name(tab) + (busy ? " …" : ""));
        }
    }

    private static FontIcon icon(Optional<Machine.State> state) {
        return state.map(now -> switch (now) {
                    case RUNNING -> Widgets.icon(Material2AL.CHECK_CIRCLE, "tone-good");
                    case PAUSED -> Widgets.icon(Material2AL.AC_UNIT, "tone-waiting");
                    case STOPPED -> Widgets.icon(Material2MZ.POWER_SETTINGS_NEW, "tone-bad");
                    case KILLED -> Widgets.icon(Material2AL.FLASH_ON, "tone-bad");
                })
                .orElseGet(() -> Widgets.icon(Material2AL.DELETE_OUTLINE, "tone-bad"));
    }
}
