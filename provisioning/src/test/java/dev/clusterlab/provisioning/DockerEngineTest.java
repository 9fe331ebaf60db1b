package dev.clusterlab.provisioning;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The docker engine does what every engine must, with real daemons, real Consul and real Traefik. Most of a real cluster's
 * time is spent in waiting for its own timers, so several labs are tested beside each other.
 */
@Execution(ExecutionMode.CONCURRENT)
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
