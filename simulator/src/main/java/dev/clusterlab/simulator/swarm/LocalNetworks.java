package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.ObjectVersion;
import dev.clusterlab.simulator.docker.api.Subnets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Networks of one machine alone: bridges, and the special ones. Kept on its disk. */
final class LocalNetworks {
    static final String BRIDGE = "bridge";
    static final String HOST = "host";
    static final String NONE = "none";
    /** The bridge through which tasks on overlay networks reach the outside. */
    static final String GATEWAY_BRIDGE = "docker_gwbridge";

    private final SimRandom random;
    private final Map<String, Entry> byId = new LinkedHashMap<>();

    private static final class Entry {
        final Network network;
        final Subnets.@Nullable Subnet subnet;
        final Map<Integer, DockerContainer> ends = new TreeMap<>();

        Entry(Network network, Subnets.@Nullable Subnet subnet) {
            this.network = network;
            this.subnet = subnet;
        }
    }

    LocalNetworks(SimRandom random, Instant now) {
        this.random = random;
        String created = DockerJson.time(now);
        put(BRIDGE, "bridge", Subnets.subnet("172.17.0.0/16"), created, Map.of(), Map.of(), false);
        put(HOST, "host", null, created, Map.of(), Map.of(), false);
        put(NONE, "null", null, created, Map.of(), Map.of(), false);
    }

    private Entry put(
            String name,
            String driver,
            Subnets.@Nullable Subnet subnet,
            String created,
            Map<String, String> options,
            Map<String, String> labels,
            boolean internal) {
        var ipam = new Network.Ipam(
                "default",
                null,
                subnet == null
                        ? List.of()
                        : List.of(new Network.IpamConfig(subnet.toString(), null, subnet.gateway())));
        var network = new Network(
                name,
                random.hex(64),
                created,
                Network.LOCAL,
                driver,
                true,
                false,
                ipam,
                internal,
                false,
                false,
                Map.of("Network", ""),
                false,
                Map.of(),
                options,
                labels,
                null,
                null,
                new ObjectVersion(0));
        var entry = new Entry(network, subnet);
        byId.put(network.id(), entry);
        return entry;
    }

    /** The gateway bridge, made when the machine first takes part in a swarm. */
    Network gatewayBridge(Instant now) {
        for (Entry entry : byId.values()) {
            if (entry.network.name().equals(GATEWAY_BRIDGE)) {
                return entry.network;
            }
        }
        return put(GATEWAY_BRIDGE, "bridge", freeSubnet(), DockerJson.time(now), Map.of(), Map.of(), false).network;
    }

    private Subnets.@Nullable Subnet freeSubnet() {
        var used = new ArrayList<Subnets.Subnet>();
        for (Entry entry : byId.values()) {
            if (entry.subnet != null) {
                used.add(entry.subnet);
            }
        }
        for (int second = 17; second <= 31; second++) {
            var candidate = new Subnets.Subnet((172 << 24) | (second << 16), 16);
            if (used.stream().noneMatch(candidate::overlaps)) {
                return candidate;
            }
        }
        return Subnets.firstFree(new Subnets.Subnet((192 << 24) | (168 << 16), 16), 20, used);
    }

    Network create(Network.CreateRequest request, Instant now) {
        String driver = request.driver() == null || request.driver().isEmpty() ? "bridge" : request.driver();
        for (Entry entry : byId.values()) {
            if (entry.network.name().equals(request.name())) {
                throw ApiException.conflict("network with name " + request.name() + " already exists");
            }
        }
        if (!driver.equals("bridge")) {
            throw ApiException.notFound(
                    "could not find plugin " + driver + " in v1 plugin registry: plugin \"" + driver + "\" not found");
        }
        Subnets.Subnet subnet = null;
        if (request.ipam() != null
                && request.ipam().config() != null
                && !request.ipam().config().isEmpty()) {
            String text = request.ipam().config().get(0).subnet();
            subnet = text == null ? null : Subnets.subnet(text);
            if (subnet == null) {
                throw ApiException.badRequest(
                        "invalid network config:\ninvalid subnet " + text + ": invalid CIDR block notation");
            }
            for (Entry entry : byId.values()) {
                if (entry.subnet != null && entry.subnet.overlaps(subnet)) {
                    throw new ApiException(
                            403, "invalid pool request: Pool overlaps with other one on this address space");
                }
            }
        }
        return put(
                        request.name(),
                        driver,
                        subnet == null ? freeSubnet() : subnet,
                        DockerJson.time(now),
                        request.options() == null ? Map.of() : request.options(),
                        request.labels() == null ? Map.of() : request.labels(),
                        Boolean.TRUE.equals(request.internal()))
                .network;
    }

    void remove(Network network) {
        if (List.of(BRIDGE, HOST, NONE).contains(network.name())) {
            throw new ApiException(403, network.name() + " is a pre-defined network and cannot be removed");
        }
        Entry entry = byId.get(network.id());
        if (entry != null && !entry.ends.isEmpty()) {
            throw new ApiException(
                    403,
                    "error while removing network: network " + network.name() + " id " + network.id()
                            + " has active endpoints");
        }
        byId.remove(network.id());
    }

    List<Network> all() {
        return byId.values().stream().map(entry -> entry.network).toList();
    }

    @Nullable
    Network named(String name) {
        for (Entry entry : byId.values()) {
            if (entry.network.name().equals(name)) {
                return entry.network;
            }
        }
        return null;
    }

    /** Gives the container the lowest free address of the network. */
    NetworkEndpoint attach(Network network, DockerContainer container, List<String> aliases) {
        Entry entry = byId.get(network.id());
        if (entry == null || entry.subnet == null) {
            return new NetworkEndpoint(network.id(), network.name(), "", 0, "", random.hex(64), aliases, null);
        }
        int address = entry.subnet.base() + 2;
        while (entry.ends.containsKey(address)) {
            address++;
        }
        if (!entry.subnet.contains(address)) {
            throw new ApiException(
                    403,
                    "no available IPv4 addresses on this network's address pools: " + network.name() + " ("
                            + network.id() + ")");
        }
        entry.ends.put(address, container);
        return new NetworkEndpoint(
                network.id(),
                network.name(),
                Subnets.text(address),
                entry.subnet.prefixLength(),
                entry.subnet.gateway(),
                random.hex(64),
                aliases,
                null);
    }

    void detach(NetworkEndpoint end) {
        Entry entry = byId.get(end.networkId());
        Integer address = Subnets.parse(end.address());
        if (entry != null && address != null) {
            entry.ends.remove(address);
        }
    }

    /** After a loss of power: nothing is attached. */
    void detachAll() {
        byId.values().forEach(entry -> entry.ends.clear());
    }

    @Nullable
    DockerContainer at(int address) {
        for (Entry entry : byId.values()) {
            DockerContainer container = entry.ends.get(address);
            if (container != null) {
                return container;
            }
        }
        return null;
    }

    /** Whether it is the machine's own address on one of its bridges. */
    boolean isGateway(int address) {
        for (Entry entry : byId.values()) {
            if (entry.subnet != null && entry.subnet.base() + 1 == address) {
                return true;
            }
        }
        return false;
    }

    List<DockerContainer> attached(String networkId) {
        Entry entry = byId.get(networkId);
        return entry == null ? List.of() : List.copyOf(entry.ends.values());
    }
}
