package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.LabException;

/** Exit statuses of the command line, as its help tells them. */
final class ExitCodes {
    static final int OK = 0;
    /** A lab did not pass, or a script ended with a failure of its own. */
    static final int FAILED = 1;
    /** The command line itself is wrong. */
    static final int USAGE = 2;

    static final String[] HELP = {
        "0:All went well",
        "1:A lab did not pass, or the cluster refused something",
        "2:The command line is wrong",
        "3:Something given is wrong or does not exist: a lab, a file, a name",
        "4:Something is missing on this computer: no display, no engine",
        "5:It took too long",
        "130:Called off"
    };

    private ExitCodes() {}

    static int of(LabException e) {
        return switch (e.kind()) {
            case INPUT, NOT_FOUND, CONFLICT -> 3;
            case REFUSED -> FAILED;
            case ENVIRONMENT -> 4;
            case TIMEOUT -> 5;
            case CANCELLED -> 130;
        };
    }
}
