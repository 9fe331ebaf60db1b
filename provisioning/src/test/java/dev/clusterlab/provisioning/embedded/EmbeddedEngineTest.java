package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineConformance;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.engines.Engines;

/** The embedded engine does what every engine must. */
class EmbeddedEngineTest extends EngineConformance {
    @Override
    protected Engine create() {
        return Engines.create(EngineOptions.unattended());
    }
}
