package dev.clusterlab.simulator.docker.api;

/** The value of a call that gives none. */
public enum Nothing {
    NOTHING;

    public static ApiResult<Nothing> ok() {
        return ApiResult.ok(NOTHING);
    }

    /** Success once a call is done, or the error that it throws. */
    public static ApiResult<Nothing> of(Runnable call) {
        return ApiResult.of(() -> {
            call.run();
            return NOTHING;
        });
    }
}
