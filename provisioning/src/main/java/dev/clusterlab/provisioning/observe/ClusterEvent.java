package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.shell.consul.CheckHealth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A change between two snapshots, or something that was done. Facts only: the sentences that people read are made of them by
 * the front ends, in the language of the reader.
 */
public sealed interface ClusterEvent {
    Stamp stamp();

    /** What it happened to. */
    Subject subject();

    /** How much a person should care. */
    Severity severity();

    /** How much a person should care. */
    enum Severity {
        INFO,
        GOOD,
        WARNING,
        BAD
    }

    default long number() {
        return stamp().number();
    }

    /** Engine time since the engine began, when it was seen. */
    default Duration elapsed() {
        return stamp().seen();
    }

    // --- faults

    /** About a fault. */
    sealed interface OfFault extends ClusterEvent {
        ActiveFault fault();

        @Override
        default Subject subject() {
            return new Subject.OfFault(fault().id());
        }
    }

    /**
     * @param over whether it is over at once, such as a kill: then no {@link FaultEnded} follows
     */
    record FaultBegan(Stamp stamp, ActiveFault fault, boolean over) implements OfFault {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }
    }

    /** It lasts longer than it was to; {@code fault}: with the end that it has now. */
    record FaultExtended(Stamp stamp, ActiveFault fault) implements OfFault {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    record FaultEnded(Stamp stamp, ActiveFault fault) implements OfFault {
        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    // --- the run

    /**
     * From here on another run with the same seed and commands need not have the same history, because wall-clock time had to
     * decide something; see {@code Engine.repeatabilityLost}.
     */
    record RepeatabilityLost(Stamp stamp) implements ClusterEvent {
        @Override
        public Subject subject() {
            return new Subject.OfRun();
        }

        @Override
        public Severity severity() {
            return Severity.WARNING;
        }
    }

    // --- machines

    /** About a machine. */
    sealed interface OfMachine extends ClusterEvent {
        String machine();

        @Override
        default Subject subject() {
            return new Subject.OfMachine(machine());
        }
    }

    record MachineCreated(Stamp stamp, String machine, String ip) implements OfMachine {
        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    /**
     * The power of a machine changed.
     *
     * @param cutOff whether one that is off, or was, is only cut off from the others: see {@link Machine#cutOff}
     */
    record MachineStateChanged(Stamp stamp, String machine, Machine.State before, Machine.State after, boolean cutOff)
            implements OfMachine {
        /** Of one that is off where it is called so. */
        public MachineStateChanged(Stamp stamp, String machine, Machine.State before, Machine.State after) {
            this(stamp, machine, before, after, false);
        }

        @Override
        public Severity severity() {
            return switch (after) {
                case RUNNING -> Severity.GOOD;
                case PAUSED, STOPPED -> Severity.WARNING;
                case KILLED -> Severity.BAD;
            };
        }
    }

    record MachineRemoved(Stamp stamp, String machine) implements OfMachine {
        @Override
        public Severity severity() {
            return Severity.BAD;
        }
    }

    // --- who leads

    /** About a swarm's managers or Consul's servers as a whole. */
    sealed interface OfGroup extends ClusterEvent {
        Group group();

        @Override
        default Subject subject() {
            return new Subject.OfGroup(group());
        }
    }

    /** There is a swarm where there was none. */
    record SwarmFormed(Stamp stamp, String leader) implements OfGroup {
        @Override
        public Group group() {
            return Group.SWARM;
        }

        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    /** Nobody of the group answers any more. */
    record GroupSilent(Stamp stamp, Group group) implements OfGroup {
        @Override
        public Severity severity() {
            return Severity.BAD;
        }
    }

    /**
     * @param before who led, empty text if nobody did
     * @param after who leads, empty text if nobody does; never the same as before
     * @param quorumWasLost whether a quorum was missing until now
     */
    record LeaderChanged(Stamp stamp, Group group, String before, String after, boolean quorumWasLost)
            implements OfGroup {
        @Override
        public Severity severity() {
            return after.isEmpty() ? Severity.BAD : Severity.GOOD;
        }
    }

    /**
     * Too few managers are left, or hear each other, to agree on anything.
     *
     * @param answering the most of those left that are together
     * @param lastLeader who led, empty text if that is not known
     */
    record QuorumLost(Stamp stamp, int managers, int answering, int needed, String lastLeader) implements OfGroup {
        @Override
        public Group group() {
            return Group.SWARM;
        }

        @Override
        public Severity severity() {
            return Severity.BAD;
        }
    }

    /** Enough managers are back; there is no leader yet. */
    record QuorumRegained(Stamp stamp) implements OfGroup {
        @Override
        public Group group() {
            return Group.SWARM;
        }

        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    // --- nodes of a swarm

    /** About a node. */
    sealed interface OfNode extends ClusterEvent {
        Subject.OfNode node();

        @Override
        default Subject subject() {
            return node();
        }
    }

    record NodeJoined(Stamp stamp, Subject.OfNode node, NodeRole role) implements OfNode {
        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    /** @param message of the managers, empty text if there is none */
    record NodeStateChanged(Stamp stamp, Subject.OfNode node, NodeState before, NodeState after, String message)
            implements OfNode {
        @Override
        public Severity severity() {
            return switch (after) {
                case READY -> Severity.GOOD;
                case DOWN -> Severity.BAD;
                case DISCONNECTED, UNKNOWN -> Severity.WARNING;
            };
        }
    }

    record NodeRoleChanged(Stamp stamp, Subject.OfNode node, NodeRole before, NodeRole after) implements OfNode {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    record NodeAvailabilityChanged(Stamp stamp, Subject.OfNode node, Availability before, Availability after)
            implements OfNode {
        @Override
        public Severity severity() {
            return after == Availability.ACTIVE ? Severity.GOOD : Severity.WARNING;
        }
    }

    /** The other managers do not reach a manager any more. */
    record ManagerUnreachable(Stamp stamp, Subject.OfNode node) implements OfNode {
        @Override
        public Severity severity() {
            return Severity.BAD;
        }
    }

    record NodeLabelsChanged(Stamp stamp, Subject.OfNode node, Map<String, String> labels) implements OfNode {
        public NodeLabelsChanged {
            labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
        }

        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    record NodeLeft(Stamp stamp, Subject.OfNode node) implements OfNode {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }
    }

    // --- networks

    /** About a network of the swarm's. */
    sealed interface OfNetwork extends ClusterEvent {
        Subject.OfNetwork network();

        @Override
        default Subject subject() {
            return network();
        }

        @Override
        default Severity severity() {
            return Severity.INFO;
        }
    }

    /** @param subnet in CIDR notation, empty text if it has none */
    record NetworkCreated(Stamp stamp, Subject.OfNetwork network, String driver, String subnet) implements OfNetwork {}

    record NetworkRemoved(Stamp stamp, Subject.OfNetwork network) implements OfNetwork {}

    // --- services

    /** About a service. */
    sealed interface OfService extends ClusterEvent {
        Subject.OfService service();

        @Override
        default Subject subject() {
            return service();
        }

        @Override
        default Severity severity() {
            return Severity.INFO;
        }
    }

    /** @param replicas wanted; without meaning in global mode */
    record ServiceCreated(Stamp stamp, Subject.OfService service, String image, boolean global, int replicas)
            implements OfService {}

    record ServiceScaled(Stamp stamp, Subject.OfService service, int before, int after) implements OfService {}

    record ServiceImageChanged(Stamp stamp, Subject.OfService service, String before, String after)
            implements OfService {}

    /** @param message of the managers */
    record ServiceUpdateChanged(
            Stamp stamp, Subject.OfService service, UpdateState before, UpdateState after, String message)
            implements OfService {
        @Override
        public Severity severity() {
            return switch (after) {
                case PAUSED, ROLLBACK_PAUSED -> Severity.BAD;
                case NONE, UPDATING, COMPLETED, ROLLBACK_STARTED, ROLLBACK_COMPLETED, UNKNOWN -> Severity.INFO;
            };
        }
    }

    /** All tasks wanted run now, or fewer than before do. */
    record ServiceRunning(Stamp stamp, Subject.OfService service, int running, int wanted) implements OfService {
        @Override
        public Severity severity() {
            return running >= wanted ? Severity.GOOD : Severity.WARNING;
        }
    }

    record ServiceRemoved(Stamp stamp, Subject.OfService service) implements OfService {}

    // --- tasks

    /** About a task. */
    sealed interface OfTask extends ClusterEvent {
        Subject.OfTask task();

        /** Hostname of the node that it is or was on; empty text if it has none. */
        String node();

        @Override
        default Subject subject() {
            return task();
        }
    }

    /**
     * The scheduler has given it a node.
     *
     * @param service that it is a task of
     * @param replaces the task that was in its place before it: of the same slot, or in global mode on the same node
     */
    record TaskAssigned(
            Stamp stamp, Subject.OfTask task, Subject.OfService service, String node, Optional<Subject.OfTask> replaces)
            implements OfTask {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    /** The managers want it to run no longer: its desired state is past running. */
    record TaskUnwanted(Stamp stamp, Subject.OfTask task, String node) implements OfTask {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    /**
     * @param replaces the task of the same slot before it, if that was lost
     * @param movedFrom the other node that the one before it was on, empty text if there is none
     */
    record TaskStarted(
            Stamp stamp, Subject.OfTask task, String node, Optional<Subject.OfTask> replaces, String movedFrom)
            implements OfTask {
        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    /**
     * It failed or was rejected.
     *
     * @param error as Docker reports it, empty text if it does not
     */
    record TaskFailed(Stamp stamp, Subject.OfTask task, String node, TaskState state, String error) implements OfTask {
        @Override
        public Severity severity() {
            return Severity.BAD;
        }
    }

    /** The managers count on it no longer, although nobody saw it end: its node is lost. */
    record TaskGivenUp(Stamp stamp, Subject.OfTask task, String node) implements OfTask {
        @Override
        public Severity severity() {
            return Severity.BAD;
        }
    }

    /** It ended as it should. */
    record TaskEnded(Stamp stamp, Subject.OfTask task, String node, TaskState state) implements OfTask {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    /** The managers no longer know it. */
    record TaskForgotten(Stamp stamp, Subject.OfTask task, String node) implements OfTask {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    /** @param reason why no node takes it, as Docker reports it */
    record TaskWaiting(Stamp stamp, Subject.OfTask task, String node, String reason) implements OfTask {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }
    }

    // --- Consul

    /** About a Consul agent. */
    sealed interface OfMember extends ClusterEvent {
        Subject.OfMember member();

        @Override
        default Subject subject() {
            return member();
        }
    }

    /** @param machine that the agent runs on, empty text if that is not known */
    record MemberJoined(Stamp stamp, Subject.OfMember member, boolean server, String machine) implements OfMember {
        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    record MemberStatusChanged(
            Stamp stamp, Subject.OfMember member, boolean server, MemberStatus before, MemberStatus after)
            implements OfMember {
        @Override
        public Severity severity() {
            return switch (after) {
                case ALIVE -> Severity.GOOD;
                case FAILED -> Severity.BAD;
                case LEAVING, LEFT, UNKNOWN -> Severity.INFO;
            };
        }
    }

    record MemberForgotten(Stamp stamp, Subject.OfMember member) implements OfMember {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    /** About an instance in Consul's catalog. */
    sealed interface OfInstance extends ClusterEvent {
        Subject.OfInstance instance();

        String address();

        int port();

        @Override
        default Subject subject() {
            return instance();
        }
    }

    /** @param task that has its address, if any is known to */
    record InstanceRegistered(
            Stamp stamp,
            Subject.OfInstance instance,
            String address,
            int port,
            CheckHealth health,
            Optional<Subject.OfTask> task)
            implements OfInstance {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    record InstanceHealthChanged(
            Stamp stamp, Subject.OfInstance instance, String address, int port, CheckHealth before, CheckHealth after)
            implements OfInstance {
        @Override
        public Severity severity() {
            return switch (after) {
                case PASSING -> Severity.GOOD;
                case WARNING -> Severity.WARNING;
                case CRITICAL, UNKNOWN -> Severity.BAD;
            };
        }
    }

    record InstanceDeregistered(Stamp stamp, Subject.OfInstance instance, String address, int port)
            implements OfInstance {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }
    }

    // --- Traefik

    /** No Traefik answers any more. */
    record TraefikSilent(Stamp stamp) implements ClusterEvent {
        @Override
        public Subject subject() {
            return new Subject.OfTraefik();
        }

        @Override
        public Severity severity() {
            return Severity.BAD;
        }
    }

    /** About one Traefik. */
    sealed interface OfTraefik extends ClusterEvent {
        /** Name of the machine that it runs on. */
        String traefik();

        @Override
        default Subject subject() {
            return new Subject.OfMachine(traefik());
        }
    }

    /** A Traefik answers that did not; the servers that it has already are reported by {@link ServerAdded} each. */
    record TraefikAnswers(Stamp stamp, String traefik) implements OfTraefik {
        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    /** A Traefik does not answer any more: what it sends where is not known from here on. */
    record TraefikGone(Stamp stamp, String traefik) implements OfTraefik {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }
    }

    /** About a router. */
    sealed interface OfRouter extends ClusterEvent {
        Subject.OfRouter router();

        String rule();

        @Override
        default Subject subject() {
            return router();
        }
    }

    record RouterAdded(Stamp stamp, Subject.OfRouter router, String rule) implements OfRouter {
        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    record RouterRemoved(Stamp stamp, Subject.OfRouter router, String rule) implements OfRouter {
        @Override
        public Severity severity() {
            return Severity.BAD;
        }
    }

    /** About a server that a Traefik sends requests to; each Traefik has servers of its own. */
    sealed interface OfServer extends ClusterEvent {
        /** Name of the machine that the Traefik runs on. */
        String traefik();

        Subject.OfServer server();

        @Override
        default Subject subject() {
            return server();
        }
    }

    record ServerAdded(Stamp stamp, String traefik, Subject.OfServer server) implements OfServer {
        @Override
        public Severity severity() {
            return Severity.GOOD;
        }
    }

    record ServerStatusChanged(
            Stamp stamp, String traefik, Subject.OfServer server, ServerStatus before, ServerStatus after)
            implements OfServer {
        @Override
        public Severity severity() {
            return after == ServerStatus.UP ? Severity.GOOD : Severity.BAD;
        }
    }

    record ServerRemoved(Stamp stamp, String traefik, Subject.OfServer server) implements OfServer {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }
    }
}
