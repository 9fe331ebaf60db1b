package dev.clusterlab.ui.model.menu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.ui.model.Inspection.Action;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MoreFaultsTest {
    @Test
    void offersMoreFaultsWithTheirFiguresAndSaysWhichCannotBe() {
        ClusterSnapshot platform = Scenes.platform().build();
        var limited = new MoreFaults(Texts.of(Locale.ENGLISH), Map.of(FaultKind.NETWORK_LOSS, "only simulated ones"));
        List<Action> more = limited.ofMachine(
                platform, platform.machine("leader2").orElseThrow().machine());
        assertThat(more)
                .extracting(Action::label)
                .contains("Demote a manager", "Drain a node", "Slow the network down (200ms, give or take 50ms)");
        assertThat(more)
                .filteredOn(action -> !action.refusal().isEmpty())
                .extracting(Action::label)
                .containsExactly("Fill a machine's disk", "Lose packets (10 %)");
        assertThat(limited.ofMachine(
                        platform, platform.machine("worker3").orElseThrow().machine()))
                .extracting(Action::label)
                .doesNotContain("Demote a manager");
        assertThat(limited.ofMachine(
                        Scenes.workerKilled(),
                        Scenes.workerKilled().machine("worker3").orElseThrow().machine()))
                .isEmpty();
    }

    @Test
    void offersWhatAServiceCanBeToldAndSaysWhichOnesCannot() {
        ClusterSnapshot platform = Scenes.platform().build();
        var menu = new MoreFaults(Texts.of(Locale.ENGLISH), Map.of());
        List<Action> hello = menu.ofSelected(platform, task(platform, "hello"));
        assertThat(hello).extracting(Action::label).contains("End a container in order", "Make a service slow (2s)");
        assertThat(hello).extracting(Action::refusal).containsOnly("");
        assertThat(menu.ofSelected(platform, task(platform, "traefik")))
                .filteredOn(action -> !action.refusal().isEmpty())
                .hasSize(4)
                .extracting(Action::refusal)
                .containsOnly("Only the hello service misbehaves when it is told.");
        assertThat(menu.ofSelected(platform, Selection.NOTHING)).isEmpty();
    }

    private static Selection task(ClusterSnapshot snapshot, String image) {
        return snapshot.swarm().orElseThrow().tasks().stream()
                .filter(task -> task.live()
                        && snapshot.machine(task.nodeHostname()).orElseThrow().containers().stream()
                                .anyMatch(each -> each.id().equals(task.containerId())
                                        && each.image().contains(image)))
                .findFirst()
                .map(TaskView::id)
                .<Selection>map(Selection.OfTask::new)
                .orElseThrow();
    }
}
