package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.Subnets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds where the packets of one machine's containers go: own ports, overlays, virtual addresses, machines. */
final class ContainerRouter {
    private static final Duration LOCAL_ANSWER = Duration.ofNanos(50_000);
    /** The kernel asks three times, a second apart, who has an address, before it says "no route to host". */
    private static final Duration NEIGHBOUR_UNKNOWN = Duration.ofSeconds(3);

    private final Dockerd daemon;
    /** Turn of each virtual address or published port: the kernel's load balancer goes round by round. */
    private final Map<String, Integer> turns = new LinkedHashMap<>();

    ContainerRouter(Dockerd daemon) {
        this.daemon = daemon;
    }

    /** Where a connection ends. */
    private sealed interface Target {
        record OfContainer(SimMachine machine, DockerContainer container, String sourceAddress) implements Target {}

        /** The container itself, by its loopback. */
        record OfItself() implements Target {}

        record OfMachine(SimMachine machine) implements Target {}

        /** Nobody there, and somebody says so. */
        record Refused() implements Target {}

        /** No engine that is believed alive has the address: the kernel finds nobody to send to. */
        record Unreachable() implements Target {}
    }

    void connect(DockerContainer from, Scope scope, String host, int port, HttpExchange exchange) {
        String address = address(from, host);
        if (address == null) {
            scope.schedule(LOCAL_ANSWER, () -> exchange.fail(HttpExchange.Failure.UNKNOWN_HOST));
            return;
        }
        switch (locate(from, address)) {
            case Target.OfContainer(SimMachine machine, DockerContainer container, String _) ->
                Wire.forward(
                        daemon.machine(),
                        scope,
                        machine,
                        exchange,
                        arrived -> ContainerRuntime.serve(container, port, arrived));
            case Target.OfItself() ->
                Wire.forward(daemon.machine(), scope, daemon.machine(), exchange, arrived -> {
                    ContainerProcess process = from.process();
                    if (process == null) {
                        arrived.fail(HttpExchange.Failure.REFUSED);
                    } else {
                        process.acceptOnLoopback(port, arrived);
                    }
                });
            case Target.OfMachine(SimMachine machine) ->
                Wire.forward(daemon.machine(), scope, machine, exchange, arrived -> machine.accept(port, arrived));
            case Target.Refused() -> scope.schedule(LOCAL_ANSWER, () -> exchange.fail(HttpExchange.Failure.REFUSED));
            case Target.Unreachable() ->
                scope.schedule(NEIGHBOUR_UNKNOWN, () -> exchange.fail(HttpExchange.Failure.UNREACHABLE));
        }
    }

    /** @param datagram whether it travels by UDP, rather than on the connection that the two machines keep open */
    void send(DockerContainer from, String host, int port, Object message, boolean datagram) {
        String address = address(from, host);
        if (address == null) {
            return;
        }
        SimMachine origin = daemon.machine();
        switch (locate(from, address)) {
            case Target.OfContainer(SimMachine machine, DockerContainer container, String source) ->
                toContainer(container, machine, datagram, port, source, message);
            case Target.OfItself() -> toContainer(from, daemon.machine(), datagram, port, host, message);
            case Target.OfMachine(SimMachine machine) ->
                send(origin, machine, datagram, () -> machine.acceptMessage(port, origin.address(), message));
            case Target.Refused(), Target.Unreachable() -> {
                // Lost without a word.
            }
        }
    }

    private void toContainer(
            DockerContainer container, SimMachine machine, boolean datagram, int port, String source, Object message) {
        send(daemon.machine(), machine, datagram, () -> {
            if (container.process() != null) {
                container.process().acceptMessage(port, source, message);
            }
        });
    }

    private static void send(SimMachine origin, SimMachine machine, boolean datagram, Runnable arrival) {
        Underlay underlay = origin.world().underlay();
        if (datagram) {
            underlay.sendDatagram(origin.station(), machine.station(), machine.scope(), arrival);
        } else {
            underlay.send(origin.station(), machine.station(), machine.scope(), arrival);
        }
    }

    private @Nullable String address(DockerContainer from, String host) {
        if (Subnets.parse(host) != null) {
            return host;
        }
        ContainerProcess process = from.process();
        List<String> addresses = process == null ? List.of() : process.resolve(host);
        return addresses.isEmpty() ? null : addresses.get(0);
    }

    private Target locate(DockerContainer from, String address) {
        SimMachine self = daemon.machine();
        if (address.startsWith("127.")) {
            return onHostNetwork(from) ? new Target.OfMachine(self) : new Target.OfItself();
        }
        for (NetworkEndpoint end : from.ends) {
            if (end.address().equals(address)) {
                return new Target.OfContainer(self, from, address);
            }
        }
        OverlayDirectory directory = daemon.swarm().directory();
        if (directory != null) {
            for (NetworkEndpoint end : from.ends) {
                if (end.overlay() != null) {
                    Target target = onOverlay(directory, end, address);
                    if (target != null) {
                        return target;
                    }
                }
            }
        }
        Integer number = Subnets.parse(address);
        if (number != null) {
            DockerContainer local = daemon.disk().networks.at(number);
            if (local != null) {
                String source =
                        from.ends.isEmpty() ? self.address() : from.ends.get(0).address();
                return new Target.OfContainer(self, local, source);
            }
            if (daemon.disk().networks.isGateway(number)) {
                return new Target.OfMachine(self);
            }
        }
        SimMachine machine = daemon.world().machineAt(address).orElse(null);
        return machine == null ? new Target.Unreachable() : new Target.OfMachine(machine);
    }

    private static boolean onHostNetwork(DockerContainer container) {
        return container.ends.stream().anyMatch(end -> end.networkName().equals(LocalNetworks.HOST));
    }

    private @Nullable Target onOverlay(OverlayDirectory directory, NetworkEndpoint end, String address) {
        List<OverlayEndpoint> behind = directory.behind(end.networkId(), address, daemon);
        if (behind != null) {
            if (behind.isEmpty()) {
                return new Target.Refused();
            }
            OverlayEndpoint chosen = nextOf("vip " + address, behind);
            return new Target.OfContainer(chosen.machine, chosen.container, end.address());
        }
        OverlayEndpoint endpoint = directory.at(end.networkId(), address);
        if (endpoint == null) {
            return null;
        }
        // What gossip has declared failed is taken out of the overlay's neighbour table at once.
        return daemon.seesAlive(endpoint.machine, endpoint.nodeId)
                ? new Target.OfContainer(endpoint.machine, endpoint.container, end.address())
                : new Target.Unreachable();
    }

    /** Round robin among those that are there now; who merely observes is sent where the next one goes, and takes no turn. */
    OverlayEndpoint nextOf(String balancer, List<OverlayEndpoint> ends) {
        boolean observing = daemon.world().simulation().observing();
        int turn = observing ? turns.getOrDefault(balancer, 0) : turns.merge(balancer, 1, Integer::sum) - 1;
        return ends.get(Math.floorMod(turn, ends.size()));
    }
}
