package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.client.ConsulClients;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Reads over the real protocols: every machine's own daemon, every Consul agent and Traefik behind a published port. It
 * never depends on one manager.
 *
 * <p>Where time is wall-clock time, daemons may hang, and the engine does not report everything that changes: then nobody
 * who hangs holds up the picture of the others ({@link ConcurrentQueries}), Consul is followed by blocking queries
 * ({@link ConsulFollower}), and what nobody reports is asked for once in a while ({@link PollPlan}). An engine with a clock of
 * its own tells of every change, and its daemons answer in its own time; nothing is read again while its change count
 * stands still.
 */
final class ProtocolReader implements ClusterReader {
    /** Of engine time: polled again after this long although nothing is said to have changed. */
    private static final Duration STALE = Duration.ofSeconds(5);
    /** Whoever polls now, for a command or a check, rather waits than sees what was before. */
    private static final Duration DIRECT_LIMIT = Duration.ofSeconds(1);
    /** An engine whose time is not wall-clock time gives up by itself, in its own time. */
    private static final Duration NO_LIMIT = Duration.ofSeconds(60);

    /** Of wall-clock time: for as long it is not tried again who reaches whom. */
    private static final Query.Freshness TRIED = new Query.Freshness(0, Duration.ofSeconds(2));

    private final Engine engine;
    private final boolean wallTime;
    private final DockerClients docker;
    private final ConsulClients consul;
    private final LoopbackHttp http = new LoopbackHttp(Duration.ofSeconds(5));
    private final SwarmReader swarmReader;
    private final ConsulReader consulReader;
    private final TraefikReader traefikReader = new TraefikReader(http);
    private final ConcurrentQueries queries;
    private final ConsulFollower consulFollower;
    private final AtomicLong catalogChanges = new AtomicLong();
    private Parts latest = Parts.NOTHING;
    private long seenChanges = -1;
    private Duration readAt = Duration.ZERO;
    private long sweeps;

    /**
     * @param limits of timeout, where time is wall-clock time
     * @param late called when an answer came after a poll had gone on without it; on any thread, quickly
     * @param news called when Consul reported something new; on any thread, quickly
     */
    ProtocolReader(Engine engine, ConcurrentQueries.Limits limits, Runnable late, Runnable news) {
        this.engine = engine;
        this.wallTime = engine.clock().wallTime();
        this.docker = wallTime ? new DockerClients(engine, limits.request()) : new DockerClients(engine);
        this.consul = wallTime
                ? new ConsulClients(Duration.ofSeconds(1), limits.request())
                : new ConsulClients(Duration.ofSeconds(1));
        this.swarmReader = new SwarmReader(docker);
        this.consulReader = new ConsulReader(consul);
        this.queries = new ConcurrentQueries(
                wallTime ? limits : new ConcurrentQueries.Limits(NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT),
                System::nanoTime,
                late);
        this.consulFollower =
                new ConsulFollower(ConsulFollower.Pace.USUAL, RandomGenerator.getDefault(), Thread::sleep, () -> {
                    catalogChanges.incrementAndGet();
                    news.run();
                });
    }

    @Override
    public boolean exact() {
        return false;
    }

    @Override
    public List<Frame> read(boolean patiently) {
        // Asked before anybody else: what changes meanwhile is polled next time.
        long changes = engine.changeCount();
        boolean stale = engine.clock().elapsed().minus(readAt).compareTo(STALE) >= 0;
        if (!wallTime && changes == seenChanges && !stale) {
            return List.of();
        }
        PollPlan plan = plan(changes, patiently);
        List<Machine> machines = engine.machines();
        docker.keepOnly(machines.stream().map(Machine::name).toList());
        SwarmMerge.Seen seen =
                swarmReader.read(machines, latest, plan, engine.clock().elapsed());
        ConsulReader.Read consulRead = consulReader.read(seen, plan);
        if (wallTime) {
            consulFollower.follow(consulRead.agents());
        }
        latest = new Parts(
                seen.machines(),
                seen.swarm(),
                consulRead.view(),
                traefikReader.read(seen, plan),
                SwarmMerge.same(latest.reach(), reach(seen)));
        readAt = engine.clock().elapsed();
        seenChanges = changes;
        return List.of(new Frame(readAt, latest));
    }

    /**
     * Real machines have to try each other to find out, which they are asked for only while there is reason to doubt that the
     * network is whole. What was found last stands in while they do.
     */
    private Reach reach(SwarmMerge.Seen seen) {
        if (!wallTime) {
            return engine.reach();
        }
        if (engine.cutWays().isEmpty() && !doubtful(seen)) {
            return Reach.WHOLE;
        }
        try {
            return queries.get(
                    new Query<>("The network", "between machines", "who reaches whom", TRIED, engine::reach));
        } catch (LabException e) {
            return latest.reach();
        }
    }

    /** Whether managers believe different things, or do not hear a machine that runs. */
    private static boolean doubtful(SwarmMerge.Seen seen) {
        List<MachineView> managers =
                seen.machines().stream().filter(MachineView::manager).toList();
        boolean differ =
                managers.stream().map(MachineView::believedLeader).distinct().count() > 1;
        return differ
                || managers.stream().anyMatch(m -> m.belief().canCommit() != Belief.CanCommit.YES)
                || seen.swarm().stream()
                        .flatMap(swarm -> swarm.nodes().stream())
                        .filter(node -> node.state() != NodeState.READY)
                        .anyMatch(node -> seen.machines().stream()
                                .anyMatch(m -> m.answering() && m.nodeId().equals(node.id())));
    }

    private PollPlan plan(long changes, boolean patiently) {
        if (!wallTime) {
            sweeps++;
            if (Sweep.of(engine.clock()) == Sweep.SEQUENTIAL) {
                return PollPlan.atAll(AnswerSource.SEQUENTIAL, sweeps);
            }
            queries.beginPatiently(NO_LIMIT);
            return PollPlan.atAll(queries, sweeps);
        }
        if (patiently) {
            queries.beginPatiently(DIRECT_LIMIT);
        } else {
            queries.begin();
        }
        return PollPlan.atNews(queries, changes, catalogChanges.get(), consulFollower.stands());
    }

    @Override
    public void close() {
        queries.close();
        consulFollower.close();
        docker.close();
        consul.close();
        http.close();
    }
}
