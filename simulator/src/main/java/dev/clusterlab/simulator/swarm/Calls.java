package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How calls of the daemon's API begin: refused while the daemon does not answer yet or no longer, and an
 * {@link ApiException} that the call throws at once is its result.
 *
 * @param ready whether the daemon answers
 */
record Calls(BooleanSupplier ready) {
    <T> void begin(Consumer<ApiResult<T>> done, Runnable call) {
        if (!ready.getAsBoolean()) {
            done.accept(ApiResult.error(503, "the Docker daemon is not running"));
            return;
        }
        try {
            call.run();
        } catch (ApiException e) {
            done.accept(ApiResult.error(e));
        }
    }
}
