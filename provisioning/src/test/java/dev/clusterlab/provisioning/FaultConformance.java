package dev.clusterlab.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.model.SwarmSpec;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.DockerExec;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.client.LabHttp.Request;
import dev.clusterlab.provisioning.client.LabHttp.Result;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.fault.FaultValues;
import dev.clusterlab.provisioning.fault.Faults;
import dev.clusterlab.provisioning.fault.Healing;
import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.ObserverService;
import dev.clusterlab.provisioning.observe.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of fault on every engine: injected, seen in the snapshot or in what a client meets, ended by itself, healed, and
 * measured afterwards; or refused with the reason. One cluster for all of them: each leaves it as it was, so they take turns, also
 * where other tests run beside them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FaultConformance {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration LATER = Duration.ofSeconds(150);
    /** In no swarm: it is stopped and started again and again. */
    private static final String SPARE = "spare";

    /** These do not hide each other, and have their leases at the same time. */
    private static final Set<FaultKind> TOGETHER = EnumSet.of(
            FaultKind.CONTAINER_PAUSE,
            FaultKind.MACHINE_PAUSE,
            FaultKind.SERVICE_UNHEALTHY,
            FaultKind.SERVICE_SLOW,
            FaultKind.DNS_NOT_FOUND,
            FaultKind.MACHINE_CPU,
            FaultKind.MACHINE_MEMORY,
            FaultKind.MACHINE_CLOCK,
            FaultKind.SERVICE_CRASH_LOOP);

    private static final List<String> NODES = List.of("leader1", "leader2", "leader3", "worker1");

    private Engine engine;
    private FaultService faults;
    private ObserverService observer;
    private DockerClients docker;
    private LabHttp http;
    private final List<ClusterEvent> events = new CopyOnWriteArrayList<>();

    protected abstract Engine create();

    protected final Engine engine() {
        return engine;
    }

    /** How long what ends by itself is in force: long enough to be felt. */
    protected Duration lease() {
        return Duration.ofSeconds(20);
    }

    /** As {@link #lease}, of what is felt one after the other. */
    protected Duration togetherLease() {
        return Duration.ofSeconds(40);
    }

    /** How long what comes and goes is there each time, and then not: long enough to be seen. */
    protected Duration turn() {
        return Duration.ofSeconds(4);
    }

    @BeforeAll
    void start() throws InterruptedException {
        engine = create();
        faults = new FaultService(engine, System::nanoTime);
        observer = ObserverService.of(engine, faults);
        observer.onSnapshot((snapshot, news) -> events.addAll(news));
        docker = new DockerClients(engine);
        http = new LabHttp(engine);
        engine.createMachines(NODES);
        docker.of("leader1")
                .call(client -> client.initializeSwarmCmd(new SwarmSpec())
                        .withAdvertiseAddr(ip("leader1"))
                        .withListenAddr("0.0.0.0:2377")
                        .exec());
        join("leader2", "Manager");
        join("leader3", "Manager");
        join("worker1", "Worker");
        service(
                "{\"Name\":\"web\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"busybox\",\"Args\":[\"sleep\",\"1d\"],\"StopGracePeriod\":1000000000},"
                        + "\"RestartPolicy\":{\"Condition\":\"any\",\"Delay\":1000000000}},"
                        + "\"Mode\":{\"Replicated\":{\"Replicas\":4}}}");
        docker.of("leader1")
                .postJson(
                        "/networks/create",
                        json("{\"Name\":\"names\",\"Driver\":\"overlay\",\"CheckDuplicate\":true}"));
        service("{\"Name\":\"hello\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"clusterlab/hello\","
                + "\"Env\":[\"CONSUL_REGISTER=false\"]},"
                + "\"RestartPolicy\":{\"Condition\":\"any\",\"Delay\":500000000},"
                + "\"Networks\":[{\"Target\":\"names\"}],"
                + "\"Placement\":{\"Constraints\":[\"node.hostname==worker1\"]}},"
                + "\"Mode\":{\"Replicated\":{\"Replicas\":1}},"
                + "\"EndpointSpec\":{\"Ports\":[{\"Protocol\":\"tcp\",\"TargetPort\":8080,\"PublishedPort\":9000}]}}");
        service(
                "{\"Name\":\"asker\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"busybox\",\"Args\":[\"sleep\",\"1d\"],\"StopGracePeriod\":1000000000},"
                        + "\"Networks\":[{\"Target\":\"names\"}],"
                        + "\"Placement\":{\"Constraints\":[\"node.hostname==worker1\"]}},"
                        + "\"Mode\":{\"Replicated\":{\"Replicas\":1}}}");
        prepareToFeel();
        whole();
        assertThat(engine.clock().await(() -> ask("/health") instanceof Result.Answer, LATER))
                .as("the hello service answers")
                .isTrue();
    }

    /** Asked at leader1 it is answered by worker1: what is between them is felt. */
    protected void prepareToFeel() {
        service("{\"Name\":\"front\",\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"traefik:v3\",\"Args\":["
                + "\"--entrypoints.web.address=:80\"]},\"Placement\":{\"Constraints\":[\"node.hostname==worker1\"]}},"
                + "\"Mode\":{\"Replicated\":{\"Replicas\":1}},"
                + "\"EndpointSpec\":{\"Ports\":[{\"Protocol\":\"tcp\",\"TargetPort\":80,\"PublishedPort\":80}]}}");
    }

    @AfterAll
    void close() {
        http.close();
        docker.close();
        observer.close();
        faults.close();
        engine.close();
        afterClose();
    }

    /** Called when the engine has been closed. */
    protected void afterClose() {}

    private String ip(String machine) {
        return engine.machine(machine).orElseThrow().ip();
    }

    private void join(String machine, String role) {
        String token = docker.of("leader1")
                .getJson("/swarm")
                .path("JoinTokens")
                .path(role)
                .asText();
        docker.of(machine)
                .call(client -> client.joinSwarmCmd()
                        .withRemoteAddrs(List.of(ip("leader1") + ":2377"))
                        .withJoinToken(token)
                        .withAdvertiseAddr(ip(machine))
                        .withListenAddr("0.0.0.0:2377")
                        .exec());
    }

    private void service(String specification) {
        JsonNode spec = json(specification);
        engine.provideImage(spec.at("/TaskTemplate/ContainerSpec/Image").asText());
        docker.of("leader1")
                .postJson(
                        "/services/create",
                        ServicePlan.of(spec, engine.abilities()).specification());
    }

    private static JsonNode json(String text) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new LinkageError("no JSON", e);
        }
    }

    private ClusterSnapshot until(String what, Duration limit, Predicate<ClusterSnapshot> condition)
            throws InterruptedException {
        boolean held = engine.clock().await(() -> condition.test(observer.observe()), limit);
        assertThat(held)
                .as("%s within %s; seen: %s", what, limit, observer.latest())
                .isTrue();
        return observer.latest();
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        assertThat(engine.clock().await(condition, SOON)).as(what).isTrue();
    }

    /** Everything is as it was, and all tasks run. */
    private void whole() throws InterruptedException {
        until(
                "a whole cluster",
                LATER,
                s -> s.faults().isEmpty()
                        && s.reach().equals(Reach.WHOLE)
                        && s.swarm().isPresent()
                        && s.swarm().get().hasLeader()
                        && s.swarm().get().nodes().size() == NODES.size()
                        && s.swarm().get().nodes().stream()
                                .allMatch(node -> node.state() == NodeState.READY
                                        && node.availability() == Availability.ACTIVE
                                        && node.role() == role(node.hostname()))
                        && s.swarm().get().services().stream()
                                .allMatch(service -> service.running() == service.replicas()));
    }

    private static NodeRole role(String hostname) {
        return hostname.startsWith("leader") ? NodeRole.MANAGER : NodeRole.WORKER;
    }

    // ---- the catalogue

    /** Those that are tried. */
    protected Set<FaultKind> kinds() {
        return EnumSet.allOf(FaultKind.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @Execution(ExecutionMode.SAME_THREAD)
    void everyKindIsFeltAndEndsAndIsProvedToBeOver(FaultKind kind) throws InterruptedException {
        HostLack lack = engine.unsupportedFaults().get(kind);
        if (lack != null) {
            assertThatThrownBy(() -> faults.inject(fault(kind, Optional.empty())))
                    .isInstanceOfSatisfying(LabException.class, e -> {
                        assertThat(e.kind()).isEqualTo(LabException.Kind.REFUSED);
                        assertThat(e).hasMessageContaining(lack.sentence());
                    });
            assertThat(faults.active()).isEmpty();
            return;
        }
        if (kind.aim() == FaultKind.Aim.MACHINE && machine(kind).equals(SPARE)) {
            haveSpare();
        }
        switch (kind.lasting()) {
            case AT_ONCE_OVER -> atOnce(kind);
            case LEASED -> {
                if (!TOGETHER.contains(kind)) {
                    endsByItself(kind);
                }
                isHealed(kind);
            }
            case UNTIL_UNDONE -> isHealed(kind);
        }
        assertThat(faults.active()).isEmpty();
        whole();
    }

    private void haveSpare() {
        if (engine.machine(SPARE).isEmpty()) {
            engine.createMachine(SPARE);
        }
    }

    private void atOnce(FaultKind kind) throws InterruptedException {
        if (kind == FaultKind.MACHINE_UNPAUSE) {
            engine.pauseMachine(SPARE);
        }
        if (kind == FaultKind.MACHINE_START) {
            engine.killMachine(SPARE);
        }
        if (kind == FaultKind.NETWORK_HEAL) {
            faults.inject(fault(FaultKind.NETWORK_PARTITION, Optional.empty()));
            if (!engine.unsupportedFaults().containsKey(FaultKind.NETWORK_LATENCY)) {
                faults.inject(fault(FaultKind.NETWORK_LATENCY, Optional.empty()));
            }
        }
        Fault fault = fault(kind, Optional.empty());
        String id = faults.inject(fault);
        observer.observe();
        assertThat(events)
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(ClusterEvent.FaultBegan.class, began -> {
                    assertThat(began.fault().id()).isEqualTo(id);
                    assertThat(began.over()).isTrue();
                }));
        switch (fault) {
            case Fault.ContainerKill(String machine, String container, Optional<String> _) ->
                until("it has ended", SOON, s -> state(s, machine, container) != ContainerState.RUNNING);
            case Fault.ContainerStop(String machine, String container) ->
                until("it has ended", SOON, s -> state(s, machine, container) != ContainerState.RUNNING);
            case Fault.MachineRemove _ -> assertThat(engine.machine(SPARE)).isEmpty();
            case Fault.NetworkHeal _ -> assertThat(engine.cutWays()).isEmpty();
            default -> assertThat(engine.machine(SPARE).orElseThrow().state()).isEqualTo(Machine.State.RUNNING);
        }
    }

    private void endsByItself(FaultKind kind) throws InterruptedException {
        Fault fault = fault(kind, Optional.of(lease()));
        String id = faults.inject(fault);
        ActiveFault active = seen(id, kind);
        assertThat(active.until()).contains(active.since().plus(lease()));
        felt(fault);
        until("its lease has ended", LATER, s -> s.faults().isEmpty());
        over(fault);
        whole();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void leasesThatGoOnBesideEachOtherEndEachByItself() throws InterruptedException {
        haveSpare();
        List<Fault> taken = new ArrayList<>();
        for (FaultKind kind : TOGETHER) {
            if (!engine.unsupportedFaults().containsKey(kind) && kind != FaultKind.SERVICE_CRASH_LOOP) {
                taken.add(fault(kind, Optional.of(togetherLease())));
            }
        }
        List<String> ids = taken.stream().map(faults::inject).toList();
        assertThat(observer.observe().faults()).extracting(ActiveFault::id).containsExactlyElementsOf(ids);
        for (Fault fault : taken) {
            felt(fault);
        }
        // One that crashes cannot be asked for anything else.
        Fault crash = fault(FaultKind.SERVICE_CRASH_LOOP, Optional.of(togetherLease()));
        faults.inject(crash);
        felt(crash);
        taken.add(crash);
        until("their leases have ended", LATER, s -> s.faults().isEmpty());
        for (Fault fault : taken) {
            over(fault);
        }
        whole();
    }

    private void isHealed(FaultKind kind) throws InterruptedException {
        Fault fault = fault(kind, Optional.empty());
        String id = faults.inject(fault);
        ActiveFault active = seen(id, kind);
        assertThat(active.until().isPresent()).isEqualTo(kind == FaultKind.CONTAINER_PAUSE);
        felt(fault);
        Healing healing = faults.heal(id);
        assertThat(healing).isEqualTo(Healing.WHOLE);
        over(fault);
    }

    private ActiveFault seen(String id, FaultKind kind) {
        List<ActiveFault> seen = observer.observe().faults();
        assertThat(seen).extracting(ActiveFault::id).containsExactly(id);
        assertThat(seen.getFirst().kind()).isEqualTo(kind);
        return seen.getFirst();
    }

    /** What it does is there. */
    private void felt(Fault fault) throws InterruptedException {
        switch (fault) {
            case Fault.ContainerPause pause ->
                until(
                        "it is frozen",
                        SOON,
                        s -> state(s, pause.machine(), pause.containerId()) == ContainerState.PAUSED);
            case Fault.MachineKill _ -> assertThat(spare()).isEqualTo(Machine.State.KILLED);
            case Fault.MachineStop _ -> assertThat(spare()).isEqualTo(Machine.State.STOPPED);
            case Fault.MachinePause _ -> assertThat(spare()).isEqualTo(Machine.State.PAUSED);
            case Fault.NodeDrain(String machine) ->
                until(
                        "its tasks have gone",
                        LATER,
                        s -> node(s, machine).availability() == Availability.DRAIN
                                && s.swarm().orElseThrow().tasksOf("web").stream()
                                        .noneMatch(task -> task.live()
                                                && task.nodeHostname().equals(machine)));
            case Fault.NodeDemote(String machine) ->
                until("it is a worker", SOON, s -> node(s, machine).role() == NodeRole.WORKER);
            case Fault.NodeLeave(String machine) ->
                until("it is down", LATER, s -> node(s, machine).state() == NodeState.DOWN);
            case Fault.NetworkPartition partition ->
                cut(EngineFault.Cut.between(partition.groups()).ways());
            case Fault.NetworkOneWay oneWay ->
                cut(EngineFault.Cut.oneWay(oneWay.from(), oneWay.to()).ways());
            case Fault.NetworkBridge bridge ->
                cut(EngineFault.Cut.between(List.of(bridge.left(), bridge.right()))
                        .ways());
            case Fault.NetworkRing ring -> cut(ring.cut());
            case Fault.OnLinks links -> felt(links);
            case Fault.OnMachine on -> felt(on);
            case Fault.ServiceCrashLoop _ -> hasCrashedAgain();
            case Fault.ServiceUnhealthy _ -> {
                assertThat(hello("/health").status()).isEqualTo(503);
                assertThat(hello("/").status()).isEqualTo(200);
            }
            case Fault.ServiceSlow slow -> assertThat(hello("/").took()).isGreaterThanOrEqualTo(slow.delay());
            case Fault.ServiceErrors _ ->
                assertThat(List.of(hello("/").status(), hello("/").status())).containsExactlyInAnyOrder(200, 500);
            default -> throw new AssertionError(fault + " does not last");
        }
    }

    /** What takes from a machine is there, and takes no more than it is to. */
    private void felt(Fault.OnMachine on) throws InterruptedException {
        switch (on) {
            case Fault.NameNotFound(String machine, String name, Optional<Duration> _) -> {
                assertThat(lookUp(machine, name)).doesNotContain("Name:");
                assertThat(lookUp(machine, "asker")).contains("Name:");
                assertThat(lookUp(machine, "tasks." + name))
                        .as("another name that ends so")
                        .contains("Name:");
            }
            case Fault.MachineCpu cpu -> feltProcessor(cpu);
            case Fault.MachineMemory memory -> feltMemory(memory);
            case Fault.MachineDisk(String machine, Optional<Duration> _) ->
                assertThatThrownBy(() -> docker.of(machine)
                                .postJson("/containers/create", json("{\"Image\":\"busybox\",\"Cmd\":[\"true\"]}")))
                        .hasMessageContaining("no space left on device");
            case Fault.MachineClock(String machine, Duration by, Optional<Duration> _) ->
                assertThat(clockOf(machine)).isCloseTo(by, Duration.ofSeconds(5));
        }
    }

    /** In virtual time an answer has to wait until the machine's processor is there for it. */
    protected void feltProcessor(Fault.MachineCpu cpu) throws InterruptedException {
        await("an answer has to wait", () -> hello("/").took().compareTo(Duration.ofMillis(30)) > 0);
    }

    protected void feltMemory(Fault.MachineMemory memory) {
        throw new AssertionError(memory + " is felt on real machines only");
    }

    /** How far it is ahead. */
    private Duration clockOf(String machine) {
        return Duration.between(
                engine.clock().now(),
                Instant.parse(
                        docker.of(machine).getJson("/info").path("SystemTime").asText()));
    }

    private String lookUp(String machine, String name) {
        return run(machine, "asker", "nslookup", name);
    }

    /** What a program in the container of a service's task on a machine writes. */
    protected final String run(String machine, String service, String... command) {
        String container = observer.observe().swarm().orElseThrow().tasksOf(service).stream()
                .filter(task -> task.live() && task.nodeHostname().equals(machine))
                .findFirst()
                .orElseThrow()
                .containerId();
        return docker.of(machine).call(client -> DockerExec.run(client, container, command));
    }

    private void hasCrashedAgain() throws InterruptedException {
        until(
                "what came in its place has crashed too",
                LATER,
                s -> s.swarm().orElseThrow().tasksOf("hello").stream()
                                .filter(task -> task.state() == TaskState.FAILED)
                                .count()
                        >= 2);
    }

    private Result.Answer hello(String path) {
        Result result = ask(path);
        assertThat(result).isInstanceOf(Result.Answer.class);
        return (Result.Answer) result;
    }

    private Result ask(String path) {
        return http.send(Request.get("http://" + ip("worker1") + ":9000" + path).withTimeout(Duration.ofSeconds(30)));
    }

    private void cut(Set<Way> ways) throws InterruptedException {
        assertThat(new TreeSet<>(engine.reach().cut())).isEqualTo(new TreeSet<>(ways));
        until("it is seen", SOON, s -> !s.reach().cut().isEmpty());
    }

    private void felt(Fault.OnLinks links) throws InterruptedException {
        // What is cut is not reached; what is troubled is, if late.
        assertThat(engine.reach().cut()).isEmpty();
        Duration least = switch (links) {
            case Fault.NetworkLatency latency ->
                latency.delay().minus(latency.jitter()).multipliedBy(2);
            // Sent again after 200 ms.
            case Fault.NetworkLoss _, Fault.NetworkBurst _ -> Duration.ofMillis(200);
            case Fault.NetworkBandwidth _ -> Duration.ofMillis(300);
            case Fault.NetworkReordering reordering -> reordering.by();
            // Nobody notices but who counts datagrams: see LinkTroubleTest.
            case Fault.NetworkDuplicates _ -> Duration.ZERO;
        };
        slow(least);
    }

    /** What is between worker1 and leader1 takes so long at times. */
    protected void slow(Duration least) throws InterruptedException {
        assertThat(slowest()).isGreaterThanOrEqualTo(least);
    }

    /** Nothing between worker1 and leader1 takes longer than usual. */
    protected void quick() throws InterruptedException {
        assertThat(slowest()).isLessThan(Duration.ofMillis(100));
    }

    private Duration slowest() throws InterruptedException {
        Duration slowest = Duration.ZERO;
        for (int i = 0; i < 20; i++) {
            engine.clock().sleep(Duration.ofMillis(100));
            Result result =
                    http.send(Request.get("http://" + ip("leader1") + "/").withTimeout(Duration.ofSeconds(30)));
            assertThat(result).isInstanceOf(Result.Answer.class);
            Duration took = ((Result.Answer) result).took();
            slowest = slowest.compareTo(took) < 0 ? took : slowest;
        }
        return slowest;
    }

    /** Nothing of it is left. */
    private void over(Fault fault) throws InterruptedException {
        assertThat(observer.observe().faults()).isEmpty();
        if (fault instanceof Fault.OnLinks && !(fault instanceof Fault.NetworkDuplicates)) {
            quick();
        }
        switch (fault) {
            case Fault.NameNotFound(String machine, String name, Optional<Duration> _) ->
                await("it is found", () -> lookUp(machine, name).contains("Name:"));
            case Fault.MachineDisk(String machine, Optional<Duration> _) -> {
                String made = docker.of(machine)
                        .postJson("/containers/create", json("{\"Image\":\"busybox\",\"Cmd\":[\"true\"]}"))
                        .path("Id")
                        .asText();
                docker.of(machine)
                        .call(client -> client.removeContainerCmd(made).exec());
            }
            case Fault.MachineClock(String machine, Duration _, Optional<Duration> _) ->
                assertThat(clockOf(machine)).isCloseTo(Duration.ZERO, Duration.ofSeconds(5));
            default -> {}
        }
        if (fault instanceof Fault.OnService) {
            await("it is there", () -> ask("/health") instanceof Result.Answer);
            await("its health is well", () -> hello("/health").status() == 200);
            await("it answers quickly", () -> hello("/").took().compareTo(Duration.ofMillis(500)) < 0);
            await(
                    "it answers each time",
                    () -> List.of(hello("/").status(), hello("/").status()).equals(List.of(200, 200)));
        }
        if (fault instanceof Fault.ContainerPause pause) {
            until("it runs", SOON, s -> state(s, pause.machine(), pause.containerId()) == ContainerState.RUNNING);
        }
        if (engine.machine(SPARE).isPresent()) {
            until("it goes on", SOON, s -> spare() == Machine.State.RUNNING);
        }
    }

    private Machine.State spare() {
        return engine.machine(SPARE).orElseThrow().state();
    }

    private static NodeView node(ClusterSnapshot snapshot, String hostname) {
        return snapshot.swarm().orElseThrow().node(hostname).orElseThrow();
    }

    private static ContainerState state(ClusterSnapshot snapshot, String machine, String container) {
        return snapshot.machine(machine)
                .flatMap(view -> view.containers().stream()
                        .filter(each -> each.id().equals(container))
                        .findFirst())
                .map(ContainerView::state)
                .orElse(ContainerState.UNKNOWN);
    }

    // ---- one of each kind

    private Fault fault(FaultKind kind, Optional<Duration> lease) {
        FaultValues values = FaultValues.of(kind, told(kind));
        var all = new TreeSet<>(NODES);
        return switch (kind.aim()) {
            case CONTAINER -> {
                ClusterSnapshot snapshot = observer.observe();
                String service = kind.code().startsWith("service.") ? "hello" : "web";
                var task = snapshot.swarm().orElseThrow().tasksOf(service).stream()
                        .filter(each -> each.live()
                                && state(snapshot, each.nodeHostname(), each.containerId()) == ContainerState.RUNNING)
                        .findFirst()
                        .orElseThrow();
                yield Faults.onContainer(kind, task.nodeHostname(), task.containerId(), values, lease);
            }
            case MACHINE -> Faults.onMachine(kind, machine(kind), values, lease);
            case GROUPS -> Faults.onNetwork(kind, List.of(Set.of("worker1"), Set.of("leader1")), all, values, lease);
            case BRIDGE -> Faults.onNetwork(kind, List.of(Set.of("leader2")), all, values, lease);
            case RING -> Faults.onNetwork(kind, List.of(all), all, values, lease);
            case NETWORK -> Faults.onNetwork(kind, List.of(), all, values, lease);
        };
    }

    private static String machine(FaultKind kind) {
        return switch (kind) {
            case NODE_DRAIN -> "leader2";
            case NODE_DEMOTE, NODE_LEAVE -> "leader3";
            case DNS_NOT_FOUND, MACHINE_CPU, MACHINE_MEMORY, MACHINE_DISK, MACHINE_CLOCK -> "worker1";
            default -> SPARE;
        };
    }

    private static Map<String, String> told(FaultKind kind) {
        Map<String, String> written = new LinkedHashMap<>();
        switch (kind) {
            case NETWORK_LATENCY -> {
                written.put("delay", "200ms");
                written.put("jitter", "50ms");
            }
            case SERVICE_SLOW -> written.put("delay", "1500ms");
            case DNS_NOT_FOUND -> written.put("name", "hello");
            case MACHINE_CPU -> written.put("share", "80%");
            case MACHINE_MEMORY -> written.put("left", "64mb");
            case MACHINE_CLOCK -> written.put("by", "+10m");
            case SERVICE_ERRORS -> written.put("share", "50%");
            case NETWORK_LOSS -> written.put("share", "40%");
            case NETWORK_BURST -> {
                written.put("share", "30%");
                written.put("burst", "300ms");
            }
            case NETWORK_BANDWIDTH -> written.put("rate", "8kbit");
            case NETWORK_DUPLICATES -> written.put("share", "50%");
            case NETWORK_REORDERING -> {
                written.put("share", "50%");
                written.put("by", "120ms");
            }
            default -> {}
        }
        return written;
    }

    // ---- what is refused, and what overlaps

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void impossibleTargetsAreRefusedAndBreakNothing() {
        List<Fault> impossible = new ArrayList<>(List.of(
                new Fault.MachineKill("nobody"),
                new Fault.MachinePause("nobody", Optional.of(lease())),
                new Fault.NodeDrain("nobody"),
                new Fault.NodeDemote("worker1"),
                new Fault.ContainerKill("leader1", "feedfeedfeed"),
                new Fault.ContainerPause("nobody", "feedfeedfeed", lease()),
                new Fault.NetworkBridge("nobody", Set.of("leader1"), Set.of("leader2"), Optional.empty()),
                new Fault.NetworkPartition(List.of(Set.of("leader1"), Set.of("nobody")), Optional.empty()),
                new Fault.NetworkLoss(List.of(Set.of("leader1"), Set.of("nobody")), false, 0.5, Optional.empty()),
                new Fault.NetworkLoss(List.of(Set.of("leader1"), Set.of()), false, 0.5, Optional.empty())));
        for (Fault fault : impossible) {
            assertThatThrownBy(() -> faults.inject(fault)).as("%s", fault).isInstanceOf(LabException.class);
        }
        assertThat(faults.active()).isEmpty();
        assertThat(engine.cutWays()).isEmpty();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void whatIsNoHelloServiceIsRefusedWithTheReason() {
        Fault pause = fault(FaultKind.CONTAINER_PAUSE, Optional.empty());
        if (pause instanceof Fault.ContainerPause web) {
            assertThatThrownBy(() -> faults.inject(
                            new Fault.ServiceUnhealthy(web.machine(), web.containerId(), Optional.empty())))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("does not misbehave when it is told");
        }
        assertThat(faults.active()).isEmpty();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void overlappingFaultsEndEachByItself() throws InterruptedException {
        String bridge = faults.inject(fault(FaultKind.NETWORK_BRIDGE, Optional.empty()));
        String ring = faults.inject(fault(FaultKind.NETWORK_RING, Optional.of(lease())));
        assertThat(faults.heal(bridge)).as("what the other owns is not counted").isEqualTo(Healing.WHOLE);
        assertThat(engine.cutWays()).hasSize(4);
        assertThat(faults.active()).extracting(ActiveFault::id).containsExactly(ring);
        until("the lease of the other has ended", LATER, s -> s.faults().isEmpty());
        assertThat(engine.reach().cut()).isEmpty();
        whole();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void whatComesAndGoesEndsByItselfAndIsHealedAtAnyTime() throws InterruptedException {
        var ways = List.of(Set.of("worker1"), Set.of("leader1"));
        var flapping = new Fault.Flapping(
                new Fault.NetworkPartition(ways, Optional.empty()), 3, turn(), turn().multipliedBy(2));
        faults.inject(flapping);
        for (int i = 1; i <= 3; i++) {
            // To look at the whole cluster may take longer than a turn.
            await("it is cut", () -> !engine.cutWays().isEmpty());
            await("it is open", () -> engine.cutWays().isEmpty());
            assertThat(faults.active()).hasSize(i < 3 ? 1 : faults.active().size());
        }
        until("it is over", SOON, s -> s.faults().isEmpty());
        String again = faults.inject(flapping);
        assertThat(engine.cutWays()).isNotEmpty();
        assertThat(faults.heal(again)).isEqualTo(Healing.WHOLE);
        assertThat(engine.cutWays()).isEmpty();
        engine.clock().sleep(turn().multipliedBy(5).dividedBy(2));
        assertThat(engine.cutWays()).as("it does not come again").isEmpty();
        whole();
    }
}
