package dev.clusterlab.provisioning.hosts.consent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.LinkTrouble;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.client.AccessLogSearch;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LoopbackProbes;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.consent.OwnerConsent.ServiceOf;
import dev.clusterlab.provisioning.hosts.helper.HelperContainer;
import dev.clusterlab.provisioning.hosts.link.Consent;
import dev.clusterlab.provisioning.hosts.link.HostConsents;
import dev.clusterlab.provisioning.hosts.link.HostTrouble;
import dev.clusterlab.provisioning.hosts.watch.WatchedSwarm;
import dev.clusterlab.provisioning.real.FaultKeeper;
import dev.clusterlab.provisioning.real.FaultSurvey;
import dev.clusterlab.provisioning.real.KeeperScripts;
import dev.clusterlab.provisioning.real.ReachProbe;
import dev.clusterlab.provisioning.real.ServiceOrders;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Swarm that exists, as an engine that breaks in it what its owner allows: nodes and services with the label of {@link FaultConsent},
 * which are read anew before each fault. It makes and removes no machine, and does nothing that the hosts would not undo by themselves if
 * this program were killed. A host is touched by the first fault on it, and has nothing of it any more when this is closed. Thread-safe.
 */
public final class ConsentedSwarm implements Engine {
    private static final System.Logger LOG = System.getLogger(ConsentedSwarm.class.getName());
    private static final int GOSSIP_PORT = 7946;

    private final ConsentSettings settings;
    private final String id;
    private final WrittenDown written;
    private final List<ConsentedHost> hosts = new ArrayList<>();
    private final WatchedSwarm watched;
    private final OwnerConsent owner;
    private final AtOnce atOnce;
    private final DockerClients daemons = new DockerClients(this);
    private final FaultKeeper<ConsentedHost> keeper;
    private final ServiceOrders<ConsentedHost> services;
    private final ReachProbe<ConsentedHost> reach;
    private final AccessLogSearch accessLogs;
    private final LoopbackProbes probes;
    private final ScheduledExecutorService timer = timer("consented swarm timer");
    private final ScheduledExecutorService looks = timer("consented swarm looks");
    /** Containers that this has frozen: they may be woken whatever their labels say by then. */
    private final Set<String> frozen = ConcurrentHashMap.newKeySet();

    private final Map<String, Map<FaultKind, HostLack>> lacks = new ConcurrentHashMap<>();

    /** Held while a fault begins: what is broken at once is counted before the next one. */
    private final Object beginning = new Object();

    private volatile boolean closed;
    private volatile boolean withdrawn;

    private ConsentedSwarm(List<Host> given, ConsentSettings settings, SecureRandom random) {
        this.settings = settings;
        this.id = random(random);
        this.written = new WrittenDown(
                new ConsentRecords(settings.records()), id, settings.time().instant(), given);
        this.atOnce = new AtOnce(settings.atMost(), System::nanoTime);
        var ways = HostConsents.open(
                given,
                settings.environment(),
                settings.operatingSystem(),
                host -> new ConsentAtHost(id, new OwnersRules(host), () -> of(host).daemon()));
        ways.all().forEach(way -> hosts.add(new ConsentedHost(id, way, this::machineOf, written::brought)));
        this.watched =
                WatchedSwarm.attach(ways.all().stream().map(way -> way.link()).toList(), ways, settings.time());
        this.owner = new OwnerConsent(watched);
        this.keeper = new FaultKeeper<>(random(random), this::find, new Scripts());
        this.services = new ServiceOrders<>(random(random), this::find, new ServiceReach(), looks);
        this.reach = new ReachProbe<>(this::look, GOSSIP_PORT);
        this.accessLogs = new AccessLogSearch(this);
        this.probes = new LoopbackProbes(clock(), this::machine, accessLogs);
    }

    private static ScheduledExecutorService timer(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon(true).name(name).factory());
    }

    private static String random(SecureRandom random) {
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Goes to the hosts and looks. Nothing is changed by that.
     *
     * @throws LabException as {@link WatchedSwarm#attach}
     */
    public static ConsentedSwarm attach(List<Host> given, ConsentSettings settings) {
        var swarm = new ConsentedSwarm(given, settings, new SecureRandom());
        Sweep.CONCURRENT.ask(swarm.hosts, host -> {
            host.look();
            return host;
        });
        int third = KeeperScripts.LIMIT_SECONDS / 3;
        swarm.timer.scheduleWithFixedDelay(swarm::keep, third, third, TimeUnit.SECONDS);
        return swarm;
    }

    /** Somebody who has ended this test from elsewhere, or allows it no more, is not contradicted. */
    private void keep() {
        withdrawn = withdrawn || isWithdrawn();
        if (!over()) {
            keeper.keep();
            services.keep();
        }
    }

    /** Whether the owner has taken the label of something away that is broken now. Where nobody can be asked, what was allowed holds. */
    private boolean isWithdrawn() {
        try {
            return !owner.without(atOnce.brokenNodes()).isEmpty()
                    || atOnce.brokenServices().stream().anyMatch(service -> !owner.service(service));
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, "What is allowed now cannot be asked", e);
            return false;
        }
    }

    /** Whether this test was ended by {@code clusterlab clean} from elsewhere, or by its owner, who took a label away. */
    public boolean over() {
        return withdrawn || written.revoked();
    }

    /** Eight hexadecimal digits, by which {@code clusterlab clean} knows it. */
    public String id() {
        return id;
    }

    /** Hosts that could not be reached when they were asked last, by the names that they were given. */
    public Map<String, HostTrouble> troubles() {
        return watched.troubles();
    }

    /** The hosts as they were given, by the names of their machines. */
    public Map<String, Host> given() {
        return watched.given();
    }

    // --- the Swarm, as it is watched

    private Machine machineOf(Host host) {
        return watched.machine(host);
    }

    private ConsentedHost of(Host host) {
        return hosts.stream()
                .filter(each -> each.host().equals(host))
                .findFirst()
                .orElseThrow(IllegalStateException::new);
    }

    private ConsentedHost find(String name) {
        return hosts.stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(() -> MachineNames.unknown(name));
    }

    /** As it is watched, with the doors for faults and clients. */
    private Machine view(ConsentedHost host) {
        Machine seen = machineOf(host.host());
        var ports = new TreeMap<>(seen.ports());
        if (!closed && watched.published(host.host()).contains(ProbePlan.HTTP)) {
            ports.put(ProbePlan.HTTP, host.way().clients(ProbePlan.HTTP));
        }
        return new Machine(
                seen.name(), seen.ip(), seen.state(), Optional.of(host.way().containers()), ports);
    }

    @Override
    public List<Machine> machines() {
        return hosts.stream().map(this::view).toList();
    }

    @Override
    public Optional<Machine> machine(String name) {
        return hosts.stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .map(this::view);
    }

    @Override
    public String name() {
        return EngineNames.SWARM;
    }

    @Override
    public EngineClock clock() {
        return watched.clock();
    }

    @Override
    public ProbePort probes() {
        return probes;
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return watched.onChange(listener);
    }

    @Override
    public long changeCount() {
        return watched.changeCount();
    }

    // --- what the owner allows

    @Override
    public Optional<FaultConsent> consent() {
        return Optional.of(new Asked());
    }

    /**
     * What the access logs of the Traefiks on the hosts tell of requests that fail: where one tells, to which server each was passed on is
     * read there, and else inferred. Hosts that do not answer are left out.
     */
    public List<TraefikLog> accessLogs() {
        return Sweep.CONCURRENT.ask(hosts, this::accessLogs).stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<TraefikLog> accessLogs(ConsentedHost host) {
        try {
            return owner.accessLogs(host.name());
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, "The Traefiks of " + host.host() + " are not known", e);
            return List.of();
        }
    }

    /** Whoever chooses targets asks this. */
    private final class Asked implements FaultConsent {
        @Override
        public boolean machine(String name) {
            return owner.machine(name);
        }

        @Override
        public boolean service(String name) {
            return owner.service(name);
        }

        @Override
        public void require(EngineFault fault) {
            synchronized (beginning) {
                var _ = allowed(fault);
            }
        }

        @Override
        public void requireContainer(String machine, String container) {
            var _ = onContainer(machine, container);
        }
    }

    /** The doors of one host ask this. */
    private final class OwnersRules implements ConsentAtHost.Rules {
        private final Host host;

        OwnersRules(Host host) {
            this.host = host;
        }

        @Override
        public void requireContainer(String container, Consent.Deed deed) {
            switch (deed) {
                case KILL, STOP -> {
                    ServiceOf service = owner.allowed(machineOf(host).name(), container);
                    synchronized (beginning) {
                        atOnce.requireContainer(service, container);
                        atOnce.gone(service, container);
                    }
                }
                case PAUSE -> {
                    var _ = owner.allowed(machineOf(host).name(), container);
                    frozen.add(container);
                }
                case UNPAUSE -> {
                    if (!frozen.contains(container)) {
                        throw new LabException(Kind.REFUSED, "Somebody else has frozen this container.", "")
                                .named("consent.frozen");
                    }
                }
            }
        }

        @Override
        public void requireHelper() {
            requireOpen();
            String machine = machineOf(host).name();
            if (!owner.machine(machine) && !owner.runsAllowed(machine)) {
                throw FaultConsent.refusedMachines(List.of(machine));
            }
            owner.otherHelper(machine, HelperContainer.name(id)).ifPresent(other -> {
                throw other.inTheWay(machine);
            });
            written.helped(host);
        }

        @Override
        public void requireLog(String container) {
            owner.requireLog(machineOf(host).name(), container);
        }
    }

    private void requireOpen() {
        if (closed || over()) {
            throw ended();
        }
    }

    private static LabException ended() {
        return new LabException(Kind.CANCELLED, "The test is over.", "");
    }

    // --- faults

    @Override
    public FaultHandle begin(EngineFault fault) {
        requireOpen();
        synchronized (beginning) {
            Allowed allowed = allowed(fault);
            allowed.kind().ifPresent(kind -> requireAble(kind, allowed.nodes()));
            FaultHandle handle = switch (fault) {
                case EngineFault.Cut cut -> keeper.begin(cut, allowed.nodes());
                case EngineFault.Trouble trouble -> keeper.begin(trouble, allowed.nodes());
                case EngineFault.OnMachine taken -> keeper.begin(taken);
                case EngineFault.ContainerPause pause -> keeper.begin(pause);
                case EngineFault.Misbehaviour told -> services.begin(told);
            };
            atOnce.began(handle, allowed.nodes());
            allowed.container().ifPresent(on -> atOnce.began(handle, on.service(), on.id()));
            return handle;
        }
    }

    /**
     * A fault that may begin.
     *
     * @param kind for which its hosts need programs; empty if they need none
     * @param nodes that are hit; none if it is a container
     */
    private record Allowed(Optional<FaultKind> kind, SortedSet<String> nodes, Optional<OnContainer> container) {}

    private record OnContainer(ServiceOf service, String id) {}

    /** @throws LabException REFUSED if it may not begin now */
    private Allowed allowed(EngineFault fault) {
        return switch (fault) {
            case EngineFault.Cut cut -> onNodes(FaultKind.NETWORK_PARTITION, cut.ways(), fewest(cut.ways()));
            case EngineFault.Trouble trouble -> onNodes(kind(trouble.kind()), trouble.ways(), holders(trouble));
            case EngineFault.OnMachine taken -> {
                var on = new TreeSet<>(List.of(taken.machine()));
                requireAllowed(on);
                yield onNodes(FaultKind.DNS_NOT_FOUND, Set.of(), on);
            }
            case EngineFault.ContainerPause pause -> onContainer(pause.machine(), pause.container());
            case EngineFault.Misbehaviour told -> onContainer(told.machine(), told.container());
        };
    }

    private static FaultKind kind(LinkTrouble trouble) {
        return switch (trouble) {
            case LinkTrouble.Latency _ -> FaultKind.NETWORK_LATENCY;
            case LinkTrouble.Bandwidth _ -> FaultKind.NETWORK_BANDWIDTH;
            case LinkTrouble.Loss _ -> FaultKind.NETWORK_LOSS;
            case LinkTrouble.BurstLoss _ -> FaultKind.NETWORK_BURST;
            case LinkTrouble.Duplicates _ -> FaultKind.NETWORK_DUPLICATES;
            case LinkTrouble.Reordering _ -> FaultKind.NETWORK_REORDERING;
        };
    }

    private void requireAllowed(Collection<String> machines) {
        machines.forEach(this::find);
        SortedSet<String> without = owner.without(machines);
        if (!without.isEmpty()) {
            throw FaultConsent.refusedMachines(without);
        }
    }

    /** Packets are lost at the fewest hosts of those that are allowed. */
    private SortedSet<String> fewest(Collection<Way> ways) {
        var ends = new TreeSet<String>();
        ways.forEach(way -> {
            ends.add(way.from());
            ends.add(way.to());
        });
        ends.forEach(this::find);
        SortedSet<String> without = owner.without(ends);
        var allowed = new TreeSet<>(ends);
        allowed.removeAll(without);
        return FewestHosts.of(ways, allowed).orElseThrow(() -> FaultConsent.refusedMachines(without));
    }

    /** Queues stand where packets leave, and nowhere else. */
    private SortedSet<String> holders(EngineFault.Trouble trouble) {
        return switch (trouble.kind()) {
            case LinkTrouble.Latency _, LinkTrouble.Bandwidth _ -> {
                SortedSet<String> senders =
                        trouble.ways().stream().map(Way::from).collect(Collectors.toCollection(TreeSet::new));
                requireAllowed(senders);
                yield senders;
            }
            case LinkTrouble.Loss _, LinkTrouble.BurstLoss _, LinkTrouble.Duplicates _, LinkTrouble.Reordering _ ->
                fewest(trouble.ways());
        };
    }

    private Allowed onNodes(FaultKind kind, Set<Way> ways, SortedSet<String> on) {
        atOnce.requireNodes(on, owner.nodes());
        requireMajority(ways);
        return new Allowed(Optional.of(kind), on, Optional.empty());
    }

    private Allowed onContainer(String machine, String container) {
        ServiceOf service = owner.allowed(machine, container);
        atOnce.requireContainer(service, container);
        return new Allowed(Optional.empty(), new TreeSet<>(), Optional.of(new OnContainer(service, container)));
    }

    private void requireMajority(Set<Way> more) {
        if (settings.breakQuorum() || more.isEmpty()) {
            return;
        }
        var broken = new TreeSet<>(more);
        broken.addAll(keeper.cutWays());
        broken.addAll(keeper.troubledWays());
        if (!ManagerMajority.remains(owner.managers(), broken)) {
            throw new LabException(
                            Kind.REFUSED,
                            "That would leave the Swarm without a majority of managers that reach each other.",
                            "An experiment that means to do that says breaks-quorum: true, and a person agrees by --yes-break-quorum.")
                    .named("consent.quorum");
        }
    }

    /** What a host lacks is found out by trying it, before the first fault on it. */
    private void requireAble(FaultKind kind, Collection<String> on) {
        for (String name : on) {
            ConsentedHost host = find(name);
            HostLack lack = lacks.computeIfAbsent(
                            name,
                            machine -> FaultSurvey.unsupported(
                                    inside(host, "find out what " + machine + " can do", FaultSurvey.SCRIPT)
                                            .lines()
                                            .toList()))
                    .get(kind);
            if (lack != null) {
                throw new LabException(
                                Kind.REFUSED, kind.code() + " cannot be done on " + name + ": " + lack.sentence(), "")
                        .named("fault.unsupported." + lack.name());
            }
        }
    }

    @Override
    public void end(FaultHandle fault) {
        if (!services.end(fault)) {
            keeper.end(fault);
        }
        atOnce.ended(fault);
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

    /** Only hosts that were touched try it; of ways between others nothing is known. */
    @Override
    public Reach reach() {
        return reach.measure(hosts, keeper.troubledWays());
    }

    private String look(ConsentedHost host, String doing, String script) {
        if (!written.has(host.host())) {
            throw new LabException(Kind.REFUSED, host.name() + " was not touched, so it tries nobody.", "");
        }
        return host.helper().run(doing, script);
    }

    private String inside(ConsentedHost host, String doing, String script) {
        // Who has lost the consent ends what is in force all the same.
        if (closed || written.revoked()) {
            throw ended();
        }
        if (!host.knowsItsRoute()) {
            host.look();
        }
        if (!host.knowsItsRoute()) {
            throw new LabException(
                            Kind.REFUSED,
                            "By which connection this computer comes to " + host.host()
                                    + " is not known, so a fault might cut it off.",
                            "Its ssh server must set SSH_CONNECTION, as OpenSSH does.")
                    .named("consent.route", host.host().toString());
        }
        return host.helper().run(doing, script);
    }

    private final class Scripts implements FaultKeeper.Programs<ConsentedHost> {
        @Override
        public String run(ConsentedHost host, String doing, String script) {
            return inside(host, doing, script);
        }

        @Override
        public void atStart(ConsentedHost host, String script) {
            // Hosts are not switched off here.
        }

        @Override
        public void pause(ConsentedHost host, String container) {
            daemons.of(host.name())
                    .call(client -> client.pauseContainerCmd(container).exec());
        }

        @Override
        public void unpause(ConsentedHost host, String container) {
            daemons.of(host.name())
                    .call(client -> client.unpauseContainerCmd(container).exec());
        }
    }

    private final class ServiceReach implements ServiceOrders.Programs<ConsentedHost> {
        @Override
        public String run(ConsentedHost host, String doing, String script) {
            return inside(host, doing, script);
        }

        @Override
        public Map<String, Map<String, String>> containers(ConsentedHost host) {
            var found = new LinkedHashMap<String, Map<String, String>>();
            for (JsonNode each : owner.reading(host.name()).getJson("/containers/json")) {
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
        public List<ConsentedHost> running() {
            return hosts;
        }
    }

    // --- what is not done here

    @Override
    public Map<FaultKind, HostLack> unsupportedFaults() {
        var lacks = new TreeMap<FaultKind, HostLack>();
        for (FaultKind kind : FaultKind.values()) {
            boolean had = switch (kind) {
                case CONTAINER_KILL,
                        CONTAINER_STOP,
                        CONTAINER_PAUSE,
                        SERVICE_UNHEALTHY,
                        SERVICE_SLOW,
                        SERVICE_ERRORS,
                        SERVICE_CRASH_LOOP,
                        DNS_NOT_FOUND,
                        NETWORK_PARTITION,
                        NETWORK_ONE_WAY,
                        NETWORK_BRIDGE,
                        NETWORK_RING,
                        NETWORK_LATENCY,
                        NETWORK_LOSS,
                        NETWORK_BURST,
                        NETWORK_BANDWIDTH,
                        NETWORK_HEAL -> true;
                default -> false;
            };
            if (!had) {
                lacks.put(kind, HostLack.NOT_ENDED_BY_THE_HOST);
            }
        }
        lacks.put(FaultKind.NETWORK_DUPLICATES, HostLack.NOT_ON_REAL_MACHINES);
        lacks.put(FaultKind.NETWORK_REORDERING, HostLack.NOT_ON_REAL_MACHINES);
        return lacks;
    }

    private static LabException refused() {
        return new LabException(
                        Kind.REFUSED,
                        "Hosts of a Swarm that exists are neither made nor switched nor removed here.",
                        "A lab of your own (--engine embedded, docker or remote) can do that.")
                .named("consent.machines");
    }

    @Override
    public Machine createMachine(String name) {
        throw refused();
    }

    @Override
    public void stopMachine(String name) {
        throw refused();
    }

    @Override
    public void killMachine(String name) {
        throw refused();
    }

    @Override
    public void startMachine(String name) {
        throw refused();
    }

    @Override
    public void pauseMachine(String name) {
        throw refused();
    }

    @Override
    public void unpauseMachine(String name) {
        throw refused();
    }

    @Override
    public void removeMachine(String name) {
        throw refused();
    }

    /**
     * Ends all that is in force, and takes the helpers away.
     *
     * @throws LabException REFUSED if some host cannot be left as it was found; what is in force there ends by itself, and {@code clean}
     *     does the rest
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        timer.shutdownNow();
        looks.shutdownNow();
        List<ConsentedHost> touched =
                hosts.stream().filter(host -> written.has(host.host())).toList();
        List<String> owed = Sweep.CONCURRENT.ask(touched, host -> LeftFaults.ended(host, written)).stream()
                .flatMap(Optional::stream)
                .toList();
        letGo();
        if (!owed.isEmpty()) {
            throw LeftFaults.owed(id, owed);
        }
    }

    /** Ends all that this process does, and leaves the hosts as they are. For tests: what a killed program leaves. */
    void abandon() {
        closed = true;
        timer.shutdownNow();
        looks.shutdownNow();
        letGo();
    }

    private void letGo() {
        accessLogs.close();
        daemons.close();
        owner.close();
        hosts.forEach(ConsentedHost::close);
        watched.close();
        LOG.log(System.Logger.Level.DEBUG, "The Swarm is left alone again");
    }
}
