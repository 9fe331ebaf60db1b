package dev.clusterlab.provisioning.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.FakeEngine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Way;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FaultServiceTest {
    private final FakeEngine engine = new FakeEngine();
    private final FaultService faults = new FaultService(engine, System::nanoTime);

    @AfterEach
    void close() {
        faults.close();
        engine.close();
    }

    @Test
    void aLeaseEndsThoughNobodyWaits() {
        engine.createMachine("worker1");
        faults.inject(new Fault.MachinePause("worker1", Optional.of(Duration.ofSeconds(20))));
        assertThat(faults.active()).hasSize(1);
        engine.clock.advance(Duration.ofSeconds(19));
        assertThat(engine.machine("worker1").orElseThrow().state()).isEqualTo(Machine.State.PAUSED);
        engine.clock.advance(Duration.ofSeconds(1));
        assertThat(engine.machine("worker1").orElseThrow().state()).isEqualTo(Machine.State.RUNNING);
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void healingEarlyCallsTheLeaseOff() {
        faults.inject(
                new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b", "c")), Optional.of(Duration.ofSeconds(5))));
        assertThat(faults.active().get(0).target())
                .isEqualTo(new Target.OfGroups(List.of(List.of("a"), List.of("b", "c")), false));
        faults.heal("fault-1");
        engine.clock.advance(Duration.ofSeconds(10));
        assertThat(engine.done).containsExactly("begin f1", "end f1");
    }

    private Machine.State worker1() {
        return engine.machine("worker1").orElseThrow().state();
    }

    @Test
    void aLeaseThatIsExtendedEndsLaterAndOnlyOnce() {
        engine.createMachine("worker1");
        List<String> heard = new ArrayList<>();
        faults.listen(new FaultListener() {
            @Override
            public void injected(ActiveFault fault, boolean momentary) {}

            @Override
            public void extended(ActiveFault fault) {
                heard.add("extended " + fault.id());
            }

            @Override
            public void ended(ActiveFault fault) {
                heard.add("ended " + fault.id());
            }
        });
        String id = faults.inject(new Fault.MachinePause("worker1", Optional.of(Duration.ofSeconds(20))));
        Instant until = faults.active().getFirst().until().orElseThrow();
        engine.clock.advance(Duration.ofSeconds(5));
        assertThat(faults.extend(id, Duration.ofSeconds(60)).until()).contains(until.plusSeconds(60));
        assertThat(faults.extend(id, Duration.ofSeconds(10)).until()).contains(until.plusSeconds(70));
        assertThat(faults.active().getFirst().until()).contains(until.plusSeconds(70));
        engine.clock.advance(Duration.ofSeconds(84));
        assertThat(worker1()).isEqualTo(Machine.State.PAUSED);
        engine.clock.advance(Duration.ofSeconds(1));
        assertThat(worker1()).isEqualTo(Machine.State.RUNNING);
        assertThat(faults.active()).isEmpty();
        engine.clock.advance(Duration.ofMinutes(5));
        assertThat(heard).containsExactly("extended " + id, "extended " + id, "ended " + id);
    }

    @Test
    void aFaultIsEndingUntilItsTargetHasDoneIt() {
        List<String> heard = new ArrayList<>();
        faults.listen(new FaultListener() {
            @Override
            public void injected(ActiveFault fault, boolean momentary) {}

            @Override
            public void extended(ActiveFault fault) {}

            @Override
            public void ended(ActiveFault fault) {
                heard.add("ended " + fault.id());
            }
        });
        String id = faults.inject(
                new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b")), Optional.of(Duration.ofSeconds(5))));
        var healed = new CompletableFuture<Healing>();
        engine.whileEnding = () -> {
            engine.whileEnding = () -> {};
            assertThat(faults.active()).singleElement().matches(ActiveFault::ending);
            assertThatThrownBy(() -> faults.extend(id, Duration.ofMinutes(1))).isInstanceOf(LabException.class);
            Thread.ofVirtual().start(() -> healed.complete(faults.heal(id)));
            assertThat(healed).isNotDone();
            assertThat(heard).isEmpty();
        };
        engine.clock.advance(Duration.ofSeconds(5));
        assertThat(healed.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(Healing.WHOLE);
        assertThat(faults.active()).isEmpty();
        assertThat(heard).containsExactly("ended " + id);
    }

    @Test
    void theEndOfALeaseIsTriedAgainUntilAMachineLetsItselfBeMended() {
        faults.inject(
                new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b")), Optional.of(Duration.ofSeconds(5))));
        engine.refusesToEnd = true;
        engine.clock.advance(Duration.ofSeconds(6));
        assertThat(faults.active()).singleElement().matches(fault -> !fault.ending());
        engine.refusesToEnd = false;
        engine.clock.advance(Duration.ofSeconds(5));
        assertThat(faults.active()).isEmpty();
        assertThat(engine.cutWays()).isEmpty();
    }

    @Test
    void healingCallsOffALeaseThatWasExtended() {
        engine.createMachine("worker1");
        String id = faults.inject(new Fault.MachinePause("worker1", Optional.of(Duration.ofSeconds(20))));
        faults.extend(id, Duration.ofSeconds(60));
        engine.clock.advance(Duration.ofSeconds(30));
        faults.heal(id);
        assertThat(worker1()).isEqualTo(Machine.State.RUNNING);
        faults.inject(new Fault.MachinePause("worker1", Optional.empty()));
        engine.clock.advance(Duration.ofMinutes(5));
        assertThat(worker1()).as("another fault is not ended by it").isEqualTo(Machine.State.PAUSED);
    }

    @Test
    void refusesToExtendWhatHasNoLeaseOrIsOver() {
        engine.createMachine("worker1");
        String id = faults.inject(new Fault.MachinePause("worker1", Optional.empty()));
        assertThatThrownBy(() -> faults.extend(id, Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.REFUSED));
        faults.heal(id);
        assertThatThrownBy(() -> faults.extend(id, Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.NOT_FOUND));
        assertThatThrownBy(() -> faults.extend(id, Duration.ZERO))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.INPUT));
    }

    @Test
    void onePartitionEndsAndTheOtherStays() {
        faults.inject(new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b", "c")), Optional.empty()));
        faults.inject(new Fault.NetworkPartition(List.of(Set.of("a", "b"), Set.of("c")), Optional.empty()));
        faults.heal("fault-1");
        assertThat(faults.active()).extracting(ActiveFault::id).containsExactly("fault-2");
        assertThat(engine.cutWays())
                .containsExactly(new Way("a", "c"), new Way("b", "c"), new Way("c", "a"), new Way("c", "b"));
    }

    @Test
    void healingTheNetworkEndsEveryPartitionAndItsLease() {
        faults.inject(
                new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b")), Optional.of(Duration.ofSeconds(5))));
        faults.inject(new Fault.NetworkPartition(List.of(Set.of("b"), Set.of("c")), Optional.empty()));
        faults.inject(new Fault.NetworkHeal());
        engine.clock.advance(Duration.ofSeconds(10));
        assertThat(faults.active()).isEmpty();
        assertThat(engine.done).containsExactly("begin f1", "begin f2", "end f1", "end f2");
    }

    @Test
    void aKilledMachineIsAFaultUntilItRunsAgain() {
        engine.createMachine("worker1");
        faults.inject(new Fault.MachineKill("worker1"));
        assertThat(faults.active()).hasSize(1);
        engine.startMachine("worker1");
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void aLeaseOnSomethingThatIsGoneEndsQuietly() {
        engine.createMachine("worker1");
        faults.inject(new Fault.MachinePause("worker1", Optional.of(Duration.ofSeconds(20))));
        engine.removeMachine("worker1");
        engine.clock.advance(Duration.ofSeconds(30));
        assertThat(faults.active()).isEmpty();
    }

    /** An engine that keeps leases on its own thread lets a cancellation wait while that thread ends another lease. */
    @Test
    void callingALeaseOffLetsAnotherFaultEndMeanwhile() {
        engine.createMachine("worker1");
        faults.inject(new Fault.MachinePause("worker1", Optional.of(Duration.ofSeconds(20))));
        String cut = faults.inject(new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b")), Optional.empty()));
        engine.unpauseMachine("worker1");
        var ended = new CompletableFuture<Boolean>();
        engine.clock.onCancel = () -> {
            Thread.ofVirtual().start(() -> {
                faults.heal(cut);
                ended.complete(true);
            });
            ended.completeOnTimeout(false, 5, TimeUnit.SECONDS).join();
        };
        assertThat(faults.active()).isNotNull();
        assertThat(ended).isCompletedWithValue(true);
        engine.clock.onCancel = () -> {};
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void aCutThatAMachineDoesNotOpenStaysInForceUntilItDoes() {
        String id = faults.inject(new Fault.NetworkPartition(List.of(Set.of("a"), Set.of("b")), Optional.empty()));
        engine.refusesToEnd = true;
        assertThatThrownBy(() -> faults.heal(id)).hasMessageContaining("does not open");
        assertThat(faults.active())
                .singleElement()
                .satisfies(cut -> assertThat(cut.id()).isEqualTo(id));
        engine.refusesToEnd = false;
        faults.heal(id);
        assertThat(faults.active()).isEmpty();
        assertThat(engine.cutWays()).isEmpty();
    }

    @Test
    void oneWayLosesWhatGoesThatWayOnly() {
        String id = faults.inject(new Fault.NetworkOneWay(Set.of("a"), Set.of("b", "c"), Optional.empty()));
        assertThat(engine.cutWays()).containsExactly(new Way("a", "b"), new Way("a", "c"));
        assertThat(faults.active().getFirst().target())
                .isEqualTo(new Target.OfGroups(List.of(List.of("a"), List.of("b", "c")), true));
        faults.heal(id);
        assertThat(engine.cutWays()).isEmpty();
    }

    @Test
    void saysWhatTheDaemonSaid() {
        engine.createMachine("worker1");
        engine.daemon("worker1").refuse("/containers/nope/json", 404, "No such container: nope");
        assertThatThrownBy(() -> faults.inject(new Fault.ContainerKill("worker1", "nope")))
                .isInstanceOfSatisfying(LabException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LabException.Kind.NOT_FOUND);
                    assertThat(e).hasMessage("No such container: nope");
                });
    }

    @Test
    void pausesAndThawsAContainer() {
        engine.createMachine("worker1");
        engine.daemon("worker1")
                .reply("/containers/abc/json", "{\"Id\":\"abcdef\",\"Name\":\"/web.1.t1\"}")
                .reply("/containers/abcdef/pause", "")
                .reply("/containers/abcdef/unpause", "");
        faults.inject(new Fault.ContainerPause("worker1", "abc", Duration.ofSeconds(3)));
        engine.clock.advance(Duration.ofSeconds(3));
        assertThat(engine.daemon("worker1").requests())
                .anyMatch(r -> r.startsWith("POST") && r.contains("/abcdef/unpause"));
        assertThat(faults.active()).isEmpty();
    }
}
