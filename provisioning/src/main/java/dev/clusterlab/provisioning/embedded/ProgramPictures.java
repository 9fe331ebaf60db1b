package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.client.ConsulPort;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.ConsulMerge;
import dev.clusterlab.provisioning.observe.ConsulMerge.Details;
import dev.clusterlab.provisioning.observe.ConsulMerge.Told;
import dev.clusterlab.provisioning.observe.SwarmMerge;
import dev.clusterlab.provisioning.observe.TraefikMerge;
import dev.clusterlab.simulator.consul.AgentReading;
import dev.clusterlab.simulator.consul.ConsulProgram;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.swarm.MachineReading.Running;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.swarm.World;
import dev.clusterlab.simulator.traefik.TraefikProgram;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Consul's agents and Traefik report, read from inside; of those on machines where nothing has changed, what they told
 * before. Used on the simulation's thread only.
 */
final class ProgramPictures {
    private final Runnable read;
    private IdentityHashMap<Program, Agent> agents = new IdentityHashMap<>();
    private @Nullable Catalog catalog;
    private IdentityHashMap<Program, TraefikView> traefiks = new IdentityHashMap<>();

    /** What an agent said of itself. */
    private record Agent(String leader, List<ConsulPort.Member> members, List<ConsulPort.RaftServer> raft) {}

    /** What a server said of its catalog. */
    private record Catalog(Program server, long index, Map<String, List<ConsulInstance>> services) {}

    /** @param read called for each that is read */
    ProgramPictures(Runnable read) {
        this.read = read;
    }

    /** @param fresh machines of which something may have changed since the last call */
    Optional<ConsulView> consul(SwarmMerge.Seen seen, Set<SimMachine> fresh, Function<String, SimMachine> machines) {
        Map<String, Running> behind = new LinkedHashMap<>();
        List<ConsulMerge.Source> sources = ConsulMerge.sources(seen, (view, port) -> {
            String name = view.machine().name();
            Running running = machines.apply(name).reading().behind(port);
            if (running == null
                    || !(running.program() instanceof ConsulProgram program)
                    || program.reading().isEmpty()) {
                return null;
            }
            behind.put(name + ":" + port, running);
            return name + ":" + port;
        });
        var now = new IdentityHashMap<Program, Agent>();
        var told = new ArrayList<Told>();
        for (ConsulMerge.Source source : sources) {
            Running running = java.util.Objects.requireNonNull(behind.get(source.at()));
            Agent agent = agents.get(running.program());
            AgentReading reading = reading(running).orElseThrow();
            if (agent == null || fresh.contains(running.machine()) || (!reading.server() && !fresh.isEmpty())) {
                agent = agent(running, reading);
            }
            if (agent != null) {
                now.put(running.program(), agent);
                told.add(new Told(source, agent.leader(), agent.members(), agent.raft()));
            }
        }
        agents = now;
        return ConsulMerge.view(
                seen,
                told,
                best -> details(java.util.Objects.requireNonNull(
                        behind.get(best.source().at()))));
    }

    private static Optional<AgentReading> reading(Running running) {
        return running.program() instanceof ConsulProgram program ? program.reading() : Optional.empty();
    }

    private static AgentReading server(Running running) {
        return ((ConsulProgram) running.program()).server().orElseThrow();
    }

    /** Null if it gets no answer of a server. */
    private @Nullable Agent agent(Running running, AgentReading reading) {
        Running server = answering(running, reading);
        if (server == null) {
            return null;
        }
        read.run();
        AgentReading answering = server(server);
        return new Agent(
                answering.leader(), ConsulRecords.members(reading.members()), ConsulRecords.peers(answering.peers()));
    }

    /** The server whose answers the agent gives: itself, or the one that it asks over the network. */
    private static @Nullable Running answering(Running running, AgentReading reading) {
        if (reading.server()) {
            return running;
        }
        String wanted = reading.answering().orElse("");
        World world = running.machine().world();
        for (SimMachine machine : world.machines()) {
            boolean reached = machine == running.machine()
                    || world.underlay().connected(running.machine().name(), machine.name());
            for (Running each : reached ? machine.reading().programs() : List.<Running>of()) {
                if (each.program() instanceof ConsulProgram program
                        && program.server().map(AgentReading::nodeId).equals(Optional.of(wanted))) {
                    return each;
                }
            }
        }
        return null;
    }

    private Details details(Running best) {
        Running running = answering(best, reading(best).orElseThrow());
        if (running == null) {
            return new Details(List.of(), Map.of());
        }
        Program program = running.program();
        AgentReading server = server(running);
        Catalog known = catalog;
        if (known == null || known.server() != program || known.index() != server.catalogIndex()) {
            read.run();
            known = new Catalog(program, server.catalogIndex(), ConsulRecords.services(server.services()));
            catalog = known;
        }
        return new Details(ConsulRecords.peers(server.peers()), known.services());
    }

    /** @param fresh machines of which something may have changed since the last call */
    List<TraefikView> traefik(SwarmMerge.Seen seen, Set<SimMachine> fresh, Function<String, SimMachine> machines) {
        Map<String, Running> behind = new LinkedHashMap<>();
        List<TraefikMerge.Source> sources = TraefikMerge.sources(seen, (view, port) -> {
            String name = view.machine().name();
            Running running = machines.apply(name).reading().behind(port);
            if (running == null
                    || !(running.program() instanceof TraefikProgram program)
                    || program.reading().isEmpty()) {
                return null;
            }
            behind.put(name + ":" + port, running);
            return name + ":" + port;
        });
        var now = new IdentityHashMap<Program, TraefikView>();
        var views = new ArrayList<TraefikView>();
        for (TraefikMerge.Source source : sources) {
            Running running = java.util.Objects.requireNonNull(behind.get(source.at()));
            TraefikView known = traefiks.get(running.program());
            boolean asBefore =
                    known != null && known.machine().equals(source.machine()) && !fresh.contains(running.machine());
            TraefikView view = asBefore ? known : view(source.machine(), running);
            now.put(running.program(), view);
            views.add(view);
        }
        traefiks = now;
        return List.copyOf(views);
    }

    private TraefikView view(String machine, Running running) {
        read.run();
        return TraefikRecords.view(
                machine, ((TraefikProgram) running.program()).reading().orElseThrow());
    }

    /** Until when what was read holds if nothing happens; virtual time in nanoseconds. */
    long holdsUntilNanos() {
        return traefiks.keySet().stream()
                .mapToLong(program -> ((TraefikProgram) program).holdsUntilNanos())
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
