package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.Scope;
import java.util.List;

/** A simulated machine: power, a disk that survives, and a Docker daemon. Used on the simulation's thread only. */
public final class SimMachine {
    private final World world;
    private final String name;
    private final String address;
    private Scope scope;
    private PowerState power = PowerState.STOPPED;

    SimMachine(World world, String name, String address) {
        this.world = world;
        this.name = name;
        this.address = address;
        this.scope = Scope.root(world.simulation(), name);
    }

    public String name() {
        return name;
    }

    /** Its address between machines, such as 192.168.99.100. */
    public String address() {
        return address;
    }

    public PowerState power() {
        return power;
    }

    /** The life of the machine since it was last switched on. */
    public Scope scope() {
        return scope;
    }

    /** Switches it on, with its disk as it was; without effect if it is on. */
    public void start() {
        throw new UnsupportedOperationException("landing soon");
    }

    /** Shuts down in order: processes get SIGTERM; {@code done} runs when the power is off. */
    public void shutdown(Runnable done) {
        throw new UnsupportedOperationException("landing soon");
    }

    /** Cuts the power: nothing gets a word. */
    public void kill() {
        throw new UnsupportedOperationException("landing soon");
    }

    /** Freezes the whole machine. */
    public void pause() {
        throw new UnsupportedOperationException("landing soon");
    }

    public void unpause() {
        throw new UnsupportedOperationException("landing soon");
    }

    /** Cuts the power and throws the disk away; the machine is no longer in the world. */
    public void remove() {
        world.forget(this);
    }

    /** Whether the Docker daemon answers (also true while frozen: a call then waits). */
    public boolean daemonReady() {
        throw new UnsupportedOperationException("landing soon");
    }

    /** Runs {@code action} once the daemon answers; at once if it does. */
    public void whenDaemonReady(Runnable action) {
        throw new UnsupportedOperationException("landing soon");
    }

    /** The Docker daemon; another object after each start. Calls made while it is not ready fail with status 503. */
    public DockerDaemon daemon() {
        throw new UnsupportedOperationException("landing soon");
    }

    /** TCP ports that answer on this machine's address, ascending; empty while it is off. */
    public List<Integer> publishedPorts() {
        throw new UnsupportedOperationException("landing soon");
    }

    /**
     * An HTTP request that arrives at a TCP port of this machine from outside. It fails as REFUSED if nobody listens
     * there, as TIMEOUT after 10 s if the machine is off.
     */
    public void connect(int port, HttpExchange exchange) {
        throw new UnsupportedOperationException("landing soon");
    }
}
