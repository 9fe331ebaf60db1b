package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.invariant.SwarmWatch;
import dev.clusterlab.simulator.swarm.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Machines for tests, with verbs of the field. Every call runs the simulation until its answer; the invariants of Swarm are
 * held against every event.
 */
final class SwarmLab {
    static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LIMIT = Duration.ofMinutes(3);

    final Simulation simulation;
    final World world;
    private final SwarmWatch watch;

    SwarmLab(long seed) {
        this.simulation = new Simulation(seed, EPOCH);
        this.world = new World(simulation, TestPrograms.catalog());
        this.watch = new SwarmWatch(world);
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
        for (String image : List.of("test/web", "test/stubborn", "test/failing", "test/finishing", "test/box")) {
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
        assertThat(happens(() -> !answer.isEmpty(), LIMIT))
                .as("an answer within %s", LIMIT)
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

    /** Runs until the condition holds or the time is over, under the eyes of the invariants; whether it holds. */
    boolean happens(BooleanSupplier condition, Duration limit) {
        return simulation.runUntil(
                () -> {
                    watch.check();
                    return condition.getAsBoolean();
                },
                limit);
    }

    void until(BooleanSupplier condition) {
        assertThat(happens(condition, LIMIT)).isTrue();
    }

    /** Virtual seconds until the condition holds. */
    double secondsUntil(BooleanSupplier condition) {
        long begin = simulation.nowNanos();
        until(condition);
        return (simulation.nowNanos() - begin) / 1e9;
    }

    void run(double seconds) {
        happens(() -> false, Duration.ofNanos((long) (seconds * 1e9)));
    }

    ApiResult<String> tryInit(String machine) {
        var request = new Cluster.InitRequest(null, null, null, null, null, null, null, null, null, null);
        return call(machine, (daemon, done) -> daemon.swarmInit(request, done));
    }

    String init(String machine) {
        return tryInit(machine).orThrow();
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

    ApiResult<String> tryCreate(String manager, Spec spec) {
        return call(manager, (daemon, done) -> daemon.serviceCreate(spec.build(), done));
    }

    String create(String manager, Spec spec) {
        return tryCreate(manager, spec).orThrow();
    }

    /** Creates a service and waits until its tasks run. */
    String createRunning(String manager, Spec spec, int tasks) {
        String id = create(manager, spec);
        until(() -> runs(manager, spec.build().name(), tasks));
        return id;
    }

    Service service(String manager, String name) {
        return this.<Service>call(manager, (daemon, done) -> daemon.service(name, false, done))
                .orThrow();
    }

    ApiResult<Nothing> tryUpdate(String manager, String service, ServiceSpec spec, boolean rollback) {
        long version = service(manager, service).version().index();
        return call(manager, (daemon, done) -> daemon.serviceUpdate(service, version, spec, rollback, done));
    }

    void update(String manager, ServiceSpec spec) {
        tryUpdate(manager, spec.name(), spec, false).orThrow();
    }

    void update(String manager, Spec spec) {
        update(manager, spec.build());
    }

    void removeService(String manager, String service) {
        this.<Nothing>call(manager, (daemon, done) -> daemon.serviceRemove(service, done))
                .orThrow();
    }

    void scale(String manager, String service, long replicas) {
        update(manager, service(manager, service).spec().withReplicas(replicas));
    }

    ApiResult<Network.CreateResponse> tryOverlay(String manager, String name, String subnet) {
        var ipam = new Network.Ipam(null, null, List.of(new Network.IpamConfig(subnet, null, null)));
        var request = new Network.CreateRequest(
                name, "overlay", null, subnet.isEmpty() ? null : ipam, null, true, null, null, null, null, null);
        return call(manager, (daemon, done) -> daemon.networkCreate(request, done));
    }

    /** An attachable overlay; an empty subnet leaves the choice to the swarm. */
    String overlay(String manager, String name, String subnet) {
        return tryOverlay(manager, name, subnet).orThrow().id();
    }

    Network network(String machine, String reference) {
        return this.<Network>call(machine, (daemon, done) -> daemon.network(reference, null, true, done))
                .orThrow();
    }

    List<String> networkNames(String machine) {
        return this.<List<Network>>call(machine, (daemon, done) -> daemon.networks(Filters.NONE, done))
                .orThrow()
                .stream()
                .map(Network::name)
                .toList();
    }

    ApiResult<Nothing> tryNodeUpdate(String manager, String node, UnaryOperator<Node.Spec> change) {
        Node current = this.<Node>call(manager, (daemon, done) -> daemon.node(node, done))
                .orThrow();
        return call(
                manager,
                (daemon, done) ->
                        daemon.nodeUpdate(node, current.version().index(), change.apply(current.spec()), done));
    }

    void availability(String manager, String node, String availability) {
        tryNodeUpdate(manager, node, spec -> new Node.Spec(spec.name(), spec.labels(), spec.role(), availability))
                .orThrow();
    }

    ApiResult<Nothing> tryRole(String manager, String node, String role) {
        return tryNodeUpdate(
                manager, node, spec -> new Node.Spec(spec.name(), spec.labels(), role, spec.availability()));
    }

    void promote(String manager, String node) {
        tryRole(manager, node, "manager").orThrow();
    }

    void demote(String manager, String node) {
        tryRole(manager, node, "worker").orThrow();
    }

    /** Sets a label; the node's other labels stay. */
    void label(String manager, String node, String key, String value) {
        tryNodeUpdate(manager, node, spec -> {
                    var labels = new LinkedHashMap<>(spec.labels());
                    labels.put(key, value);
                    return new Node.Spec(spec.name(), labels, spec.role(), spec.availability());
                })
                .orThrow();
    }

    ApiResult<Nothing> tryRemoveNode(String manager, String node, boolean force) {
        return call(manager, (daemon, done) -> daemon.nodeRemove(node, force, done));
    }

    Node node(String manager, String node) {
        return this.<Node>call(manager, (daemon, done) -> daemon.node(node, done))
                .orThrow();
    }

    ApiResult<Nothing> tryLeave(String machine, boolean force) {
        return call(machine, (daemon, done) -> daemon.swarmLeave(force, done));
    }

    /** Machines whose manager believes to lead. */
    List<String> leaders() {
        return world.machines().stream()
                .filter(machine -> machine.managerOrNull() instanceof Manager manager && manager.leadership() != null)
                .map(SimMachine::name)
                .toList();
    }

    /** The one that leads; fails the test if there is none or more than one. */
    String leader() {
        List<String> leaders = leaders();
        assertThat(leaders).as("leaders").hasSize(1);
        return leaders.get(0);
    }

    void kill(String machine) {
        get(machine).kill();
    }

    /** Switches it on and waits for its daemon. */
    void start(String machine) {
        get(machine).start();
        until(get(machine)::daemonReady);
    }

    /** Cuts every way between {@code alone} and all other machines. */
    void isolate(String alone) {
        world.underlay().partition(alone + " alone", sides(alone));
    }

    /** Ends what {@link #isolate} did to this machine. */
    void heal(String alone) {
        world.underlay().mend(alone + " alone");
    }

    private List<Set<String>> sides(String alone) {
        var others = new LinkedHashSet<String>();
        world.machines().forEach(machine -> others.add(machine.name()));
        others.remove(alone);
        return List.of(Set.of(alone), others);
    }

    /** The containers of tasks on a machine, running or not. */
    List<DockerContainer> taskContainers(String machine) {
        Dockerd daemon = get(machine).dockerdOrNull();
        return daemon == null
                ? List.of()
                : daemon.runtime().all().stream()
                        .filter(container -> container.task != null)
                        .toList();
    }

    DockerContainer containerOf(Task task) {
        return taskContainers(machineOf(task).name()).stream()
                .filter(container ->
                        container.task != null && container.task.id().equals(task.id()))
                .findFirst()
                .orElseThrow();
    }

    /** Tasks of a service that run on a node, as that manager's replica says. */
    List<Task> runningOn(String manager, String service, String machine) {
        return running(manager, service).stream()
                .filter(task -> machineOf(task).name().equals(machine))
                .toList();
    }

    /** {@code docker kill} of a task's container. */
    void killContainer(Task task) {
        String id = containerOf(task).id;
        this.<Nothing>call(machineOf(task).name(), (daemon, done) -> daemon.containerKill(id, null, done))
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
        Container.ExecOutput result = this.<Container.ExecOutput>call(machine, (any, done) -> any.execStart(id, done))
                .orThrow();
        return result.exitCode() == 0 ? result.stdout() : "failed: " + result.stderr();
    }

    /** Makes and starts a container; gives its identifier. */
    ApiResult<String> tryRunContainer(String machine, String name, Containers config) {
        ApiResult<ContainerConfig.CreateResponse> made =
                call(machine, (daemon, done) -> daemon.containerCreate(name, config.build(), done));
        if (made instanceof ApiResult.Error<ContainerConfig.CreateResponse>(int status, String message)) {
            return ApiResult.error(status, message);
        }
        String id = made.orThrow().id();
        return this.<Boolean>call(machine, (daemon, done) -> daemon.containerStart(id, done))
                .map(started -> id);
    }

    String runContainer(String machine, String name, Containers config) {
        return tryRunContainer(machine, name, config).orThrow();
    }

    /** A request from outside to a published port; gives the body, or the failure's name. */
    String get(String machine, int port) {
        var answer = new ArrayList<String>();
        request(machine, port, "/", answer::add);
        assertThat(happens(() -> !answer.isEmpty(), LIMIT)).isTrue();
        return answer.get(0);
    }

    void request(String machine, int port, String path, Consumer<String> answer) {
        get(machine).connect(port, new Outside(path, answer));
    }

    private record Outside(String path, Consumer<String> answer) implements HttpExchange {
        @Override
        public HttpMessage.Request request() {
            return HttpMessage.Request.get(path);
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
