package dev.clusterlab.ui;

import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Widgets;
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
import dev.clusterlab.ui.model.Topology.Tone;
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
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.collections.MapChangeListener;
import javafx.event.EventHandler;
import javafx.geometry.Point2D;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
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
    private static final double ZOOM_STEP = 1.2;
    /** By which a key moves the picture, in pixels. */
    private static final double MOVE_STEP = 60;

    /** Lines that are drawn at once. */
    private static final int LINKS_MAX = 300;

    /** Between the tools in the corner and the edges of the picture, as the style sheet has it. */
    private static final double TOOLS_EDGE = 16;

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
    private final ServiceStrip strip;
    private final StackPane stage = new StackPane();
    private final Pane viewport = new Pane();
    private final Pane world = new Pane();
    private final Pane hullLayer = new Pane();
    private final Pane bandLayer = new Pane();
    private final Pane signLayer = new Pane();
    private final IslandLayer islands;
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
    private final TopologyMenu menu;
    private final Map<View, ToggleButton> tabs = new EnumMap<>(View.class);
    private Optional<Topology> drawn = Optional.empty();
    private Selection drawnSelection = Selection.NOTHING;
    /** Says what to do while the network is about to be cut. */
    private final Label cutHint;

    /** What floats in the corner of the picture. */
    private final HBox zoom = new HBox();

    private boolean fitting = true;
    /** How the whole is seen, while it is; a new one for another grid or width. */
    private Optional<Fit> fit = Optional.empty();

    private double dragX;
    private double dragY;
    private Subscription clientSubscription = Subscription.EMPTY;
    private final Subscription subscription;

    TopologyView(WindowModels desk, Texts texts, Consumer<Inspection.Action> act, Overlays overlays) {
        this.desk = desk;
        this.texts = texts;
        this.act = act;
        this.overlays = overlays;
        this.strip = new ServiceStrip(desk.cluster, texts);
        this.cutHint = Widgets.wrapped(texts.get("cut.hint"), "cut-hint");
        this.machines = new MachineLayer(boxLayer, letters, probes, this::create, desk.settings.motion()::get);
        this.cutTool = new CutTool(motionPane, cutButton, () -> drawn, machines::nodes, this::cut);
        this.islands = new IslandLayer(hullLayer, signLayer, desk.settings.motion()::get, this::mending, this::mend);
        this.motion = new MotionLayer(motionPane, desk::motion);
        this.dots = new TrafficDots(dotLayer, rate -> texts.get("chip.rate", rate));
        this.menu = new TopologyMenu(desk, texts, act, new WindowActions.Cuts(this::takeKnife, this::openMatrix));
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
                desk.settings.motion().subscribe(moves -> dots.setStill(!moves)),
                // What is drawn in colours of the style sheet, once that is another one.
                desk.settings.dark().subscribe(dark -> FxThread.later(machines::dress)),
                desk.settings.contrast().subscribe(contrast -> FxThread.later(machines::dress)),
                desk.time.pace().subscribe(pace -> dots.setFrozen(desk.time.paused())),
                () -> desk.guide.blocks().removeListener(blocks));
        // Sizes depend on the style sheet, which is known only in a window.
        root.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                scene.addEventFilter(KeyEvent.KEY_PRESSED, escape);
                drawn = Optional.empty();
                ruler.forget();
                strip.forget();
                headline.forget();
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

    /** The picture, to be taken; empty if there is none yet. */
    Optional<PictureExport.Shot> shot() {
        if (!world.isVisible()) {
            return Optional.empty();
        }
        // Also what is out of sight, or too small to be read here; until the picture is taken.
        machines.look(MachineLayer.View.WHOLE);
        headline.node().setVisible(true);
        FxThread.later(this::look);
        return Optional.of(PictureExport.Shot.whole(world, viewport));
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
        entry().ifPresent(Node::requestFocus);
    }

    /** Where the keyboard comes to: the selected machine, or the first one, in sight. */
    Optional<Node> entry() {
        Optional<Box> chosen = drawn.flatMap(picture ->
                picture.box(selectedMachine()).or(() -> picture.boxes().stream().findFirst()));
        if (chosen.isEmpty()) {
            return FocusStops.first(empty);
        }
        bring(chosen.get());
        return Optional.ofNullable(machines.nodes().get(chosen.get().name()));
    }

    private void focus(Box box) {
        bring(box);
        Optional.ofNullable(machines.nodes().get(box.name())).ifPresent(Node::requestFocus);
    }

    /** Moves the picture, if it must, until a machine can be seen. */
    private void bring(Box box) {
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
    }

    private String selectedMachine() {
        return desk.cluster.selection().get() instanceof Selection.OfMachine(String name) ? name : "";
    }

    /** Takes up what cuts the network, for the mouse and for keys. */
    void takeKnife() {
        cutTool.toggle();
        focus();
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
        clip(strip.node());
        HBox.setHgrow(strip.node(), Priority.ALWAYS);
        tools.getChildren().addAll(views, strip.node());
        if (!desk.watches()) {
            tools.getChildren().add(client());
        }
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
        List.of(hullLayer, bandLayer, linkLayer, dotLayer, motionPane)
                .forEach(layer -> layer.setMouseTransparent(true));
        signLayer.setPickOnBounds(false);
        motionPane.setId("motion");
        world.setManaged(false);
        letters.setManaged(false);
        letters.setMouseTransparent(true);
        viewport.getChildren().addAll(world, letters);
        clip(viewport);
        viewport.widthProperty().subscribe(() -> fit = Optional.empty());
        viewport.layoutBoundsProperty().subscribe(bounds -> {
            refresh();
            if (fitting) {
                fit();
            }
        });
        zoom.layoutBoundsProperty().subscribe(bounds -> {
            if (fitting) {
                fit();
            }
        });
        gestures();

        cutButton.setId("cut-tool");
        cutButton.getStyleClass().addAll("button-icon", "flat");
        Widgets.describe(cutButton, texts.get("cut.tool"));
        if (!desk.watches()) {
            cutTool.over(viewport);
            zoom.getChildren()
                    .addAll(
                            cutButton,
                            Widgets.iconButton(
                                    "cut-matrix-open", Material2AL.GRID_ON, texts.get("cut.open"), this::openMatrix));
        }
        root.setOnKeyPressed(event -> {
            if (!event.isShortcutDown() && !event.isAltDown() && pictureKey(event)) {
                event.consume();
            }
        });
        zoom.getChildren()
                .addAll(
                        Widgets.iconButton(
                                "zoom-out", Material2MZ.ZOOM_OUT, texts.get("zoom.out"), () -> zoom(1 / ZOOM_STEP)),
                        Widgets.iconButton(
                                "zoom-fit", Material2AL.CENTER_FOCUS_WEAK, texts.get("zoom.fit"), this::refit),
                        Widgets.iconButton(
                                "zoom-in", Material2MZ.ZOOM_IN, texts.get("zoom.in"), () -> zoom(ZOOM_STEP)));
        zoom.getStyleClass().add("zoom-bar");
        zoom.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        StackPane.setAlignment(zoom, Pos.BOTTOM_RIGHT);
        emptyState();
        cutHint.visibleProperty().bind(cutButton.selectedProperty());
        cutHint.setMouseTransparent(true);
        cutHint.setMaxHeight(Region.USE_PREF_SIZE);
        StackPane.setAlignment(cutHint, Pos.BOTTOM_LEFT);
        stage.getChildren().addAll(viewport, empty, cutHint, zoom);
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
        emptyRun.setVisible(!work && !desk.watches());
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

    /** X cuts; with Shift the arrows move the picture, plus and minus make it larger and smaller, 0 shows all of it. */
    private boolean pictureKey(KeyEvent event) {
        boolean shift = event.isShiftDown();
        switch (event.getCode()) {
            case X -> {
                if (desk.watches()) {
                    return false;
                }
                cutTool.toggle();
            }
            case PLUS, ADD, EQUALS -> zoom(ZOOM_STEP);
            case MINUS, SUBTRACT -> zoom(1 / ZOOM_STEP);
            case DIGIT0, NUMPAD0 -> refit();
            case LEFT -> move(shift, 1, 0);
            case RIGHT -> move(shift, -1, 0);
            case UP -> move(shift, 0, 1);
            case DOWN -> move(shift, 0, -1);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void move(boolean meant, int right, int down) {
        if (meant) {
            fitting = false;
            shift.setX(shift.getX() + right * MOVE_STEP);
            shift.setY(shift.getY() + down * MOVE_STEP);
            look();
        }
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
        fit = Optional.empty();
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
        boolean apart = fit.filter(Fit::apart).isPresent();
        Fit now = Fit.of(drawn.get(), viewport.getWidth(), viewport.getHeight(), above, corner(), apart);
        fit = Optional.of(now);
        scale.setX(now.scale());
        scale.setY(now.scale());
        shift.setX(now.x());
        shift.setY(now.y());
        look();
    }

    private Fit.Tools corner() {
        return new Fit.Tools(zoom.getWidth() + TOOLS_EDGE, zoom.getHeight() + TOOLS_EDGE);
    }

    /** Whether a machine has come to where the tools are. */
    private boolean covered(Topology picture) {
        return fit.filter(
                        now -> !now.apart() && now.under(picture, viewport.getWidth(), viewport.getHeight(), corner()))
                .isPresent();
    }

    // ---- picture

    private void refresh() {
        if (root.getScene() == null) {
            return;
        }
        Topology picture = desk.cluster.picture(texts, desk.context.traffic().machine(), desk.progress, ruler);
        Selection selection = desk.cluster.selection().get();
        strip.show();
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
        if (resized) {
            fit = Optional.empty();
        }
        if (fitting && (resized || covered(picture))) {
            // Before the machines come: how large they are drawn decides what is in them.
            fit();
        }
        machines.draw(picture, selectedMachine());
        islands.draw(picture.islands(), picture.tears());
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
                desk.settings.motion()::get,
                chip -> desk.cluster.selection().set(chip.selection()),
                (chip, event) -> showChipMenu(event.getSource(), chip, event.getScreenX(), event.getScreenY()));
        node.setId("machine-" + name);
        node.setOnMouseClicked(event -> {
            if (event.isStillSincePress() && event.getButton() == MouseButton.PRIMARY) {
                desk.cluster.selection().set(new Selection.OfMachine(name));
                event.consume();
            }
        });
        node.setOnContextMenuRequested(event -> {
            desk.cluster.selection().set(new Selection.OfMachine(name));
            menu.show(node, name, new Point2D(event.getScreenX(), event.getScreenY()));
            event.consume();
        });
        node.setOnKeyPressed(event -> {
            if (key(node, name, event)) {
                event.consume();
            }
        });
        return node;
    }

    /**
     * Arrows go from machine to machine, Enter selects, the menu key or M opens what can be done, C goes to what runs on it. While the
     * network is about to be cut, Enter marks.
     */
    private boolean key(MachineNode node, String name, KeyEvent event) {
        boolean otherwise = event.isShiftDown() && event.getCode().isArrowKey();
        if (event.isShortcutDown() || event.isAltDown() || otherwise) {
            return false;
        }
        switch (event.getCode()) {
            case ENTER -> {
                if (cutTool.taken()) {
                    cutTool.mark(name);
                } else {
                    desk.cluster.selection().set(new Selection.OfMachine(name));
                }
            }
            case M, CONTEXT_MENU -> menuOf(node, name);
            case C -> node.enterChips();
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
        menu.show(node, name, node.localToScreen(node.getWidth() / 2, node.getHeight() / 3));
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

    private void showChipMenu(Object owner, Chip chip, double screenX, double screenY) {
        desk.cluster.selection().set(chip.selection());
        menu.show((Node) owner, chip.selection(), new Point2D(screenX, screenY));
    }

    private Inspector inspector() {
        return desk.inspector(texts);
    }

    private void layDownCut() {
        cutTool.layDown();
    }

    private void cut(List<Set<String>> sides) {
        act.accept(inspector().cut(new Fault.NetworkPartition(sides, Optional.empty())));
    }

    /** Every way between two machines, to be cut alone. */
    void openMatrix() {
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

    private void drawLinks(Topology picture) {
        Map<String, LinkNode> before = new LinkedHashMap<>(links);
        links.clear();
        for (Link link : followed(picture.links())) {
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

    /** All, while an eye can follow them; of more, those of trouble and some others. */
    private static List<Link> followed(List<Link> all) {
        if (all.size() <= LINKS_MAX) {
            return all;
        }
        Map<Boolean, List<Link>> sound =
                all.stream().collect(Collectors.partitioningBy(link -> link.tone() == Tone.GOOD));
        return Stream.of(false, true)
                .flatMap(good -> sound.getOrDefault(good, List.of()).stream())
                .limit(LINKS_MAX)
                .toList();
    }

    private void resized() {
        strip.forget();
        ruler.forget();
        headline.forget();
        drawn = Optional.empty();
        refresh();
    }
}
