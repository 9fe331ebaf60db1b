package dev.clusterlab.provisioning.client;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.shell.consul.CheckHealth;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the observer asks of one Consul agent. The library behind it can be changed without anybody noticing. Thread-safe.
 * Blocks, so never on a window's thread; every method throws {@link LabException}: REFUSED when the agent does not answer
 * or refuses ({@code No cluster leader}),
 * NOT_FOUND for something unknown, TIMEOUT when it took too long.
 */
public interface ConsulPort extends AutoCloseable {
    /** Everyone that this agent's gossip knows, by name. */
    List<Member> members();

    /** {@code ip:port} of the Raft leader, empty text if there is none. */
    String leader();

    /** The Raft configuration; from any server, also without a leader. */
    List<RaftServer> raftConfiguration();

    /** Services of the catalog with their tags, by name. */
    Map<String, List<String>> services();

    /** Instances of a service with their checks, by identifier; {@code passingOnly}: those that may be used. */
    List<Instance> health(String service, boolean passingOnly);

    @Override
    void close();

    /** {@code status}: {@code alive}, {@code leaving}, {@code left}, {@code failed}; another code as its number. */
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

    /** {@code serviceId} is empty for a check of a node; {@code word} is the agent's own for the status. */
    record Check(
            String node, String id, String name, CheckHealth status, String word, String output, String serviceId) {}

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

        /** The agent's own word for the status of the worst check. */
        public String statusWord() {
            return ofWorst(Check::word);
        }

        /** Output of the worst check. */
        public String output() {
            return ofWorst(Check::output);
        }

        private String ofWorst(Function<Check, String> part) {
            CheckHealth worst = status();
            return checks.stream().filter(c -> c.status() == worst).map(part).reduce("", (first, second) -> second);
        }
    }
}
