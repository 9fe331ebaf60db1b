package dev.clusterlab.shell.curl;

import java.time.Duration;

/** Why there was no answer, with curl's exit status for it and its words. */
public enum CurlFailure {
    UNKNOWN_HOST(6),
    REFUSED(7),
    UNREACHABLE(7),
    TIMEOUT(28),
    EMPTY_REPLY(52),
    RESET(56);

    private final int status;

    CurlFailure(int status) {
        this.status = status;
    }

    /** The exit status. */
    public int status() {
        return status;
    }

    /** What stands behind {@code curl: (STATUS) }. */
    public String text(String host, int port, Duration took) {
        return switch (this) {
            case UNKNOWN_HOST -> "Could not resolve host: " + host;
            case REFUSED -> connecting(host, port, "Connection refused");
            case UNREACHABLE -> connecting(host, port, "No route to host");
            case TIMEOUT -> "Operation timed out after " + took.toMillis() + " milliseconds with 0 bytes received";
            case EMPTY_REPLY -> "Empty reply from server";
            case RESET -> "Recv failure: Connection reset by peer";
        };
    }

    /** A connection that did not come about. */
    public static String connecting(String host, int port, String why) {
        return "Failed to connect to " + host + " port " + port + ": " + why;
    }
}
