package dev.clusterlab.simulator.docker.api;

/** A call of the engine's API that is refused, with the HTTP status and the engine's own words. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;

    public ApiException(int status, String text) {
        super(text, null, false, false);
        this.status = status;
        this.text = text;
    }

    public int status() {
        return status;
    }

    public String text() {
        return text;
    }

    public static ApiException badRequest(String text) {
        return new ApiException(400, text);
    }

    public static ApiException notFound(String text) {
        return new ApiException(404, text);
    }

    public static ApiException conflict(String text) {
        return new ApiException(409, text);
    }

    public static ApiException unavailable(String text) {
        return new ApiException(503, text);
    }

    /** An error of the managers: the code decides the status, and the text tells the code. */
    public static ApiException rpc(RpcCode code, String text) {
        return new ApiException(code.status, "rpc error: code = " + code.name + " desc = " + text);
    }

    /** gRPC codes and the HTTP status that the engine turns each into (moby daemon/server/httpstatus). */
    public enum RpcCode {
        INVALID_ARGUMENT("InvalidArgument", 400),
        FAILED_PRECONDITION("FailedPrecondition", 400),
        OUT_OF_RANGE("OutOfRange", 400),
        NOT_FOUND("NotFound", 404),
        ALREADY_EXISTS("AlreadyExists", 409),
        PERMISSION_DENIED("PermissionDenied", 403),
        UNAUTHENTICATED("Unauthenticated", 401),
        UNAVAILABLE("Unavailable", 503),
        UNIMPLEMENTED("Unimplemented", 501),
        UNKNOWN("Unknown", 500),
        DEADLINE_EXCEEDED("DeadlineExceeded", 500),
        ABORTED("Aborted", 500);

        private final String name;
        private final int status;

        RpcCode(String name, int status) {
            this.name = name;
            this.status = status;
        }
    }
}
