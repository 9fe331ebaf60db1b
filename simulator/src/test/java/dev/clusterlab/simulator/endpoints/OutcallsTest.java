package dev.clusterlab.simulator.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions to servers outside, while the inside goes on. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OutcallsTest {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LATE = Duration.ofMillis(3);

    private final Simulation simulation = new Simulation(1, EPOCH);
    private final Scope scope = Scope.root(simulation, "server");

    @Test
    void theInsideGoesOnWhileAServerAnswersAndHasTheAnswerAtItsInstant() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var insideWentOn = new CountDownLatch(1);
            var answered = new CompletableFuture<String>();
            driver.run(() -> {
                driver.outcalls()
                        .questions()
                        .begin(
                                () -> insideWentOn.await(30, TimeUnit.SECONDS),
                                scope,
                                LATE,
                                result -> answered.complete(simulation.elapsed() + " " + result));
                simulation.schedule(SOON, insideWentOn::countDown);
            });
            driver.sleep(Duration.ofSeconds(1));
            assertThat(answered).isCompletedWithValue("PT0.003S Done[value=true]");
        }
    }

    @Test
    void timeStandsFromWhenTheAnswerIsWanted() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var hung = new CountDownLatch(1);
            var answered = new CompletableFuture<Duration>();
            driver.run(() -> driver.outcalls()
                    .questions()
                    .begin(
                            () -> hung.await(30, TimeUnit.SECONDS),
                            scope,
                            LATE,
                            result -> answered.complete(simulation.elapsed())));
            var slept = CompletableFuture.runAsync(() -> sleep(driver, Duration.ofSeconds(1)));
            while (driver.elapsed().compareTo(LATE) < 0) {
                Thread.onSpinWait();
            }
            assertThat(driver.elapsed()).isEqualTo(LATE);
            assertThat(slept).isNotDone();
            hung.countDown();
            slept.get(10, TimeUnit.SECONDS);
            assertThat(answered).isCompletedWithValue(LATE);
        }
    }

    @Test
    void oneServerIsAskedOneThingAtATimeAndOthersMeanwhile() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var both = new CountDownLatch(2);
            var inside = new AtomicInteger();
            var insideMax = new AtomicInteger();
            var numbers = new ArrayList<Integer>();
            driver.run(() -> {
                Outcalls.Questions one = driver.outcalls().questions();
                for (int i = 0; i < 50; i++) {
                    int number = i;
                    one.begin(
                            () -> {
                                insideMax.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                if (number == 0) {
                                    both.countDown();
                                    both.await(30, TimeUnit.SECONDS);
                                }
                                inside.decrementAndGet();
                                return number;
                            },
                            scope,
                            SOON,
                            result -> {
                                if (result instanceof Outcalls.Result.Done<Integer>(Integer done)) {
                                    numbers.add(done);
                                }
                            });
                }
                driver.outcalls()
                        .questions()
                        .begin(
                                () -> {
                                    both.countDown();
                                    return true;
                                },
                                scope,
                                SOON,
                                result -> {});
            });
            driver.sleep(Duration.ofSeconds(1));
            assertThat(insideMax).hasValue(1);
            assertThat(driver.call(() -> List.copyOf(numbers))).hasSize(50).isSorted();
        }
    }

    @Test
    void otherCodeOutsideBeginsWhenNoQuestionIsUnderWay() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var underWay = new AtomicInteger();
            var seen = new CompletableFuture<Integer>();
            driver.run(() -> {
                for (int i = 0; i < 5; i++) {
                    driver.outcalls()
                            .questions()
                            .begin(
                                    () -> {
                                        underWay.incrementAndGet();
                                        Thread.sleep(5);
                                        return underWay.decrementAndGet();
                                    },
                                    scope,
                                    LATE,
                                    result -> {});
                }
                simulation.schedule(
                        SOON, () -> driver.outcalls().begin(() -> seen.complete(underWay.get()), result -> {}));
            });
            driver.sleep(Duration.ofSeconds(1));
            assertThat(seen).isCompletedWithValue(0);
            assertThat(driver.call(() -> driver.outcalls().idle())).isTrue();
        }
    }

    /** Somebody outside acts while time stands, such as who thaws a container: its requests are asked at once. */
    @Test
    void aQuestionThatIsAskedWhileOtherCodeWaitsDoesNotHoldItUpForGood() throws Exception {
        var limit = Duration.ofSeconds(2);
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand(), System::nanoTime, limit)) {
            var gate = new CompletableFuture<Boolean>();
            var late = new CompletableFuture<Boolean>();
            var begun = new CompletableFuture<Boolean>();
            driver.run(() -> {
                driver.outcalls().questions().begin(gate::get, scope, LATE, result -> {});
                driver.outcalls().begin(() -> begun.complete(true), result -> {});
            });
            driver.run(() -> driver.outcalls().questions().begin(late::get, scope, LATE, result -> {}));
            gate.complete(true);
            // Whatever was asked first is answered first: the later question is alone under way now.
            driver.run(() -> {});
            late.complete(true);
            driver.sleep(Duration.ofSeconds(1));
            assertThat(begun).isCompletedWithValue(true);
            assertThat(driver.call(() -> driver.outcalls().idle())).isTrue();
        }
    }

    @Test
    void aServerThatEndsIsNotHeardAnyMore() throws Exception {
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            var answered = new AtomicInteger();
            driver.run(() -> {
                driver.outcalls().questions().begin(() -> true, scope, LATE, result -> answered.incrementAndGet());
                simulation.schedule(SOON, scope::close);
            });
            driver.sleep(Duration.ofSeconds(1));
            assertThat(answered).hasValue(0);
            while (!driver.call(() -> driver.outcalls().idle())) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aServerThatHangsFailsAtItsLimitAndLosesTheRepeatability() throws Exception {
        var limit = Duration.ofMillis(100);
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand(), System::nanoTime, limit)) {
            var hung = new CountDownLatch(1);
            var answered = new CompletableFuture<Outcalls.Result<Boolean>>();
            var after = new CompletableFuture<Boolean>();
            driver.run(() -> {
                driver.outcalls()
                        .questions()
                        .begin(() -> hung.await(30, TimeUnit.SECONDS), scope, LATE, answered::complete);
                simulation.schedule(SOON, () -> driver.outcalls().begin(() -> after.complete(true), result -> {}));
            });
            driver.sleep(Duration.ofSeconds(1));
            assertThat(answered.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcalls.Result.Failed.class);
            assertThat(after).isCompletedWithValue(true);
            assertThat(driver.repeatabilityLost()).isPresent();
            hung.countDown();
        }
    }

    /** How fast the threads of servers are, and when others ask for the time, makes no difference. */
    @Test
    void historiesWithQuestionsAndProgramsThatAskRepeat() throws Exception {
        List<String> first = history();
        assertThat(first).hasSizeGreaterThan(300);
        assertThat(first)
                .filteredOn(line -> line.contains("after the answer"))
                .isNotEmpty()
                .allMatch(line -> line.contains("no question since null"));
        for (int i = 0; i < 8; i++) {
            assertThat(history()).isEqualTo(first);
        }
    }

    private static List<String> history() throws Exception {
        var simulation = new Simulation(7, EPOCH);
        var scope = Scope.root(simulation, "servers");
        var history = new ArrayList<String>();
        try (var driver = new SimulationDriver(simulation, new Pace.OnDemand())) {
            driver.run(() -> {
                for (int i = 0; i < 4; i++) {
                    new Container(driver, scope, history, i).live();
                }
            });
            driver.sleep(Duration.ofMillis(200));
            return driver.call(() -> List.copyOf(history));
        }
    }

    /** A server that counts its requests, and whose program asks the inside now and then. */
    private static final class Container {
        private final SimulationDriver driver;
        private final Scope scope;
        private final List<String> history;
        private final int number;
        private final Outcalls.Questions questions;
        private final Outcalls.Lane lane;
        /** Not safe for several threads: nothing of one container runs beside another thing of it. */
        private int count;

        Container(SimulationDriver driver, Scope scope, List<String> history, int number) {
            this.driver = driver;
            this.scope = scope;
            this.history = history;
            this.number = number;
            this.questions = driver.outcalls().questions();
            this.lane = driver.outcalls().lane();
        }

        void live() {
            request();
            beat();
        }

        private void request() {
            questions.begin(
                    () -> {
                        dawdle();
                        return ++count + " asked at " + questions.instant();
                    },
                    scope,
                    Duration.ofNanos(100_000),
                    this::note);
            scope.schedule(Duration.ofNanos(700_000 + 130_000L * number), this::request);
        }

        private void beat() {
            HttpService inside = exchange -> scope.schedule(
                    Duration.ofNanos(330_000), () -> exchange.respond(HttpMessage.Response.text(200, "inside")));
            lane.begin(
                    () -> {
                        count += 1000;
                        dawdle();
                        var answer = new Text();
                        lane.request(HttpMessage.Request.get("/"), inside, answer);
                        answer.text.get(10, TimeUnit.SECONDS);
                        dawdle();
                        return ++count + " after the answer, no question since " + questions.instant();
                    },
                    result -> {
                        note(result);
                        scope.schedule(Duration.ofMillis(9), this::beat);
                    });
        }

        private void note(Object result) {
            history.add(driver.simulation().nowNanos() + " " + number + " " + result);
        }

        private static void dawdle() throws InterruptedException {
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                Thread.sleep(1);
            }
        }
    }

    private static void sleep(SimulationDriver driver, Duration duration) {
        try {
            driver.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Text implements Answer {
        final CompletableFuture<String> text = new CompletableFuture<>();

        @Override
        public void complete(HttpMessage.Response response) {
            text.complete(response.text());
        }

        @Override
        public void head(HttpMessage.Response head) {
            text.complete(head.text());
        }

        @Override
        public void bytes(byte[] bytes) {}

        @Override
        public void end() {}

        @Override
        public void failed(HttpExchange.Failure failure) {
            text.completeExceptionally(new IllegalStateException(failure.name()));
        }
    }
}
