package dev.clusterlab.ui.kit;

import javafx.animation.FadeTransition;
import javafx.animation.PauseTransition;
import javafx.scene.Node;
import javafx.util.Duration;

/** How things come up and go. Only what has no opacity of its own may fade: a wrapper, or a layer. */
public final class Fades {
    private static final Duration USUAL = Duration.millis(350);
    /** For who wants nothing to move: long enough not to flash. */
    private static final Duration SHORT = Duration.millis(100);

    private Fades() {}

    /** {@code motion}: whether the person wants things to move. */
    public static void in(Node node, boolean motion) {
        fade(node, motion ? USUAL : SHORT, 0, 1).play();
    }

    /** Comes up, stays for a while, goes again; then does what is to be done at the end. */
    public static void inAndOut(Node node, Duration stay, Runnable end) {
        FadeTransition out = fade(node, SHORT, 1, 0);
        out.setOnFinished(event -> end.run());
        var pause = new PauseTransition(stay);
        pause.setOnFinished(event -> out.play());
        FadeTransition in = fade(node, SHORT, 0, 1);
        in.setOnFinished(event -> pause.play());
        in.play();
    }

    private static FadeTransition fade(Node node, Duration time, double from, double to) {
        var fade = new FadeTransition(time, node);
        fade.setFromValue(from);
        fade.setToValue(to);
        return fade;
    }
}
