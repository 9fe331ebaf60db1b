package dev.clusterlab.lab;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikRouter;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Reachability;
import dev.clusterlab.provisioning.observe.ServerStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The functions of the check language over one snapshot. Nothing here fails for something that does not exist: counts are
 * 0, texts empty, conditions false, so that a check can be asked at any time.
 */
public final class CheckState {
    private final ClusterSnapshot snapshot;

    public CheckState(ClusterSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    // Machines

    /** How many machines run. */
    public int machines() {
        return (int) snapshot.machines().stream()
                .filter(m -> m.machine().state() == Machine.State.RUNNING)
                .count();
    }

    /** State of a machine in lower case: running, paused, stopped, killed, or absent. */
    public String machine(String name) {
        return snapshot.machine(name)
                .map(m -> m.machine().state().name().toLowerCase(java.util.Locale.ROOT))
                .orElse("absent");
    }

    // Swarm

    /** How many nodes are ready. */
    public int nodes() {
        return (int) nodeViews().filter(n -> n.state() == NodeState.READY).count();
    }

    /** How many managers are ready and reachable. */
    public int managers() {
        return (int) nodeViews()
                .filter(n -> n.state() == NodeState.READY && n.reachability() == Reachability.REACHABLE)
                .count();
    }

    /** State of a node: ready, down, unknown, disconnected, or absent. */
    public String node(String hostname) {
        return nodeView(hostname).map(n -> n.state().word()).orElse("absent");
    }

    /** Role of a node: manager, worker, or absent. */
    public String role(String hostname) {
        return nodeView(hostname).map(n -> n.role().word()).orElse("absent");
    }

    /** Value of a node's label, empty if it has none. */
    public String label(String hostname, String key) {
        return nodeView(hostname).map(n -> n.labels().getOrDefault(key, "")).orElse("");
    }

    /** Hostname of the managers' leader, empty if there is none. */
    public String leader() {
        return snapshot.swarm()
                .filter(SwarmView::hasLeader)
                .map(SwarmView::leader)
                .orElse("");
    }

    /** Subnet of a network, empty if there is no such network in the swarm. */
    public String subnet(String network) {
        return snapshot.swarm().stream()
                .flatMap(s -> s.networks().stream())
                .filter(n -> n.name().equals(network))
                .map(NetworkView::subnet)
                .findFirst()
                .orElse("");
    }

    /** Driver of a network, empty if there is no such network in the swarm. */
    public String driver(String network) {
        return snapshot.swarm().stream()
                .flatMap(s -> s.networks().stream())
                .filter(n -> n.name().equals(network))
                .map(NetworkView::driver)
                .findFirst()
                .orElse("");
    }

    // Services

    /** Whether a service exists. */
    public boolean service(String name) {
        return serviceView(name).isPresent();
    }

    /** How many tasks a service should have. */
    public int replicas(String service) {
        return serviceView(service).map(ServiceView::replicas).orElse(0);
    }

    /** How many tasks of a service run on nodes that are not down. */
    public int running(String service) {
        return (int) tasks(service).count();
    }

    /** How many tasks of a service run on one node. */
    public int running(String service, String hostname) {
        return (int)
                tasks(service).filter(t -> t.nodeHostname().equals(hostname)).count();
    }

    /** Whether a service runs as many tasks as it should, and at least one. */
    public boolean converged(String service) {
        return serviceView(service)
                .map(s -> s.replicas() > 0 && running(service) == s.replicas())
                .orElse(false);
    }

    /** State of a service's last update: none, updating, paused, completed, rollback_started and so on; none without a service. */
    public String update(String service) {
        return serviceView(service).map(s -> s.updateState().word()).orElse("none");
    }

    /** Whether a service in any mode is attached to a network. */
    public boolean attached(String service, String network) {
        return serviceView(service).map(s -> s.networks().contains(network)).orElse(false);
    }

    /** Target of a port that a service publishes, 0 if it does not. */
    public int published(String service, int port) {
        return serviceView(service).map(s -> s.ports().getOrDefault(port, 0)).orElse(0);
    }

    // Consul

    /** How many Consul members are alive. */
    public int members() {
        return (int) snapshot.consul().stream()
                .flatMap(c -> c.members().stream())
                .filter(m -> m.status() == MemberStatus.ALIVE)
                .count();
    }

    /** State of a Consul member by its node name: alive, leaving, left, failed, or absent. */
    public String member(String name) {
        return snapshot.consul().stream()
                .flatMap(c -> c.members().stream())
                .filter(m -> m.name().equals(name))
                .map(m -> m.status().word())
                .findFirst()
                .orElse("absent");
    }

    /** How many Consul servers are alive. */
    public int servers() {
        return (int) snapshot.consul().stream()
                .flatMap(c -> c.members().stream())
                .filter(m -> m.server() && m.status() == MemberStatus.ALIVE)
                .count();
    }

    /** How many voters the Consul servers' Raft configuration has. */
    public int voters() {
        return (int) snapshot.consul().stream()
                .flatMap(c -> c.peers().stream())
                .filter(ClusterSnapshot.RaftPeer::voter)
                .count();
    }

    /** Node name of the Consul leader, empty if there is none. */
    public String consulLeader() {
        return snapshot.consul().map(ConsulView::leader).orElse("");
    }

    /** How many instances of a service the Consul catalog holds. */
    public int instances(String service) {
        return snapshot.consul()
                .map(c -> c.services().getOrDefault(service, List.of()).size())
                .orElse(0);
    }

    /** How many instances of a service pass all their checks. */
    public int healthy(String service) {
        return snapshot.consul().map(c -> c.healthy(service).size()).orElse(0);
    }

    // Traefik

    /** How many Traefiks answer. */
    public int traefiks() {
        return snapshot.traefik().size();
    }

    /** How many Traefiks have a working router whose rule names this text, such as a host name. */
    public int routers(String text) {
        return (int) snapshot.traefik().stream()
                .filter(t -> t.routers().stream().anyMatch(r -> routes(r, text)))
                .count();
    }

    /** Servers that are up which every Traefik that answers knows for a service of this name. */
    public int upstreams(String service) {
        return snapshot.traefik().stream()
                .mapToInt(t -> t.services().stream()
                        .filter(s -> s.name().equals(service) || s.name().startsWith(service + "@"))
                        .mapToInt(s -> (int) s.servers().values().stream()
                                .filter(status -> status == ServerStatus.UP)
                                .count())
                        .sum())
                .min()
                .orElse(0);
    }

    // Traffic

    /** Answers with this status that clients got in the last two minutes of engine time; status 0 means no answer. */
    public int answers(int status) {
        return snapshot.traffic().buckets().stream()
                .mapToInt(b -> b.byStatus().getOrDefault(status, 0))
                .sum();
    }

    /** Answers with this status in the last seconds of engine time. */
    public int answers(int status, int seconds) {
        long from = snapshot.elapsed().toSeconds() - seconds;
        return snapshot.traffic().buckets().stream()
                .filter(b -> b.second() > from)
                .mapToInt((TrafficBucket b) -> b.byStatus().getOrDefault(status, 0))
                .sum();
    }

    /** How many different instances answered lately. */
    public int answering() {
        return snapshot.traffic().instances().size();
    }

    /** Whether a fault of this kind is in force. */
    public boolean fault(String kind) {
        return snapshot.faults().stream().anyMatch(f -> f.kind().code().equals(kind));
    }

    private static boolean routes(TraefikRouter router, String text) {
        return router.rule().contains(text) && !router.status().equals("disabled");
    }

    private Stream<NodeView> nodeViews() {
        return snapshot.swarm().filter(SwarmView::hasLeader).stream().flatMap(s -> s.nodes().stream());
    }

    private Optional<NodeView> nodeView(String hostname) {
        // A machine that left and came back has two entries of one name: the ready one speaks for it.
        List<NodeView> named =
                nodeViews().filter(n -> n.hostname().equals(hostname)).toList();
        return named.stream()
                .filter(n -> n.state() == NodeState.READY)
                .findFirst()
                .or(() -> named.stream().findFirst());
    }

    private Optional<ServiceView> serviceView(String name) {
        return snapshot.swarm().filter(SwarmView::hasLeader).flatMap(s -> s.service(name));
    }

    private Stream<TaskView> tasks(String service) {
        return snapshot.swarm().filter(SwarmView::hasLeader).stream()
                .flatMap(s -> s.tasks().stream())
                .filter(t -> t.serviceName().equals(service) && t.live());
    }
}
