package dev.clusterlab.lab.shell.docker;

/** A Docker daemon refused; its own words. */
final class DockerApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    DockerApiException(int status, String message) {
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
