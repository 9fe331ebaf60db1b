package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Meta;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Subnets;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.Store;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives subnets, virtual addresses, task addresses and published ports (swarmkit manager/allocator). Its state is built
 * from the store when leadership begins. Addresses are given serially: freed ones come back after the last one was.
 */
final class Allocator {
    static final String POOL = "10.0.0.0/8";
    static final int SUBNET_BITS = 24;
    static final int FIRST_PORT = 30_000;
    private static final int LAST_PORT = 32_767;

    private final Store store;
    /** Where addresses of plain containers are noted; tells whether one is taken. */
    private final @Nullable AddressReservations reservations;

    private final Map<String, Pool> pools = new LinkedHashMap<>();
    /** Load balancers' addresses on nodes. */
    private final Balancers balancers = new Balancers();

    /** Whether an address was given back since somebody asked. */
    private boolean freed;

    private static final class Pool {
        final Subnets.Subnet subnet;
        /** By distance from the subnet's first address, so that a full stretch is passed over at once. */
        final BitSet used = new BitSet();

        int next = 2;

        Pool(Subnets.Subnet subnet) {
            this.subnet = subnet;
            used.set(1);
        }

        void take(int address) {
            if (subnet.contains(address)) {
                int place = address - subnet.base();
                used.set(place);
                next = Math.max(next, place + 1);
            }
        }

        void free(int address) {
            if (subnet.contains(address)) {
                used.clear(address - subnet.base());
            }
        }

        @Nullable
        Integer give(IntPredicate reserved) {
            int last = subnet.size() - 2;
            int start = next > last ? 2 : next;
            Integer given = give(start, last, reserved);
            return given == null ? give(2, start - 1, reserved) : given;
        }

        private @Nullable Integer give(int first, int last, IntPredicate reserved) {
            for (int place = used.nextClearBit(first); place <= last; place = used.nextClearBit(place + 1)) {
                if (!reserved.test(subnet.base() + place)) {
                    used.set(place);
                    next = place + 1;
                    return subnet.base() + place;
                }
            }
            return null;
        }
    }

    Allocator(Store store, @Nullable AddressReservations reservations) {
        this.store = store;
        this.reservations = reservations;
        for (Network network : store.networks()) {
            pool(network);
        }
        for (Service service : store.services()) {
            for (Service.VirtualIp address : service.virtualIps()) {
                take(address.networkId(), address.addr());
            }
        }
        for (Task task : store.tasks()) {
            if (holdsAddresses(task)) {
                for (Task.Attachment attachment : task.attachments()) {
                    take(attachment.network().id(), attachment.addresses().get(0));
                }
            }
        }
        store.tasks().forEach(balancers::use);
    }

    private static boolean holdsAddresses(Task task) {
        return task.state().atMost(TaskState.RUNNING);
    }

    private @Nullable Pool pool(Network network) {
        Subnets.Subnet subnet = Subnets.subnet(network.subnet());
        return subnet == null ? null : pools.computeIfAbsent(network.id(), key -> new Pool(subnet));
    }

    private void take(String networkId, String address) {
        Pool pool = pools.get(networkId);
        Integer number = Subnets.parse(address.substring(0, address.indexOf('/')));
        if (pool != null && number != null) {
            pool.take(number);
        }
    }

    private void free(String networkId, String address) {
        Pool pool = pools.get(networkId);
        Integer number = Subnets.parse(address.substring(0, address.indexOf('/')));
        if (pool != null && number != null) {
            pool.free(number);
            freed = true;
        }
    }

    /** Whether an address was given back since the last call. */
    boolean freedSince() {
        boolean was = freed;
        freed = false;
        return was;
    }

    /** Keeps the pools right after a commit. */
    void observe(StoreChange change) {
        switch (change.either()) {
            case Task task -> {
                boolean held = change.before() instanceof Task before && holdsAddresses(before);
                boolean holds = change.after() instanceof Task after && holdsAddresses(after);
                if (held && !holds) {
                    for (Task.Attachment attachment : task.attachments()) {
                        free(attachment.network().id(), attachment.addresses().get(0));
                    }
                }
                if (change.after() instanceof Task after && holds) {
                    balancers.use(after);
                } else {
                    balancers.leave(task);
                }
            }
            case Service service -> {
                if (change.after() == null) {
                    for (Service.VirtualIp address : service.virtualIps()) {
                        free(address.networkId(), address.addr());
                    }
                }
            }
            case Network network -> {
                if (change.after() == null) {
                    pools.remove(network.id());
                }
            }
            case Node _, Cluster _ -> {
                // Hold no addresses of their own.
            }
        }
        balancers.retry();
    }

    /**
     * One address for each network and node with a task there, for the node's load balancer. A node without one cannot
     * prepare tasks of that network. Not in the store: the next leader gives them anew.
     */
    private final class Balancers {
        private final Map<Place, Integer> addresses = new LinkedHashMap<>();
        private final Map<Place, Set<String>> users = new LinkedHashMap<>();
        private final Set<Place> missing = new LinkedHashSet<>();
        private final Map<String, Set<String>> networksByNode = new LinkedHashMap<>();
        private final Set<String> changedNodes = new LinkedHashSet<>();

        private record Place(String networkId, String nodeId) {}

        void use(Task task) {
            String nodeId = task.nodeId();
            if (nodeId == null || !holdsAddresses(task)) {
                return;
            }
            for (Task.Attachment attachment : task.attachments()) {
                var place = new Place(attachment.network().id(), nodeId);
                users.computeIfAbsent(place, key -> new LinkedHashSet<>()).add(task.id());
                if (!addresses.containsKey(place)) {
                    missing.add(place);
                    give(place);
                }
            }
        }

        private void give(Place place) {
            Pool pool = pools.get(place.networkId());
            Integer address = pool == null ? null : pool.give(number -> reserved(place.networkId(), number));
            if (address != null) {
                addresses.put(place, address);
                missing.remove(place);
                networksByNode
                        .computeIfAbsent(place.nodeId(), key -> new LinkedHashSet<>())
                        .add(place.networkId());
                changedNodes.add(place.nodeId());
            }
        }

        /** The task has ended: with the last one of its network the node's address there is free. */
        void leave(Task task) {
            String nodeId = task.nodeId();
            if (nodeId == null) {
                return;
            }
            for (Task.Attachment attachment : task.attachments()) {
                var place = new Place(attachment.network().id(), nodeId);
                Set<String> there = users.get(place);
                if (there != null && there.remove(task.id()) && there.isEmpty()) {
                    users.remove(place);
                    missing.remove(place);
                    Integer address = addresses.remove(place);
                    Pool pool = pools.get(place.networkId());
                    if (address != null && pool != null) {
                        pool.free(address);
                        freed = true;
                    }
                    Set<String> left = networksByNode.get(nodeId);
                    if (left != null && left.remove(place.networkId())) {
                        changedNodes.add(nodeId);
                    }
                }
            }
        }

        void retry() {
            if (freed && !missing.isEmpty()) {
                List.copyOf(missing).forEach(this::give);
            }
        }
    }

    /** Networks in which a node's load balancer has an address. */
    Set<String> attachedNetworks(String nodeId) {
        return new LinkedHashSet<>(balancers.networksByNode.getOrDefault(nodeId, Set.of()));
    }

    /** Nodes of which {@link #attachedNetworks} has changed since the last call. */
    List<String> changedNodes() {
        List<String> changed = List.copyOf(balancers.changedNodes);
        balancers.changedNodes.clear();
        return changed;
    }

    /** A subnet for a new overlay: the wanted one, or the next free one of the pool. */
    Network.Ipam subnetFor(Network.@Nullable Ipam wanted) {
        Network.IpamConfig config =
                wanted == null || wanted.config() == null || wanted.config().isEmpty()
                        ? null
                        : wanted.config().get(0);
        var used = new ArrayList<Subnets.Subnet>();
        for (Network network : store.networks()) {
            Subnets.Subnet subnet = Subnets.subnet(network.subnet());
            if (subnet != null) {
                used.add(subnet);
            }
        }
        Subnets.Subnet subnet;
        String gateway = null;
        if (config == null || config.subnet() == null || config.subnet().isEmpty()) {
            subnet = nextSubnet(store.cluster(), used);
            if (subnet == null) {
                throw ApiException.rpc(
                        ApiException.RpcCode.FAILED_PRECONDITION,
                        "could not find an available, non-overlapping IPv4 address pool among the defaults to assign"
                                + " to the network");
            }
        } else {
            subnet = Subnets.subnet(config.subnet());
            if (subnet == null) {
                throw ApiException.rpc(
                        ApiException.RpcCode.INVALID_ARGUMENT, "ipam configuration: invalid subnet " + config.subnet());
            }
            if (config.gateway() != null && !config.gateway().isEmpty()) {
                Integer address = Subnets.parse(config.gateway());
                if (address == null) {
                    throw ApiException.rpc(
                            ApiException.RpcCode.INVALID_ARGUMENT,
                            "ipam configuration: invalid gateway " + config.gateway());
                }
                if (!subnet.contains(address)) {
                    throw ApiException.rpc(
                            ApiException.RpcCode.INVALID_ARGUMENT,
                            "ipam configuration: subnet " + config.subnet() + " does not contain gateway "
                                    + config.gateway());
                }
                gateway = config.gateway();
            }
            if (used.stream().anyMatch(subnet::overlaps)) {
                throw ApiException.rpc(
                        ApiException.RpcCode.FAILED_PRECONDITION,
                        "invalid pool request: Pool overlaps with other one on this address space");
            }
        }
        return new Network.Ipam(
                "default",
                wanted == null ? null : wanted.options(),
                List.of(new Network.IpamConfig(subnet.toString(), null, gateway == null ? subnet.gateway() : gateway)));
    }

    /** The next free subnet of the swarm's pools. */
    static Subnets.@Nullable Subnet nextSubnet(@Nullable Cluster cluster, List<Subnets.Subnet> used) {
        List<String> pools =
                cluster == null || cluster.defaultAddrPool() == null ? List.of(POOL) : cluster.defaultAddrPool();
        int bits = cluster == null || cluster.subnetSize() == 0 ? SUBNET_BITS : cluster.subnetSize();
        for (String text : pools) {
            Subnets.Subnet pool = Subnets.subnet(text);
            Subnets.Subnet free = pool == null ? null : Subnets.firstFree(pool, bits, used);
            if (free != null) {
                return free;
            }
        }
        return null;
    }

    /**
     * The endpoint of a service: ports and one virtual address for each network; keeps what it has already. Where a
     * network is full, the address is missing: {@link #allocated} tells.
     */
    Service.Endpoint endpointFor(Service service) {
        ServiceSpec spec = service.spec();
        List<ServiceSpec.Port> ports = portsFor(service);
        var addresses = new ArrayList<Service.VirtualIp>();
        if (!spec.roundRobinDns()) {
            for (Network network : networksOf(spec)) {
                Service.VirtualIp address = virtualIp(service, network);
                if (address != null) {
                    addresses.add(address);
                }
            }
        }
        for (Service.VirtualIp old : service.virtualIps()) {
            if (addresses.stream().noneMatch(kept -> kept.addr().equals(old.addr()))) {
                free(old.networkId(), old.addr());
            }
        }
        boolean empty = ports.isEmpty() && addresses.isEmpty() && spec.endpointSpec() == null;
        return new Service.Endpoint(
                empty
                        ? new ServiceSpec.EndpointSpec(null, null)
                        : new ServiceSpec.EndpointSpec(
                                spec.roundRobinDns() ? "dnsrr" : "vip",
                                spec.ports().isEmpty() ? null : spec.ports()),
                ports.isEmpty() ? null : ports,
                addresses.isEmpty() ? null : addresses);
    }

    /** Whether a service has an address in each of its networks. */
    boolean allocated(Service service) {
        return service.spec().roundRobinDns()
                || networksOf(service.spec()).stream()
                        .allMatch(network -> service.virtualIps().stream()
                                .anyMatch(address -> address.networkId().equals(network.id())));
    }

    private Service.@Nullable VirtualIp virtualIp(Service service, Network network) {
        for (Service.VirtualIp old : service.virtualIps()) {
            if (old.networkId().equals(network.id())) {
                return old;
            }
        }
        String address = give(network);
        return address == null ? null : new Service.VirtualIp(network.id(), address);
    }

    private @Nullable String give(Network network) {
        Pool pool = pool(network);
        Integer address = pool == null ? null : pool.give(number -> reserved(network.id(), number));
        return pool == null || address == null ? null : Subnets.text(address) + "/" + pool.subnet.prefixLength();
    }

    /** The overlays that a service's tasks are attached to; ingress first if it publishes there. */
    List<Network> networksOf(ServiceSpec spec) {
        var networks = new ArrayList<Network>();
        Network ingress = store.ingress();
        if (spec.publishesIngressPorts() && ingress != null) {
            networks.add(ingress);
        }
        for (TaskSpec.NetworkAttachment attachment : spec.attachments()) {
            Network network = store.network(attachment.target());
            if (network != null && !networks.contains(network)) {
                networks.add(network);
            }
        }
        return networks;
    }

    private List<ServiceSpec.Port> portsFor(Service service) {
        var used = new TreeSet<Integer>();
        for (Service other : store.services()) {
            if (!other.id().equals(service.id())) {
                other.ports().forEach(port -> used.add(port.published()));
            }
        }
        service.spec().ports().forEach(port -> used.add(port.published()));
        var ports = new ArrayList<ServiceSpec.Port>();
        for (ServiceSpec.Port port : service.spec().ports()) {
            int published = port.published();
            if (published == 0 && !port.host()) {
                published = kept(service, port);
                if (published == 0) {
                    published = FIRST_PORT;
                    while (used.contains(published) && published <= LAST_PORT) {
                        published++;
                    }
                }
                used.add(published);
            }
            ports.add(port.withPublished(published));
        }
        return ports;
    }

    private static int kept(Service service, ServiceSpec.Port wanted) {
        for (ServiceSpec.Port old : service.ports()) {
            if (old.target() == wanted.target()
                    && old.protocolOrTcp().equals(wanted.protocolOrTcp())
                    && !old.host()
                    && old.published() >= FIRST_PORT) {
                return old.published();
            }
        }
        return 0;
    }

    /** What a new task gets: addresses, or the reason why it cannot have them. */
    sealed interface Addresses {
        record Given(List<Task.Attachment> attachments) implements Addresses {}

        record Missing(String reason) implements Addresses {}
    }

    /** Addresses for a new task, in all its networks or in none. */
    Addresses addressesFor(Service service, String taskId) {
        if (!allocated(service)) {
            return new Addresses.Missing(
                    "service " + service.id() + " to which task " + taskId + " belongs has pending allocations");
        }
        var attachments = new ArrayList<Task.Attachment>();
        for (Network network : networksOf(service.spec())) {
            String address = give(network);
            if (address == null) {
                boolean before = freed;
                attachments.forEach(
                        taken -> free(taken.network().id(), taken.addresses().get(0)));
                freed = before;
                return new Addresses.Missing("failed to allocate network IP for task " + taskId + " network "
                        + network.id() + ": could not find an available IP");
            }
            var aliases = new ArrayList<String>();
            for (TaskSpec.NetworkAttachment wanted : service.spec().attachments()) {
                if (wanted.target().equals(network.id())) {
                    aliases.addAll(wanted.aliasList());
                }
            }
            attachments.add(new Task.Attachment(shown(network), List.of(address), aliases));
        }
        return new Addresses.Given(attachments);
    }

    /** An address for a plain container on an attachable network; taken until it is released. Throws if it is full. */
    String addressOn(Network network) {
        String address = give(network);
        if (address == null) {
            throw ApiException.rpc(
                    ApiException.RpcCode.FAILED_PRECONDITION,
                    "could not find an available IP on network " + network.name());
        }
        if (reservations != null) {
            reservations.reserve(network.id(), address.substring(0, address.indexOf('/')));
            free(network.id(), address);
        }
        return address;
    }

    private boolean reserved(String networkId, int address) {
        return reservations != null && reservations.reserved(networkId, Subnets.text(address));
    }

    private static Task.AttachedNetwork shown(Network network) {
        var ipam = new LinkedHashMap<String, Object>();
        ipam.put("Driver", Map.of("Name", "default"));
        ipam.put(
                "Configs",
                network.ipam().config() == null ? List.of() : network.ipam().config());
        return new Task.AttachedNetwork(
                network.id(),
                new Meta(network.version(), network.created(), network.created()),
                new Task.AttachedNetworkSpec(
                        network.name(),
                        network.labels(),
                        Map.of("Name", "overlay"),
                        network.attachable() ? true : null,
                        network.ingress() ? true : null,
                        "swarm"),
                ipam);
    }
}
