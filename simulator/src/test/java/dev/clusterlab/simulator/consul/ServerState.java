package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.consul.StateStore.Table;
import dev.clusterlab.simulator.protocol.Raft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one server has after an event: its place in the Raft group and all that is replicated to it. */
record ServerState(
        String server,
        long term,
        boolean leads,
        long appliedIndex,
        Map<Table, Long> indexes,
        List<Node> nodes,
        List<Service> services,
        List<Check> checks,
        List<Key> keys,
        List<Session> sessions) {

    /** A server that has applied nothing yet: tests put what they need into it. */
    static ServerState empty(String server) {
        return new ServerState(server, 1, false, 0, Map.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    static ServerState of(String name, ConsulServer server) {
        StateStore store = server.store();
        Raft.Status raft = server.raft().status();
        var indexes = new TreeMap<Table, Long>();
        for (Table table : Table.values()) {
            indexes.put(table, store.index(table));
        }
        var services = new ArrayList<Service>();
        store.serviceNames().keySet().forEach(service -> services.addAll(store.instances(service)));
        return new ServerState(
                name,
                raft.term(),
                server.isLeader(),
                raft.appliedIndex(),
                indexes,
                store.nodes(),
                services,
                store.checks(),
                store.keysUnder(""),
                store.sessions());
    }

    ServerState leading(long inTerm) {
        return new ServerState(server, inTerm, true, appliedIndex, indexes, nodes, services, checks, keys, sessions);
    }

    ServerState at(long index) {
        return new ServerState(server, term, leads, index, indexes, nodes, services, checks, keys, sessions);
    }

    ServerState withIndex(Table table, long index) {
        var changed = new TreeMap<>(indexes);
        changed.put(table, index);
        return new ServerState(server, term, leads, appliedIndex, changed, nodes, services, checks, keys, sessions);
    }

    ServerState withNodes(Node... all) {
        return new ServerState(
                server, term, leads, appliedIndex, indexes, List.of(all), services, checks, keys, sessions);
    }

    ServerState withServices(Service... all) {
        return new ServerState(server, term, leads, appliedIndex, indexes, nodes, List.of(all), checks, keys, sessions);
    }

    ServerState withChecks(Check... all) {
        return new ServerState(
                server, term, leads, appliedIndex, indexes, nodes, services, List.of(all), keys, sessions);
    }

    ServerState withKeys(Key... all) {
        return new ServerState(
                server, term, leads, appliedIndex, indexes, nodes, services, checks, List.of(all), sessions);
    }

    ServerState withSessions(Session... all) {
        return new ServerState(server, term, leads, appliedIndex, indexes, nodes, services, checks, keys, List.of(all));
    }

    boolean hasNode(String name) {
        return nodes.stream().anyMatch(node -> node.name().equals(name));
    }

    /** All that is replicated, without what each server knows for itself. */
    List<Object> replicated() {
        return List.of(indexes, nodes, services, checks, keys, sessions);
    }
}
