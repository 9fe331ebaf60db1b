package dev.clusterlab.lab.way;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaypointsTest {
    private static final Lab LAB =
            LabLibrary.standard(List.of(), new CheckLanguage()).read("resilient-swarm", Locale.ENGLISH);

    private static Progress at(int seconds, Map<String, StepState> steps, Map<String, List<Integer>> blocks) {
        return new Progress("", steps, Map.of(), blocks, List.of(), Duration.ofSeconds(seconds));
    }

    @Test
    void aFaultIsTakenBackToWhatWasDoneBeforeIt() {
        var waypoints = new Waypoints(LAB, at(0, Map.of(), Map.of()));
        assertThat(waypoints.before(Duration.ofSeconds(1))).contains(Destination.before("machines"));
        waypoints.add(LAB, at(10, Map.of("machines", StepState.PASSED), Map.of()));
        waypoints.add(LAB, at(20, Map.of("machines", StepState.PASSED), Map.of("swarm", List.of(0))));
        waypoints.add(LAB, at(25, Map.of("machines", StepState.PASSED), Map.of("swarm", List.of(0, 1))));

        assertThat(waypoints.before(Duration.ofSeconds(15))).contains(Destination.before("swarm"));
        assertThat(waypoints.before(Duration.ofSeconds(25)))
                .as("the block that was under way is not done")
                .contains(new Destination("swarm", 1));
        assertThat(waypoints.last()).isEqualTo(new Destination("swarm", 2));
    }

    @Test
    void whatWasBeforeThePointThatTheClusterWasBroughtToIsNotKnown() {
        var waypoints = new Waypoints(LAB, at(60, Map.of("machines", StepState.PASSED), Map.of()));
        assertThat(waypoints.before(Duration.ofSeconds(30))).isEmpty();
        assertThat(waypoints.before(Duration.ofSeconds(61))).contains(Destination.before("swarm"));
    }

    @Test
    void theDestinationAfterAStepIsTheNextOneOrTheEnd() {
        assertThat(Destination.after(LAB, "machines")).isEqualTo(Destination.before("swarm"));
        assertThat(Destination.after(LAB, "prove")).isEqualTo(new Destination("prove", 1));
        assertThat(Destination.before("machines").start(LAB)).isTrue();
    }
}
