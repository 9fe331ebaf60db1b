package dev.clusterlab.lab.experiment.odds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.provisioning.anatomy.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Arithmetic over runs that nobody made. */
class OddsTest {
    private static final Figure LOST = new Figure.LostRequests();
    private static final Figure STARTED = new Figure.Reached(Stage.STARTED);
    private static final OddsWords WORDS = new OddsWords(Locale.ENGLISH);

    private static SeedRun run(long seed, Outcome outcome, Map<Figure, Double> values) {
        return new SeedRun(seed, outcome, Optional.empty(), "00000000000000ab", 1200, values);
    }

    private static Odds odds(int seeds, LongToDoubleFunction lost) {
        List<SeedRun> runs = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            runs.add(run(seed, Outcome.COMPLETED, Map.of(LOST, lost.applyAsDouble(seed))));
        }
        return new Odds(List.of(LOST, STARTED), runs);
    }

    @Test
    void aSpreadHasTheMiddleTheEdgesAndTheSeedOfTheWorst() {
        Spread spread =
                odds(100, seed -> seed == 7 || seed == 9 ? 500 : seed).spreads().get(LOST);
        assertThat(spread).isEqualTo(new Spread(100, 52.5, 5, 97, 500, 7));
        assertThat(odds(1, seed -> 3).spreads().get(LOST)).isEqualTo(new Spread(1, 3, 3, 3, 3, 1));
    }

    @Test
    void whatSomeRunsDoNotHaveIsSaidToBeOfThoseThatDo() {
        Odds odds = new Odds(
                List.of(LOST, STARTED),
                List.of(
                        run(1, Outcome.COMPLETED, Map.of(LOST, 1.0, STARTED, 2.0)),
                        run(2, Outcome.DEVIATED, Map.of(LOST, 4.0))));
        assertThat(odds.spreads().get(STARTED).runs()).isEqualTo(1);
        assertThat(WORDS.table(odds))
                .anyMatch(line -> line.contains("new tasks run") && line.contains("in 1 of 2 runs"));
        assertThat(odds.outcomes()).containsEntry(Outcome.COMPLETED, 1).containsEntry(Outcome.FAILED, 0);
    }

    @Test
    void theWorstRunIsTheOneThatEndedWorstThenTheOneThatLostMost() {
        Odds odds = new Odds(
                List.of(LOST),
                List.of(
                        run(3, Outcome.COMPLETED, Map.of(LOST, 9.0)),
                        run(2, Outcome.DEVIATED, Map.of(LOST, 5.0)),
                        run(5, Outcome.DEVIATED, Map.of(LOST, 7.0)),
                        run(4, Outcome.DEVIATED, Map.of(LOST, 7.0))));
        assertThat(odds.worst()).map(SeedRun::seed).contains(4L);
        assertThat(new Odds(List.of(LOST), List.of()).worst()).isEmpty();
    }

    @Test
    void aSettingThatIsBetterOnEachSeedIsSurelySo() {
        Comparison comparison = Comparison.of(odds(50, seed -> 20 + seed % 3), odds(50, seed -> 8 + seed % 3));
        Difference lost = comparison.differences().get(LOST);
        assertThat(lost.difference()).isEqualTo(-12);
        assertThat(lost.sure()).isTrue();
        assertThat(WORDS.verdict(comparison, "A", "B"))
                .anyMatch(line -> line.startsWith("B loses fewer requests than A: 12 fewer of 1200 (95 %: 1"))
                .anyMatch(line -> line.startsWith("The hypothesis holds in 100 % and 100 % of the runs"));
        assertThat(new OddsWords(Locale.FRENCH).verdict(comparison, "A", "B"))
                .anyMatch(line -> line.startsWith("B perd moins de requêtes que A"));
        assertThat(Comparison.of(odds(50, seed -> 20 + seed % 3), odds(50, seed -> 8 + seed % 3)))
                .as("the draws are the same each time")
                .isEqualTo(comparison);
    }

    @Test
    void noiseIsNotToldApartFromNoise() {
        var first = new SplittableRandom(11);
        var second = new SplittableRandom(12);
        Comparison comparison =
                Comparison.of(odds(50, seed -> first.nextInt(10, 30)), odds(50, seed -> second.nextInt(10, 30)));
        assertThat(comparison.differences().get(LOST).sure()).isFalse();
        assertThat(WORDS.verdict(comparison, "A", "B").getLast())
                .startsWith("Cannot be told apart with 50 seeds: lost requests");
    }

    @Test
    void fewSeedsProveNothing() {
        Comparison comparison = Comparison.of(odds(5, seed -> 20), odds(5, seed -> 2));
        assertThat(comparison.differences().get(LOST).sure()).isFalse();
        assertThat(WORDS.verdict(Comparison.of(odds(0, seed -> 1), odds(5, seed -> 1)), "A", "B"))
                .containsExactly("No seed was run with both: nothing can be said.");
    }
}
