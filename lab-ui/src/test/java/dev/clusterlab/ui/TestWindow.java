package dev.clusterlab.ui;

import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.View;
import dev.clusterlab.ui.model.TrafficSeries;
import dev.clusterlab.ui.model.hosts.Elsewhere;
import dev.clusterlab.ui.model.hosts.FakeHosts;
import dev.clusterlab.ui.model.hosts.RemoteModel;
import dev.clusterlab.ui.model.hosts.TestModel;
import dev.clusterlab.ui.model.hosts.WatchModel;
import dev.clusterlab.ui.model.kept.AnswerFile;
import dev.clusterlab.ui.model.kept.HistoryFile;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.model.kept.ProgressFile;
import dev.clusterlab.ui.place.DesktopContext;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javafx.event.EventTarget;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.skin.TextInputControlSkin;
import javafx.scene.image.WritableImage;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.stage.Popup;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import org.testfx.api.FxRobot;
import org.testfx.api.FxToolkit;

/** The real window on a stage without a display, driven as a person drives it: by clicks and keys. */
@SuppressWarnings("NullAway")
final class TestWindow implements AutoCloseable {
    /** Wall-clock time; generous, because it only ends tests that would fail anyway. */
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    /** What has not moved for so many pulses stands still. */
    private static final int STILL_PULSES = 3;
    /** After so many pulses what was shown last is laid out. */
    private static final int SETTLING_PULSES = 6;

    private static final int MOVING_PULSES_MAX = 600;

    /** What the window stands on now; null until its first engine is there. */
    volatile WindowModels desk;

    final FxRobot robot = new FxRobot();
    final EngineModel<Opened> engines;
    private final WindowHost host;
    private final Stage stage;
    private final Scene scene;

    private TestWindow(EngineModel<Opened> engines, WindowHost host, Stage stage, Scene scene) {
        this.engines = engines;
        this.host = host;
        this.stage = stage;
        this.scene = scene;
        engines.place().subscribe(place -> desk = host.desk().orElse(null));
    }

    /** Of the stage; what the toolkit's platform without a display can show. */
    static final double WIDTH = 1400;

    static final double HEIGHT = 900;

    static TestWindow open(DesktopContext context, Settings settings) {
        return open(context, settings, WIDTH, HEIGHT);
    }

    /**
     * Opens it in a size. One that is larger than the platform can show is not put on a stage: it can be seen and
     * takes keys, but no clicks.
     */
    static TestWindow open(DesktopContext context, Settings settings, double width, double height) {
        TestWindow window = open(
                Windows.engines(name -> context, settings)
                        .model(context.engine().name(), settings.language()::get, FxThread.EXECUTOR),
                settings,
                width,
                height);
        window.await("the lab is there", () -> window.desk != null);
        return window;
    }

    /** Opens it on engines that are opened now; what they ask is asked. */
    static TestWindow open(EngineModel<Opened> engines, Settings settings) {
        return open(engines, settings, WIDTH, HEIGHT);
    }

    /** Opens it for a person whose progress is kept. */
    static TestWindow open(EngineModel<Opened> engines, Settings settings, ProgressFile kept) {
        return open(engines, settings, new KeptFiles(kept, AnswerFile.none(), HistoryFile.none()));
    }

    /** Opens it for a person of whom something is kept. */
    static TestWindow open(EngineModel<Opened> engines, Settings settings, KeptFiles kept) {
        return open(engines, settings, kept, WIDTH, HEIGHT);
    }

    static TestWindow open(EngineModel<Opened> engines, Settings settings, double width, double height) {
        return open(engines, settings, KeptFiles.none(), width, height);
    }

    static TestWindow open(
            EngineModel<Opened> engines, Settings settings, KeptFiles kept, double width, double height) {
        return open(engines, Hosts.of(FakeHosts.none()), settings, kept, width, height);
    }

    /** What a person has on other computers. */
    record Hosts(WatchModel.Below<Opened> swarms, RemoteModel.Below lent, TestModel.Below<Opened> tests) {
        static Hosts of(FakeHosts<Opened> hosts) {
            return new Hosts(hosts, hosts, hosts.tests);
        }
    }

    /** Opens it for a person who has hosts. */
    static TestWindow open(
            EngineModel<Opened> engines, Hosts hosts, Settings settings, KeptFiles kept, double width, double height) {
        try {
            FxToolkit.registerPrimaryStage();
        } catch (TimeoutException e) {
            throw new IllegalStateException("the toolkit does not start", e);
        }
        return Pictures.onToolkit(() -> {
            Supplier<Texts> texts = () -> Texts.of(settings.language().get());
            var elsewhere = new Elsewhere<>(
                    new WatchModel<>(hosts.swarms(), engines.tasks(), engines.notifications(), texts),
                    new RemoteModel(hosts.lent(), engines.tasks(), texts),
                    new TestModel<>(hosts.tests(), engines.tasks(), FxThread.EXECUTOR, engines.notifications(), texts));
            WindowHost host = new WindowHost(engines, elsewhere, settings, address -> {}, () -> {}, kept);
            Stage stage = new Stage();
            Scene scene = new Scene(host.node(), width, height);
            if (width <= WIDTH && height <= HEIGHT) {
                stage.setScene(scene);
                stage.setX(0);
                stage.setY(0);
                stage.show();
            }
            stage.setOnCloseRequest(event -> {
                if (!host.mayClose(stage::hide)) {
                    event.consume();
                }
            });
            TestWindow window = new TestWindow(engines, host, stage, scene);
            engines.start();
            return window;
        });
    }

    /** Chooses the list of labs in the engine's menu, also where no menu can be opened. */
    void showLabs() {
        ((MenuButton) find("#engine-menu").orElseThrow())
                .getItems().stream()
                        .filter(item -> "engine-labs".equals(item.getId()))
                        .findFirst()
                        .orElseThrow()
                        .fire();
    }

    /** Chooses in the menu behind the question mark, also where no menu can be opened. */
    void help(String item) {
        Pictures.onToolkit(() -> {
            ((MenuButton) scene.getRoot().lookup("#help-button"))
                    .getItems().stream()
                            .filter(each -> item.equals(each.getId()))
                            .findFirst()
                            .orElseThrow()
                            .fire();
            return true;
        });
    }

    WindowHost host() {
        return host;
    }

    Scene scene() {
        return scene;
    }

    /** Selects something in the cluster, also where nothing can be clicked. */
    void select(Selection selection) {
        Pictures.onToolkit(() -> {
            desk.cluster.selection().set(selection);
            return true;
        });
    }

    /** How many requests were answered well in the last minute. */
    int answersOfTheLastMinute() {
        return TrafficSeries.of(desk.cluster.snapshot().get(), List.of(), Sentences.of(Locale.ENGLISH))
                .columns()
                .stream()
                .mapToInt(TrafficSeries.Column::good)
                .sum();
    }

    /** Looks at the cluster in another way. */
    void view(View view) {
        Pictures.onToolkit(() -> {
            desk.cluster.view().set(view);
            return true;
        });
    }

    /** The node that a person would see under this selector. */
    Optional<Node> find(String selector) {
        return Pictures.onToolkit(() -> scene.getRoot().lookupAll(selector).stream()
                .filter(TestWindow::shown)
                .findFirst());
    }

    private static boolean shown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }

    boolean shows(String selector) {
        return find(selector).isPresent();
    }

    /** The words of a label or button. */
    String text(String selector) {
        return find(selector)
                .map(node -> node instanceof Labeled labeled ? labeled.getText() : node.toString())
                .orElseThrow(() -> new AssertionError("nothing shown as " + selector));
    }

    /** Every word that can be read in a part of the window. */
    String words(String selector) {
        return Pictures.onToolkit(() -> {
            List<String> words = new ArrayList<>();
            for (Node node : scene.getRoot().lookupAll(selector)) {
                if (shown(node)) {
                    gather(node, words);
                }
            }
            return String.join(" | ", words);
        });
    }

    /** Every word of a node. */
    String wordsOf(Node node) {
        List<String> words = new ArrayList<>();
        gather(node, words);
        return String.join(" | ", words);
    }

    private static void gather(Node node, List<String> words) {
        if (!node.isVisible()) {
            return;
        }
        if (node instanceof Labeled labeled
                && labeled.getText() != null
                && !labeled.getText().isEmpty()) {
            words.add(labeled.getText());
        }
        if (node instanceof javafx.scene.text.Text text && !(node.getParent() instanceof Labeled)) {
            words.add(text.getText());
        }
        if (node instanceof javafx.scene.Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> gather(child, words));
        }
    }

    /** Waits until something can be clicked, brings it into view and clicks it. */
    void click(String selector) {
        await(
                selector + " can be clicked",
                () -> find(selector).filter(node -> !node.isDisabled()).isPresent());
        robot.clickOn(atRest(selector));
    }

    /** The middle of a node once it stands still: what has just ended elsewhere may still move the page, as nobody would click then. */
    private Point2D atRest(String selector) {
        reveal(selector);
        pulse();
        Point2D before = middle(selector);
        for (int still = 0, i = 0; still < STILL_PULSES; i++) {
            if (i > MOVING_PULSES_MAX) {
                throw new AssertionError(selector + " does not stand still");
            }
            reveal(selector);
            pulse();
            Point2D now = middle(selector);
            still = now.equals(before) ? still + 1 : 0;
            before = now;
        }
        return before;
    }

    /** Where a node is on the screen. */
    private Point2D middle(String selector) {
        return Pictures.onToolkit(() -> {
            Node node = scene.getRoot().lookupAll(selector).stream()
                    .filter(TestWindow::shown)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("nothing shown as " + selector));
            Bounds bounds = node.localToScreen(node.getLayoutBounds());
            return new Point2D(bounds.getCenterX(), bounds.getCenterY());
        });
    }

    /** Does what a button does, where it cannot be clicked. */
    void fire(String selector) {
        pulse();
        Pictures.onToolkit(() -> {
            scene.getRoot().lookupAll(selector).stream()
                    .filter(node -> node instanceof ButtonBase && shown(node))
                    .map(ButtonBase.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no button shown as " + selector))
                    .fire();
            return true;
        });
    }

    void contextMenu(String selector) {
        await(selector + " is shown", () -> shows(selector));
        robot.clickOn(atRest(selector), MouseButton.SECONDARY);
    }

    /** Presses at one place of the screen, drags over others and lets go at the last. */
    void drag(Point2D from, Point2D... over) {
        pulse();
        robot.moveTo(from).press(MouseButton.PRIMARY);
        for (Point2D point : over) {
            robot.moveTo(point);
        }
        robot.release(MouseButton.PRIMARY);
        pulse();
    }

    /** A place on the screen, in shares of a node's width and height. */
    Point2D at(String selector, double right, double down) {
        return Pictures.onToolkit(() -> {
            Node node = find(selector).orElseThrow();
            Bounds bounds = node.localToScreen(node.getLayoutBounds());
            return new Point2D(
                    bounds.getMinX() + right * bounds.getWidth(), bounds.getMinY() + down * bounds.getHeight());
        });
    }

    /** Clicks an item of the menu that is open. */
    void choose(String item) {
        await("the menu has " + item, () -> menuItem(item).isPresent());
        robot.clickOn(menuItem(item).orElseThrow());
    }

    private Optional<Node> menuItem(String item) {
        return robot.lookup(".menu-item .label").queryAll().stream()
                .filter(node ->
                        node instanceof Labeled labeled && labeled.getText().equals(item))
                .findFirst();
    }

    Optional<Node> focused() {
        return Pictures.onToolkit(() -> Optional.ofNullable(scene.getFocusOwner()));
    }

    /** What is written in an input. */
    String input(String selector) {
        return find(selector)
                .map(node -> ((TextInputControl) node).getText())
                .orElseThrow(() -> new AssertionError("nothing shown as " + selector));
    }

    void press(KeyCode... keys) {
        if (stage.isShowing()) {
            robot.push(keys);
            return;
        }
        boolean control = keys[0] == KeyCode.CONTROL;
        Pictures.onToolkit(() -> {
            // As the toolkit does: without a focused node the scene gets the keys.
            EventTarget target = scene.getFocusOwner() == null ? scene : scene.getFocusOwner();
            javafx.event.Event.fireEvent(
                    target,
                    new KeyEvent(KeyEvent.KEY_PRESSED, "", "", keys[keys.length - 1], false, control, false, false));
            return true;
        });
    }

    /** Does what the cross of a window does, which belongs to the system. */
    void clickCross() {
        Pictures.onToolkit(() -> {
            stage.fireEvent(new WindowEvent(stage, WindowEvent.WINDOW_CLOSE_REQUEST));
            return true;
        });
    }

    boolean open() {
        return stage.isShowing();
    }

    /** Types, as the robot does, which waits a fifth of a second for each letter. */
    void write(String text) {
        pulse();
        for (char letter : text.toCharArray()) {
            Pictures.onToolkit(() -> {
                EventTarget target = scene.getFocusOwner() == null ? scene : scene.getFocusOwner();
                String character = String.valueOf(letter);
                KeyCode known = letter == ' ' ? KeyCode.SPACE : KeyCode.getKeyCode(character.toUpperCase(Locale.ROOT));
                KeyCode code = known == null ? KeyCode.UNDEFINED : known;
                for (var type : List.of(KeyEvent.KEY_PRESSED, KeyEvent.KEY_TYPED, KeyEvent.KEY_RELEASED)) {
                    boolean typed = type.equals(KeyEvent.KEY_TYPED);
                    javafx.event.Event.fireEvent(
                            target,
                            new KeyEvent(
                                    type,
                                    typed ? character : KeyEvent.CHAR_UNDEFINED,
                                    "",
                                    typed ? KeyCode.UNDEFINED : code,
                                    false,
                                    false,
                                    false,
                                    false));
                }
                return true;
            });
        }
        pulse();
    }

    /** Scrolls the guide's page so that a node in it can be seen. */
    void reveal(String selector) {
        Pictures.onToolkit(() -> {
            find(selector).ifPresent(node -> Widgets.reveal(node));
            return true;
        });
    }

    /** Waits, on a condition evaluated on the toolkit's thread between pulses. */
    void await(String what, BooleanSupplier condition) {
        await(what, TIMEOUT, condition);
    }

    /** Waits with a timeout of its own, of wall-clock time. */
    void await(String what, Duration timeout, BooleanSupplier condition) {
        if (!becomes(timeout, condition)) {
            Pictures.take(scene, "failure");
            throw new AssertionError("waited " + timeout.toSeconds() + " s in vain until " + what);
        }
    }

    /** Whether a condition holds within a time. */
    boolean becomes(Duration timeout, BooleanSupplier condition) {
        long end = System.nanoTime() + timeout.toNanos();
        while (!Pictures.onToolkit(condition::getAsBoolean)) {
            if (System.nanoTime() > end) {
                return false;
            }
            pulse();
        }
        return true;
    }

    /** Lets the cluster of a world be so, and waits until the window has drawn it. */
    void show(FakeWorld world, ClusterSnapshot snapshot, ClusterEvent... events) {
        world.observer.show(snapshot, events);
        await("the snapshot is shown", () -> desk.cluster.snapshot().get() == snapshot);
        pulse();
    }

    /** What asks to be laid out anew at each pulse, though nothing happens: each of these costs as long as the window is open. */
    List<String> restless() {
        List<List<String>> asking = Collections.synchronizedList(new ArrayList<>());
        Runnable look = () -> asking.add(needingLayout(scene.getRoot()));
        for (int i = 0; i < SETTLING_PULSES; i++) {
            pulse();
        }
        Pictures.onToolkit(() -> {
            scene.addPreLayoutPulseListener(look);
            return true;
        });
        for (int i = 0; i < STILL_PULSES; i++) {
            pulse();
        }
        Pictures.onToolkit(() -> {
            scene.removePreLayoutPulseListener(look);
            return true;
        });
        // What is told goes on by itself, once in a while.
        List<String> always = new ArrayList<>(asking.getFirst());
        asking.forEach(always::retainAll);
        return always;
    }

    /** The innermost of those that ask for it. */
    private static List<String> needingLayout(Node node) {
        if (!(node instanceof Parent parent) || !parent.isNeedsLayout()) {
            return List.of();
        }
        List<String> inside = parent.getChildrenUnmodifiable().stream()
                .flatMap(child -> needingLayout(child).stream())
                .toList();
        return inside.isEmpty() ? List.of(node.toString()) : inside;
    }

    /** Lets the window draw itself once. */
    void pulse() {
        if (!stage.isShowing()) {
            Pictures.onToolkit(() -> {
                scene.getRoot().applyCss();
                scene.getRoot().layout();
                return true;
            });
            return;
        }
        CountDownLatch drawn = new CountDownLatch(1);
        Pictures.onToolkit(() -> {
            Runnable[] listener = new Runnable[1];
            listener[0] = () -> {
                scene.removePostLayoutPulseListener(listener[0]);
                drawn.countDown();
            };
            scene.addPostLayoutPulseListener(listener[0]);
            javafx.application.Platform.requestNextPulse();
            return true;
        });
        try {
            if (!drawn.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the window does not draw itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until nothing comes up or goes. */
    void stillness() {
        await("nothing fades", () -> !Animations.fading());
    }

    /**
     * Whether the toolkit goes on drawing by itself: ten pulses in a row, of which none was asked for. A window that
     * stands still has none, so that waiting for them ends after a second.
     */
    boolean animated() {
        pulse();
        pulse();
        CountDownLatch pulses = new CountDownLatch(10);
        Runnable count = pulses::countDown;
        Pictures.onToolkit(() -> {
            scene.addPreLayoutPulseListener(count);
            return true;
        });
        try {
            return pulses.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Pictures.onToolkit(() -> {
                scene.removePreLayoutPulseListener(count);
                return true;
            });
        }
    }

    /** As it is when all that comes up has come up, and no arrow is left of what went somewhere else. */
    WritableImage picture(String name) {
        pulse();
        await("no ghost is left", () -> !shows(".ghost"));
        stillness();
        return Pictures.take(scene, name);
    }

    /** Opens a menu within the one that is open, by clicking it there. */
    void menuWithin(String selector) {
        await("a menu is open", () -> menu().isPresent());
        Window outer = menu().orElseThrow();
        await(selector + " is in it", () -> outer.getScene().getRoot().lookup(selector) != null);
        Point2D before = Point2D.ZERO;
        for (Point2D now = middleIn(outer, selector); !now.equals(before); now = middleIn(outer, selector)) {
            before = now;
            pulse();
        }
        robot.clickOn(before);
        await(
                "the menu within is open",
                () -> menu().filter(inner -> inner != outer).isPresent());
    }

    private static Point2D middleIn(Window menu, String selector) {
        return Pictures.onToolkit(() -> {
            Node item = menu.getScene().getRoot().lookup(selector);
            Bounds bounds = item.localToScreen(item.getLayoutBounds());
            return new Point2D(bounds.getCenterX(), bounds.getCenterY());
        });
    }

    /** Closes every menu. */
    void closeMenus() {
        while (menu().isPresent()) {
            Pictures.onToolkit(() -> {
                menu().ifPresent(Window::hide);
                return true;
            });
            pulse();
        }
    }

    /** Of the menu that was opened last, which is a window of its own. */
    void menuPicture(String name) {
        await("a menu is open", () -> menu().isPresent());
        pulse();
        Pictures.take(Pictures.onToolkit(() -> menu().orElseThrow().getScene()), name);
    }

    /** Of what explains a word of a command, which is a window of its own. */
    void helpPicture(String name) {
        Pictures.take(
                Pictures.onToolkit(() -> Window.getWindows().stream()
                        .filter(shown -> shown instanceof Popup && shown.isShowing())
                        .findFirst()
                        .orElseThrow()
                        .getScene()),
                name);
    }

    private static Optional<Window> menu() {
        return Window.getWindows().stream()
                .filter(window -> window instanceof ContextMenu && window.isShowing())
                .reduce((before, later) -> later);
    }

    @Override
    public void close() {
        Pictures.onToolkit(() -> {
            // A field into which keys were sent while another window had the focus blinks on, and other tests want
            // nothing to move.
            for (Node field : scene.getRoot().lookupAll(".text-input")) {
                if (field instanceof TextInputControl input
                        && input.getSkin() instanceof TextInputControlSkin<?> skin) {
                    skin.setCaretAnimating(false);
                }
            }
            host.close();
            engines.close();
            stage.hide();
            return true;
        });
    }
}
