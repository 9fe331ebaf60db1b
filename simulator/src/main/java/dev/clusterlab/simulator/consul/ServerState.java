package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.protocol.Raft;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one server has at an instant: its place in the Raft group and all that is replicated to it. */
public record ServerState(
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

    /**
     * A number that changes whenever the state of that program's server may have changed, or -1 if it is no server, or none
     * yet. Cheap, so that it may be asked after each event.
     */
    public static long versionOf(ConsulProgram program) {
        ConsulServer server = serverOf(program);
        if (server == null) {
            return -1;
        }
        Raft.Status raft = server.raft().status();
        return (raft.term() * 1_000_003 + raft.appliedIndex()) * 2 + (server.isLeader() ? 1 : 0);
    }

    /** What that program's server has, or null if it is no server, or none yet. */
    public static @Nullable ServerState of(String name, ConsulProgram program) {
        ConsulServer server = serverOf(program);
        return server == null ? null : of(name, server);
    }

    private static @Nullable ConsulServer serverOf(ConsulProgram program) {
        ConsulAgent agent = program.agent();
        return agent == null ? null : agent.server();
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

    /** Whether the catalog has a node of this name. */
    public boolean hasNode(String name) {
        return nodes.stream().anyMatch(node -> node.name().equals(name));
    }

    /** All that is replicated, without what each server knows for itself. */
    public List<Object> replicated() {
        return List.of(indexes, nodes, services, checks, keys, sessions);
    }
}
