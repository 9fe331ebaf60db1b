package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.seeds.Seeds;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * First anything may happen to three managers and three workers; then everything is healed and the swarm must come to
 * what its services ask for. The invariants hold all the time.
 */
class SwarmChaosTest {
    private static final int STEPS = 30;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    static LongStream seeds() {
        return Seeds.sweepOneIn(20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void convergesWhenEverythingIsHealed(long seed) {
        try {
            new Chaos(seed).play();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(Seeds.replay(SwarmChaosTest.class, seed) + "\n" + e.getMessage(), e);
        }
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        for (long seed : List.of(3L, 4L)) {
            assertThat(new Chaos(seed).play()).as("digest of seed %d", seed).isEqualTo(new Chaos(seed).play());
        }
        assertThat(new Chaos(3).play()).isNotEqualTo(new Chaos(4).play());
    }

    /** One history. */
    private static final class Chaos {
        private final SwarmLab lab;
        private final SimRandom dice;
        private final List<String> journal = new ArrayList<>();
        private final Map<String, DockerDaemon> heard = new LinkedHashMap<>();
        private final MessageDigest digest;
        private int services;

        Chaos(long seed) {
            this.lab = SwarmLab.swarm(seed, 3, 3);
            this.dice = lab.simulation.random("chaos");
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Gives the digest of everything that the engines told. */
        String play() {
            lab.overlay("m1", "front", "");
            lab.create("m1", Spec.service("everywhere").global().network("front"));
            lab.create("m1", Spec.service("web").replicas(5).network("front").publish(80, 80));
            for (int step = 0; step < STEPS; step++) {
                listen();
                act();
                lab.run(dice.nextDouble() * 12);
            }
            heal();
            var convergence = new SwarmConvergence(lab.world);
            boolean converged = lab.happens(() -> convergence.whyNotYet().isEmpty(), LIMIT);
            assertThat(converged)
                    .as(() ->
                            "not converged: " + convergence.whyNotYet().orElse("") + "\n" + String.join("\n", journal))
                    .isTrue();
            return HexFormat.of().formatHex(digest.digest());
        }

        private void listen() {
            for (SimMachine machine : lab.world.machines()) {
                Dockerd daemon = machine.dockerdOrNull();
                if (daemon != null && heard.put(machine.name(), daemon) != daemon) {
                    daemon.events(
                            Filters.NONE,
                            1,
                            event -> digest.update((machine.name() + " " + event).getBytes(StandardCharsets.UTF_8)));
                }
            }
        }

        private void note(String what) {
            journal.add(String.format("%8.1f %s", lab.simulation.nowNanos() / 1e9, what));
        }

        private SimMachine any() {
            return dice.pick(lab.world.machines());
        }

        private void act() {
            switch ((int) dice.nextLong(14)) {
                case 0, 1 -> on(any(), "kill", SimMachine::kill);
                case 2, 3, 4 -> on(any(), "start", SimMachine::start);
                case 5 -> on(any(), "shutdown", machine -> machine.shutdown(() -> {}));
                case 6 -> on(any(), "pause", SimMachine::pause);
                case 7 -> on(any(), "unpause", SimMachine::unpause);
                case 8 -> partition();
                case 9 -> {
                    note("heal the network");
                    lab.world.underlay().healAll();
                }
                case 10 -> lossy();
                default -> command();
            }
        }

        private void on(SimMachine machine, String what, Consumer<SimMachine> action) {
            note(what + " " + machine.name() + " (" + machine.power() + ")");
            action.accept(machine);
        }

        private void partition() {
            var left = new LinkedHashSet<String>();
            var right = new LinkedHashSet<String>();
            for (SimMachine machine : lab.world.machines()) {
                (dice.chance(0.4) ? left : right).add(machine.name());
            }
            note("partition " + left + " " + right);
            lab.world.underlay().partition("chaos", List.<Set<String>>of(left, right));
        }

        private void lossy() {
            SimMachine left = any();
            SimMachine right = any();
            double loss = dice.nextDouble() * 0.5;
            note(String.format("lose %.2f of what goes from %s to %s", loss, left.name(), right.name()));
            lab.world
                    .underlay()
                    .rule(left.name(), right.name(), new Underlay.Rule(Duration.ofMillis(dice.nextLong(80)), loss));
        }

        /** A command to whatever machine; nobody waits for the answer. */
        private void command() {
            SimMachine machine = any();
            if (machine.power() != PowerState.RUNNING) {
                return;
            }
            DockerDaemon daemon = machine.daemon();
            String name = "service" + dice.nextLong(Math.max(1, services));
            switch ((int) dice.nextLong(7)) {
                case 5, 6 ->
                    availability(daemon, any().name(), dice.pick(List.of(Node.DRAIN, Node.PAUSE, Node.ACTIVE)));
                case 0, 1 -> {
                    String fresh = "service" + services++;
                    Spec spec = Spec.service(fresh).replicas(1 + dice.nextLong(5));
                    if (dice.chance(0.5)) {
                        spec.network("front");
                    }
                    daemon.serviceCreate(spec.build(), answer("create " + fresh + " on " + machine.name()));
                }
                case 2 -> daemon.serviceRemove(name, answer("remove " + name + " on " + machine.name()));
                case 3 -> scale(daemon, dice.chance(0.5) ? "web" : name, dice.nextLong(9), false);
                default -> scale(daemon, "web", 1 + dice.nextLong(6), true);
            }
        }

        private void scale(DockerDaemon daemon, String name, long replicas, boolean force) {
            daemon.service(name, false, found -> {
                if (found instanceof ApiResult.Ok<Service>(Service service)) {
                    ServiceSpec spec = service.spec().withReplicas(replicas);
                    TaskSpec task = spec.taskTemplate();
                    if (force) {
                        spec = new ServiceSpec(
                                spec.name(),
                                spec.labels(),
                                new TaskSpec(
                                        task.containerSpec(),
                                        task.resources(),
                                        task.restartPolicy(),
                                        task.placement(),
                                        task.networks(),
                                        task.logDriver(),
                                        replicas,
                                        task.runtime()),
                                spec.mode(),
                                spec.updateConfig(),
                                spec.rollbackConfig(),
                                spec.networks(),
                                spec.endpointSpec());
                    }
                    daemon.serviceUpdate(
                            name,
                            service.version().index(),
                            spec,
                            false,
                            answer((force ? "update and " : "") + "scale " + name + " to " + replicas));
                }
            });
        }

        private void availability(DockerDaemon daemon, String name, String wanted) {
            daemon.node(name, found -> {
                if (found instanceof ApiResult.Ok<Node>(Node node)) {
                    daemon.nodeUpdate(
                            name,
                            node.version().index(),
                            new Node.Spec(
                                    null, node.spec().labels(), node.spec().role(), wanted),
                            answer(wanted + " " + name));
                }
            });
        }

        private <T> Consumer<ApiResult<T>> answer(String what) {
            note(what);
            return result -> note(what + ": " + SwarmLab.error(result));
        }

        private void heal() {
            note("heal everything");
            lab.world.underlay().healAll();
            for (SimMachine machine : lab.world.machines()) {
                machine.unpause();
            }
            // Until those that were shutting down are off.
            lab.run(25);
            lab.world.machines().forEach(SimMachine::start);
            lab.until(() -> lab.leaders().size() == 1);
            for (SimMachine machine : lab.world.machines()) {
                lab.until(() -> {
                    // Other writes may come between reading the version and the update.
                    String leader = lab.leader();
                    return lab.tryNodeUpdate(
                                    leader,
                                    machine.name(),
                                    spec -> new Node.Spec(null, spec.labels(), spec.role(), Node.ACTIVE))
                            instanceof ApiResult.Ok<Nothing>;
                });
            }
        }
    }
}
