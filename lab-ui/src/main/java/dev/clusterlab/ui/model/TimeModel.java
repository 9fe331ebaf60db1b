package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.EngineClock.Pace;
import java.time.Duration;
import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The time of the engine: read, paused, stepped, hurried. */
public final class TimeModel {
    public static final List<Double> FACTORS = List.of(1.0, 4.0, 16.0);
    /** One single step. */
    public static final Duration STEP = Duration.ofSeconds(1);

    /** What nobody notices need not be shown. */
    public static final Duration LAG_SHOWN = Duration.ofMillis(250);

    private final EngineClock clock;
    private final TaskRunner tasks;
    private final ReadOnlyObjectWrapper<Pace> pace = new ReadOnlyObjectWrapper<>();
    private Pace resumeTo = new Pace.Times(1);
    private boolean stepping;

    public TimeModel(EngineClock clock, TaskRunner tasks) {
        this.clock = clock;
        this.tasks = tasks;
        pace.set(clock.pace());
        if (!(clock.pace() instanceof Pace.Paused)) {
            resumeTo = clock.pace();
        }
    }

    public boolean adjustable() {
        return clock.adjustable();
    }

    public ReadOnlyObjectProperty<Pace> pace() {
        return pace.getReadOnlyProperty();
    }

    public boolean paused() {
        return pace.get() instanceof Pace.Paused;
    }

    public Duration elapsed() {
        return clock.elapsed();
    }

    /** By how much of wall-clock time the cluster's time is late; zero below {@link #LAG_SHOWN}. */
    public Duration lag() {
        Duration lag = clock.lag();
        return lag.compareTo(LAG_SHOWN) < 0 ? Duration.ZERO : lag;
    }

    public void faster(double factor) {
        set(new Pace.Times(factor));
    }

    /** Pauses, or goes on at the pace before. */
    public void toggle() {
        set(paused() ? resumeTo : new Pace.Paused());
    }

    /** Lets one second of engine time pass, then pauses. */
    public void step() {
        if (!clock.adjustable() || stepping) {
            return;
        }
        stepping = true;
        tasks.run(
                "step",
                () -> {
                    clock.setPace(new Pace.Times(4));
                    try {
                        clock.sleep(STEP);
                    } finally {
                        clock.setPace(new Pace.Paused());
                    }
                    return true;
                },
                done -> stepped(),
                failure -> stepped());
    }

    private void stepped() {
        stepping = false;
        pace.set(clock.pace());
    }

    private void set(Pace wanted) {
        if (!clock.adjustable()) {
            return;
        }
        if (!(wanted instanceof Pace.Paused)) {
            resumeTo = wanted;
        }
        clock.setPace(wanted);
        pace.set(wanted);
    }
}
