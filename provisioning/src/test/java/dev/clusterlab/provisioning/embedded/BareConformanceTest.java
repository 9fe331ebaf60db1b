package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.Services;
import dev.clusterlab.provisioning.engines.Engines;

/** The embedded engine does what every engine must with model services and without sockets too. */
class BareConformanceTest extends EmbeddedEngineTest {
    @Override
    protected Engine create() {
        return created(Engines.create(
                EngineOptions.unattended().withServices(Services.MODEL).withSockets(false)));
    }
}
