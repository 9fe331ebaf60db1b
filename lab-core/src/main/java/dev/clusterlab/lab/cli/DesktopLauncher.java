package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.LabEnvironment;

/** Opens the desktop; given by the module that has one. */
@FunctionalInterface
public interface DesktopLauncher {
    /**
     * Opens the window and returns when it is closed.
     *
     * @return exit status
     */
    int launch(LabEnvironment.Factory environments, LabEnvironment.Options options);
}
