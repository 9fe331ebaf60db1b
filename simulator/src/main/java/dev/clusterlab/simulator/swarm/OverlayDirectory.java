package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.swarm.leader.AddressReservations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the engines of one swarm tell each other about the ends of overlay networks.
 *
 * <p>Kept once for all of them, since each would hold the same: an entry becomes visible to, and vanishes for, other
 * engines {@link #SPREAD} after the fact, and only to those that believe its engine alive (their own gossip says so).
 */
final class OverlayDirectory implements AddressReservations {
    /** Time until the other engines know: one round of gossip (200 ms) reaches a small cluster. */
    static final Duration SPREAD = Duration.ofMillis(200);

    /** An engine, as the others' entries look from it. */
    interface Observer {
        /** Where it runs: entries of its own machine are seen at once. */
        SimMachine machine();

        /** Whether it believes the engine of that node alive. */
        boolean seesAlive(SimMachine other, String nodeId);
    }

    private final Simulation simulation;
    private final Map<String, Table> tables = new LinkedHashMap<>();
    /** Addresses of plain containers, running or not; those of tasks are in the managers' store. */
    private final Set<Reservation> reservations = new LinkedHashSet<>();

    private record Reservation(String networkId, String address) {}

    OverlayDirectory(Simulation simulation) {
        this.simulation = simulation;
    }

    private static final class Table {
        /** Also ends that are gone, until the address is given again: where packets to it would go. */
        final Map<String, OverlayEndpoint> byAddress = new LinkedHashMap<>();

        final Map<String, Set<OverlayEndpoint>> byOwnName = new LinkedHashMap<>();
        final Map<String, Set<OverlayEndpoint>> byServiceName = new LinkedHashMap<>();
        final Map<String, Set<OverlayEndpoint>> byVirtualIp = new LinkedHashMap<>();
        final Map<Integer, Set<OverlayEndpoint>> byPort = new TreeMap<>();
    }

    @Override
    public void reserve(String networkId, String address) {
        reservations.add(new Reservation(networkId, address));
    }

    /** The container is gone, or off the network. */
    void release(String networkId, String address) {
        reservations.remove(new Reservation(networkId, address));
    }

    @Override
    public boolean reserved(String networkId, String address) {
        return reservations.contains(new Reservation(networkId, address));
    }

    private Table table(String networkId) {
        return tables.computeIfAbsent(networkId, key -> new Table());
    }

    /** The container has started: its address and own names are known. */
    void attach(OverlayEndpoint endpoint) {
        endpoint.sinceNanos = simulation.nowNanos();
        Table table = table(endpoint.networkId);
        table.byAddress.put(endpoint.address, endpoint);
        for (String name : endpoint.ownNames) {
            table.byOwnName.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(endpoint);
        }
    }

    /** The task takes part in its service: names, virtual address and published ports lead to it. */
    void bind(OverlayEndpoint endpoint) {
        OverlayEndpoint.Binding binding = endpoint.binding;
        if (binding == null || endpoint.removed) {
            return;
        }
        endpoint.bound = true;
        endpoint.sinceNanos = simulation.nowNanos();
        Table table = table(endpoint.networkId);
        for (String name : binding.names()) {
            table.byServiceName
                    .computeIfAbsent(name, key -> new LinkedHashSet<>())
                    .add(endpoint);
        }
        if (binding.virtualIp() != null) {
            table.byVirtualIp
                    .computeIfAbsent(binding.virtualIp(), key -> new LinkedHashSet<>())
                    .add(endpoint);
        }
        for (ServiceSpec.Port port : binding.ingressPorts()) {
            table.byPort
                    .computeIfAbsent(port.published(), key -> new LinkedHashSet<>())
                    .add(endpoint);
        }
    }

    /** The task is about to stop, or has ended. */
    void unbind(OverlayEndpoint endpoint) {
        if (!endpoint.bound) {
            return;
        }
        endpoint.bound = false;
        simulation.schedule(SPREAD, () -> {
            if (!endpoint.bound) {
                dropBinding(endpoint);
            }
        });
    }

    /** The container has ended. Its address leads to its machine, which refuses, until it is given again. */
    void detach(OverlayEndpoint endpoint) {
        unbind(endpoint);
        endpoint.removed = true;
        Table table = table(endpoint.networkId);
        for (String name : endpoint.ownNames) {
            drop(table.byOwnName, name, endpoint);
        }
    }

    private void dropBinding(OverlayEndpoint endpoint) {
        OverlayEndpoint.Binding binding = endpoint.binding;
        if (binding == null) {
            return;
        }
        Table table = table(endpoint.networkId);
        for (String name : binding.names()) {
            drop(table.byServiceName, name, endpoint);
        }
        if (binding.virtualIp() != null) {
            drop(table.byVirtualIp, binding.virtualIp(), endpoint);
        }
        for (ServiceSpec.Port port : binding.ingressPorts()) {
            drop(table.byPort, port.published(), endpoint);
        }
        endpoint.machine.changed();
    }

    private static <K> void drop(Map<K, Set<OverlayEndpoint>> index, K key, OverlayEndpoint endpoint) {
        Set<OverlayEndpoint> set = index.get(key);
        if (set != null && set.remove(endpoint) && set.isEmpty()) {
            index.remove(key);
        }
    }

    /** A machine's engine starts afresh: nothing that it said before holds. */
    void forget(SimMachine machine) {
        for (Table table : tables.values()) {
            for (OverlayEndpoint endpoint : List.copyOf(table.byAddress.values())) {
                if (endpoint.machine == machine && !endpoint.removed) {
                    endpoint.bound = false;
                    dropBinding(endpoint);
                    detach(endpoint);
                }
            }
        }
    }

    void forgetNetwork(String networkId) {
        tables.remove(networkId);
    }

    @Nullable
    OverlayEndpoint at(String networkId, String address) {
        Table table = tables.get(networkId);
        return table == null ? null : table.byAddress.get(address);
    }

    /** Ends with this name of their own. */
    List<OverlayEndpoint> withOwnName(String networkId, String name, Observer observer) {
        Table table = tables.get(networkId);
        return table == null ? List.of() : visible(table.byOwnName.get(name), observer, false);
    }

    /** Ends of the service with this name or alias. */
    List<OverlayEndpoint> ofService(String networkId, String name, Observer observer) {
        Table table = tables.get(networkId);
        return table == null ? List.of() : visible(table.byServiceName.get(name), observer, true);
    }

    /** Whether the address is, or lately was, a service's; then its ends. Null if it is not. */
    @Nullable
    List<OverlayEndpoint> behind(String networkId, String virtualIp, Observer observer) {
        Table table = tables.get(networkId);
        Set<OverlayEndpoint> set = table == null ? null : table.byVirtualIp.get(virtualIp);
        return set == null ? null : visible(set, observer, true);
    }

    /** Ends behind a published port of the ingress network. */
    List<OverlayEndpoint> behindPort(String networkId, int port, Observer observer) {
        Table table = tables.get(networkId);
        return table == null ? List.of() : visible(table.byPort.get(port), observer, true);
    }

    /** Published ports with at least one end that the observer sees. */
    List<Integer> ports(String networkId, Observer observer) {
        Table table = tables.get(networkId);
        if (table == null) {
            return List.of();
        }
        var ports = new ArrayList<Integer>();
        table.byPort.forEach((port, ends) -> {
            if (!visible(ends, observer, true).isEmpty()) {
                ports.add(port);
            }
        });
        return ports;
    }

    /** Machines with a container on the network, as the observer believes. */
    List<SimMachine> peers(String networkId, Observer observer) {
        Table table = tables.get(networkId);
        var machines = new LinkedHashSet<SimMachine>();
        if (table != null) {
            for (OverlayEndpoint endpoint : table.byAddress.values()) {
                if (!endpoint.removed && observer.seesAlive(endpoint.machine, endpoint.nodeId)) {
                    machines.add(endpoint.machine);
                }
            }
        }
        return List.copyOf(machines);
    }

    private List<OverlayEndpoint> visible(
            @Nullable Collection<OverlayEndpoint> ends, Observer observer, boolean boundOnly) {
        if (ends == null) {
            return List.of();
        }
        long known = simulation.nowNanos() - SPREAD.toNanos();
        var seen = new ArrayList<OverlayEndpoint>(ends.size());
        for (OverlayEndpoint endpoint : ends) {
            boolean own = endpoint.machine == observer.machine();
            if (own ? !boundOnly || endpoint.bound : endpoint.sinceNanos <= known) {
                if (observer.seesAlive(endpoint.machine, endpoint.nodeId)) {
                    seen.add(endpoint);
                }
            }
        }
        return seen;
    }
}
