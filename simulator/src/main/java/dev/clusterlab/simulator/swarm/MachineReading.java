package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.swarm.leader.ControlApi;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A machine as one sees it who reads it from inside: what its daemon would answer at this very instant, without any
 * message, randomness or time. Good for that instant only. Used on the simulation's thread only.
 */
public final class MachineReading {
    private final SimMachine machine;
    private final @Nullable Dockerd daemon;

    MachineReading(SimMachine machine) {
        this.machine = machine;
        this.daemon = machine.dockerdOrNull();
    }

    /** Whether the daemon answers: the machine runs, is not frozen, and the daemon has started. */
    public boolean answers() {
        return machine.power() == PowerState.RUNNING && machine.daemonReady();
    }

    private Dockerd daemon() {
        return Objects.requireNonNull(daemon, "the machine is off");
    }

    /** Every container, as {@code GET /containers/json?all=true} lists them. */
    public List<Container.Summary> containers() {
        return daemon().containers(true, 0, Filters.NONE).orThrow();
    }

    /** {@code inactive}, {@code pending} or {@code active}. */
    public String localState() {
        return daemon().swarm().state().name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Empty outside a swarm. */
    public String nodeId() {
        return daemon().swarm().nodeId();
    }

    /** Whether a manager runs here. */
    public boolean manager() {
        return daemon().swarm().manager() != null;
    }

    /**
     * What becomes of questions that only the leader answers.
     *
     * @throws IllegalStateException if it is no manager
     */
    public Lead lead() {
        return running().lead();
    }

    private Manager running() {
        Manager manager = daemon().swarm().manager();
        if (manager == null) {
            throw new IllegalStateException(machine.name() + " is no manager");
        }
        return manager;
    }

    /** Networks of this machine, and those of the swarm that it tells of without asking the leader. */
    public List<Network> networks() {
        var networks = new ArrayList<Network>(daemon().disk().networks.all());
        networks.addAll(daemon().ownSwarmNetworks());
        return networks;
    }

    /** Networks of this machine and, for a manager, those that the leader on {@code leader} has reported. */
    public List<Network> networks(MachineReading leader) {
        var networks = new ArrayList<Network>(daemon().disk().networks.all());
        networks.addAll(leader.control().networks().list());
        return networks;
    }

    // What the leader knows

    private ControlApi control() {
        var leadership = running().leadership();
        if (leadership == null) {
            throw new IllegalStateException(machine.name() + " does not lead");
        }
        return leadership.control();
    }

    /** The manager's replica of the swarm's objects: another one after each start of the manager. */
    public Object replica() {
        return running().store();
    }

    /** Another number after each change of a node. */
    public long nodesEdition() {
        return running().store().nodesEdition();
    }

    /** Another number after each change of a service or a task. */
    public long keptEdition() {
        return running().store().keptEdition();
    }

    public String clusterId() {
        return running().store().requireCluster().id();
    }

    /** Every node as it is kept: the same objects until they change, without what the leader says of managers. */
    public Collection<Node> nodes() {
        return Collections.unmodifiableCollection(running().store().nodes());
    }

    /** What the leader says now of each manager, by node. */
    public Map<String, Node.ManagerStatus> managerStatuses() {
        Manager leader = running();
        var statuses = new LinkedHashMap<String, Node.ManagerStatus>();
        for (String id : leader.raft().status().members().keySet()) {
            Node.ManagerStatus status = leader.managerStatus(id);
            if (status != null) {
                statuses.put(id, status);
            }
        }
        return statuses;
    }

    /** Every service, with its numbers of tasks. */
    public List<Service> services() {
        return control().services().list(Filters.NONE, true);
    }

    /** Every task as it is kept: the same objects until they change. */
    public List<Task> tasks() {
        return control().services().tasks(Filters.NONE);
    }

    /**
     * Until when what it says holds if nothing happens, because silence and the length of a loss mean something too. Virtual
     * time in nanoseconds; {@link Long#MAX_VALUE} if it holds for ever.
     */
    public long holdsUntilNanos() {
        Manager manager = daemon == null ? null : daemon.swarm().manager();
        if (manager == null || !answers()) {
            return Long.MAX_VALUE;
        }
        long awaited = manager.lead() instanceof Lead.Awaited(long until) ? until : Long.MAX_VALUE;
        return Math.min(awaited, manager.reachabilityHoldsNanos());
    }

    // Programs

    /** A program, and the machine that it runs on. */
    public record Running(SimMachine machine, Program program) {}

    /** Programs of the containers that run here and are not frozen. */
    public List<Running> programs() {
        var programs = new ArrayList<Running>();
        if (daemon != null && machine.power() == PowerState.RUNNING) {
            for (DockerContainer container : daemon.runtime().all()) {
                Running running = running(machine, container);
                if (running != null) {
                    programs.add(running);
                }
            }
        }
        return programs;
    }

    private static @Nullable Running running(SimMachine on, DockerContainer container) {
        ContainerProcess process = container.process();
        return process == null || container.state() != DockerContainer.State.RUNNING
                ? null
                : new Running(on, process.program());
    }

    /**
     * The program that answers at a TCP port of this machine, or null if none does. Behind the routing mesh the first one
     * that answers: on this machine, if one does.
     */
    public @Nullable Running behind(int port) {
        if (!answers()) {
            return null;
        }
        for (End end : daemon().behind(port)) {
            ContainerProcess process = end.container().process();
            boolean reached = end.machine() == machine
                    || (end.machine().power() == PowerState.RUNNING
                            && machine.world()
                                    .underlay()
                                    .connected(machine.name(), end.machine().name()));
            if (reached && process != null && process.listensOn(end.port())) {
                Running running = running(end.machine(), end.container());
                if (running != null) {
                    return running;
                }
            }
        }
        return null;
    }

    /** A container that listens behind a port of the machine, and its own port. */
    record End(SimMachine machine, DockerContainer container, int port) {}
}
