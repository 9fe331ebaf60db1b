package dev.clusterlab.provisioning;

import dev.clusterlab.simulator.consul.ConsulImages;
import dev.clusterlab.simulator.programs.ProgramCatalog;

/** The images of the simulated world. */
@SimulatorBound
final class StandardImages {
    private StandardImages() {}

    static ProgramCatalog catalog() {
        var catalog = new ProgramCatalog();
        ConsulImages.images().forEach(catalog::add);
        return catalog;
    }
}
