package dev.clusterlab.simulator.consul.invariant;

import dev.clusterlab.simulator.consul.ServerState;
import dev.clusterlab.simulator.consul.Table;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * On a running server the index of a table and the modify index of a row only grow, and none is ahead of what is applied.
 * A client that waits for a higher index than the one that it has seen would sleep through a change otherwise.
 */
final class IndexesNeverGoBack extends ConsulInvariant {
    private final Map<String, Map<String, Long>> seen = new LinkedHashMap<>();

    IndexesNeverGoBack() {
        super("consul-indexes-never-go-back");
    }

    @Override
    protected void check(ServerState state) {
        grows(state, "applied", state.appliedIndex());
        state.indexes().forEach((table, index) -> {
            applied(state, table.name(), index);
            grows(state, table.name(), index);
        });
        state.nodes().forEach(row -> row(state, Table.NODES, row.name(), row.createIndex(), row.modifyIndex()));
        state.services()
                .forEach(row ->
                        row(state, Table.SERVICES, row.node() + "/" + row.id(), row.createIndex(), row.modifyIndex()));
        state.checks()
                .forEach(row ->
                        row(state, Table.CHECKS, row.node() + "/" + row.id(), row.createIndex(), row.modifyIndex()));
        state.keys().forEach(row -> row(state, Table.KEYS, row.key(), row.createIndex(), row.modifyIndex()));
        state.sessions().forEach(row -> row(state, Table.SESSIONS, row.id(), row.createIndex(), row.modifyIndex()));
    }

    private void row(ServerState state, Table table, String name, long created, long modified) {
        String row = table + " " + name;
        if (created > modified) {
            throw broken(row + " on " + state.server() + " was modified at " + modified + ", before it was created at "
                    + created);
        }
        long ofTable = state.indexes().getOrDefault(table, 0L);
        if (modified > ofTable) {
            throw broken(row + " on " + state.server() + " was modified at " + modified
                    + " but the index of its table is " + ofTable);
        }
        grows(state, row, modified);
    }

    private void applied(ServerState state, String what, long index) {
        if (index > state.appliedIndex()) {
            throw broken(what + " on " + state.server() + " is at " + index + " but applied is only "
                    + state.appliedIndex());
        }
    }

    private void grows(ServerState state, String what, long index) {
        Long before = seen.computeIfAbsent(state.server(), server -> new LinkedHashMap<>())
                .put(what, index);
        if (before != null && before > index) {
            throw broken("index of " + what + " on " + state.server() + " went back from " + before + " to " + index);
        }
    }

    @Override
    public void restarted(String server) {
        seen.remove(server);
    }
}
