package dev.clusterlab.ui.kit;

import java.util.concurrent.Executor;
import javafx.application.Platform;

/** The one place where the toolkit's thread is entered. */
public final class FxThread {
    /** Runs on the toolkit's thread: at once if already there, otherwise soon. */
    public static final Executor EXECUTOR = FxThread::run;

    private FxThread() {}

    static void run(Runnable action) {
        if (Platform.isFxApplicationThread()) {
            action.run();
        } else {
            Platform.runLater(action);
        }
    }

    /** Runs on the toolkit's thread once what it does now is done. */
    public static void later(Runnable action) {
        Platform.runLater(action);
    }
}
