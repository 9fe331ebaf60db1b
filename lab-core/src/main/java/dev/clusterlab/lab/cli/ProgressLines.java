package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.EngineProgress;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells how far long work is: in a terminal that may be rewritten one line a subject, which follows it; elsewhere one line
 * a stage, and for what is measured one line a tenth. Thread-safe.
 */
final class ProgressLines {
    private final PrintWriter told;
    private final boolean rewriting;
    private final Map<String, String> last = new HashMap<>();
    /** Of the line that is still open; empty if there is none. */
    private String open = "";

    private int openLength;

    /** @param rewriting whether {@code told} is a terminal in which nothing else is written meanwhile */
    ProgressLines(PrintWriter told, boolean rewriting) {
        this.told = told;
        this.rewriting = rewriting;
    }

    synchronized void print(EngineProgress progress) {
        String detail = progress.detail().isEmpty() ? "" : " (" + progress.detail() + ")";
        String line = "    " + progress.subject() + ": " + words(progress.stage()) + detail;
        String key = rewriting
                ? line
                : progress.stage() + " " + (int) (progress.fraction().orElse(0) * 10);
        if (key.equals(last.put(progress.subject(), key))) {
            return;
        }
        if (rewriting) {
            rewrite(progress, line);
        } else {
            told.println(line);
        }
        told.flush();
    }

    private void rewrite(EngineProgress progress, String line) {
        if (!open.isEmpty() && !open.equals(progress.subject())) {
            told.println();
            openLength = 0;
        }
        told.print("\r" + line + " ".repeat(Math.max(0, openLength - line.length())));
        open = progress.subject();
        openLength = line.length();
        if (progress.stage().ended()) {
            told.println();
            open = "";
            openLength = 0;
        }
    }

    private static String words(EngineProgress.Stage stage) {
        return switch (stage) {
            case PULLING_IMAGE -> "pulling the image";
            case PULLING_AGAIN -> "cut off; the engine tries again in a while";
            case BUILDING_IMAGE -> "building the image";
            case ARCHIVING_IMAGE -> "writing to an archive";
            case LOADING_IMAGE -> "loading";
            case CREATING_MACHINE -> "creating";
            case STARTING_DAEMON -> "waiting for its Docker daemon";
            case DONE -> "ready";
            case FAILED -> "failed";
        };
    }
}
