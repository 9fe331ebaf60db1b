package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.words.NarratorWords;
import dev.clusterlab.lab.words.Telling;
import dev.clusterlab.ui.kit.Faces;
import dev.clusterlab.ui.kit.Fades;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Inspector;
import dev.clusterlab.ui.model.Sheet;
import dev.clusterlab.ui.model.StageModel;
import dev.clusterlab.ui.model.TerminalEntry;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.TrafficSeries;
import dev.clusterlab.ui.stage.StageBox;
import dev.clusterlab.ui.stage.StageCluster;
import dev.clusterlab.ui.stage.StageCommand;
import dev.clusterlab.ui.stage.StageLight;
import dev.clusterlab.ui.stage.StageTraffic;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.MapChangeListener;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The lab for a room: the cluster, one sentence about it, the step and its command, what clients get. Everything is measured
 * in units of a 720th of the height, and no text is smaller than 22 of them; the cluster has seven tenths. Guide and inspector come by key.
 */
final class StageView {
    private static final double HEIGHT = 720;
    /** On a screen that is narrower for its height, the width is the measure. */
    private static final double WIDTH = 960;

    private static final double CAPTION = 66;
    private static final double STEP = 55;
    private static final double TRAFFIC = 95;
    /** No text is smaller. */
    private static final double TEXT = 22;

    /** The first that fits on one line is taken; the last has two. */
    private static final List<Double> CAPTION_TEXTS = List.of(32.0, 28.0, 24.0);

    /** The stage abridges by itself; what it is given is written out. */
    private static final Sheet WIDE = new Sheet() {
        @Override
        public double width() {
            return 4000;
        }

        @Override
        public double height() {
            return 4000;
        }

        @Override
        public double width(Topology.Chip chip, Topology.Writing writing) {
            return 1;
        }
    };

    private static final Duration PERIOD = Duration.ofMillis(250);

    private final WindowModels desk;
    private final Texts texts;
    private final NarratorWords words;
    private final Consumer<Inspection.Action> act;
    private final Runnable leave;
    private final Surface root = new Surface();
    private final StageCluster cluster;
    private final HBox caption = new HBox();
    private final Label sentence = Widgets.label("", "stage-sentence");
    private final Label clock = Widgets.label("", "stage-clock");
    private final HBox step = new HBox();
    private final Label stepNumber = Widgets.label("", "stage-step-number");
    private final Label stepTitle = Widgets.label("", "stage-step-title");
    private final StageCommand command;
    private final StageTraffic traffic;
    private final StageLight light = new StageLight();
    private final Region blank = new Region();
    private final ReadOnlyDoubleWrapper unit = new ReadOnlyDoubleWrapper(0);
    private final Ticker ticker;
    private final Subscription subscription;
    private @Nullable GuideView guide;
    private @Nullable InspectorView inspector;

    /**
     * @param act does something to the cluster, and asks first where it cannot be undone
     * @param leave takes the stage away
     */
    StageView(WindowModels desk, Texts texts, Consumer<Inspection.Action> act, Runnable leave) {
        this.desk = desk;
        this.texts = texts;
        this.words = NarratorWords.of(texts.locale());
        this.act = act;
        this.leave = leave;
        cluster = new StageCluster(texts, desk.settings.motion()::get, desk::motion);
        traffic = new StageTraffic(texts);
        command = new StageCommand(texts.locale());
        build();
        ticker = new Ticker(PERIOD, this::tick);
        MapChangeListener<BlockId, BlockState> blocks = change -> showStep();
        ListChangeListener<TerminalEntry> lines = change -> showStep();
        desk.guide.blocks().addListener(blocks);
        desk.terminal.lines().addListener(lines);
        subscription = Subscription.combine(
                desk.cluster.snapshot().subscribe(this::showCluster),
                desk.cluster.view().subscribe(this::showCluster),
                desk.narrator.shown().subscribe(this::showCaption),
                desk.guide.lab().subscribe(this::showStep),
                desk.guide.lab().subscribe(this::showCaption),
                desk.guide.progress().subscribe(this::showStep),
                desk.guide.shownStep().subscribe(this::showStep),
                () -> desk.guide.blocks().removeListener(blocks),
                () -> desk.terminal.lines().removeListener(lines));
        showCluster();
        showCaption();
        showStep();
        tick();
    }

    Region node() {
        return root;
    }

    /** How many pixels a unit has. */
    ReadOnlyDoubleProperty unit() {
        return unit.getReadOnlyProperty();
    }

    void dispose() {
        ticker.close();
        subscription.unsubscribe();
        if (guide != null) {
            guide.dispose();
        }
        if (inspector != null) {
            inspector.dispose();
        }
    }

    // ---- what is shown

    private void build() {
        root.getStyleClass().add("stage-view");
        root.setId("stage-view");
        sentence.setWrapText(true);
        sentence.setMinWidth(0);
        sentence.setId("stage-sentence");
        HBox.setHgrow(sentence, Priority.ALWAYS);
        sentence.setMaxWidth(Double.MAX_VALUE);
        clock.setMinWidth(Region.USE_PREF_SIZE);
        caption.getChildren().addAll(sentence, clock);
        caption.setAlignment(Pos.CENTER_LEFT);
        caption.getStyleClass().add("stage-caption");
        stepNumber.setMinWidth(Region.USE_PREF_SIZE);
        stepTitle.setMinWidth(Region.USE_PREF_SIZE);
        stepTitle.setId("stage-step-title");
        step.getChildren().addAll(stepNumber, stepTitle, Widgets.spacer(), command.node());
        step.setAlignment(Pos.CENTER_LEFT);
        step.getStyleClass().add("stage-step");
        blank.getStyleClass().add("stage-blank");
        blank.setId("stage-blank");
        blank.setVisible(false);
        root.getChildren().addAll(cluster, caption, step, traffic.node(), light.node(), blank);
        root.addEventFilter(MouseEvent.MOUSE_MOVED, event -> {
            if (light.on()) {
                light.follow(under(event.getX(), event.getY()));
            }
            root.mouse(event.getX(), event.getY());
        });
    }

    private void showCluster() {
        Topology picture = desk.cluster.picture(texts, desk.context.traffic().machine(), desk.progress, WIDE);
        cluster.show(picture);
        traffic.show(
                TrafficSeries.of(desk.cluster.snapshot().get(), desk.cluster.events(), texts.sentences()),
                !picture.boxes().isEmpty());
    }

    /** What this is about, as long as nothing has happened. */
    private void showCaption() {
        Optional<Telling> telling = desk.narrator.shown().get();
        String said = telling.map(words::sentence)
                .orElseGet(() -> desk.guide.lab().get().title());
        if (root.getScene() != null && !said.equals(sentence.getText())) {
            Fades.anew(sentence);
        }
        sentence.setText(said);
        Widgets.setTone(caption, telling.map(NarratorView::tone).orElse(Tone.NEUTRAL));
        root.writeCaption();
    }

    private void showStep() {
        Lab lab = desk.guide.lab().get();
        int number = 0;
        for (Lab.Step each : lab.steps()) {
            number++;
            if (each.id().equals(desk.guide.shownStep().get())) {
                stepNumber.setText(String.valueOf(number));
                stepTitle.setText(each.title());
            }
        }
        command.show(StageModel.command(desk.guide, desk.terminal.lines()));
    }

    private void tick() {
        clock.setText(Texts.clock(desk.time.elapsed()));
        desk.narrator.tick();
    }

    // ---- keys

    /** Does what a key stands for on the stage; false if it stands for nothing there. */
    boolean key(boolean shortcut, KeyCode code) {
        if (shortcut) {
            return panelKey(code);
        }
        if (blank.isVisible() && code != KeyCode.F5) {
            blank.setVisible(false);
            return true;
        }
        switch (code) {
            case PAGE_DOWN -> forward();
            case PAGE_UP -> desk.guide.previous();
            case B, PERIOD, DECIMAL -> blank.setVisible(true);
            case S -> toggleLight();
            case G -> toggleGuide();
            case I -> toggleInspector();
            case ESCAPE -> escape();
            default -> {
                int machine = digit(code);
                if (machine == 0) {
                    return false;
                }
                breakOrMend(machine);
            }
        }
        return true;
    }

    private boolean panelKey(KeyCode code) {
        switch (code) {
            case B -> toggleGuide();
            case I -> toggleInspector();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** 1 to 9; 0 if it is no such key. */
    private static int digit(KeyCode code) {
        int digit = code.isDigitKey() || code.isKeypadKey()
                ? code.getName().charAt(code.getName().length() - 1) - '0'
                : 0;
        return digit >= 1 && digit <= 9 ? digit : 0;
    }

    /** Runs the next block; after the last one of a step, on to the next step. */
    private void forward() {
        if (!desk.guide.busy()) {
            desk.guide.nextBlock().ifPresentOrElse(desk::run, desk.guide::next);
        }
    }

    private void escape() {
        if (light.on()) {
            light.off();
        } else if (root.panel().isPresent()) {
            root.panel(null);
        } else if (!desk.notifications.notices().isEmpty()) {
            desk.notifications.notices().clear();
        } else {
            leave.run();
        }
    }

    private void breakOrMend(int number) {
        var inspect = new Inspector(texts, desk.host.cannot(texts));
        StageModel.breakOrMend(desk.cluster.snapshot().get(), number, inspect).ifPresent(desk::act);
    }

    private void toggleLight() {
        if (light.on()) {
            light.off();
        } else {
            light.follow(under(root.mouseX, root.mouseY));
        }
    }

    private void toggleGuide() {
        GuideView view = guide == null ? new GuideView(desk, texts) : guide;
        guide = view;
        togglePanel(view.node());
    }

    private void toggleInspector() {
        InspectorView view =
                inspector == null ? new InspectorView(desk, texts, act, () -> root.panel(null)) : inspector;
        inspector = view;
        togglePanel(view.node());
    }

    private void togglePanel(Node node) {
        root.panel(root.panel().filter(node::equals).isPresent() ? null : node);
    }

    /** What there is to light at a place: a machine, or one of the strips. */
    private Node under(double x, double y) {
        for (StageBox box : cluster.boxes()) {
            if (within(box, x, y)) {
                return box;
            }
        }
        for (Region strip : List.of(caption, step, traffic.node())) {
            if (within(strip, x, y)) {
                return strip;
            }
        }
        return cluster;
    }

    private boolean within(Node node, double x, double y) {
        Bounds bounds = root.sceneToLocal(node.localToScene(node.getLayoutBounds()));
        return bounds.contains(x, y);
    }

    /** Lays it out by units. */
    private final class Surface extends Pane {
        private double mouseX;
        private double mouseY;
        private @Nullable Node panel;

        Surface() {
            setMinSize(0, 0);
        }

        void mouse(double x, double y) {
            mouseX = x;
            mouseY = y;
        }

        Optional<Node> panel() {
            return Optional.ofNullable(panel);
        }

        void panel(@Nullable Node node) {
            if (panel != null) {
                getChildren().remove(panel);
                panel.getStyleClass().remove("stage-panel");
            }
            panel = node;
            if (node != null) {
                node.getStyleClass().add("stage-panel");
                getChildren().add(getChildren().indexOf(blank), node);
            }
            requestLayout();
        }

        @Override
        protected void layoutChildren() {
            double width = getWidth();
            double height = getHeight();
            if (width <= 0 || height <= 0) {
                return;
            }
            double u = Math.min(height / HEIGHT, width / WIDTH);
            if (u != unit.get()) {
                unit.set(u);
                setStyle(String.format(Locale.ROOT, "-fx-font-size: %.2fpx;", TEXT * u));
                cluster.setUnit(u);
                applyCss();
            }
            double below = height - (CAPTION + STEP + TRAFFIC) * u;
            cluster.resizeRelocate(0, 0, width, below);
            caption.resizeRelocate(0, below, width, CAPTION * u);
            step.resizeRelocate(0, below + CAPTION * u, width, STEP * u);
            traffic.node().resizeRelocate(0, below + (CAPTION + STEP) * u, width, TRAFFIC * u);
            // The title is never cut: the command has what is left beside it.
            command.resize(
                    width - (2 * 1.1 + 3) * TEXT * u - stepNumber.prefWidth(-1) - stepTitle.prefWidth(-1), TEXT * u);
            blank.resizeRelocate(0, 0, width, height);
            light.resize(width, height);
            if (panel != null) {
                boolean right = inspector != null && inspector.node().equals(panel);
                double panelWidth = Math.min(width, Math.max(width * 0.4, 540 * u));
                if (right && panel instanceof Region side && side.getPrefWidth() != panelWidth) {
                    // By this it decides what has a line of its own.
                    side.setPrefWidth(panelWidth);
                }
                panel.resizeRelocate(right ? width - panelWidth : 0, 0, panelWidth, height);
            }
            writeCaption();
        }

        /** As large as fits on one line, else smaller, on two. */
        void writeCaption() {
            double u = unit.get();
            double room = getWidth() - clock.prefWidth(-1) - 3.5 * TEXT * u;
            if (room <= 0 || u == 0) {
                return;
            }
            Text probe = new Text(sentence.getText());
            double fitting = CAPTION_TEXTS.getLast();
            for (double size : CAPTION_TEXTS.reversed()) {
                probe.setFont(Faces.strong(size * u));
                if (probe.getLayoutBounds().getWidth() <= room) {
                    fitting = size;
                }
            }
            if (!sentence.getStyle().equals(size(fitting))) {
                sentence.setStyle(size(fitting));
                // Until then it would be drawn in no size of its own.
                sentence.applyCss();
            }
        }

        private String size(double units) {
            return String.format(Locale.ROOT, "-fx-font-size: %.2fpx;", units * unit.get());
        }
    }
}
