package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.programs.Program;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Machines for tests, with verbs of the field. Every call runs the simulation until its answer. */
final class SwarmLab {
    static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    final Simulation simulation;
    final World world;

    SwarmLab(long seed) {
        this.simulation = new Simulation(seed, EPOCH);
        this.world = new World(simulation, TestPrograms.catalog());
    }

    /** A swarm of managers m1, m2, … and workers w1, w2, … that are all ready, with the images on their disks. */
    static SwarmLab swarm(long seed, int managers, int workers) {
        var lab = new SwarmLab(seed);
        for (int i = 1; i <= managers; i++) {
            lab.machine("m" + i);
        }
        for (int i = 1; i <= workers; i++) {
            lab.machine("w" + i);
        }
        lab.init("m1");
        for (int i = 2; i <= managers; i++) {
            lab.join("m" + i, true);
        }
        for (int i = 1; i <= workers; i++) {
            lab.join("w" + i, false);
        }
        lab.until(() -> lab.nodes("m1").stream().allMatch(node -> node.state("ready")));
        return lab;
    }

    SimMachine machine(String name) {
        SimMachine machine = world.createMachine(name);
        for (String image : List.of("test/web", "test/stubborn", "test/failing")) {
            machine.loadImage(image);
        }
        until(machine::daemonReady);
        return machine;
    }

    SimMachine get(String name) {
        return world.machine(name).orElseThrow();
    }

    <T> ApiResult<T> call(String machine, BiConsumer<DockerDaemon, Consumer<ApiResult<T>>> call) {
        var answer = new ArrayList<ApiResult<T>>();
        call.accept(get(machine).daemon(), answer::add);
        assertThat(simulation.runUntil(() -> !answer.isEmpty(), PATIENCE))
                .as("an answer within %s", PATIENCE)
                .isTrue();
        return answer.get(0);
    }

    /** The error in the form {@code STATUS MESSAGE}. */
    static String error(ApiResult<?> result) {
        return switch (result) {
            case ApiResult.Ok<?> ok -> "ok " + ok.value();
            case ApiResult.Error<?> error -> error.status() + " " + error.message();
        };
    }

    void until(BooleanSupplier condition) {
        assertThat(simulation.runUntil(condition, PATIENCE)).isTrue();
    }

    /** Virtual seconds until the condition holds. */
    double secondsUntil(BooleanSupplier condition) {
        long begin = simulation.nowNanos();
        until(condition);
        return (simulation.nowNanos() - begin) / 1e9;
    }

    void run(double seconds) {
        simulation.runFor(Duration.ofNanos((long) (seconds * 1e9)));
    }

    String init(String machine) {
        return this.<String>call(
                        machine,
                        (daemon, done) -> daemon.swarmInit(
                                DockerJson.read(
                                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                        Cluster.InitRequest.class),
                                done))
                .orThrow();
    }

    Cluster cluster(String manager) {
        return this.<Cluster>call(manager, DockerDaemon::swarmInspect).orThrow();
    }

    ApiResult<Nothing> tryJoin(String machine, String remote, String token) {
        var request = new Cluster.JoinRequest(null, null, null, List.of(remote), token, null);
        return call(machine, (daemon, done) -> daemon.swarmJoin(request, done));
    }

    void join(String machine, boolean manager) {
        Cluster.JoinTokens tokens = cluster("m1").joinTokens();
        tryJoin(machine, get("m1").address() + ":2377", manager ? tokens.manager() : tokens.worker())
                .orThrow();
    }

    List<Node> nodes(String manager) {
        return this.<List<Node>>call(manager, (daemon, done) -> daemon.nodes(Filters.NONE, done))
                .orThrow();
    }

    /** A peek that moves no time: what that manager's replica says of a node. */
    String state(String manager, String node) {
        Dockerd daemon = get(manager).dockerdOrNull();
        Manager here = daemon == null ? null : daemon.swarm().manager();
        return here == null
                ? ""
                : here.store().nodes().stream()
                        .filter(candidate -> candidate.hostname().equals(node))
                        .map(candidate -> candidate.status().state())
                        .findFirst()
                        .orElse("");
    }

    Store store(String manager) {
        return Optional.ofNullable(get(manager).managerOrNull()).orElseThrow().store();
    }

    List<Task> tasks(String manager, String service) {
        Store store = store(manager);
        Service found = store.serviceNamed(service);
        return found == null ? List.of() : store.tasksOfService(found.id());
    }

    List<Task> running(String manager, String service) {
        return tasks(manager, service).stream()
                .filter(task -> task.state() == TaskState.RUNNING && task.desiredState() == TaskState.RUNNING)
                .toList();
    }

    boolean runs(String manager, String service, int count) {
        return running(manager, service).size() == count;
    }

    SimMachine machineOf(Task task) {
        return Optional.ofNullable(world.machineOfNode(String.valueOf(task.nodeId())))
                .orElseThrow();
    }

    static ServiceSpec spec(String name, long replicas) {
        return new ServiceSpec(
                name, Map.of(), template("test/web"), ServiceSpec.Mode.replicas(replicas), null, null, null, null);
    }

    static TaskSpec template(String image) {
        return new TaskSpec(TaskSpec.ContainerSpec.image(image, List.of()), null, null, null, null, null, null, null);
    }

    static ServiceSpec on(ServiceSpec spec, String network) {
        return new ServiceSpec(
                spec.name(),
                spec.labels(),
                spec.taskTemplate().withNetworks(List.of(new TaskSpec.NetworkAttachment(network, null, null))),
                spec.mode(),
                spec.updateConfig(),
                spec.rollbackConfig(),
                null,
                spec.endpointSpec());
    }

    static ServiceSpec with(ServiceSpec spec, ServiceSpec.EndpointSpec endpoint) {
        return new ServiceSpec(
                spec.name(),
                spec.labels(),
                spec.taskTemplate(),
                spec.mode(),
                spec.updateConfig(),
                spec.rollbackConfig(),
                null,
                endpoint);
    }

    static ServiceSpec with(ServiceSpec spec, TaskSpec template) {
        return new ServiceSpec(
                spec.name(),
                spec.labels(),
                template,
                spec.mode(),
                spec.updateConfig(),
                spec.rollbackConfig(),
                null,
                spec.endpointSpec());
    }

    static ServiceSpec globally(ServiceSpec spec) {
        return new ServiceSpec(
                spec.name(),
                spec.labels(),
                spec.taskTemplate(),
                ServiceSpec.Mode.globally(),
                null,
                null,
                null,
                spec.endpointSpec());
    }

    static ServiceSpec constrained(ServiceSpec spec, String... constraints) {
        return with(
                spec,
                new TaskSpec(
                        spec.taskTemplate().containerSpec(),
                        null,
                        null,
                        new TaskSpec.Placement(Arrays.asList(constraints), null, null, null),
                        spec.taskTemplate().networks(),
                        null,
                        null,
                        null));
    }

    static ServiceSpec.EndpointSpec ingress(int published, int target) {
        return new ServiceSpec.EndpointSpec(
                "vip", List.of(new ServiceSpec.Port(null, "tcp", target, published, "ingress")));
    }

    static ServiceSpec.EndpointSpec hostPort(int published, int target) {
        return new ServiceSpec.EndpointSpec(
                "dnsrr", List.of(new ServiceSpec.Port(null, "tcp", target, published, "host")));
    }

    ApiResult<String> tryCreate(String manager, ServiceSpec spec) {
        return call(manager, (daemon, done) -> daemon.serviceCreate(spec, done));
    }

    String create(String manager, ServiceSpec spec) {
        return tryCreate(manager, spec).orThrow();
    }

    Service service(String manager, String name) {
        return this.<Service>call(manager, (daemon, done) -> daemon.service(name, false, done))
                .orThrow();
    }

    void update(String manager, ServiceSpec spec) {
        long version = service(manager, spec.name()).version().index();
        this.<Nothing>call(manager, (daemon, done) -> daemon.serviceUpdate(spec.name(), version, spec, false, done))
                .orThrow();
    }

    void scale(String manager, String service, long replicas) {
        update(manager, service(manager, service).spec().withReplicas(replicas));
    }

    void overlay(String manager, String name, String subnet) {
        var ipam = new Network.Ipam(null, null, List.of(new Network.IpamConfig(subnet, null, null)));
        var request = new Network.CreateRequest(
                name, "overlay", null, subnet.isEmpty() ? null : ipam, null, true, null, null, null, null, null);
        this.<Network.CreateResponse>call(manager, (daemon, done) -> daemon.networkCreate(request, done))
                .orThrow();
    }

    void availability(String manager, String node, String availability) {
        Node current = this.<Node>call(manager, (daemon, done) -> daemon.node(node, done))
                .orThrow();
        var spec = new Node.Spec(
                current.spec().name(), current.spec().labels(), current.spec().role(), availability);
        this.<Nothing>call(
                        manager,
                        (daemon, done) ->
                                daemon.nodeUpdate(node, current.version().index(), spec, done))
                .orThrow();
    }

    ApiResult<Nothing> tryRole(String manager, String node, String role) {
        Node current = this.<Node>call(manager, (daemon, done) -> daemon.node(node, done))
                .orThrow();
        var spec = new Node.Spec(
                current.spec().name(),
                current.spec().labels(),
                role,
                current.spec().availability());
        return call(
                manager,
                (daemon, done) -> daemon.nodeUpdate(node, current.version().index(), spec, done));
    }

    void label(String manager, String node, String key, String value) {
        Node current = this.<Node>call(manager, (daemon, done) -> daemon.node(node, done))
                .orThrow();
        var spec = new Node.Spec(
                null, Map.of(key, value), current.spec().role(), current.spec().availability());
        this.<Nothing>call(
                        manager,
                        (daemon, done) ->
                                daemon.nodeUpdate(node, current.version().index(), spec, done))
                .orThrow();
    }

    /** Runs a command in the container of a task. */
    String exec(Task task, String... command) {
        return exec(
                machineOf(task).name(),
                String.valueOf(
                        task.status().containerStatus() == null
                                ? null
                                : task.status().containerStatus().containerId()),
                command);
    }

    String exec(String machine, String container, String... command) {
        DockerDaemon daemon = get(machine).daemon();
        String id = daemon.execCreate(
                        container,
                        new Container.ExecRequest(List.of(command), false, false, true, true, null, null, null))
                .orThrow();
        Program.ExecResult result = this.<Program.ExecResult>call(machine, (any, done) -> any.execStart(id, done))
                .orThrow();
        return result.exitCode() == 0 ? result.stdout() : "failed: " + result.stderr();
    }

    /** A request from outside to a published port; gives the body, or the failure's name. */
    String get(String machine, int port) {
        var answer = new ArrayList<String>();
        get(machine).connect(port, new Outside(answer::add));
        assertThat(simulation.runUntil(() -> !answer.isEmpty(), PATIENCE)).isTrue();
        return answer.get(0);
    }

    private record Outside(Consumer<String> answer) implements HttpExchange {
        @Override
        public HttpMessage.Request request() {
            return HttpMessage.Request.get("/");
        }

        @Override
        public void respond(HttpMessage.Response response) {
            answer.accept(response.text());
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void fail(Failure failure) {
            answer.accept(failure.name());
        }

        @Override
        public void longPoll() {}

        @Override
        public boolean abandoned() {
            return false;
        }
    }
}
