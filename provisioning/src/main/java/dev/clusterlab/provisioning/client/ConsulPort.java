package dev.clusterlab.provisioning.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.shell.consul.CheckHealth;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the lab asks of one Consul agent. The library behind it can be changed without anybody noticing. Thread-safe.
 * Blocks, so never on a window's thread; every method throws {@link LabException}: REFUSED when the agent does not answer or refuses ({@code No cluster leader}),
 * NOT_FOUND for something unknown, TIMEOUT when it took too long.
 */
public interface ConsulPort extends AutoCloseable {
    /** Where it answers: {@code 127.0.0.1:PORT}. */
    String endpoint();

    /** Everyone that this agent's gossip knows, by name. */
    List<Member> members();

    /** {@code ip:port} of the Raft leader, empty text if there is none. */
    String leader();

    /** {@code ip:port} of the Raft peers. */
    List<String> peers();

    /** The Raft configuration; from any server, also without a leader. */
    List<RaftServer> raftConfiguration();

    /** Nodes of the catalog, by name. */
    List<CatalogNode> nodes();

    /** Services of the catalog with their tags, by name. */
    Map<String, List<String>> services();

    /** Instances of a service with their checks, by identifier; {@code passingOnly}: those that may be used. */
    List<Instance> health(String service, boolean passingOnly);

    /** Every check of the catalog. */
    List<Check> checks();

    /** Empty if there is no such key. */
    Optional<String> get(String key);

    /** Keys that begin with {@code prefix} and their values, in order. */
    Map<String, String> list(String prefix);

    /** Keys that begin with {@code prefix}, in order. */
    List<String> keys(String prefix);

    /** Sets a key; false if Consul did not. */
    boolean put(String key, String value);

    /** Without effect where there is no such key. */
    void delete(String key);

    /** Every key that begins with {@code prefix}. */
    void deleteTree(String prefix);

    /** Services registered at this agent, by identifier. */
    Map<String, AgentService> agentServices();

    /** Takes a service off this agent. */
    void deregister(String serviceId);

    /** Makes this agent join another; false if it could not. */
    boolean join(String address);

    /** Declares a failed member to have left. */
    void forceLeave(String node);

    /** Makes this agent leave the cluster and stop. */
    void leave();

    /** {@code /v1/agent/self} as the agent answers it: configuration, statistics. */
    JsonNode self();

    /** GET of a path such as {@code /v1/operator/autopilot/health}, as the agent answers it. */
    JsonNode getJson(String path);

    @Override
    void close();

    /** {@code status}: {@code alive}, {@code leaving}, {@code left}, {@code failed}. */
    record Member(String name, String address, int port, String status, Map<String, String> tags) {
        public Member {
            tags = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(tags));
        }

        /** Whether it is a server. */
        public boolean server() {
            return "consul".equals(tags.get("role"));
        }
    }

    record RaftServer(String id, String node, String address, boolean leader, boolean voter) {}

    record CatalogNode(String id, String node, String address, String datacenter) {}

    /** {@code serviceId} is empty for a check of a node. */
    record Check(String node, String id, String name, CheckHealth status, String output, String serviceId) {}

    /** {@code address}: the service's, or the node's where the service has none. */
    record Instance(
            String id,
            String service,
            String node,
            String nodeAddress,
            String address,
            int port,
            List<String> tags,
            List<Check> checks) {
        public Instance {
            tags = List.copyOf(tags);
            checks = List.copyOf(checks);
        }

        /** The worst of its checks, or PASSING where there are none. */
        public CheckHealth status() {
            return checks.stream()
                    .map(Check::status)
                    .max(Comparator.naturalOrder())
                    .orElse(CheckHealth.PASSING);
        }

        /** Output of the worst check. */
        public String output() {
            CheckHealth worst = status();
            return checks.stream()
                    .filter(c -> c.status() == worst)
                    .map(Check::output)
                    .reduce("", (first, second) -> second);
        }
    }

    record AgentService(String id, String service, String address, int port, List<String> tags) {
        public AgentService {
            tags = List.copyOf(tags);
        }
    }
}
