package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.simulator.consul.ConsulImages;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.StandardImages;
import dev.clusterlab.simulator.traefik.TraefikProgram;

/** The images of the simulated world. */
final class ImageCatalog {
    private ImageCatalog() {}

    /** @param hello makes the hello service, a real one or a model */
    static ProgramCatalog with(ProgramCatalog.Factory hello) {
        var catalog = new ProgramCatalog();
        ConsulImages.images().forEach(catalog::add);
        StandardImages.utilities().forEach(catalog::add);
        StandardImages.hello(hello).forEach(catalog::add);
        return catalog.add(TraefikProgram.image());
    }
}
