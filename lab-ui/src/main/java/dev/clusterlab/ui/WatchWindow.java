package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.hosts.Elsewhere;
import dev.clusterlab.ui.model.hosts.TestModel;
import dev.clusterlab.ui.model.hosts.WatchedModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.value.ObservableValue;
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
 * The window on a Swarm that exists: the views that a lab has too, but nothing that changes something, and beside them what it is seen by,
 * or what is tested there.
 */
final class WatchWindow {
    /** What stands beside the picture of a Swarm that exists: by whom it is seen, or what is tested there. In one language. */
    interface Side {
        /** Makes one; {@code overlays} of the window. */
        @FunctionalInterface
        interface Maker {
            Side make(Texts texts, Overlays overlays);
        }

        /** Where the guide is in a lab. */
        Region node();

        /** Where the keyboard begins. */
        Node entry();

        /** What is done with the Swarm, below its name in the header. */
        String how();

        /** In the header, beside the time. */
        List<Node> controls();

        /** What is broken on purpose, above the picture. */
        Region faults();

        /** What is shown in the place of all panes; empty while they are shown. */
        ObservableValue<Optional<Region>> page();

        /** What {@link #leave} does, in words. */
        String leaving();

        /** Away from here, if that may be now. */
        void leave();

        /** Does what a key means here; {@code control} whether Ctrl is held. Whether it means something. */
        boolean key(KeyCode code, boolean control);

        void dispose();
    }

    private final WindowModels desk;
    private final WatchedModel parts;
    private final Side.Maker sides;
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
    private @Nullable Side side;
    private @Nullable WindowFrame frame;

    private WatchWindow(WindowModels desk, Function<WatchedModel, Side.Maker> sides) {
        this.desk = desk;
        this.parts = new WatchedModel(
                desk.context.watch().orElseThrow(),
                desk.cluster.snapshot(),
                desk.context.engine().clock()::now);
        this.sides = sides.apply(parts);
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

    /** On a Swarm that is only watched. */
    static WatchWindow watching(WindowModels desk, Elsewhere<?> elsewhere) {
        return new WatchWindow(
                desk, parts -> (texts, overlays) -> new WatchedSide(desk, elsewhere, parts, texts, overlays));
    }

    /** On a Swarm in which an experiment runs. */
    static WatchWindow testing(WindowModels desk, TestModel<?> model) {
        return new WatchWindow(desk, parts -> (texts, overlays) -> new TestedSide(desk, model, texts));
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
        Side seenBy = sides.make(texts, overlays);
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
        Header header = new Header(looks, seenBy);
        VBox rail = rail();
        WindowFrame windowFrame = new WindowFrame(
                desk.settings,
                desk.cluster.selection(),
                new WindowFrame.Parts(
                        header.root,
                        seenBy.node(),
                        rail,
                        topologyView.tools(),
                        seenBy.faults(),
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
                seenBy.page().subscribe(windowFrame::showPage),
                windowFrame::dispose);
        topology = topologyView;
        inspector = inspectorView;
        events = eventsView;
        side = seenBy;
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

        Header(LooksBar looks, Side seenBy) {
            title.setId("lab-title");
            Label how = Widgets.label(seenBy.how(), "muted");
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
            when.getChildren().addAll(seenBy.controls());
            when.getStyleClass().add("header-when");
            HBox right = new HBox(
                    Widgets.iconButton(
                            "save-picture", Material2MZ.PHOTO_CAMERA, texts.get("help.picture.save"), pictures::save),
                    looks.textSize,
                    looks.language,
                    looks.theme,
                    toggle,
                    Widgets.iconButton("leave-swarm-top", Material2AL.EXIT_TO_APP, seenBy.leaving(), seenBy::leave));
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
        } else if (side != null && side.key(event.getCode(), event.isShortcutDown())) {
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
            case L -> {
                if (side != null) {
                    side.leave();
                }
            }
            case DIGIT1, NUMPAD1 -> {
                desk.settings.guideFolded().set(false);
                if (side != null) {
                    side.entry().requestFocus();
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
