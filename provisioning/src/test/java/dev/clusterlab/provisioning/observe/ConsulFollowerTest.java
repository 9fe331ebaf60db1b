package dev.clusterlab.provisioning.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ConsulFollowerTest {
    private static final String CHECKS = "/v1/health/state/any";
    private static final ConsulFollower.Pace PACE = new ConsulFollower.Pace(
            Duration.ofMinutes(10), Duration.ofMillis(7), Duration.ofMillis(100), Duration.ofMillis(800));

    private final FakeConsul first = new FakeConsul();
    private final FakeConsul second = new FakeConsul();
    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> sleptMillis = new LinkedBlockingQueue<>();
    private final ConsulFollower watch = new ConsulFollower(
            PACE, new Random(1), duration -> sleptMillis.add(duration.toMillis()), () -> changes.add("changed"));

    @AfterEach
    void close() {
        watch.close();
        first.close();
        second.close();
    }

    private void awaitChange() throws InterruptedException {
        assertThat(changes.poll(1, TimeUnit.MINUTES)).isEqualTo("changed");
    }

    /** Each of the three queries has asked with this index. */
    private static void awaitQueries(FakeConsul agent, long index) throws InterruptedException {
        for (String path : List.of(CHECKS, "/v1/catalog/services", "/v1/catalog/nodes")) {
            agent.awaitQuery(path + " " + index);
        }
    }

    @Test
    void tellsOfAChangeThatEndsABlockingQuery() throws InterruptedException {
        watch.follow(List.of(first.at()));
        awaitQueries(first, 10);
        assertThat(watch.stands()).isTrue();
        changes.clear();
        first.index(11);
        awaitChange();
        awaitQueries(first, 11);
    }

    @Test
    void asksNobodyWithoutAnAgent() throws InterruptedException {
        assertThat(watch.stands()).isFalse();
        watch.follow(List.of());
        watch.close();
        watch.awaitEnd();
        assertThat(first.queries()).isEmpty();
    }

    @Test
    void beginsAgainWhenTheIndexGoesBackwards() throws InterruptedException {
        watch.follow(List.of(first.at()));
        awaitQueries(first, 10);
        changes.clear();
        first.index(4);
        awaitChange();
        awaitQueries(first, 4);
        List<String> checks =
                first.queries().stream().filter(q -> q.startsWith(CHECKS)).toList();
        assertThat(checks).containsExactly(CHECKS + " 0", CHECKS + " 10", CHECKS + " 0", CHECKS + " 4");
    }

    @Test
    void takesAnIndexOfZeroForOne() throws InterruptedException {
        first.index(0);
        watch.follow(List.of(first.at()));
        awaitQueries(first, 1);
    }

    @Test
    void goesToAnotherAgentWhenOneGoesAway() throws InterruptedException {
        watch.follow(List.of(first.at(), second.at()));
        awaitQueries(first, 10);
        assertThat(second.queries()).isEmpty();
        first.fail(true);
        awaitQueries(second, 10);
    }

    @Test
    void leavesAnAgentThatIsNotAmongThoseThatAnswerAnyMore() throws InterruptedException {
        watch.follow(List.of(first.at(), second.at()));
        awaitQueries(first, 10);
        // It hangs, as on a frozen machine: the observer does not find it any more.
        watch.follow(List.of(second.at()));
        awaitQueries(second, 10);
        assertThat(watch.stands()).isTrue();
    }

    @Test
    void waitsLongerAfterEachErrorAndPausesBetweenQueries() throws InterruptedException {
        first.fail(true);
        watch.follow(List.of(first.at()));
        var waits = new java.util.ArrayList<Long>();
        while (waits.size() < 15) {
            waits.add(java.util.Objects.requireNonNull(sleptMillis.poll(1, TimeUnit.MINUTES)));
        }
        assertThat(waits).allSatisfy(millis -> assertThat(millis).isBetween(50L, 800L));
        assertThat(waits).anySatisfy(millis -> assertThat(millis).isGreaterThan(400));
        assertThat(waits.stream().distinct().count()).as("chance in the waits").isGreaterThan(5);
        first.fail(false);
        awaitQueries(first, 10);
        assertThat(sleptMillis).contains(PACE.gap().toMillis());
    }

    @Test
    void endsPromptly() throws InterruptedException {
        watch.follow(List.of(first.at()));
        awaitQueries(first, 10);
        // The agent would hold the queries for ten minutes.
        watch.close();
        watch.awaitEnd();
    }
}
