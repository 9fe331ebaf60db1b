package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.ServiceHealth;
import dev.clusterlab.simulator.consul.Rpc.Query;
import dev.clusterlab.simulator.consul.Rpc.View;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The reads that agents ask servers for. */
final class Queries {
    private Queries() {}

    record Nodes() implements Query<List<Records.Node>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.NODES);
        }

        @Override
        public View<List<Records.Node>> run(ConsulServer server) {
            return new View<>(server.store().index(Table.NODES), server.store().nodes());
        }
    }

    record ServiceNames() implements Query<Map<String, List<String>>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.SERVICES);
        }

        @Override
        public View<Map<String, List<String>>> run(ConsulServer server) {
            return new View<>(
                    server.store().index(Table.SERVICES), server.store().serviceNames());
        }
    }

    /** Instances with node and checks: serves both the catalog's and the health endpoint. */
    record Service(String name, List<String> tags, boolean passingOnly) implements Query<List<ServiceHealth>> {
        Service {
            tags = List.copyOf(tags);
        }

        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.NODES, Table.SERVICES, Table.CHECKS);
        }

        @Override
        public View<List<ServiceHealth>> run(ConsulServer server) {
            var found = new ArrayList<ServiceHealth>();
            for (ServiceHealth instance : server.store().health(name)) {
                boolean passing = instance.checks().stream()
                        .allMatch(check -> check.status().equals(Records.PASSING));
                if ((!passingOnly || passing) && instance.service().tags().containsAll(tags)) {
                    found.add(instance);
                }
            }
            return new View<>(server.store().serviceIndex(name), List.copyOf(found));
        }
    }

    /** One node with what is registered on it, or null. */
    record NodeContent(String node) implements Query<Records.NodeContent> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.NODES, Table.SERVICES, Table.CHECKS);
        }

        @Override
        public View<Records.NodeContent> run(ConsulServer server) {
            return new View<>(
                    server.store().index(Table.NODES, Table.SERVICES, Table.CHECKS),
                    server.store().content(node));
        }
    }

    /** Every node with what is registered on it: for the page. */
    record Everything() implements Query<List<Records.NodeContent>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.NODES, Table.SERVICES, Table.CHECKS);
        }

        @Override
        public View<List<Records.NodeContent>> run(ConsulServer server) {
            var contents = new ArrayList<Records.NodeContent>();
            for (Records.Node node : server.store().nodes()) {
                contents.add(new Records.NodeContent(
                        node,
                        server.store().nodeServices(node.name()),
                        server.store().nodeChecks(node.name())));
            }
            return new View<>(server.store().index(Table.NODES, Table.SERVICES, Table.CHECKS), List.copyOf(contents));
        }
    }

    /** Checks by state ({@code any} for all). */
    record ChecksInState(String state) implements Query<List<Check>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.CHECKS);
        }

        @Override
        public View<List<Check>> run(ConsulServer server) {
            List<Check> found = server.store().checks().stream()
                    .filter(check -> state.equals("any") || check.status().equals(state))
                    .toList();
            return new View<>(server.store().index(Table.CHECKS), found);
        }
    }

    record ServiceChecks(String service) implements Query<List<Check>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.CHECKS);
        }

        @Override
        public View<List<Check>> run(ConsulServer server) {
            List<Check> found = server.store().checks().stream()
                    .filter(check -> check.serviceName().equals(service))
                    .toList();
            return new View<>(server.store().index(Table.CHECKS), found);
        }
    }

    /** One key (a list of one, or null), or with {@code recurse} all under a prefix. */
    record Keys(String key, boolean recurse) implements Query<List<Key>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.KEYS);
        }

        @Override
        public View<List<Key>> run(ConsulServer server) {
            StateStore store = server.store();
            if (recurse) {
                List<Key> found = store.keysUnder(key);
                return new View<>(store.prefixIndex(key), found.isEmpty() ? null : found);
            }
            Key found = store.key(key);
            return found == null
                    ? new View<>(store.index(Table.KEYS), null)
                    : new View<>(found.modifyIndex(), List.of(found));
        }
    }

    /** Names only, cut after the first {@code separator} behind the prefix. */
    record KeyNames(String prefix, String separator) implements Query<List<String>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.KEYS);
        }

        @Override
        public View<List<String>> run(ConsulServer server) {
            StateStore store = server.store();
            var names = new LinkedHashSet<String>();
            for (Key key : store.keysUnder(prefix)) {
                int cut = separator.isEmpty() ? -1 : key.key().indexOf(separator, prefix.length());
                names.add(cut < 0 ? key.key() : key.key().substring(0, cut + separator.length()));
            }
            return new View<>(store.prefixIndex(prefix), names.isEmpty() ? null : List.copyOf(names));
        }
    }

    /** One session as a list of at most one; all if {@code id} is empty; those of a node if {@code node} is not. */
    record Sessions(String id, String node) implements Query<List<Records.Session>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.of(Table.SESSIONS);
        }

        @Override
        public View<List<Records.Session>> run(ConsulServer server) {
            List<Records.Session> found = server.store().sessions().stream()
                    .filter(session -> id.isEmpty() || session.id().equals(id))
                    .filter(session -> node.isEmpty() || session.node().equals(node))
                    .toList();
            return new View<>(server.store().index(Table.SESSIONS), found);
        }
    }

    /** {@code ip:port} of the leader as the asked server knows it, or the empty string. */
    record Leader() implements Query<String> {
        @Override
        public Set<Table> tables() {
            return EnumSet.noneOf(Table.class);
        }

        @Override
        public View<String> run(ConsulServer server) {
            String address = server.leaderAddress();
            return new View<>(1, address == null ? "" : address + ":" + Rpc.PORT);
        }

        @Override
        public boolean local() {
            return true;
        }
    }

    /** {@code ip:port} of every Raft member. */
    record Peers() implements Query<List<String>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.noneOf(Table.class);
        }

        @Override
        public View<List<String>> run(ConsulServer server) {
            return new View<>(1, server.peerAddresses());
        }

        @Override
        public boolean local() {
            return true;
        }
    }

    record RaftConfiguration() implements Query<List<ConsulServer.Peer>> {
        @Override
        public Set<Table> tables() {
            return EnumSet.noneOf(Table.class);
        }

        @Override
        public View<List<ConsulServer.Peer>> run(ConsulServer server) {
            return new View<>(1, server.raftConfiguration());
        }
    }

    record AutopilotHealth() implements Query<Autopilot.Health> {
        @Override
        public Set<Table> tables() {
            return EnumSet.noneOf(Table.class);
        }

        @Override
        public View<Autopilot.Health> run(ConsulServer server) {
            return new View<>(1, server.autopilotHealth());
        }
    }
}
