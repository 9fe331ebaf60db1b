package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.recovery.Recoveries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Background;
import javafx.scene.layout.BackgroundFill;
import javafx.scene.layout.Border;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testfx.api.FxToolkit;

/** Whoever uses the keyboard sees where it is: two pixels of the accent around it. */
class FocusRingTest {
    private static final double LEAST_WIDTH = 2;
    /** Between a ring and what is around it. */
    private static final double LEAST_CONTRAST = 3;

    /** A part of the window, and how one comes there. */
    record Part(String name, Consumer<TestWindow> open) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Part> parts() {
        return Stream.of(
                new Part("window", window -> {}),
                new Part("inspector", window -> window.select(new Selection.OfMachine("leader1"))),
                new Part("events", window -> window.press(KeyCode.CONTROL, KeyCode.DIGIT3)),
                new Part("recovery", window -> {
                    window.press(KeyCode.CONTROL, KeyCode.DIGIT9);
                    window.await("the card is there", () -> window.shows("#recovery-swarm_notices"));
                }),
                new Part("palette", window -> window.help("menu-palette")),
                new Part("settings", window -> window.help("menu-settings")),
                new Part("keys", window -> window.help("menu-keys")),
                new Part("welcome", window -> window.help("menu-welcome")),
                new Part("cut matrix", window -> window.fire("#cut-matrix-open")));
    }

    @BeforeAll
    static void toolkit() throws Exception {
        FxToolkit.registerPrimaryStage();
    }

    @ParameterizedTest
    @MethodSource("parts")
    void whatHasTheKeyboardHasARing(Part part) {
        var world = new FakeWorld();
        world.anatomies = Recoveries.all();
        world.clock.moveTo(Duration.ofMinutes(12));
        world.observer.show(Scenes.workerKilled(), GalleryTest.events());
        List<String> without = new ArrayList<>();
        int looked = 0;
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false))) {
            window.await("the machines are shown", () -> window.shows("#machine-leader1"));
            part.open().accept(window);
            window.pulse();
            for (Node stop : Pictures.onToolkit(() -> stops(window))) {
                Pictures.onToolkit(() -> {
                    stop.requestFocus();
                    window.scene().getRoot().applyCss();
                    window.scene().getRoot().layout();
                    return true;
                });
                boolean ring = Pictures.onToolkit(() -> !stop.isFocused() || ringed(stop));
                looked++;
                if (!ring) {
                    without.add(stop.getClass().getSimpleName() + " " + stop.getId() + " " + stop.getStyleClass());
                }
            }
            window.picture("focus-" + part.name().replace(' ', '-'));
        }
        assertThat(without).isEmpty();
        assertThat(looked).isPositive();
    }

    /** Everything that the keyboard can reach: what lies over the window, if something does. */
    private static List<Node> stops(TestWindow window) {
        Parent root = window.scene().getRoot();
        Node over = root.lookup(".overlay");
        Parent from = over != null && over.isVisible() ? (Parent) over : root;
        return from.lookupAll("*").stream()
                .filter(node -> node.isFocusTraversable() && !node.isDisabled() && shown(node))
                .toList();
    }

    private static boolean shown(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }

    /** Whether it, the field that it is in, or the part of it that is meant, has a ring. */
    private static boolean ringed(Node node) {
        return Stream.concat(
                        Stream.of(node, node.getParent()),
                        node instanceof Parent parent ? parent.lookupAll("*").stream() : Stream.empty())
                .filter(Region.class::isInstance)
                .map(Region.class::cast)
                .anyMatch(region -> bordered(region.getBorder()) || painted(region.getBackground()));
    }

    private static boolean bordered(Border border) {
        return border != null
                && border.getStrokes().stream()
                        .anyMatch(stroke -> accent(stroke.getTopStroke())
                                && stroke.getWidths().getTop() >= LEAST_WIDTH);
    }

    private static boolean painted(Background background) {
        if (background == null || background.getFills().isEmpty()) {
            return false;
        }
        if (background.getFills().size() == 1) {
            // The edge of a pane is all ring.
            return accent(background.getFills().getFirst().getFill());
        }
        BackgroundFill ring = background.getFills().getFirst();
        Insets next = background.getFills().get(1).getInsets();
        return accent(ring.getFill()) && next.getTop() - ring.getInsets().getTop() >= LEAST_WIDTH;
    }

    private static boolean accent(Paint paint) {
        return Objects.equals(paint, Color.web("#58a6ff"))
                && ContrastFaults.ratio((Color) paint, Color.web("#161b22")) >= LEAST_CONTRAST;
    }
}
