package dev.clusterlab.simulator.endpoints;

/** The loopback port that was asked for belongs to somebody else. */
public final class PortInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int port;

    PortInUseException(int port, Throwable cause) {
        super("port " + port + " on 127.0.0.1 is in use by another program", cause);
        this.port = port;
    }

    public int port() {
        return port;
    }
}
