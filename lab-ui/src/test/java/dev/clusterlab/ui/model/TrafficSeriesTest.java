package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterEvent.Kind;
import dev.clusterlab.provisioning.observe.ClusterEvent.Severity;
import dev.clusterlab.ui.model.TrafficSeries.Column;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrafficSeriesTest {
    private static ClusterEvent fault(int second, String text) {
        return new ClusterEvent(
                Duration.ofSeconds(second), Kind.FAULT, Severity.WARNING, "worker3", text, Optional.empty());
    }

    @Test
    void sortsAnswersByWhatTheyMeanToAClient() {
        var snapshot = new ClusterBuilder(Duration.ofSeconds(100))
                .traffic(0, Map.of(200, 3, 302, 1, 404, 2, 502, 4, 0, 5))
                .build();
        TrafficSeries series = TrafficSeries.of(snapshot, List.of());
        assertThat(series.columns()).hasSize(TrafficSeries.SECONDS);
        assertThat(series.columns().getLast()).isEqualTo(new Column(100, 4, 2, 4, 5));
        assertThat(series.peak()).isEqualTo(15);
        assertThat(series.medianMs()).isEqualTo(7.5);
    }

    @Test
    void forgetsWhatIsOlderThanAMinute() {
        var snapshot = new ClusterBuilder(Duration.ofSeconds(100))
                .traffic(60, Map.of(200, 9))
                .traffic(59, Map.of(200, 2))
                .build();
        TrafficSeries series = TrafficSeries.of(snapshot, List.of(fault(40, "old"), fault(41, "young")));
        assertThat(series.peak()).isEqualTo(2);
        assertThat(series.columns().getFirst()).isEqualTo(new Column(41, 2, 0, 0, 0));
        assertThat(series.markers()).extracting(TrafficSeries.Marker::text).containsExactly("young");
    }

    @Test
    void aMarkerSaysWhichFaultAndWhetherItIsOver() {
        var snapshot = new ClusterBuilder(Duration.ofSeconds(100)).build();
        var over = new ClusterEvent(
                Duration.ofSeconds(95),
                Kind.FAULT,
                Severity.GOOD,
                "worker3",
                "Fault machine.kill worker3 (fault-1) is over",
                Optional.empty());
        TrafficSeries series = TrafficSeries.of(
                snapshot, List.of(fault(90, "Fault machine.kill worker3 (fault-1) is in force"), over));
        assertThat(series.markers())
                .containsExactly(
                        new TrafficSeries.Marker(90, "machine.kill worker3", false),
                        new TrafficSeries.Marker(95, "machine.kill worker3", true));
    }

    @Test
    void aQuietMinuteIsDrawnEmpty() {
        TrafficSeries series = TrafficSeries.of(new ClusterBuilder(Duration.ofSeconds(5)).build(), List.of());
        assertThat(series.peak()).isZero();
        assertThat(series.columns()).hasSize(TrafficSeries.SECONDS).allMatch(c -> c.total() == 0);
    }
}
