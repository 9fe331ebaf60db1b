package dev.clusterlab.simulator.programs;

/** Something that a command in a container cannot do; the message says what, without the name of the command. */
final class ShellRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ShellRefusal(String message) {
        super(message, null, false, false);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
