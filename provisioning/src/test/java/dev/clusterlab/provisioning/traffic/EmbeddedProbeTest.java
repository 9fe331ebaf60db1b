package dev.clusterlab.provisioning.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.RequestSample.NoAnswer;
import dev.clusterlab.provisioning.observe.EmbeddedLab;
import dev.clusterlab.provisioning.observe.ObserverService;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** A web server on each of two machines of the embedded engine, asked in virtual time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedProbeTest {
    private final World world = new World(11);

    @BeforeAll
    void begin() throws InterruptedException {
        world.begin();
    }

    @AfterAll
    void end() {
        world.close();
    }

    /** Two machines, and what is told of requests to them. */
    private static final class World implements AutoCloseable {
        final EmbeddedLab lab;
        final ObserverService observer;
        final List<RequestSample> samples = new ArrayList<>();

        World(long seed) {
            lab = new EmbeddedLab(seed);
            observer = new ObserverService(lab.engine);
            observer.onRequest(samples::add);
        }

        void begin() throws InterruptedException {
            lab.swarm(1, List.of("leader1", "worker1"));
            lab.post("leader1", "/networks/create", "{\"Name\": \"lab\", \"Driver\": \"overlay\"}");
            lab.service("leader1", "web", "nginx", "\"Global\": {}", 80, 80, "[]", "[]");
            // By the routing mesh, so that answers take the way between the machines.
            lab.post("leader1", "/services/create", """
                    {"Name": "mesh", "Mode": {"Replicated": {"Replicas": 2}},
                     "TaskTemplate": {"ContainerSpec": {"Image": "nginx"}},
                     "EndpointSpec": {"Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 8000}]}}""");
            lab.pass(Duration.ofSeconds(30));
        }

        /** Asks until it is over, and gives what came of it. */
        ProbeTotals ask(int perSecond, Duration duration, Duration timeout, String... entries)
                throws InterruptedException {
            try (Probe probe = start(perSecond, duration, timeout, entries)) {
                probe.await();
                assertThat(probe.over()).isTrue();
                return probe.totals();
            }
        }

        Probe start(int perSecond, Duration duration, Duration timeout, String... entries) {
            return start(80, perSecond, duration, timeout, entries);
        }

        Probe start(int port, int perSecond, Duration duration, Duration timeout, String... entries) {
            samples.clear();
            return Probe.start(
                    lab.engine,
                    observer,
                    new ProbePlan(perSecond, duration, List.of(entries), port, "/", Map.of("Host", "web"), timeout));
        }

        @Override
        public void close() {
            observer.close();
            lab.close();
        }
    }

    @Test
    @Order(1)
    void requestsAreDueAtTheirInstantsAndMadeInTurn() throws InterruptedException {
        ProbeTotals totals =
                world.ask(150, Duration.ofSeconds(20), Duration.ofSeconds(5), "leader1", "worker1", "leader1");
        assertThat(totals.made()).isEqualTo(3_000);
        assertThat(totals.ended()).isEqualTo(3_000);
        assertThat(totals.missed()).isZero();
        assertThat(totals.underWay()).isZero();
        assertThat(totals.ratePerSecond()).isEqualTo(150);
        assertThat(totals.byStatus()).containsExactly(Map.entry(200, 3_000L));
        assertThat(totals.byEntry())
                .isEqualTo(
                        Map.of("leader1", new ProbeTotals.Entry(2_000, 0), "worker1", new ProbeTotals.Entry(1_000, 0)));
        Duration first = world.samples.getFirst().due();
        for (int number : new int[] {1, 7, 149, 150, 2_999}) {
            Duration due = first.plusNanos(number * 1_000_000_000L / 150);
            assertThat(world.samples).extracting(RequestSample::due).contains(due);
        }
        assertThat(totals.latencies().count()).isEqualTo(3_000);
    }

    /** Beside the samples themselves, sorted. */
    @Test
    @Order(2)
    void percentilesAreExactToATenthOfAPercent() throws InterruptedException {
        Probe probe = world.start(8000, 100, Duration.ofSeconds(10), Duration.ofSeconds(5), "worker1", "leader1");
        probe.await();
        ProbeTotals totals = probe.totals();
        assertThat(totals.byStatus()).containsExactly(Map.entry(200, 1_000L));
        assertThat(totals.latencies().percentile(50)).isBetween(Duration.ofNanos(50_000), Duration.ofMillis(2));
        long[] sorted = world.samples.stream()
                .mapToLong(sample -> sample.took().toNanos())
                .sorted()
                .toArray();
        for (int percent : new int[] {50, 90, 99, 100}) {
            long exact = sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
            assertThat((double) totals.latencies().percentile(percent).toNanos())
                    .isBetween(exact * 0.999, exact * 1.001);
        }
    }

    @Test
    @Order(3)
    void kindsOfErrorAreToldApart() throws InterruptedException {
        var plan = new ProbePlan(
                10,
                Duration.ofSeconds(1),
                List.of("leader1", "nowhere"),
                81,
                "/",
                Map.of("Host", "web"),
                Duration.ofSeconds(1));
        try (Probe probe = Probe.start(world.lab.engine, world.observer, plan)) {
            probe.await();
            assertThat(probe.totals().byFailure())
                    .containsExactlyInAnyOrderEntriesOf(Map.of(CurlFailure.REFUSED, 5L, CurlFailure.UNKNOWN_HOST, 5L));
            assertThat(probe.totals().failed()).isEqualTo(10);
        }
    }

    @Test
    @Order(4)
    void aFrozenMachineShowsAsWaitingNotAsMissingRequests() throws InterruptedException {
        try (Probe probe = world.start(100, Duration.ofSeconds(10), Duration.ofSeconds(8), "leader1", "worker1")) {
            world.lab.pass(Duration.ofSeconds(3));
            world.lab.engine.pauseMachine("worker1");
            Duration frozen = world.lab.engine.clock().elapsed();
            world.lab.pass(Duration.ofSeconds(4));
            world.lab.engine.unpauseMachine("worker1");
            Duration thawed = world.lab.engine.clock().elapsed();
            probe.await();
            ProbeTotals totals = probe.totals();
            assertThat(totals.ended()).isEqualTo(1_000);
            assertThat(totals.byStatus()).as("all were answered in the end").containsOnlyKeys(200);
            assertThat(world.samples)
                    .filteredOn(sample -> sample.entry().equals("worker1")
                            && sample.due().compareTo(frozen) > 0
                            && sample.due().compareTo(thawed) < 0)
                    .hasSizeBetween(198, 201)
                    .allSatisfy(sample -> assertThat(sample.took()).isGreaterThanOrEqualTo(thawed.minus(sample.due())));
            assertThat(totals.latencies().max()).isGreaterThan(Duration.ofMillis(3_900));
            assertThat(totals.latencies().percentile(50)).isLessThan(Duration.ofMillis(2));
        }
    }

    @Test
    @Order(5)
    void theSameSeedGivesTheSameSamples() throws InterruptedException {
        List<List<RequestSample>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (var same = new World(5)) {
                same.begin();
                try (Probe probe =
                        same.start(97, Duration.ofSeconds(12), Duration.ofSeconds(1), "worker1", "leader1")) {
                    same.lab.pass(Duration.ofSeconds(4));
                    same.lab.engine.killMachine("worker1");
                    probe.await();
                }
                runs.add(List.copyOf(same.samples));
            }
        }
        assertThat(runs.getFirst()).hasSize(97 * 12).isEqualTo(runs.getLast());
        assertThat(runs.getFirst()).extracting(RequestSample::outcome).contains(new NoAnswer(CurlFailure.TIMEOUT));
    }

    @Test
    @Order(7)
    void whatWasStoppedTellsNothingMore() throws InterruptedException {
        Probe probe = world.start(50, Duration.ofMinutes(10), Duration.ofSeconds(5), "leader1");
        world.lab.pass(Duration.ofSeconds(2));
        probe.stop();
        assertThat(probe.over()).isTrue();
        long ended = probe.totals().ended();
        assertThat(ended).isBetween(98L, 101L);
        world.lab.pass(Duration.ofSeconds(2));
        assertThat(probe.totals().ended()).isEqualTo(ended);
    }

    @Test
    @Order(8)
    void aRateThatRealServicesDoNotKeepIsRefusedInASentence() {
        assertThatThrownBy(() -> world.start(1_000, Duration.ofSeconds(1), Duration.ofSeconds(5), "leader1"))
                .isInstanceOfSatisfying(LabException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LabException.Kind.REFUSED);
                    assertThat(e).hasMessageContaining("at most 200 times a second");
                });
    }
}
