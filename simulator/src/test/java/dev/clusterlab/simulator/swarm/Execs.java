package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.Container;
import java.util.List;

/** Commands to run in containers. */
final class Execs {
    private Execs() {}

    static Container.ExecRequest of(String... command) {
        return new Container.ExecRequest(List.of(command), false, false, true, true, null, null, null);
    }
}
