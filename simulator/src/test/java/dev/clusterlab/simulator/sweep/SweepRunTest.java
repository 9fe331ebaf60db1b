package dev.clusterlab.simulator.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.seeds.Seeds;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The platform survives what chance does to it, and the history of a seed is always the same. */
class SweepRunTest {
    static LongStream seeds() {
        return Seeds.between(3, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everythingIsBackOnceEverythingIsHealed(long seed) {
        SweepResult result = new SweepRun(seed, SweepSettings.of(SweepSettings.MACHINES_DEFAULT)).run();
        assertThat(result.violation())
                .as(() ->
                        "clusterlab sweep --from " + seed + " --seeds 1 --trace\n" + String.join("\n", result.trace()))
                .isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        SweepResult first = new SweepRun(5, SweepSettings.of(4)).run();
        SweepResult again = new SweepRun(5, SweepSettings.of(4)).run();
        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(again.trace()).isEqualTo(first.trace());
        assertThat(new SweepRun(6, SweepSettings.of(4)).run().digest()).isNotEqualTo(first.digest());
    }
}
