package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.swarm.RunningProgram;
import dev.clusterlab.simulator.swarm.World;
import java.time.Duration;
import java.util.List;

/** Breaks rules of Consul on purpose. */
public final class ConsulSabotage {
    private ConsulSabotage() {}

    /** As soon as a server has a key, it forgets it, without telling the others. */
    public static void forgetAWrite(World world) {
        for (RunningProgram running : RunningProgram.in(world)) {
            if (running.program() instanceof ConsulProgram program
                    && program.agent() instanceof ConsulAgent agent
                    && agent.server() instanceof ConsulServer server) {
                List<Records.Key> keys = server.store().keysUnder("");
                if (!keys.isEmpty()) {
                    long index = server.raft().status().appliedIndex();
                    server.store()
                            .apply(
                                    index,
                                    new Command.ChangeKey(
                                            Command.KeyOperation.DELETE,
                                            keys.getFirst().key(),
                                            "",
                                            0,
                                            0,
                                            null));
                    return;
                }
            }
        }
        world.simulation().schedule(Duration.ofSeconds(1), () -> forgetAWrite(world));
    }
}
