package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway")
class FaultsBarTest {
    @Test
    void whatHadNoRoomForANameIsHealedLikeAnyOther() {
        var world = new FakeWorld();
        List<Throwable> mistakes = new ArrayList<>();
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false), 480, 680)) {
            handle((thread, failure) -> mistakes.add(failure));
            show(window, world, Scenes.longPartitioned());
            window.await("only their number is said", () -> window.shows("#faults") && !window.shows(".fault-row"));
            show(window, world, Scenes.threeMachines());
            window.await("nothing is said any more", () -> !window.shows("#faults"));
            window.pulse();
            assertThat(Pictures.onToolkit(() -> List.copyOf(mistakes))).isEmpty();
        } finally {
            handle(null);
        }
    }

    private static void handle(UncaughtExceptionHandler handler) {
        Pictures.onToolkit(() -> {
            Thread.currentThread().setUncaughtExceptionHandler(handler);
            return true;
        });
    }

    private static void show(TestWindow window, FakeWorld world, ClusterSnapshot snapshot) {
        window.show(world, snapshot);
    }
}
