package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckLanguageTest {
    private final CheckLanguage language = new CheckLanguage();
    private final ClusterSnapshot nothing = ClusterSnapshot.empty(Instant.EPOCH);

    @Test
    void asksTheObservedStateByFunctionsWithoutPrefix() {
        assertThat(language.holds("machines() == 0 && node('leader1') == 'absent'", nothing))
                .isTrue();
        assertThat(language.holds("running('web') >= 10 || consulLeader() != ''", nothing))
                .isFalse();
        assertThat(language.holds("answers(200, 10) == 0 && running('web', 'worker3') == 0", nothing))
                .isTrue();
    }

    @Test
    void fillsInWhatIsMissingNow() {
        var text = language.compileText("${3 - machines()} of 3 machines do not run yet");
        assertThat(text.fill(new CheckState(nothing))).isEqualTo("3 of 3 machines do not run yet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"running('web' ==", "while (true) {}", "x = 3", "new('java.io.File', '/')"})
    void refusesWhatIsNotACondition(String expression) {
        assertThatThrownBy(() -> language.compile(expression))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("cannot be used");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknownFunction() == 1",
                "machines()",
                "''.getClass().forName('java.lang.Runtime') != null",
                "somewhere == 1"
            })
    void saysSoWhenAConditionCannotBeEvaluated(String expression) {
        assertThatThrownBy(() -> language.holds(expression, nothing)).isInstanceOf(LabException.class);
    }
}
