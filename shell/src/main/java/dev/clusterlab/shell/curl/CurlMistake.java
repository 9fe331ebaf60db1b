package dev.clusterlab.shell.curl;

/** A command line that curl refuses, in its words. */
public final class CurlMistake extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    CurlMistake(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The exit status. */
    public int status() {
        return status;
    }

    /** What stands behind {@code curl: }. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
