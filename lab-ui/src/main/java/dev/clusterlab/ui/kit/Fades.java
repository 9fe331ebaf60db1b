package dev.clusterlab.ui.kit;

import javafx.animation.FadeTransition;
import javafx.animation.Interpolator;
import javafx.animation.PauseTransition;
import javafx.animation.ScaleTransition;
import javafx.scene.Node;
import javafx.util.Duration;

/** How things come up and go. Only what has no opacity of its own may fade: a wrapper, or a layer. */
public final class Fades {
    private static final Duration USUAL = Duration.millis(350);
    /** For who wants nothing to move: long enough not to flash. */
    private static final Duration SHORT = Duration.millis(100);

    private static final Duration DONE = Duration.millis(400);

    /** A little too large, then right. */
    private static final Interpolator SPRING = new Interpolator() {
        private static final double OVER = 1.7;

        @Override
        protected double curve(double time) {
            double left = time - 1;
            return left * left * ((OVER + 1) * left + OVER) + 1;
        }
    };

    private Fades() {}

    /** {@code motion}: whether the person wants things to move. */
    public static void in(Node node, boolean motion) {
        fade(node, motion ? USUAL : SHORT, 0, 1).play();
    }

    /** Says something else now: for everybody in so short a time that nobody waits for the words. */
    public static void anew(Node node) {
        fade(node, SHORT, 0, 1).play();
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

    /** Has come true: it springs up once. Who wants nothing to move sees it come up where it is. */
    public static void done(Node node, boolean motion) {
        if (!motion) {
            in(node, false);
            return;
        }
        var grow = new ScaleTransition(DONE, node);
        grow.setFromX(0.3);
        grow.setFromY(0.3);
        grow.setToX(1);
        grow.setToY(1);
        grow.setInterpolator(SPRING);
        grow.play();
    }

    private static FadeTransition fade(Node node, Duration time, double from, double to) {
        var fade = new FadeTransition(time, node);
        fade.setFromValue(from);
        fade.setToValue(to);
        return fade;
    }
}
