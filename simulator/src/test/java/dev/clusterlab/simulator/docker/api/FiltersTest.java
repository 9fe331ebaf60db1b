package dev.clusterlab.simulator.docker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both wire forms of filters, as moby reads them (api/types/filters/parse.go). */
class FiltersTest {
    @Test
    void areListsOrMapsToTruth() {
        assertThat(Filters.parse("{\"id\":[\"x\",\"y\"]}").values()).isEqualTo(Map.of("id", List.of("x", "y")));
        assertThat(Filters.parse("{\"id\":{\"x\":true,\"y\":true}}").values())
                .isEqualTo(Map.of("id", List.of("x", "y")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"id\":null}", "{\"id\":[]}", "{\"id\":{}}"})
    void mayBeNone(String json) {
        assertThat(Filters.parse(json).has("id")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "1",
                "\"id\"",
                "{",
                "{\"id\":\"x\"}",
                "{\"id\":[1]}",
                "{\"id\":{\"x\":\"yes\"}}",
                "{\"id\":{\"x\":1}}"
            })
    void areRefusedInAnyOtherForm(String json) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> Filters.parse(json))
                .withMessage("invalid filter");
    }
}
