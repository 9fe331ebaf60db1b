package dev.clusterlab.ui;

import dev.clusterlab.lab.LabSession;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.Texts;
import java.util.Optional;
import java.util.concurrent.Callable;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Scene;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/** The desktop as a JavaFX application: a window at once, the engine as soon as it is there. */
public final class DesktopApp extends Application {
    private static final double WIDTH = 1400;
    private static final double HEIGHT = 900;

    private static volatile @Nullable Start start;

    private @Nullable Desk desk;
    private @Nullable TaskRunner starting;
    private @Nullable SettingsFile settingsFile;

    /** {@code engine} opens what the window is on, in the background. */
    private record Start(Callable<DesktopContext> engine, SettingsFile settings) {}

    private record Opened(DesktopContext context, LabSession session) {}

    /** Opens the window and returns when it is closed. To be called once in a process. */
    static void open(Callable<DesktopContext> engine, SettingsFile settings) {
        start = new Start(engine, settings);
        Application.launch(DesktopApp.class);
    }

    @Override
    public void start(Stage stage) {
        Start given = start;
        if (given == null) {
            throw new IllegalStateException("opened without an engine");
        }
        SettingsFile file = given.settings();
        settingsFile = file;
        Settings settings = file.read();
        Texts texts = Texts.of(settings.language().get());
        Application.setUserAgentStylesheet(
                settings.dark().get()
                        ? new atlantafx.base.theme.PrimerDark().getUserAgentStylesheet()
                        : new atlantafx.base.theme.PrimerLight().getUserAgentStylesheet());
        VBox waiting = new VBox(new ProgressIndicator(), Widgets.label(texts.get("start.title")));
        waiting.setStyle("-fx-spacing: 18px; -fx-alignment: center;");
        StackPane root = new StackPane(waiting);
        stage.setScene(new Scene(root, WIDTH, HEIGHT));
        stage.setTitle("Cluster Lab");
        stage.setMinWidth(1000);
        stage.setMinHeight(680);
        stage.show();
        TaskRunner runner = new TaskRunner(FxThread.EXECUTOR);
        starting = runner;
        runner.run(
                texts.get("start.title"),
                () -> {
                    DesktopContext context = given.engine().call();
                    return new Opened(
                            context, context.sessions().open(settings.language().get(), Optional.empty()));
                },
                opened -> show(root, opened, settings),
                failure -> root.getChildren().setAll(failed(failure, texts)));
    }

    private void show(StackPane root, Opened opened, Settings settings) {
        Desk made = new Desk(opened.context(), settings, opened.session());
        made.browser = address -> getHostServices().showDocument(address);
        desk = made;
        root.getChildren().setAll(new MainWindow(made).node());
    }

    private static VBox failed(Throwable failure, Texts texts) {
        System.getLogger(DesktopApp.class.getName()).log(System.Logger.Level.ERROR, "cannot start", failure);
        String message = failure.getMessage();
        VBox box = new VBox(
                Widgets.label(texts.get("start.failed"), "title-2"),
                Widgets.wrapped(message == null ? failure.toString() : message));
        if (failure instanceof LabException known && !known.advice().isEmpty()) {
            box.getChildren().add(Widgets.wrapped(known.advice()));
        }
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
