package dev.clusterlab.provisioning;

/** The embedded engine does what every engine must. */
class EmbeddedEngineTest extends EngineConformance {
    @Override
    Engine create() {
        return Engines.create(EngineOptions.unattended());
    }
}
