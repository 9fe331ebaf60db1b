package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.shell.consul.CheckHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything seen of the cluster at one moment: an immutable tree. Lists are in a stable order (machines as created,
 * nodes by hostname, services by name, tasks by service, slot and creation).
 *
 * <p>Where a state is UNKNOWN, {@code unknownWords} has the tool's own word for it, by the name of the state's component (by
 * URL for Traefik's servers); it is empty where all states are known.
 *
 * @param time engine time of the observation
 * @param elapsed engine time since the engine began
 * @param machines each machine with what its own daemon believes
 * @param swarm the swarm as the best informed reachable manager reports it; empty where there is none
 * @param consul the Consul cluster as seen through every reachable agent; empty where there is none
 * @param traefik every reachable Traefik
 * @param faults what was broken on purpose and is not healed
 * @param reach who reaches whom, as found out in the network, whatever the faults say
 */
public record ClusterSnapshot(
        Instant time,
        Duration elapsed,
        List<MachineView> machines,
        Optional<SwarmView> swarm,
        Optional<ConsulView> consul,
        List<TraefikView> traefik,
        List<ActiveFault> faults,
        TrafficView traffic,
        Reach reach) {
    public ClusterSnapshot {
        machines = List.copyOf(machines);
        traefik = List.copyOf(traefik);
        faults = List.copyOf(faults);
    }

    /** One of a whole network. */
    public ClusterSnapshot(
            Instant time,
            Duration elapsed,
            List<MachineView> machines,
            Optional<SwarmView> swarm,
            Optional<ConsulView> consul,
            List<TraefikView> traefik,
            List<ActiveFault> faults,
            TrafficView traffic) {
        this(time, elapsed, machines, swarm, consul, traefik, faults, traffic, Reach.WHOLE);
    }

    /** A cluster with nothing in it. */
    public static ClusterSnapshot empty(Instant time) {
        return new ClusterSnapshot(
                time,
                Duration.ZERO,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                TrafficView.NONE);
    }

    public Optional<MachineView> machine(String name) {
        return machines.stream().filter(m -> m.machine().name().equals(name)).findFirst();
    }

    /**
     * A machine and its daemon's own belief.
     *
     * @param nodeId the daemon's node id in the swarm, empty text if it is in none
     * @param manager whether it is a manager with control
     * @param belief what it holds to be so of its swarm
     * @param error what its daemon reports to be wrong, empty if nothing
     * @param containers containers that run on it (all states)
     */
    public record MachineView(
            Machine machine,
            boolean answering,
            String engineVersion,
            String nodeId,
            LocalNodeState localNodeState,
            boolean manager,
            Belief belief,
            String error,
            List<ContainerView> containers,
            List<NetworkView> networks) {
        public MachineView {
            containers = List.copyOf(containers);
            networks = List.copyOf(networks);
        }

        /** Hostname of the manager it believes to lead, empty if it knows none or is a worker. */
        public String believedLeader() {
            return belief.leader();
        }

        /** Hostnames of the nodes that it believes to be ready (managers only). */
        public List<String> believedReady() {
            return belief.ready();
        }

        /** The same one, with its endpoints outside. */
        public MachineView withMachine(Machine other) {
            return new MachineView(
                    other,
                    answering,
                    engineVersion,
                    nodeId,
                    localNodeState,
                    manager,
                    belief,
                    error,
                    containers,
                    networks);
        }

        MachineView withContainers(List<ContainerView> others) {
            return new MachineView(
                    machine,
                    answering,
                    engineVersion,
                    nodeId,
                    localNodeState,
                    manager,
                    belief,
                    error,
                    others,
                    networks);
        }
    }

    /**
     * A container; {@code status} is Docker's sentence about its state.
     *
     * @param orphan whether it lives on although Swarm has given it up, see {@link Orphans}
     */
    public record ContainerView(
            String id,
            String name,
            String image,
            ContainerState state,
            String status,
            String serviceName,
            String taskId,
            Map<String, String> addresses,
            boolean orphan,
            Map<String, String> unknownWords) {
        public ContainerView {
            addresses = Map.copyOf(addresses);
            unknownWords = Map.copyOf(unknownWords);
        }

        /** As a daemon reports it. */
        public ContainerView(
                String id,
                String name,
                String image,
                ContainerState state,
                String status,
                String serviceName,
                String taskId,
                Map<String, String> addresses,
                Map<String, String> unknownWords) {
            this(id, name, image, state, status, serviceName, taskId, addresses, false, unknownWords);
        }

        public ContainerView withOrphan(boolean other) {
            return other == orphan
                    ? this
                    : new ContainerView(
                            id, name, image, state, status, serviceName, taskId, addresses, other, unknownWords);
        }
    }

    public record NetworkView(String id, String name, String driver, String scope, String subnet, String gateway) {}

    /**
     * @param source hostname of the manager that reported it
     * @param hasLeader false where quorum is lost: nodes, services and tasks are then those last seen
     */
    public record SwarmView(
            String id,
            String source,
            boolean hasLeader,
            String leader,
            List<NodeView> nodes,
            List<ServiceView> services,
            List<TaskView> tasks,
            List<NetworkView> networks) {
        public SwarmView {
            nodes = List.copyOf(nodes);
            services = List.copyOf(services);
            tasks = List.copyOf(tasks);
            networks = List.copyOf(networks);
        }

        public Optional<NodeView> node(String hostname) {
            return nodes.stream().filter(n -> n.hostname().equals(hostname)).findFirst();
        }

        public Optional<ServiceView> service(String name) {
            return services.stream().filter(s -> s.name().equals(name)).findFirst();
        }

        /** Tasks of one service, old ones too. */
        public List<TaskView> tasksOf(String serviceName) {
            return tasks.stream()
                    .filter(t -> t.serviceName().equals(serviceName))
                    .toList();
        }
    }

    /**
     * @param role the one wanted
     * @param message of the managers about its state, empty text if there is none
     */
    public record NodeView(
            String id,
            String hostname,
            String address,
            NodeRole role,
            NodeState state,
            Availability availability,
            boolean leader,
            Reachability reachability,
            String message,
            Map<String, String> labels,
            Map<String, String> unknownWords) {
        public NodeView {
            labels = Map.copyOf(labels);
            unknownWords = Map.copyOf(unknownWords);
        }
    }

    /**
     * @param global whether in global mode
     * @param replicas tasks wanted
     * @param running tasks whose state is running, on nodes that are not down
     * @param ports {@code published → target} TCP ports
     */
    public record ServiceView(
            String id,
            String name,
            String image,
            boolean global,
            int replicas,
            int running,
            Map<Integer, Integer> ports,
            List<String> networks,
            List<String> constraints,
            Map<String, String> labels,
            UpdateState updateState,
            String updateMessage,
            Map<String, String> unknownWords) {
        public ServiceView {
            ports = Map.copyOf(ports);
            networks = List.copyOf(networks);
            constraints = List.copyOf(constraints);
            labels = Map.copyOf(labels);
            unknownWords = Map.copyOf(unknownWords);
        }
    }

    /**
     * @param slot number of the replica, 0 in global mode
     * @param nodeHostname where it is, empty while unassigned
     * @param since engine time at which the state was entered
     * @param addresses by network name, without prefix length
     * @param live whether it counts as running now: state running, desired running, its node not down
     */
    public record TaskView(
            String id,
            String serviceId,
            String serviceName,
            int slot,
            String nodeId,
            String nodeHostname,
            TaskState state,
            TaskState desiredState,
            String message,
            String error,
            String containerId,
            Instant since,
            Map<String, String> addresses,
            boolean live,
            Map<String, String> unknownWords) {
        public TaskView {
            addresses = Map.copyOf(addresses);
            unknownWords = Map.copyOf(unknownWords);
        }

        /** {@code service.slot}, or {@code service.node} in global mode. */
        public String name() {
            return slot > 0 ? serviceName + "." + slot : serviceName + "." + nodeHostname;
        }
    }

    /**
     * @param sources where agents were asked: {@code machine:port}
     * @param leader node name of the Raft leader, empty if none is known
     * @param services service name → instances of the catalog
     * @param agents what each agent that answers holds to be so, in the order of the sources
     */
    public record ConsulView(
            List<String> sources,
            String leader,
            List<ConsulMember> members,
            List<RaftPeer> peers,
            Map<String, List<ConsulInstance>> services,
            List<AgentView> agents) {
        public ConsulView {
            agents = List.copyOf(agents);
            sources = List.copyOf(sources);
            members = List.copyOf(members);
            peers = List.copyOf(peers);
            services = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(services));
        }

        /** Instances whose checks, the node's too, all pass. */
        public List<ConsulInstance> healthy(String service) {
            return services.getOrDefault(service, List.of()).stream()
                    .filter(i -> i.status() == CheckHealth.PASSING)
                    .toList();
        }
    }

    public record ConsulMember(
            String name,
            String address,
            boolean server,
            MemberStatus status,
            String machine,
            boolean leader,
            Map<String, String> unknownWords) {
        public ConsulMember {
            unknownWords = Map.copyOf(unknownWords);
        }
    }

    /**
     * What one agent holds to be so.
     *
     * @param machine on which it was asked
     * @param leader node name of the Raft leader that it believes in, empty if it knows none
     * @param alive node names of the members that its gossip holds to be alive, in order
     * @param peers node names of the servers of its Raft configuration that vote, in order; of a client, of the server that
     *     answers for it
     * @param canCommit whether the servers can agree on something through it
     */
    public record AgentView(
            String machine, String leader, List<String> alive, List<String> peers, Belief.CanCommit canCommit) {
        public AgentView {
            alive = List.copyOf(alive);
            peers = List.copyOf(peers);
        }
    }

    public record RaftPeer(String id, String node, String address, boolean leader, boolean voter) {}

    /** {@code status}: the worst of its checks and its node's. */
    public record ConsulInstance(
            String id,
            String service,
            String node,
            String address,
            int port,
            List<String> tags,
            CheckHealth status,
            String output,
            Map<String, String> unknownWords) {
        public ConsulInstance {
            tags = List.copyOf(tags);
            unknownWords = Map.copyOf(unknownWords);
        }
    }

    /** One Traefik, on {@code machine}. */
    public record TraefikView(
            String machine, String version, List<TraefikRouter> routers, List<TraefikService> services) {
        public TraefikView {
            routers = List.copyOf(routers);
            services = List.copyOf(services);
        }
    }

    public record TraefikRouter(
            String name, String rule, String service, String provider, String status, List<String> entryPoints) {
        public TraefikRouter {
            entryPoints = List.copyOf(entryPoints);
        }
    }

    /** {@code servers}: by URL. */
    public record TraefikService(
            String name, String provider, Map<String, ServerStatus> servers, Map<String, String> unknownWords) {
        public TraefikService {
            servers = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(servers));
            unknownWords = Map.copyOf(unknownWords);
        }
    }

    /**
     * What clients of the lab got lately: one bucket a second of engine time, the newest last, at most 120.
     *
     * @param instances requests answered by instance in the last 10 s
     */
    public record TrafficView(List<TrafficBucket> buckets, Map<String, Integer> instances) {
        public static final TrafficView NONE = new TrafficView(List.of(), Map.of());

        public TrafficView {
            buckets = List.copyOf(buckets);
            instances = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(instances));
        }
    }

    /**
     * @param second seconds of engine time since the engine began
     * @param byStatus HTTP status → answers; status 0 stands for no answer
     * @param latencyMsMedian milliseconds of engine time
     * @param missed requests that clients could not make though they were due
     */
    public record TrafficBucket(long second, Map<Integer, Integer> byStatus, double latencyMsMedian, int missed) {
        /** One in which all that was due was made. */
        public TrafficBucket(long second, Map<Integer, Integer> byStatus, double latencyMsMedian) {
            this(second, byStatus, latencyMsMedian, 0);
        }

        public TrafficBucket {
            byStatus = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(byStatus));
        }
    }
}
