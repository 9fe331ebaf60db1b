package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineConformance;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.engines.Engines;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The embedded engine does what every engine must. */
class EmbeddedEngineTest extends EngineConformance {
    private @Nullable EmbeddedEngine created;

    @Override
    protected Engine create() {
        return created(Engines.create(EngineOptions.unattended()));
    }

    protected final Engine created(Engine engine) {
        created = (EmbeddedEngine) engine;
        return engine;
    }

    @Override
    protected boolean arrives(Way way) throws InterruptedException {
        EmbeddedCluster cluster = Objects.requireNonNull(created).cluster();
        var arrived = new AtomicBoolean();
        cluster.driver().run(() -> {
            Scope there = cluster.world().machine(way.to()).orElseThrow().scope();
            cluster.world().underlay().send(way.from(), way.to(), there, () -> arrived.set(true));
        });
        return cluster.driver().awaitInside(arrived::get, Duration.ofMillis(50));
    }
}
