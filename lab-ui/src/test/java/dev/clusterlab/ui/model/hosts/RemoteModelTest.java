package dev.clusterlab.ui.model.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.UiQueue;
import dev.clusterlab.ui.model.hosts.RemoteModel.Left;
import dev.clusterlab.ui.model.hosts.RemoteModel.Row;
import dev.clusterlab.ui.model.hosts.RemoteModel.State;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemoteModelTest {
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final FakeHosts<String> below = FakeHosts.none();
    private final RemoteModel model = new RemoteModel(below, tasks, () -> Texts.of(Locale.ENGLISH));

    @AfterEach
    void end() {
        tasks.close();
    }

    private State.Planned planned() throws InterruptedException {
        ui.until(() ->
                model.state().get() instanceof State.Planned && tasks.running().isEmpty());
        return (State.Planned) model.state().get();
    }

    private void choose(String... urls) {
        for (String url : urls) {
            assertThat(model.hosts().add(url)).isTrue();
        }
    }

    @Test
    void saysWhatALabWillDoOnEachHostBeforeAnythingIsTouched() throws InterruptedException {
        below.unfit.put("b", new LabException(LabException.Kind.REFUSED, "b is in a Swarm already.", "Watch it."));
        choose("ssh://a", "ssh://b");
        model.look();
        State.Planned planned = planned();
        assertThat(planned.rows()).extracting(Row::taken).containsExactly(true, false);
        assertThat(planned.rows().getFirst().says()).contains("a (ssh://a), which calls itself ubuntu-a");
        assertThat(planned.rows().getLast().says()).contains("in a Swarm already");
        assertThat(planned.rows().getLast().lendable()).isFalse();
        assertThat(planned.done()).contains("In the end all that is undone");
        assertThat(planned.free()).isOne();
        assertThat(planned.hosts().hosts()).extracting(Host::name).containsExactly("a", "b");
    }

    @Test
    void takesAHostWithContainersOnlyWhereItsOwnerLendsItByName() throws InterruptedException {
        below.containers.put("a", 3);
        choose("ssh://a");
        model.look();
        assertThat(planned().rows())
                .containsExactly(new Row(
                        "a",
                        "a (ssh://a) has containers (3).",
                        "Where a lab may run beside them: --take a.",
                        false,
                        true,
                        false));
        model.lend("a", true);
        State.Planned lent = planned();
        assertThat(lent.free()).isOne();
        assertThat(lent.rows().getFirst().lent()).isTrue();
        assertThat(lent.hosts().lent()).containsExactly("a");
        model.lend("a", false);
        assertThat(planned().free()).isZero();
        assertThat(below.looked).hasSize(3);
    }

    @Test
    void whoGivesUpChoosesAgainAndWhatComesLateIsForgotten() throws InterruptedException {
        below.hold();
        choose("ssh://a");
        model.look();
        ui.until(() -> below.looked.size() == 1 && !tasks.running().isEmpty());
        assertThat(model.state().get()).isEqualTo(new State.Looking("a"));
        model.cancel();
        assertThat(model.state().get()).isInstanceOf(State.Choosing.class);
        ui.until(() -> tasks.running().isEmpty());
        assertThat(model.state().get()).isInstanceOf(State.Choosing.class);
        below.letGo();
        model.look();
        assertThat(planned().free()).isOne();
    }

    @Test
    void listsLabsThatWereLeftOnHostsAndGivesTheirsBack() throws InterruptedException {
        below.left.add(new Left("5f0e1d2c", List.of("leader1", "worker1"), Instant.EPOCH));
        model.begin();
        ui.until(() -> model.left().get().size() == 1);
        model.giveBack("5f0e1d2c");
        ui.until(() -> model.left().get().isEmpty());
        assertThat(model.returned().get().orElseThrow().title())
                .contains("5f0e1d2c")
                .contains("as they were found");
    }
}
