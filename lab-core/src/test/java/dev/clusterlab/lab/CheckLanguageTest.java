package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
        assertThat(language.holds("update('web') == 'none'", nothing)).isTrue();
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

    @Test
    void anInterruptIsNoMistakeOfTheConditionAndIsNotLost() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> language.holds("machines() == 0", nothing))
                .isInstanceOfSatisfying(
                        LabException.class, e -> assertThat(e.kind()).isEqualTo(LabException.Kind.CANCELLED));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    @Timeout(20)
    void searchesTextsInLinearTime() {
        String hostile = "'" + "a".repeat(2_000) + "!'";
        for (String condition : List.of(
                hostile + " =~ '(.*a){25}'",
                hostile + " =~ ~/(a+)+/",
                hostile + " =~ '(a|aa)+'",
                hostile + " !~ '(a*)*b'")) {
            assertThat(language.holds(condition, nothing)).isEqualTo(condition.contains("!~"));
        }
        assertThat(language.holds("'leader1' =~ 'leader[0-9]' && 'x' !~ 'y.*' && 2 =~ [1, 2]", nothing))
                .isTrue();
        assertThatThrownBy(() -> language.holds("'a' =~ '('", nothing)).isInstanceOf(LabException.class);
    }

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(ints = {150, 2_000, 20_000})
    void refusesWhatIsNestedTooDeeplyOrTooLong(int count) {
        for (String condition : List.of(
                "(".repeat(count) + "true" + ")".repeat(count),
                "!".repeat(count) + "true",
                "- ".repeat(count) + "1 == 1",
                "true ? ".repeat(count) + "true" + " : false".repeat(count),
                "[".repeat(count) + "]".repeat(count) + " == 1")) {
            assertThatThrownBy(() -> language.compile(condition))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("cannot be used: it is")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
            assertThatThrownBy(() -> language.compileText("${" + condition + "}"))
                    .isInstanceOf(LabException.class);
        }
        assertThat(language.holds("(".repeat(90) + "true" + ")".repeat(90), nothing))
                .isTrue();
    }

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(
            strings = {
                "1e999999999B + 1 == 2",
                "1e999999999B == 1H",
                "1e999999999B * 1H == 1",
                "1H << 99999999999 == 1",
                "size(1..2000000000) == 1",
                "1 / 0 == 1",
                "1 % 0 == 1",
                "answers(99999999999999999999) == 0",
                "answers(200, -1) == 0",
                "label(null, null) == ''"
            })
    void saysWhatCannotBeComputed(String condition) {
        try {
            language.holds(condition, nothing);
        } catch (LabException expected) {
            assertThat(expected.getMessage()).doesNotContain("java.");
        }
    }
}
