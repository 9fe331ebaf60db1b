package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.embedded.SeedSweep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code clusterlab sweep} on real simulations. */
class SweepSeedsTest {
    @Test
    void playsARangeOfSeedsAndSumsUp() {
        CliTrial.Outcome outcome = CliTrial.run("sweep", "--from", "7", "--seeds", "2", "--machines", "4");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).startsWith("seeds 7 to 8, 4 machines, ").contains("2 of 2 seeds, ", "0 violations; ");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void traceTellsFaultsWithTheirInstantsAndIsTheSameAgain() {
        String[] arguments = {"sweep", "--from", "7", "--seeds", "1", "--machines", "4", "--trace"};
        List<String> first = trace(CliTrial.run(arguments));
        assertThat(first).anyMatch(line -> line.matches(" +[0-9.]+ heal everything"));
        assertThat(trace(CliTrial.run(arguments))).isEqualTo(first);
    }

    /** Without the summary, which has wall-clock times. */
    private static List<String> trace(CliTrial.Outcome outcome) {
        return outcome.out().lines().filter(line -> line.startsWith(" ")).toList();
    }

    @Test
    void whatCannotBePlayedIsRefused() {
        CliTrial.Outcome outcome = CliTrial.run("sweep", "--machines", "2");
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("--machines is 2, but 3 to 50 are possible.");
    }

    @Test
    void aFailingSeedPrintsTheCommandThatReplaysIt() {
        var broken = new SeedSweep.Broken("tasks-only-advance", Duration.ofMillis(93_450), "task web.1 went back");
        var outcome = new SeedSweep.Outcome(4711, "3 replicas", Optional.of(broken), List.of(), Duration.ofSeconds(94));
        assertThat(SweepSeeds.failure(outcome, broken, 6).lines())
                .containsExactly(
                        "seed 4711: tasks-only-advance at 93.450 s: task web.1 went back",
                        "  drawn: 3 replicas",
                        "  replay: clusterlab sweep --from 4711 --seeds 1 --machines 6 --trace");
    }
}
