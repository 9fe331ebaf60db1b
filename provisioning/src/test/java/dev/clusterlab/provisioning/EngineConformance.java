package dev.clusterlab.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.ContainerSpec;
import com.github.dockerjava.api.model.EndpointSpec;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.NetworkAttachmentConfig;
import com.github.dockerjava.api.model.PortConfig;
import com.github.dockerjava.api.model.PortConfigProtocol;
import com.github.dockerjava.api.model.ServiceGlobalModeOptions;
import com.github.dockerjava.api.model.ServiceModeConfig;
import com.github.dockerjava.api.model.ServicePlacement;
import com.github.dockerjava.api.model.ServiceReplicatedModeOptions;
import com.github.dockerjava.api.model.ServiceSpec;
import com.github.dockerjava.api.model.SwarmSpec;
import com.github.dockerjava.api.model.TaskSpec;
import dev.clusterlab.provisioning.client.AccessLogs;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.client.LabHttp.Request;
import dev.clusterlab.provisioning.client.LabHttp.Result;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.observe.Belief;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.Islands;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.ObserverService;
import dev.clusterlab.provisioning.observe.Quorum;
import dev.clusterlab.provisioning.observe.Reachability;
import dev.clusterlab.provisioning.observe.ServerStatus;
import dev.clusterlab.provisioning.observe.Told;
import dev.clusterlab.provisioning.traffic.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine must do, said in its contract and in the real protocols only. */
public abstract class EngineConformance {
    static final String NETWORK = "multi-host-net";
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LATER = Duration.ofSeconds(120);

    private Engine engine;
    private FaultService faults;
    private ObserverService observer;
    private DockerClients docker;
    private LabHttp http;
    private final List<ClusterEvent> events = new ArrayList<>();

    protected abstract Engine create();

    /**
     * Whether what one running machine sends arrives at another one. Nothing is asked in return, so that the way back does
     * not matter.
     */
    protected abstract boolean arrives(Way way) throws InterruptedException;

    /** Whether a fault holds before the daemon of a machine that starts can do anything. */
    protected boolean holdsFromTheStart() {
        return true;
    }

    private boolean pauses() {
        return !engine.unsupportedFaults().containsKey(FaultKind.MACHINE_PAUSE);
    }

    @BeforeEach
    void start() {
        engine = create();
        faults = new FaultService(engine, System::nanoTime);
        observer = ObserverService.of(engine, faults);
        observer.onSnapshot((snapshot, news) -> events.addAll(news));
        docker = new DockerClients(engine);
        http = new LabHttp(engine);
    }

    /** Called once the engine of a test is closed. */
    protected void afterClose() {}

    @AfterEach
    void close() {
        http.close();
        docker.close();
        observer.close();
        faults.close();
        engine.close();
        afterClose();
    }

    // ---- words of the field

    protected void machines(String... names) {
        engine.createMachines(List.of(names));
    }

    private String ip(String machine) {
        return engine.machine(machine).orElseThrow().ip();
    }

    void swarm(String manager, String... workers) {
        docker.of(manager)
                .call(client -> client.initializeSwarmCmd(new SwarmSpec())
                        .withAdvertiseAddr(ip(manager))
                        .withListenAddr("0.0.0.0:2377")
                        .exec());
        for (String worker : workers) {
            join(worker, manager, "Worker");
        }
    }

    void join(String machine, String manager, String role) {
        String token = docker.of(manager)
                .getJson("/swarm")
                .path("JoinTokens")
                .path(role)
                .asText();
        docker.of(machine)
                .call(client -> client.joinSwarmCmd()
                        .withRemoteAddrs(List.of(ip(manager) + ":2377"))
                        .withJoinToken(token)
                        .withAdvertiseAddr(ip(machine))
                        .withListenAddr("0.0.0.0:2377")
                        .exec());
    }

    void overlay(String manager) {
        docker.of(manager)
                .call(client -> client.createNetworkCmd()
                        .withName(NETWORK)
                        .withDriver("overlay")
                        .withIpam(new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet("10.1.9.0/24")))
                        .exec());
    }

    /** @param replicas 0 for global mode */
    void service(
            String manager,
            String name,
            String image,
            int replicas,
            Map<Integer, Integer> ports,
            List<String> environment,
            List<String> constraints,
            String... arguments) {
        var container = new ContainerSpec()
                .withImage(image)
                .withArgs(List.of(arguments))
                .withEnv(environment);
        var mode = replicas == 0
                ? new ServiceModeConfig().withGlobal(new ServiceGlobalModeOptions())
                : new ServiceModeConfig().withReplicated(new ServiceReplicatedModeOptions().withReplicas(replicas));
        var published = ports.entrySet().stream()
                .map(e -> new PortConfig()
                        .withPublishedPort(e.getKey())
                        .withTargetPort(e.getValue())
                        .withProtocol(PortConfigProtocol.TCP))
                .toList();
        var task = new TaskSpec()
                .withContainerSpec(container)
                .withPlacement(new ServicePlacement().withConstraints(constraints))
                .withNetworks(List.of(new NetworkAttachmentConfig().withTarget(NETWORK)));
        var spec = new ServiceSpec()
                .withName(name)
                .withMode(mode)
                .withTaskTemplate(task)
                .withEndpointSpec(new EndpointSpec().withPorts(published));
        engine.provideImage(image);
        ServicePlan plan = ServicePlan.of(LoopbackHttp.JSON.valueToTree(spec), engine.abilities());
        docker.of(manager).postJson("/services/create", plan.specification());
    }

    protected ClusterSnapshot until(String what, Duration limit, Predicate<ClusterSnapshot> condition)
            throws InterruptedException {
        boolean held = engine.clock().await(() -> condition.test(observer.observe()), limit);
        assertThat(held)
                .as("%s within %s; seen: %s", what, limit, observer.latest())
                .isTrue();
        return observer.latest();
    }

    static Predicate<ClusterSnapshot> running(String service, int tasks) {
        return s -> s.swarm()
                .flatMap(w -> w.service(service))
                .map(v -> v.running() == tasks && v.replicas() == tasks)
                .orElse(false);
    }

    static Predicate<ClusterSnapshot> node(String hostname, NodeState state) {
        return s ->
                s.swarm().flatMap(w -> w.node(hostname)).map(NodeView::state).equals(Optional.of(state));
    }

    private static final String BIND =
            "-bind={{ GetPrivateInterfaces | include \"network\" \"10.1.9.0/24\" | attr \"address\" }}";

    /** A Consul server that needs no other. */
    private void firstConsul(String manager, String name, int published, String hostname) throws InterruptedException {
        service(
                manager,
                name,
                "hashicorp/consul:1.20",
                1,
                Map.of(published, 8500),
                List.of(),
                List.of("node.hostname == " + hostname),
                "agent",
                "-server",
                "-bootstrap-expect=1",
                "-ui",
                "-client=0.0.0.0",
                BIND);
        until(name + " runs", LATER, running(name, 1));
    }

    /** @param checkInterval as ISO 8601 has it */
    private void hello(String manager, String consul, String checkInterval) throws InterruptedException {
        service(
                manager,
                "web",
                "clusterlab/hello",
                3,
                Map.of(),
                List.of(
                        "CONSUL_HOST=" + consul,
                        "CONSUL_PORT=8500",
                        "NETWORK=10.1.9",
                        "SERVICE_NAME=democonsul",
                        "SERVICE_TAGS=foo=bar,baz",
                        "CHECK_INTERVAL=" + checkInterval),
                List.of());
        until(
                "three healthy instances",
                LATER,
                s -> s.consul().map(c -> c.healthy("democonsul").size() == 3).orElse(false));
    }

    /** One on each manager, and each routes to every instance in the end. */
    private void traefik(String manager, String consul, int managers, String refreshInterval)
            throws InterruptedException {
        service(
                manager,
                "traefik",
                "traefik:v3",
                0,
                Map.of(80, 80, 8080, 8080),
                List.of(),
                List.of("node.role == manager"),
                "--providers.consulcatalog=true",
                "--providers.consulcatalog.endpoint.address=" + consul + ":8500",
                "--providers.consulcatalog.refreshinterval=" + refreshInterval,
                "--providers.consulcatalog.defaultrule=Host(`{{ .Name }}.localhost`)",
                "--entrypoints.web.address=:80",
                "--api.insecure=true",
                "--accesslog.filters.statuscodes=400-599",
                "--accesslog.fields.headers.names.User-Agent=keep");
        until(
                "Traefik routes to three servers",
                LATER,
                s -> s.traefik().stream()
                                .flatMap(t -> t.services().stream())
                                .filter(v -> v.name().startsWith("democonsul")
                                        && v.servers().size() == 3)
                                .count()
                        == managers);
    }

    /** The whole lab: Consul, hello and Traefik on one manager and two workers. */
    void platform() throws InterruptedException {
        machines("leader1", "worker1", "worker2");
        swarm("leader1", "worker1", "worker2");
        overlay("leader1");
        firstConsul("leader1", "consul-leader", 8501, "leader1");
        service(
                "leader1",
                "consul-nodes",
                "hashicorp/consul:1.20",
                0,
                Map.of(8500, 8500),
                List.of(),
                List.of(),
                "agent",
                "-server",
                "-retry-join=tasks.consul-leader",
                "-retry-interval=2s",
                "-client=0.0.0.0",
                BIND);
        until(
                "four Consul members",
                LATER,
                s -> s.consul()
                        .map(c -> c.members().size() == 4 && !c.leader().isEmpty())
                        .orElse(false));
        hello("leader1", "consul-nodes", "PT15S");
        traefik("leader1", "consul-nodes", 1, "15s");
    }

    private Result ask() {
        return ask("leader1", Duration.ofSeconds(40));
    }

    private Result ask(String machine, Duration timeout) {
        return http.send(Request.get("http://" + ip(machine) + "/")
                .withHeader("Host", "democonsul.localhost")
                .withTimeout(timeout));
    }

    private boolean answered(String machine, int times) {
        for (int i = 0; i < times; i++) {
            // A server whose machine is lost is waited for by Traefik longer than this.
            if (!(ask(machine, Duration.ofSeconds(4)) instanceof Result.Answer answer && answer.status() == 200)) {
                return false;
            }
        }
        return true;
    }

    private void threeManagers() throws InterruptedException {
        machines("leader1", "leader2", "leader3");
        swarm("leader1");
        join("leader2", "leader1", "Manager");
        join("leader3", "leader1", "Manager");
        until(
                "three managers",
                SOON,
                s -> s.swarm()
                        .map(w -> w.nodes().stream()
                                        .filter(n -> n.reachability() == Reachability.REACHABLE)
                                        .count()
                                == 3)
                        .orElse(false));
        // The last one is reachable a little before it has the log, without which it makes nobody a leader.
        engine.clock().sleep(Duration.ofSeconds(1));
    }

    /** Sends something on every way between these machines, and says on which it was lost. */
    private SortedSet<Way> lost(String... machines) throws InterruptedException {
        var lost = new TreeSet<Way>();
        for (String from : machines) {
            for (String to : machines) {
                var way = new Way(from, to);
                if (!from.equals(to) && !arrives(way)) {
                    lost.add(way);
                }
            }
        }
        return lost;
    }

    // ---- capabilities

    @Test
    void createsMachinesThatAnswer() {
        machines("leader1", "worker1");
        assertThat(engine.machines()).extracting(Machine::name).containsExactly("leader1", "worker1");
        assertThat(engine.machine("leader1").orElseThrow().ip()).matches("192\\.168\\.[0-9]+\\.100");
        assertThat(docker.of("leader1").getJson("/info").path("Name").asText()).isEqualTo("leader1");
        assertThatThrownBy(() -> engine.createMachine("leader1"))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.CONFLICT));
        assertThatThrownBy(() -> engine.createMachine("Not A Name"))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.INPUT));
        assertThatThrownBy(() -> engine.killMachine("nobody"))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.NOT_FOUND));
    }

    @Test
    void stopsStartsAndRemovesMachines() {
        machines("leader1");
        engine.stopMachine("leader1");
        assertThat(engine.machine("leader1").orElseThrow().state()).isEqualTo(Machine.State.STOPPED);
        assertThat(engine.machine("leader1").orElseThrow().dockerEndpoint()).isEmpty();
        engine.startMachine("leader1");
        assertThat(docker.of("leader1").getJson("/info").path("Name").asText()).isEqualTo("leader1");
        engine.removeMachine("leader1");
        assertThat(engine.machines()).isEmpty();
    }

    @Test
    void observesASwarmBeingBuilt() throws InterruptedException {
        machines("leader1", "worker1", "worker2");
        swarm("leader1", "worker1", "worker2");
        ClusterSnapshot snapshot = until(
                "three ready nodes",
                SOON,
                s -> s.swarm()
                        .map(w -> w.nodes().stream()
                                        .filter(n -> n.state() == NodeState.READY)
                                        .count()
                                == 3)
                        .orElse(false));
        assertThat(snapshot.swarm().map(SwarmView::leader)).contains("leader1");
        overlay("leader1");
        until(
                "the network",
                SOON,
                s -> s.swarm().orElseThrow().networks().stream()
                        .anyMatch(n -> n.name().equals(NETWORK) && n.subnet().equals("10.1.9.0/24")));
        service("leader1", "web", "busybox", 6, Map.of(), List.of(), List.of(), "sleep", "1d");
        snapshot = until("six tasks", SOON, running("web", 6));
        assertThat(snapshot.swarm().orElseThrow().tasksOf("web").stream().map(TaskView::nodeHostname))
                .containsExactlyInAnyOrder("leader1", "leader1", "worker1", "worker1", "worker2", "worker2");
        assertThat(events).extracting(Told::facts).contains("ServiceRunning service=web running=6 wanted=6");
    }

    @Test
    void replacesTheTasksOfAKilledMachineAndSaysWhy() throws InterruptedException {
        machines("leader1", "worker1", "worker2");
        swarm("leader1", "worker1", "worker2");
        overlay("leader1");
        service("leader1", "web", "busybox", 3, Map.of(), List.of(), List.of(), "sleep", "1d");
        until("three tasks", SOON, running("web", 3));
        faults.inject(new Fault.MachineKill("worker2"));
        until("worker2 down", LATER, node("worker2", NodeState.DOWN));
        until("three tasks again", LATER, running("web", 3));
        assertThat(events).anySatisfy(e -> {
            assertThat(e)
                    .isInstanceOfSatisfying(
                            ClusterEvent.TaskStarted.class,
                            started -> assertThat(started.movedFrom()).isEqualTo("worker2"));
            assertThat(Told.causes(e, events))
                    .endsWith("NodeStateChanged worker2 ← MachineStateChanged worker2 ← fault-1");
        });
        engine.startMachine("worker2");
        until("worker2 ready", LATER, node("worker2", NodeState.READY));
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void replacesAKilledContainer() throws InterruptedException {
        machines("leader1");
        swarm("leader1");
        overlay("leader1");
        service("leader1", "web", "busybox", 1, Map.of(), List.of(), List.of(), "sleep", "1d");
        ClusterSnapshot snapshot = until("one task", SOON, running("web", 1));
        TaskView task = snapshot.swarm().orElseThrow().tasksOf("web").get(0);
        faults.inject(new Fault.ContainerKill("leader1", task.containerId()));
        until(
                "another task",
                SOON,
                s -> s.swarm().orElseThrow().tasksOf("web").stream()
                        .anyMatch(t -> t.live() && !t.id().equals(task.id())));
        assertThat(events)
                .anySatisfy(e -> assertThat(e).isInstanceOfSatisfying(ClusterEvent.TaskFailed.class, failed -> {
                    assertThat(failed.task().name()).isEqualTo("web.1");
                    assertThat(failed.node()).isEqualTo("leader1");
                    assertThat(failed.error()).contains("137");
                }));
    }

    @Test
    void faultsEndWithTheirLease() throws InterruptedException {
        machines("leader1", "worker1");
        swarm("leader1", "worker1");
        overlay("leader1");
        service(
                "leader1",
                "web",
                "busybox",
                1,
                Map.of(),
                List.of(),
                List.of("node.hostname == leader1"),
                "sleep",
                "1d");
        ClusterSnapshot snapshot = until("one task", SOON, running("web", 1));
        String container = snapshot.swarm().orElseThrow().tasksOf("web").get(0).containerId();
        faults.inject(new Fault.ContainerPause("leader1", container, Duration.ofSeconds(7)));
        if (pauses()) {
            faults.inject(new Fault.MachinePause("worker1", Optional.of(Duration.ofSeconds(40))));
            assertThat(engine.machine("worker1").orElseThrow().state()).isEqualTo(Machine.State.PAUSED);
            assertThat(observer.observe().faults()).hasSize(2);
        }
        until("the container is paused", SOON, s -> state(s, "leader1", container) == ContainerState.PAUSED);
        until("the container runs", SOON, s -> state(s, "leader1", container) == ContainerState.RUNNING);
        if (pauses()) {
            until("worker1 down", SOON, node("worker1", NodeState.DOWN));
            until("worker1 ready", LATER, node("worker1", NodeState.READY));
        }
        assertThat(observer.observe().faults()).isEmpty();
    }

    @Test
    void aFaultThatIsExtendedEndsWithItsLongerLease() throws InterruptedException {
        machines("leader1");
        assumeTrue(pauses(), "no machine can be frozen here");
        String id = faults.inject(new Fault.MachinePause("leader1", Optional.of(Duration.ofSeconds(10))));
        Instant first = faults.active().getFirst().until().orElseThrow();
        Instant longer = faults.extend(id, Duration.ofSeconds(15)).until().orElseThrow();
        assertThat(longer).isEqualTo(first.plusSeconds(15));
        until(
                "everybody knows",
                SOON,
                s -> s.faults().stream().anyMatch(f -> f.until().equals(Optional.of(longer))));
        engine.clock().sleep(Duration.between(engine.clock().now(), first.plusSeconds(2)));
        assertThat(engine.machine("leader1").orElseThrow().state()).isEqualTo(Machine.State.PAUSED);
        until("it is over", LATER, s -> s.faults().isEmpty());
        until("it goes on", SOON, s -> engine.machine("leader1").orElseThrow().state() == Machine.State.RUNNING);
        assertThat(engine.clock().now()).isAfterOrEqualTo(longer);
        assertThat(events).anyMatch(ClusterEvent.FaultExtended.class::isInstance);
    }

    private static ContainerState state(ClusterSnapshot snapshot, String machine, String containerId) {
        return snapshot.machine(machine).orElseThrow().containers().stream()
                .filter(c -> c.id().equals(containerId))
                .map(ClusterSnapshot.ContainerView::state)
                .findFirst()
                .orElse(ContainerState.UNKNOWN);
    }

    @Test
    void seesBothSidesOfAPartition() throws InterruptedException {
        threeManagers();
        String cut = faults.inject(
                new Fault.NetworkPartition(List.of(Set.of("leader1"), Set.of("leader2", "leader3")), Optional.empty()));
        ClusterSnapshot split = until(
                "another leader",
                LATER,
                s -> s.swarm()
                        .map(w -> w.hasLeader() && !w.leader().equals("leader1"))
                        .orElse(false));
        assertThat(split.swarm().orElseThrow().leader()).isIn("leader2", "leader3");
        until(
                "leader1 knows that it does not lead",
                LATER,
                s -> !s.machine("leader1").orElseThrow().believedLeader().equals("leader1"));
        faults.heal(cut);
        until(
                "all ready again",
                LATER.multipliedBy(2),
                s -> s.faults().isEmpty()
                        && s.swarm().orElseThrow().hasLeader()
                        && s.machines().stream().allMatch(m -> m.believedReady().size() == 3));
    }

    @Test
    void managersThatHearNobodyHaveLostTheQuorumAlthoughAllAnswer() throws InterruptedException {
        threeManagers();
        assertThat(Islands.of(observer.observe()).all()).hasSize(1);
        String cut = faults.inject(new Fault.NetworkPartition(
                List.of(Set.of("leader1"), Set.of("leader2"), Set.of("leader3")), Optional.empty()));
        ClusterSnapshot split = until(
                "nobody leads, and everybody says so",
                LATER,
                s -> !s.swarm().orElseThrow().hasLeader()
                        && s.machines().stream().allMatch(m -> m.belief().canCommit() == Belief.CanCommit.NO));
        assertThat(split.machines()).allMatch(MachineView::answering);
        assertThat(Quorum.of(split)).contains(new Quorum(3, 3, 1));
        assertThat(Quorum.of(split).orElseThrow().lost()).isTrue();
        assertThat(events)
                .extracting(Told::facts)
                .anySatisfy(facts -> assertThat(facts).startsWith("QuorumLost managers=3 answering=1 needed=2"));
        Islands islands = Islands.of(split);
        assertThat(islands.apart()).isTrue();
        assertThat(islands.all())
                .extracting(Islands.Island::machines)
                .containsExactly(List.of("leader1"), List.of("leader2"), List.of("leader3"));
        assertThat(islands.all())
                .extracting(island -> island.swarm().orElseThrow())
                .containsOnly(new Islands.Side(1, 3, "", false));
        faults.heal(cut);
        until(
                "one leads again, and all say so",
                LATER.multipliedBy(2),
                s -> s.faults().isEmpty()
                        && s.reach().equals(Reach.WHOLE)
                        && s.machines().stream().allMatch(m -> m.belief().canCommit() == Belief.CanCommit.YES));
    }

    @Test
    void seesWhatLivesOnBehindACut() throws InterruptedException {
        machines("leader1", "worker1", "worker2");
        swarm("leader1", "worker1", "worker2");
        overlay("leader1");
        service("leader1", "web", "busybox", 3, Map.of(), List.of(), List.of(), "sleep", "1d");
        until("three tasks", SOON, running("web", 3));
        assertThat(orphans(observer.observe())).isEmpty();
        String cut = faults.inject(
                new Fault.NetworkPartition(List.of(Set.of("leader1", "worker1"), Set.of("worker2")), Optional.empty()));
        ClusterSnapshot split = until(
                "its tasks are given up, and live on", LATER, s -> orphans(s).equals(List.of("worker2")));
        assertThat(split.swarm().orElseThrow().node("worker2").orElseThrow().state())
                .isEqualTo(NodeState.DOWN);
        assertThat(split.reach().cut())
                .containsExactly(
                        new Way("leader1", "worker2"),
                        new Way("worker1", "worker2"),
                        new Way("worker2", "leader1"),
                        new Way("worker2", "worker1"));
        Islands islands = Islands.of(split);
        assertThat(islands.apart()).isTrue();
        assertThat(islands.island("worker2").orElseThrow().swarm()).contains(new Islands.Side(0, 1, "", false));
        assertThat(islands.island("worker1").orElseThrow().swarm()).contains(new Islands.Side(1, 1, "leader1", true));
        assertThat(Islands.managersHeard(split, "worker2")).isEmpty();
        assertThat(Islands.managersHeard(split, "worker1")).containsExactly("leader1");
        faults.heal(cut);
        until(
                "no orphan is left",
                LATER.multipliedBy(2),
                s -> s.faults().isEmpty() && orphans(s).isEmpty() && s.reach().equals(Reach.WHOLE));
    }

    /** The machine of each orphan. */
    private static List<String> orphans(ClusterSnapshot snapshot) {
        return snapshot.machines().stream()
                .flatMap(machine -> machine.containers().stream()
                        .filter(ClusterSnapshot.ContainerView::orphan)
                        .map(container -> machine.machine().name()))
                .toList();
    }

    @Test
    void seesACutOfOneDirection() throws InterruptedException {
        machines("leader1", "worker1", "worker2");
        swarm("leader1", "worker1", "worker2");
        faults.inject(
                new Fault.NetworkOneWay(Set.of("worker1"), Set.of("leader1"), Optional.of(Duration.ofSeconds(120))));
        ClusterSnapshot cut =
                until("one way is cut", SOON, s -> !s.reach().cut().isEmpty());
        assertThat(cut.reach().cut()).containsExactly(new Way("worker1", "leader1"));
        Islands islands = Islands.of(cut);
        assertThat(islands.all()).hasSize(1);
        assertThat(islands.apart()).isFalse();
        assertThat(Islands.managersHeard(cut, "worker1")).isEmpty();
        assertThat(Islands.managersHeard(cut, "worker2")).containsExactly("leader1");
    }

    @Test
    void aCutBelongsToItsFault() throws InterruptedException {
        machines("leader1", "worker1", "worker2");
        swarm("leader1", "worker1", "worker2");
        String[] all = {"leader1", "worker1", "worker2"};
        var leaderToWorker1 = new Way("leader1", "worker1");
        var leaderToWorker2 = new Way("leader1", "worker2");
        var worker1ToLeader = new Way("worker1", "leader1");
        var worker2ToLeader = new Way("worker2", "leader1");
        var worker2ToWorker1 = new Way("worker2", "worker1");
        assertThat(lost(all)).isEmpty();

        // Two that overlap: what the second owns too stays cut when the first ends.
        FaultHandle first =
                engine.begin(EngineFault.Cut.between(List.of(Set.of("worker2"), Set.of("leader1", "worker1"))));
        FaultHandle second =
                engine.begin(EngineFault.Cut.between(List.of(Set.of("leader1"), Set.of("worker1", "worker2"))));
        assertThat(lost(all)).hasSize(6).isEqualTo(engine.cutWays());
        engine.end(first);
        assertThat(lost(all))
                .containsExactly(leaderToWorker1, leaderToWorker2, worker1ToLeader, worker2ToLeader)
                .isEqualTo(engine.cutWays());
        engine.end(first);
        assertThat(lost(all)).hasSize(4);
        assertThat(docker.of("worker2").getJson("/info").path("Name").asText())
                .as("the lab is on no side")
                .isEqualTo("worker2");

        // One direction alone; for a machine that starts again it holds from the beginning: its daemon finds no
        // manager.
        until("worker1 down", LATER, node("worker1", NodeState.DOWN));
        engine.killMachine("worker1");
        FaultHandle oneWay = engine.begin(EngineFault.Cut.oneWay(Set.of("leader1", "worker2"), Set.of("worker1")));
        engine.end(second);
        engine.startMachine("worker1");
        if (holdsFromTheStart()) {
            assertThat(docker.of("leader1")
                            .getJson("/nodes/worker1")
                            .path("Status")
                            .path("State")
                            .asText())
                    .isEqualTo("down");
        }
        assertThat(lost(all)).containsExactly(leaderToWorker1, worker2ToWorker1).isEqualTo(engine.cutWays());
        engine.stopMachine("worker1");
        engine.end(oneWay);
        engine.startMachine("worker1");
        assertThat(lost(all)).isEmpty();
        until("worker1 ready", LATER, node("worker1", NodeState.READY));

        // Frozen meanwhile; and for good: its ways leave every fault, and are not those of a new machine of its name.
        engine.begin(EngineFault.Cut.oneWay(Set.of("leader1"), Set.of("worker1")));
        if (pauses()) {
            engine.pauseMachine("worker1");
        }
        FaultHandle whileFrozen = engine.begin(EngineFault.Cut.oneWay(Set.of("worker2"), Set.of("worker1")));
        if (pauses()) {
            engine.unpauseMachine("worker1");
        }
        assertThat(lost(all)).containsExactly(leaderToWorker1, worker2ToWorker1).isEqualTo(engine.cutWays());
        engine.removeMachine("worker2");
        assertThat(engine.cutWays()).containsExactly(leaderToWorker1);
        machines("worker2");
        assertThat(lost(all)).containsExactly(leaderToWorker1);
        engine.end(whileFrozen);
        assertThat(lost(all)).containsExactly(leaderToWorker1);

        assertThatThrownBy(() -> engine.begin(EngineFault.Cut.oneWay(Set.of("leader1"), Set.of("nobody", "worker2"))))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.NOT_FOUND));
        assertThat(engine.cutWays()).containsExactly(leaderToWorker1);
    }

    @Test
    void keepsWhatItKnewWhenQuorumIsLost() throws InterruptedException {
        machines("leader1", "leader2");
        swarm("leader1");
        join("leader2", "leader1", "Manager");
        until(
                "two managers",
                SOON,
                s -> s.swarm().map(w -> w.nodes().size() == 2).orElse(false));
        faults.inject(new Fault.MachineKill("leader1"));
        ClusterSnapshot lost = until(
                "no leader", LATER, s -> s.swarm().map(w -> !w.hasLeader()).orElse(false));
        assertThat(lost.swarm().orElseThrow().nodes()).hasSize(2);
        faults.inject(new Fault.MachineStart("leader1"));
        until("a leader", LATER, s -> s.swarm().map(SwarmView::hasLeader).orElse(false));
    }

    @Test
    void staysAliveWithoutAQuorum() throws InterruptedException {
        threeManagers();
        overlay("leader1");
        // Consul stands where nothing will be lost: what is tried here is the loss of Swarm's quorum.
        firstConsul("leader1", "consul", 8500, "leader3");
        hello("leader1", "consul", "PT2S");
        traefik("leader1", "consul", 3, "2s");

        faults.inject(new Fault.MachineKill("leader1"));
        faults.inject(new Fault.MachineKill("leader2"));
        ClusterSnapshot lost = until(
                "leader3 says that there is no leader",
                LATER,
                s -> !s.swarm().orElseThrow().hasLeader()
                        && s.machine("leader3").orElseThrow().error().contains("does not have a leader"));
        assertThat(Quorum.of(lost)).contains(new Quorum(3, 1));
        assertThat(lost.swarm().orElseThrow().nodes()).hasSize(3);
        assertThat(lost.machine("leader1").orElseThrow().answering()).isFalse();
        assertThat(lost.machine("leader3").orElseThrow().answering()).isTrue();
        assertThat(events)
                .extracting(Told::facts)
                .anySatisfy(facts -> assertThat(facts).startsWith("QuorumLost managers=3 answering=1 needed=2"));

        assertThat(engine.clock().await(() -> answered("leader3", 5), LATER))
                .as("requests are answered; seen: %s", observer.latest())
                .isTrue();

        // What happens on the machine that is left is seen, from its own daemon.
        String web = lost.machine("leader3").orElseThrow().containers().stream()
                .filter(c -> c.serviceName().equals("web") && c.state() == ContainerState.RUNNING)
                .map(ClusterSnapshot.ContainerView::id)
                .findFirst()
                .orElseThrow();
        faults.inject(new Fault.ContainerPause("leader3", web, Duration.ofSeconds(3)));
        until("its container is frozen", SOON, s -> state(s, "leader3", web) == ContainerState.PAUSED);
        until("its container runs", SOON, s -> state(s, "leader3", web) == ContainerState.RUNNING);

        faults.inject(new Fault.MachineStart("leader1"));
        until("a leader", LATER, s -> s.swarm().orElseThrow().hasLeader());
        assertThat(events)
                .as("told when a leader is seen at the first look, or after a look without one")
                .anySatisfy(e -> assertThat(e).isInstanceOfSatisfying(ClusterEvent.LeaderChanged.class, changed -> {
                    assertThat(changed.group()).isEqualTo(Group.SWARM);
                    assertThat(changed.before()).isEmpty();
                    assertThat(changed.after()).matches("leader[13]");
                }));
    }

    @Test
    @org.junit.jupiter.api.Timeout(value = 3, unit = java.util.concurrent.TimeUnit.MINUTES)
    void answersABlockingQueryWhenItsWaitIsOver() throws InterruptedException {
        machines("leader1");
        swarm("leader1");
        overlay("leader1");
        firstConsul("leader1", "consul", 8500, "leader1");
        until(
                "Consul has a leader",
                SOON,
                s -> s.consul().map(c -> !c.leader().isEmpty()).orElse(false));
        String query = "http://" + ip("leader1") + ":8500/v1/catalog/services?index=9999999&wait=5s";

        Result answered = http.send(Request.get(query).withTimeout(Duration.ofSeconds(20)));
        // Consul adds up to a sixteenth of the wait.
        assertThat(answered).isInstanceOfSatisfying(Result.Answer.class, answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.took()).isBetween(Duration.ofMillis(4_900), Duration.ofMillis(6_500));
        });

        Result cut = http.send(Request.get(query).withTimeout(Duration.ofSeconds(2)));
        assertThat(cut)
                .isInstanceOfSatisfying(
                        Result.NoAnswer.class,
                        none -> assertThat(none.failure()).isEqualTo(dev.clusterlab.shell.curl.CurlFailure.TIMEOUT));
    }

    @Test
    void reachesTheHelloServiceThroughTraefikInTurn() throws InterruptedException {
        platform();
        var instances = new HashSet<String>();
        for (int i = 0; i < 6; i++) {
            Result result = ask();
            assertThat(result).isInstanceOfSatisfying(Result.Answer.class, a -> {
                assertThat(a.status()).isEqualTo(200);
                assertThat(a.text()).startsWith("Hello Docker World on democonsul:instance_");
                instances.add(RequestSample.answered(a.status(), a.text()).instance());
            });
        }
        assertThat(instances).hasSize(3);
        assertThat(((Result.Answer) http.send(Request.get("http://" + ip("leader1") + "/"))).status())
                .isEqualTo(404);
    }

    @Test
    void clientsGetErrorsAndThenRecoveryAfterAMachineIsKilled() throws InterruptedException {
        platform();
        faults.inject(new Fault.MachineKill("worker1"));
        var plan = new ProbePlan(
                2,
                Duration.ofMinutes(5),
                List.of("leader1"),
                ProbePlan.HTTP,
                "/",
                Map.of("Host", "democonsul.localhost"),
                Duration.ofSeconds(40));
        try (Probe probe = Probe.start(engine, observer, plan)) {
            // First, for a request that is lost with the machine may fail only when all is well again.
            until(
                    "Consul misses an instance",
                    LATER,
                    s -> s.consul().map(c -> c.healthy("democonsul").size() < 3).orElse(false));
            assertThat(engine.clock().await(() -> probe.totals().failed() > 0, plan.duration()))
                    .as("some request fails")
                    .isTrue();
            until(
                    "three healthy instances again",
                    LATER,
                    s -> s.consul()
                            .map(c -> c.healthy("democonsul").size() == 3)
                            .orElse(false));
            until(
                    "Traefik has three servers",
                    LATER,
                    s -> s.traefik().stream()
                            .flatMap(t -> t.services().stream())
                            .anyMatch(v -> v.name().startsWith("democonsul")
                                    && v.servers().size() == 3
                                    && !v.servers().containsValue(ServerStatus.DOWN)));
            for (int i = 0; i < 9; i++) {
                assertThat(ask())
                        .isInstanceOfSatisfying(
                                Result.Answer.class, a -> assertThat(a.status()).isEqualTo(200));
            }
        }
        assertThat(observer.observe().traffic().buckets()).isNotEmpty();
    }

    /** Traefik's own access log is the source, and what is told is what stands in it. */
    @Test
    void namesTheServerThatAFailedRequestWasPassedOnTo() throws InterruptedException {
        platform();
        TaskView frozen = observer.observe().swarm().orElseThrow().tasksOf("web").stream()
                .filter(TaskView::live)
                .findFirst()
                .orElseThrow();
        Map<String, RequestSample> failed = new ConcurrentHashMap<>();
        Map<String, String> servers = new ConcurrentHashMap<>();
        observer.onRequest(request -> {
            if (request.failed()) {
                failed.put(request.mark(), request);
                request.server().ifPresent(server -> servers.put(request.mark(), server));
            }
        });
        observer.onServer(servers::put);
        var plan = new ProbePlan(
                6,
                Duration.ofSeconds(4),
                List.of("leader1"),
                ProbePlan.HTTP,
                "/",
                Map.of("Host", "democonsul.localhost"),
                Duration.ofSeconds(1));
        faults.inject(new Fault.ContainerPause(frozen.nodeHostname(), frozen.containerId(), Duration.ofSeconds(20)));
        try (Probe probe = Probe.start(engine, observer, plan)) {
            probe.await();
        }
        assertThat(failed).hasSizeBetween(4, 12);
        assertThat(engine.clock().await(() -> servers.size() == failed.size(), SOON))
                .as("%s of %s", servers, failed.keySet())
                .isTrue();
        assertThat(Set.copyOf(servers.values()))
                .singleElement()
                .asString()
                .matches("http://10\\.1\\.9\\.[0-9]+:[0-9]+");
        try (var logs = new AccessLogs(engine)) {
            assertThat(logs.find(failed.keySet())).isEqualTo(servers);
        }
    }
}
