package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LoopbackProbes;
import dev.clusterlab.provisioning.real.ChangeCounter;
import dev.clusterlab.provisioning.real.WallClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Machines whose daemons are {@link FakeDaemon}s, and a record of what was done to them. */
public final class FakeEngine implements Engine {
    public final FakeClock clock = new FakeClock();
    public final List<String> done = new ArrayList<>();
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<FaultHandle, EngineFault.Cut> cuts = new LinkedHashMap<>();
    private final Map<FaultHandle, EngineFault.Trouble> troubles = new LinkedHashMap<>();
    private final Map<FaultHandle, EngineFault.ContainerPause> pauses = new LinkedHashMap<>();
    private final Map<FaultHandle, EngineFault.Misbehaviour> misbehaving = new LinkedHashMap<>();
    private final Map<FaultHandle, EngineFault.OnMachine> taken = new LinkedHashMap<>();
    /** What happens while a fault is being ended. */
    public volatile Runnable whileEnding = () -> {};

    private final DockerClients docker = new DockerClients(this);
    /** See {@link Engine#repeatabilityLost}. */
    public Optional<Duration> repeatabilityLost = Optional.empty();
    /** Whether {@link #end} fails, as where a machine does not do as it is told. */
    public boolean refusesToEnd;

    private int begun;
    private final ChangeCounter changes = new ChangeCounter();
    private final EngineClock time;
    private final ProbePort probes;

    /** Its time is that of {@link #clock}. */
    public FakeEngine() {
        time = clock;
        probes = new LoopbackProbes(time, this::machine, LoopbackProbes.ServerSearch.NONE);
    }

    private FakeEngine(InstantSource source) {
        time = new WallClock(source, changes);
        probes = new LoopbackProbes(time, this::machine, LoopbackProbes.ServerSearch.NONE);
    }

    /** Its time is wall-clock time, as of real machines. */
    public static FakeEngine inRealTime() {
        return new FakeEngine(InstantSource.system());
    }

    private static final class Host {
        final FakeDaemon daemon = new FakeDaemon();
        final Map<Integer, String> ports = new LinkedHashMap<>();
        final String ip;
        State state = State.RUNNING;

        Host(String ip) {
            this.ip = ip;
        }
    }

    public FakeDaemon daemon(String machine) {
        return host(machine).daemon;
    }

    public void publish(String machine, int port, FakeDaemon at) {
        publish(machine, port, at.hostAndPort());
    }

    public void publish(String machine, int port, String at) {
        host(machine).ports.put(port, at);
    }

    public void changed() {
        changes.changed();
    }

    private Host host(String machine) {
        Host host = hosts.get(machine);
        if (host == null) {
            throw new LabException(LabException.Kind.NOT_FOUND, "There is no machine named " + machine + ".", "");
        }
        return host;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public ProbePort probes() {
        return probes;
    }

    @Override
    public EngineClock clock() {
        return time;
    }

    @Override
    public Machine createMachine(String name) {
        hosts.put(name, new Host("192.168.99." + (100 + hosts.size())));
        changes.changed();
        return machine(name).orElseThrow();
    }

    @Override
    public List<Machine> machines() {
        return hosts.keySet().stream().map(n -> machine(n).orElseThrow()).toList();
    }

    @Override
    public Optional<Machine> machine(String name) {
        return Optional.ofNullable(hosts.get(name))
                .map(h -> new Machine(
                        name,
                        h.ip,
                        h.state,
                        h.state == State.RUNNING ? Optional.of(h.daemon.endpoint()) : Optional.empty(),
                        h.state == State.RUNNING ? h.ports : Map.of()));
    }

    private void set(String machine, State state, String verb) {
        host(machine).state = state;
        done.add(verb + " " + machine);
        changes.changed();
    }

    @Override
    public void stopMachine(String name) {
        set(name, State.STOPPED, "stop");
    }

    @Override
    public void killMachine(String name) {
        set(name, State.KILLED, "kill");
    }

    @Override
    public void startMachine(String name) {
        set(name, State.RUNNING, "start");
    }

    @Override
    public void pauseMachine(String name) {
        set(name, State.PAUSED, "pause");
    }

    @Override
    public void unpauseMachine(String name) {
        set(name, State.RUNNING, "unpause");
    }

    @Override
    public void removeMachine(String name) {
        host(name).daemon.close();
        hosts.remove(name);
        done.add("remove " + name);
        changes.changed();
    }

    @Override
    public FaultHandle begin(EngineFault fault) {
        var handle = new FaultHandle("f" + ++begun);
        switch (fault) {
            case EngineFault.Cut cut -> cuts.put(handle, cut);
            case EngineFault.Trouble trouble -> troubles.put(handle, trouble);
            case EngineFault.Misbehaviour told -> misbehaving.put(handle, told);
            case EngineFault.OnMachine on -> taken.put(handle, on);
            case EngineFault.ContainerPause pause -> {
                docker.of(pause.machine())
                        .call(client ->
                                client.pauseContainerCmd(pause.container()).exec());
                pauses.put(handle, pause);
            }
        }
        done.add("begin " + handle.id());
        changes.changed();
        return handle;
    }

    @Override
    public void end(FaultHandle fault) {
        if (refusesToEnd) {
            throw new LabException(LabException.Kind.REFUSED, "worker1 does not open its network.", "");
        }
        whileEnding.run();
        EngineFault.ContainerPause pause = pauses.remove(fault);
        if (pause != null) {
            docker.of(pause.machine())
                    .call(client ->
                            client.unpauseContainerCmd(pause.container()).exec());
        }
        if (cuts.remove(fault) != null
                || troubles.remove(fault) != null
                || misbehaving.remove(fault) != null
                || taken.remove(fault) != null) {
            done.add("end " + fault.id());
            changes.changed();
        }
    }

    @Override
    public boolean remains(FaultHandle fault) {
        return misbehaving.containsKey(fault) || taken.containsKey(fault);
    }

    @Override
    public SortedSet<Way> troubledBy(FaultHandle fault) {
        EngineFault.Trouble trouble = troubles.get(fault);
        return trouble == null ? new TreeSet<>() : trouble.ways();
    }

    @Override
    public SortedSet<Way> cutWays() {
        var ways = new TreeSet<Way>();
        cuts.values().forEach(cut -> ways.addAll(cut.ways()));
        return ways;
    }

    @Override
    public Map<FaultKind, HostLack> unsupportedFaults() {
        return Map.of();
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return changes.onChange(listener);
    }

    @Override
    public Optional<Duration> repeatabilityLost() {
        return repeatabilityLost;
    }

    @Override
    public long changeCount() {
        return changes.count();
    }

    @Override
    public void close() {
        docker.close();
        hosts.values().forEach(h -> h.daemon.close());
    }
}
