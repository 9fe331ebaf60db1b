package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.LoginShell;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TerminalTabsTest {
    private final FakeWorld world = new FakeWorld();
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final ClusterBuilder cluster =
            new ClusterBuilder(Duration.ofMinutes(1)).machines("leader1", "worker1", "worker2");
    private final ObjectProperty<ClusterSnapshot> snapshot = new SimpleObjectProperty<>(cluster.build());
    private final List<LoginShell> opened = new ArrayList<>();
    private final TerminalTabs tabs = new TerminalTabs(world.shell, world::login, snapshot, tasks, ui, opened::add);

    @AfterEach
    void close() {
        tabs.close();
        tasks.close();
    }

    private TerminalTab open(String machine) {
        tabs.open(machine);
        return tabs.selected().get();
    }

    private void machineIs(String machine, Machine.State state) {
        snapshot.set(cluster.state(machine, state).build());
    }

    private List<String> names() {
        return tabs.all().stream().map(tab -> tab.machine().orElse("lab")).toList();
    }

    @Test
    void theLabsOwnShellIsFirstAndStays() {
        assertThat(names()).containsExactly("lab");
        tabs.close(tabs.lab());
        assertThat(names()).containsExactly("lab");
        assertThat(tabs.selected().get()).isSameAs(tabs.lab());
    }

    @Test
    void aMachineHasOneTabHoweverOftenItIsOpened() {
        TerminalTab leader = open("leader1");
        open("worker1");
        assertThat(open("leader1")).isSameAs(leader);
        assertThat(names()).containsExactly("lab", "leader1", "worker1");
        assertThat(opened).extracting(LoginShell::machine).containsExactly("leader1", "worker1");
    }

    @Test
    void eachTabHasItsOwnLinesDraftHistoryAndQueue() throws InterruptedException {
        TerminalTab leader = open("leader1");
        TerminalTab worker = open("worker1");
        leader.terminal().enter("wait");
        ui.until(() -> world.logins.getFirst().ran.contains("wait"));
        leader.terminal().enter("docker ps");
        leader.terminal().draft().set("docker no");
        worker.terminal().enter("docker info");
        ui.until(() ->
                !worker.terminal().running().get() && !worker.terminal().lines().isEmpty());
        assertThat(leader.terminal().queued()).containsExactly("docker ps");
        assertThat(worker.terminal().queued()).isEmpty();
        assertThat(worker.terminal().draft().get()).isEmpty();
        assertThat(worker.terminal().older("")).isEqualTo("docker info");
        assertThat(worker.terminal().lines())
                .containsExactly(new TerminalEntry.Printed(TerminalEntry.Source.COMMAND, "worker1 $ ", "docker info"));
        assertThat(tabs.lab().terminal().lines()).isEmpty();
        world.logins.getFirst().letGo();
        ui.until(() -> world.logins.getFirst().ran.contains("docker ps"));
    }

    @Test
    void switchesByNumberAndRoundAndRound() {
        open("leader1");
        open("worker1");
        assertThat(tabs.show(1)).isTrue();
        assertThat(tabs.selected().get()).isSameAs(tabs.lab());
        tabs.turn(-1);
        assertThat(tabs.selected().get().machine()).contains("worker1");
        tabs.turn(1);
        assertThat(tabs.selected().get()).isSameAs(tabs.lab());
        assertThat(tabs.show(4)).isFalse();
        assertThat(tabs.selected().get()).isSameAs(tabs.lab());
    }

    @Test
    void closingEndsTheShellAndShowsItsNeighbour() {
        TerminalTab leader = open("leader1");
        open("worker1");
        tabs.show(leader);
        tabs.close(leader);
        assertThat(names()).containsExactly("lab", "worker1");
        assertThat(tabs.selected().get().machine()).contains("worker1");
        assertThat(world.logins.getFirst().closed).isTrue();
    }

    @Test
    void exitLeavesTheShell() throws InterruptedException {
        open("leader1").terminal().enter("exit");
        ui.until(() -> names().equals(List.of("lab")));
        assertThat(world.logins.getFirst().closed).isTrue();
    }

    @Test
    void asksOnWhichMachineOnlyWhereThatIsAQuestion() {
        long before = tabs.asked().get();
        tabs.ask(Optional.of("worker2"));
        assertThat(names()).containsExactly("lab", "worker2");
        tabs.ask(Optional.empty());
        assertThat(tabs.asked().get()).isEqualTo(before + 1);
        machineIs("leader1", Machine.State.KILLED);
        machineIs("worker2", Machine.State.KILLED);
        tabs.ask(Optional.of("leader1"));
        assertThat(names()).as("the only one that runs").containsExactly("lab", "worker2", "worker1");
    }

    @Test
    void aMachineThatGoesForgetsWhatWasTypedAheadAndSaysSoWhenItIsBack() throws InterruptedException {
        TerminalTab leader = open("leader1");
        leader.terminal().enter("wait");
        ui.until(() -> world.logins.getFirst().ran.contains("wait"));
        leader.terminal().enter("docker ps");
        machineIs("leader1", Machine.State.KILLED);
        assertThat(leader.open()).isFalse();
        assertThat(leader.terminal().queued()).isEmpty();
        machineIs("leader1", Machine.State.RUNNING);
        assertThat(leader.open()).isTrue();
        ui.until(() -> leader.terminal().lines().contains(new TerminalEntry.Returned()));
        world.logins.getFirst().letGo();
        ui.until(() -> !leader.terminal().running().get());
        assertThat(world.logins.getFirst().ran).containsExactly("wait");
    }

    @Test
    void aFrozenMachineForgetsNothing() throws InterruptedException {
        TerminalTab leader = open("leader1");
        leader.terminal().enter("wait");
        ui.until(() -> world.logins.getFirst().ran.contains("wait"));
        leader.terminal().enter("docker ps");
        machineIs("leader1", Machine.State.PAUSED);
        assertThat(leader.open()).isFalse();
        machineIs("leader1", Machine.State.RUNNING);
        world.logins.getFirst().letGo();
        ui.until(() -> world.logins.getFirst().ran.contains("docker ps"));
        assertThat(leader.terminal().lines()).doesNotContain(new TerminalEntry.Returned());
    }

    @Test
    void aRemovedMachinesTabWaitsForOneOfItsName() {
        TerminalTab leader = open("leader1");
        ClusterSnapshot before = snapshot.get();
        snapshot.set(ClusterSnapshot.empty(before.time()));
        assertThat(leader.state().get()).isEmpty();
        assertThat(names()).containsExactly("lab", "leader1");
        snapshot.set(before);
        assertThat(leader.open()).isTrue();
    }

    @Test
    void inAnotherClusterOneIsLoggedInAnewOnMachinesOfTheSameNames() throws InterruptedException {
        open("worker2");
        open("worker1");
        tabs.open("worker2");
        var next = new SimpleObjectProperty<>(new ClusterBuilder(Duration.ofMinutes(1))
                .machines("leader1", "worker2")
                .build());
        try (var others = new TerminalTabs(world.shell, world::login, next, tasks, ui, opened::add)) {
            others.logInAnew(tabs.logins());
            assertThat(others.all())
                    .extracting(TerminalTab::machine)
                    .containsExactly(Optional.empty(), Optional.of("worker2"));
            TerminalTab worker = others.selected().get();
            assertThat(worker.machine()).contains("worker2");
            ui.until(() -> worker.terminal().lines().equals(List.of(new TerminalEntry.Anew())));
            assertThat(others.wanted().get()).as("nobody is led there").isZero();
            assertThat(opened).hasSize(3);
        }
        assertThat(tabs.logins().selected()).contains("worker2");
    }

    @Test
    void aCommandThatMustWaitForAnotherShellSaysWhatComesNext() throws InterruptedException {
        TerminalTab leader = open("leader1");
        world.logins.getFirst().takeTurnsWith(world.shell);
        tabs.lab().terminal().enter("wait");
        ui.until(() -> tabs.lab().terminal().begun().get());
        leader.terminal().enter("docker ps");
        assertThat(leader.terminal().running().get()).isTrue();
        assertThat(leader.terminal().begun().get()).isFalse();
        assertThat(leader.terminal().script()).isEqualTo("docker ps");
        world.shell.letGo();
        ui.until(() -> world.logins.getFirst().ran.contains("docker ps"));
    }
}
