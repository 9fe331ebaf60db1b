package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.client.AccessLogSearch;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LoopbackProbes;
import dev.clusterlab.provisioning.docker.LabLabels;
import dev.clusterlab.provisioning.docker.host.ProgressBoard;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Entry;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Taken;
import dev.clusterlab.provisioning.hosts.link.HostPassages;
import dev.clusterlab.provisioning.real.ChangeCounter;
import dev.clusterlab.provisioning.real.DaemonFeed;
import dev.clusterlab.provisioning.real.FaultKeeper;
import dev.clusterlab.provisioning.real.KeeperScripts;
import dev.clusterlab.provisioning.real.ReachProbe;
import dev.clusterlab.provisioning.real.ServiceOrders;
import dev.clusterlab.provisioning.real.WallClock;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * Machines are Docker hosts that their owner lent: each is taken as it is, and left as it was found. Their daemons are reached by doors on
 * this computer, whatever the way to them is. Whether a host runs is found by asking it: one that was switched off or on by hand is
 * noticed. Thread-safe.
 */
public final class RemoteEngine implements Engine {
    private static final System.Logger LOG = System.getLogger(RemoteEngine.class.getName());
    /** Of Swarm's members among each other: where nobody listens, a refusal is an answer. */
    private static final int GOSSIP_PORT = 7946;

    private static final long LOOK_SECONDS = 2;

    private final RemoteSettings settings;
    private final RemoteLab lab;
    private final HostChoice choice;
    private final HostTools tools;
    private final HostsImages images;
    private final HostsAbilities abilities;
    private final ProgressBoard progress = new ProgressBoard();
    private final ChangeCounter changes = new ChangeCounter();
    private final WallClock clock;
    private final AccessLogSearch accessLogs;
    private final LoopbackProbes probes;
    private final DockerClients daemons = new DockerClients(this);
    private final FaultKeeper<KeptHost> keeper;
    private final CutOffHosts cutOffs;
    private final ServiceOrders<LabHost> services;
    private final ReachProbe<LabHost> reach;
    private final DaemonFeed feed;
    private final ScheduledExecutorService timer = timer("remote engine timer");
    /** Apart from the timer: a host that gives no answer must not keep the others from hearing of the lab. */
    private final ScheduledExecutorService looks = timer("remote engine looks");

    /** Guarded by itself. */
    private final Set<String> wantedImages = new LinkedHashSet<>();

    /** Held while a host is chosen: no two machines get the same. */
    private final Object reserving = new Object();

    private volatile boolean closed;
    /** Held for reading while a host is touched, for writing while all are given back. */
    private final ReadWriteLock making = new ReentrantReadWriteLock();

    /** Guarded by that lock: nothing is left to close. */
    private boolean gone;

    private RemoteEngine(RemoteSettings settings, RemoteLab lab, Set<String> lent, SecureRandom random) {
        this.settings = settings;
        this.lab = lab;
        this.choice = new HostChoice(lab.hosts(), lent, new RemoteRecords(settings.records()));
        this.tools = new HostTools(lab.id());
        this.images = new HostsImages(settings.docker(), settings.finder(), tools::docker, progress);
        this.abilities = new HostsAbilities(tools::run);
        this.clock = new WallClock(settings.time(), changes);
        this.accessLogs = new AccessLogSearch(this);
        this.probes = new LoopbackProbes(clock, this::machine, accessLogs);
        this.feed = new DaemonFeed(changes, timer);
        this.keeper = new FaultKeeper<>(randomId(random), name -> new KeptHost(lab.find(name)), new Scripts());
        this.cutOffs = new CutOffHosts(lab, keeper);
        this.services = new ServiceOrders<>(randomId(random), lab::find, new ServiceReach(), looks);
        this.reach = new ReachProbe<>(this::inside, GOSSIP_PORT);
    }

    private static ScheduledExecutorService timer(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon(true).name(name).factory());
    }

    private static String randomId(SecureRandom random) {
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * A new lab without machines. Hosts are looked at, and not touched.
     *
     * @throws LabException INPUT for no hosts or two of one name, REFUSED if none can be taken, ENVIRONMENT if this computer lacks
     *     something
     */
    public static RemoteEngine create(RemoteSettings settings, LabHosts hosts) {
        var random = new SecureRandom();
        var passages = HostPassages.open(hosts.hosts(), settings.environment(), settings.operatingSystem());
        var lab = new RemoteLab(
                randomId(random), settings.time().instant(), new RemoteRecords(settings.records()), passages);
        return opened(lab, new RemoteEngine(settings, lab, hosts.lent(), random), engine -> {
            engine.choice.look(settings.space());
            engine.choice.requireSome();
            lab.write();
        });
    }

    /**
     * A lab whose program has ended, with its machines as they are.
     *
     * @throws LabException NOT_FOUND if there is no such lab, CONFLICT if another program has it
     */
    public static RemoteEngine resume(RemoteSettings settings, String labId) {
        var records = new RemoteRecords(settings.records());
        RemoteRecord old = records.read(labId).orElseThrow(() -> RemoteLabs.unknown(labId));
        RemoteLabs.requireFree(old);
        List<Host> hosts = old.hosts().stream().map(Entry::host).toList();
        var passages = HostPassages.open(hosts, settings.environment(), settings.operatingSystem());
        var lab = new RemoteLab(labId, old.created(), records, passages);
        Set<String> lent = new TreeSet<>();
        return opened(lab, new RemoteEngine(settings, lab, lent, new SecureRandom()), engine -> {
            lab.write();
            engine.adopt(old);
        });
    }

    private static RemoteEngine opened(RemoteLab lab, RemoteEngine engine, Consumer<RemoteEngine> beginning) {
        try {
            beginning.accept(engine);
            engine.begin();
            return engine;
        } catch (RuntimeException e) {
            engine.letGo();
            if (lab.machines().isEmpty()) {
                lab.forget();
            }
            lab.close();
            throw e;
        }
    }

    private void begin() {
        int third = KeeperScripts.LIMIT_SECONDS / 3;
        timer.scheduleWithFixedDelay(keeper::keep, third, third, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(services::keep, third, third, TimeUnit.SECONDS);
        looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void adopt(RemoteRecord old) {
        for (int i = 0; i < old.hosts().size(); i++) {
            LabHost host = lab.hosts().get(i);
            old.hosts().get(i).taken().ifPresent(taken -> lab.adopt(host, taken));
        }
        lab.write();
        Sweep.CONCURRENT.ask(lab.machines(), host -> {
            try {
                host.identify();
                host.become(State.RUNNING);
                abilities.look(host);
                keeper.takeOver(new KeptHost(host));
                host.follow(feed.follow(host));
            } catch (LabException e) {
                LOG.log(System.Logger.Level.DEBUG, host.host() + " does not answer", e);
                host.become(State.KILLED);
            }
            return host;
        });
    }

    /** What will be done with each host, before anything is. */
    public List<HostPlan> plans() {
        return choice.plans();
    }

    @Override
    public Optional<String> recordedLab() {
        return Optional.of(lab.id());
    }

    @Override
    public String name() {
        return EngineNames.REMOTE;
    }

    @Override
    public ProbePort probes() {
        return probes;
    }

    @Override
    public EngineClock clock() {
        return clock;
    }

    @Override
    public Map<String, String> labels() {
        return Map.of(LabLabels.LAB, lab.id());
    }

    // --- machines

    @Override
    public List<Machine> createMachines(List<String> names) {
        making.readLock().lock();
        try {
            requireOpen();
            var reserved = new ArrayList<LabHost>();
            try {
                for (String name : names) {
                    reserved.add(reserve(name));
                }
            } catch (LabException e) {
                reserved.forEach(lab::free);
                throw e;
            }
            return Sweep.CONCURRENT.ask(reserved, this::create);
        } finally {
            making.readLock().unlock();
        }
    }

    @Override
    public Machine createMachine(String name) {
        return createMachines(List.of(name)).getFirst();
    }

    /** Names are given in order; nothing is touched before what is there was written down. */
    private LabHost reserve(String name) {
        synchronized (reserving) {
            choice.requireNew(name);
            LabHost host = choice.free(name);
            choice.requireAlone(host);
            lab.take(host, new Taken(name, HostContents.read(host.daemon()), new TreeSet<>()));
            return host;
        }
    }

    private Machine create(LabHost host) {
        String name = host.name();
        try {
            progress.accept(EngineProgress.of(name, Stage.CREATING_MACHINE));
            abilities.look(host);
            lab.write();
            choice.requireRoom(host, tools, settings);
            nameAfter(host);
            provideWanted(host);
            host.become(State.RUNNING);
            host.follow(feed.follow(host));
            cutOffs.machineCame();
            progress.accept(EngineProgress.of(name, Stage.DONE));
            changes.changed();
            return machine(name).orElseThrow(() -> MachineNames.unknown(name));
        } catch (RuntimeException e) {
            progress.accept(EngineProgress.of(name, Stage.FAILED));
            if (closed) {
                throw new LabException(Kind.CANCELLED, "The lab is closed.", "", e);
            }
            giveBack(host);
            throw FullDisk.explained(host, e);
        }
    }

    /** Swarm knows a host by its own name; labs, checks and pictures know nodes by the names of machines. */
    private void nameAfter(LabHost host) {
        if (!host.daemon().getJson("/info").path("Name").asText("").equals(host.name())) {
            tools.call(host, host.name());
        }
    }

    private void requireOpen() {
        if (closed) {
            throw RemoteLab.closed();
        }
    }

    @Override
    public List<Machine> machines() {
        return lab.views();
    }

    @Override
    public Optional<Machine> machine(String name) {
        return lab.view(name);
    }

    @Override
    public void stopMachine(String name) {
        LabHost host = lab.require(name, Set.of(State.RUNNING), "stop");
        if (power(host).stops()) {
            powerOff(host, State.STOPPED, HostPower::stop);
        } else {
            cutOff(host, State.STOPPED);
        }
    }

    @Override
    public void killMachine(String name) {
        LabHost host = lab.require(name, Set.of(State.RUNNING), "kill");
        if (power(host).kills()) {
            powerOff(host, State.KILLED, HostPower::kill);
        } else {
            cutOff(host, State.KILLED);
        }
    }

    private HostPower power(LabHost host) {
        return new HostPower(host.host(), settings.commandLimit());
    }

    private void cutOff(LabHost host, State off) {
        host.power().lock();
        try {
            cutOffs.cutOff(host, off);
            daemons.drop(host.name());
        } finally {
            host.power().unlock();
            changes.changed();
        }
    }

    private void joinAgain(LabHost host) {
        cutOffs.end(host);
        keeper.poweredOn(new KeptHost(host));
        DaemonFeed.readPorts(host);
        host.follow(feed.follow(host));
        provideWanted(host);
    }

    private void powerOff(LabHost host, State off, Consumer<HostPower> how) {
        host.power().lock();
        try {
            how.accept(power(host));
            host.passage().begin();
            if (!host.await(false, settings.startLimit())) {
                throw new LabException(
                                Kind.TIMEOUT,
                                host.host()
                                        + " still answers, although the command that is to switch it off ended well.",
                                "See what stop: or kill: of the hosts file does.")
                        .named("remote.power.on", host.host().toString());
            }
            host.become(off);
            daemons.drop(host.name());
        } finally {
            host.power().unlock();
            changes.changed();
        }
    }

    @Override
    public void startMachine(String name) {
        LabHost host = lab.find(name);
        if (host.state().equals(Optional.of(State.RUNNING))) {
            return;
        }
        progress.accept(EngineProgress.of(name, Stage.STARTING_DAEMON));
        host.power().lock();
        try {
            if (host.cutOff().isPresent()) {
                joinAgain(host);
                progress.accept(EngineProgress.of(name, Stage.DONE));
                return;
            }
            if (power(host).starts() || !answersNow(host)) {
                power(host).start();
            }
            if (!host.await(true, settings.startLimit())) {
                throw host.passage()
                        .trouble()
                        .map(trouble -> trouble.exception())
                        .orElseGet(() -> new LabException(
                                        Kind.TIMEOUT,
                                        host.host() + " was switched on, and does not answer within "
                                                + settings.startLimit().toSeconds() + " s.",
                                        "See whether it is on, and whether its Docker starts with it.")
                                .named(
                                        "remote.power.silent",
                                        host.host().toString(),
                                        String.valueOf(settings.startLimit().toSeconds())));
            }
            settled(host);
            progress.accept(EngineProgress.of(name, Stage.DONE));
        } catch (RuntimeException e) {
            progress.accept(EngineProgress.of(name, Stage.FAILED));
            throw e;
        } finally {
            host.power().unlock();
            changes.changed();
        }
    }

    /** A host that has just been switched on may be lost again for a moment, while its network settles: it is tried once more. */
    private void settled(LabHost host) {
        try {
            runsAgain(host);
        } catch (LabException e) {
            if (host.passage().trouble().isEmpty() || !host.await(true, settings.startLimit())) {
                throw e;
            }
            LOG.log(System.Logger.Level.DEBUG, host.host() + " was lost for a moment", e);
            host.passage().begin();
            runsAgain(host);
        }
    }

    private static boolean answersNow(LabHost host) {
        host.passage().begin();
        return host.answers();
    }

    /** Faults that a host had are gone with its power: they begin again before anybody is told that it runs. */
    private void runsAgain(LabHost host) {
        nameAfter(host);
        keeper.poweringOn(new KeptHost(host));
        host.become(State.RUNNING);
        keeper.poweredOn(new KeptHost(host));
        DaemonFeed.readPorts(host);
        host.follow(feed.follow(host));
        provideWanted(host);
    }

    /** What became of hosts without the lab. */
    private void look() {
        Sweep.CONCURRENT.ask(lab.machines(), host -> {
            // One that is switched off or on, or is being given back, is not looked at.
            if (host.state().isPresent()
                    && host.cutOff().isEmpty()
                    && host.power().tryLock()) {
                try {
                    look(host);
                } catch (LabException e) {
                    LOG.log(System.Logger.Level.DEBUG, "What became of " + host.host() + " is not known", e);
                } finally {
                    host.power().unlock();
                }
            }
            return host;
        });
    }

    private void look(LabHost host) {
        boolean answers = host.answers();
        boolean running = host.state().equals(Optional.of(State.RUNNING));
        if (running && !answers && !host.answers()) {
            host.become(State.KILLED);
            changes.changed();
        } else if (!running && answers) {
            host.passage().begin();
            runsAgain(host);
            changes.changed();
        }
    }

    @Override
    public void pauseMachine(String name) {
        lab.require(name, Set.of(State.RUNNING), "pause");
        throw new LabException(
                        Kind.REFUSED,
                        HostLack.HOST_NOT_FROZEN.sentence(),
                        "`docker-machine kill` or a cut of the network come nearest.")
                .named("fault.unsupported." + HostLack.HOST_NOT_FROZEN.name());
    }

    @Override
    public void unpauseMachine(String name) {
        lab.require(name, Set.of(State.PAUSED), "unpause");
    }

    @Override
    public void removeMachine(String name) {
        giveBack(lab.find(name));
        // Another machine may get its address: what others did to it ends before.
        keeper.keep();
        changes.changed();
    }

    /** @throws LabException if it cannot be left as it was found; then it is still the lab's */
    private void giveBack(LabHost host) {
        host.power().lock();
        try {
            String name = host.name();
            bringBack(host);
            keeper.forget(name);
            new HostReturn(host, tools, lab.id(), host.taken().orElseThrow(RemoteLab::closed)).run();
            daemons.drop(name);
            tools.drop(host);
            lab.free(host);
        } finally {
            host.power().unlock();
        }
    }

    /** One that is off is switched on, if the lab can: it is to be left as it was found. */
    private void bringBack(LabHost host) {
        host.passage().again();
        if (host.answers()) {
            return;
        }
        if (!power(host).starts()) {
            throw host.silent();
        }
        power(host).start();
        if (!host.await(true, settings.startLimit())) {
            throw host.silent();
        }
        host.passage().begin();
    }

    // --- faults

    @Override
    public FaultHandle begin(EngineFault fault) {
        FaultHandle handle = switch (fault) {
            case EngineFault.Cut cut -> keeper.begin(cut);
            case EngineFault.Trouble trouble -> keeper.begin(trouble);
            case EngineFault.ContainerPause pause -> keeper.begin(pause);
            case EngineFault.Misbehaviour told -> services.begin(told);
            case EngineFault.OnMachine taken -> keeper.begin(taken);
        };
        changes.changed();
        return handle;
    }

    @Override
    public void end(FaultHandle fault) {
        if (!services.end(fault)) {
            keeper.end(fault);
        }
        changes.changed();
    }

    @Override
    public SortedSet<Way> cutWays() {
        return cutOffs.without(keeper.cutWays());
    }

    @Override
    public SortedSet<Way> troubledBy(FaultHandle fault) {
        return keeper.troubledBy(fault);
    }

    @Override
    public boolean remains(FaultHandle fault) {
        return services.misbehaves(fault) || keeper.remains(fault);
    }

    @Override
    public Reach reach() {
        return reach.measure(lab.running(), keeper.troubledWays());
    }

    private final class Scripts implements FaultKeeper.Programs<KeptHost> {
        @Override
        public String run(KeptHost kept, String doing, String script) {
            return kept.host().cutOff().isPresent()
                    ? tools.run(kept.host(), doing, script)
                    : inside(kept.host(), doing, script);
        }

        @Override
        public void atStart(KeptHost host, String script) {
            // Nothing of the lab's waits in a host that is off.
        }

        @Override
        public void pause(KeptHost host, String container) {
            daemons.of(host.name())
                    .call(client -> client.pauseContainerCmd(container).exec());
        }

        @Override
        public void unpause(KeptHost host, String container) {
            daemons.of(host.name())
                    .call(client -> client.unpauseContainerCmd(container).exec());
        }
    }

    private final class ServiceReach implements ServiceOrders.Programs<LabHost> {
        @Override
        public String run(LabHost host, String doing, String script) {
            return inside(host, doing, script);
        }

        @Override
        public Map<String, Map<String, String>> containers(LabHost host) {
            var found = new LinkedHashMap<String, Map<String, String>>();
            for (JsonNode each : daemons.of(host.name()).getJson("/containers/json")) {
                var labels = new LinkedHashMap<String, String>();
                each.path("Labels")
                        .properties()
                        .forEach(label ->
                                labels.put(label.getKey(), label.getValue().asText()));
                found.put(each.path("Id").asText(), labels);
            }
            return found;
        }

        @Override
        public List<LabHost> running() {
            return lab.running();
        }
    }

    private String inside(LabHost host, String doing, String script) {
        State state = host.state().orElse(State.STOPPED);
        if (state != State.RUNNING) {
            throw new LabException(
                            Kind.REFUSED,
                            "Cannot " + doing + ": the machine is "
                                    + state.name().toLowerCase(Locale.ROOT) + ".",
                            "`docker-machine ls` shows the state of each machine.")
                    .named("machine.state." + state.name(), host.name());
        }
        return tools.run(host, doing, script);
    }

    // --- images and abilities

    @Override
    public boolean provideImage(String reference) {
        synchronized (wantedImages) {
            wantedImages.add(reference);
        }
        images.provide(reference, lab.running());
        lab.write();
        return true;
    }

    /** A machine that comes later gets what services use already, before a task of theirs does. */
    private void provideWanted(LabHost host) {
        List<String> wanted;
        synchronized (wantedImages) {
            wanted = List.copyOf(wantedImages);
        }
        if (!wanted.isEmpty()) {
            wanted.forEach(reference -> images.provide(reference, List.of(host)));
            lab.write();
        }
    }

    @Override
    public HostAbilities abilities() {
        return abilities.of(lab.hosts(), lab.running());
    }

    @Override
    public Map<FaultKind, HostLack> unsupportedFaults() {
        return abilities().unsupportedFaults();
    }

    // --- what changes

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return changes.onChange(listener);
    }

    @Override
    public List<EngineProgress> progress() {
        return progress.current();
    }

    @Override
    public AutoCloseable onProgress(Consumer<EngineProgress> listener) {
        return progress.onProgress(listener);
    }

    @Override
    public long changeCount() {
        return changes.count();
    }

    /**
     * Gives every host back. What is being done to one is waited for.
     *
     * @throws LabException REFUSED if some cannot be left as they were found; they stay written down, and {@code clean} does it later
     */
    @Override
    public void close() {
        closed = true;
        making.writeLock().lock();
        try {
            if (gone) {
                return;
            }
            gone = true;
            timer.shutdownNow();
            looks.shutdownNow();
            SwarmEnd.of(lab.running());
            List<String> owed = HostReturn.inOrder(lab.machines(), host -> host, this::givenBack);
            letGo();
            if (owed.isEmpty()) {
                lab.forget();
            }
            lab.close();
            if (!owed.isEmpty()) {
                throw RemoteLabs.owed(lab.id(), owed);
            }
        } finally {
            making.writeLock().unlock();
        }
    }

    /** Empty if it was; else why not. */
    private Optional<String> givenBack(LabHost host) {
        try {
            giveBack(host);
            return Optional.empty();
        } catch (LabException e) {
            return Optional.of(host.host() + ": " + e.getMessage());
        }
    }

    /** Ends all that this process does for the lab, and leaves its machines. For tests: what a killed program leaves. */
    void abandon() {
        closed = true;
        making.writeLock().lock();
        try {
            gone = true;
            letGo();
            lab.abandon();
            lab.close();
        } finally {
            making.writeLock().unlock();
        }
    }

    private void letGo() {
        timer.shutdownNow();
        looks.shutdownNow();
        images.close();
        accessLogs.close();
        daemons.close();
        tools.close();
    }
}
