package dev.clusterlab.shell.language;

/** A script that is not written as the shell understands it; says where and what was expected. */
public final class ShellSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;
    private final boolean incomplete;

    ShellSyntaxException(int line, int column, String message, boolean incomplete) {
        super("line " + line + ", column " + column + ": " + message);
        this.line = line;
        this.column = column;
        this.incomplete = incomplete;
    }

    /** From 1. */
    int line() {
        return line;
    }

    /** From 1. */
    int column() {
        return column;
    }

    /** Whether more text could make it right: the script ends in the middle of a command. */
    public boolean incomplete() {
        return incomplete;
    }
}
