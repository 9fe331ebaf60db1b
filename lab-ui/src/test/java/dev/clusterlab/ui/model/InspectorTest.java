package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.ui.model.Inspection.Action;
import dev.clusterlab.ui.model.Inspection.Deed;
import dev.clusterlab.ui.model.Inspection.Symbol;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InspectorTest {
    private final Inspector inspector = new Inspector(Texts.of(Locale.ENGLISH), Map.of());

    private List<Symbol> symbols(ClusterSnapshot snapshot, String machine) {
        return inspector.inspect(snapshot, new Selection.OfMachine(machine)).actions().stream()
                .map(Action::symbol)
                .toList();
    }

    @Test
    void offersWhatCanBeDoneToAMachineInItsState() {
        ClusterSnapshot platform = Scenes.platform().build();
        assertThat(symbols(platform, "worker3"))
                .containsExactly(Symbol.SHELL, Symbol.KILL, Symbol.STOP, Symbol.PAUSE, Symbol.CUT, Symbol.REMOVE);
        assertThat(symbols(Scenes.workerKilled(), "worker3")).containsExactly(Symbol.START, Symbol.REMOVE);
        assertThat(symbols(Scenes.manyTroubles(), "worker1")).containsExactly(Symbol.RESUME, Symbol.REMOVE);
        assertThat(symbols(Scenes.partitioned(), "leader1"))
                .contains(Symbol.HEAL)
                .doesNotContain(Symbol.CUT);
    }

    @Test
    void asksBeforeWhatCannotBeTakenBack() {
        List<Action> actions = inspector
                .inspect(Scenes.platform().build(), new Selection.OfMachine("worker3"))
                .actions();
        assertThat(actions.stream().filter(Action::destructive).map(Action::symbol))
                .containsExactly(Symbol.REMOVE);
        assertThat(actions.stream().filter(Action::harmful).map(Action::symbol))
                .containsExactly(Symbol.KILL, Symbol.STOP, Symbol.REMOVE);
        assertThat(actions.getFirst().machine()).isEqualTo("worker3");
    }

    @Test
    void cutsOneMachineOffFromAllOthers() {
        Action cut = inspector.inspect(Scenes.threeMachines(), new Selection.OfMachine("worker1")).actions().stream()
                .filter(a -> a.symbol() == Symbol.CUT)
                .findFirst()
                .orElseThrow();
        assertThat(cut.deed())
                .isInstanceOfSatisfying(
                        Deed.Inject.class,
                        inject -> assertThat(inject.fault())
                                .isInstanceOfSatisfying(
                                        Fault.NetworkPartition.class,
                                        partition -> assertThat(partition.groups())
                                                .containsExactly(
                                                        java.util.Set.of("worker1"),
                                                        java.util.Set.of("leader1", "worker2"))));
    }

    @Test
    void saysWhyAnEngineCannotDoSomething() {
        var limited = new Inspector(Texts.of(Locale.ENGLISH), Map.of(FaultKind.MACHINE_PAUSE, "no freezer here"));
        assertThat(limited.inspect(Scenes.platform().build(), new Selection.OfMachine("worker3"))
                        .actions())
                .filteredOn(a -> !a.refusal().isEmpty())
                .extracting(Action::refusal)
                .containsExactly("no freezer here");
    }

    @Test
    void saysOfAMachineThatNobodyCanSwitchOffThatItIsCutOffInBothLanguages() {
        var selected = new Selection.OfMachine("worker3");
        assertThat(inspector.inspect(Scenes.workerCutOff(), selected).toString())
                .contains("cut off, not switched off", "nobody has given a command for that");
        var french = new Inspector(Texts.of(Locale.FRENCH), Map.of());
        assertThat(french.inspect(Scenes.workerCutOff(), selected).toString()).contains("coupée, pas éteinte");
        assertThat(inspector.inspect(Scenes.workerKilled(), selected).toString())
                .contains("killed");
    }

    @Test
    void everyFaultInForceCanBeHealedFromTheOverview() {
        Inspection overview = inspector.inspect(Scenes.partitioned(), Selection.NOTHING);
        assertThat(overview.actions())
                .extracting(Action::deed)
                .containsExactly(
                        new Deed.Heal("fault-2"),
                        new Deed.GoBack(Scenes.partitioned().faults().getFirst()));
    }

    @Test
    void saysWhatIsStillBrokenOnceEveryFaultIsHealed() {
        ClusterSnapshot broken = Scenes.workerKilled();
        var last = Optional.of(broken.faults().getFirst());
        ClusterSnapshot healed = Scenes.platform().down("worker3").build();
        Inspection overview = inspector.inspect(healed, Selection.NOTHING, last);
        assertThat(overview.sections().getFirst().title()).isEqualTo("Not as before, and the way back");
        assertThat(overview.sections().getFirst().facts().getFirst().label())
                .isEqualTo("The node worker3 is down, though its machine runs.");
        assertThat(overview.actions()).extracting(Action::deed).containsExactly(new Deed.GoBack(last.get()));
        assertThat(inspector.inspect(healed, Selection.NOTHING, Optional.empty()))
                .as("nobody broke anything")
                .isEqualTo(inspector.inspect(healed, Selection.NOTHING));
        assertThat(inspector.inspect(broken, Selection.NOTHING, last))
                .as("it is still broken on purpose")
                .isEqualTo(inspector.inspect(broken, Selection.NOTHING));
    }

    @Test
    void aFrozenContainerIsThawedFromItsOwnMenu() {
        var builder = Scenes.platform();
        TaskView task = builder.build().swarm().orElseThrow().tasksOf("web").getFirst();
        ClusterSnapshot frozen = builder.frozen(task.containerId())
                .fault(
                        "fault-7",
                        new Fault.ContainerPause(task.nodeHostname(), "short", Inspector.CONTAINER_PAUSE_LEASE),
                        new Target.OfContainer(task.nodeHostname(), task.containerId(), "web.1." + task.id()))
                .build();
        assertThat(inspector.inspect(frozen, new Selection.OfTask(task.id())).actions())
                .singleElement()
                .satisfies(thaw -> {
                    assertThat(thaw.symbol()).isEqualTo(Symbol.HEAL);
                    assertThat(thaw.deed()).isEqualTo(new Deed.Heal("fault-7"));
                    assertThat(thaw.label()).startsWith("Unfreeze web.1");
                });
    }

    @Test
    void aFaultThatEndsByItselfCanBeExtendedFromTheOverview() {
        assertThat(inspector.inspect(Scenes.twoFaults(), Selection.NOTHING).actions())
                .filteredOn(action -> action.symbol() == Symbol.EXTEND)
                .singleElement()
                .satisfies(action -> {
                    assertThat(action.deed()).isEqualTo(new Deed.Extend("fault-4", Duration.ofMinutes(1)));
                    assertThat(action.label()).startsWith("One minute longer: worker1");
                });
    }

    @Test
    void twoFaultsOfOneKindAreToldApartByTheirTarget() {
        ClusterSnapshot two = Scenes.platform()
                .fault("fault-1", new Fault.MachineKill("worker1"), new Target.OfMachine("worker1"))
                .fault("fault-2", new Fault.MachineKill("worker2"), new Target.OfMachine("worker2"))
                .build();
        assertThat(inspector.inspect(two, Selection.NOTHING).actions())
                .extracting(Action::label)
                .containsExactly("Power worker1 on", "Power worker2 on", "Back to before: worker1 without power");
    }

    @Test
    void aTaskKnowsItsLogItsCatalogEntryAndHowToBreakIt() {
        ClusterSnapshot platform = Scenes.platform().build();
        TaskView task = platform.swarm().orElseThrow().tasksOf("web").getFirst();
        Inspection inspection = inspector.inspect(platform, new Selection.OfTask(task.id()));
        assertThat(inspection.logs()).contains(new Inspection.LogTarget("leader1", task.containerId()));
        assertThat(inspection.actions()).extracting(Action::symbol).containsExactly(Symbol.KILL, Symbol.PAUSE);
        assertThat(inspection.sections())
                .anySatisfy(
                        s -> assertThat(s.facts()).contains(new Inspection.Fact("Instance", "democonsul:instance_1")));
    }

    @Test
    void aKilledMachineIsSaidToBeKilledAndItsDaemonSilent() {
        Inspection inspection = inspector.inspect(Scenes.workerKilled(), new Selection.OfMachine("worker3"));
        assertThat(inspection.state()).isEqualTo("killed");
        assertThat(inspection.sections())
                .anySatisfy(s -> assertThat(s.facts()).contains(new Inspection.Fact("Daemon", "does not answer")));
    }

    @Test
    void showsTheClusterWhenWhatWasSelectedIsGone() {
        assertThat(inspector
                        .inspect(Scenes.threeMachines(), new Selection.OfMachine("gone"))
                        .title())
                .isEqualTo("The cluster");
        assertThat(Scenes.threeMachines()
                        .machine("leader1")
                        .orElseThrow()
                        .machine()
                        .state())
                .isEqualTo(Machine.State.RUNNING);
    }

    @Test
    void aServiceListsItsTasksAndARouterItsServers() {
        ClusterSnapshot platform = Scenes.platform().build();
        assertThat(inspector
                        .inspect(platform, new Selection.OfService("web"))
                        .sections()
                        .getLast()
                        .facts())
                .hasSize(10);
        Inspection proxy = inspector.inspect(platform, new Selection.OfProxy("leader2"));
        assertThat(proxy.state()).isEqualTo("one router");
        assertThat(proxy.sections().getLast().facts()).hasSize(10);
    }
}
