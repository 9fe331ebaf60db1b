package dev.clusterlab.provisioning.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.observe.ConcurrentQueries.Limits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing here depends on how long anything takes: who hangs does so until the test lets it answer. */
final class ConcurrentQueriesTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CountDownLatch toldLate = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private ConcurrentQueries answers = answers(new Limits(LONG, LONG, LONG, LONG));

    private ConcurrentQueries answers(Limits limits) {
        return new ConcurrentQueries(limits, System::nanoTime, toldLate::countDown);
    }

    private void limits(Duration giveUp) {
        answers.close();
        answers = answers(new Limits(LONG, Duration.ZERO, giveUp, LONG));
    }

    @AfterEach
    void close() {
        released.countDown();
        answers.close();
    }

    private static Query<String> question(String at, long edition, Supplier<String> ask) {
        return new Query<>(at, at, "/info", new Query.Freshness(edition, LONG), ask);
    }

    private String counted() {
        return "answer " + asked.incrementAndGet();
    }

    private String hanging() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(Kind.CANCELLED, "interrupted", "", e);
        }
        return "late";
    }

    @Test
    void asksAgainOnlyWhatMayHaveChanged() {
        for (long edition : new long[] {1, 1, 2, 2}) {
            answers.begin();
            answers.ahead(List.of(question("a", edition, this::counted)));
            assertThat(answers.get(question("a", edition, this::counted))).isEqualTo("answer " + edition);
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void asksAgainWhatIsTooOld() {
        var old = new Query<>("a", "a", "/info", new Query.Freshness(1, Duration.ZERO), this::counted);
        answers.beginPatiently(Duration.ofMillis(1));
        answers.ahead(List.of(question("a", 1, this::counted)));
        answers.beginPatiently(Duration.ofMillis(1));
        answers.get(old);
        assertThat(asked.get()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void waitsForTheOthersAndNotForWhoHangs() {
        limits(Duration.ZERO);
        answers.beginPatiently(Duration.ZERO);
        assertThatThrownBy(() -> answers.get(question("silent", 1, this::hanging)))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMEOUT));

        // This sweep would wait ten minutes: it returns because it waits for nobody who is known to hang.
        answers.begin();
        answers.ahead(List.of(question("silent", 2, this::hanging), question("a", 2, this::counted)));

        assertThat(answers.get(question("a", 2, this::counted))).isEqualTo("answer 1");
        assertThatThrownBy(() -> answers.get(question("silent", 2, this::hanging)))
                .hasMessageContaining("silent does not answer /info in time");
    }

    @Test
    void doesNotWaitASecondTimeForWhoWasLate() {
        answers.begin();
        assertThat(answers.get(question("a", 1, this::counted))).isEqualTo("answer 1");
        answers.beginPatiently(Duration.ZERO);
        answers.ahead(List.of(question("a", 2, this::hanging)));

        // Would wait ten minutes, and gives up nobody before.
        answers.begin();
        answers.ahead(List.of(question("a", 2, this::hanging), question("b", 2, this::counted)));

        assertThat(answers.get(question("b", 2, this::counted))).isEqualTo("answer 2");
        assertThat(answers.get(question("a", 2, this::hanging))).as("stands in").isEqualTo("answer 1");
    }

    @Test
    void keepsTheLastAnswerForAWhileAndTellsWhenThereIsANewOne() throws InterruptedException {
        answers.begin();
        assertThat(answers.get(question("a", 1, this::counted))).isEqualTo("answer 1");
        answers.beginPatiently(Duration.ZERO);
        assertThat(answers.get(question("a", 2, this::hanging))).isEqualTo("answer 1");
        assertThat(toldLate.getCount()).isEqualTo(1);

        released.countDown();

        assertThat(toldLate.await(1, TimeUnit.MINUTES)).isTrue();
        answers.begin();
        assertThat(answers.get(question("a", 2, this::hanging))).isEqualTo("late");
    }

    @Test
    void asksOnceMoreIfSomethingChangedWhileAnAnswerWasOnItsWay() throws InterruptedException {
        answers.begin();
        assertThat(answers.get(question("a", 1, this::counted))).isEqualTo("answer 1");
        answers.beginPatiently(Duration.ZERO);
        answers.ahead(List.of(question("a", 2, this::hanging)));
        answers.begin();
        answers.ahead(List.of(question("a", 3, this::counted)));

        released.countDown();

        assertThat(toldLate.await(1, TimeUnit.MINUTES)).isTrue();
        answers.beginPatiently(Duration.ZERO);
        assertThat(answers.get(question("a", 3, this::counted))).isEqualTo("answer 2");
    }

    @Test
    void tellsOfFailuresAndAsksAgain() {
        Supplier<String> failing = () -> {
            throw new LabException(Kind.REFUSED, "refused", "");
        };
        answers.begin();
        assertThatThrownBy(() -> answers.get(question("a", 1, failing))).hasMessage("refused");
        answers.begin();
        assertThat(answers.get(question("a", 2, this::counted))).isEqualTo("answer 1");
    }

    @Test
    void doesNotDieOfAnAnswerThatNobodyExpected() {
        answers.begin();
        assertThatThrownBy(() -> answers.get(question("a", 1, () -> {
                    throw new IllegalStateException("no number");
                })))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no number");
    }
}
