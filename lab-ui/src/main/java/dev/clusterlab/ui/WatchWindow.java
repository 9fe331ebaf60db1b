package dev.clusterlab.ui;

import dev.clusterlab.ui.hosts.WatchedPane;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.hosts.WatchModel;
import dev.clusterlab.ui.model.hosts.Watched;
import dev.clusterlab.ui.model.hosts.WatchedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/**
 * The window on a Swarm that exists: the views that a lab has too, but nothing that changes something, and beside them what it is seen by.
 */
final class WatchWindow {
    private final WindowModels desk;
    private final WatchModel<?> model;
    private final Watched watched;
    private final WatchedModel parts;
    private final StackPane root = new StackPane();
    private final StackPane content = new StackPane();
    private final Overlays overlays = new Overlays();
    private final PictureExport pictures;
    private final NoticeBars notices;
    private final Subscription subscription;
    private Subscription views = Subscription.EMPTY;
    private Texts texts;
    private PaneRound panes = new PaneRound(List.of());
    private @Nullable TopologyView topology;
    private @Nullable InspectorView inspector;
    private @Nullable EventsView events;
    private @Nullable WatchedPane pane;
    private @Nullable WindowFrame frame;

    /** @param desk of a Swarm that is watched */
    WatchWindow(WindowModels desk, WatchModel<?> model) {
        this.desk = desk;
        this.model = model;
        this.watched = desk.context.watch().orElseThrow();
        this.parts = new WatchedModel(
                watched, desk.cluster.snapshot(), desk.context.engine().clock()::now);
        this.texts = desk.texts();
        this.pictures =
                new PictureExport(desk, () -> Optional.ofNullable(topology).flatMap(TopologyView::shot));
        this.notices = new NoticeBars(desk.notifications, () -> texts, root);
        root.getChildren().addAll(content, notices.node(), overlays.node());
        subscription = Subscription.combine(
                SceneKeys.of(root, this::key),
                desk.settings.language().subscribe(this::build),
                notices::dispose,
                parts::close);
        build();
    }

    Parent node() {
        return root;
    }

    void dispose() {
        views.unsubscribe();
        subscription.unsubscribe();
    }

    /** Gives the keyboard to the views of the cluster. */
    void begin() {
        if (topology != null) {
            FocusStops.first(topology.tools()).ifPresent(Node::requestFocus);
        }
    }

    private void build() {
        views.unsubscribe();
        texts = desk.texts();
        WatchedPane seenBy = new WatchedPane(
                parts,
                texts,
                watched.recording(),
                new WatchedPane.Wishes(
                        this::page, () -> desk.settings.guideFolded().set(true), model::leave));
        TopologyView topologyView = new TopologyView(desk, texts, action -> {}, overlays);
        InspectorView inspectorView = new InspectorView(desk, texts, action -> {}, this::closeInspector);
        EventsView eventsView = new EventsView(desk, texts);
        NarratorView narrator = new NarratorView(desk.narrator, texts, telling -> eventsView.reveal(telling.events()));
        VBox picture = new VBox(narrator.node(), topologyView.node());
        VBox.setVgrow(topologyView.node(), Priority.ALWAYS);
        Tab tab = new Tab(texts.get("tab.events"), eventsView.node());
        tab.setGraphic(Widgets.icon(Material2AL.EVENT_NOTE));
        tab.setClosable(false);
        TabPane below = new TabPane(tab);
        below.setId("bottom");
        LooksBar looks = new LooksBar(desk.settings, texts);
        Header header = new Header(looks);
        VBox rail = rail();
        WindowFrame windowFrame = new WindowFrame(
                desk.settings,
                desk.cluster.selection(),
                new WindowFrame.Parts(
                        header.root,
                        seenBy.node(),
                        rail,
                        topologyView.tools(),
                        new Region(),
                        picture,
                        inspectorView.node(),
                        below));
        windowFrame.describeEdges(texts.get("watch.edge"), texts.get("edge.below"));
        panes = new PaneRound(List.of(
                new PaneRound.Pane(header.root),
                new PaneRound.Pane(seenBy.node(), () -> Optional.of(seenBy.entry())),
                new PaneRound.Pane(rail),
                new PaneRound.Pane(topologyView.tools()),
                new PaneRound.Pane(picture, () -> topologyView.entry().or(() -> FocusStops.first(picture))),
                new PaneRound.Pane(inspectorView.node()),
                new PaneRound.Pane(below, () -> FocusStops.first(eventsView.node()))));
        views = Subscription.combine(
                seenBy::dispose,
                topologyView::dispose,
                inspectorView::dispose,
                eventsView::dispose,
                narrator::dispose,
                looks::dispose,
                header::dispose,
                windowFrame.inspectorShown().subscribe(header::showInspector),
                windowFrame::dispose);
        topology = topologyView;
        inspector = inspectorView;
        events = eventsView;
        pane = seenBy;
        frame = windowFrame;
        content.getChildren().setAll(windowFrame.node());
        notices.show();
    }

    private VBox rail() {
        VBox rail = new VBox(Widgets.iconButton(
                "unfold-guide",
                Material2AL.LAST_PAGE,
                texts.get("watch.unfold"),
                () -> desk.settings.guideFolded().set(false)));
        rail.setId("rail");
        rail.getStyleClass().add("rail");
        return rail;
    }

    private void page(Path recording) {
        model.page(recording, page -> desk.browser.accept(page.toUri().toString()));
    }

    private void closeInspector() {
        if (frame != null) {
            frame.closeInspector();
        }
    }

    private void toggleInspector() {
        if (frame != null) {
            frame.toggleInspector();
        }
    }

    /** Where one is, the time of this computer, how it looks, and the way back. */
    private final class Header {
        final Thirds root;
        private final Label clock = Widgets.label("", "clock");
        private final Label title = Widgets.label("", "header-title");
        private final Node toggle = Widgets.iconButton(
                "inspector-button", Material2MZ.VERTICAL_SPLIT, "", WatchWindow.this::toggleInspector);
        private final Ticker ticking;

        Header(LooksBar looks) {
            title.setId("lab-title");
            Label how = Widgets.label(texts.get("watch.header"), "muted");
            how.setId("watch-header");
            VBox names = new VBox(title, how);
            names.setMinWidth(60);
            names.setAlignment(Pos.CENTER_LEFT);
            HBox where = new HBox(Widgets.icon(Material2AL.DEVICE_HUB, "logo"), names);
            where.getStyleClass().add("header-where");
            clock.setId("clock");
            clock.setMinWidth(Region.USE_PREF_SIZE);
            clock.setGraphic(Widgets.icon(Material2MZ.SCHEDULE));
            Widgets.describe(clock, texts.get("watch.clock"));
            HBox when = new HBox(clock);
            when.getStyleClass().add("header-when");
            HBox right = new HBox(
                    Widgets.iconButton(
                            "save-picture", Material2MZ.PHOTO_CAMERA, texts.get("help.picture.save"), pictures::save),
                    looks.textSize,
                    looks.language,
                    looks.theme,
                    toggle,
                    Widgets.iconButton(
                            "leave-swarm-top", Material2AL.EXIT_TO_APP, texts.get("watch.leave"), model::leave));
            right.getStyleClass().add("header-looks");
            right.setMinWidth(Region.USE_PREF_SIZE);
            root = new Thirds(where, when, right);
            root.getStyleClass().add("header");
            ticking = new Ticker(Duration.ofMillis(200), this::tick);
            tick();
        }

        private void tick() {
            clock.setText(Texts.clock(desk.time.elapsed()));
            title.setText(parts.parts(texts).title());
        }

        void showInspector(boolean shown) {
            Widgets.describe(toggle, texts.get(shown ? "header.inspector.hide" : "header.inspector.show"));
        }

        void dispose() {
            ticking.close();
        }
    }

    // ---- keys

    private void key(KeyEvent event) {
        if (event.getCode() == KeyCode.ENTER && FocusedPart.pressed(root.getScene())) {
            event.consume();
        } else if (overlays.showing()) {
            if (event.getCode() == KeyCode.ESCAPE) {
                overlays.escape();
                event.consume();
            }
        } else if (event.getCode() == KeyCode.F6) {
            panes.go(Optional.ofNullable(root.getScene().getFocusOwner()), event.isShiftDown());
            event.consume();
        } else if (event.isShortcutDown() ? shortcut(event.getCode()) : plain(event.getCode())) {
            event.consume();
        }
    }

    private boolean plain(KeyCode code) {
        if (code != KeyCode.ESCAPE) {
            return false;
        }
        if (!desk.notifications.notices().isEmpty()) {
            desk.notifications.notices().clear();
        } else if (frame != null) {
            frame.escape();
        }
        return true;
    }

    private boolean shortcut(KeyCode code) {
        switch (code) {
            case L -> model.leave();
            case DIGIT1, NUMPAD1 -> {
                desk.settings.guideFolded().set(false);
                if (pane != null) {
                    pane.entry().requestFocus();
                }
            }
            case DIGIT3, NUMPAD3 -> {
                if (events != null) {
                    events.focus();
                }
            }
            case DIGIT5, NUMPAD5 -> look(Topology.View.SWARM);
            case DIGIT6, NUMPAD6 -> look(Topology.View.CONSUL);
            case DIGIT7, NUMPAD7 -> look(Topology.View.TRAFFIC);
            case DIGIT8, NUMPAD8 -> {
                if (frame != null && inspector != null) {
                    frame.showInspector();
                    inspector.focus();
                }
            }
            case S -> pictures.save();
            case B ->
                desk.settings.guideFolded().set(!desk.settings.guideFolded().get());
            case I -> toggleInspector();
            case Q -> {
                Window shown = root.getScene().getWindow();
                shown.fireEvent(new WindowEvent(shown, WindowEvent.WINDOW_CLOSE_REQUEST));
            }
            default -> {
                return LooksBar.key(desk.settings, code);
            }
        }
        return true;
    }

    private void look(Topology.View view) {
        desk.cluster.view().set(view);
        if (topology != null) {
            topology.focus();
        }
    }
}
