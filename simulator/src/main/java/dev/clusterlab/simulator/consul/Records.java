package dev.clusterlab.simulator.consul;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What Consul's servers keep, as immutable rows. Indexes are those of the Raft log. */
public final class Records {
    public static final String SERF_HEALTH = "serfHealth";
    public static final String PASSING = "passing";
    public static final String WARNING = "warning";
    public static final String CRITICAL = "critical";

    private Records() {}

    /** A node of the catalog. */
    public record Node(
            String id,
            String name,
            String address,
            Map<String, String> taggedAddresses,
            Map<String, String> meta,
            long createIndex,
            long modifyIndex) {
        public Node {
            taggedAddresses = sorted(taggedAddresses);
            meta = sorted(meta);
        }

        Node at(long create, long modify) {
            return new Node(id, name, address, taggedAddresses, meta, create, modify);
        }
    }

    /** An instance of a service. */
    public record Service(
            String node,
            String id,
            String name,
            List<String> tags,
            String address,
            int port,
            Map<String, String> meta,
            int weightPassing,
            int weightWarning,
            boolean enableTagOverride,
            long createIndex,
            long modifyIndex) {
        public Service {
            tags = List.copyOf(tags);
            meta = sorted(meta);
        }

        Service at(long create, long modify) {
            return new Service(
                    node,
                    id,
                    name,
                    tags,
                    address,
                    port,
                    meta,
                    weightPassing,
                    weightWarning,
                    enableTagOverride,
                    create,
                    modify);
        }

        Service withTags(List<String> changed) {
            return new Service(
                    node,
                    id,
                    name,
                    changed,
                    address,
                    port,
                    meta,
                    weightPassing,
                    weightWarning,
                    enableTagOverride,
                    createIndex,
                    modifyIndex);
        }
    }

    /** A health check. {@code serviceId} is empty for a check of the node. */
    public record Check(
            String node,
            String id,
            String name,
            String status,
            String notes,
            String output,
            String serviceId,
            String serviceName,
            List<String> serviceTags,
            String type,
            long createIndex,
            long modifyIndex) {
        public Check {
            serviceTags = List.copyOf(serviceTags);
        }

        Check at(long create, long modify) {
            return new Check(
                    node, id, name, status, notes, output, serviceId, serviceName, serviceTags, type, create, modify);
        }

        Check with(String changedStatus, String changedOutput) {
            return new Check(
                    node,
                    id,
                    name,
                    changedStatus,
                    notes,
                    changedOutput,
                    serviceId,
                    serviceName,
                    serviceTags,
                    type,
                    createIndex,
                    modifyIndex);
        }

        Check ofService(String changedName, List<String> changedTags) {
            return new Check(
                    node,
                    id,
                    name,
                    status,
                    notes,
                    output,
                    serviceId,
                    changedName,
                    changedTags,
                    type,
                    createIndex,
                    modifyIndex);
        }
    }

    /** A key. {@code value} is base 64, as the API shows it. */
    public record Key(
            String key,
            String value,
            long flags,
            long lockIndex,
            @Nullable String session,
            long createIndex,
            long modifyIndex) {}

    /** A session. {@code ttl} as given, empty for none; {@code behavior}: release or delete. */
    public record Session(
            String id,
            String name,
            String node,
            List<String> checks,
            long lockDelayNanos,
            String behavior,
            String ttl,
            long createIndex,
            long modifyIndex) {
        public Session {
            checks = List.copyOf(checks);
        }
    }

    /** An instance with its node and every check that concerns it. */
    public record ServiceHealth(Node node, Service service, List<Check> checks) {
        public ServiceHealth {
            checks = List.copyOf(checks);
        }
    }

    /** A node with all that is registered on it. */
    public record NodeContent(Node node, List<Service> services, List<Check> checks) {
        public NodeContent {
            services = List.copyOf(services);
            checks = List.copyOf(checks);
        }
    }

    private static Map<String, String> sorted(Map<String, String> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
