package dev.clusterlab.simulator.docker.api;

/** The value of a call that gives none. */
public enum Nothing {
    NOTHING;

    public static ApiResult<Nothing> ok() {
        return ApiResult.ok(NOTHING);
    }
}
