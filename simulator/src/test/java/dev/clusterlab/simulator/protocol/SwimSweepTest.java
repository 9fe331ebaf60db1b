package dev.clusterlab.simulator.protocol;

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

/** Members crash, freeze, leave and are cut off for a while; then all is healed and everyone must agree on who is there. */
class SwimSweepTest {
    private static final Duration FAULTS = Duration.ofSeconds(120);
    /** Members that failed each other for good are found again by reconnecting, every 30 s with some probability. */
    private static final Duration CONVERGENCE_LIMIT = Duration.ofMinutes(10);

    private static final Duration STABLE = Duration.ofSeconds(40);

    static LongStream seeds() {
        return Seeds.sweep();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void membershipConvergesAfterHealingAndNoLiveMemberStaysFailed(long seed) {
        var draw = new SimRandom(seed).split("scenario");
        var cluster = new SwimCluster(SwimSettings.lan(), seed, 2 + draw.nextInt(6));
        try {
            sweep(cluster);
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    Seeds.replay(SwimSweepTest.class, seed) + "\n" + broken.getMessage() + "\n"
                            + String.join("\n", cluster.history()),
                    broken);
        }
    }

    private static void sweep(SwimCluster cluster) {
        SimRandom random = cluster.random("faults");
        cluster.runFor(Duration.ofSeconds(random.nextInt(20)));
        long endNanos = cluster.simulation().nowNanos() + FAULTS.toNanos();
        while (cluster.simulation().nowNanos() < endNanos) {
            cluster.runFor(random.between(Duration.ofMillis(100), Duration.ofSeconds(12)));
            fault(cluster, random);
        }
        cluster.note("healed");
        cluster.healEverything();
        cluster.awaitConverged(CONVERGENCE_LIMIT);
        // Nothing left over may undo it.
        cluster.runFor(STABLE);
        cluster.awaitConverged(Duration.ofSeconds(1));
        cluster.peers().values().stream()
                .filter(SwimCluster.Peer::running)
                .findFirst()
                .ifPresent(peer -> detect(cluster, peer));
    }

    /** Also after all that, a crash is noticed in time. */
    private static void detect(SwimCluster cluster, SwimCluster.Peer peer) {
        cluster.note("kill " + peer.name() + " last");
        peer.kill();
        cluster.secondsUntilAllSeeFailed(peer.name(), Duration.ofSeconds(30));
    }

    private static void fault(SwimCluster cluster, SimRandom random) {
        SwimCluster.Peer peer = random.pick(new ArrayList<>(cluster.peers().values()));
        switch (random.nextInt(10)) {
            case 0 -> {
                cluster.note("kill " + peer.name());
                peer.kill();
            }
            case 1, 2 -> {
                cluster.note("start " + peer.name());
                if (!peer.departed()) {
                    peer.start();
                }
            }
            case 3 -> {
                cluster.note("pause " + peer.name());
                peer.pause();
            }
            case 4 -> {
                cluster.note("resume all");
                cluster.peers().values().forEach(SwimCluster.Peer::resume);
            }
            case 5 -> {
                Set<String> group = new LinkedHashSet<>();
                cluster.peers().keySet().stream()
                        .filter(name -> random.chance(0.4))
                        .forEach(group::add);
                cluster.note("separate " + group);
                cluster.separate(group);
            }
            case 6 -> {
                String to = random.pick(new ArrayList<>(cluster.peers().keySet()));
                cluster.note("cut " + peer.name() + " to " + to);
                cluster.underlay().cut("sweep", List.of(new Underlay.Link(peer.name(), to)));
            }
            case 7 -> {
                var rule = new Underlay.Rule(
                        random.between(Duration.ZERO, Duration.ofMillis(600)), random.nextInt(60) / 100.0);
                cluster.note("disturb " + peer.name() + " by " + rule);
                cluster.peers().keySet().forEach(to -> cluster.underlay().rule(peer.name(), to, rule));
            }
            case 8 -> {
                cluster.note("heal network");
                cluster.underlay().healAll();
            }
            default -> {
                if (random.chance(0.3)) {
                    cluster.note("leave " + peer.name());
                    peer.leave();
                }
            }
        }
    }
}
