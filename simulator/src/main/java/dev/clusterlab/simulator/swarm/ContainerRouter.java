package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.Subnets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Finds where the packets of one machine's containers go: own ports, overlays, virtual addresses, machines. */
final class ContainerRouter {
    private static final Duration LOCAL_ANSWER = Duration.ofNanos(50_000);
    /** After which a connection's first packet is sent again if nothing has answered. */
    static final Duration SENT_AGAIN = Duration.ofSeconds(1);
    /** How often that is so; then the pause doubles each time. Linux 6.5 and later, tcp_syn_linear_timeouts. */
    private static final int SENT_EVENLY = 5;
    /** No pause is longer than 64 s. */
    private static final int DOUBLED_MOST = 6;

    private final Dockerd daemon;
    /** Turn of each virtual address or published port: the kernel's load balancer goes round by round. */
    private final Map<String, Integer> turns = new LinkedHashMap<>();

    ContainerRouter(Dockerd daemon) {
        this.daemon = daemon;
    }

    /** Where a connection ends. */
    private sealed interface Target {
        /** @param neighbour address of the container */
        record OfContainer(SimMachine machine, DockerContainer container, String sourceAddress, String neighbour)
                implements Target {}

        /** The container itself, by its loopback. */
        record OfItself() implements Target {}

        record OfMachine(SimMachine machine) implements Target {}

        /** Nobody is there, and somebody says so. */
        record Refused() implements Target {}

        /** Nobody is there, or nobody whose engine is believed alive, and nobody says so. */
        record Silent(String neighbour) implements Target {}
    }

    void connect(DockerContainer from, Scope scope, String host, int port, HttpExchange exchange) {
        String address = address(from, host);
        if (address == null) {
            scope.schedule(LOCAL_ANSWER, () -> exchange.fail(HttpExchange.Failure.UNKNOWN_HOST));
            return;
        }
        new Connecting(from, scope, address, port, exchange).sendFirstPacket();
    }

    /** A connection that does not stand yet: its first packet goes out again and again until something answers. */
    private final class Connecting {
        private final DockerContainer from;
        private final Scope scope;
        private final String address;
        private final int port;
        private final HttpExchange exchange;
        private int sent;

        Connecting(DockerContainer from, Scope scope, String address, int port, HttpExchange exchange) {
            this.from = from;
            this.scope = scope;
            this.address = address;
            this.port = port;
            this.exchange = exchange;
        }

        void sendFirstPacket() {
            SimMachine self = daemon.machine();
            switch (locate(from, address)) {
                case Target.OfContainer(SimMachine machine, DockerContainer container, String _, String neighbour) ->
                    Wire.forward(self, scope, machine, exchange, arrived -> {
                        if (container.process() == null) {
                            // It ended while the packet was on its way.
                            sendAgainLater();
                        } else {
                            heard(neighbour);
                            ContainerRuntime.serve(container, port, arrived);
                        }
                    });
                case Target.OfItself() ->
                    Wire.forward(self, scope, self, exchange, arrived -> {
                        ContainerProcess process = from.process();
                        if (process == null) {
                            arrived.fail(HttpExchange.Failure.REFUSED);
                        } else {
                            process.acceptOnLoopback(port, arrived);
                        }
                    });
                case Target.OfMachine(SimMachine machine) ->
                    Wire.forward(self, scope, machine, exchange, arrived -> machine.accept(port, arrived));
                case Target.Refused() ->
                    scope.schedule(LOCAL_ANSWER, () -> exchange.fail(HttpExchange.Failure.REFUSED));
                case Target.Silent(String neighbour) -> {
                    OptionalLong told = lost(neighbour);
                    if (told.isPresent()) {
                        Duration wait =
                                Duration.ofNanos(told.getAsLong() - simulation().nowNanos());
                        scope.schedule(wait, () -> exchange.fail(HttpExchange.Failure.UNREACHABLE));
                    } else {
                        sendAgainLater();
                    }
                }
            }
        }

        private void sendAgainLater() {
            int doubled = Math.clamp(sent - SENT_EVENLY + 1, 0, DOUBLED_MOST);
            Duration pause = SENT_AGAIN.multipliedBy(1L << doubled);
            sent++;
            scope.schedule(pause, () -> {
                if (!exchange.abandoned()) {
                    sendFirstPacket();
                }
            });
        }

        /** Who merely observes does not change what the kernel believes. */
        private void heard(String neighbour) {
            ContainerProcess process = from.process();
            if (process != null && !simulation().observing()) {
                process.neighbours().heard(neighbour, simulation().nowNanos());
            }
        }

        private OptionalLong lost(String neighbour) {
            ContainerProcess process = from.process();
            long now = simulation().nowNanos();
            return process == null || simulation().observing()
                    ? OptionalLong.of(now + Neighbours.SOLICITING.toNanos())
                    : process.neighbours().lost(neighbour, now);
        }
    }

    private Simulation simulation() {
        return daemon.world().simulation();
    }

    /** @param datagram whether it travels by UDP, rather than on the connection that the two machines keep open */
    void send(DockerContainer from, String host, int port, Object message, boolean datagram) {
        String address = address(from, host);
        if (address == null) {
            return;
        }
        SimMachine origin = daemon.machine();
        switch (locate(from, address)) {
            case Target.OfContainer(SimMachine machine, DockerContainer container, String source, String _) ->
                toContainer(container, machine, datagram, port, source, message);
            case Target.OfItself() -> toContainer(from, daemon.machine(), datagram, port, host, message);
            case Target.OfMachine(SimMachine machine) ->
                send(origin, machine, datagram, () -> machine.acceptMessage(port, origin.address(), message));
            case Target.Refused(), Target.Silent(String _) -> {
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
                return new Target.OfContainer(self, from, address, address);
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
                return new Target.OfContainer(self, local, source, address);
            }
            if (daemon.disk().networks.isGateway(number)) {
                return new Target.OfMachine(self);
            }
        }
        SimMachine machine = daemon.world().machineAt(address).orElse(null);
        return machine == null ? new Target.Silent(address) : new Target.OfMachine(machine);
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
            return to(nextOf("vip " + address, behind), end);
        }
        OverlayEndpoint endpoint = directory.at(end.networkId(), address);
        return endpoint == null ? null : to(endpoint, end);
    }

    private Target to(OverlayEndpoint endpoint, NetworkEndpoint from) {
        // What gossip has declared failed is taken out of the overlay's own table at once: no packet finds its machine.
        return endpoint.removed || !daemon.seesAlive(endpoint.machine, endpoint.nodeId)
                ? new Target.Silent(endpoint.address)
                : new Target.OfContainer(endpoint.machine, endpoint.container, from.address(), endpoint.address);
    }

    /** Round robin among those that are there now; who merely observes is sent where the next one goes, and takes no turn. */
    OverlayEndpoint nextOf(String balancer, List<OverlayEndpoint> ends) {
        boolean observing = daemon.world().simulation().observing();
        int turn = observing ? turns.getOrDefault(balancer, 0) : turns.merge(balancer, 1, Integer::sum) - 1;
        return ends.get(Math.floorMod(turn, ends.size()));
    }
}
