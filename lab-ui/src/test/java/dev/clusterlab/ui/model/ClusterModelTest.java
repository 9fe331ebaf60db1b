package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.ui.model.Inspection.Action;
import dev.clusterlab.ui.model.Inspection.Deed;
import dev.clusterlab.ui.model.Inspection.Symbol;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterModelTest {
    private final FakeWorld world = new FakeWorld();
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final Notifications notifications = new Notifications();
    private final Texts texts = Texts.of(Locale.ENGLISH);
    private final ClusterModel cluster = new ClusterModel(world.observer, world.faults, tasks, ui);

    @AfterEach
    void close() {
        cluster.close();
        tasks.close();
    }

    private static Action action(Deed deed, String refusal) {
        return new Action(Symbol.KILL, "Kill", deed, "", refusal);
    }

    @Test
    void theNewestSnapshotArrives() throws InterruptedException {
        world.observer.show(Scenes.threeMachines());
        world.observer.show(Scenes.swarm());
        ui.until(() -> cluster.snapshot().get().equals(Scenes.swarm()));
    }

    @Test
    void whatIsOnAMachineWithoutPowerDoesNotCountAsRunning() throws InterruptedException {
        world.observer.show(Scenes.platform().build());
        ui.until(() -> !cluster.services().isEmpty());
        int before = running("web");
        long there = cluster.snapshot().get().swarm().orElseThrow().tasksOf("web").stream()
                .filter(task -> task.nodeHostname().equals("leader2"))
                .count();
        assertThat(there).isPositive();
        world.observer.show(Scenes.quorumLost());
        ui.until(() -> running("web") != before);
        assertThat(running("web")).isEqualTo(before - (int) there);
    }

    private int running(String service) {
        return cluster.services().stream()
                .filter(each -> each.service().name().equals(service))
                .findFirst()
                .orElseThrow()
                .tasks();
    }

    @Test
    void breaksAndHeals() throws InterruptedException {
        cluster.act(action(new Deed.Inject(new Fault.MachineKill("worker1")), ""), texts, notifications);
        ui.until(() -> !world.faults.injected.isEmpty());
        cluster.act(action(new Deed.Heal("fault-1"), ""), texts, notifications);
        ui.until(() -> !world.faults.healed.isEmpty());
        assertThat(world.faults.injected).containsExactly(new Fault.MachineKill("worker1"));
        assertThat(world.faults.healed).containsExactly("fault-1");
        assertThat(notifications.notices()).isEmpty();
    }

    @Test
    void saysWhatFailedWhyAndWhatToDo() throws InterruptedException {
        world.faults.refuse(
                new LabException(LabException.Kind.NOT_FOUND, "There is no worker1.", "List the machines."));
        cluster.act(action(new Deed.Inject(new Fault.MachineKill("worker1")), ""), texts, notifications);
        ui.until(() -> !notifications.notices().isEmpty());
        assertThat(notifications.notices())
                .containsExactly(new Notifications.Notice(
                        Notifications.Level.ERROR, "Kill failed", "There is no worker1.", "List the machines."));
    }

    @Test
    void doesNotTryWhatTheEngineCannotDo() {
        cluster.act(action(new Deed.Inject(new Fault.MachineKill("worker1")), "not here"), texts, notifications);
        assertThat(notifications.notices()).hasSize(1);
        assertThat(world.faults.injected).isEmpty();
    }

    @Test
    void listensNoMoreOnceItIsClosed() {
        cluster.close();
        assertThat(world.observer.listeners()).isZero();
    }
}
