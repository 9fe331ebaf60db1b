package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.consul.ServerState;
import dev.clusterlab.simulator.consul.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The state of a server as tests need it. */
record StateDraft(
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
    /** A server that has applied nothing yet. */
    static StateDraft of(String server) {
        return new StateDraft(server, 1, false, 0, Map.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    ServerState state() {
        return new ServerState(server, term, leads, appliedIndex, indexes, nodes, services, checks, keys, sessions);
    }

    StateDraft leading(long inTerm) {
        return new StateDraft(server, inTerm, true, appliedIndex, indexes, nodes, services, checks, keys, sessions);
    }

    StateDraft at(long index) {
        return new StateDraft(server, term, leads, index, indexes, nodes, services, checks, keys, sessions);
    }

    StateDraft withIndex(Table table, long index) {
        var changed = new TreeMap<>(indexes);
        changed.put(table, index);
        return new StateDraft(server, term, leads, appliedIndex, changed, nodes, services, checks, keys, sessions);
    }

    StateDraft withNodes(Node... all) {
        return new StateDraft(
                server, term, leads, appliedIndex, indexes, List.of(all), services, checks, keys, sessions);
    }

    StateDraft withServices(Service... all) {
        return new StateDraft(server, term, leads, appliedIndex, indexes, nodes, List.of(all), checks, keys, sessions);
    }

    StateDraft withChecks(Check... all) {
        return new StateDraft(
                server, term, leads, appliedIndex, indexes, nodes, services, List.of(all), keys, sessions);
    }

    StateDraft withKeys(Key... all) {
        return new StateDraft(
                server, term, leads, appliedIndex, indexes, nodes, services, checks, List.of(all), sessions);
    }

    StateDraft withSessions(Session... all) {
        return new StateDraft(server, term, leads, appliedIndex, indexes, nodes, services, checks, keys, List.of(all));
    }
}
