package dev.clusterlab.simulator.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.seeds.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Anything may crash, freeze, be cut off or change members for a while, under the eyes of the checkers; then all is healed
 * and the group must converge.
 */
class RaftSweepTest {
    private static final Duration FAULTS = Duration.ofSeconds(150);
    private static final Duration CONVERGENCE_LIMIT = Duration.ofSeconds(240);
    private static final int SERVERS_MAX = 7;

    static LongStream seeds() {
        return Seeds.sweep();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void swarmKitGroupStaysSafeAndConvergesAfterHealing(long seed) {
        sweep(RaftProfile.SWARM_KIT, seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void consulGroupStaysSafeAndConvergesAfterHealing(long seed) {
        sweep(RaftProfile.CONSUL, seed);
    }

    private static void sweep(RaftProfile profile, long seed) {
        var scenario = new Scenario(profile, seed);
        try {
            scenario.run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    profile + " " + Seeds.replay(RaftSweepTest.class, seed) + "\n" + broken.getMessage() + "\n"
                            + String.join("\n", scenario.cluster.history()) + "\n"
                            + scenario.cluster.servers().values(),
                    broken);
        }
    }

    private static final class Scenario {
        private final RaftCluster cluster;
        private final SimRandom random;
        private int added;

        Scenario(RaftProfile profile, long seed) {
            var draw = new SimRandom(seed).split("scenario");
            int founders = draw.pick(List.of(1, 3, 3, 3, 4, 5, 5));
            RaftSettings settings = draw.chance(0.5)
                    ? profile.settings()
                    : profile.settings().withSnapshots(5 + draw.nextInt(30), draw.nextInt(10));
            this.cluster = new RaftCluster(settings, seed, founders);
            this.random = cluster.random("faults");
            cluster.note(founders + " founders, snapshots every " + settings.snapshotThreshold() + " keeping "
                    + settings.trailingEntries());
        }

        void run() {
            cluster.runFor(Duration.ofSeconds(random.nextInt(30)));
            long endNanos = cluster.simulation().nowNanos() + FAULTS.toNanos();
            while (cluster.simulation().nowNanos() < endNanos) {
                cluster.runFor(random.between(Duration.ofMillis(50), Duration.ofSeconds(4)));
                cluster.proposeAnywhere();
                if (random.chance(0.5)) {
                    fault();
                }
            }
            cluster.note("healed");
            cluster.healEverything();
            converge();
            Raft.Outcome outcome = cluster.commit("after healing");
            assertTrue(outcome instanceof Raft.Outcome.Applied, () -> "after healing: " + outcome);
            converge();
        }

        private void converge() {
            if (!cluster.runUntil(this::looksConverged, CONVERGENCE_LIMIT)) {
                throw new AssertionError("not converged after " + CONVERGENCE_LIMIT + ": " + cluster.whyNotConverged());
            }
        }

        private boolean looksConverged() {
            return cluster.whyNotConverged() == null;
        }

        private RaftCluster.Server anyone() {
            return random.pick(new ArrayList<>(cluster.servers().values()));
        }

        private void fault() {
            RaftCluster.Server server = anyone();
            switch (random.nextInt(14)) {
                case 0, 1 -> {
                    cluster.note("kill " + server.id());
                    server.kill();
                }
                case 2, 3 -> startAll();
                case 4 -> {
                    cluster.note("pause " + server.id());
                    server.pause();
                }
                case 5 -> {
                    cluster.note("resume all");
                    cluster.servers().values().forEach(RaftCluster.Server::resume);
                }
                case 6 -> {
                    Set<String> group = group();
                    cluster.note("separate " + group);
                    cluster.separate(group);
                }
                case 7 -> {
                    String to = anyone().id();
                    cluster.note("cut " + server.id() + " to " + to);
                    cluster.underlay().cut("sweep", List.of(new Underlay.Link(server.id(), to)));
                }
                case 8, 9 -> {
                    cluster.note("heal network");
                    cluster.healNetwork();
                }
                case 10 -> disturb();
                case 11 -> change();
                case 12 -> transfer();
                default -> killLeader();
            }
        }

        private void startAll() {
            cluster.note("start all");
            cluster.servers().values().forEach(RaftCluster.Server::start);
        }

        private Set<String> group() {
            var group = new LinkedHashSet<String>();
            for (String id : cluster.servers().keySet()) {
                if (random.chance(0.4)) {
                    group.add(id);
                }
            }
            return group;
        }

        /** Loss and delay on every way from one server. */
        private void disturb() {
            String from = anyone().id();
            var rule = new Underlay.Rule(
                    random.between(Duration.ZERO, Duration.ofMillis(800)), random.nextInt(60) / 100.0);
            cluster.note("disturb " + from + " by " + rule);
            for (String to : cluster.servers().keySet()) {
                cluster.underlay().rule(from, to, rule);
            }
        }

        private void change() {
            RaftCluster.Server leader = cluster.leader();
            if (leader == null) {
                return;
            }
            var members = leader.storage().members();
            int choice = random.nextInt(3);
            if (choice == 0 && cluster.servers().size() < SERVERS_MAX) {
                String id = "n" + ++added;
                boolean voter = random.chance(0.6);
                cluster.note("add " + id + " voter " + voter);
                cluster.add(id);
                leader.member().addMember(id, voter, outcome -> {});
            } else if (choice == 1 && members.size() > 3) {
                String id = random.pick(new ArrayList<>(members.keySet()));
                cluster.note("remove " + id);
                leader.member().removeMember(id, outcome -> {});
            } else {
                String id = random.pick(new ArrayList<>(cluster.servers().keySet()));
                cluster.note("make voter " + id);
                leader.member().addMember(id, true, outcome -> {});
            }
        }

        private void transfer() {
            RaftCluster.Server leader = cluster.leader();
            if (leader != null) {
                cluster.note("transfer from " + leader.id());
                leader.member().transferLeadership(null, outcome -> {});
            }
        }

        private void killLeader() {
            RaftCluster.Server leader = cluster.leader();
            if (leader != null) {
                cluster.note("kill leader " + leader.id());
                leader.kill();
            }
        }
    }
}
