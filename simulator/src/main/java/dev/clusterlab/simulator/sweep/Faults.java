package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.swarm.PowerState;
import dev.clusterlab.simulator.swarm.RunningProgram;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.swarm.SwarmConvergence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Breaks things as the options of the run say. What breaks a part ends by itself; what is asked of Swarm stays. */
final class Faults {
    /** Until machines that are shutting down are off: a shutdown takes 20 s at most. */
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(25);

    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(1);

    private final WatchedHistory history;
    private final SweepOptions options;
    private final SimRandom random;
    private int begun;
    private int services;

    Faults(WatchedHistory history, SweepOptions options, SimRandom random) {
        this.history = history;
        this.options = options;
        this.random = random;
    }

    /** Begins one. */
    void begin() {
        begun++;
        SweepFault kind = options.choose(random);
        switch (kind) {
            case MACHINE_KILL -> machine(kind, any(), SimMachine::kill, SimMachine::start);
            case MACHINE_STOP -> machine(kind, any(), machine -> machine.shutdown(() -> {}), SimMachine::start);
            case MACHINE_PAUSE -> machine(kind, any(), SimMachine::pause, SimMachine::unpause);
            case LEADER_KILL ->
                new SwarmConvergence(history.world())
                        .leader()
                        .ifPresent(leader -> machine(kind, leader, SimMachine::kill, SimMachine::start));
            case CONTAINER_KILL -> container(kind, (daemon, id) -> daemon.containerKill(id, null, result -> {}));
            case CONTAINER_PAUSE ->
                container(kind, (daemon, id) -> {
                    daemon.containerPause(id);
                    later(() -> unpause(daemon, id));
                });
            case PARTITION -> partition();
            case ONE_WAY_CUT -> {
                SimMachine from = any();
                SimMachine to = otherThan(from);
                cut(
                        kind.text() + " " + from.name() + " to " + to.name(),
                        owner -> history.world()
                                .underlay()
                                .cut(owner, List.of(new Underlay.Link(from.name(), to.name()))));
            }
            case SLOW_LINK -> link(kind, Duration.ofMillis(20 + random.nextInt(400)), 0);
            case LOSSY_LINK -> link(kind, Duration.ZERO, 0.05 + random.nextDouble() * 0.45);
            case AVAILABILITY -> {
                String wanted = random.pick(List.of(Node.DRAIN, Node.PAUSE, Node.ACTIVE));
                String node = any().name();
                command(
                        kind.text() + " " + wanted + " " + node,
                        (daemon, done) -> availability(daemon, node, wanted, done));
            }
            case SCALE -> {
                String name = services > 0 && random.chance(0.3) ? "other" + random.nextInt(services) : Platform.HELLO;
                int replicas = 1 + random.nextInt(8);
                command(
                        kind.text() + " " + name + " to " + replicas,
                        (daemon, done) -> scale(daemon, name, replicas, done));
            }
            case SERVICE_CREATE -> {
                String name = "other" + services++;
                int replicas = 1 + random.nextInt(4);
                boolean published = random.chance(0.5);
                command(
                        kind.text() + " " + name + ", " + replicas + " replicas",
                        (daemon, done) -> daemon.serviceCreate(Platform.other(name, replicas, published), named(done)));
            }
            case SERVICE_REMOVE -> {
                String name = "other" + random.nextInt(Math.max(1, services));
                command(kind.text() + " " + name, (daemon, done) -> daemon.serviceRemove(name, done));
            }
            case BRIEF_REGISTRATION -> briefRegistration();
        }
    }

    /** Ends everything that is broken, and takes back what keeps nodes from running tasks. */
    void heal() {
        history.note("heal everything");
        history.world().underlay().healAll();
        history.world().machines().forEach(SimMachine::unpause);
        history.run(SHUTDOWN_LIMIT);
        history.world().machines().forEach(SimMachine::unpause);
        history.world().machines().forEach(SimMachine::start);
        for (RunningProgram running : history.programs()) {
            if (running.paused()) {
                unpause(running.machine().daemon(), running.containerId());
            }
        }
        for (SimMachine machine : history.world().machines()) {
            activate(machine.name());
        }
    }

    /** Managers whose log is short may stand again and again before one stands that can win: swarmkit asks for no pre-votes. */
    private void activate(String node) {
        long deadlineNanos = history.simulation().nowNanos() + SweepRun.RECOVERY_LIMIT.toNanos();
        while (history.simulation().nowNanos() < deadlineNanos) {
            var answer = new ArrayList<ApiResult<Nothing>>();
            var convergence = new SwarmConvergence(history.world());
            if (!history.happens(() -> convergence.leader().isPresent(), COMMAND_LIMIT)) {
                continue;
            }
            convergence.leader().ifPresent(leader -> availability(leader.daemon(), node, Node.ACTIVE, answer::add));
            history.happens(() -> !answer.isEmpty(), COMMAND_LIMIT);
            if (!answer.isEmpty() && answer.getFirst() instanceof ApiResult.Ok<Nothing>) {
                return;
            }
            // Another write came between reading the version and the update, or the leader changed.
            history.run(Duration.ofSeconds(1));
        }
        throw history.violation(Recovery.SWARM, node + " cannot be made active");
    }

    private SimMachine any() {
        return random.pick(history.world().machines());
    }

    private SimMachine otherThan(SimMachine one) {
        return random.pick(history.world().machines().stream()
                .filter(machine -> machine != one)
                .toList());
    }

    private void later(Runnable end) {
        history.simulation().schedule(options.duration(random), end);
    }

    private void machine(SweepFault kind, SimMachine machine, Consumer<SimMachine> begin, Consumer<SimMachine> end) {
        history.note(kind.text() + " " + machine.name() + " (" + power(machine) + ")");
        begin.accept(machine);
        later(() -> {
            history.note("end of " + kind.text() + " " + machine.name() + " (" + power(machine) + ")");
            end.accept(machine);
        });
    }

    private static String power(SimMachine machine) {
        return machine.power().name().toLowerCase(Locale.ROOT);
    }

    private void container(SweepFault kind, BiConsumer<DockerDaemon, String> action) {
        List<RunningProgram> running = history.programs().stream()
                .filter(program -> program.machine().power() == PowerState.RUNNING)
                .toList();
        if (running.isEmpty()) {
            return;
        }
        RunningProgram chosen = random.pick(running);
        history.note(kind.text() + " " + chosen.containerId().substring(0, 12) + " of " + chosen.service() + " on "
                + chosen.machine().name());
        action.accept(chosen.machine().daemon(), chosen.containerId());
    }

    /** It may have ended meanwhile; then the answer says so, and nothing is left to do. */
    private void unpause(DockerDaemon daemon, String container) {
        history.note("unpause " + container.substring(0, 12));
        if (daemon.containerUnpause(container) instanceof ApiResult.Error<Nothing>(int status, String message)) {
            history.note("unpause refused: " + status + " " + message);
        }
    }

    private void partition() {
        Set<String> left = new LinkedHashSet<>();
        Set<String> right = new LinkedHashSet<>();
        for (SimMachine machine : history.world().machines()) {
            (random.chance(0.4) ? left : right).add(machine.name());
        }
        cut(
                SweepFault.PARTITION.text() + " " + left + " " + right,
                owner -> history.world().underlay().partition(owner, List.of(left, right)));
    }

    private void cut(String what, Consumer<String> begin) {
        String owner = "fault " + begun;
        history.note(what);
        begin.accept(owner);
        later(() -> {
            history.note("end of " + what);
            history.world().underlay().mend(owner);
        });
    }

    private void link(SweepFault kind, Duration delay, double loss) {
        SimMachine from = any();
        SimMachine to = otherThan(from);
        String what = String.format(
                Locale.ROOT,
                "%s %s to %s, %d ms, %.2f lost",
                kind.text(),
                from.name(),
                to.name(),
                delay.toMillis(),
                loss);
        history.note(what);
        history.world().underlay().rule(from.name(), to.name(), new Underlay.Rule(delay, loss));
        later(() -> {
            history.note("end of " + what);
            history.world().underlay().rule(from.name(), to.name(), null);
        });
    }

    /** An instance that nobody serves, which Consul shall deregister after it has been critical for a minute. */
    private void briefRegistration() {
        SimMachine manager = random.pick(history.world().machines().subList(0, Platform.MANAGERS));
        if (manager.power() != PowerState.RUNNING) {
            return;
        }
        String what = SweepFault.BRIEF_REGISTRATION.text() + " on " + manager.name();
        history.note(what);
        Request request = Request.of("PUT", "/v1/agent/service/register")
                .withHeader("content-type", "application/json")
                .withBody("{\"ID\":\"" + Recovery.BRIEF + begun + "\",\"Name\":\"" + Recovery.BRIEF
                        + "\",\"Address\":\"10.1.9.250\",\"Port\":9,\"Check\":{\"HTTP\":\"http://10.1.9.250:9/health\",\"Interval\":\"5s\","
                        + "\"Timeout\":\"1s\",\"DeregisterCriticalServiceAfter\":\"1m\"}}");
        manager.connect(
                Platform.CONSUL_PORT,
                new Traffic.Call(history, request, outcome -> history.note(what + ": " + outcome)));
    }

    // ---- what is asked of Swarm

    private interface Command {
        void give(DockerDaemon daemon, Consumer<ApiResult<Nothing>> done);
    }

    /** To whatever manager is on; nobody waits for the answer. */
    private void command(String what, Command command) {
        List<SimMachine> ready = history.world().machines().subList(0, Platform.MANAGERS).stream()
                .filter(machine -> machine.power() == PowerState.RUNNING && machine.daemonReady())
                .toList();
        if (ready.isEmpty()) {
            return;
        }
        SimMachine machine = random.pick(ready);
        String on = what + " on " + machine.name();
        history.note(on);
        command.give(machine.daemon(), result -> history.note(on + ": " + text(result)));
    }

    private static String text(ApiResult<?> result) {
        return switch (result) {
            case ApiResult.Ok<?> _ -> "done";
            case ApiResult.Error<?>(int status, String message) -> status + " " + message;
        };
    }

    private static Consumer<ApiResult<String>> named(Consumer<ApiResult<Nothing>> done) {
        return result -> {
            switch (result) {
                case ApiResult.Ok<String> _ -> done.accept(Nothing.ok());
                case ApiResult.Error<String>(int status, String message) ->
                    done.accept(ApiResult.error(status, message));
            }
        };
    }

    private static void availability(
            DockerDaemon daemon, String name, String wanted, Consumer<ApiResult<Nothing>> done) {
        daemon.node(name, found -> {
            switch (found) {
                case ApiResult.Ok<Node>(Node node) ->
                    daemon.nodeUpdate(
                            node.id(),
                            node.version().index(),
                            new Node.Spec(
                                    node.spec().name(),
                                    node.spec().labels(),
                                    node.spec().role(),
                                    wanted),
                            done);
                case ApiResult.Error<Node>(int status, String message) -> done.accept(ApiResult.error(status, message));
            }
        });
    }

    private static void scale(DockerDaemon daemon, String name, int replicas, Consumer<ApiResult<Nothing>> done) {
        daemon.service(name, false, found -> {
            switch (found) {
                case ApiResult.Ok<Service>(Service service) ->
                    daemon.serviceUpdate(
                            service.id(),
                            service.version().index(),
                            service.spec().withReplicas(replicas),
                            false,
                            done);
                case ApiResult.Error<Service>(int status, String message) ->
                    done.accept(ApiResult.error(status, message));
            }
        });
    }
}
