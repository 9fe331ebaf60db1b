package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.LabException;
import java.util.Map;
import java.util.TreeMap;

/** Exit statuses of the command line, as its help lists them. */
final class ExitCodes {
    static final int OK = 0;
    /** A lab did not pass, or a script ended with a failure of its own. */
    static final int FAILED = 1;
    /** The command line itself is wrong. */
    static final int USAGE = 2;
    /** Something is missing on this computer. */
    static final int MISSING = 4;
    /** The hypothesis of an experiment did not hold, but the cluster recovered. */
    static final int DEVIATED = 6;
    /** An experiment did not begin. */
    static final int ABORTED = 7;

    static final int CANCELLED = 130;

    private static final Map<String, String> ALL = Map.of(
            "0", "All went well",
            "1", "A lab did not pass, or the cluster refused something",
            "2", "The command line is wrong",
            "3", "Something given is wrong or does not exist: a lab, a file, a name",
            "4", "Something is missing on this computer: no display, no engine",
            "5", "It took too long",
            "130", "Cancelled");

    private ExitCodes() {}

    /** What the help of a command says about them. */
    static Map<String, String> help(String command) {
        Map<String, String> codes = new TreeMap<>(
                java.util.Comparator.comparingInt(code -> code.matches("\\d+") ? Integer.parseInt(code) : 999));
        codes.putAll(ALL);
        if (command.equals("shell")) {
            codes.put("2", "The command line is wrong, or the script is not written as the shell understands it");
            codes.put("n", "Otherwise the status with which the script ended");
        }
        if (command.equals("doctor")) {
            codes.put("0", "Labs run here, perhaps without a window or Docker; every host that was named can be used");
            codes.put("4", "Something is missing that every lab needs, or a host cannot be used");
        }
        if (command.equals("experiment")) {
            codes.put("0", "The hypothesis held all through, in every run");
            codes.put("1", "The cluster did not recover, or the experiment has a mistake");
            codes.put("6", "The hypothesis did not hold, but the cluster recovered");
            codes.put("7", "It did not begin: the cluster did not come up, or not everything held");
            codes.put("130", "Interrupted; what was broken is healed");
        }
        if (command.equals("sweep")) {
            codes.put("0", "Every seed passed");
            codes.put("1", "A rule was broken");
        }
        if (command.equals("guide")) {
            codes.put("0", "The lab ended, or you left it");
        }
        return codes;
    }

    static int of(LabException e) {
        return switch (e.kind()) {
            case INPUT, NOT_FOUND, CONFLICT -> 3;
            case REFUSED -> FAILED;
            case ENVIRONMENT -> MISSING;
            case TIMEOUT -> 5;
            case CANCELLED -> 130;
        };
    }
}
