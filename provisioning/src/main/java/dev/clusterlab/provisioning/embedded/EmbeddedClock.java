package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.endpoints.SimulationDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** The simulation's clock. */
final class EmbeddedClock implements EngineClock {
    private static final double FACTOR_MAX = 64;

    private final SimulationDriver driver;

    EmbeddedClock(SimulationDriver driver) {
        this.driver = driver;
    }

    static dev.clusterlab.simulator.endpoints.Pace inside(Pace pace) {
        return switch (pace) {
            case Pace.Times(double factor) -> {
                if (!(factor > 0) || factor > FACTOR_MAX) {
                    throw new LabException(
                            LabException.Kind.INPUT,
                            "Time cannot go " + factor + " times as fast.",
                            "Choose a factor greater than 0, at most " + (int) FACTOR_MAX + ".");
                }
                yield new dev.clusterlab.simulator.endpoints.Pace.Times(factor);
            }
            case Pace.Paused() -> new dev.clusterlab.simulator.endpoints.Pace.Paused();
            case Pace.OnDemand() -> new dev.clusterlab.simulator.endpoints.Pace.OnDemand();
        };
    }

    @Override
    public Instant now() {
        return driver.now();
    }

    @Override
    public Duration elapsed() {
        return driver.elapsed();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        driver.sleep(duration);
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        return driver.await(condition, limit);
    }

    @Override
    public AutoCloseable schedule(Duration delay, Runnable action) {
        Timer timer = driver.call(() -> driver.simulation().schedule(delay, action));
        return () -> driver.run(timer::cancel);
    }

    @Override
    public boolean adjustable() {
        return true;
    }

    @Override
    public Pace pace() {
        return switch (driver.pace()) {
            case dev.clusterlab.simulator.endpoints.Pace.Times(double factor) -> new Pace.Times(factor);
            case dev.clusterlab.simulator.endpoints.Pace.Paused() -> new Pace.Paused();
            case dev.clusterlab.simulator.endpoints.Pace.OnDemand() -> new Pace.OnDemand();
        };
    }

    @Override
    public Duration lag() {
        return driver.lag();
    }

    @Override
    public void setPace(Pace pace) {
        driver.setPace(inside(pace));
    }
}
