package dev.clusterlab.provisioning.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.FaultConformance;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.engines.Engines;
import org.junit.jupiter.api.Test;

/** The embedded engine can do every kind of fault but one. */
class EmbeddedFaultsTest extends FaultConformance {
    @Override
    protected Engine create() {
        return Engines.create(EngineOptions.unattended());
    }

    @Test
    void onlyMemoryIsGreyedOut() {
        try (Engine engine = create()) {
            assertThat(engine.unsupportedFaults()).containsOnlyKeys(FaultKind.MACHINE_MEMORY);
        }
        assertThat(FaultKind.values()).hasSizeGreaterThan(20);
    }
}
