package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.ClusterEvent.Severity;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.UpdateState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one sentence of the narrator tells: events of one cause together, with the figures that make them matter. */
public sealed interface Story {
    /** What a story is about; the later ones are told first. */
    enum Rank {
        /** Labels, networks, who waits. */
        NOTE,
        /** Who is known to whom: agents, instances, servers. */
        CATALOG,
        /** What somebody asked for. */
        WISH,
        /** What runs and what does not. */
        WORK,
        /** Machines and the network between them. */
        GROUND,
        /** Whether anybody may decide. */
        DECISION
    }

    /** How much it matters who hears it first. */
    default Rank rank() {
        return switch (this) {
            case SwarmBegan s -> Rank.DECISION;
            case LeaderLost s -> s.group() == Group.SWARM ? Rank.DECISION : Rank.WORK;
            case SwarmLed s -> Rank.DECISION;
            case ConsulLed s -> Rank.WORK;
            case QuorumLost s -> Rank.DECISION;
            case QuorumBack s -> Rank.DECISION;
            case GroupSilent s -> s.group() == Group.SWARM ? Rank.DECISION : Rank.WORK;
            case MachineChanged s -> Rank.GROUND;
            case MachineGone s -> Rank.GROUND;
            case NetworkCut s -> Rank.GROUND;
            case NetworkTroubled s -> Rank.GROUND;
            case NetworkMended s -> Rank.GROUND;
            case ContainerHit s -> Rank.GROUND;
            case ContainerFreed s -> Rank.GROUND;
            case ManagersSilent s -> Rank.GROUND;
            case NodesGivenUp s -> Rank.GROUND;
            case NodesBack s -> Rank.WORK;
            case UpdateChanged s -> Rank.WORK;
            case ServiceRuns s -> Rank.WORK;
            case ServiceShrinks s -> Rank.WORK;
            case TasksMoved s -> Rank.WORK;
            case TasksFailed s -> Rank.WORK;
            case AgentsLost s -> Rank.WORK;
            case RoutesGone s -> Rank.WORK;
            case TraefikSilent s -> Rank.WORK;
            case MachinesMade s -> Rank.WISH;
            case NodesJoined s -> Rank.WISH;
            case RolesChanged s -> Rank.WISH;
            case NodeLeft s -> Rank.WISH;
            case AvailabilityChanged s -> Rank.WISH;
            case ServiceAsked s -> Rank.WISH;
            case ServiceScaled s -> Rank.WISH;
            case ServicesRemoved s -> Rank.WISH;
            case ImageChanged s -> Rank.WISH;
            case RoutesMade s -> Rank.WISH;
            case NodesUnheard s -> Rank.CATALOG;
            case AgentsJoined s -> Rank.CATALOG;
            case InstancesChanged s -> Rank.CATALOG;
            case ServersChanged s -> Rank.CATALOG;
            case ServersFail s -> Rank.CATALOG;
            case AgentsForgotten s -> Rank.NOTE;
            case NodesLabelled s -> Rank.NOTE;
            case NetworkMade s -> Rank.NOTE;
            case NetworkRemoved s -> Rank.NOTE;
            case TasksWait s -> Rank.NOTE;
            case RepeatabilityLost s -> Rank.NOTE;
            case Quiet s -> Rank.NOTE;
        };
    }

    /** Whether it is good news, and how bad otherwise. */
    default Severity severity() {
        return switch (this) {
            case MachineChanged s -> s.after() == Machine.State.RUNNING ? Severity.GOOD : Severity.BAD;
            case SwarmLed s -> s.behind().isEmpty() ? Severity.GOOD : Severity.WARNING;
            case ManagersSilent s -> s.spare() > 0 ? Severity.WARNING : Severity.BAD;
            case AvailabilityChanged s -> s.availability() == Availability.ACTIVE ? Severity.GOOD : Severity.WARNING;
            case UpdateChanged s ->
                switch (s.state()) {
                    case PAUSED, ROLLBACK_PAUSED -> Severity.BAD;
                    case COMPLETED, ROLLBACK_COMPLETED -> Severity.GOOD;
                    case NONE, UPDATING, ROLLBACK_STARTED, UNKNOWN -> Severity.INFO;
                };
            case ServiceRuns s -> s.running() >= s.wanted() ? Severity.GOOD : Severity.INFO;
            case TasksMoved s -> s.more() ? Severity.INFO : Severity.GOOD;
            case InstancesChanged s -> s.worse() ? Severity.WARNING : Severity.GOOD;
            case ServersChanged s -> s.fewer() ? Severity.WARNING : Severity.GOOD;
            case Quiet s -> s.how();
            case NetworkCut s -> Severity.BAD;
            case NetworkTroubled s -> Severity.BAD;
            case ContainerHit s -> Severity.BAD;
            case LeaderLost s -> Severity.BAD;
            case QuorumLost s -> Severity.BAD;
            case GroupSilent s -> Severity.BAD;
            case NodesGivenUp s -> Severity.BAD;
            case TasksFailed s -> Severity.BAD;
            case AgentsLost s -> Severity.BAD;
            case RoutesGone s -> Severity.BAD;
            case TraefikSilent s -> Severity.BAD;
            case MachineGone s -> Severity.WARNING;
            case NodesUnheard s -> Severity.WARNING;
            case NodeLeft s -> Severity.WARNING;
            case ServiceShrinks s -> Severity.WARNING;
            case TasksWait s -> Severity.WARNING;
            case ServersFail s -> s.down() > 0 ? Severity.WARNING : Severity.GOOD;
            case RepeatabilityLost s -> Severity.WARNING;
            case MachinesMade s -> Severity.GOOD;
            case NetworkMended s -> Severity.GOOD;
            case ContainerFreed s -> Severity.GOOD;
            case SwarmBegan s -> Severity.GOOD;
            case ConsulLed s -> Severity.GOOD;
            case QuorumBack s -> Severity.GOOD;
            case NodesJoined s -> Severity.GOOD;
            case NodesBack s -> Severity.GOOD;
            case NetworkMade s -> Severity.GOOD;
            case AgentsJoined s -> Severity.GOOD;
            case RoutesMade s -> Severity.GOOD;
            case RolesChanged s -> Severity.INFO;
            case NodesLabelled s -> Severity.INFO;
            case NetworkRemoved s -> Severity.INFO;
            case ServiceAsked s -> Severity.INFO;
            case ServiceScaled s -> Severity.INFO;
            case ServicesRemoved s -> Severity.INFO;
            case ImageChanged s -> Severity.INFO;
            case AgentsForgotten s -> Severity.INFO;
        };
    }

    // ---- machines and the network

    record MachinesMade(List<String> machines) implements Story {}

    /** @param tasks that counted as running there */
    record MachineChanged(String machine, Machine.State before, Machine.State after, int tasks, boolean cutOff)
            implements Story {}

    record MachineGone(String machine, boolean alsoNode) implements Story {}

    record NetworkCut(List<List<String>> groups, boolean oneWay) implements Story {}

    /** Something is done to the network short of parting groups. */
    record NetworkTroubled(ActiveFault fault) implements Story {}

    /** @param whole whether nothing is done to it any more */
    record NetworkMended(boolean whole) implements Story {}

    /** @param kind one that is aimed at containers */
    record ContainerHit(Target.OfContainer container, FaultKind kind) implements Story {}

    record ContainerFreed(Target.OfContainer container) implements Story {}

    // ---- who decides

    record SwarmBegan(String leader) implements Story {}

    record LeaderLost(Group group, String before) implements Story {}

    /**
     * @param before who led last, empty text if nobody did
     * @param electors managers that are with the new leader, of all {@code managers}
     * @param behind the side of a cut on which nobody may decide now
     */
    record SwarmLed(
            String before, String after, boolean quorumWasLost, int electors, int managers, Optional<Scene.Side> behind)
            implements Story {}

    /** @param before who led last, empty text if nobody did */
    record ConsulLed(String before, String after) implements Story {}

    record QuorumLost(int answering, int managers, int needed) implements Story {}

    record QuorumBack() implements Story {}

    record GroupSilent(Group group) implements Story {}

    /**
     * Managers are not heard any more.
     *
     * @param by the manager that says so
     * @param reached those that it hears, itself included
     */
    record ManagersSilent(List<String> silent, String by, int reached, int managers, int needed) implements Story {
        /** How many more may be lost; less than 0 if there are too few already. */
        int spare() {
            return reached - needed;
        }
    }

    // ---- nodes

    record NodesJoined(List<String> nodes, NodeRole role) implements Story {}

    /** @param spare how many managers may be lost now */
    record RolesChanged(List<String> nodes, NodeRole role, int managers, int spare) implements Story {}

    /**
     * The managers count nodes no longer.
     *
     * @param tasks that ran there
     * @param alive whether the machines run all the same: then so do the tasks
     */
    record NodesGivenUp(List<String> nodes, int tasks, boolean alive) implements Story {}

    record NodesBack(List<String> nodes) implements Story {}

    /** A new leader has not heard of nodes yet. */
    record NodesUnheard(List<String> nodes) implements Story {}

    record NodeLeft(String node) implements Story {}

    record AvailabilityChanged(String node, Availability availability) implements Story {}

    record NodesLabelled(List<String> nodes, Map<String, String> labels) implements Story {}

    // ---- networks and services

    record NetworkMade(String network, String subnet) implements Story {}

    record NetworkRemoved(String network) implements Story {}

    /** @param tasks wanted; 0 where that is not known yet */
    record ServiceAsked(String service, boolean global, int tasks) implements Story {}

    record ServiceScaled(String service, int before, int after) implements Story {}

    record ServicesRemoved(List<String> services) implements Story {}

    record ImageChanged(String service, String image) implements Story {}

    record UpdateChanged(String service, UpdateState state) implements Story {}

    /** @param node where its only task runs, empty text if there are several */
    record ServiceRuns(String service, int running, int wanted, String node) implements Story {}

    record ServiceShrinks(String service, int running, int wanted) implements Story {}

    /**
     * Tasks run again, elsewhere or where they were.
     *
     * @param tasks their names by service
     * @param to the nodes that they run on now
     * @param more whether some service still lacks tasks
     */
    record TasksMoved(Map<String, List<String>> tasks, List<String> to, boolean more) implements Story {}

    /** @param error in Docker's words, empty text if there is none */
    record TasksFailed(Map<String, List<String>> tasks, List<String> nodes, String error) implements Story {}

    record TasksWait(Map<String, List<String>> tasks) implements Story {}

    // ---- Consul and Traefik

    record AgentsJoined(List<String> agents) implements Story {}

    record AgentsLost(List<String> agents) implements Story {}

    record AgentsForgotten(List<String> agents) implements Story {}

    /**
     * Instances of a service in Consul's catalog.
     *
     * @param of how many were healthy before, or are now
     */
    record InstancesChanged(String service, int healthy, int of, boolean worse) implements Story {}

    record RoutesMade(List<String> routers) implements Story {}

    record RoutesGone(List<String> routers) implements Story {}

    record ServersChanged(String service, int servers, boolean fewer) implements Story {}

    record ServersFail(String service, int down, int servers) implements Story {}

    record TraefikSilent() implements Story {}

    record RepeatabilityLost() implements Story {}

    // ---- when nothing happens

    /**
     * How things stand.
     *
     * @param machinesRunning of all {@code machines}
     * @param managersReached of all {@code managers}, as they say themselves
     * @param running tasks that run, of those {@code wanted}
     * @param sides of a cut
     * @param faults what is broken on purpose and not healed
     */
    record Quiet(
            int machinesRunning,
            int machines,
            int managersReached,
            int managers,
            boolean swarm,
            String leader,
            int running,
            int wanted,
            List<Scene.Side> sides,
            List<ActiveFault> faults)
            implements Story {
        public Quiet {
            sides = List.copyOf(sides);
            faults = List.copyOf(faults);
        }

        static Quiet of(Scene scene) {
            int wanted = 0;
            int running = 0;
            for (Scene.ServiceScene service : scene.services()) {
                wanted += service.wanted();
                running += Math.min(service.running(), service.wanted());
            }
            long up = scene.machines().stream()
                    .filter(machine -> machine.state() == Machine.State.RUNNING)
                    .count();
            return new Quiet(
                    (int) up,
                    scene.machines().size(),
                    scene.reached(),
                    scene.managers().size(),
                    scene.swarm(),
                    scene.leader(),
                    running,
                    wanted,
                    scene.sides(),
                    scene.faults());
        }

        /** Whether there is a swarm that nobody leads. */
        boolean leaderless() {
            return swarm && leader.isEmpty();
        }

        private Severity how() {
            if (leaderless()) {
                return Severity.BAD;
            }
            return running < wanted || machinesRunning < machines || !faults.isEmpty()
                    ? Severity.WARNING
                    : Severity.GOOD;
        }
    }
}
