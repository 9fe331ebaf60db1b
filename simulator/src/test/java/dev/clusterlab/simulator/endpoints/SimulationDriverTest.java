package dev.clusterlab.simulator.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SimulationDriverTest {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final Simulation simulation = new Simulation(1, EPOCH);

    @Test
    void onDemandTimeStandsStillWhileNobodyWaits() throws Exception {
        try (var driver = onDemand()) {
            var beats = beats(driver, Duration.ofMillis(100));
            driver.sleep(Duration.ofSeconds(10));
            assertThat(beats.get()).isBetween(99, 100);
            assertThat(driver.elapsed()).isEqualTo(Duration.ofSeconds(10));
            Thread.sleep(30);
            assertThat(driver.elapsed()).isEqualTo(Duration.ofSeconds(10));
            assertThat(driver.now()).isEqualTo(EPOCH.plusSeconds(10));
        }
    }

    @Test
    void onDemandTimeStopsAtTheEventThatAnswersTheRequest() throws Exception {
        try (var driver = onDemand()) {
            beats(driver, Duration.ofMillis(7));
            HttpMessage.Response response = ask(driver, after(Duration.ofSeconds(3)));
            assertThat(response.text()).isEqualTo("done");
            assertThat(driver.elapsed()).isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void aLongPollDoesNotMoveTime() throws Exception {
        try (var driver = onDemand()) {
            beats(driver, Duration.ofMillis(7));
            var answer = new Recorded();
            driver.request(
                    HttpMessage.Request.get("/"),
                    exchange -> {
                        exchange.longPoll();
                        simulation.schedule(
                                Duration.ofSeconds(5), () -> exchange.respond(HttpMessage.Response.text(200, "late")));
                    },
                    answer);
            driver.run(() -> {});
            Thread.sleep(30);
            assertThat(driver.elapsed()).isZero();
            driver.sleep(Duration.ofSeconds(6));
            assertThat(answer.response.get(1, TimeUnit.SECONDS).text()).isEqualTo("late");
        }
    }

    /** A script waits for the answer to its own blocking query: what it waits for must be able to come, or to be late. */
    @Test
    void aLongPollWhoseCallerSaysHowLongItWaitsMovesTime() throws Exception {
        try (var driver = onDemand()) {
            beats(driver, Duration.ofSeconds(1));
            HttpService late = exchange -> {
                exchange.longPoll();
                simulation.schedule(
                        Duration.ofSeconds(5), () -> exchange.respond(HttpMessage.Response.text(200, "late")));
            };
            var answer = new Recorded();
            driver.request(HttpMessage.Request.get("/").withHeader("prefer", "wait=20"), late, answer);
            assertThat(answer.response.get(10, TimeUnit.SECONDS).text()).isEqualTo("late");
            assertThat(driver.elapsed()).isEqualTo(Duration.ofSeconds(5));

            var cut = new Recorded();
            driver.request(HttpMessage.Request.get("/").withHeader("prefer", "wait=3"), late, cut);
            assertThat(cut.response.get(10, TimeUnit.SECONDS).status()).isEqualTo(504);
            assertThat(driver.elapsed()).isEqualTo(Duration.ofSeconds(8));
        }
    }

    @Test
    void aStreamEndsWithTheWaitOfItsCaller() throws Exception {
        try (var driver = onDemand()) {
            beats(driver, Duration.ofSeconds(1));
            var gone = new CompletableFuture<Duration>();
            var answer = new Recorded();
            driver.request(
                    HttpMessage.Request.get("/events").withHeader("prefer", "wait=7"),
                    exchange -> {
                        exchange.longPoll();
                        exchange.stream(HttpMessage.Response.text(200, ""))
                                .onAbandoned(() -> gone.complete(simulation.elapsed()));
                    },
                    answer);
            assertThat(gone.get(10, TimeUnit.SECONDS)).isEqualTo(Duration.ofSeconds(7));
            assertThat(answer.broken.get(10, TimeUnit.SECONDS)).isEqualTo(HttpExchange.Failure.TIMEOUT);
        }
    }

    @Test
    void anErrorInOneRequestIsItsOwnAnswerAndNobodyElses() throws Exception {
        for (Error error :
                List.of(new StackOverflowError("deep"), new OutOfMemoryError("large"), new AssertionError())) {
            try (var driver = onDemand()) {
                var answer = new Recorded();
                driver.request(
                        HttpMessage.Request.get("/"),
                        exchange -> {
                            throw error;
                        },
                        answer);
                HttpMessage.Response response = answer.response.get(10, TimeUnit.SECONDS);
                assertThat(response.status()).isEqualTo(500);
                assertThat(response.text()).doesNotContain("java.");
                assertThat(driver.failures()).containsExactly(error);
                var next = new Recorded();
                driver.request(
                        HttpMessage.Request.get("/"),
                        exchange -> exchange.respond(HttpMessage.Response.text(200, "alive")),
                        next);
                assertThat(next.response.get(10, TimeUnit.SECONDS).text()).isEqualTo("alive");
            }
        }
    }

    @Test
    void aRequestThatIsNeverAnsweredFailsAfterItsLimit() {
        try (var driver = onDemand()) {
            beats(driver, Duration.ofSeconds(1));
            var answer = new Recorded();
            driver.request(HttpMessage.Request.get("/"), exchange -> {}, answer);
            assertThatThrownBy(() -> answer.response.get(10, TimeUnit.SECONDS)).hasMessageContaining("TIMEOUT");
            assertThat(driver.elapsed()).isEqualTo(SimulationDriver.REQUEST_LIMIT);
        }
    }

    @Test
    void awaitingInsideStopsAtTheVeryEvent() throws Exception {
        try (var driver = onDemand()) {
            var flag = new AtomicBoolean();
            beats(driver, Duration.ofMillis(10));
            driver.run(() -> simulation.schedule(Duration.ofMillis(1234), () -> flag.set(true)));
            assertThat(driver.awaitInside(flag::get, Duration.ofSeconds(9))).isTrue();
            assertThat(driver.elapsed()).isEqualTo(Duration.ofMillis(1234));
            assertThat(driver.awaitInside(() -> false, Duration.ofSeconds(9))).isFalse();
            assertThat(driver.elapsed()).isEqualTo(Duration.ofMillis(10_234));
        }
    }

    @Test
    void anOutsideConditionIsLookedAtAgainAtLeastFourTimesASecond() throws Exception {
        try (var driver = onDemand()) {
            beats(driver, Duration.ofMillis(10));
            var looks = new AtomicInteger();
            assertThat(driver.await(() -> looks.incrementAndGet() < 0, Duration.ofSeconds(10)))
                    .isFalse();
            assertThat(looks.get()).isBetween(40, 43);
            assertThat(driver.elapsed()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void anOutsideConditionIsLookedAtSoonAfterAChange() throws Exception {
        try (var driver = onDemand()) {
            var state = new AtomicBoolean();
            driver.run(() -> simulation.schedule(Duration.ofMillis(1103), () -> {
                state.set(true);
                driver.changed();
            }));
            assertThat(driver.await(state::get, Duration.ofSeconds(10))).isTrue();
            assertThat(driver.elapsed()).isEqualTo(Duration.ofMillis(1113));
        }
    }

    @Test
    void theConditionMayAskTheSimulationItself() throws Exception {
        try (var driver = onDemand()) {
            beats(driver, Duration.ofMillis(10));
            assertThat(driver.await(
                            () -> {
                                ask(driver, after(Duration.ofMillis(3)));
                                return driver.elapsed().toSeconds() >= 2;
                            },
                            Duration.ofSeconds(10)))
                    .isTrue();
        }
    }

    @Test
    void pacedTimeFollowsTheWall() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.Times(20))) {
            beats(driver, Duration.ofMillis(10));
            long began = System.nanoTime();
            driver.sleep(Duration.ofSeconds(10));
            long tookMillis = (System.nanoTime() - began) / 1_000_000;
            assertThat(tookMillis).isBetween(450L, 1500L);
        }
    }

    @Test
    void pacedTimeStandsWhileAnOutcallThinksAndSaysThatItIsLate() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.Times(16))) {
            AtomicInteger beats = beats(driver, Duration.ofMillis(10));
            var thinking = new CountDownLatch(1);
            var thought = new CompletableFuture<Duration>();
            var began = new CompletableFuture<Duration>();
            driver.run(() -> driver.simulation().schedule(Duration.ofMillis(15), () -> {
                began.complete(driver.simulation().elapsed());
                driver.outcalls()
                        .begin(
                                () -> thinking.await(30, TimeUnit.SECONDS),
                                result -> thought.complete(driver.simulation().elapsed()));
            }));
            Duration stood = began.get(10, TimeUnit.SECONDS);
            while (driver.lag().compareTo(Duration.ofMillis(250)) < 0) {
                Thread.onSpinWait();
            }
            assertThat(driver.elapsed()).isEqualTo(stood);
            thinking.countDown();
            assertThat(thought.get(10, TimeUnit.SECONDS)).isEqualTo(stood);
            driver.sleep(Duration.ofSeconds(1));
            assertThat(beats.get()).isGreaterThan(50);
            assertThat(driver.lag()).isLessThan(Duration.ofMillis(250));
        }
    }

    @Test
    void whatAnOutcallThatMetItsLimitDecidesIsSaidToBeUnrepeatable() throws Exception {
        var limit = Duration.ofMillis(200);
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand(), System::nanoTime, limit)) {
            assertThat(driver.repeatabilityLost()).isEmpty();
            var hung = new CountDownLatch(1);
            var result = new CompletableFuture<Outcalls.Result<Boolean>>();
            driver.run(() -> driver.simulation()
                    .schedule(
                            Duration.ofSeconds(2),
                            () -> driver.outcalls().begin(() -> hung.await(30, TimeUnit.SECONDS), result::complete)));
            driver.sleep(Duration.ofSeconds(5));
            assertThat(result.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcalls.Result.Failed.class);
            assertThat(driver.repeatabilityLost()).contains(Duration.ofSeconds(2));
            hung.countDown();
        }
    }

    @Test
    void pausedTimeStandsStillButWhatNeedsNoTimeIsAnswered() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.Paused())) {
            beats(driver, Duration.ofMillis(10));
            assertThat(ask(driver, after(Duration.ZERO)).text()).isEqualTo("done");
            assertThat(driver.elapsed()).isZero();
            pass(driver, Duration.ofMillis(10));
            assertThat(driver.elapsed()).isEqualTo(Duration.ofMillis(10));
            pass(driver, Duration.ofSeconds(1));
            assertThat(driver.elapsed()).isEqualTo(Duration.ofMillis(1010));
            driver.setPace(new Pace.OnDemand());
            driver.sleep(Duration.ofSeconds(1));
            assertThat(driver.elapsed()).isEqualTo(Duration.ofMillis(2010));
        }
    }

    /** Lets time go on for so long, and pauses again. */
    private static void pass(SimulationDriver driver, Duration duration) throws InterruptedException {
        driver.setPace(new Pace.OnDemand());
        driver.sleep(duration);
        driver.setPace(new Pace.Paused());
    }

    @Test
    void listenersHearOfChanges() throws Exception {
        try (var driver = onDemand()) {
            var heard = new CountDownLatch(1);
            try (var ignored = driver.onChange(heard::countDown)) {
                long before = driver.changeCount();
                driver.changed();
                assertThat(heard.await(5, TimeUnit.SECONDS)).isTrue();
                assertThat(driver.changeCount()).isGreaterThan(before);
            }
        }
    }

    @Test
    void anInterruptedSleeperNoLongerMovesTime() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.Paused())) {
            beats(driver, Duration.ofMillis(10));
            var interrupted = new CountDownLatch(1);
            Thread sleeper = Thread.ofVirtual().start(() -> {
                try {
                    driver.sleep(Duration.ofDays(1));
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            driver.run(() -> {});
            sleeper.interrupt();
            assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
            driver.setPace(new Pace.OnDemand());
            driver.run(() -> {});
            Thread.sleep(30);
            assertThat(driver.elapsed()).isZero();
        }
    }

    @Test
    void whoWaitsIsToldWhenTheSimulationEnds() throws Exception {
        var driver = new SimulationDriver(simulation, new Pace.Paused());
        var failure = new CompletableFuture<Throwable>();
        Thread.ofVirtual().start(() -> {
            try {
                driver.sleep(Duration.ofDays(1));
            } catch (InterruptedException | RuntimeException e) {
                failure.complete(e);
            }
        });
        Thread.sleep(20);
        driver.close();
        assertThat(failure.get(5, TimeUnit.SECONDS)).isInstanceOf(DriverClosedException.class);
        assertThatThrownBy(() -> driver.call(() -> 1)).isInstanceOf(DriverClosedException.class);
    }

    @Test
    void anEventThatFailsIsReportedAndTheRestGoesOn() throws Exception {
        try (var driver = onDemand()) {
            driver.run(() -> simulation.schedule(Duration.ofSeconds(1), () -> {
                throw new IllegalStateException("broken on purpose by this test");
            }));
            driver.sleep(Duration.ofSeconds(2));
            assertThat(driver.failures()).hasSize(1);
        }
    }

    /** Real code outside that takes a random wall-clock time makes no difference to the history. */
    @Test
    void historiesWithConcurrentOutcallsRepeat() throws Exception {
        List<String> first = historyWithOutcalls();
        assertThat(first).hasSizeGreaterThan(100);
        for (int i = 0; i < 8; i++) {
            assertThat(historyWithOutcalls()).isEqualTo(first);
        }
    }

    private static List<String> historyWithOutcalls() throws Exception {
        var simulation = new Simulation(7, EPOCH);
        var history = new ArrayList<String>();
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            HttpService counter = exchange -> {
                history.add(
                        simulation.nowNanos() + " asked " + exchange.request().path());
                simulation.schedule(
                        Duration.ofMillis(2),
                        () -> exchange.respond(HttpMessage.Response.text(200, "" + history.size())));
            };
            driver.run(() -> {
                for (int i = 0; i < 5; i++) {
                    int container = i;
                    Outcalls.Lane lane = driver.outcalls().lane();
                    tick(driver, history, container, lane, counter);
                }
            });
            for (int i = 0; i < 20; i++) {
                int number = i;
                history.add(driver.elapsed() + " client " + number + " "
                        + ask(
                                        driver,
                                        exchange -> driver.outcalls()
                                                .begin(
                                                        () -> {
                                                            dawdle();
                                                            return "served " + number;
                                                        },
                                                        result -> {
                                                            history.add(simulation.nowNanos() + " " + result);
                                                            exchange.respond(HttpMessage.Response.text(
                                                                    200, "" + history.size()));
                                                        }))
                                .text());
                driver.sleep(Duration.ofMillis(37));
            }
            return driver.call(() -> List.copyOf(history));
        }
    }

    private static void tick(
            SimulationDriver driver, List<String> history, int container, Outcalls.Lane lane, HttpService counter) {
        lane.begin(
                () -> {
                    dawdle();
                    var answer = new Recorded();
                    lane.request(HttpMessage.Request.get("/from/" + container), counter, answer);
                    String said = answer.response.get(10, TimeUnit.SECONDS).text();
                    dawdle();
                    return said;
                },
                result -> {
                    history.add(driver.simulation().nowNanos() + " " + container + " " + result);
                    driver.simulation()
                            .schedule(Duration.ofMillis(20), () -> tick(driver, history, container, lane, counter));
                });
    }

    private static void dawdle() throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextInt(3));
    }

    private SimulationDriver onDemand() {
        return new SimulationDriver(simulation, new Pace.OnDemand());
    }

    private AtomicInteger beats(SimulationDriver driver, Duration period) {
        var count = new AtomicInteger();
        driver.run(() -> beat(period, count));
        return count;
    }

    private void beat(Duration period, AtomicInteger count) {
        simulation.schedule(period, () -> {
            count.incrementAndGet();
            beat(period, count);
        });
    }

    private HttpService after(Duration delay) {
        return exchange -> simulation.schedule(delay, () -> exchange.respond(HttpMessage.Response.text(200, "done")));
    }

    private static HttpMessage.Response ask(SimulationDriver driver, HttpService service) {
        var answer = new Recorded();
        driver.request(HttpMessage.Request.get("/"), service, answer);
        return answer.response.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static final class Recorded implements Answer {
        final CompletableFuture<HttpMessage.Response> response = new CompletableFuture<>();
        final CompletableFuture<HttpExchange.Failure> broken = new CompletableFuture<>();

        @Override
        public void complete(HttpMessage.Response answered) {
            response.complete(answered);
        }

        @Override
        public void head(HttpMessage.Response head) {
            response.complete(head);
        }

        @Override
        public void bytes(byte[] bytes) {}

        @Override
        public void end() {}

        @Override
        public void failed(HttpExchange.Failure failure) {
            broken.complete(failure);
            response.completeExceptionally(new IllegalStateException(failure.name()));
        }
    }
}
