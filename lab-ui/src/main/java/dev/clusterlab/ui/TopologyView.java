package dev.clusterlab.ui;

import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.ClusterModel;
import dev.clusterlab.ui.model.Fit;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Inspector;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.Tear;
import dev.clusterlab.ui.model.Topology.View;
import dev.clusterlab.ui.picture.BandLayer;
import dev.clusterlab.ui.picture.ChipRuler;
import dev.clusterlab.ui.picture.CutMatrix;
import dev.clusterlab.ui.picture.CutTool;
import dev.clusterlab.ui.picture.Headline;
import dev.clusterlab.ui.picture.IslandLayer;
import dev.clusterlab.ui.picture.LinkNode;
import dev.clusterlab.ui.picture.MachineLayer;
import dev.clusterlab.ui.picture.MachineNode;
import dev.clusterlab.ui.picture.MotionLayer;
import dev.clusterlab.ui.picture.TrafficDots;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import javafx.collections.MapChangeListener;
import javafx.event.EventHandler;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;
import javafx.scene.transform.Scale;
import javafx.scene.transform.Translate;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The cluster as a picture. */
final class TopologyView {
    private static final double ZOOM_MAX = 2.6;
    /** Between the tools in the corner and the edges of the picture, as the style sheet has it. */
    private static final double TOOLS_EDGE = 16;

    /** At a faster pace chips come up where they are, rather than travel. */
    private static final double PACE_MAX = 4;

    private final WindowModels desk;
    private final Texts texts;
    private final Consumer<Inspection.Action> act;
    private final Overlays overlays;
    private final ToggleButton cutButton = new ToggleButton("", Widgets.icon(Material2AL.CONTENT_CUT));
    private final EventHandler<KeyEvent> escape = event -> {
        if (event.getCode() == KeyCode.ESCAPE) {
            layDownCut();
        }
    };
    private final VBox root = new VBox();
    private final HBox tools = new HBox();
    private final HBox strip = new HBox();
    private final StackPane stage = new StackPane();
    private final Pane viewport = new Pane();
    private final Pane world = new Pane();
    private final Pane hullLayer = new Pane();
    private final Pane bandLayer = new Pane();
    private final Pane signLayer = new Pane();
    private final IslandLayer islands = new IslandLayer(hullLayer, signLayer, this::mending, this::mend);
    private final BandLayer bands = new BandLayer(bandLayer);
    private final Pane motionPane = new Pane();
    private final MotionLayer motion;
    private final CutTool cutTool;
    private final Pane probes = new Pane();
    private double above;
    private final ChipRuler ruler = new ChipRuler(viewport, () -> this.above, probes);
    private final Pane boxLayer = new Pane();
    private final Pane linkLayer = new Pane();
    private final Pane dotLayer = new Pane();
    private final Headline headline = new Headline();
    private final VBox empty = new VBox();
    private final Label emptyTitle = Widgets.label("", "empty-title");
    private final Label emptyDetail = Widgets.wrapped("", "muted", "centred");
    private final Button emptyRun;
    private final Scale scale = new Scale(1, 1);
    private final Translate shift = new Translate();
    private final Pane letters = new Pane();
    private final MachineLayer machines;
    private final Map<String, LinkNode> links = new LinkedHashMap<>();
    private final TrafficDots dots;
    private final ContextMenu menu = new ContextMenu();
    private final Map<View, ToggleButton> tabs = new EnumMap<>(View.class);
    private Optional<Topology> drawn = Optional.empty();
    private Selection drawnSelection = Selection.NOTHING;
    private List<ClusterModel.Running> legend = List.of();
    private double legendWidth;
    /** What floats in the corner of the picture. */
    private final HBox zoom = new HBox();

    private boolean fitting = true;
    private double dragX;
    private double dragY;
    private Subscription clientSubscription = Subscription.EMPTY;
    private final Subscription subscription;

    TopologyView(WindowModels desk, Texts texts, Consumer<Inspection.Action> act, Overlays overlays) {
        this.desk = desk;
        this.texts = texts;
        this.act = act;
        this.overlays = overlays;
        this.machines = new MachineLayer(boxLayer, letters, probes, this::create);
        this.cutTool = new CutTool(motionPane, cutButton, () -> drawn, machines::nodes, this::cut);
        this.motion = new MotionLayer(
                motionPane,
                () -> desk.settings.motion().get()
                        && !(desk.time.pace().get() instanceof Pace.Times(double factor) && factor > PACE_MAX));
        this.dots = new TrafficDots(dotLayer, !desk.settings.motion().get());
        this.emptyRun = Widgets.button(
                "empty-run",
                texts.get("empty.run"),
                Material2MZ.PLAY_ARROW,
                () -> desk.guide.nextBlock().ifPresent(desk::run),
                "accent");
        build();
        MapChangeListener<BlockId, BlockState> blocks = change -> emptyRun.setDisable(desk.guide.busy());
        desk.guide.blocks().addListener(blocks);
        subscription = Subscription.combine(
                desk.cluster.snapshot().subscribe(this::refresh),
                desk.cluster.view().subscribe(this::refresh),
                desk.cluster.selection().subscribe(this::refresh),
                desk.progress.all().subscribe(this::refresh),
                desk.settings.textSize().subscribe(this::resized),
                desk.settings.presentation().subscribe(this::resized),
                // What is drawn in colours of the style sheet, once that is another one.
                desk.settings.dark().subscribe(dark -> FxThread.later(machines::dress)),
                desk.time.pace().subscribe(pace -> dots.setFrozen(desk.time.paused())),
                () -> desk.guide.blocks().removeListener(blocks));
        // Sizes depend on the style sheet, which is known only in a window.
        root.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                scene.addEventFilter(KeyEvent.KEY_PRESSED, escape);
                drawn = Optional.empty();
                ruler.forget();
                headline.forget();
                legendWidth = -1;
                refresh();
            }
        });
    }

    VBox node() {
        return root;
    }

    /** The views, the services and the client; they stand above the picture, and above what stands beside it. */
    HBox tools() {
        return tools;
    }

    void dispose() {
        dots.stop();
        if (root.getScene() != null) {
            root.getScene().removeEventFilter(KeyEvent.KEY_PRESSED, escape);
        }
        menu.hide();
        clientSubscription.unsubscribe();
        subscription.unsubscribe();
    }

    /** To the selected machine, or the first one. */
    void focus() {
        drawn.flatMap(picture -> picture.box(selectedMachine())
                        .or(() -> picture.boxes().stream().findFirst()))
                .ifPresent(this::focus);
    }

    /** Goes to a machine, and to where it can be seen. */
    private void focus(Box box) {
        double width = drawn.map(Topology::boxWidth).orElse(Topology.BOX_WIDTH);
        double left = shift.getX() + box.x() * scale.getX();
        double top = shift.getY() + box.y() * scale.getX();
        double right = left + width * scale.getX() - viewport.getWidth();
        double bottom = top + box.height() * scale.getX() - viewport.getHeight();
        if (left < 0 || top < 0 || right > 0 || bottom > 0) {
            fitting = false;
            shift.setX(shift.getX() - Math.max(0, right) - Math.min(0, left));
            shift.setY(shift.getY() - Math.max(0, bottom) - Math.min(0, top));
            look();
        }
        Optional.ofNullable(machines.nodes().get(box.name())).ifPresent(Node::requestFocus);
    }

    private String selectedMachine() {
        return desk.cluster.selection().get() instanceof Selection.OfMachine(String name) ? name : "";
    }

    // ---- frame

    private void build() {
        root.getStyleClass().add("topology");
        root.setId("topology");
        ToggleGroup group = new ToggleGroup();
        HBox views = new HBox(
                tab(View.SWARM, "view.swarm", group),
                tab(View.CONSUL, "view.consul", group),
                tab(View.TRAFFIC, "view.traffic", group));
        views.getStyleClass().add("segment");
        strip.getStyleClass().add("service-strip");
        strip.setId("services");
        strip.setMinWidth(0);
        clip(strip);
        strip.widthProperty().subscribe(width -> showStrip());
        HBox.setHgrow(strip, Priority.ALWAYS);
        tools.getChildren().addAll(views, strip, client());
        tools.getStyleClass().add("topology-bar");

        viewport.getStyleClass().add("viewport");
        world.getTransforms().addAll(shift, scale);
        world.getChildren()
                .addAll(
                        hullLayer,
                        bandLayer,
                        linkLayer,
                        dotLayer,
                        boxLayer,
                        signLayer,
                        headline.node(),
                        motionPane,
                        probes);
        for (Pane layer : List.of(hullLayer, bandLayer, linkLayer, dotLayer, motionPane)) {
            layer.setMouseTransparent(true);
        }
        signLayer.setPickOnBounds(false);
        motionPane.setId("motion");
        world.setManaged(false);
        letters.setManaged(false);
        letters.setMouseTransparent(true);
        viewport.getChildren().addAll(world, letters);
        clip(viewport);
        viewport.layoutBoundsProperty().subscribe(bounds -> {
            refresh();
            if (fitting) {
                fit();
            }
        });
        gestures();

        cutButton.setId("cut-tool");
        cutButton.getStyleClass().addAll("button-icon", "flat");
        Widgets.describe(cutButton, texts.get("cut.tool"));
        cutTool.over(viewport);
        root.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.X && !event.isShortcutDown()) {
                cutTool.toggle();
                event.consume();
            }
        });
        zoom.getChildren()
                .setAll(
                        cutButton,
                        Widgets.iconButton(
                                "cut-matrix-open", Material2AL.GRID_ON, texts.get("cut.open"), this::openMatrix),
                        Widgets.iconButton(
                                "zoom-out", Material2MZ.ZOOM_OUT, texts.get("zoom.out"), () -> zoom(1 / 1.2)),
                        Widgets.iconButton(
                                "zoom-fit", Material2AL.CENTER_FOCUS_WEAK, texts.get("zoom.fit"), this::refit),
                        Widgets.iconButton("zoom-in", Material2MZ.ZOOM_IN, texts.get("zoom.in"), () -> zoom(1.2)));
        zoom.getStyleClass().add("zoom-bar");
        zoom.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        StackPane.setAlignment(zoom, Pos.BOTTOM_RIGHT);
        emptyState();
        stage.getChildren().addAll(viewport, empty, zoom);
        VBox.setVgrow(stage, Priority.ALWAYS);
        stage.setMinHeight(0);
        root.getChildren().add(stage);
    }

    private static void clip(Region region) {
        Rectangle clip = new Rectangle();
        clip.widthProperty().bind(region.widthProperty());
        clip.heightProperty().bind(region.heightProperty());
        region.setClip(clip);
    }

    private ToggleButton tab(View view, String key, ToggleGroup group) {
        ToggleButton button = new ToggleButton(texts.get(key));
        button.setId("view-" + view.name().toLowerCase(java.util.Locale.ROOT));
        button.setToggleGroup(group);
        button.setSelected(desk.cluster.view().get() == view);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(event -> {
            button.setSelected(true);
            desk.cluster.view().set(view);
        });
        tabs.put(view, button);
        return button;
    }

    /** The switch of the client; the same as in the chart of traffic. */
    private ToggleButton client() {
        ToggleButton client = new ToggleButton(
                texts.get("chart.client", WindowModels.CLASSROOM_RATE), Widgets.icon(Material2AL.LAPTOP));
        client.setId("client");
        client.setMinWidth(Region.USE_PREF_SIZE);
        client.setOnAction(event -> desk.toggleClient());
        Widgets.describe(client, texts.get("chart.client.detail"));
        clientSubscription = desk.client().subscribe(on -> client.setSelected(on));
        return client;
    }

    private void emptyState() {
        emptyDetail.setMaxWidth(420);
        empty.getChildren().addAll(Widgets.icon(Material2AL.DNS, "empty-icon"), emptyTitle, emptyDetail, emptyRun);
        empty.getStyleClass().add("empty");
        empty.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    }

    /** Says that there is nothing yet, and how there will be something; or that there is work for it already. */
    private void showEmpty(boolean visible) {
        empty.setVisible(visible);
        boolean work = !desk.progress.all().get().isEmpty();
        emptyTitle.setText(texts.get(work ? "empty.work" : "empty.title"));
        emptyDetail.setText(texts.get(work ? "empty.work.detail" : "empty.detail"));
        emptyRun.setVisible(!work);
        emptyRun.setDisable(desk.guide.busy());
    }

    private void gestures() {
        viewport.setOnScroll(event -> {
            if (event.getDeltaY() != 0) {
                zoomAt(event.getDeltaY() > 0 ? 1.1 : 1 / 1.1, event.getX(), event.getY());
                event.consume();
            }
        });
        viewport.setOnMousePressed(event -> {
            menu.hide();
            dragX = event.getX() - shift.getX();
            dragY = event.getY() - shift.getY();
        });
        viewport.setOnMouseDragged(event -> {
            fitting = false;
            shift.setX(event.getX() - dragX);
            shift.setY(event.getY() - dragY);
            look();
        });
        viewport.setOnMouseClicked(event -> {
            if (event.isStillSincePress() && event.getButton() == MouseButton.PRIMARY) {
                desk.cluster.selection().set(Selection.NOTHING);
            }
        });
    }

    private void zoom(double factor) {
        zoomAt(factor, viewport.getWidth() / 2, viewport.getHeight() / 2);
    }

    private void zoomAt(double factor, double x, double y) {
        fitting = false;
        double before = scale.getX();
        double after = Math.clamp(before * factor, Fit.SCALE_MIN, ZOOM_MAX);
        shift.setX(x - (x - shift.getX()) * after / before);
        shift.setY(y - (y - shift.getY()) * after / before);
        scale.setX(after);
        scale.setY(after);
        look();
    }

    private void look() {
        machines.look(new MachineLayer.View(
                scale.getX(), shift.getX(), shift.getY(), viewport.getWidth(), viewport.getHeight()));
        // In the traffic view lines come out of it.
        headline.node().setVisible(machines.detailed() || desk.cluster.view().get() == View.TRAFFIC);
    }

    private void refit() {
        fitting = true;
        fit();
    }

    /**
     * Leaves room above the picture for what comes and goes there, so that no machine moves when it does.
     *
     * @param room what of it is free now, in pixels
     */
    void reserveAbove(double room) {
        if (!fitting) {
            shift.setY(shift.getY() + room - above);
            look();
        }
        above = room;
        refresh();
        if (fitting) {
            fit();
        }
    }

    private void fit() {
        if (drawn.isEmpty() || viewport.getWidth() <= 0 || viewport.getHeight() <= 0) {
            return;
        }
        Fit.Tools tools = new Fit.Tools(zoom.getWidth() + TOOLS_EDGE, zoom.getHeight() + TOOLS_EDGE);
        Fit fit = Fit.of(drawn.get(), viewport.getWidth(), viewport.getHeight(), above, tools);
        scale.setX(fit.scale());
        scale.setY(fit.scale());
        shift.setX(fit.x());
        shift.setY(fit.y());
        look();
    }

    // ---- picture

    private void refresh() {
        if (root.getScene() == null) {
            return;
        }
        Topology picture = desk.cluster.picture(texts, desk.context.traffic().machine(), desk.progress, ruler);
        Selection selection = desk.cluster.selection().get();
        showStrip();
        showEmpty(picture.boxes().isEmpty());
        tabs.forEach((view, button) -> button.setSelected(view == picture.view()));
        if (drawn.filter(picture::equals).isPresent() && selection.equals(drawnSelection)) {
            return;
        }
        boolean resized = drawn.isEmpty()
                || drawn.get().width() != picture.width()
                || drawn.get().height() != picture.height();
        drawn = Optional.of(picture);
        drawnSelection = selection;
        world.setVisible(!picture.boxes().isEmpty());
        world.resize(picture.width(), picture.height());
        if (resized && fitting) {
            // Before the machines come: how large they are drawn decides what is in them.
            fit();
        }
        machines.draw(picture, selectedMachine());
        islands.draw(picture);
        bands.draw(picture);
        headline.show(picture);
        look();
        world.applyCss();
        world.layout();
        motion.see(picture, machines.nodes());
        drawLinks(picture);
    }

    private MachineNode create(String name) {
        MachineNode node = new MachineNode(
                texts,
                desk.settings.motion().get(),
                chip -> desk.cluster.selection().set(chip.selection()),
                (chip, event) ->
                        showMenu(event.getSource(), chipActions(chip), event.getScreenX(), event.getScreenY()));
        node.setId("machine-" + name);
        node.setOnMouseClicked(event -> {
            if (event.isStillSincePress() && event.getButton() == MouseButton.PRIMARY) {
                desk.cluster.selection().set(new Selection.OfMachine(name));
                event.consume();
            }
        });
        node.setOnContextMenuRequested(event -> {
            desk.cluster.selection().set(new Selection.OfMachine(name));
            showMachineMenu(node, name, event.getScreenX(), event.getScreenY());
            event.consume();
        });
        node.setOnKeyPressed(event -> {
            if (key(node, name, event)) {
                event.consume();
            }
        });
        return node;
    }

    /** Arrows go from machine to machine, Enter selects, the menu key or M opens what can be done. */
    private boolean key(MachineNode node, String name, KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return false;
        }
        switch (event.getCode()) {
            case ENTER -> desk.cluster.selection().set(new Selection.OfMachine(name));
            case M, CONTEXT_MENU -> menuOf(node, name);
            case F10 -> {
                if (!event.isShiftDown()) {
                    return false;
                }
                menuOf(node, name);
            }
            case LEFT -> neighbour(name, -1, 0);
            case RIGHT -> neighbour(name, 1, 0);
            case UP -> neighbour(name, 0, -1);
            case DOWN -> neighbour(name, 0, 1);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void menuOf(MachineNode node, String name) {
        desk.cluster.selection().set(new Selection.OfMachine(name));
        Point2D middle = node.localToScreen(node.getWidth() / 2, node.getHeight() / 3);
        showMachineMenu(node, name, middle.getX(), middle.getY());
    }

    private void neighbour(String name, int right, int down) {
        drawn.ifPresent(picture -> picture.box(name)
                .ifPresent(from -> picture.boxes().stream()
                        .filter(box -> Math.signum(Math.rint(box.x() - from.x())) == right
                                && Math.signum(Math.rint(box.y() - from.y())) == down)
                        .min(Comparator.comparingDouble(
                                box -> Math.abs(box.x() - from.x()) + Math.abs(box.y() - from.y())))
                        .ifPresent(this::focus)));
    }

    private List<Inspection.Action> chipActions(Chip chip) {
        desk.cluster.selection().set(chip.selection());
        return actions(chip.selection());
    }

    private List<Inspection.Action> actions(Selection selection) {
        ClusterSnapshot snapshot = desk.cluster.snapshot().get();
        return inspector().inspect(snapshot, selection).actions();
    }

    /** With the ways to cut that concern others too. */
    private void showMachineMenu(Node node, String name, double screenX, double screenY) {
        showMenu(node, actions(new Selection.OfMachine(name)), screenX, screenY);
        MenuItem stroke = new MenuItem(texts.get("cut.menu.stroke"), Widgets.icon(Material2AL.CONTENT_CUT));
        stroke.setOnAction(event -> cutTool.toggle());
        MenuItem matrix = new MenuItem(texts.get("cut.open"), Widgets.icon(Material2AL.GRID_ON));
        matrix.setOnAction(event -> openMatrix());
        menu.getItems().addAll(new SeparatorMenuItem(), stroke, matrix);
    }

    private Inspector inspector() {
        return new Inspector(texts, desk.host.cannot(texts));
    }

    private void layDownCut() {
        cutTool.layDown();
    }

    private void cut(List<Set<String>> sides) {
        act.accept(inspector().cut(new Fault.NetworkPartition(sides, Optional.empty())));
    }

    private void openMatrix() {
        ClusterSnapshot snapshot = desk.cluster.snapshot().get();
        if (snapshot.machines().size() < 2) {
            return;
        }
        var matrix = new CutMatrix(
                texts,
                desk.machines(),
                snapshot.reach(),
                faults -> faults.forEach(fault -> act.accept(inspector().cut(fault))),
                overlays::hide);
        overlays.show(matrix.card(), matrix.card(), overlays::hide);
        matrix.takeFocus();
    }

    private Optional<Inspection.Action> healing(Tear tear) {
        return desk.cluster.snapshot().get().faults().stream()
                .filter(fault -> fault.id().equals(tear.fault()))
                .findFirst()
                .map(fault -> inspector().heal(fault));
    }

    private String mending(Tear tear) {
        return healing(tear).map(Inspection.Action::label).orElse("");
    }

    private void mend(Tear tear) {
        healing(tear).ifPresent(act);
    }

    private void showMenu(Object owner, List<Inspection.Action> actions, double screenX, double screenY) {
        menu.getItems().clear();
        for (Inspection.Action action : actions) {
            String words = action.refusal().isEmpty()
                    ? action.label()
                    : texts.get("inspect.refusal", action.label(), action.refusal());
            MenuItem item = new MenuItem(words, Widgets.icon(InspectorView.symbol(action.symbol())));
            item.setOnAction(event -> act.accept(action));
            item.setDisable(!action.refusal().isEmpty());
            if (action.harmful()) {
                item.getStyleClass().add("danger-item");
            }
            menu.getItems().add(item);
        }
        if (actions.isEmpty()) {
            MenuItem nothing = new MenuItem(texts.get("menu.nothing"));
            nothing.setDisable(true);
            menu.getItems().add(nothing);
        }
        menu.show((Node) owner, screenX, screenY);
    }

    private void drawLinks(Topology picture) {
        Map<String, LinkNode> before = new LinkedHashMap<>(links);
        links.clear();
        for (Link link : picture.links()) {
            String key = link.kind() + " " + link.from() + " " + link.to();
            LinkNode node = before.get(key);
            if (node == null) {
                node = new LinkNode(link);
            } else {
                node.update(link);
            }
            links.put(key, node);
        }
        List<Node> now = List.copyOf(links.values());
        if (!linkLayer.getChildren().equals(now)) {
            linkLayer.getChildren().setAll(now);
        }
        dots.setLinks(links.values());
    }

    /** How much the legend says of a service. */
    private enum Wording {
        WITH_PORTS,
        NAME,
        SIGN
    }

    private void resized() {
        legendWidth = -1;
        ruler.forget();
        headline.forget();
        drawn = Optional.empty();
        refresh();
    }

    /**
     * The legend: every service with its colour and sign, and as many words as fit on one line. Its height never changes,
     * because that would move the machines.
     */
    private void showStrip() {
        if (root.getScene() == null) {
            return;
        }
        List<ClusterModel.Running> services = desk.cluster.services();
        if (services.equals(legend)
                && strip.getWidth() == legendWidth
                && !strip.getChildren().isEmpty()) {
            return;
        }
        legend = services;
        legendWidth = strip.getWidth();
        if (services.isEmpty()) {
            Label hint = Widgets.label(texts.get("legend.empty"), "muted", "legend-hint");
            Widgets.describe(hint, hint.getText());
            strip.getChildren().setAll(hint);
            return;
        }
        for (Wording wording : Wording.values()) {
            strip.getChildren()
                    .setAll(services.stream().map(s -> legendItem(s, wording)).toList());
            strip.applyCss();
            double needed = strip.getInsets().getLeft() + strip.getInsets().getRight() - strip.getSpacing();
            for (Node item : strip.getChildren()) {
                needed += item.prefWidth(-1) + strip.getSpacing();
            }
            if (needed <= strip.getWidth()) {
                return;
            }
        }
        showMore();
    }

    /** Where not even the signs have room: as many as have, and how many there are besides. */
    private void showMore() {
        List<Node> items = strip.getChildren();
        Label more = Widgets.label("+" + items.size(), "muted");
        more.setMinWidth(Region.USE_PREF_SIZE);
        items.add(more);
        strip.applyCss();
        double room = strip.getWidth()
                - strip.getInsets().getLeft()
                - strip.getInsets().getRight()
                - more.prefWidth(-1);
        if (room < 0) {
            items.clear();
            return;
        }
        int shown = 0;
        while (shown < items.size() - 1) {
            room -= items.get(shown).prefWidth(-1) + strip.getSpacing();
            if (room < 0) {
                break;
            }
            shown++;
        }
        int hidden = items.size() - 1 - shown;
        items.subList(shown, items.size() - 1).clear();
        more.setText("+" + hidden);
        Widgets.describe(
                more,
                String.join(
                        ", ",
                        legend.subList(shown, legend.size()).stream()
                                .map(running -> running.service().name())
                                .toList()));
    }

    private Node legendItem(ClusterModel.Running running, Wording wording) {
        ServiceView service = running.service();
        var mark = desk.cluster.palette().mark(service.name());
        boolean complete = running.tasks() >= service.replicas();
        HBox item = new HBox(
                Widgets.label(mark.sign(), "chip-sign"),
                Widgets.label(service.name(), "strip-name"),
                Widgets.label(
                        running.tasks() + "/" + service.replicas(),
                        "strip-count",
                        complete ? "tone-good" : "tone-waiting"));
        if (wording == Wording.SIGN) {
            item.getChildren().remove(1);
        }
        if (wording == Wording.WITH_PORTS && !service.ports().isEmpty()) {
            item.getChildren()
                    .add(Widgets.label(
                            ":"
                                    + String.join(
                                            " :",
                                            new TreeMap<>(service.ports())
                                                    .keySet().stream()
                                                            .map(String::valueOf)
                                                            .toList()),
                            "strip-port"));
        }
        item.getStyleClass().addAll("strip-item", "service-" + mark.colour());
        item.setId("service-" + service.name());
        item.getChildren().forEach(child -> ((Region) child).setMinWidth(Region.USE_PREF_SIZE));
        item.setMinWidth(Region.USE_PREF_SIZE);
        item.setFocusTraversable(true);
        Runnable select = () -> desk.cluster.selection().set(new Selection.OfService(service.name()));
        item.setOnMouseClicked(event -> select.run());
        item.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                select.run();
                event.consume();
            }
        });
        Widgets.describe(item, service.name() + ": " + service.image());
        return item;
    }
}
