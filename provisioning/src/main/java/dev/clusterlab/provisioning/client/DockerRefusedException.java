package dev.clusterlab.provisioning.client;

/** A Docker daemon answered, and refused; its own words, and the status of its answer. */
public final class DockerRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public DockerRefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The answer's HTTP status: 400 and above. */
    public int status() {
        return status;
    }

    /** What the daemon said, without the {@code Error response from daemon: } that the command line puts before it. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
