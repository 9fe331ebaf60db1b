package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.swarm.leader.AddressReservations;
import java.time.Duration;
import java.util.ArrayList;
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

        /** A number of its own for what it believes of the others: another one after each change. */
        long beliefs();
    }

    private final Simulation simulation;
    private final Map<String, Table> tables = new LinkedHashMap<>();
    /** Addresses of plain containers, running or not; those of tasks are in the managers' store. */
    private final Set<Reservation> reservations = new LinkedHashSet<>();
    /** Engines that have asked for published ports, and must be notified when these may be others. */
    private final Set<SimMachine> observers = new LinkedHashSet<>();

    private record Reservation(String networkId, String address) {}

    OverlayDirectory(Simulation simulation) {
        this.simulation = simulation;
    }

    private static final class Table {
        /** Also ends that are gone, until the address is given again: where packets to it would go. */
        final Map<String, OverlayEndpoint> byAddress = new LinkedHashMap<>();

        final Map<String, EndSet> byOwnName = new LinkedHashMap<>();
        final Map<String, EndSet> byServiceName = new LinkedHashMap<>();
        final Map<String, EndSet> byVirtualIp = new LinkedHashMap<>();
        final Map<Integer, PublishedPort> byPort = new TreeMap<>();
        /** Ends that are not gone. */
        final Map<SimMachine, Set<OverlayEndpoint>> byMachine = new LinkedHashMap<>();

        /** Every set but those of own names that the end is, or was, in. */
        List<EndSet> bindingsOf(OverlayEndpoint endpoint) {
            OverlayEndpoint.Binding binding = endpoint.binding;
            var sets = new ArrayList<EndSet>();
            if (binding != null) {
                binding.names().forEach(name -> addIfThere(sets, byServiceName.get(name)));
                if (binding.virtualIp() != null) {
                    addIfThere(sets, byVirtualIp.get(binding.virtualIp()));
                }
                for (ServiceSpec.Port port : binding.ingressPorts()) {
                    PublishedPort published = byPort.get(port.published());
                    addIfThere(sets, published == null ? null : published.ends());
                }
            }
            return sets;
        }

        private static void addIfThere(List<EndSet> sets, @Nullable EndSet set) {
            if (set != null) {
                sets.add(set);
            }
        }
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
        table.byMachine
                .computeIfAbsent(endpoint.machine, key -> new LinkedHashSet<>())
                .add(endpoint);
        for (String name : endpoint.ownNames) {
            table.byOwnName.computeIfAbsent(name, key -> new EndSet()).add(endpoint);
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
        // Also what is known of it by its own names counts from now on.
        for (String name : endpoint.ownNames) {
            EndSet known = table.byOwnName.get(name);
            if (known != null) {
                known.changed();
            }
        }
        for (String name : binding.names()) {
            table.byServiceName.computeIfAbsent(name, key -> new EndSet()).add(endpoint);
        }
        if (binding.virtualIp() != null) {
            table.byVirtualIp
                    .computeIfAbsent(binding.virtualIp(), key -> new EndSet())
                    .add(endpoint);
        }
        for (ServiceSpec.Port port : binding.ingressPorts()) {
            publish(table, port.published(), endpoint);
        }
    }

    private void publish(Table table, int number, OverlayEndpoint endpoint) {
        PublishedPort port = table.byPort.computeIfAbsent(number, key -> new PublishedPort());
        boolean newOwner = port.add(endpoint);
        if (!port.seenAtLastBy(endpoint.machine)) {
            endpoint.machine.portsChanged();
        }
        if (newOwner && port.seers() < observers.size()) {
            // Who asks for ports, and whether anybody does, is not part of history.
            simulation.observe(() -> simulation.schedule(SPREAD, () -> markTheBlind(port)));
        }
    }

    private void markTheBlind(PublishedPort port) {
        if (port.seers() < observers.size()) {
            for (SimMachine observer : observers) {
                if (!port.seenAtLastBy(observer)) {
                    observer.portsChanged();
                }
            }
        }
    }

    /** The task is about to stop, or has ended. */
    void unbind(OverlayEndpoint endpoint) {
        if (!endpoint.bound) {
            return;
        }
        setUnbound(endpoint);
        simulation.schedule(SPREAD, () -> {
            if (!endpoint.bound) {
                dropBinding(endpoint);
            }
        });
    }

    private void setUnbound(OverlayEndpoint endpoint) {
        endpoint.bound = false;
        table(endpoint.networkId).bindingsOf(endpoint).forEach(EndSet::changed);
        if (endpoint.binding != null && !endpoint.binding.ingressPorts().isEmpty()) {
            endpoint.machine.portsChanged();
        }
    }

    /** The container has ended. Nobody answers at its address until it is given again. */
    void detach(OverlayEndpoint endpoint) {
        unbind(endpoint);
        endpoint.removed = true;
        Table table = table(endpoint.networkId);
        Set<OverlayEndpoint> there = table.byMachine.get(endpoint.machine);
        if (there != null && there.remove(endpoint) && there.isEmpty()) {
            table.byMachine.remove(endpoint.machine);
        }
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
            withdraw(table, port.published(), endpoint);
        }
        endpoint.machine.changed();
    }

    private static void withdraw(Table table, int number, OverlayEndpoint endpoint) {
        PublishedPort port = table.byPort.get(number);
        if (port != null) {
            port.remove(endpoint).forEach(SimMachine::portsChanged);
            if (port.isEmpty()) {
                table.byPort.remove(number);
            }
        }
    }

    private static <K> void drop(Map<K, EndSet> index, K key, OverlayEndpoint endpoint) {
        EndSet set = index.get(key);
        if (set != null && set.remove(endpoint) && set.isEmpty()) {
            index.remove(key);
        }
    }

    /** A machine's engine starts afresh: nothing that it said before holds. */
    void forget(SimMachine machine) {
        for (Table table : tables.values()) {
            for (OverlayEndpoint endpoint : List.copyOf(table.byMachine.getOrDefault(machine, Set.of()))) {
                endpoint.bound = false;
                dropBinding(endpoint);
                detach(endpoint);
            }
        }
        forgetObserver(machine);
    }

    /** A machine asks no more, or not before its engine has started afresh. */
    void forgetObserver(SimMachine machine) {
        observers.remove(machine);
        for (Table table : tables.values()) {
            table.byPort.values().forEach(port -> port.forget(machine));
            table.byOwnName.values().forEach(set -> set.forget(machine));
            table.byServiceName.values().forEach(set -> set.forget(machine));
            table.byVirtualIp.values().forEach(set -> set.forget(machine));
        }
    }

    /** An engine believes another alive that it did not, or the other way round. */
    void believesOtherwise(SimMachine observer, SimMachine other) {
        for (Table table : tables.values()) {
            for (PublishedPort port : table.byPort.values()) {
                if (port.concerned(observer, other)) {
                    observer.portsChanged();
                    return;
                }
            }
        }
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
        EndSet set = table == null ? null : table.byVirtualIp.get(virtualIp);
        return set == null ? null : visible(set, observer, true);
    }

    /** Ends behind a published port of the ingress network. */
    List<OverlayEndpoint> behindPort(String networkId, int port, Observer observer) {
        Table table = tables.get(networkId);
        PublishedPort published = table == null ? null : table.byPort.get(port);
        return published == null ? List.of() : visible(published.ends(), observer, true);
    }

    /** Whether there is at least one end behind a published port that the observer sees. */
    boolean publishes(String networkId, int port, Observer observer) {
        Table table = tables.get(networkId);
        PublishedPort published = table == null ? null : table.byPort.get(port);
        return published != null && published.seenBy(observer, simulation.nowNanos(), SPREAD);
    }

    /**
     * Published ports with at least one end that the observer sees. From now on its machine is marked when they may be
     * others ({@link SimMachine#portsChanged()}).
     */
    List<Integer> ports(String networkId, Observer observer) {
        observers.add(observer.machine());
        Table table = tables.get(networkId);
        if (table == null) {
            return List.of();
        }
        var ports = new ArrayList<Integer>();
        table.byPort.forEach((port, published) -> {
            if (published.seenBy(observer, simulation.nowNanos(), SPREAD)) {
                ports.add(port);
            }
        });
        return ports;
    }

    /** Machines with a container on the network, as the observer believes. */
    List<SimMachine> peers(String networkId, Observer observer) {
        Table table = tables.get(networkId);
        var machines = new ArrayList<SimMachine>();
        if (table != null) {
            table.byMachine.forEach((machine, ends) -> {
                if (observer.seesAlive(machine, ends.iterator().next().nodeId)) {
                    machines.add(machine);
                }
            });
        }
        return machines;
    }

    private List<OverlayEndpoint> visible(@Nullable EndSet ends, Observer observer, boolean boundOnly) {
        return ends == null ? List.of() : ends.seenBy(observer, boundOnly, simulation.nowNanos(), SPREAD);
    }
}
