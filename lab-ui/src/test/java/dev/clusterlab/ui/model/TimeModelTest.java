package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.EngineClock.Pace;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeModelTest {
    private final FakeWorld world = new FakeWorld();
    private final UiQueue ui = new UiQueue();
    private final TaskRunner tasks = new TaskRunner(ui);
    private final TimeModel time = new TimeModel(world.clock, tasks);

    @Test
    void saysByHowMuchTimeIsLateWhereSomebodyWouldNotice() {
        world.clock.lag(Duration.ofMillis(249));
        assertThat(time.lag()).isZero();
        world.clock.lag(Duration.ofMillis(1200));
        assertThat(time.lag()).isEqualTo(Duration.ofMillis(1200));
    }

    @Test
    void goesOnAtTheSpeedBeforeThePause() {
        time.faster(16);
        time.toggle();
        assertThat(time.paused()).isTrue();
        assertThat(world.clock.pace()).isEqualTo(new Pace.Paused());
        time.toggle();
        assertThat(world.clock.pace()).isEqualTo(new Pace.Times(16));
    }

    @Test
    void aStepIsOneSecondThenAPause() throws InterruptedException {
        time.step();
        ui.until(time::paused);
        assertThat(world.clock.elapsed()).isEqualTo(Duration.ofSeconds(1));
        time.toggle();
        assertThat(world.clock.pace()).isEqualTo(new Pace.Times(1));
    }

    @Test
    void leavesAClockAloneThatCannotBeSet() {
        world.clock.fix();
        time.toggle();
        time.faster(4);
        time.step();
        assertThat(time.adjustable()).isFalse();
        assertThat(world.clock.pace()).isEqualTo(new Pace.Times(1));
        assertThat(world.clock.elapsed()).isEqualTo(Duration.ZERO);
    }
}
