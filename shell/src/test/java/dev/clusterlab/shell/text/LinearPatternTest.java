package dev.clusterlab.shell.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class LinearPatternTest {
    @ParameterizedTest
    @ValueSource(strings = {"(.*a){25}$", "(a+)+$", "(a|aa)+$", "(a*)*b", "(([a-z])+.)+[A-Z]([a-z])+$"})
    void searchesInLinearTime(String expression) {
        assertThat(LinearPattern.compile(expression).find("a".repeat(20_000) + "!"))
                .isFalse();
    }

    @Test
    void findsWhatGoFinds() {
        assertThat(LinearPattern.compile("^/api/v[0-9]+/").find("/api/v12/x")).isTrue();
        assertThat(LinearPattern.compile("(?i)^A\\.b$").find("a.B")).isTrue();
        assertThat(LinearPattern.compile("b").matches("abc")).isFalse();
        assertThat(LinearPattern.compile("a|bc").matches("bc")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "a**", "[b-a]", "(a)\\1", "a(?=b)", "x{1001}"})
    void refusesWhatGoRefuses(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearPattern.compile(expression))
                .withMessageStartingWith("error parsing regexp: ");
    }

    @Test
    void refusesWhatWouldTakeAllMemoryOrTheStack() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearPattern.compile("(".repeat(20_000)))
                .withMessageContaining("nests too deeply");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearPattern.compile("a".repeat(LinearPattern.LENGTH_MAX + 1)))
                .withMessageContaining("too large");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearPattern.compile("(" + "ab".repeat(2_000) + "){1000}"))
                .withMessageContaining("too large");
        String deep = "(".repeat(LinearPattern.DEPTH_MAX) + "a" + ")".repeat(LinearPattern.DEPTH_MAX);
        assertThat(LinearPattern.compile(deep).find("a")).isTrue();
    }
}
