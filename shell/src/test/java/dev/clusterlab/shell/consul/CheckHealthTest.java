package dev.clusterlab.shell.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckHealthTest {
    @Test
    void orderGoesFromBestToWorst() {
        assertThat(CheckHealth.values())
                .containsExactly(CheckHealth.PASSING, CheckHealth.WARNING, CheckHealth.CRITICAL, CheckHealth.UNKNOWN);
    }

    @Test
    void theWorstCheckCounts() {
        assertThat(CheckHealth.worst(List.of("passing", "critical", "warning"))).isEqualTo("critical");
        assertThat(CheckHealth.worst(List.of("warning", "passing"))).isEqualTo("warning");
        assertThat(CheckHealth.worst(List.of("maintenance", "critical"))).isEqualTo("maintenance");
        assertThat(CheckHealth.worst(List.of())).isEqualTo("passing");
    }

    @Test
    void anUnknownWordIsNoGoodNews() {
        assertThat(CheckHealth.of("maintenance")).isEqualTo(CheckHealth.UNKNOWN);
        assertThat(CheckHealth.of("")).isEqualTo(CheckHealth.UNKNOWN);
        assertThat(CheckHealth.of("passing")).isEqualTo(CheckHealth.PASSING);
    }
}
