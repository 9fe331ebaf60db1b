package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.TerminalTabs;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Entry;
import dev.clusterlab.ui.model.experiment.Laboratory;
import dev.clusterlab.ui.model.experiment.Place;
import dev.clusterlab.ui.model.hosts.Elsewhere;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.Parent;
import javafx.scene.layout.StackPane;
import javafx.stage.FileChooser;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;

/** The inside of the window, whatever it stands on: a new desk with new views for each engine, behind one root. */
final class WindowHost {
    private final EngineModel<Opened> engines;
    private final Elsewhere<Opened> elsewhere;
    private final Settings settings;
    private final Consumer<String> browser;
    private final KeptFiles kept;
    private final StackPane root = new StackPane();
    private final Subscription styling;
    private final Subscription places;
    private @Nullable StartView start;
    private @Nullable MainWindow window;
    private @Nullable WindowModels desk;
    private @Nullable WatchWindow watching;
    private @Nullable WindowModels watched;
    private @Nullable WatchWindow testing;
    private @Nullable WindowModels tested;
    private boolean welcomed;
    /** Whether the window closes once a test is over. */
    private boolean closing;
    /** Where the last file was written. */
    private @Nullable File folder;

    /**
     * @param elsewhere what the person has on other computers
     * @param browser opens a web address outside
     * @param quit ends the program
     * @param kept what outlives a run
     */
    WindowHost(
            EngineModel<Opened> engines,
            Elsewhere<Opened> elsewhere,
            Settings settings,
            Consumer<String> browser,
            Runnable quit,
            KeptFiles kept) {
        this.kept = kept;
        this.engines = engines;
        this.elsewhere = elsewhere;
        this.settings = settings;
        this.browser = browser;
        styling = Styling.apply(root, settings);
        StartView first = new StartView(engines, Texts.of(settings.language().get()), quit);
        start = first;
        root.getChildren().setAll(first.node());
        places = Subscription.combine(
                engines.place().subscribe(place -> place.ifPresent(this::standOn)),
                elsewhere
                        .swarms()
                        .place()
                        .subscribe((before, now) -> now.ifPresentOrElse(this::watch, this::backToTheLab)),
                elsewhere
                        .tests()
                        .place()
                        .subscribe((before, now) -> now.ifPresentOrElse(this::test, this::backToWatching)));
    }

    Parent node() {
        return root;
    }

    /** What the person works at; empty until there is an engine. */
    Optional<WindowModels> desk() {
        return Optional.ofNullable(desk);
    }

    /** The Swarm that the person looks at; empty while there is the lab. */
    Optional<WindowModels> watched() {
        return Optional.ofNullable(watched);
    }

    /** What the person tests; empty while nothing is tested. */
    Optional<WindowModels> tested() {
        return Optional.ofNullable(tested);
    }

    private void standOn(Opened opened) {
        TerminalTabs.Logins logins = desk == null ? TerminalTabs.Logins.NONE : desk.terminals.logins();
        clear();
        WindowModels made = new WindowModels(opened.context(), settings, opened.session(), engines, elsewhere);
        made.browser = address -> made.open(address, browser);
        made.keepIn(kept);
        made.terminals.logInAnew(logins);
        made.fileChooser = name -> ask(name, made.texts());
        made.experimentChooser = () -> askForYaml(made.texts().get("exp.open"));
        made.hostsChooser = () -> askForYaml(made.texts().get("hosts.file.choose"));
        MainWindow shown = new MainWindow(made);
        desk = made;
        window = shown;
        root.getChildren().setAll(shown.node());
        if (opened.clients()) {
            made.ways.onlyShown();
            made.toggleClient();
        }
        if (!welcomed && (settings.newcomer().get() || made.ways.kept().isPresent())) {
            shown.welcome();
        } else if (welcomed) {
            // The toolkit would give it to the first button of the window.
            FxThread.later(shown::begin);
        }
        welcomed = true;
    }

    private Optional<Path> ask(String name, Texts texts) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(texts.get("help.picture.save"));
        chooser.setInitialFileName(name);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("PNG", "*.png"));
        if (folder != null && folder.isDirectory()) {
            chooser.setInitialDirectory(folder);
        }
        File file = chooser.showSaveDialog(root.getScene().getWindow());
        if (file == null) {
            return Optional.empty();
        }
        folder = file.getParentFile();
        return Optional.of(file.toPath());
    }

    /** The Swarm takes the window; the lab below it goes on as it is. */
    private void watch(Opened opened) {
        endWatching();
        WindowModels made = new WindowModels(opened.context(), settings, opened.session(), engines, elsewhere);
        made.browser = address -> made.open(address, browser);
        made.fileChooser = name -> ask(name, made.texts());
        made.experimentChooser = () -> askForYaml(made.texts().get("exp.open"));
        WatchWindow shown = WatchWindow.watching(made, elsewhere);
        watched = made;
        watching = shown;
        root.getChildren().setAll(shown.node());
        FxThread.later(shown::begin);
    }

    /** The test takes the window, and its experiment begins; the watching below it goes on. */
    private void test(Opened opened) {
        endTesting();
        WindowModels made = new WindowModels(opened.context(), settings, opened.session(), engines, elsewhere);
        made.browser = address -> made.open(address, browser);
        made.fileChooser = name -> ask(name, made.texts());
        Laboratory laboratory = opened.context().laboratory();
        String name = laboratory.names().getFirst();
        made.experiments.begin(
                made.texts().get("test.running"), Entry.read(name, () -> laboratory.read(name)), Place.SWARM);
        WatchWindow shown = WatchWindow.testing(made, elsewhere.tests());
        tested = made;
        testing = shown;
        root.getChildren().setAll(shown.node());
        FxThread.later(shown::begin);
    }

    private void backToWatching() {
        endTesting();
        if (watching != null) {
            root.getChildren().setAll(watching.node());
            FxThread.later(watching::begin);
        }
    }

    private void endTesting() {
        if (testing != null) {
            testing.dispose();
            testing = null;
        }
        if (tested != null) {
            tested.close();
            tested = null;
        }
    }

    private void backToTheLab() {
        endWatching();
        if (window != null) {
            root.getChildren().setAll(window.node());
            FxThread.later(window::begin);
        }
    }

    private void endWatching() {
        if (watching != null) {
            watching.dispose();
            watching = null;
        }
        if (watched != null) {
            watched.close();
            watched = null;
        }
    }

    private Optional<Path> askForYaml(String title) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter("YAML", "*.yaml", "*.yml"));
        return Optional.ofNullable(chooser.showOpenDialog(root.getScene().getWindow()))
                .map(File::toPath);
    }

    /** Whether the window may be closed at once; where something is lost by it, that is asked, and {@code close} called later. */
    boolean mayClose(Runnable close) {
        if (tested != null && tested.experiments.shown().get().doing().isPresent()) {
            endTheTest(tested, close);
            return false;
        }
        elsewhere.tests().leave();
        if (window == null || desk == null || desk.machines().isEmpty()) {
            return true;
        }
        // It is asked in the lab's window.
        elsewhere.swarms().leave();
        window.askToClose(close);
        return false;
    }

    /** What is broken in somebody's Swarm is healed before the window goes. */
    private void endTheTest(WindowModels test, Runnable close) {
        if (closing) {
            return;
        }
        closing = true;
        test.experiments.cancel();
        test.experiments.shown().subscribe(shown -> {
            if (closing && shown.doing().isEmpty()) {
                closing = false;
                FxThread.later(() -> {
                    if (mayClose(close)) {
                        close.run();
                    }
                });
            }
        });
    }

    private void clear() {
        if (start != null) {
            start.dispose();
            start = null;
        }
        if (window != null) {
            window.dispose();
        }
        if (desk != null) {
            desk.close();
        }
    }

    void close() {
        // An engine that comes when the window is gone has no desk any more.
        places.unsubscribe();
        styling.unsubscribe();
        endTesting();
        endWatching();
        clear();
    }
}
