package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.DockerTls;
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
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.LoopbackProbes;
import dev.clusterlab.provisioning.docker.NodeContainers.Found;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.host.ProgressBoard;
import dev.clusterlab.provisioning.docker.images.MachineImages;
import dev.clusterlab.provisioning.real.ChangeCounter;
import dev.clusterlab.provisioning.real.FaultKeeper;
import dev.clusterlab.provisioning.real.KeeperScripts;
import dev.clusterlab.provisioning.real.ReachProbe;
import dev.clusterlab.provisioning.real.RealFaults;
import dev.clusterlab.provisioning.real.ServiceOrders;
import dev.clusterlab.provisioning.real.WallClock;
import java.security.SecureRandom;
import java.time.InstantSource;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The real thing on one computer: each machine is a container with a Docker daemon of its own, on the user's engine. The
 * daemons are reached over mutual TLS through ports on 127.0.0.1. Thread-safe; machines are created in parallel by callers
 * in parallel, or by {@link #createMachines}.
 */
public final class DockerEngine implements Engine {
    private final LabRecord lab;
    private final LabRecords records;
    private final HostDocker host;
    private final DockerSettings settings;
    private final LabCertificates certificates;
    private final DockerTls tls;
    private final NodeContainers containers;
    private final MachineImages images;
    private final InstantSource time;
    private final ProgressBoard progress = new ProgressBoard();
    private final ChangeCounter changes = new ChangeCounter();
    private final WallClock clock;
    private final AccessLogSearch accessLogs;
    private final LoopbackProbes probes;
    private final DockerClients daemons = new DockerClients(this);
    private final FaultKeeper<DockerNode> keeper;
    private final ServiceOrders<DockerNode> services;
    private final ReachProbe<DockerNode> reach = new ReachProbe<>(this::inside, NodeContainers.DAEMON_PORT);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon(true).name("docker engine timer").factory());
    /** Apart from the timer: a machine whose daemon gives no answer must not keep the others from hearing of the lab. */
    private final ScheduledExecutorService serviceLooks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon(true).name("docker engine services").factory());

    private final ChangeFeed feed;

    private final MachineTable table = new MachineTable();

    /** Guards what follows. */
    private final Object lock = new Object();

    private final Set<String> wantedImages = new LinkedHashSet<>();
    private boolean closed;

    /** Held for reading while an object is made on the user's engine, for writing while all of the lab is removed. */
    private final ReadWriteLock making = new ReentrantReadWriteLock();

    /** Guarded by the lock for making: nothing is left to close. */
    private boolean gone;

    private final Object networkLock = new Object();
    private @Nullable LabNetwork network;
    private final IsolationChoice isolation;
    private final DaemonStart daemonStart;
    private final Object surveyLock = new Object();
    private @Nullable HostAbilities abilities;

    private DockerEngine(
            HostDocker host,
            LabRecord lab,
            LabRecords records,
            LabCertificates certificates,
            DockerSettings settings,
            InstantSource time,
            SecureRandom random) {
        this.host = host;
        this.lab = lab;
        this.records = records;
        this.certificates = certificates;
        this.tls = certificates.tls();
        this.settings = settings;
        this.time = time;
        this.keeper = new FaultKeeper<>(randomId(random), table::find, new MachinePrograms());
        this.services = new ServiceOrders<>(randomId(random), table::find, new ServiceReach(), serviceLooks);
        var refusals = new IsolationMemory(settings.records().resolve("refusals.json"));
        this.isolation = new IsolationChoice(host, refusals, settings.isolation(), time);
        this.containers = new NodeContainers(host, lab.id(), settings.images(), settings.ports());
        this.daemonStart = new DaemonStart(containers, tls);
        this.images = new MachineImages(host, settings.images(), settings.cache(), progress);
        this.clock = new WallClock(time, changes);
        this.accessLogs = new AccessLogSearch(this);
        this.probes = new LoopbackProbes(clock, this::machine, accessLogs);
        this.feed = new ChangeFeed(
                lab.id(), host, containers, table, this::daemon, changes, timer, new ChangeFeed.Engine() {
                    @Override
                    public boolean routingMesh() {
                        return abilities().routingMesh();
                    }

                    @Override
                    public void destroyed(DockerNode node) {
                        forget(node);
                    }
                });
    }

    /**
     * A new lab without machines.
     *
     * @throws LabException ENVIRONMENT without a usable engine
     */
    public static DockerEngine create(DockerSettings settings, HostEngineFinder finder) {
        var random = new SecureRandom();
        InstantSource time = InstantSource.system();
        HostDocker host = new HostDocker(finder.find());
        try {
            String id = randomId(random);
            var records = new LabRecords(settings.records());
            // Before the first object exists: whatever happens from here on, the lab is found again.
            var lab = LabRecord.ofThisProcess(id, host.found().endpoint(), time.instant());
            records.write(lab);
            var certificates = LabCertificates.create(id, records.certificates(id), time.instant(), random);
            return new DockerEngine(host, lab, records, certificates, settings, time, random).opened();
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /**
     * A lab whose program has ended, with its machines as they are.
     *
     * @throws LabException NOT_FOUND if there is no such lab, CONFLICT if another program has it
     */
    public static DockerEngine resume(DockerSettings settings, HostEngineFinder finder, String labId) {
        var records = new LabRecords(settings.records());
        LabRecord old = records.read(labId)
                .orElseThrow(() -> new LabException(
                        Kind.NOT_FOUND, "There is no lab " + labId + ".", "`clusterlab clean --list` lists the labs."));
        if (old.inUse()) {
            throw new LabException(
                            Kind.CONFLICT,
                            "The lab " + labId + " is in use by another program (process " + old.processId() + ").",
                            "End that program first.")
                    .named("lab.used", labId, String.valueOf(old.processId()));
        }
        HostDocker host = new HostDocker(finder.find());
        try {
            var random = new SecureRandom();
            var certificates = LabCertificates.read(records.certificates(labId), random);
            var lab = LabRecord.ofThisProcess(labId, host.found().endpoint(), old.created());
            records.write(lab);
            var engine = new DockerEngine(host, lab, records, certificates, settings, InstantSource.system(), random);
            engine.adopt();
            return engine.opened();
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    private static String randomId(SecureRandom random) {
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private DockerEngine opened() {
        feed.start();
        int third = KeeperScripts.LIMIT_SECONDS / 3;
        timer.scheduleWithFixedDelay(keeper::keep, third, third, TimeUnit.SECONDS);
        timer.scheduleWithFixedDelay(services::keep, third, third, TimeUnit.SECONDS);
        return this;
    }

    /** Takes up the machines that there are; what was only half made goes. */
    private void adopt() {
        for (Found found : containers.list()) {
            if (found.status().equals("created")) {
                containers.remove(found.machine(), found.id());
                continue;
            }
            var node = new DockerNode(found.machine(), found.index(), found.address());
            node.container(found.id());
            node.become(state(found), found.ports());
            table.adopt(node);
            feed.follow(node);
        }
        Sweep.CONCURRENT.ask(table.running(), node -> {
            if (keeper.takeOver(node)) {
                node.become(State.PAUSED);
            }
            return node;
        });
    }

    private static State state(Found found) {
        return switch (found.status()) {
            case "running" -> State.RUNNING;
            case "paused" -> State.PAUSED;
            // 128 + SIGKILL: nobody asked it to stop.
            default -> found.exitCode() == 137 ? State.KILLED : State.STOPPED;
        };
    }

    private DockerLabs labs() {
        return new DockerLabs(host, records);
    }

    @Override
    public Optional<String> recordedLab() {
        return Optional.of(lab.id());
    }

    @Override
    public String name() {
        return EngineNames.DOCKER;
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
    public Optional<DockerTls> tls() {
        return Optional.of(tls);
    }

    // --- machines

    @Override
    public List<Machine> createMachines(List<String> names) {
        names.forEach(MachineNames::require);
        // Names and addresses are given in order; what takes time is done together.
        var reserved = new ArrayList<DockerNode>();
        try {
            for (String name : names) {
                reserved.add(table.reserve(name, making(this::network)));
            }
        } catch (LabException e) {
            reserved.forEach(this::forget);
            throw e;
        }
        return Sweep.CONCURRENT.ask(reserved, this::create);
    }

    @Override
    public Machine createMachine(String name) {
        return createMachines(List.of(name)).getFirst();
    }

    /** Makes something that a removal of the lab must find: it is either there by then, or never made. */
    private <T> T making(Supplier<T> made) {
        making.readLock().lock();
        try {
            if (closed()) {
                throw new LabException(Kind.CANCELLED, "The lab is closed.", "");
            }
            return made.get();
        } finally {
            making.readLock().unlock();
        }
    }

    private Machine create(DockerNode node) {
        String name = node.name();
        LabNetwork within = network();
        try {
            images.onHost(settings.images().node());
            progress.accept(EngineProgress.of(name, Stage.CREATING_MACHINE));
            LabCertificates.Server certificate = certificates.server(name, node.address(), time.instant());
            node.container(making(() -> isolation.make(chosen ->
                    containers.create(name, node.index(), within.name(), node.address(), chosen, certificate))));
            progress.accept(EngineProgress.of(name, Stage.STARTING_DAEMON));
            daemonStart.await(node);
            feed.follow(node);
            provideWanted(node);
            progress.accept(EngineProgress.of(name, Stage.DONE));
            changes.changed();
            return table.requireView(node);
        } catch (RuntimeException e) {
            progress.accept(EngineProgress.of(name, Stage.FAILED));
            forget(node);
            if (closed()) {
                // Whoever closes the lab removes its container.
                throw new LabException(Kind.CANCELLED, "The lab is closed.", "", e);
            }
            containers.remove(name, node.containerId());
            throw e;
        }
    }

    private boolean closed() {
        synchronized (lock) {
            return closed;
        }
    }

    private LabNetwork network() {
        synchronized (networkLock) {
            LabNetwork made = network;
            if (made == null) {
                made = LabNetwork.ensure(host, lab.id());
                network = made;
            }
            return made;
        }
    }

    @Override
    public List<Machine> machines() {
        return table.views();
    }

    @Override
    public Optional<Machine> machine(String name) {
        return table.named(name).flatMap(table::view);
    }

    @Override
    public void stopMachine(String name) {
        DockerNode node = table.require(name, Set.of(State.RUNNING), "stop");
        // Said before it is done: the engine's own event must not call it killed.
        node.become(State.STOPPED);
        containers.stop(name, id(node));
        changes.changed();
    }

    @Override
    public void killMachine(String name) {
        DockerNode node = table.require(name, Set.of(State.RUNNING, State.PAUSED), "kill");
        node.become(State.KILLED);
        containers.kill(name, id(node));
        changes.changed();
    }

    @Override
    public void startMachine(String name) {
        DockerNode node = table.find(name);
        if (node.state().equals(Optional.of(State.RUNNING))) {
            return;
        }
        table.require(name, Set.of(State.STOPPED, State.KILLED), "start");
        progress.accept(EngineProgress.of(name, Stage.STARTING_DAEMON));
        try {
            keeper.poweringOn(node);
            containers.start(name, id(node));
            daemonStart.await(node);
            keeper.poweredOn(node);
            feed.readPorts(node);
            provideWanted(node);
            progress.accept(EngineProgress.of(name, Stage.DONE));
        } catch (RuntimeException e) {
            progress.accept(EngineProgress.of(name, Stage.FAILED));
            throw e;
        }
        changes.changed();
    }

    @Override
    public void pauseMachine(String name) {
        DockerNode node = table.require(name, Set.of(State.RUNNING), "pause");
        if (keeper.freeze(node)) {
            node.become(State.PAUSED);
        } else {
            pauseFromOutside(node);
        }
        changes.changed();
    }

    /** Nothing in it can end that. */
    private void pauseFromOutside(DockerNode node) {
        var none = node.programs().writeLock();
        none.lock();
        try {
            containers.pause(node.name(), id(node));
            node.become(State.PAUSED);
        } finally {
            none.unlock();
        }
    }

    @Override
    public void unpauseMachine(String name) {
        DockerNode node = table.require(name, Set.of(State.PAUSED), "unpause");
        if (keeper.frozen(name)) {
            keeper.thaw(node);
            node.become(State.RUNNING);
        } else {
            containers.unpause(name, id(node));
            node.become(State.RUNNING);
            keeper.thawed(node);
        }
        changes.changed();
    }

    @Override
    public void removeMachine(String name) {
        DockerNode node = table.find(name);
        forget(node);
        containers.remove(name, node.containerId());
        changes.changed();
    }

    private void forget(DockerNode node) {
        table.remove(node);
        node.stopFollowing();
        daemons.drop(node.name());
        keeper.forget(node.name());
    }

    private static String id(DockerNode node) {
        String id = node.containerId();
        if (id == null) {
            throw MachineNames.unknown(node.name());
        }
        return id;
    }

    // --- the network between machines

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
        return keeper.cutWays();
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
        return reach.measure(table.running(), keeper.troubledWays());
    }

    private final class MachinePrograms implements FaultKeeper.Programs<DockerNode> {
        @Override
        public String run(DockerNode node, String doing, String script) {
            return inside(node, doing, script);
        }

        @Override
        public void atStart(DockerNode node, String script) {
            containers.atStart(node.name(), id(node), script);
        }

        @Override
        public void pause(DockerNode node, String container) {
            daemons.of(node.name())
                    .call(client -> client.pauseContainerCmd(container).exec());
        }

        @Override
        public void unpause(DockerNode node, String container) {
            daemons.of(node.name())
                    .call(client -> client.unpauseContainerCmd(container).exec());
        }
    }

    private final class ServiceReach implements ServiceOrders.Programs<DockerNode> {
        @Override
        public String run(DockerNode node, String doing, String script) {
            return inside(node, doing, script);
        }

        @Override
        public Map<String, Map<String, String>> containers(DockerNode node) {
            var found = new LinkedHashMap<String, Map<String, String>>();
            for (JsonNode each : daemons.of(node.name()).getJson("/containers/json")) {
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
        public List<DockerNode> running() {
            return table.running();
        }
    }

    /** Runs a shell script in a machine; see {@link DockerNode#programs}. */
    private String inside(DockerNode node, String doing, String script) {
        var program = node.programs().readLock();
        program.lock();
        try {
            State state = node.state().orElse(State.STOPPED);
            if (state != State.RUNNING && !(state == State.PAUSED && keeper.frozen(node.name()))) {
                throw new LabException(
                                Kind.REFUSED,
                                "Cannot " + doing + ": the machine is "
                                        + state.name().toLowerCase(Locale.ROOT) + ".",
                                "`docker-machine ls` shows the state of each machine.")
                        .named("machine.state." + state.name(), node.name());
            }
            return host.run(doing, id(node), "sh", "-c", script);
        } finally {
            program.unlock();
        }
    }

    // --- images and abilities

    @Override
    public boolean provideImage(String reference) {
        images.provide(images.meant(reference), running());
        synchronized (lock) {
            wantedImages.add(reference);
        }
        return true;
    }

    private List<DockerConnection> running() {
        return table.running().stream().map(this::daemon).toList();
    }

    private DockerConnection daemon(DockerNode node) {
        return daemons.of(table.requireView(node));
    }

    /** A machine that comes later gets what services use already, before a task of theirs does. */
    private void provideWanted(DockerNode node) {
        List<String> wanted;
        synchronized (lock) {
            wanted = List.copyOf(wantedImages);
        }
        DockerConnection daemon = daemon(node);
        for (String reference : wanted) {
            images.provide(images.meant(reference), List.of(daemon));
        }
    }

    @Override
    public HostAbilities abilities() {
        synchronized (surveyLock) {
            HostAbilities known = abilities;
            if (known != null) {
                return known;
            }
            Optional<DockerNode> running = table.running().stream().findFirst();
            Optional<NodeIsolation> chosen = isolation.chosen();
            if (running.isEmpty() || chosen.isEmpty()) {
                return new HostAbilities(
                        true,
                        true,
                        RealFaults.NEVER,
                        HostSurvey.facts(host.found(), host.get("ask the Docker Engine about itself", "/info")));
            }
            known = HostSurvey.of(
                    host, chosen.get(), script -> inside(running.get(), "find out what this host can do", script));
            abilities = known;
            return known;
        }
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

    /** What is being made is waited for, and then removed too. A call that comes while another one closes waits for it. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        making.writeLock().lock();
        try {
            if (gone) {
                return;
            }
            gone = true;
            letGo();
            labs().remove(lab.id());
        } finally {
            host.close();
            making.writeLock().unlock();
        }
    }

    /** Ends all that this process does for the lab, and leaves its machines. For tests: what a killed program leaves. */
    void abandon() {
        synchronized (lock) {
            closed = true;
        }
        making.writeLock().lock();
        try {
            gone = true;
            letGo();
        } finally {
            host.close();
            making.writeLock().unlock();
        }
    }

    private void letGo() {
        timer.shutdownNow();
        serviceLooks.shutdownNow();
        accessLogs.close();
        feed.close();
        daemons.close();
    }
}
