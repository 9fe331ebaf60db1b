package dev.clusterlab.simulator.swarm;

/** The value of a call that gives none. */
public enum Nothing {
    NOTHING;

    static ApiResult<Nothing> ok() {
        return ApiResult.ok(NOTHING);
    }
}
