package dev.clusterlab.ui;

import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.TimeModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The top of the window: where one is, the engine's time, and how the window looks. */
final class HeaderView {
    private final WindowModels desk;
    private final Texts texts;
    private final Thirds root;
    private final Label clock = Widgets.label("", "clock");
    private final Button pause;
    private final LooksBar looks;
    private final List<ToggleButton> factors = new ArrayList<>();
    private final HBox busy = new HBox();
    private final Button cancel;
    private final Label busyText = Widgets.label("", "muted");
    private final Ticker ticking;
    private final Subscription subscription;

    private final EngineMenu engines;
    private final Button inspector;
    private final ToggleButton experiments;

    /** What it passes on. {@code help}: the menu behind the question mark. */
    record Wishes(Node help, Runnable inspector, Runnable experiments) {}

    HeaderView(WindowModels desk, Texts texts, EngineMenu engines, Wishes wishes) {
        this.desk = desk;
        this.engines = engines;
        this.texts = texts;
        Label title = Widgets.label(desk.guide.lab().get().title(), "header-title");
        VBox names = new VBox(title, engines.node());
        names.setMinWidth(60);
        names.setAlignment(Pos.CENTER_LEFT);
        title.setId("lab-title");

        pause = Widgets.iconButton("pause", Material2MZ.PAUSE, texts.get("time.pause"), desk.time::toggle);
        Button step = Widgets.iconButton("step", Material2MZ.SKIP_NEXT, texts.get("time.step"), desk.time::step);
        HBox time = new HBox(pause, step);
        for (double factor : TimeModel.FACTORS) {
            ToggleButton button = new ToggleButton("×" + (int) factor);
            button.setId("speed-" + (int) factor);
            button.setUserData(factor);
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setOnAction(event -> {
                desk.time.faster(factor);
                showPace();
            });
            Widgets.describe(button, texts.get("time.factor", (int) factor));
            factors.add(button);
            time.getChildren().add(button);
        }
        time.getStyleClass().addAll("segment", "time-control");
        time.setDisable(!desk.time.adjustable());
        time.setMinWidth(Region.USE_PREF_SIZE);
        VBox timeAndWhy = new VBox(time);
        timeAndWhy.getStyleClass().add("time-and-why");
        if (!desk.time.adjustable()) {
            Label why = Widgets.label(texts.get("time.real"), "time-why");
            why.setId("time-why");
            why.setMinWidth(Region.USE_PREF_SIZE);
            timeAndWhy.getChildren().add(why);
        }
        clock.setId("clock");
        clock.setMinWidth(Region.USE_PREF_SIZE);
        clock.setGraphic(Widgets.icon(Material2MZ.SCHEDULE));
        Widgets.describe(clock, texts.get("time.clock"));

        cancel = Widgets.iconButton("cancel-task", Material2AL.CLOSE, texts.get("block.cancel"), this::cancelTask);
        busy.getChildren().addAll(Widgets.spinner("small-spinner"), busyText, cancel);
        busy.getStyleClass().add("busy");
        busyText.setMinWidth(0);

        looks = new LooksBar(desk.settings, texts);
        inspector = Widgets.iconButton("inspector-button", Material2MZ.VERTICAL_SPLIT, "", wishes.inspector());
        experiments = new ToggleButton("", Widgets.icon(Material2MZ.SCIENCE));
        experiments.setId("experiments-button");
        experiments.getStyleClass().addAll("button-icon", "flat");
        experiments.setMinWidth(Region.USE_PREF_SIZE);
        experiments.setOnAction(event -> wishes.experiments().run());
        Widgets.describe(experiments, texts.get("header.experiments"));
        HBox right = new HBox(
                experiments, looks.textSize, looks.language, looks.theme, presentation(), inspector, wishes.help());
        right.getStyleClass().add("header-looks");
        right.setMinWidth(Region.USE_PREF_SIZE);

        Node logo = Widgets.icon(Material2AL.DEVICE_HUB, "logo");
        HBox where = new HBox(logo, names, busy);
        where.getStyleClass().add("header-where");
        HBox when = new HBox(timeAndWhy, clock);
        when.getStyleClass().add("header-when");
        root = new Thirds(where, when, right);
        root.getStyleClass().add("header");

        ListChangeListener<Object> tasks = change -> showBusy();
        desk.tasks.running().addListener(tasks);
        desk.engines.tasks().running().addListener(tasks);
        ticking = new Ticker(Duration.ofMillis(200), this::tick);
        subscription = Subscription.combine(
                desk.time.pace().subscribe(this::showPace),
                looks::dispose,
                desk.guide.lab().subscribe(lab -> {
                    title.setText(lab.title());
                    Widgets.describe(title, lab.title());
                }),
                () -> desk.tasks.running().removeListener(tasks),
                () -> desk.engines.tasks().running().removeListener(tasks),
                engines::dispose);
        showPace();
        showBusy();
        tick();
    }

    Region node() {
        return root;
    }

    /** Says what its button does, whether the inspector is there or not. */
    void showInspector(boolean shown) {
        Widgets.describe(inspector, texts.get(shown ? "header.inspector.hide" : "header.inspector.show"));
    }

    /** Shows whether one is at the experiments. */
    void showExperiments(boolean there) {
        experiments.setSelected(there);
    }

    void dispose() {
        ticking.close();
        subscription.unsubscribe();
    }

    private Button presentation() {
        return Widgets.iconButton(
                "presentation",
                Material2AL.FULLSCREEN,
                texts.get("header.presentation"),
                () -> desk.settings
                        .presentation()
                        .set(!desk.settings.presentation().get()));
    }

    private void tick() {
        String now = Texts.clock(desk.time.elapsed());
        Duration lag = desk.time.lag();
        clock.setText(lag.isZero() ? now : texts.get("time.late", now, lag.toMillis() / 1000.0));
    }

    private void showPace() {
        boolean paused = desk.time.paused();
        pause.setGraphic(Widgets.icon(paused ? Material2MZ.PLAY_ARROW : Material2MZ.PAUSE));
        Widgets.describe(pause, texts.get(paused ? "time.resume" : "time.pause"));
        clock.getStyleClass().remove("clock-paused");
        if (paused) {
            clock.getStyleClass().add("clock-paused");
        }
        for (ToggleButton button : factors) {
            button.setSelected(desk.time.pace().get() instanceof Pace.Times times
                    && button.getUserData().equals(times.factor()));
        }
    }

    /** What runs for this desk and for its engines, the newest last. */
    private List<RunningTask> running() {
        List<RunningTask> running = new ArrayList<>(desk.engines.tasks().running());
        running.addAll(desk.tasks.running());
        return running;
    }

    private void showBusy() {
        List<RunningTask> running = running();
        busy.setVisible(!running.isEmpty());
        busy.setManaged(!running.isEmpty());
        if (!running.isEmpty()) {
            String title = running.getLast().title().lines().findFirst().orElse("");
            busyText.setText(running.size() == 1 ? title : title + " +" + (running.size() - 1));
            Widgets.describe(busyText, busyText.getText());
            cancel.setVisible(running.getLast().cancellable());
        }
    }

    private void cancelTask() {
        List<RunningTask> running = running();
        if (!running.isEmpty()) {
            running.getLast().cancel();
        }
    }

    /** Opens the menu of the engines, for the keyboard. */
    void openEngines() {
        engines.node().requestFocus();
        engines.node().show();
    }
}
