package dev.clusterlab.shell.consul;

/** A command line that {@code consul} refuses. */
final class ConsulMistake extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;

    /** @param text the lines of standard error, without the end of the last one */
    ConsulMistake(String text) {
        super(text);
        this.text = text;
    }

    ConsulOutput output() {
        return ConsulOutput.failed(text);
    }
}
