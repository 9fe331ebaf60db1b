package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.LinkTrouble;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.swarm.MachineTroubles;
import dev.clusterlab.simulator.swarm.PowerState;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.swarm.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A simulated world with real endpoints: machines, for each a Docker Engine API on a loopback port, and a loopback port
 * for each port that its containers publish. Thread-safe; see {@link SimulationDriver} for how time moves.
 */
public final class EmbeddedCluster implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    /** A machine whose daemon has not answered by then never will. */
    private static final Duration BOOT_LIMIT = Duration.ofMinutes(2);
    /** What connecting to a machine without power costs before it fails. */
    private static final Duration DEAD = Duration.ofSeconds(10);

    /** How long, in wall-clock time, real programs may take to end when everything ends. */
    private static final Duration OUTCALLS_LIMIT = Duration.ofSeconds(5);

    private final SimulationDriver driver;
    private final World world;
    private final Settings settings;
    /**
     * Held during a visit, so that they come one after another; never taken on the simulation's thread, for which a visit
     * waits.
     */
    private final Object visits = new Object();
    /** The rest belongs to the monitor of this object, under which nobody waits for the simulation's thread. */
    private final Map<String, Endpoints> endpoints = new LinkedHashMap<>();

    private final Set<String> addresses = new LinkedHashSet<>();
    private final PortKeeper keeper;
    /** Where there are no sockets: every door by its number. */
    private final Map<Integer, InnerDoor> doors = new ConcurrentHashMap<>();

    private final AtomicInteger lastDoor = new AtomicInteger();
    private boolean closed;

    /**
     * How a cluster begins.
     *
     * @param epoch what the inside believes the date to be at its beginning
     * @param catalog makes the images that exist; it is given the driver, for programs that live outside
     * @param fixedPort the loopback port wanted for a published port of a machine, 0 for any
     * @param sockets whether other programs may ask; if not, ports are numbers by which {@link #enter} is called, and a socket is opened
     *     only where {@link #socket} asks for one
     */
    public record Settings(
            long seed,
            Instant epoch,
            Pace pace,
            Function<SimulationDriver, ProgramCatalog> catalog,
            BiFunction<String, Integer, Integer> fixedPort,
            boolean sockets) {
        /** Any free loopback ports, a fixed epoch, time on demand. */
        public static Settings unattended(long seed, ProgramCatalog catalog) {
            return new Settings(
                    seed,
                    Instant.parse("2026-01-01T00:00:00Z"),
                    new Pace.OnDemand(),
                    driver -> catalog,
                    (machine, port) -> 0,
                    true);
        }
    }

    /**
     * A machine as it was when asked for; the same object as before if it has not changed.
     *
     * @param dockerPort loopback port of its Docker Engine API; it stays the same for the machine's life, also while it
     *     is off
     * @param ports published TCP ports and the loopback port of each, which stays the same for the machine's life too
     */
    public record MachineView(
            String name, String address, PowerState power, int dockerPort, Map<Integer, Integer> ports) {}

    public EmbeddedCluster(Settings settings) {
        this.settings = settings;
        this.driver = new SimulationDriver(new Simulation(settings.seed(), settings.epoch()), settings.pace());
        this.world = driver.call(() -> {
            var created = new World(driver.simulation(), settings.catalog().apply(driver));
            created.serveEngineApi(daemon -> new DockerRoutes(daemon, created));
            created.onChange(driver::changed);
            return created;
        });
        this.keeper = new PortKeeper(this::syncChangedPorts);
        driver.onChange(keeper::wake);
    }

    public SimulationDriver driver() {
        return driver;
    }

    /** The simulated world; to be used on the simulation's thread only, by {@link SimulationDriver#call}. */
    public World world() {
        return world;
    }

    /**
     * Creates a machine and switches it on; returns when its Docker daemon answers.
     *
     * @throws IllegalArgumentException if the name is taken or is not a name
     */
    public MachineView createMachine(String name) throws InterruptedException {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name
                    + "\" is not a machine name: 1 to 63 lower-case letters, digits and inner hyphens are wanted");
        }
        SimMachine machine = driver.call(() -> world.createMachine(name));
        synchronized (this) {
            endpoints.put(name, new Endpoints(machine));
            addresses.add(machine.address());
        }
        driver.changed();
        awaitDaemon(machine);
        return view(name);
    }

    /** Every machine, in the order of creation. */
    public List<MachineView> machines() {
        syncChangedPorts();
        List<SimMachine> all = driver.call(world::machines);
        List<Endpoints> known;
        synchronized (this) {
            known = all.stream()
                    .map(machine -> endpoints.get(machine.name()))
                    .filter(Objects::nonNull)
                    .toList();
        }
        return known.stream().map(Endpoints::view).toList();
    }

    public Optional<MachineView> find(String name) {
        Endpoints of;
        synchronized (this) {
            of = endpoints.get(name);
        }
        if (of != null) {
            syncPorts(() -> world.portsChanged().take(of.machine) ? List.of(of.machine) : List.of());
        }
        return of == null ? Optional.empty() : Optional.of(of.view());
    }

    private MachineView view(String name) {
        return find(name).orElseThrow(() -> unknown(name));
    }

    /** Switches a machine on again; returns when its Docker daemon answers. */
    public void start(String name) throws InterruptedException {
        SimMachine machine = machine(name);
        act(machine, SimMachine::start);
        awaitDaemon(machine);
    }

    /** Shuts a machine down in order; returns when it is off. */
    public void stop(String name) throws InterruptedException {
        SimMachine machine = machine(name);
        var off = new CompletableFuture<Boolean>();
        act(machine, running -> running.shutdown(() -> off.complete(true)));
        driver.awaitInside(() -> off.isDone() || machine.power() != PowerState.RUNNING, BOOT_LIMIT);
        dropConnections(name);
        driver.changed();
    }

    /** Cuts a machine's power. */
    public void kill(String name) {
        act(machine(name), SimMachine::kill);
        dropConnections(name);
    }

    public void pause(String name) {
        act(machine(name), SimMachine::pause);
    }

    public void unpause(String name) {
        act(machine(name), SimMachine::unpause);
    }

    /** Removes a machine and its disk for good. */
    public void remove(String name) {
        act(machine(name), SimMachine::remove);
        dropConnections(name);
        Endpoints gone;
        synchronized (this) {
            gone = endpoints.remove(name);
            if (gone != null) {
                addresses.remove(gone.machine.address());
            }
        }
        if (gone != null) {
            gone.close();
        }
    }

    /**
     * Cuts ways between machines in the name of an owner.
     *
     * @return the name of a machine that does not exist, if there is one: then nothing is cut
     */
    public Optional<String> cut(String owner, Collection<Underlay.Link> ways) {
        return onWays(ways, underlay -> underlay.cut(owner, ways));
    }

    /**
     * Brings ways between machines into trouble in the name of an owner.
     *
     * @return the name of a machine that does not exist, if there is one: then nothing has happened
     */
    public Optional<String> trouble(String owner, Collection<Underlay.Link> ways, LinkTrouble trouble) {
        return onWays(ways, underlay -> underlay.trouble(owner, ways, trouble));
    }

    private Optional<String> onWays(Collection<Underlay.Link> ways, Consumer<Underlay> change) {
        Optional<String> unknown = driver.call(() -> {
            Optional<String> missing = ways.stream()
                    .flatMap(way -> Stream.of(way.from(), way.to()))
                    .filter(name -> world.machine(name).isEmpty())
                    .findFirst();
            if (missing.isEmpty()) {
                change.accept(world.underlay());
                world.waysChanged();
            }
            return missing;
        });
        driver.changed();
        return unknown;
    }

    /** Gives up all that an owner has cut or brought into trouble. */
    public void mend(String owner) {
        driver.run(() -> {
            world.underlay().mend(owner);
            world.machines().forEach(machine -> machine.troubles().end(owner));
            world.waysChanged();
        });
        driver.changed();
    }

    /** Takes something from a machine; who owns it gives it back by {@link #mend}. */
    public void take(String name, Consumer<MachineTroubles> taking) {
        SimMachine machine = machine(name);
        driver.run(() -> taking.accept(machine.troubles()));
        driver.changed();
    }

    /** Whether an owner has taken something from a machine and not given it back. */
    public boolean taken(String owner) {
        return driver.call(() ->
                world.machines().stream().anyMatch(machine -> machine.troubles().held(owner)));
    }

    /** Whether a machine is a manager of its swarm. */
    public boolean manages(String name) {
        SimMachine machine = machine(name);
        return driver.call(machine::manages);
    }

    /** The labels of a container that runs; empty if there is none. */
    public Optional<Map<String, String>> labels(String name, String container) {
        SimMachine machine = machine(name);
        return driver.call(() -> containers(machine).stream()
                .filter(each -> each.id().equals(container))
                .findFirst()
                .map(each -> each.labels()));
    }

    /** Every container that runs and for which the condition holds, with its machine. */
    public Map<String, String> running(Predicate<Container.Summary> wanted) {
        return driver.call(() -> {
            var found = new LinkedHashMap<String, String>();
            for (SimMachine machine : world.machines()) {
                containers(machine).stream().filter(wanted).forEach(each -> found.put(each.id(), machine.name()));
            }
            return found;
        });
    }

    private static List<Container.Summary> containers(SimMachine machine) {
        return machine.power() == PowerState.RUNNING
                        && machine.daemonReady()
                        && machine.daemon().containers(false, 0, Filters.NONE)
                                instanceof ApiResult.Ok<List<Container.Summary>>(var containers)
                ? containers
                : List.of();
    }

    /** Tells every container that runs and for which the condition holds something, as {@link #tellContainer} does; nobody waits for it. */
    public void tellContainers(Predicate<Container.Summary> wanted, int port, HttpMessage.Request request) {
        driver.run(() -> {
            for (SimMachine machine : world.machines()) {
                containers(machine).stream().filter(wanted).forEach(container -> {
                    var _ = machine.askContainer(container.id(), port, request, answer -> driver.changed());
                });
            }
        });
    }

    /** Freezes a container of a machine that is on; what its daemon says. */
    public ApiResult<Nothing> pauseContainer(String name, String container) {
        SimMachine machine = machine(name);
        ApiResult<Nothing> result = driver.call(() -> machine.daemon().containerPause(container));
        driver.changed();
        return result;
    }

    /**
     * Thaws a container, once its machine runs and is not frozen itself; without effect if the machine has gone or has
     * been off meanwhile.
     */
    public void unpauseContainer(String name, String container) {
        driver.run(() -> world.machine(name)
                .ifPresent(machine -> machine.scope().execute(() -> {
                    if (machine.daemonReady()) {
                        machine.daemon().containerUnpause(container);
                    }
                })));
        driver.changed();
    }

    /**
     * Makes a request to a port of a container's loopback, as from a program in its network namespace, and does not wait for the
     * answer.
     *
     * @return an error if the container does not run, or has nothing at that port of its loopback alone
     */
    public ApiResult<Nothing> tellContainer(String name, String container, int port, HttpMessage.Request request) {
        SimMachine machine = machine(name);
        ApiResult<Nothing> result =
                driver.call(() -> machine.askContainer(container, port, request, answer -> driver.changed()));
        driver.changed();
        return result;
    }

    /**
     * As {@link #tellContainer}, and waits for the answer in virtual time.
     *
     * @return empty if the container does not run, or has nothing at that port
     */
    public Optional<HttpResult> askContainer(String name, String container, int port, HttpMessage.Request request)
            throws InterruptedException {
        Optional<SimMachine> machine = driver.call(() -> world.machine(name));
        var answered = new CompletableFuture<HttpResult>();
        boolean asked = machine.isPresent()
                && driver.call(() -> machine.get().askContainer(container, port, request, answered::complete)
                        instanceof ApiResult.Ok<Nothing>);
        return asked && driver.awaitInside(answered::isDone, BOOT_LIMIT)
                ? Optional.of(answered.join())
                : Optional.empty();
    }

    /** The ways that an owner has brought into trouble and not let go. */
    public List<Underlay.Link> troubled(String owner) {
        return driver.call(() -> world.underlay().troubled(owner));
    }

    /** Every way that is cut now. */
    public List<Underlay.Link> cuts() {
        return driver.call(() -> world.underlay().cuts());
    }

    /**
     * Lets a request in without a socket; any thread.
     *
     * @param port of a {@link MachineView}
     * @return the request; empty if nobody answers there, which {@code answer} has been told then
     * @throws IllegalStateException if this cluster has sockets
     */
    public Optional<OutsideRequest> enter(int port, HttpMessage.Request request, Answer answer) {
        return door(port).enter(request, answer);
    }

    /**
     * A loopback port that leads to the same as a port of this cluster without sockets.
     *
     * @throws IllegalStateException if this cluster has sockets
     */
    public int socket(int port) {
        return door(port).socket();
    }

    private InnerDoor door(int port) {
        InnerDoor door = doors.get(port);
        if (door == null) {
            throw new IllegalStateException("there is no port " + port + " without a socket");
        }
        return door;
    }

    /** Closes every port and ends the simulation. */
    @Override
    public void close() {
        List<Endpoints> all;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            all = new ArrayList<>(endpoints.values());
            endpoints.clear();
        }
        keeper.close();
        // What lives outside the simulation, such as a real server, ends with its machine.
        if (!driver.closed()) {
            driver.run(() -> world.machines().forEach(machine -> {
                if (isOn(machine)) {
                    machine.kill();
                }
            }));
            awaitOutcalls();
        }
        driver.close();
        all.parallelStream().forEach(Endpoints::close);
    }

    // ---

    private void awaitOutcalls() {
        long until = System.nanoTime() + OUTCALLS_LIMIT.toNanos();
        while (!driver.call(() -> driver.outcalls().idle()) && System.nanoTime() < until) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private SimMachine machine(String name) {
        return driver.call(() -> world.machine(name)).orElseThrow(() -> unknown(name));
    }

    private static NoSuchElementException unknown(String name) {
        return new NoSuchElementException("there is no machine \"" + name + "\"");
    }

    private void act(SimMachine machine, Consumer<SimMachine> action) {
        driver.run(() -> action.accept(machine));
        driver.changed();
    }

    private void awaitDaemon(SimMachine machine) throws InterruptedException {
        if (!driver.awaitInside(machine::daemonReady, BOOT_LIMIT)) {
            throw new IllegalStateException("the Docker daemon of " + machine.name() + " did not come up");
        }
        driver.changed();
    }

    private void dropConnections(String name) {
        Endpoints of;
        synchronized (this) {
            of = endpoints.get(name);
        }
        if (of != null) {
            driver.run(of.inFlight::dropAll);
        }
    }

    private static boolean isOn(SimMachine machine) {
        return machine.power() == PowerState.RUNNING || machine.power() == PowerState.PAUSED;
    }

    private Predicate<String> labNames() {
        return host -> {
            synchronized (this) {
                return endpoints.containsKey(host) || addresses.contains(host);
            }
        };
    }

    private void syncChangedPorts() {
        syncPorts(world.portsChanged()::take);
    }

    /**
     * Opens and closes loopback ports so that they are those that some machines publish now.
     *
     * @param marked gives, on the simulation's thread, the machines whose ports may have changed since they were last
     *     visited, and takes their marks away
     */
    private void syncPorts(Supplier<List<SimMachine>> marked) {
        if (driver.closed() || driver.onThread()) {
            return;
        }
        synchronized (visits) {
            // All in one visit to the simulation's thread: there may be many machines.
            Map<SimMachine, Picture> pictures = driver.call(() -> {
                var seen = new LinkedHashMap<SimMachine, Picture>();
                for (SimMachine machine : marked.get()) {
                    seen.put(machine, new Picture(machine.power(), List.copyOf(machine.publishedPorts())));
                }
                return seen;
            });
            var unvisited = new LinkedHashSet<>(pictures.keySet());
            try {
                bring(pictures, unvisited);
            } finally {
                if (!unvisited.isEmpty() && !driver.closed()) {
                    driver.run(() -> unvisited.forEach(world.portsChanged()::add));
                }
            }
        }
    }

    private synchronized void bring(Map<SimMachine, Picture> pictures, Set<SimMachine> unvisited) {
        if (closed) {
            unvisited.clear();
            return;
        }
        pictures.forEach((machine, picture) -> {
            Endpoints of = endpoints.get(machine.name());
            if (of != null && of.machine == machine) {
                of.sync(picture);
            }
            unvisited.remove(machine);
        });
    }

    private record Picture(PowerState power, List<Integer> publishedPorts) {}

    /** The loopback ports of one machine. */
    private final class Endpoints {
        private final SimMachine machine;
        private final Door docker;
        private final PublishedPorts published = new PublishedPorts(this::publish);
        private final InFlight inFlight = new InFlight();
        private PowerState power;
        /** Null after a change. */
        private @Nullable MachineView view;

        Endpoints(SimMachine machine) {
            this.machine = machine;
            this.power = PowerState.RUNNING;
            this.docker = edge(0, HostPolicy.control(), this::dockerApi, HttpMessage.Request::reads);
        }

        private Door edge(int port, HostPolicy policy, HttpService service, Predicate<HttpMessage.Request> observes) {
            HttpEdge.Entrance entrance =
                    (request, answer) -> driver.request(request, inFlight.tracking(service), observes, answer);
            if (settings.sockets()) {
                return HttpEdge.open(port, policy, entrance);
            }
            var door = new InnerDoor(lastDoor.incrementAndGet(), policy, entrance);
            doors.put(door.port(), door);
            return door;
        }

        private void dockerApi(HttpExchange exchange) {
            switch (machine.power()) {
                case RUNNING, PAUSED ->
                    machine.scope().execute(() -> {
                        if (machine.daemonReady()) {
                            machine.engineApi().handle(exchange);
                        } else {
                            exchange.fail(HttpExchange.Failure.REFUSED);
                        }
                    });
                case STOPPED, KILLED, REMOVED ->
                    driver.simulation().schedule(DEAD, () -> exchange.fail(HttpExchange.Failure.TIMEOUT));
            }
            if (!exchange.request().method().equals("GET")) {
                driver.changed();
            }
        }

        void sync(Picture picture) {
            view = null;
            power = picture.power();
            boolean on = power == PowerState.RUNNING || power == PowerState.PAUSED;
            List<Integer> wanted = on ? picture.publishedPorts() : List.of();
            published.bring(wanted);
        }

        private Door publish(int port) {
            HttpService service = exchange -> machine.connect(port, exchange);
            int fixed = settings.fixedPort().apply(machine.name(), port);
            Predicate<HttpMessage.Request> observes = request -> machine.observes(port, request);
            HostPolicy policy = HostPolicy.published(labNames());
            try {
                return edge(fixed, policy, service, observes);
            } catch (PortInUseException e) {
                // A wish, not a demand: the lab shows where the port really is.
                return edge(0, policy, service, observes);
            }
        }

        MachineView view() {
            synchronized (EmbeddedCluster.this) {
                // Who asks inside, such as a lease that ends, cannot wait for a visit, and need not: the machine is at
                // hand.
                PowerState now = driver.onThread() ? machine.power() : power;
                MachineView known = view;
                if (known == null || known.power() != now) {
                    known = new MachineView(
                            machine.name(),
                            machine.address(),
                            now,
                            docker.port(),
                            java.util.Collections.unmodifiableMap(published.open()));
                    view = known;
                }
                return known;
            }
        }

        void close() {
            docker.close();
            published.close();
        }
    }
}
