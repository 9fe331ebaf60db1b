package dev.clusterlab.shell.language;

/** Words or an expression that stand for nothing; the message says why, for the person who wrote them. */
public final class ExpansionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean endsScript;

    public ExpansionException(String message) {
        this(message, false);
    }

    private ExpansionException(String message, boolean endsScript) {
        super(message);
        this.endsScript = endsScript;
    }

    /** Such as for a variable that must be set and is not: no command after it could mean what it says. */
    public static ExpansionException endingScript(String message) {
        return new ExpansionException(message, true);
    }

    /** Whether the whole script ends by it, and not the command alone. */
    public boolean endsScript() {
        return endsScript;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
