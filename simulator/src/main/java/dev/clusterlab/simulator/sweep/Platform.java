package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.consul.ConsulImages;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.programs.HelloModelProgram;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.StandardImages;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.traefik.TraefikProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The platform of the lab in small: three managers and some workers, an overlay network, a Consul server and a Traefik on
 * each manager, and the hello service, which registers in Consul. Consul keeps its data in a volume: a machine that loses
 * power brings it back, as nothing could be promised of acknowledged writes otherwise.
 */
final class Platform {
    static final int MANAGERS = 3;
    static final String NETWORK = "multi-host-net";
    static final String CONSUL = "consul-nodes";
    static final String HELLO = "web";
    /** How the hello service calls itself in Consul's catalog. */
    static final String REGISTERED = "democonsul";

    static final int CONSUL_PORT = 8500;
    static final int HELLO_PORT = 8080;
    static final int TRAEFIK_PORT = 80;

    private static final List<String> IMAGES =
            List.of("hashicorp/consul", "traefik", "clusterlab/hello-model", "nginx");
    private static final Duration CALL_LIMIT = Duration.ofMinutes(1);
    /** Consul elects, the instances register and are checked for the first time, Traefik polls: well below that. */
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final WatchedHistory history;
    private final int machines;

    Platform(WatchedHistory history, int machines) {
        this.history = history;
        this.machines = machines;
    }

    static ProgramCatalog catalog(Sabotage sabotage) {
        var images = new ArrayList<>(ConsulImages.images());
        images.add(TraefikProgram.image());
        images.addAll(StandardImages.utilities());
        images.addAll(StandardImages.hello(HelloModelProgram::new));
        var catalog = new ProgramCatalog();
        images.forEach(image -> catalog.add(sabotage.image().apply(image)));
        return catalog;
    }

    /** Builds it all and waits until the swarm is complete; what runs on it comes up later. */
    void build(int replicas) {
        for (int i = 1; i <= machines; i++) {
            SimMachine machine =
                    history.world().createMachine(i <= MANAGERS ? "manager" + i : "worker" + (i - MANAGERS));
            IMAGES.forEach(machine::loadImage);
        }
        List<SimMachine> all = history.world().machines();
        await("every daemon answers", () -> all.stream().allMatch(SimMachine::daemonReady));
        SimMachine first = all.getFirst();
        this.<String>call(
                first,
                (daemon, done) -> daemon.swarmInit(
                        new Cluster.InitRequest(null, null, null, null, null, null, null, null, null, null), done));
        Cluster.JoinTokens tokens =
                this.<Cluster>call(first, DockerDaemon::swarmInspect).joinTokens();
        if (tokens == null) {
            throw new IllegalStateException("the swarm has no join tokens");
        }
        for (int i = 1; i < machines; i++) {
            var request = new Cluster.JoinRequest(
                    null,
                    null,
                    null,
                    List.of(first.address() + ":2377"),
                    i < MANAGERS ? tokens.manager() : tokens.worker(),
                    null);
            this.<Nothing>call(all.get(i), (daemon, done) -> daemon.swarmJoin(request, done));
        }
        this.<Network.CreateResponse>call(first, (daemon, done) -> daemon.networkCreate(network(), done));
        for (ServiceSpec spec : List.of(consul(), hello(replicas), traefik())) {
            this.<String>call(first, (daemon, done) -> daemon.serviceCreate(spec, done));
        }
    }

    void await(String what, BooleanSupplier condition) {
        if (!history.happens(condition, START_LIMIT)) {
            throw history.violation("platform-starts", "not within " + START_LIMIT + ": " + what);
        }
    }

    private <T> T call(SimMachine machine, BiConsumer<DockerDaemon, Consumer<ApiResult<T>>> call) {
        var answer = new ArrayList<ApiResult<T>>();
        call.accept(machine.daemon(), answer::add);
        if (!history.happens(() -> !answer.isEmpty(), CALL_LIMIT)) {
            throw history.violation("platform-starts", "no answer from " + machine.name() + " within " + CALL_LIMIT);
        }
        return switch (answer.getFirst()) {
            case ApiResult.Ok<T>(T value) -> value;
            case ApiResult.Error<T>(int status, String message) ->
                throw history.violation("platform-starts", machine.name() + " refused: " + status + " " + message);
        };
    }

    private static Network.CreateRequest network() {
        var ipam = new Network.Ipam(null, null, List.of(new Network.IpamConfig("10.1.9.0/24", null, null)));
        return new Network.CreateRequest(NETWORK, "overlay", null, ipam, null, true, null, null, null, null, null);
    }

    private static ServiceSpec consul() {
        var container = container(
                "hashicorp/consul",
                List.of(
                        "agent",
                        "-server",
                        "-bootstrap-expect=" + MANAGERS,
                        "-client=0.0.0.0",
                        "-retry-join=tasks." + CONSUL,
                        "-retry-interval=5s",
                        "-bind={{ GetPrivateInterfaces | include \"network\" \"10.1.9.0/24\" | attr \"address\" }}"),
                "{{.Node.Hostname}}",
                List.of(),
                List.of(new TaskSpec.Mount("volume", "consul-data", "/consul/data", null, null, null, null)));
        return service(
                CONSUL, container, ServiceSpec.Mode.globally(), true, List.of(hostPort(CONSUL_PORT, CONSUL_PORT)));
    }

    private static ServiceSpec traefik() {
        var container = container(
                "traefik:v3",
                List.of(
                        "--entrypoints.web.address=:80",
                        "--api.insecure=true",
                        "--providers.consulcatalog.endpoint.address=" + CONSUL + ":8500",
                        "--providers.consulcatalog.defaultrule=Host(`{{ .Name }}.localhost`)"),
                null,
                List.of(),
                List.of());
        return service(
                "traefik",
                container,
                ServiceSpec.Mode.globally(),
                true,
                List.of(hostPort(TRAEFIK_PORT, TRAEFIK_PORT), hostPort(8080, 8080)));
    }

    private static ServiceSpec hello(int replicas) {
        var container = container(
                "clusterlab/hello-model",
                List.of(),
                null,
                List.of("CONSUL_HOST=" + CONSUL, "NETWORK=10.1.9"),
                List.of());
        return service(HELLO, container, ServiceSpec.Mode.replicas(replicas), false, List.of());
    }

    /** A service that nobody calls; some publish a port on every node. */
    static ServiceSpec other(String name, int replicas, boolean published) {
        ServiceSpec.Port port = new ServiceSpec.Port(null, "tcp", 80, null, "ingress");
        return service(
                name,
                container("nginx", List.of(), null, List.of(), List.of()),
                ServiceSpec.Mode.replicas(replicas),
                false,
                published ? List.of(port) : List.of());
    }

    private static TaskSpec.ContainerSpec container(
            String image,
            List<String> arguments,
            @Nullable String hostname,
            List<String> environment,
            List<TaskSpec.Mount> mounts) {
        return new TaskSpec.ContainerSpec(
                image,
                null,
                null,
                arguments,
                hostname,
                environment,
                null,
                null,
                null,
                mounts,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of());
    }

    private static ServiceSpec service(
            String name,
            TaskSpec.ContainerSpec container,
            ServiceSpec.Mode mode,
            boolean onManagers,
            List<ServiceSpec.Port> ports) {
        var placement = onManagers ? new TaskSpec.Placement(List.of("node.role==manager"), null, null, null) : null;
        var template = new TaskSpec(
                container,
                null,
                null,
                placement,
                List.of(new TaskSpec.NetworkAttachment(NETWORK, List.of(), null)),
                null,
                null,
                null);
        var endpoint = ports.isEmpty() ? null : new ServiceSpec.EndpointSpec(null, ports);
        return new ServiceSpec(name, Map.of(), template, mode, null, null, null, endpoint);
    }

    private static ServiceSpec.Port hostPort(int published, int target) {
        return new ServiceSpec.Port(null, "tcp", target, published, "host");
    }
}
