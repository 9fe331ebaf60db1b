package dev.clusterlab.lab.way;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockNeedsTest {
    private static final Lab LAB =
            LabLibrary.standard(List.of(), new CheckLanguage()).read("resilient-swarm", Locale.ENGLISH);

    private static Progress passed(String... steps) {
        Map<String, StepState> states = new HashMap<>();
        for (Lab.Step step : LAB.steps()) {
            states.put(step.id(), List.of(steps).contains(step.id()) ? StepState.PASSED : StepState.LOCKED);
        }
        return new Progress("", states, Map.of(), Map.of(), List.of(), Duration.ZERO);
    }

    @Test
    void aVariableOfABlockThatWasTypedByHandIsMissing() {
        BlockNeeds needs = BlockNeeds.of(LAB, passed("machines"), name -> false, "swarm", 1);
        assertThat(needs.met()).isFalse();
        assertThat(needs.steps()).isEmpty();
        assertThat(needs.variables()).containsExactly(new BlockNeeds.Unset("token", LAB.requireStep("swarm")));
    }

    @Test
    void aVariableThatIsSetIsNotMissing() {
        assertThat(BlockNeeds.of(LAB, passed("machines"), "token"::equals, "swarm", 1)
                        .met())
                .isTrue();
    }

    @Test
    void stepsThatAreNotDoneAreNamed() {
        BlockNeeds needs = BlockNeeds.of(LAB, passed("machines", "swarm"), name -> true, "first-request", 0);
        assertThat(needs.steps())
                .extracting(Lab.Step::id)
                .containsExactly("network", "visualizer", "consul", "web", "traefik");
    }

    @Test
    void nothingIsMissingWhereTheStepsBeforeAreDone() {
        Lab.Step first = LAB.steps().getFirst();
        assertThat(BlockNeeds.of(LAB, passed(), name -> false, first.id(), 0).met())
                .isTrue();
    }

    @Test
    void variablesAreReadAsTheShellReadsThem() {
        assertThat(ScriptVariables.of("for n in $list; do echo $n ${other:-none} $((count + 1)); done"))
                .isEqualTo(new ScriptVariables(java.util.Set.of("list"), java.util.Set.of("n")));
        assertThat(ScriptVariables.of("(inner=1); echo $inner; read -r line; echo \"$line\" '$quoted'")
                        .needed())
                .containsExactly("inner");
        assertThat(ScriptVariables.of("token=$(docker swarm join-token -q $role)")
                        .assigned())
                .containsExactly("token");
        assertThat(ScriptVariables.of("cat <<END\n$text\nEND\n").needed()).containsExactly("text");
    }
}
