package dev.clusterlab.bench;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.protocol.RaftMember;
import dev.clusterlab.simulator.protocol.RaftSettings;
import dev.clusterlab.simulator.protocol.RaftStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What virtual time costs: the bare event queue, and an idle Raft group of five in each profile. */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CoreBenchmark {
    /** A Raft group of five that has a leader. */
    @State(org.openjdk.jmh.annotations.Scope.Thread)
    public static class Group {
        @Param({"swarmKit", "consul"})
        public String profile = "swarmKit";

        private Simulation simulation = new Simulation(1, Instant.EPOCH);

        @Setup(Level.Trial)
        public void elect() {
            simulation = new Simulation(1, Instant.EPOCH);
            var underlay = new Underlay(simulation);
            Map<String, Boolean> voters = new LinkedHashMap<>();
            for (int i = 0; i < 5; i++) {
                voters.put("m" + i, true);
            }
            Map<String, RaftMember> members = new LinkedHashMap<>();
            Map<String, Scope> scopes = new LinkedHashMap<>();
            RaftSettings settings = profile.equals("consul") ? RaftSettings.consul() : RaftSettings.swarmKit();
            for (String id : voters.keySet()) {
                Scope scope = Scope.root(simulation, id);
                scopes.put(id, scope);
                underlay.attach(id, scope);
            }
            for (String id : voters.keySet()) {
                Raft.Transport transport = (to, message) -> {
                    Scope target = scopes.get(to);
                    if (target != null) {
                        underlay.send(id, to, target, () -> {
                            RaftMember member = members.get(to);
                            if (member != null) {
                                member.receive(id, message);
                            }
                        });
                    }
                };
                Scope scope = java.util.Objects.requireNonNull(scopes.get(id));
                members.put(
                        id,
                        new RaftMember(
                                id,
                                settings,
                                RaftStorage.bootstrap(voters),
                                transport,
                                new NoState(),
                                new Raft.Listener() {},
                                scope,
                                simulation.random(id)));
            }
            boolean elected = simulation.runUntil(
                    () -> members.values().stream().anyMatch(m -> m.status().role() == Raft.Role.LEADER),
                    Duration.ofMinutes(2));
            if (!elected) {
                throw new IllegalStateException("no leader within two minutes of virtual time");
            }
        }
    }

    private static final class NoState implements Raft.StateMachine {
        @Override
        public @Nullable Object apply(long index, Object command) {
            return null;
        }

        @Override
        public Object snapshot() {
            return "";
        }

        @Override
        public void restore(Object snapshot) {}
    }

    private final Simulation queue = new Simulation(1, Instant.EPOCH);

    /** Schedules and runs one thousand events. */
    @Benchmark
    public long thousandEvents() {
        for (int i = 0; i < 1000; i++) {
            queue.scheduleNanos(i % 97, () -> {});
        }
        queue.runFor(Duration.ofNanos(100));
        return queue.executedEvents();
    }

    /** One virtual minute of an idle group. */
    @Benchmark
    public long idleRaftMinute(Group group) {
        group.simulation.runFor(Duration.ofMinutes(1));
        return group.simulation.executedEvents();
    }
}
