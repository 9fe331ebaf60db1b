package dev.clusterlab.lab.shell;

/** A command cannot do what it was asked for: the text for standard error and the status. */
final class ShellFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ShellFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
