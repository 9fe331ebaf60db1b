package dev.clusterlab.ui.model.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.UiQueue;
import dev.clusterlab.ui.model.hosts.HostRow.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostsModelTest {
    @TempDir
    Path folder;

    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final FakeHosts<String> known = FakeHosts.<String>none().some();
    private final HostsModel model = new HostsModel(known::find, tasks, () -> Texts.of(Locale.ENGLISH));

    @AfterEach
    void end() {
        tasks.close();
    }

    private void look() throws InterruptedException {
        model.look();
        ui.until(() -> !model.state().get().rows().isEmpty());
    }

    private int number(String name) {
        return model.state().get().rows().stream()
                .filter(row -> row.host().name().equals(name))
                .findFirst()
                .orElseThrow()
                .number();
    }

    @Test
    void listsWhatThisComputerKnowsAndWhyTheRestIsSkipped() throws InterruptedException {
        look();
        assertThat(model.state().get().rows())
                .extracting(HostRow::origin)
                .containsExactly(Origin.CONTEXT, Origin.CONTEXT, Origin.MACHINE);
        assertThat(model.state().get().skipped()).hasSize(2);
        assertThat(model.state().get().chosen()).isEmpty();
    }

    @Test
    void addsWhatIsTypedUnderANameOfItsOwnAndChoosesIt() throws InterruptedException {
        look();
        assertThat(model.add(" ssh://lab@Prod.example.com ")).isTrue();
        assertThat(model.add("a=ssh://lab@192.0.2.1,b=unix:///run/docker.sock")).isTrue();
        assertThat(model.add("tcp://127.0.0.1:2375")).isTrue();
        assertThat(model.state().get().chosen())
                .extracting(Host::name)
                .containsExactly("prod-2", "a", "b", "127-0-0-1");
    }

    @Test
    void saysWhatIsWrongWithAnAddressAndKeepsTheRest() throws InterruptedException {
        look();
        assertThat(model.add("ssh//nobody")).isFalse();
        assertThat(model.state().get().trouble().orElseThrow().detail()).contains("not the address of a host");
        assertThat(model.add("tcp://192.0.2.1")).isFalse();
        assertThat(model.state().get().trouble().orElseThrow().detail()).contains("without certificates");
        assertThat(model.state().get().rows()).hasSize(3);
        model.choose(number("prod"), true);
        assertThat(model.state().get().trouble()).isEmpty();
    }

    @Test
    void takesTheHostsOfAFileAndSaysWhereOneIsWrong() throws IOException {
        Path file = Files.writeString(folder.resolve("hosts.yaml"), """
                hosts:
                  leader1:
                    url: ssh://lab@192.0.2.11
                  worker1:
                    url: ssh://lab@192.0.2.21
                """);
        assertThat(model.addFile(file)).isTrue();
        assertThat(model.state().get().chosen()).extracting(Host::name).containsExactly("leader1", "worker1");
        model.remove(number("leader1"));
        assertThat(model.state().get().chosen()).extracting(Host::name).containsExactly("worker1");
        Files.writeString(file, "hosts:\n  a:\n    link: ssh://b\n");
        assertThat(model.addFile(file)).isFalse();
        assertThat(model.state().get().trouble().orElseThrow().detail()).contains("hosts.yaml:");
    }

    @Test
    void callsAHostOtherwiseButNotAsAnotherOne() throws InterruptedException {
        look();
        model.rename(number("prod"), "leader1");
        model.choose(number("leader1"), true);
        model.rename(number("school"), "leader1");
        assertThat(model.state().get().trouble().orElseThrow().detail()).contains("Two hosts are called leader1");
        model.rename(number("school"), "Not a name");
        assertThat(model.state().get().trouble()).isPresent();
        assertThat(model.state().get().chosen()).extracting(Host::name).containsExactly("leader1");
    }

    @Test
    void keepsWhatIsChosenWhenItLooksAgain() throws InterruptedException {
        look();
        model.choose(number("prod"), true);
        model.add("ssh://other");
        known.found.removeLast();
        model.look();
        ui.until(() -> model.state().get().rows().size() == 3);
        assertThat(model.state().get().chosen()).extracting(Host::name).containsExactly("prod", "other");
    }
}
