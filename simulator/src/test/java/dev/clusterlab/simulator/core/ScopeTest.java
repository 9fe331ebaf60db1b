package dev.clusterlab.simulator.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final Simulation simulation = new Simulation(1, Instant.EPOCH);
    private final List<String> ran = new ArrayList<>();

    /** As a daemon that starts again and again, whose timers for lost nodes are due a day later. */
    @Test
    void whatClosesLeavesNothingBehindInTheQueue() {
        for (int life = 0; life < 1_000; life++) {
            Scope machine = Scope.root(simulation, "machine");
            Scope daemon = machine.child("daemon");
            daemon.schedule(DAY, () -> ran.add("late"));
            daemon.every(Duration.ofSeconds(1), () -> ran.add("again"));
            machine.schedule(DAY, () -> ran.add("late"));
            machine.close();
        }
        assertThat(simulation.queueLength()).isLessThan(1_000);
        simulation.runFor(DAY.multipliedBy(2));
        assertThat(ran).isEmpty();
    }

    @Test
    void whatIsScheduledAfterTheEndNeverRuns() {
        Scope scope = Scope.root(simulation, "scope");
        scope.close();
        Timer timer = scope.schedule(Duration.ofSeconds(1), () -> ran.add("ghost"));
        timer.cancel();
        assertThat(timer.pending()).isFalse();
        assertThat(simulation.queueLength()).isZero();
    }

    @Test
    void closingOneLetsOthersRunInOrder() {
        Scope parent = Scope.root(simulation, "parent");
        Scope child = parent.child("child");
        parent.schedule(Duration.ofSeconds(3), () -> ran.add("third"));
        Timer off = parent.schedule(Duration.ofSeconds(2), () -> ran.add("off"));
        child.schedule(Duration.ofSeconds(2), () -> ran.add("child"));
        parent.schedule(Duration.ofSeconds(1), () -> {
            ran.add("first");
            child.close();
            off.cancel();
        });
        simulation.runFor(Duration.ofSeconds(5));
        assertThat(ran).containsExactly("first", "third");
        parent.close();
        assertThat(simulation.nextEventNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatCameDueInAPauseIsLostWithTheScope() {
        Scope scope = Scope.root(simulation, "scope");
        scope.schedule(Duration.ofSeconds(1), () -> ran.add("held"));
        scope.pause();
        simulation.runFor(Duration.ofSeconds(2));
        scope.close();
        scope.resume();
        assertThat(ran).isEmpty();
    }
}
