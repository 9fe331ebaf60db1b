package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A simulated machine: power, a disk that survives, and a Docker daemon. Used on the simulation's thread only. */
public final class SimMachine {
    /** Six daemons started one after another answered within 4.1 s. */
    private static final Duration DAEMON_START_MIN = Duration.ofMillis(620);

    private static final Duration DAEMON_START_MAX = Duration.ofMillis(740);
    /** A shutdown does not wait longer for containers that do not stop. */
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(20);

    private final World world;
    private final String name;
    private final String address;
    private final Underlay.Station station;
    private final SimRandom random;
    private final MachineDisk disk;
    private final MachineTroubles troubles = new MachineTroubles(this);
    private Scope scope;
    private PowerState power = PowerState.STOPPED;
    /** Because others have the processor; not that anybody has paused it. */
    private boolean still;

    private @Nullable Dockerd daemon;

    SimMachine(World world, String name, String address) {
        this.world = world;
        this.name = name;
        this.address = address;
        this.station = world.underlay().station(name);
        this.random = world.simulation().random("machine " + name + " " + address);
        this.disk =
                new MachineDisk(random.split("disk"), world, world.simulation().now());
        this.scope = Scope.root(world.simulation(), name);
        this.scope.close();
    }

    public World world() {
        return world;
    }

    public String name() {
        return name;
    }

    /** Its address between machines, such as 192.168.99.100. */
    public String address() {
        return address;
    }

    /** How the network between machines knows it. */
    Underlay.Station station() {
        return station;
    }

    /** Where the other nodes of its swarm look for it. */
    String advertisedAddress() {
        return disk.swarm == null || disk.swarm.advertised == null ? address() : disk.swarm.advertised;
    }

    public PowerState power() {
        return power;
    }

    /** Says that what this machine's daemon or its containers show may have changed. */
    void changed() {
        world.changed(this);
    }

    /** It may publish other ports than before, or be on or off. */
    void portsChanged() {
        world.portsChanged().add(this);
        changed();
    }

    /** The life of the machine since it was last switched on. */
    public Scope scope() {
        return scope;
    }

    /** Switches it on, with its disk as it was; without effect if it is on or removed. */
    public void start() {
        if (power != PowerState.STOPPED && power != PowerState.KILLED) {
            return;
        }
        power = PowerState.RUNNING;
        scope = Scope.root(world.simulation(), name);
        if (still) {
            scope.pause();
        }
        world.underlay().attach(name, scope);
        var starting = new Dockerd(this, disk, scope);
        daemon = starting;
        scope.schedule(random.between(DAEMON_START_MIN, DAEMON_START_MAX), starting::start);
        portsChanged();
    }

    /** Shuts down in order: processes get SIGTERM; {@code done} runs when the power is off. */
    public void shutdown(Runnable done) {
        if (power == PowerState.PAUSED) {
            unpause();
        }
        Dockerd stopping = daemon;
        if (power != PowerState.RUNNING || stopping == null) {
            done.run();
            return;
        }
        var off = new boolean[1];
        Scope life = scope;
        Runnable switchOff = () -> {
            if (!off[0] && scope == life && power == PowerState.RUNNING) {
                off[0] = true;
                powerOff(PowerState.STOPPED);
                done.run();
            }
        };
        scope.schedule(SHUTDOWN_LIMIT, switchOff);
        stopping.shutdown(switchOff);
    }

    /** Cuts the power: nothing gets a word. */
    public void kill() {
        if (power == PowerState.RUNNING || power == PowerState.PAUSED) {
            powerOff(PowerState.KILLED);
        }
    }

    private void powerOff(PowerState state) {
        power = state;
        scope.close();
        Dockerd gone = daemon;
        daemon = null;
        if (gone != null) {
            gone.powerLost();
        }
        portsChanged();
    }

    /** Freezes the whole machine; without effect unless it runs. */
    public void pause() {
        if (power == PowerState.RUNNING) {
            power = PowerState.PAUSED;
            scope.pause();
            if (daemon != null) {
                daemon.runtime().frozen(true);
            }
            portsChanged();
        }
    }

    /** Ends the freeze; without effect unless it is frozen. */
    public void unpause() {
        if (power == PowerState.PAUSED) {
            power = PowerState.RUNNING;
            if (daemon != null) {
                daemon.runtime().frozen(false);
            }
            if (!still) {
                scope.resume();
            }
            portsChanged();
        }
    }

    /** Has it wait for its processor, or get it again; nobody sees more of it than that nothing happens. */
    void standStill(boolean waits) {
        still = waits;
        if (waits) {
            scope.pause();
        } else if (power != PowerState.PAUSED) {
            scope.resume();
        }
    }

    /** What was taken from it on purpose. */
    public MachineTroubles troubles() {
        return troubles;
    }

    /** What its clock says. */
    public Instant now() {
        return world.simulation().now().plus(troubles.clockOff());
    }

    /** Cuts the power and throws the disk away; the machine is no longer in the world. */
    public void remove() {
        kill();
        power = PowerState.REMOVED;
        world.forget(this);
        portsChanged();
    }

    /** Whether the Docker daemon answers (also true while frozen: a call then waits). */
    public boolean daemonReady() {
        return daemon != null && daemon.ready();
    }

    /**
     * The Docker daemon; another object after each start. Calls while the machine is frozen must wait: make them within
     * {@code scope().execute(…)}.
     *
     * @throws IllegalStateException if the machine is off; calls before the daemon is ready fail with status 503
     */
    public DockerDaemon daemon() {
        if (daemon == null) {
            throw new IllegalStateException("machine " + name + " is off");
        }
        return daemon;
    }

    /**
     * The Docker daemon's API over HTTP.
     *
     * @throws IllegalStateException if the machine is off, or {@link World#serveEngineApi} was not called
     */
    public HttpService engineApi() {
        HttpService api = daemon == null ? null : daemon.engineApi();
        if (api == null) {
            throw new IllegalStateException("machine " + name + " is off, or serves no API");
        }
        return api;
    }

    /** Puts an image of the catalogue on the disk at once, as if loaded before. False if there is no such image. */
    public boolean loadImage(String reference) {
        return disk.images.load(reference);
    }

    /** TCP ports that answer on this machine's address, ascending; empty while it is off. */
    public List<Integer> publishedPorts() {
        return daemon == null ? List.of() : daemon.publishedPorts();
    }

    /**
     * An HTTP request that arrives at a TCP port of this machine from outside. It fails as REFUSED if nobody listens
     * there; as TIMEOUT after 10 s if the machine, or the one that the request is balanced to, does not answer at all,
     * and after 60 s if no answer begins (requests that say they may wait for ever apart).
     */
    public void connect(int port, HttpExchange exchange) {
        var edge = new EdgeExchange(exchange, world.simulation());
        if (power == PowerState.RUNNING || power == PowerState.PAUSED) {
            scope.execute(() -> accept(port, edge));
        }
    }

    /**
     * Whether a request to a published port would only read what the program behind it shows, so that it may be served
     * as observation.
     */
    public boolean observes(int port, HttpMessage.Request request) {
        return daemon == null ? request.reads() : daemon.observes(port, request);
    }

    /**
     * A request to a port of a container's loopback, as from a program in its network namespace.
     *
     * @return an error if the daemon or the container does not run, or if nothing listens at that port of its loopback alone
     *     (status 501); then there is no result
     */
    public ApiResult<Nothing> askContainer(
            String container, int port, HttpMessage.Request request, Consumer<HttpResult> result) {
        return daemon == null
                ? ApiResult.error(503, "the Docker daemon is not running")
                : daemon.askOnLoopback(container, port, request, result);
    }

    /** A connection that has arrived at this machine. */
    void accept(int port, HttpExchange exchange) {
        if (daemon == null) {
            exchange.fail(HttpExchange.Failure.REFUSED);
        } else {
            daemon.accept(port, exchange);
        }
    }

    void acceptMessage(int port, String fromAddress, Object message) {
        if (daemon != null) {
            daemon.acceptMessage(port, fromAddress, message);
        }
    }

    /** The machine as one sees it who reads it from inside. */
    public MachineReading reading() {
        return new MachineReading(this);
    }

    @Nullable
    Dockerd dockerdOrNull() {
        return daemon;
    }

    /** Whether it is a manager of its swarm, also while it is off. */
    public boolean manages() {
        return disk.swarm != null && disk.swarm.role.equals(Node.MANAGER);
    }

    /** The manager on this machine, if it listens. */
    @Nullable
    Manager managerOrNull() {
        return daemon == null ? null : daemon.swarm().manager();
    }

    /** The manager on this machine, if it is that node's. */
    @Nullable
    Manager managerOf(String nodeId) {
        Manager manager = managerOrNull();
        return manager != null && manager.raft().id().equals(nodeId) ? manager : null;
    }

    @Nullable
    Agent agentOrNull() {
        return daemon == null ? null : daemon.swarm().agent();
    }

    @Nullable
    EngineGossip gossipOrNull() {
        return daemon == null ? null : daemon.swarm().gossip();
    }
}
