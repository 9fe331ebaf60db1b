package dev.clusterlab.provisioning.embedded;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.clusterlab.provisioning.DirectAccess;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.LinkTrouble;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.MachineTrouble;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.Services;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.client.DockerErrors;
import dev.clusterlab.provisioning.observe.ReadFromInside;
import dev.clusterlab.simulator.core.Underlay.Link;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.endpoints.DriverClosedException;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster.MachineView;
import dev.clusterlab.simulator.endpoints.ExternalPrograms;
import dev.clusterlab.simulator.programs.HelloModelProgram;
import dev.clusterlab.simulator.swarm.PowerState;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The engine that needs nothing: a simulated world in this process, behind real endpoints on loopback. */
public final class EmbeddedEngine implements Engine, ReadFromInside {
    /**
     * Requests a second of virtual time that a probe may send to a cluster whose hello services are real: each of them costs this computer
     * a request of its own.
     */
    static final int ASKED_PER_SECOND_MAX = 200;

    private final EmbeddedCluster cluster;
    private final EmbeddedClock clock;
    private final Services services;
    private final EmbeddedProbes probes;
    private final Optional<DirectAccess> direct;
    private final AtomicLong begun = new AtomicLong();
    private final ServiceTroubles misbehaving;
    private final Map<FaultHandle, EngineFault.ContainerPause> pauses = new ConcurrentHashMap<>();
    private final Map<String, Shown> shown = new ConcurrentHashMap<>();

    private record Shown(MachineView view, Machine machine) {}

    public EmbeddedEngine(EngineOptions options) {
        this.cluster = new EmbeddedCluster(new EmbeddedCluster.Settings(
                options.seed(),
                options.epoch(),
                EmbeddedClock.inside(options.pace()),
                driver -> ImageCatalog.with(
                        switch (options.services()) {
                            case REAL -> HelloRuntime.factory(new ExternalPrograms(driver));
                            case MODEL -> HelloModelProgram::new;
                        }),
                (machine, port) -> 0,
                options.sockets()));
        this.clock = new EmbeddedClock(cluster.driver());
        this.misbehaving = new ServiceTroubles(cluster);
        this.services = options.services();
        this.probes = new EmbeddedProbes(
                cluster,
                switch (services) {
                    case REAL -> ASKED_PER_SECOND_MAX;
                    case MODEL -> ProbePlan.RATE_MAX;
                });
        this.direct = options.sockets() ? Optional.empty() : Optional.of(new Direct(cluster));
    }

    /** How many messages the machines have sent each other so far, lost ones among them: what the engine's work grows with. */
    public long sentMessages() {
        return cluster.driver().call(() -> cluster.world().underlay().sentMessages());
    }

    /** How many statements about other machines the machines' engines have heard in gossip so far, known ones among them. */
    public long heardStatements() {
        return cluster.driver().call(() -> cluster.world().heardStatements());
    }

    /** For tests: what happens inside, below the real protocols. */
    EmbeddedCluster cluster() {
        return cluster;
    }

    @Override
    public String name() {
        return EngineNames.EMBEDDED;
    }

    @Override
    public EngineClock clock() {
        return clock;
    }

    @Override
    public ProbePort probes() {
        return probes;
    }

    @Override
    public Optional<DirectAccess> direct() {
        return direct;
    }

    private record Direct(EmbeddedCluster cluster) implements DirectAccess {
        @Override
        public DockerHttpClient docker(URI endpoint) {
            return new DirectDocker(cluster, endpoint.getPort());
        }

        @Override
        public String socket(String hostAndPort) {
            int colon = hostAndPort.lastIndexOf(':');
            return "127.0.0.1:" + cluster.socket(Integer.parseInt(hostAndPort.substring(colon + 1)));
        }
    }

    @Override
    public Machine createMachine(String name) {
        MachineNames.require(name);
        if (cluster.find(name).isPresent()) {
            throw MachineNames.taken(name);
        }
        try {
            return machine(cluster.createMachine(name));
        } catch (InterruptedException e) {
            throw cancelled(e);
        } catch (IllegalArgumentException e) {
            // Two callers wanted the same name at the same time.
            throw new LabException(Kind.CONFLICT, String.valueOf(e.getMessage()), "Choose another name.", e);
        }
    }

    @Override
    public List<Machine> machines() {
        return cluster.machines().stream().map(this::machine).toList();
    }

    @Override
    public Optional<Machine> machine(String name) {
        return cluster.find(name).map(this::machine);
    }

    /** The same object as before for a machine that has not changed: there may be many, and they are asked for often. */
    @SuppressWarnings("ReferenceEquality")
    private Machine machine(MachineView view) {
        Shown known = shown.get(view.name());
        if (known == null || known.view() != view) {
            known = new Shown(view, shown(view));
            shown.put(view.name(), known);
        }
        return known.machine();
    }

    static Machine.State state(PowerState power) {
        return switch (power) {
            case RUNNING -> Machine.State.RUNNING;
            case PAUSED -> Machine.State.PAUSED;
            case STOPPED -> Machine.State.STOPPED;
            case KILLED, REMOVED -> Machine.State.KILLED;
        };
    }

    private static Machine shown(MachineView view) {
        Machine.State state = state(view.power());
        boolean running = state == Machine.State.RUNNING;
        var ports = new LinkedHashMap<Integer, String>();
        if (running) {
            view.ports().forEach((inside, outside) -> ports.put(inside, "127.0.0.1:" + outside));
        }
        return new Machine(
                view.name(),
                view.address(),
                state,
                running ? Optional.of(URI.create("tcp://127.0.0.1:" + view.dockerPort())) : Optional.empty(),
                ports);
    }

    @Override
    public void stopMachine(String name) {
        require(name, Set.of(PowerState.RUNNING), "stop");
        try {
            cluster.stop(name);
        } catch (InterruptedException e) {
            throw cancelled(e);
        }
    }

    @Override
    public void killMachine(String name) {
        require(name, Set.of(PowerState.RUNNING, PowerState.PAUSED), "kill");
        cluster.kill(name);
    }

    @Override
    public void startMachine(String name) {
        if (find(name).power() == PowerState.RUNNING) {
            return;
        }
        require(name, Set.of(PowerState.STOPPED, PowerState.KILLED), "start");
        try {
            cluster.start(name);
        } catch (InterruptedException e) {
            throw cancelled(e);
        }
    }

    @Override
    public void pauseMachine(String name) {
        require(name, Set.of(PowerState.RUNNING), "pause");
        cluster.pause(name);
    }

    @Override
    public void unpauseMachine(String name) {
        require(name, Set.of(PowerState.PAUSED), "unpause");
        cluster.unpause(name);
    }

    @Override
    public void removeMachine(String name) {
        find(name);
        cluster.remove(name);
        shown.remove(name);
    }

    @Override
    public FaultHandle begin(EngineFault fault) {
        var handle = new FaultHandle(Long.toString(begun.incrementAndGet()));
        switch (fault) {
            case EngineFault.Cut cut ->
                cluster.cut(handle.id(), links(cut.ways())).ifPresent(unknown -> {
                    throw MachineNames.unknown(unknown);
                });
            case EngineFault.Trouble trouble ->
                cluster.trouble(handle.id(), links(trouble.ways()), inside(trouble.kind()))
                        .ifPresent(unknown -> {
                            throw MachineNames.unknown(unknown);
                        });
            case EngineFault.Misbehaviour told -> {
                require(told.machine(), Set.of(PowerState.RUNNING), "tell a service on");
                misbehaving.begin(handle, told);
            }
            case EngineFault.OnMachine(String machine, MachineTrouble kind) -> take(handle, machine, kind);
            case EngineFault.ContainerPause pause -> {
                require(pause.machine(), Set.of(PowerState.RUNNING), "pause a container on");
                accepted(cluster.pauseContainer(pause.machine(), pause.container()));
                pauses.put(handle, pause);
            }
        }
        return handle;
    }

    private void take(FaultHandle handle, String machine, MachineTrouble kind) {
        find(machine);
        String owner = handle.id();
        switch (kind) {
            case MachineTrouble.NameNotFound(String name) ->
                cluster.take(machine, troubles -> troubles.nameNotFound(owner, name));
            case MachineTrouble.ProcessorBusy(double share) ->
                cluster.take(machine, troubles -> troubles.processorBusy(owner, share));
            case MachineTrouble.ClockOff(Duration by) ->
                cluster.take(machine, troubles -> troubles.clockOff(owner, by));
            case MachineTrouble.DiskFull() -> {
                if (cluster.manages(machine)) {
                    throw new LabException(
                                    Kind.REFUSED,
                                    machine
                                            + " is a manager, and what becomes of one that cannot write its log is not modelled.",
                                    "Fill the disk of a worker.")
                            .named("fault.disk.manager", machine);
                }
                cluster.take(machine, troubles -> troubles.diskFull(owner));
            }
            case MachineTrouble.MemoryShort _ ->
                throw new LabException(Kind.REFUSED, HostLack.NOT_SIMULATED.sentence(), "");
        }
    }

    private static void accepted(ApiResult<Nothing> result) {
        if (result instanceof ApiResult.Error<Nothing>(int status, String message)) {
            throw DockerErrors.refused(status, message);
        }
    }

    private static List<Link> links(Set<Way> ways) {
        return ways.stream().map(way -> new Link(way.from(), way.to())).toList();
    }

    private static dev.clusterlab.simulator.core.LinkTrouble inside(LinkTrouble trouble) {
        return switch (trouble) {
            case LinkTrouble.Latency(Duration delay, Duration jitter) ->
                new dev.clusterlab.simulator.core.LinkTrouble.Latency(delay, jitter);
            case LinkTrouble.Loss(double share) -> new dev.clusterlab.simulator.core.LinkTrouble.Loss(share);
            case LinkTrouble.BurstLoss(double share, Duration burst) ->
                new dev.clusterlab.simulator.core.LinkTrouble.BurstLoss(share, burst);
            case LinkTrouble.Bandwidth(long bitsPerSecond) ->
                new dev.clusterlab.simulator.core.LinkTrouble.Bandwidth(bitsPerSecond);
            case LinkTrouble.Duplicates(double share) ->
                new dev.clusterlab.simulator.core.LinkTrouble.Duplicates(share);
            case LinkTrouble.Reordering(double share, Duration by) ->
                new dev.clusterlab.simulator.core.LinkTrouble.Reordering(share, by);
        };
    }

    @Override
    public void end(FaultHandle fault) {
        if (misbehaving.end(fault)) {
            return;
        }
        EngineFault.ContainerPause pause = pauses.remove(fault);
        if (pause == null) {
            cluster.mend(fault.id());
        } else {
            cluster.unpauseContainer(pause.machine(), pause.container());
        }
    }

    @Override
    public SortedSet<Way> cutWays() {
        return ways(cluster.cuts());
    }

    @Override
    public SortedSet<Way> troubledBy(FaultHandle fault) {
        return ways(cluster.troubled(fault.id()));
    }

    @Override
    public boolean remains(FaultHandle fault) {
        return misbehaving.misbehaves(fault) || cluster.taken(fault.id());
    }

    private static SortedSet<Way> ways(List<Link> links) {
        var ways = new TreeSet<Way>();
        links.forEach(link -> ways.add(new Way(link.from(), link.to())));
        return Collections.unmodifiableSortedSet(ways);
    }

    private MachineView find(String name) {
        return cluster.find(name).orElseThrow(() -> MachineNames.unknown(name));
    }

    private void require(String name, Set<PowerState> states, String verb) {
        PowerState state = find(name).power();
        if (!states.contains(state)) {
            throw MachineNames.wrongState(verb, name, state);
        }
    }

    private static LabException cancelled(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new LabException(Kind.CANCELLED, "Cancelled.", "", e);
    }

    @Override
    public Map<FaultKind, HostLack> unsupportedFaults() {
        return EmbeddedFaults.NEVER;
    }

    @Override
    public HostAbilities abilities() {
        HostAbilities all = HostAbilities.all();
        // Many real services in one program: that they share a server is to be seen.
        return new HostAbilities(
                all.routingMesh(),
                all.netem(),
                unsupportedFaults(),
                Map.of(
                        HostTopic.HELLO,
                        new HostFact.Text(
                                switch (services) {
                                    case REAL -> HelloRuntime.SERVER;
                                    case MODEL -> "model";
                                })));
    }

    @Override
    public WorldReader reader() {
        return new WorldReader(cluster, this::machines);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return cluster.driver().onChange(listener);
    }

    @Override
    public Optional<Duration> repeatabilityLost() {
        return cluster.driver().repeatabilityLost();
    }

    @Override
    public OptionalLong historyDigest() {
        return OptionalLong.of(
                cluster.driver().call(() -> cluster.world().simulation().digest()));
    }

    @Override
    public long changeCount() {
        return cluster.driver().changeCount();
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (DriverClosedException e) {
            // It has ended already.
        }
    }
}
