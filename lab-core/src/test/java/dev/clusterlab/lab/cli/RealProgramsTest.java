package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.Machine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unmodified {@code docker}, {@code consul} and {@code curl} programs build the lab's platform on {@code clusterlab
 * serve}, look at it, and see it survive. One platform grows from test to test, as it does for a person.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealProgramsTest {
    private static final String BIND =
            "-bind={{ GetPrivateInterfaces | include \"network\" \"10.1.9.0/24\" | attr \"address\" }}";

    /** The services of the lab, in its order, as they are typed after {@code docker service create --name NAME}. */
    private static final Map<String, List<String>> SERVICES = services();

    private static Map<String, List<String>> services() {
        var services = new LinkedHashMap<String, List<String>>();
        services.put(
                "visualizer",
                List.of(
                        "--publish",
                        "5050:8080",
                        "--constraint",
                        "node.role==manager",
                        "--mount",
                        "type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock",
                        "dockersamples/visualizer"));
        services.put(
                "consul-leader",
                List.of(
                        "--network",
                        "multi-host-net",
                        "--constraint",
                        "node.hostname==leader1",
                        "--hostname",
                        "consul-leader",
                        "--publish",
                        "8501:8500",
                        "hashicorp/consul",
                        "agent",
                        "-server",
                        "-bootstrap-expect=1",
                        "-ui",
                        "-client=0.0.0.0",
                        BIND));
        services.put(
                "consul-nodes",
                List.of(
                        "--network",
                        "multi-host-net",
                        "--mode",
                        "global",
                        "--hostname",
                        "{{.Node.Hostname}}",
                        "--publish",
                        "mode=host,target=8500,published=8500",
                        "hashicorp/consul",
                        "agent",
                        "-server",
                        "-ui",
                        "-client=0.0.0.0",
                        "-retry-join=consul-leader",
                        "-retry-interval=5s",
                        BIND));
        services.put(
                "web",
                List.of(
                        "--replicas",
                        "2",
                        "--network",
                        "multi-host-net",
                        "--env",
                        "CONSUL_HOST=consul-nodes",
                        "--env",
                        "NETWORK=10.1.9",
                        "clusterlab/hello"));
        services.put(
                "traefik",
                List.of(
                        "--mode",
                        "global",
                        "--network",
                        "multi-host-net",
                        "--constraint",
                        "node.role==manager",
                        "--publish",
                        "mode=host,target=80,published=80",
                        "--publish",
                        "mode=host,target=8080,published=8080",
                        "traefik:v3",
                        "--entrypoints.web.address=:80",
                        "--api.insecure=true",
                        "--providers.consulcatalog.endpoint.address=consul-nodes:8500",
                        "--providers.consulcatalog.defaultrule=Host(`{{ .Name }}.localhost`)",
                        "--providers.consul.endpoints=consul-nodes:8500"));
        return services;
    }

    private ServedLab lab;

    @BeforeAll
    void serve(@TempDir Path folder) {
        ServedLab.needs("docker");
        ServedLab.needs("consul");
        lab = new ServedLab(folder, "leader1,worker1,worker2", 16);
    }

    @AfterAll
    void end() {
        if (lab != null) {
            lab.close();
        }
    }

    private String create(String service, boolean detached) {
        var all = new ArrayList<>(List.of("service", "create", "--name", service));
        if (detached) {
            all.add("--detach");
        }
        all.addAll(SERVICES.get(service));
        return lab.docker("leader1", all.toArray(String[]::new));
    }

    private void untilReplicas(String service, String replicas) {
        ServedLab.until(
                service + " has " + replicas,
                () -> lab.docker("leader1", "service", "ls", "--filter", "name=" + service, "--format", "{{.Replicas}}")
                        .strip()
                        .equals(replicas));
    }

    private int status() {
        String[] lines = lab.curl("leader1", 80, "democonsul.localhost").out().split("\n");
        return Integer.parseInt(lines[lines.length - 1].strip());
    }

    @Test
    @Order(1)
    void dockerTellsOfTheDaemon() {
        assertThat(lab.docker("leader1", "version", "--format", "{{.Server.Version}}"))
                .isNotBlank();
        assertThat(lab.docker("leader1", "info", "--format", "{{.Name}} {{.Swarm.LocalNodeState}}"))
                .isEqualToIgnoringNewLines("leader1 inactive");
        assertThat(lab.dockerFails("leader1", "node", "ls")).contains("This node is not a swarm manager");
        assertThat(lab.dockerFails("leader1", "swarm", "leave")).contains("This node is not part of a swarm");
    }

    @Test
    @Order(2)
    void dockerBuildsASwarm() {
        String printed = lab.docker("leader1", "swarm", "init", "--advertise-addr", lab.ip("leader1"));
        assertThat(printed).contains("is now a manager", "docker swarm join --token SWMTKN-1-");
        assertThat(lab.dockerFails("leader1", "swarm", "init")).contains("This node is already part of a swarm");
        String token =
                lab.docker("leader1", "swarm", "join-token", "-q", "worker").strip();
        String remote = lab.ip("leader1") + ":2377";
        String wrong = token.substring(0, token.length() - 3) + "abc";
        assertThat(lab.dockerFails("worker1", "swarm", "join", "--token", wrong, remote))
                .contains("A valid join token is necessary to join this cluster");
        assertThat(lab.dockerFails("worker1", "swarm", "join", "--token", "nonsense", remote))
                .contains("invalid join token");
        for (String worker : List.of("worker1", "worker2")) {
            assertThat(lab.docker(worker, "swarm", "join", "--token", token, remote))
                    .contains("This node joined a swarm as a worker.");
        }
        assertThat(lab.dockerFails("worker1", "swarm", "join", "--token", token, remote))
                .contains("This node is already part of a swarm");
        assertThat(lab.docker("leader1", "node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}"))
                .contains("leader1 Leader", "worker1", "worker2");
        assertThat(lab.docker("leader1", "node", "inspect", "self", "--pretty")).contains("Leader:", "leader1");
        assertThat(lab.dockerFails("worker1", "node", "ls")).contains("Worker nodes can't be used to view or modify");
    }

    @Test
    @Order(3)
    void dockerMakesLooksAtAndRemovesNetworks() {
        lab.docker("leader1", "network", "create", "-d", "overlay", "--subnet", "10.1.9.0/24", "multi-host-net");
        assertThat(lab.docker("leader1", "network", "ls", "--format", "{{.Name}} {{.Driver}} {{.Scope}}"))
                .contains("multi-host-net overlay swarm", "ingress overlay swarm", "bridge bridge local");
        assertThat(lab.docker("leader1", "network", "inspect", "multi-host-net"))
                .contains("\"Subnet\": \"10.1.9.0/24\"", "\"Gateway\": \"10.1.9.1\"");
        assertThat(lab.dockerFails("leader1", "network", "create", "-d", "overlay", "--subnet", "10.1.9", "bad"))
                .containsIgnoringCase("invalid");
        assertThat(lab.dockerFails("leader1", "network", "create", "-d", "overlay", "multi-host-net"))
                .contains("already exists");
        lab.docker("leader1", "network", "create", "-d", "overlay", "spare");
        lab.docker("leader1", "network", "rm", "spare");
        assertThat(lab.dockerFails("leader1", "network", "inspect", "spare")).contains("not found");
    }

    @Test
    @Order(4)
    void dockerWaitsUntilTheServicesOfTheLabHaveConverged() {
        List<CompletableFuture<String>> waiting = SERVICES.keySet().stream()
                .map(name -> CompletableFuture.supplyAsync(() -> create(name, false), Thread::startVirtualThread))
                .toList();
        assertThat(waiting).allSatisfy(waited -> assertThat(waited.join()).contains("converged"));
        lab.docker("leader1", "service", "rm", "visualizer", "consul-leader", "consul-nodes", "web", "traefik");
        for (String machine : List.of("leader1", "worker1", "worker2")) {
            ServedLab.until(
                    "no container is left on " + machine,
                    () -> lab.docker(machine, "ps", "-aq").isBlank());
        }
    }

    @Test
    @Order(5)
    void dockerCreatesTheServicesOfTheLabWithoutWaiting() {
        SERVICES.keySet().forEach(name -> create(name, true));
        for (String service :
                List.of("visualizer 1/1", "consul-leader 1/1", "consul-nodes 3/3", "web 2/2", "traefik 1/1")) {
            String[] parts = service.split(" ");
            untilReplicas(parts[0], parts[1]);
        }
        assertThat(lab.docker("leader1", "service", "ps", "web", "--format", "{{.Name}} {{.CurrentState}}"))
                .contains("web.1 Running", "web.2 Running");
        assertThat(lab.docker("leader1", "service", "inspect", "--pretty", "web"))
                .contains("clusterlab/hello", "CONSUL_HOST=consul-nodes");
        assertThat(lab.dockerFails("leader1", "service", "create", "--name", "web", "nginx"))
                .contains("name conflicts with an existing object: service web already exists");
        String pinned = lab.docker(
                        "leader1",
                        "service",
                        "inspect",
                        "--format",
                        "{{.Spec.TaskTemplate.ContainerSpec.Image}}",
                        "traefik")
                .strip();
        assertThat(lab.docker("leader1", "images", "--digests", "--format", "{{.Repository}}:{{.Tag}}@{{.Digest}}"))
                .as("the machine shows the digest that the service was pinned to")
                .contains(pinned);
        ServedLab.until(
                "web has logged",
                () -> lab.docker("leader1", "service", "logs", "web").contains("Registered in Consul"));
    }

    @Test
    @Order(6)
    void theConsulProgramSeesTheCluster() {
        ServedLab.until(
                "four members are alive",
                () -> lab.consul("leader1", 8500, "members")
                                .lines()
                                .filter(line -> line.contains("alive"))
                                .count()
                        == 4);
        assertThat(lab.consul("leader1", 8500, "catalog", "nodes")).contains("worker1", "worker2", "10.1.9.");
        ServedLab.until(
                "democonsul is registered",
                () -> lab.consul("worker1", 8500, "catalog", "services").contains("democonsul"));
        lab.consul("leader1", 8500, "kv", "put", "lab/colour", "green");
        assertThat(lab.consul("worker2", 8500, "kv", "get", "lab/colour")).isEqualToIgnoringNewLines("green");
        lab.consul("worker1", 8500, "kv", "delete", "lab/colour");
        assertThat(lab.consul("leader1", 8501, "operator", "raft", "list-peers"))
                .contains("leader", "consul-leader");
        assertThat(lab.consul("leader1", 8500, "info")).contains("consul:", "raft:");
    }

    @Test
    @Order(7)
    void curlReachesOneInstanceAfterTheOther() {
        ServedLab.until("Traefik answers", () -> status() == 200);
        ServedLab.until("two instances answer", () -> {
            var instances = new TreeSet<String>();
            for (int i = 0; i < 4; i++) {
                String answer = lab.curl("leader1", 80, "democonsul.localhost").out();
                instances.add(answer);
                assertThat(answer).startsWith("Hello Docker World on democonsul:instance_");
            }
            return instances.size() == 2;
        });
        assertThat(lab.curl("leader1", 80, "nobody.localhost").out()).contains("404 page not found");
        assertThat(lab.body("leader1", 8080, "/api/http/routers")).contains("democonsul.localhost");
        assertThat(lab.status("worker2", 5050, "/")).isEqualTo(200);
    }

    @Test
    @Order(8)
    void dockerWorksOnContainers() {
        String id =
                lab.docker("leader1", "ps", "-q", "--filter", "name=traefik").strip();
        assertThat(lab.docker("leader1", "ps")).contains("traefik:v3", "0.0.0.0:80->80/tcp");
        assertThat(lab.docker("leader1", "inspect", "--format", "{{.State.Status}}", id))
                .isEqualToIgnoringNewLines("running");
        String agent = lab.docker("leader1", "ps", "-q", "--filter", "name=consul-nodes")
                .strip();
        assertThat(lab.docker("leader1", "logs", "--tail", "50", agent)).contains("agent");
        assertThat(lab.docker("leader1", "run", "--rm", "busybox", "echo", "hello"))
                .isEqualToIgnoringNewLines("hello");
        lab.docker("leader1", "run", "-d", "--name", "box", "busybox", "sleep", "1000");
        assertThat(lab.docker("leader1", "exec", "box", "sh", "-c", "echo one; echo two"))
                .contains("one", "two");
        lab.docker("leader1", "stop", "-t", "1", "box");
        assertThat(lab.dockerFails("leader1", "exec", "box", "true")).contains("is not running");
        lab.docker("leader1", "start", "box");
        lab.docker("leader1", "kill", "box");
        assertThat(lab.docker("leader1", "inspect", "--format", "{{.State.ExitCode}}", "box"))
                .isEqualToIgnoringNewLines("137");
        lab.docker("leader1", "rm", "box");
        assertThat(lab.dockerFails("leader1", "inspect", "box")).containsIgnoringCase("no such object");
        // The engine's clock runs faster than the client's, so its own present is the end.
        String now =
                lab.docker("leader1", "info", "--format", "{{.SystemTime}}").strip();
        assertThat(lab.docker("leader1", "events", "--since", "1h", "--until", now, "--filter", "container=box"))
                .contains("container start", "container kill", "container die", "container destroy");
        assertThat(lab.tryDocker("leader1", "run", "nobody/nothing").all())
                .contains("lookup registry-1.docker.io: no such host");
    }

    @Test
    @Order(9)
    void dockerScalesUpdatesAndRemovesServices() {
        lab.docker("leader1", "service", "scale", "--detach", "web=6");
        untilReplicas("web", "6/6");
        lab.docker(
                "leader1",
                "service",
                "update",
                "--detach",
                "--update-parallelism",
                "0",
                "--env-add",
                "COLOUR=green",
                "web");
        ServedLab.until(
                "all six tasks have the new variable",
                () -> lab.docker("leader1", "service", "inspect", "--format", "{{.UpdateStatus.State}}", "web")
                        .strip()
                        .equals("completed"));
        untilReplicas("web", "6/6");
        lab.docker("leader1", "service", "rm", "visualizer");
        assertThat(lab.dockerFails("leader1", "service", "ps", "visualizer")).contains("no such service");
        assertThat(lab.dockerFails("leader1", "network", "rm", "multi-host-net"))
                .contains("is in use by service");
    }

    @Test
    @Order(10)
    void dockerPromotesDemotesLabelsAndRemovesNodes() {
        assertThat(lab.docker("leader1", "node", "promote", "worker1"))
                .contains("Node worker1 promoted to a manager in the swarm.");
        ServedLab.until(
                "worker1 is reachable",
                () -> lab.docker("leader1", "node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}")
                        .contains("worker1 Reachable"));
        lab.docker("leader1", "node", "update", "--label-add", "zone=east", "worker2");
        assertThat(lab.docker("leader1", "node", "inspect", "--format", "{{.Spec.Labels}}", "worker2"))
                .contains("zone:east");
        lab.docker("leader1", "node", "demote", "worker1");
        ServedLab.until(
                "worker1 is a worker",
                () -> !lab.docker("leader1", "node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}")
                        .contains("worker1 Reachable"));
        assertThat(lab.dockerFails("leader1", "node", "demote", "leader1"))
                .contains("attempting to demote the last manager of the swarm");
        assertThat(lab.dockerFails("leader1", "node", "rm", "worker2")).contains("is not down and can't be removed");
    }

    @Test
    @Order(11)
    void aKilledContainerCostsAFew502sAndThenAllIsWellAgain() {
        untilRouted();
        slowly();
        String container = lab.docker("leader1", "ps", "-q", "--filter", "name=web.")
                .lines()
                .findFirst()
                .orElseThrow();
        lab.docker("leader1", "kill", container);
        assertThat(burst()).as("one of six refuses, the others answer").contains(200, 502);
        quickly();
        untilAllIsWell();
    }

    @Test
    @Order(12)
    void aKilledMachineCostsAFewRequestsAndThenAllIsWellAgain() {
        untilRouted();
        slowly();
        lab.type("docker-machine kill worker2");
        ServedLab.until(
                "the command typed into serve is done",
                () -> lab.environment()
                                .engine()
                                .machine("worker2")
                                .orElseThrow()
                                .state()
                        == Machine.State.KILLED);
        assertThat(burst())
                .as("what went to the dead machine fails at the gateway, the others answer")
                .contains(200)
                .containsAnyOf(502, 504);
        quickly();
        untilAllIsWell();
        ServedLab.until(
                "worker2 is down",
                () -> lab.docker("leader1", "node", "ls", "--format", "{{.Hostname}} {{.Status}}")
                        .contains("worker2 Down"));
        lab.docker("leader1", "node", "rm", "worker2");
        assertThat(lab.docker("leader1", "node", "ls")).doesNotContain("worker2");
        assertThat(lab.docker("worker1", "swarm", "leave")).contains("Node left the swarm.");
        assertThat(lab.dockerFails("leader1", "swarm", "leave"))
                .contains("You are attempting to leave the swarm on a node that is participating as a manager");
    }

    /** Statuses of twelve requests at the same time: two for each of six instances. */
    private Set<Integer> burst() {
        List<CompletableFuture<Integer>> requests = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(this::status, Thread::startVirtualThread))
                .toList();
        return requests.stream().map(CompletableFuture::join).collect(Collectors.toCollection(TreeSet::new));
    }

    private void untilRouted() {
        ServedLab.until(
                "exactly six instances are routed to",
                () -> lab.json("leader1", 8080, "/api/http/services").findParents("serverStatus").stream()
                                .filter(service -> service.path("name").asText().startsWith("democonsul@"))
                                .mapToInt(
                                        service -> service.path("serverStatus").size())
                                .sum()
                        == 6);
    }

    private void untilAllIsWell() {
        ServedLab.until("twelve good answers at once", () -> burst().equals(Set.of(200)));
    }

    /** Slow enough that what a client meets after a loss is over only when the client has met it. */
    private void slowly() {
        lab.environment().engine().clock().setPace(new EngineClock.Pace.Times(4));
    }

    private void quickly() {
        lab.environment().engine().clock().setPace(new EngineClock.Pace.Times(16));
    }
}
