package dev.clusterlab.ui;

import dev.clusterlab.lab.LabSession;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;

/** The desktop as a JavaFX application: a window at once, the engine as soon as it is there. */
public final class DesktopApp extends Application {
    private static final double WIDTH = 1400;
    private static final double HEIGHT = 900;

    private static final System.Logger LOG = System.getLogger(DesktopApp.class.getName());

    private static volatile @Nullable Start start;
    private static volatile @Nullable Throwable cannotStart;

    private @Nullable Desk desk;
    private @Nullable TaskRunner starting;
    private @Nullable SettingsFile settingsFile;

    /** {@code opening}: what the window is on, being opened in the background. */
    private record Start(FutureTask<Opened> opening, SettingsFile file, Settings settings) {}

    private record Opened(DesktopContext context, LabSession session) {}

    /**
     * Opens the window and returns when it is closed. To be called once in a process.
     *
     * @param engine opens what the window is on; called on a thread of its own while the toolkit starts
     * @throws LabException why the engine could not be had, once the person has read it and closed the window
     */
    static void open(Callable<DesktopContext> engine, SettingsFile file) {
        Settings settings = file.read();
        FutureTask<Opened> opening = new FutureTask<>(() -> {
            DesktopContext context = engine.call();
            return new Opened(
                    context, context.sessions().open(settings.language().get(), Optional.empty()));
        });
        Thread.ofPlatform().daemon().name("opening").start(opening);
        start = new Start(opening, file, settings);
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
        settingsFile = given.file();
        Settings settings = given.settings();
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> unexpected(failure, settings));
        Texts texts = Texts.of(settings.language().get());
        Application.setUserAgentStylesheet(
                settings.dark().get()
                        ? new atlantafx.base.theme.PrimerDark().getUserAgentStylesheet()
                        : new atlantafx.base.theme.PrimerLight().getUserAgentStylesheet());
        VBox waiting = new VBox(Widgets.spinner(), Widgets.label(texts.get("start.title")));
        waiting.setStyle("-fx-spacing: 18px; -fx-alignment: center;");
        StackPane root = new StackPane(waiting);
        stage.setScene(new Scene(root, WIDTH, HEIGHT));
        stage.setTitle("Cluster Lab");
        stage.setMinWidth(1000);
        stage.setMinHeight(680);
        stage.show();
        stage.getIcons().add(symbol());
        tellStart("window");
        TaskRunner runner = new TaskRunner(FxThread.EXECUTOR);
        starting = runner;
        runner.run(
                texts.get("start.title"),
                () -> opened(given.opening()),
                opened -> show(root, opened, settings),
                failure -> root.getChildren().setAll(failed(failure, texts)));
    }

    private static Opened opened(FutureTask<Opened> opening) throws Exception {
        try {
            return opening.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
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

    /** Says, for who measures, how long after its process began the program has come so far. */
    private static void tellStart(String what) {
        ProcessHandle.current()
                .info()
                .startInstant()
                .ifPresent(began -> LOG.log(
                        System.Logger.Level.DEBUG,
                        "{0} shown after {1} ms",
                        what,
                        String.valueOf(Duration.between(began, Instant.now()).toMillis())));
    }

    /** A mistake of ours must be seen, and must not end the class. */
    private void unexpected(Throwable failure, Settings settings) {
        LOG.log(System.Logger.Level.ERROR, "unexpected", failure);
        Desk opened = desk;
        if (opened != null) {
            Texts texts = Texts.of(settings.language().get());
            opened.notifications.failed(texts.get("notice.window"), failure, texts);
        }
    }

    private void show(StackPane root, Opened opened, Settings settings) {
        Desk made = new Desk(opened.context(), settings, opened.session());
        made.browser = address -> getHostServices().showDocument(address);
        desk = made;
        root.getChildren().setAll(new MainWindow(made).node());
        tellStart("cluster");
    }

    private static VBox failed(Throwable failure, Texts texts) {
        cannotStart = failure;
        String message = failure.getMessage();
        Label reason = Widgets.wrapped(message == null ? failure.toString() : message, "centred");
        String advice = failure instanceof LabException known ? known.advice() : texts.get("notice.unexpected");
        Button close =
                Widgets.button("close", texts.get("notice.dismiss"), Material2AL.CLOSE, Platform::exit, "accent");
        close.setDefaultButton(true);
        VBox box = new VBox(
                Widgets.icon(Material2AL.ERROR, "tone-bad"),
                Widgets.label(texts.get("start.failed"), "title-2"),
                reason,
                Widgets.wrapped(advice, "centred"),
                close);
        box.setStyle("-fx-spacing: 14px; -fx-alignment: center; -fx-padding: 60px;");
        return box;
    }

    @Override
    public void stop() {
        Desk opened = desk;
        if (opened != null) {
            if (settingsFile != null) {
                settingsFile.write(opened.settings);
            }
            opened.close();
        }
        if (starting != null) {
            starting.close();
        }
        Platform.exit();
    }
}
