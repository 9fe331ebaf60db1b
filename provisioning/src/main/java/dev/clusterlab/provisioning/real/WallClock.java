package dev.clusterlab.provisioning.real;

import dev.clusterlab.provisioning.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/** The time of this computer, which real machines share. It can be neither stopped nor hurried. */
public final class WallClock implements EngineClock {
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final InstantSource source;
    private final ChangeCounter changes;
    private final long beganNanos = System.nanoTime();

    public WallClock(InstantSource source, ChangeCounter changes) {
        this.source = source;
        this.changes = changes;
    }

    @Override
    public Instant now() {
        return source.instant();
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (true) {
            long seen = changes.count();
            if (condition.getAsBoolean()) {
                return true;
            }
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            changes.awaitBeyond(seen, Math.min(leftMillis, LOOK_AGAIN_MILLIS));
        }
    }

    @Override
    public boolean adjustable() {
        return false;
    }

    @Override
    public Pace pace() {
        return new Pace.Times(1);
    }

    @Override
    public void setPace(Pace pace) {
        throw new UnsupportedOperationException("Real machines live in real time");
    }
}
