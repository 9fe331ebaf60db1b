package dev.clusterlab.lab.shell;

/** Leaves the normal course of commands. */
abstract sealed class ShellControl extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ShellControl() {
        super(null, null, false, false);
    }

    /** {@code exit}, or a failure where the first failure ends the script. */
    static final class Exit extends ShellControl {
        private static final long serialVersionUID = 1L;
        final int status;
        final boolean asked;

        Exit(int status, boolean asked) {
            this.status = status;
            this.asked = asked;
        }
    }

    /** {@code break} and {@code continue}. */
    static final class Jump extends ShellControl {
        private static final long serialVersionUID = 1L;
        final boolean again;
        final int levels;

        Jump(boolean again, int levels) {
            this.again = again;
            this.levels = levels;
        }
    }

    /** {@code return}. */
    static final class Return extends ShellControl {
        private static final long serialVersionUID = 1L;
        final int status;

        Return(int status) {
            this.status = status;
        }
    }
}
