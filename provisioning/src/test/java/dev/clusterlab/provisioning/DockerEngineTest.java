package dev.clusterlab.provisioning;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The docker engine does what every engine must, with real daemons, real Consul and real Traefik. */
class DockerEngineTest extends EngineConformance {
    @TempDir
    private Path folder;

    @BeforeAll
    static void needsAnEngine() {
        RealStack.require();
    }

    @Override
    Engine create() {
        return RealStack.engine(folder);
    }
}
