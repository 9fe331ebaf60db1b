package dev.clusterlab.provisioning.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.observe.ClusterReader.Frame;
import dev.clusterlab.provisioning.observe.ClusterReader.Parts;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever has happened to a cluster with Consul and Traefik: once it is at rest, who reads it over the protocols and who
 * reads it from inside see the same.
 */
class ReadersAgreeTest {
    private static final int ROUNDS = 5;
    private static final int STEPS = 3;
    /** Of engine time: longer than Consul and Swarm need to settle after anything that is done here. */
    private static final Duration REST = Duration.ofSeconds(80);

    private static final List<String> MACHINES = List.of("leader1", "leader2", "leader3", "worker1", "worker2");

    /** One of these histories takes seconds. */
    static LongStream seeds() {
        Long only = Long.getLong("clusterlab.test.seed");
        return only != null
                ? LongStream.of(only)
                : LongStream.range(0, Math.max(1, Long.getLong("clusterlab.test.seeds", 1000) / 100));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void bothReadersSeeTheSameAtRest(long seed) throws InterruptedException {
        try (var lab = new EmbeddedLab(seed);
                var inside = new Latest(lab.engine.reader());
                var outside = new Latest(new ProtocolReader(
                        lab.engine, new ConcurrentQueries.Limits(REST, REST, REST, REST), () -> {}, () -> {}))) {
            lab.swarm(3, MACHINES);
            lab.platform("leader1");
            lab.pass(REST);
            var done = new ArrayList<String>();
            compare(lab, inside, outside, done);
            Parts whole = inside.parts();
            assertThat(whole.consul().orElseThrow().members())
                    .as("the platform stands")
                    .hasSize(6);
            assertThat(whole.traefik()).hasSize(1);

            var random = new Random(seed);
            for (int round = 0; round < ROUNDS; round++) {
                for (int step = 0; step < STEPS; step++) {
                    done.add(act(lab, random));
                    lab.pass(Duration.ofMillis(random.nextInt(8_000)));
                }
                lab.pass(REST);
                compare(lab, inside, outside, done);
            }
        }
    }

    /** Does something, and says what; what the state of things does not allow does not happen. */
    private static String act(EmbeddedLab lab, Random random) {
        String machine = MACHINES.get(random.nextInt(MACHINES.size()));
        int kind = random.nextInt(8);
        int number = 1 + random.nextInt(4);
        try {
            switch (kind) {
                case 0 -> lab.faults.inject(new Fault.MachineKill(machine));
                case 1, 2 -> MACHINES.forEach(each -> lab.faults.inject(new Fault.MachineStart(each)));
                case 3 -> lab.scale("leader1", "web", number);
                case 4 -> lab.availability("leader1", machine, number < 2 ? "drain" : "active");
                case 5 ->
                    lab.faults.inject(new Fault.NetworkPartition(
                            List.of(Set.of(machine), others(machine)), Optional.of(Duration.ofSeconds(60L * number))));
                case 6 ->
                    lab.faults.inject(new Fault.MachinePause(machine, Optional.of(Duration.ofSeconds(10L * number))));
                default -> lab.faults.inject(new Fault.MachineStop(machine));
            }
            return kind + " " + machine + " " + number;
        } catch (LabException e) {
            return kind + " " + machine + " refused";
        }
    }

    private static Set<String> others(String machine) {
        var others = new java.util.TreeSet<>(MACHINES);
        others.remove(machine);
        return others;
    }

    /** A look over the protocols takes time; nothing may have changed meanwhile. */
    private static void compare(EmbeddedLab lab, Latest inside, Latest outside, List<String> done)
            throws InterruptedException {
        for (int attempt = 0; attempt < 20; attempt++) {
            Parts before = inside.now();
            Parts told = outside.now();
            Parts after = inside.now();
            if (plain(before).equals(plain(after))) {
                assertThat(plain(told).machines())
                        .as("after %s", done)
                        .containsExactlyElementsOf(plain(after).machines());
                assertThat(plain(told)).as("after %s", done).isEqualTo(plain(after));
                return;
            }
            lab.pass(Duration.ofMillis(300));
        }
        throw new AssertionError("never at rest after " + done);
    }

    /**
     * Without what a reader knows from before only, of whoever does not answer, and without how long containers have been up.
     */
    private static Parts plain(Parts parts) {
        boolean led = parts.swarm().map(ClusterSnapshot.SwarmView::hasLeader).orElse(false);
        List<MachineView> machines =
                parts.machines().stream().map(ReadersAgreeTest::plain).toList();
        return new Parts(
                machines,
                led ? parts.swarm() : Optional.empty(),
                led ? parts.consul() : Optional.empty(),
                led ? parts.traefik() : List.of(),
                parts.reach());
    }

    private static MachineView plain(MachineView view) {
        boolean frozen = view.machine().state() == Machine.State.PAUSED;
        return new MachineView(
                view.machine(),
                view.answering(),
                view.engineVersion(),
                view.nodeId(),
                view.localNodeState(),
                view.manager(),
                new Belief(
                        view.believedLeader(),
                        view.believedReady(),
                        view.belief().managers(),
                        view.belief().canCommit(),
                        Duration.ZERO),
                view.error(),
                frozen
                        ? List.of()
                        : view.containers().stream()
                                .map(ReadersAgreeTest::plain)
                                .toList(),
                view.answering() ? view.networks() : List.of());
    }

    private static ContainerView plain(ContainerView view) {
        return new ContainerView(
                view.id(),
                view.name(),
                view.image(),
                view.state(),
                view.status().replaceAll("(About an?|Less than a|\\d+) (second|minute|hour)s?", "…"),
                view.serviceName(),
                view.taskId(),
                view.addresses(),
                view.orphan(),
                view.unknownWords());
    }

    /** What a reader read last. */
    private static final class Latest implements AutoCloseable {
        private final ClusterReader reader;
        private Parts parts = Parts.NOTHING;

        Latest(ClusterReader reader) {
            this.reader = reader;
        }

        Parts now() {
            for (Frame frame : reader.read(true)) {
                parts = frame.parts();
            }
            return parts;
        }

        Parts parts() {
            return parts;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
