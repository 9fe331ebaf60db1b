package dev.clusterlab.provisioning.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FakeEngine;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.RequestSample.Answered;
import dev.clusterlab.provisioning.RequestSample.NoAnswer;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone: what it looks at are instants of the wall clock, and what it does keeps others from theirs. */
@Isolated
@Timeout(60)
final class LoopbackProbesTest {
    private final FakeEngine engine = FakeEngine.inRealTime();
    private final Listening told = new Listening();

    @AfterEach
    void close() {
        engine.close();
    }

    /** What is told of requests. */
    private static final class Listening implements ProbePort.Listener {
        private final List<RequestSample> samples = new ArrayList<>();
        private final List<Duration> missed = new ArrayList<>();

        @Override
        public synchronized void ended(RequestSample sample) {
            samples.add(sample);
        }

        @Override
        public synchronized void missed(Duration due) {
            missed.add(due);
        }

        synchronized List<RequestSample> samples() {
            return samples.stream()
                    .sorted(Comparator.comparing(RequestSample::due))
                    .toList();
        }

        synchronized List<Duration> missed() {
            return List.copyOf(missed);
        }

        synchronized int told() {
            return samples.size() + missed.size();
        }

        /** All instants at which requests were due, in order. */
        synchronized List<Duration> due() {
            var all = new ArrayList<>(missed);
            samples.forEach(sample -> all.add(sample.due()));
            all.sort(null);
            return all;
        }
    }

    private static ProbePlan plan(int perSecond, Duration duration, Duration timeout, String... entries) {
        return new ProbePlan(
                perSecond, duration, List.of(entries), 80, "/", Map.of("Host", "democonsul.localhost"), timeout);
    }

    private void publish(String machine, RawServer server) {
        engine.createMachine(machine);
        engine.publish(machine, 80, server.hostAndPort());
    }

    private ProbePort.Running begin(ProbePlan plan) {
        return engine.probes().begin(plan, told);
    }

    private void until(java.util.function.BooleanSupplier holds) throws InterruptedException {
        assertThat(engine.clock().await(holds, Duration.ofSeconds(50))).isTrue();
    }

    @Test
    void requestsAreDueAtFixedInstantsAndGoToTheEntriesInTurn() throws Exception {
        try (var one = new RawServer(RawServer.Manner.ANSWERS);
                var other = new RawServer(RawServer.Manner.ANSWERS)) {
            publish("leader1", one);
            publish("leader2", other);
            ProbePort.Running running =
                    begin(plan(100, Duration.ofMillis(500), Duration.ofSeconds(30), "leader1", "leader2"));
            until(running::over);
            List<Duration> due = told.due();
            assertThat(due).hasSize(50);
            for (int i = 0; i < due.size(); i++) {
                assertThat(due.get(i).minus(due.getFirst())).isEqualTo(Duration.ofMillis(10L * i));
            }
            assertThat(told.samples()).extracting(RequestSample::entry).containsOnly("leader1", "leader2");
            for (RequestSample sample : told.samples()) {
                long number = sample.due().minus(due.getFirst()).toMillis() / 10;
                assertThat(sample.entry()).isEqualTo(number % 2 == 0 ? "leader1" : "leader2");
            }
            assertThat(one.hosts()).containsOnly("democonsul.localhost");
            assertThat(running.made()).isEqualTo(told.samples().size());
        }
    }

    @Test
    void aServerThatStandsShowsAsWaitingNotAsMissingRequests() throws Exception {
        try (var server = new RawServer(RawServer.Manner.WAITS)) {
            publish("leader1", server);
            ProbePort.Running running = begin(plan(100, Duration.ofMillis(800), Duration.ofSeconds(50), "leader1"));
            until(() -> running.made() + told.missed().size() == 80);
            Duration opened = engine.clock().elapsed();
            server.become(RawServer.Manner.ANSWERS);
            until(running::over);
            assertThat(told.told()).as("every one that was due").isEqualTo(80);
            List<RequestSample> samples = told.samples();
            assertThat(samples).hasSizeGreaterThan(40).allSatisfy(sample -> {
                assertThat(sample.status()).isEqualTo(200);
                assertThat(sample.ended()).as("none before it went on").isGreaterThanOrEqualTo(opened);
                assertThat(sample.took()).as("since it was due").isGreaterThanOrEqualTo(opened.minus(sample.due()));
            });
        }
    }

    @Test
    void startsForWhichThereIsNoRoomAreMissedAndCounted() throws Exception {
        try (var server = new RawServer(RawServer.Manner.WAITS)) {
            publish("leader1", server);
            var probes = new LoopbackProbes(engine.clock(), engine::machine, LoopbackProbes.ServerSearch.NONE, 4);
            ProbePort.Running running =
                    probes.begin(plan(200, Duration.ofMillis(250), Duration.ofSeconds(50), "leader1"), told);
            until(() -> running.made() + told.missed().size() == 50);
            assertThat(running.made()).isEqualTo(4);
            assertThat(told.missed()).hasSize(46);
            server.become(RawServer.Manner.ANSWERS);
            until(running::over);
            assertThat(told.samples()).hasSize(4);
            assertThat(new HashSet<>(told.due())).hasSize(50);
        }
    }

    @Test
    void kindsOfErrorAreToldApart() throws Exception {
        try (var answers = new RawServer(RawServer.Manner.ANSWERS);
                var bad = new RawServer(RawServer.Manner.ANSWERS_502);
                var resets = new RawServer(RawServer.Manner.RESETS);
                var closes = new RawServer(RawServer.Manner.CLOSES);
                var waits = new RawServer(RawServer.Manner.WAITS);
                var gone = new RawServer(RawServer.Manner.ANSWERS)) {
            publish("well", answers);
            publish("bad", bad);
            publish("resets", resets);
            publish("closes", closes);
            publish("waits", waits);
            publish("refuses", gone);
            gone.close();
            publish("dead", answers);
            engine.killMachine("dead");
            engine.createMachine("publishes-nothing");
            publish("frozen", waits);
            engine.pauseMachine("frozen");
            String[] machines = {
                "well", "bad", "resets", "closes", "waits", "refuses", "dead", "publishes-nothing", "frozen", "unknown"
            };
            ProbePort.Running running = begin(plan(40, Duration.ofMillis(500), Duration.ofSeconds(2), machines));
            until(running::over);
            assertThat(told.told()).isEqualTo(20);
            Map<String, Set<RequestSample.Outcome>> outcomes = told.samples().stream()
                    .collect(Collectors.groupingBy(
                            RequestSample::entry, Collectors.mapping(RequestSample::outcome, Collectors.toSet())));
            outcomes.forEach((machine, got) -> assertThat(got)
                    .as(machine)
                    .containsExactly(
                            switch (machine) {
                                case "well" -> new Answered(200, "instance_raw");
                                case "bad" -> new Answered(502, "");
                                case "resets" -> new NoAnswer(CurlFailure.RESET);
                                case "closes" -> new NoAnswer(CurlFailure.EMPTY_REPLY);
                                case "waits", "frozen" -> new NoAnswer(CurlFailure.TIMEOUT);
                                case "refuses", "publishes-nothing" -> new NoAnswer(CurlFailure.REFUSED);
                                case "dead" -> new NoAnswer(CurlFailure.UNREACHABLE);
                                default -> new NoAnswer(CurlFailure.UNKNOWN_HOST);
                            }));
            assertThat(outcomes.keySet()).containsExactlyInAnyOrder(machines);
        }
    }

    @Test
    void whatWasStoppedTellsNothingMore() throws Exception {
        try (var server = new RawServer(RawServer.Manner.WAITS)) {
            publish("leader1", server);
            ProbePort.Running running = begin(plan(50, Duration.ofMinutes(1), Duration.ofSeconds(50), "leader1"));
            until(() -> running.made() > 3);
            running.stop();
            assertThat(running.over()).isTrue();
            server.become(RawServer.Manner.ANSWERS);
            until(() -> server.open() == 0);
            assertThat(told.samples()).isEmpty();
        }
    }

    /**
     * Beside a client of another make, at the same rate, in the same run: servers whose answers take times of one known distribution, from
     * 400 to 1,200 ms, and one in fifty of 2,000 ms, so that no percentile is at an edge. What this computer adds counts for both; a round in which it was too busy with others is repeated.
     */
    @Test
    void percentilesAreThoseOfAnIndependentLoadGenerator() throws Exception {
        besideTheReference(25, new long[] {20});
        int requests = 400;
        long[] delays = new long[requests];
        Arrays.setAll(delays, i -> i % 50 == 37 ? 2_000 : 400 + (i * 37L) % 100 * 8);
        List<String> apart = besideTheReference(requests, delays);
        for (int round = 1; round < 3 && !apart.isEmpty(); round++) {
            apart = besideTheReference(requests, delays);
        }
        assertThat(apart).as("more than 5 % apart").isEmpty();
    }

    /** The percentiles in which both are more than 5 % apart. */
    private List<String> besideTheReference(int requests, long[] delays) throws Exception {
        int perSecond = 100;
        var listening = new Listening();
        try (var server = RawServer.taking(delays);
                var twin = RawServer.taking(delays)) {
            publish("leader1", server);
            var reference = new ReferenceClient(twin.hostAndPort(), perSecond, requests);
            Thread beside = Thread.ofPlatform().start(reference);
            ProbePort.Running running = engine.probes()
                    .begin(
                            plan(
                                    perSecond,
                                    Duration.ofMillis(requests * 1000L / perSecond),
                                    Duration.ofSeconds(20),
                                    "leader1"),
                            listening);
            until(running::over);
            beside.join();
            double[] own = listening.samples().stream()
                    .mapToDouble(sample -> sample.took().toNanos() / 1e6)
                    .sorted()
                    .toArray();
            double[] other = reference.tookMs();
            assertThat(own.length + listening.missed().size()).isEqualTo(requests);
            assertThat(other).hasSize(requests);
            List<String> apart = new ArrayList<>();
            for (int percent : new int[] {50, 75, 90, 99}) {
                double ours = own[(int) Math.ceil(percent / 100.0 * own.length) - 1];
                double theirs = other[(int) Math.ceil(percent / 100.0 * other.length) - 1];
                if (Math.abs(ours - theirs) > theirs * 0.05) {
                    apart.add(percent + " %: " + ours + " ms, the other " + theirs + " ms");
                }
            }
            return apart;
        }
    }
}
