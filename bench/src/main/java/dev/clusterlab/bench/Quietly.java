package dev.clusterlab.bench;

import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;

/** Commands whose output is of no interest. */
final class Quietly {
    private Quietly() {}

    /** Enters a script in the lab's shell and waits for its end. Throws an exception with what it said if it fails. */
    static void run(LabEnvironment environment, String what, String script) {
        var said = new StringBuilder();
        int status = environment.shell().run(script, true, new Shell.Output() {
            @Override
            public void stdout(String text) {
                // Of no interest here.
            }

            @Override
            public void stderr(String text) {
                said.append(text);
            }
        });
        if (status != 0) {
            throw new IllegalStateException(what + " ended with status " + status + ": " + said);
        }
    }
}
