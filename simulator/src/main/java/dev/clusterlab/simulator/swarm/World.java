package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.NameTable;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All simulated machines, the network between them and the images that exist. Used on the simulation's thread only. */
public final class World {
    private static final int FIRST_HOST = (192 << 24) | (168 << 16) | (99 << 8) | 100;

    private final Simulation simulation;
    private final Underlay underlay;
    private final ProgramCatalog catalog;
    private final Map<String, SimMachine> machines = new LinkedHashMap<>();
    private final NameTable<SimMachine> byAddress = new NameTable<>(SimMachine::address);
    private final Map<String, SimMachine> byNodeId = new LinkedHashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<WorldChanges> watching = new ArrayList<>();
    private final List<BiConsumer<String, String>> passedOn = new ArrayList<>();
    private final OverlayDirectories directories;
    private @Nullable Function<DockerDaemon, HttpService> engineApi;
    private int nextHost = FIRST_HOST;
    private final ChangedMachines portsChanged = new ChangedMachines();
    private long changeCount;
    private long beliefs;
    private long heardStatements;
    private boolean changeAnnounced;

    public World(Simulation simulation, ProgramCatalog catalog) {
        this.simulation = simulation;
        this.underlay = new Underlay(simulation);
        this.catalog = catalog;
        this.directories = new OverlayDirectories(simulation);
    }

    public Simulation simulation() {
        return simulation;
    }

    public Underlay underlay() {
        return underlay;
    }

    public ProgramCatalog catalog() {
        return catalog;
    }

    /**
     * Creates a machine with an empty disk and the next free address (192.168.99.100, .101, …) and switches it on; its
     * daemon answers some time later.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public SimMachine createMachine(String name) {
        if (machines.containsKey(name)) {
            throw new IllegalArgumentException("machine " + name + " already exists");
        }
        var machine = new SimMachine(this, name, nextAddress());
        machines.put(name, machine);
        byAddress.add(machine);
        machine.start();
        return machine;
    }

    /** Machines that exist, in the order of creation. */
    public List<SimMachine> machines() {
        return List.copyOf(machines.values());
    }

    public Optional<SimMachine> machine(String name) {
        return Optional.ofNullable(machines.get(name));
    }

    /** The machine with this address. */
    public Optional<SimMachine> machineAt(String address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    /** Who is there for {@code from} at an address: loopback is each machine's own. */
    Optional<SimMachine> machineAt(String address, SimMachine from) {
        return address.startsWith("127.") ? Optional.of(from) : machineAt(address);
    }

    /** Says how a daemon's API is served over HTTP, see {@link SimMachine#engineApi()}. Asked once for each daemon. */
    public void serveEngineApi(Function<DockerDaemon, HttpService> api) {
        this.engineApi = api;
    }

    @Nullable
    HttpService makeEngineApi(DockerDaemon daemon) {
        return engineApi == null ? null : engineApi.apply(daemon);
    }

    /** A number that grows whenever something that the engines' APIs show may have changed. */
    public long changeCount() {
        return changeCount;
    }

    /** Calls {@code listener} after changes, once for all changes of one instant. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Calls {@code listener} with the {@code User-Agent} of each request of which a program's log says to which server it was passed on,
     * and with that server's URL, at the instant of the log's line. What it does must be no part of history.
     */
    public void onPassedOn(BiConsumer<String, String> listener) {
        passedOn.add(listener);
    }

    void passedOn(String userAgent, String serverUrl) {
        passedOn.forEach(listener -> listener.accept(userAgent, serverUrl));
    }

    /** The machines that may publish other ports than when they were last taken, or be on or off. */
    public ChangedMachines portsChanged() {
        return portsChanged;
    }

    /** Something that the machine shows may have changed. */
    void changed(SimMachine machine) {
        for (WorldChanges each : watching) {
            each.machine(machine);
        }
        changed();
    }

    /** Ways between machines were cut or opened: who reaches whom may have changed. */
    public void waysChanged() {
        watching.forEach(WorldChanges::ways);
        changed();
    }

    private void changed() {
        changeCount++;
        if (!changeAnnounced && !listeners.isEmpty()) {
            changeAnnounced = true;
            // Whether somebody listens is not part of history.
            simulation.observe(() -> simulation.scheduleNanos(0, () -> {
                changeAnnounced = false;
                listeners.forEach(Runnable::run);
            }));
        }
    }

    /** Notes what changes from now on, until {@link #unwatch}; costs nothing while nobody watches. */
    public WorldChanges watch() {
        var changes = new WorldChanges();
        watching.add(changes);
        return changes;
    }

    public void unwatch(WorldChanges changes) {
        watching.remove(changes);
    }

    /** A number for what an engine believes of others: never the same twice. */
    void heard(int statements) {
        heardStatements += statements;
    }

    /**
     * How many statements about each other the engines have heard in gossip so far, in whatever message: traffic of SWIM alone,
     * which grows faster than the swarm.
     */
    public long heardStatements() {
        return heardStatements;
    }

    long nextBeliefs() {
        return ++beliefs;
    }

    /** The machine that is this node of some swarm: managers know each other's addresses. */
    @Nullable
    SimMachine machineOfNode(String nodeId) {
        return byNodeId.get(nodeId);
    }

    void isNode(String nodeId, SimMachine machine) {
        byNodeId.put(nodeId, machine);
    }

    OverlayDirectories directories() {
        return directories;
    }

    void forget(SimMachine machine) {
        machines.remove(machine.name());
        byAddress.remove(machine.address());
        byNodeId.values().removeIf(node -> node == machine);
        directories.forgetObserver(machine);
        underlay.forget(machine.name());
    }

    private String nextAddress() {
        int host = nextHost++;
        if ((host & 255) == 255 || (host & 255) == 0) {
            host = (host | 255) + 2;
            nextHost = host + 1;
        }
        return ((host >>> 24) & 255) + "." + ((host >>> 16) & 255) + "." + ((host >>> 8) & 255) + "." + (host & 255);
    }
}
