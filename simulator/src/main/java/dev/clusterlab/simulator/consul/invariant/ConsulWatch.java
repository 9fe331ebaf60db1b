package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.ConsulProgram;
import dev.clusterlab.simulator.consul.ServerState;
import dev.clusterlab.simulator.invariant.Violation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Holds the invariants against the servers of one Consul group, after each event in which one of them changed. */
public final class ConsulWatch {
    private final AcknowledgedWritesStay acknowledgedWrites = new AcknowledgedWritesStay();
    private final List<ConsulInvariant> invariants = Stream.concat(
                    Stream.of(acknowledgedWrites), ConsulInvariant.ofServers().stream())
            .toList();
    private final Map<String, Seen> seen = new LinkedHashMap<>();

    private record Seen(ConsulProgram program, long version) {}

    /** To be notified of every write that must stay. */
    public AcknowledgedWritesStay acknowledgedWrites() {
        return acknowledgedWrites;
    }

    /**
     * To be called after each event of the simulation, with the agents that run, by names that outlive a restart of one;
     * cheap if nothing changed.
     *
     * @throws Violation if an invariant is broken
     */
    public void check(Map<String, ConsulProgram> agents, Duration instant) {
        agents.forEach((name, program) -> {
            long version = ServerState.versionOf(program);
            Seen before = seen.get(name);
            if (version < 0 || (before != null && before.program == program && before.version == version)) {
                return;
            }
            if (before == null || before.program != program) {
                invariants.forEach(invariant -> invariant.restarted(name));
            }
            seen.put(name, new Seen(program, version));
            ServerState state = ServerState.of(name, program);
            if (state != null) {
                invariants.forEach(invariant -> invariant.hold(state, instant));
            }
        });
    }
}
