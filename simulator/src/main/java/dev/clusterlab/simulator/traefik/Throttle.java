package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.traefik.DynamicConfiguration;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets one provider's configurations through: never the same twice, never two within the throttle's time. */
final class Throttle {
    private final Scope scope;
    private final Duration least;
    private final Consumer<DynamicConfiguration> target;
    private @Nullable DynamicConfiguration applied;
    private @Nullable DynamicConfiguration waiting;
    private boolean resting;

    Throttle(Scope scope, Duration least, Consumer<DynamicConfiguration> target) {
        this.scope = scope;
        this.least = least;
        this.target = target;
    }

    void offer(DynamicConfiguration configuration) {
        waiting = configuration;
        if (!resting) {
            release();
        }
    }

    private void release() {
        DynamicConfiguration next = waiting;
        waiting = null;
        if (next == null || next.equals(applied)) {
            return;
        }
        applied = next;
        resting = true;
        scope.schedule(least, () -> {
            resting = false;
            release();
        });
        target.accept(next);
    }
}
