package dev.clusterlab.ui;

import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.ui.experiment.RunView;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Inspector;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Doing;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Shown;
import dev.clusterlab.ui.model.hosts.TestModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/**
 * Beside a Swarm in which an experiment runs with its owner's consent: the hypothesis live, and in the header what ends it. Once it is
 * over, what came of it takes all of the window, for the hosts are left by then and nothing is seen of them any more.
 */
final class TestedSide implements WatchWindow.Side {
    private static final Duration PERIOD = Duration.ofMillis(500);

    private final WindowModels desk;
    private final TestModel<?> model;
    private final Texts texts;
    private final Inspector inspector;
    private final FaultsBar faults;
    private final RunView run;
    private final StackPane beside = new StackPane();
    private final StackPane whole = new StackPane();
    private final BorderPane content = new BorderPane();
    private final Label left = Widgets.wrapped("", "muted");
    private final Label state = Widgets.wrapped("", "title-3");
    private final Button wide;
    private final Node fold;
    private final Button heal;
    private final Button stop;
    private final Button back;
    private final Button report;
    private final ReadOnlyObjectWrapper<Optional<Region>> page = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final Subscription subscription;
    private boolean over;

    TestedSide(WindowModels desk, TestModel<?> model, Texts texts) {
        this.desk = desk;
        this.model = model;
        this.texts = texts;
        this.inspector = desk.inspector(texts);
        this.faults = new FaultsBar(
                desk, texts, desk::act, () -> desk.cluster.selection().set(Selection.NOTHING));
        this.run = new RunView(desk.experiments, desk.settings, texts);
        heal = Widgets.button(
                "test-heal", texts.get("test.heal"), Material2AL.HEALING, this::healAll, "small", "button-outlined");
        Widgets.describe(heal, texts.get("test.heal.words"));
        stop = Widgets.button("test-stop", texts.get("test.stop"), Material2MZ.STOP, this::stop, "small", "danger");
        Widgets.describe(stop, texts.get("test.stop.words"));
        for (Button button : List.of(heal, stop)) {
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        back = Widgets.button("test-back", texts.get("test.back"), Material2MZ.VISIBILITY, model::leave, "accent");
        report = Widgets.button(
                "test-report", texts.get("exp.report"), Material2AL.ARTICLE, this::report, "button-outlined");
        wide = Widgets.button("test-wide", "", Material2MZ.OPEN_IN_FULL, this::turn, "small", "button-outlined");
        fold = Widgets.iconButton(
                "fold-guide",
                Material2AL.FIRST_PAGE,
                texts.get("watch.fold"),
                () -> desk.settings.guideFolded().set(true));
        left.setId("test-left");
        state.setMinWidth(0);
        state.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(state, Priority.ALWAYS);
        HBox head = new HBox(state, fold);
        head.setAlignment(Pos.CENTER_LEFT);
        FlowPane actions = new FlowPane(back, report, wide);
        actions.getStyleClass().add("actions");
        VBox top = new VBox(head, left, actions);
        top.getStyleClass().addAll("guide-head", "tested-head");
        content.setTop(top);
        content.setCenter(run.node());
        content.setId("tested");
        content.getStyleClass().add("guide");
        beside.getStyleClass().add("guide");
        beside.getChildren().setAll(content);
        var ticking = new Ticker(PERIOD, this::tick);
        subscription = Subscription.combine(
                desk.experiments.shown().subscribe(this::show),
                desk.cluster.snapshot().subscribe(this::tick),
                ticking::close,
                faults::dispose,
                run::dispose);
        turn(page.get().isPresent());
        tick();
    }

    private void healAll() {
        desk.cluster.snapshot().get().faults().stream()
                .filter(fault -> !fault.ending())
                .map(inspector::heal)
                .forEach(desk::act);
    }

    private void stop() {
        desk.experiments.cancel();
    }

    private void report() {
        desk.experiments.shown().get().entry().ifPresent(new ExperimentReports(desk, texts)::write);
    }

    private void show(Shown now) {
        boolean cancelled = now.doing()
                .filter(doing -> doing instanceof Doing.Running running && running.cancelled())
                .isPresent();
        boolean was = over;
        over = now.doing().isEmpty();
        state.setText(texts.get(over ? "test.over" : cancelled ? "test.stopping" : "test.running"));
        state.setGraphic(
                over
                        ? Widgets.icon(Material2AL.CHECK_CIRCLE, "tone-good")
                        : Widgets.icon(Material2AL.FLASH_ON, "tone-waiting"));
        stop.setDisable(cancelled);
        for (Button button : List.of(heal, stop, wide)) {
            shown(button, !over);
        }
        shown(back, over);
        shown(report, over && now.sheet().result().isPresent());
        if (over && !was) {
            turn(true);
            // What had the keyboard is gone.
            FxThread.later(back::requestFocus);
        }
        tick();
    }

    private static void shown(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }

    private void turn() {
        turn(page.get().isEmpty());
    }

    /** Puts the run in the place of all panes, or beside the picture. */
    private void turn(boolean alone) {
        (alone ? whole : beside).getChildren().setAll(content);
        shown(fold, !alone);
        wide.setText(texts.get(alone ? "test.picture" : "test.wide"));
        Widgets.describe(wide, texts.get(alone ? "test.picture" : "test.wide") + " (F4)");
        page.set(alone ? Optional.of(whole) : Optional.empty());
    }

    private void tick() {
        List<ActiveFault> active = desk.cluster.snapshot().get().faults();
        heal.setDisable(active.isEmpty());
        String journal = desk.context
                .watch()
                .flatMap(watch -> watch.recording())
                .map(file -> texts.get("watch.recorded", file))
                .orElse("");
        if (over) {
            left.setText(texts.get("test.over.words") + " " + journal);
            return;
        }
        Duration rest = model.limits().time().minus(desk.time.elapsed());
        left.setText(texts.get("test.left.time", Texts.clock(rest.isNegative() ? Duration.ZERO : rest), active.size())
                + " " + journal);
    }

    @Override
    public Region node() {
        return beside;
    }

    @Override
    public Node entry() {
        return over ? back : stop;
    }

    @Override
    public String how() {
        return texts.get("test.header");
    }

    @Override
    public List<Node> controls() {
        return List.of(heal, stop);
    }

    @Override
    public Region faults() {
        return faults.node();
    }

    @Override
    public ObservableValue<Optional<Region>> page() {
        return page.getReadOnlyProperty();
    }

    @Override
    public String leaving() {
        return texts.get("test.back");
    }

    @Override
    public void leave() {
        if (over) {
            model.leave();
        } else {
            desk.notifications.say(new Notice(Level.INFO, texts.get("test.runs"), texts.get("test.runs.words"), ""));
        }
    }

    @Override
    public boolean key(KeyCode code, boolean control) {
        if (over) {
            return false;
        }
        if (code == KeyCode.F4 && !control) {
            turn();
            return true;
        }
        if (code == KeyCode.H && control) {
            healAll();
            return true;
        }
        return false;
    }

    @Override
    public void dispose() {
        subscription.unsubscribe();
    }
}
