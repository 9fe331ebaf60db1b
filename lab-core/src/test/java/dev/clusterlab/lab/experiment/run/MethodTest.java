package dev.clusterlab.lab.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.lab.experiment.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** On a clock that a test sets. */
class MethodTest {
    private static final class Ledger implements Method.Deeds {
        private final List<String> done = new ArrayList<>();
        private final TreeSet<String> true_ = new TreeSet<>();
        private Duration now = Duration.ofSeconds(100);

        @Override
        public Duration now() {
            return now;
        }

        @Override
        public boolean holds(String expression) {
            return true_.contains(expression);
        }

        @Override
        public void inject(Step.Inject step) {
            done.add(step.kind().code());
        }

        @Override
        public void run(Step.Run step) {
            done.add(now.toSeconds() - 100 + " " + step.script());
        }

        @Override
        public void came(Step.Until step, Duration took) {
            done.add(step.expression() + " after " + took.toSeconds());
        }
    }

    private final Ledger ledger = new Ledger();

    private static Step run(String script) {
        return new Step.Run(script);
    }

    private static Step wait(int seconds) {
        return new Step.Wait(Duration.ofSeconds(seconds));
    }

    private void play(List<Step> steps) throws StoppedException, InterruptedException {
        var method = new Method(steps, ledger);
        for (int turns = 0; !method.advance(); turns++) {
            assertThat(turns).as("turns without an end").isLessThan(100);
            ledger.now = ledger.now.plus(method.untilDue());
            assertThat(method.ready()).isTrue();
        }
    }

    @Test
    void stepsFollowEachOther() throws StoppedException, InterruptedException {
        play(List.of(run("a"), wait(3), run("b")));
        assertThat(ledger.done).containsExactly("0 a", "3 b");
    }

    @Test
    void branchesWaitBesideEachOtherAndActInTheOrderOfTheFile() throws StoppedException, InterruptedException {
        play(List.of(
                new Step.Together(List.of(
                        List.of(wait(2), run("a"), wait(2), run("b")),
                        List.of(wait(3), run("c")),
                        List.of(wait(2), new Step.Together(List.of(List.of(run("d")), List.of(wait(1), run("e"))))))),
                run("f")));
        assertThat(ledger.done).containsExactly("2 a", "2 d", "3 c", "3 e", "4 b", "4 f");
    }

    @Test
    void aConditionIsWaitedForUntilItCame() throws StoppedException, InterruptedException {
        var method = new Method(List.of(new Step.Until("x", Duration.ofSeconds(10)), run("a")), ledger);
        assertThat(method.advance()).isFalse();
        assertThat(method.ready()).isFalse();
        assertThat(method.untilDue()).isEqualTo(Duration.ofSeconds(10));
        ledger.now = ledger.now.plusSeconds(4);
        ledger.true_.add("x");
        assertThat(method.ready()).isTrue();
        assertThat(method.advance()).isTrue();
        assertThat(ledger.done).containsExactly("x after 4", "4 a");
    }

    @Test
    void aConditionThatDoesNotComeStopsTheMethod() {
        assertThatThrownBy(() -> play(List.of(new Step.Until("x", Duration.ofSeconds(10)), run("a"))))
                .isInstanceOfSatisfying(
                        StoppedException.class,
                        e -> assertThat(e.trouble()).isEqualTo(new Trouble.NotWithin("x", Duration.ofSeconds(10))));
        assertThat(ledger.done).isEmpty();
    }
}
