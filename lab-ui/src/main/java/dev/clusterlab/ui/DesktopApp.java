package dev.clusterlab.ui;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.lab.RemoteSettings;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.Elsewhere;
import dev.clusterlab.ui.model.hosts.RemoteModel;
import dev.clusterlab.ui.model.hosts.TestModel;
import dev.clusterlab.ui.model.hosts.WatchModel;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.place.DesktopEnvironments;
import dev.clusterlab.ui.place.DesktopEnvironments.Opened;
import dev.clusterlab.ui.place.HostsOfThisUser;
import dev.clusterlab.ui.place.SettingsFile;
import dev.clusterlab.ui.place.TestedPlaces;
import dev.clusterlab.ui.place.WatchedPlaces;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.function.Supplier;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.Image;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;

/** The desktop as a JavaFX application: a window at once, the engine as soon as it is there. */
public final class DesktopApp extends Application {
    private static final System.Logger LOG = System.getLogger(DesktopApp.class.getName());

    private static volatile @Nullable Start start;
    private static volatile @Nullable Throwable cannotStart;

    private @Nullable WindowHost host;
    private Subscription placing = Subscription.EMPTY;
    private @Nullable EngineModel<Opened> engines;

    private record Start(
            DesktopEnvironments environments,
            WatchedPlaces swarms,
            TestedPlaces tests,
            SettingsFile file,
            Settings settings) {}

    /**
     * Opens the window and returns when it is closed. To be called once in a process.
     *
     * @param environments what the window stands on; opened in the background while the toolkit starts
     * @param swarms that exist, which it can look at instead
     * @param tests of these
     * @throws LabException why the engine could not be had, once the person has read it and closed the window
     */
    static void open(
            DesktopEnvironments environments,
            WatchedPlaces swarms,
            TestedPlaces tests,
            SettingsFile file,
            Settings settings) {
        environments.openEarly();
        start = new Start(environments, swarms, tests, file, settings);
        Application.launch(DesktopApp.class);
        Throwable failure = cannotStart;
        if (failure instanceof LabException known) {
            throw known;
        }
        if (failure != null) {
            throw new IllegalStateException("the window had nothing to stand on", failure);
        }
    }

    @Override
    public void start(Stage stage) {
        Start given = start;
        if (given == null) {
            throw new IllegalStateException("opened without an engine");
        }
        Settings settings = given.settings();
        settings.follow(Styling.wishes(Platform.getPreferences()));
        EngineModel<Opened> model = new EngineModel<>(
                given.environments(),
                given.environments().options(),
                () -> Texts.of(settings.language().get()),
                FxThread.EXECUTOR,
                InstantSource.system(),
                ZoneId.systemDefault());
        engines = model;
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> unexpected(failure, settings, model));
        WindowHost inside = new WindowHost(
                model,
                elsewhere(given, model),
                settings,
                address -> getHostServices().showDocument(address),
                Platform::exit,
                KeptFiles.in(
                        UserFolders.ofThisUser().settings(),
                        UserFolders.ofThisUser().data()));
        host = inside;
        stage.setScene(new Scene(inside.node()));
        stage.setTitle("Cluster Lab");
        placing = StagePlace.keep(stage, settings);
        stage.setOnCloseRequest(event -> {
            if (!inside.mayClose(stage::hide)) {
                event.consume();
            }
        });
        stage.show();
        stage.getIcons().add(symbol());
        tellStart("window");
        model.startFailure().subscribe(failure -> cannotStart = failure.orElse(null));
        model.place().subscribe(place -> place.ifPresent(opened -> tellStart("cluster")));
        if (Rehearsal.wanted()) {
            Rehearsal.begin(model, inside, Platform::exit);
        }
        model.start();
    }

    private static Elsewhere<Opened> elsewhere(Start given, EngineModel<Opened> model) {
        Supplier<Texts> texts = () -> Texts.of(given.settings().language().get());
        return new Elsewhere<>(
                new WatchModel<>(given.swarms(), model.tasks(), model.notifications(), texts),
                new RemoteModel(
                        new HostsOfThisUser(HostFinder.ofThisUser(), RemoteSettings.ofThisUser()),
                        model.tasks(),
                        texts),
                new TestModel<>(given.tests(), model.tasks(), FxThread.EXECUTOR, model.notifications(), texts));
    }

    /** The picture of the program in lists of windows. */
    private static Image symbol() {
        FontIcon icon = Widgets.icon(Material2AL.DEVICE_HUB);
        icon.setIconSize(64);
        icon.setIconColor(Color.web("#1f6feb"));
        SnapshotParameters transparent = new SnapshotParameters();
        transparent.setFill(Color.TRANSPARENT);
        return icon.snapshot(transparent, null);
    }

    /**
     * Says, for who measures, when the program has come so far: an instant in milliseconds, since what the system tells of the
     * process's own beginning is exact to a second only on some systems.
     */
    private static void tellStart(String what) {
        LOG.log(System.Logger.Level.DEBUG, "{0} shown at {1}", what, String.valueOf(System.currentTimeMillis()));
    }

    /** A mistake of ours must be seen, and must not end the class. */
    private static void unexpected(Throwable failure, Settings settings, EngineModel<?> model) {
        LOG.log(System.Logger.Level.ERROR, "unexpected", failure);
        Texts texts = Texts.of(settings.language().get());
        model.notifications().failed(texts.get("notice.window"), failure, texts);
    }

    @Override
    public void stop() {
        placing.unsubscribe();
        Start given = start;
        if (given != null) {
            given.file().write(given.settings());
        }
        if (host != null) {
            host.close();
        }
        if (engines != null) {
            engines.close();
        }
        Platform.exit();
    }
}
