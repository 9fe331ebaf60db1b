package dev.clusterlab.ui.model.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.UiQueue;
import dev.clusterlab.ui.model.hosts.WatchModel.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchModelTest {
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final Notifications notifications = new Notifications();
    private final FakeHosts<String> hosts =
            new FakeHosts<>(given -> given.stream().map(Host::name).collect(Collectors.joining("+")));
    private final WatchModel<String> model =
            new WatchModel<>(hosts, tasks, notifications, () -> Texts.of(Locale.ENGLISH));

    @AfterEach
    void end() {
        tasks.close();
    }

    private void choose(String... urls) {
        for (String url : urls) {
            assertThat(model.hosts().add(url)).isTrue();
        }
    }

    @Test
    void opensTheSwarmOfTheHostsThatAreChosenAndLeavesIt() throws InterruptedException {
        hosts.kept("/recordings/watch-1.jsonl");
        choose("ssh://a", "ssh://b");
        model.open();
        assertThat(model.state().get()).isEqualTo(new State.Opening("a, b"));
        ui.until(() -> model.place().get().equals(Optional.of("a+b")));
        assertThat(model.state().get()).isEqualTo(new State.Choosing(Optional.empty()));
        model.leave();
        assertThat(model.place().get()).isEmpty();
        ui.until(() -> !notifications.notices().isEmpty());
        assertThat(hosts.ended).containsExactly("a+b");
        assertThat(notifications.notices().getFirst().detail()).contains("watch-1.jsonl");
    }

    @Test
    void opensNothingWhereNoHostIsChosen() {
        model.open();
        assertThat(hosts.watched).isEmpty();
        assertThat(model.state().get()).isEqualTo(new State.Choosing(Optional.empty()));
    }

    @Test
    void saysWhyHostsAreNotWatchedAndOpensThemWhenTheyCan() throws InterruptedException {
        hosts.refuse(new LabException(LabException.Kind.REFUSED, "a (ssh://a): The host does not answer.", "See."));
        choose("ssh://a");
        model.open();
        ui.until(() -> model.state().get() instanceof State.Choosing(var trouble) && trouble.isPresent());
        assertThat(((State.Choosing) model.state().get())
                        .trouble()
                        .orElseThrow()
                        .detail())
                .contains("does not answer");
        hosts.allow();
        model.open();
        ui.until(() -> model.place().get().equals(Optional.of("a")));
    }

    @Test
    void whoGivesUpChoosesAgainAtOnce() throws InterruptedException {
        hosts.hold();
        choose("ssh://a");
        model.open();
        ui.until(() -> hosts.watched.size() == 1 && !tasks.running().isEmpty());
        model.cancel();
        assertThat(model.state().get()).isEqualTo(new State.Choosing(Optional.empty()));
        ui.until(() -> tasks.running().isEmpty());
        assertThat(model.place().get()).isEmpty();
        hosts.letGo();
        model.open();
        ui.until(() -> model.place().get().equals(Optional.of("a")));
    }

    @Test
    void opensWhatWasRecordedAsAPage() throws InterruptedException {
        hosts.kept("/recordings/watch-1.jsonl");
        List<Path> files = new ArrayList<>();
        List<Path> pages = new ArrayList<>();
        model.recordings(all -> all.forEach(recording -> files.add(recording.file())));
        ui.until(() -> !files.isEmpty());
        model.page(files.getFirst(), pages::add);
        ui.until(() -> !pages.isEmpty());
        assertThat(hosts.pages).isEqualTo(files);
        assertThat(pages.getFirst()).hasFileName("page-en.html");
    }
}
