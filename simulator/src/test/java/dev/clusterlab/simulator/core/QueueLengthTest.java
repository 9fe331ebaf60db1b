package dev.clusterlab.simulator.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The event queue holds what is to come, not what was cancelled. */
class QueueLengthTest {
    @Test
    void cancelledTimersDoNotWaitUntilTheyAreDue() {
        var simulation = new Simulation(1, Instant.EPOCH);
        for (int i = 0; i < 100; i++) {
            simulation.schedule(Duration.ofDays(1), () -> {});
        }
        for (int i = 0; i < 100_000; i++) {
            Timer timer = simulation.schedule(Duration.ofHours(1), () -> {});
            timer.cancel();
            timer.cancel();
        }
        assertThat(simulation.queueLength()).isLessThan(1_000);
    }

    @Test
    void whatIsLeftRunsInItsOrder() {
        var simulation = new Simulation(1, Instant.EPOCH);
        var expected = new ArrayList<Integer>();
        var ran = new ArrayList<Integer>();
        var timers = new ArrayList<Timer>();
        for (int i = 0; i < 5_000; i++) {
            int number = i;
            timers.add(simulation.schedule(Duration.ofSeconds(10 + i / 100), () -> ran.add(number)));
        }
        for (int i = 0; i < 5_000; i++) {
            if (i % 5 == 0) {
                expected.add(i);
            } else {
                timers.get(i).cancel();
            }
        }
        simulation.runFor(Duration.ofMinutes(2));
        assertThat(ran).isEqualTo(List.copyOf(expected));
        assertThat(simulation.queueLength()).isZero();
    }
}
