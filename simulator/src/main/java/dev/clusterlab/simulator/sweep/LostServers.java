package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.consul.AgentReading;
import dev.clusterlab.simulator.consul.ConsulProgram;
import dev.clusterlab.simulator.swarm.RunningProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Consul servers that no longer find each other by themselves. Containers get other addresses when they start again; of servers that were
 * apart meanwhile neither may know where the other is now. Serf seeks only members that have failed, at the addresses that it knew, and not
 * those that have left, or that autopilot has made leave; and a join is retried only until it has succeeded once. Real ones stay apart then
 * until somebody restarts one side, which here happens after {@link #PATIENCE}: it joins by name again.
 */
final class LostServers {
    /** Virtual time: a new server may take some rounds of five seconds to find the others by name. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final WatchedHistory history;
    /** When it was first seen apart, in virtual nanoseconds, by container. */
    private final Map<String, Long> apartSince = new LinkedHashMap<>();

    /** One server: where it is, and where it would look for others. */
    private record Server(RunningProgram running, String address, List<String> known) {
        boolean finds(Server other) {
            return known.contains(other.address) || other.known.contains(address);
        }
    }

    LostServers(WatchedHistory history) {
        this.history = history;
    }

    /** Restarts those that have been apart for too long. To be called again and again. */
    void check() {
        List<Server> servers = servers();
        List<Server> apart = apartFromMost(servers);
        long now = history.simulation().nowNanos();
        apartSince
                .keySet()
                .retainAll(apart.stream()
                        .map(server -> server.running().containerId())
                        .toList());
        for (Server server : apart) {
            RunningProgram running = server.running();
            long since = apartSince.computeIfAbsent(running.containerId(), id -> now);
            if (now - since >= PATIENCE.toNanos()) {
                apartSince.remove(running.containerId());
                history.note("restart of Consul on " + running.machine().name()
                        + ", which knows the others only where they are no more, and they it");
                running.machine().daemon().containerKill(running.containerId(), null, result -> {});
            }
        }
    }

    private List<Server> servers() {
        var servers = new ArrayList<Server>();
        for (RunningProgram running : history.programs()) {
            if (running.program() instanceof ConsulProgram program) {
                program.server().ifPresent(reading -> servers.add(server(running, reading)));
            }
        }
        return servers;
    }

    private static Server server(RunningProgram running, AgentReading reading) {
        String own = reading.members().stream()
                .filter(member -> reading.nodeId().equals(member.tags().get("id")))
                .map(AgentReading.Member::address)
                .findFirst()
                .orElse("");
        List<String> known = reading.members().stream()
                .filter(member -> !member.status().equals("left"))
                .map(AgentReading.Member::address)
                .toList();
        return new Server(running, own, known);
    }

    /** Those outside the largest set of servers that find each other, directly or through others. */
    private static List<Server> apartFromMost(List<Server> servers) {
        var largest = new LinkedHashSet<Server>();
        var left = new LinkedHashSet<>(servers);
        while (!left.isEmpty()) {
            var together = new LinkedHashSet<Server>();
            var next = new ArrayList<>(List.of(left.getFirst()));
            while (!next.isEmpty()) {
                Server server = next.removeLast();
                if (together.add(server)) {
                    servers.stream().filter(server::finds).forEach(next::add);
                }
            }
            left.removeAll(together);
            if (together.size() > largest.size()) {
                largest = together;
            }
        }
        var apart = new ArrayList<>(servers);
        apart.removeAll(largest);
        return apart;
    }
}
