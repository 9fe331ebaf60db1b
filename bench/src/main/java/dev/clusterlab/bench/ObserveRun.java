package dev.clusterlab.bench;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.NodeState;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * How late the lab sees what a daemon tells. Real machines are changed in many ways; for each change the arrival of the
 * daemon's own event on a stream independent of the lab's is compared with the moment at which the observer's snapshot
 * holds the change, on the same clock.
 *
 * <p>Argument: rounds (default 6); each changes something in every way once.
 */
public final class ObserveRun {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final List<String> MACHINES = List.of("m1", "m2", "m3", "w1", "w2");

    private final LabEnvironment environment;
    private final PrintStream out;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Lateness lateness = new Lateness();
    private final Random random = new Random(1);
    private int containers;

    private ObserveRun(LabEnvironment environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
        var options = new LabEnvironment.Options("docker", 1, false, 1);
        try (LabEnvironment environment = LabEnvironment.standard(options, new CheckLanguage())) {
            new ObserveRun(environment, System.out).run(rounds);
        }
    }

    private void run(int rounds) throws Exception {
        environment.observer().onSnapshot((snapshot, events) -> lateness.snapshot(snapshot));
        environment.observer().follow();
        out.println("bringing up " + MACHINES);
        environment.engine().createMachines(MACHINES);
        shell("""
                eval "$(docker-machine env m1)"
                docker swarm init --advertise-addr $(docker-machine ip m1)
                worker=$(docker swarm join-token -q worker)
                manager=$(docker swarm join-token -q manager)
                remote=$(docker-machine ip m1):2377
                for i in m2 m3; do docker -H tcp://$(docker-machine ip $i):2375 swarm join --token $manager $remote; done
                for i in w1 w2; do docker -H tcp://$(docker-machine ip $i):2375 swarm join --token $worker $remote; done
                docker network create --driver overlay --subnet 10.1.9.0/24 multi-host-net
                docker service create -d --name web --replicas 6 busybox sleep 1d
                docker service create -d --name consul --network multi-host-net --constraint node.hostname==m1 \\
                  --publish mode=host,target=8500,published=8500 \\
                  hashicorp/consul agent -server -bootstrap-expect=1 -client=0.0.0.0 \\
                  -bind='{{ GetPrivateInterfaces | include "network" "10.1.9.0/24" | attr "address" }}'
                """);
        until("the services run", s -> running(s, "web") == 6 && running(s, "consul") == 1);
        until("Consul leads", s -> s.consul().map(c -> !c.leader().isEmpty()).orElse(false));
        try (var events = new DaemonEvents(environment.engine(), MACHINES, lateness)) {
            for (int round = 1; round <= rounds; round++) {
                out.println("round " + round);
                containerKilled();
                serviceScaled(6 + round % 2);
                nodeSet("w2", "pause");
                nodeSet("w2", "active");
                nodeSet("w1", "drain");
                nodeSet("w1", "active");
                networkCreated("net" + round);
                instanceRegistered(round);
                instanceDeregistered(round);
                until("the tasks run", s -> running(s, "web") >= 6);
                if (round % 2 == 0) {
                    machineKilled("w2", events);
                }
            }
            out.println("with a daemon that hangs");
            events.daemonSignal("w2", "STOP");
            for (int round = 1; round <= rounds; round++) {
                containerCreated(events, "w1", "while a daemon hangs: container created elsewhere");
            }
            until("w2 is marked", s -> !s.machine("w2").orElseThrow().answering());
            for (int round = 1; round <= rounds; round++) {
                containerCreated(events, "w1", "while a daemon is given up: container created elsewhere");
            }
            events.daemonSignal("w2", "CONT");
            until("w2 answers", s -> s.machine("w2").orElseThrow().answering());
            out.println("without the leader");
            String leader = leader();
            lateness.expect(
                    "leader killed: its machine",
                    e -> e.is("host", "container", "die", leader),
                    s -> s.machine(leader).orElseThrow().machine().state() == Machine.State.KILLED);
            shell("docker-machine kill " + leader);
            lateness.await(LIMIT);
            for (int round = 1; round <= rounds; round++) {
                containerCreated(events, "w1", "after the leader's loss: container created on a worker");
            }
            until("another leads", s -> !leader().isEmpty() && !leader().equals(leader));
            containerCreated(events, "w1", "after the election: container created on a worker");
        }
        lateness.print(out);
    }

    private String leader() {
        return environment.observer().latest().swarm().orElseThrow().leader();
    }

    // ---- the changes

    private void containerCreated(DaemonEvents events, String machine, String kind) throws InterruptedException {
        String name = "probe" + containers++;
        lateness.expect(
                kind,
                e -> e.is(machine, "container", "create", ""),
                s -> s.machine(machine).orElseThrow().containers().stream()
                        .anyMatch(c -> c.name().equals(name)));
        events.createContainer(machine, name);
        lateness.await(LIMIT);
    }

    /** What earlier changes set going must not bring the next one into the snapshot; at no fixed phase of any timer. */
    private void quiet() throws InterruptedException {
        Thread.sleep(1500 + random.nextInt(1000));
    }

    private void containerKilled() throws InterruptedException {
        quiet();
        TaskView task = environment.observer().latest().swarm().orElseThrow().tasksOf("web").stream()
                .filter(TaskView::live)
                .findFirst()
                .orElseThrow();
        String id = task.containerId();
        lateness.expect(
                "container killed: its state",
                e -> e.is(task.nodeHostname(), "container", "die", id),
                s -> container(s, task.nodeHostname(), id)
                        .map(state -> state != ContainerState.RUNNING)
                        .orElse(true));
        lateness.expect(
                "container killed: its task (no event of Swarm's)",
                e -> e.is(task.nodeHostname(), "container", "die", id),
                s -> s.swarm().orElseThrow().tasks().stream().noneMatch(t -> t.id().equals(task.id()) && t.live()));
        shell("docker -H tcp://$(docker-machine ip " + task.nodeHostname() + "):2375 kill " + id);
        lateness.await(LIMIT);
    }

    private void serviceScaled(int replicas) throws InterruptedException {
        quiet();
        lateness.expect(
                "service scaled",
                e -> e.is("", "service", "update", ""),
                s -> s.swarm()
                        .flatMap(w -> w.service("web"))
                        .map(ServiceView::replicas)
                        .equals(Optional.of(replicas)));
        shell("docker service scale -d web=" + replicas);
        lateness.await(LIMIT);
    }

    private void nodeSet(String node, String availability) throws InterruptedException {
        quiet();
        lateness.expect(
                "node set to " + availability,
                e -> e.is("", "node", "update", ""),
                s -> s.swarm()
                        .flatMap(w -> w.node(node))
                        .map(NodeView::availability)
                        .equals(Optional.of(availability)));
        shell("docker node update --availability " + availability + " " + node);
        lateness.await(LIMIT);
    }

    private void networkCreated(String name) throws InterruptedException {
        quiet();
        lateness.expect(
                "network created",
                e -> e.is("", "network", "create", ""),
                s -> s.swarm().orElseThrow().networks().stream()
                        .anyMatch(n -> n.name().equals(name)));
        shell("docker network create --driver overlay " + name);
        lateness.await(LIMIT);
    }

    private void instanceRegistered(int round) throws Exception {
        quiet();
        lateness.expect(
                "Consul instance registered",
                e -> e.is("", "consul", "answer", ""),
                s -> instances(s).contains("probe" + round));
        consul("PUT", "/v1/agent/service/register", "{\"Name\":\"probe\",\"ID\":\"probe" + round + "\",\"Port\":80}");
        lateness.await(LIMIT);
    }

    private void instanceDeregistered(int round) throws Exception {
        quiet();
        lateness.expect(
                "Consul instance deregistered",
                e -> e.is("", "consul", "answer", ""),
                s -> !instances(s).contains("probe" + round));
        consul("PUT", "/v1/agent/service/deregister/probe" + round, "");
        lateness.await(LIMIT);
    }

    private void machineKilled(String machine, DaemonEvents events) throws InterruptedException {
        quiet();
        lateness.expect(
                "machine killed",
                e -> e.is("host", "container", "die", machine),
                s -> s.machine(machine)
                        .map(m -> m.machine().state() == Machine.State.KILLED && !m.answering())
                        .orElse(false));
        lateness.expect(
                "machine killed: its node is down",
                e -> e.is("", "node", "update", "down"),
                s -> s.swarm()
                        .flatMap(w -> w.node(machine))
                        .map(NodeView::state)
                        .equals(Optional.of(NodeState.DOWN)));
        shell("docker-machine kill " + machine);
        lateness.await(LIMIT);
        lateness.expect(
                "machine started: its daemon answers",
                e -> e.is("", "node", "update", "ready"),
                s -> s.swarm()
                        .flatMap(w -> w.node(machine))
                        .map(NodeView::state)
                        .equals(Optional.of(NodeState.READY)));
        shell("docker-machine start " + machine);
        lateness.await(LIMIT);
        events.follow(machine);
        until("all answer", s -> s.machines().stream().allMatch(MachineView::answering));
    }

    // ---- what the snapshot holds

    private static long running(ClusterSnapshot snapshot, String service) {
        return snapshot.swarm()
                .flatMap(s -> s.service(service))
                .map(ServiceView::running)
                .orElse(0);
    }

    private static Optional<ContainerState> container(ClusterSnapshot snapshot, String machine, String id) {
        return snapshot.machine(machine).orElseThrow().containers().stream()
                .filter(c -> c.id().equals(id))
                .map(ClusterSnapshot.ContainerView::state)
                .findFirst();
    }

    private static List<String> instances(ClusterSnapshot snapshot) {
        return snapshot.consul().map(c -> c.services().getOrDefault("probe", List.of())).orElse(List.of()).stream()
                .map(ClusterSnapshot.ConsulInstance::id)
                .toList();
    }

    // ---- doing

    private void until(String what, Predicate<ClusterSnapshot> condition) throws InterruptedException {
        boolean held = environment
                .engine()
                .clock()
                .await(() -> condition.test(environment.observer().latest()), LIMIT);
        if (!held) {
            throw new IllegalStateException("not within " + LIMIT + ": " + what);
        }
    }

    private void consul(String method, String path, String body) throws IOException, InterruptedException {
        String at = environment.engine().machine("m1").orElseThrow().ports().get(8500);
        var request = HttpRequest.newBuilder(URI.create("http://" + at + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private void shell(String script) {
        var said = new StringBuilder();
        int status = environment.shell().run(script, true, new Shell.Output() {
            @Override
            public void stdout(String text) {
                said.append(text);
            }

            @Override
            public void stderr(String text) {
                said.append(text);
            }
        });
        if (status != 0) {
            throw new IllegalStateException(script + " ended with status " + status + ": " + said);
        }
    }
}
