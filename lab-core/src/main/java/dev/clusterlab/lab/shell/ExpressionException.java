package dev.clusterlab.lab.shell;

/** A whole-number expression that has no value; the message says why. */
final class ExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExpressionException(String message) {
        super(message);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
