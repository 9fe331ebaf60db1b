package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.environment.LabEnvironment;

/** Opens the desktop; given by the module that has one. */
@FunctionalInterface
public interface DesktopLauncher {
    /**
     * Opens the window and returns when it is closed; called once, on the program's main thread.
     *
     * @return exit status
     */
    int launch(Request request);

    /**
     * What to open.
     *
     * @param lab name of a lab in {@code labs}, or its folder; that it exists is found out while the window opens
     */
    record Request(LabEnvironment.Factory environments, LabEnvironment.Options options, LabLibrary labs, String lab) {
        public Request withLab(String changed) {
            return new Request(environments, options, labs, changed);
        }
    }
}
