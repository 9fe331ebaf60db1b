package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.consul.ConsulProgram;
import dev.clusterlab.simulator.consul.invariant.ConsulWatch;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.invariant.Violation;
import dev.clusterlab.simulator.swarm.RunningProgram;
import dev.clusterlab.simulator.swarm.World;
import dev.clusterlab.simulator.swarm.invariant.SwarmWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Moves the time of a world, event by event under the eyes of the invariants, and keeps what was done to it. */
final class WatchedHistory {
    /** Name of the invariant that something always happens next, at a later instant. */
    static final String TIME_MOVES = "time-moves";
    /** A burst of one instant is far smaller: each machine and container has a few timers. */
    private static final int EVENTS_AT_ONE_INSTANT_MAX = 20_000;

    private final Simulation simulation;
    private final World world;
    private final SwarmWatch swarm;
    private final ConsulWatch consul = new ConsulWatch();
    private final List<String> trace = new ArrayList<>();
    private List<RunningProgram> programs = List.of();
    private Map<String, ConsulProgram> agents = Map.of();
    private long seenChanges = -1;
    private int eventsAtThisInstant;

    WatchedHistory(Simulation simulation, World world) {
        this.simulation = simulation;
        this.world = world;
        this.swarm = new SwarmWatch(world);
    }

    World world() {
        return world;
    }

    Simulation simulation() {
        return simulation;
    }

    ConsulWatch consul() {
        return consul;
    }

    /** The programs that run now. */
    List<RunningProgram> programs() {
        return programs;
    }

    List<String> trace() {
        return trace;
    }

    void note(String what) {
        trace.add(String.format(Locale.ROOT, "%9.3f %s", simulation.nowNanos() / 1e9, what));
    }

    Violation violation(String name, String what) {
        return new Violation(name, simulation.elapsed(), what);
    }

    /** Runs until the condition holds or that much virtual time has passed; whether it holds. */
    boolean happens(BooleanSupplier condition, Duration limit) {
        long deadlineNanos = simulation.nowNanos() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long next = simulation.nextEventNanos();
            if (next == Long.MAX_VALUE) {
                throw violation(TIME_MOVES, "nothing is scheduled any more, though somebody waits");
            }
            if (next > deadlineNanos) {
                simulation.runUntilNanos(deadlineNanos);
                return condition.getAsBoolean();
            }
            step(next);
        }
        return true;
    }

    void run(Duration duration) {
        happens(() -> false, duration);
    }

    private void step(long nextNanos) {
        eventsAtThisInstant = nextNanos > simulation.nowNanos() ? 0 : eventsAtThisInstant + 1;
        if (eventsAtThisInstant > EVENTS_AT_ONE_INSTANT_MAX) {
            throw violation(TIME_MOVES, EVENTS_AT_ONE_INSTANT_MAX + " events at one instant, and no end");
        }
        simulation.step();
        if (world.changeCount() != seenChanges) {
            seenChanges = world.changeCount();
            programs = RunningProgram.in(world);
            agents = consulAgents(programs);
        }
        swarm.check();
        consul.check(agents, simulation.elapsed());
    }

    private static Map<String, ConsulProgram> consulAgents(List<RunningProgram> programs) {
        var agents = new LinkedHashMap<String, ConsulProgram>();
        for (RunningProgram running : programs) {
            if (running.program() instanceof ConsulProgram agent) {
                agents.put(
                        running.containerId().substring(0, 12) + " on "
                                + running.machine().name(),
                        agent);
            }
        }
        return agents;
    }
}
