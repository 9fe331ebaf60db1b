package dev.clusterlab.lab.shell;

/** A command cannot do what it was asked for: the text for standard error and the status. */
public final class ShellFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean endsScript;

    public ShellFailure(int status, String message) {
        this(status, message, false);
    }

    private ShellFailure(int status, String message, boolean endsScript) {
        super(message);
        this.status = status;
        this.endsScript = endsScript;
    }

    /** A variable that must be set is not: no command after it could mean what it says, so the script ends. */
    static ShellFailure unset(String message) {
        return new ShellFailure(1, message, true);
    }

    /** The script has used up what one may use: it ends, and not its command alone. */
    static ShellFailure endingScript(int status, String message) {
        return new ShellFailure(status, message, true);
    }

    boolean endsScript() {
        return endsScript;
    }

    public int status() {
        return status;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
