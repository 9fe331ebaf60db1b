package dev.clusterlab.shell.language;

/** A whole-number expression that has no value; the message says why. */
public final class ExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ExpressionException(String message) {
        super(message);
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
