package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.ui.model.TrafficSeries.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrafficSeriesTest {
    private static final Sentences ENGLISH = Sentences.of(Locale.ENGLISH);

    private static Stamp stamp(int second) {
        return new Stamp(second, Duration.ofSeconds(second), Duration.ofSeconds(second), List.of());
    }

    private static ActiveFault kill(String machine) {
        return new ActiveFault(
                "fault-1",
                new Fault.MachineKill(machine),
                new Target.OfMachine(machine),
                Instant.EPOCH,
                Optional.empty());
    }

    private static ClusterEvent began(int second, String machine) {
        return new ClusterEvent.FaultBegan(stamp(second), kill(machine), false);
    }

    @Test
    void sortsAnswersByWhatTheyMeanToAClient() {
        var snapshot = new ClusterBuilder(Duration.ofSeconds(100))
                .traffic(0, Map.of(200, 3, 302, 1, 404, 2, 502, 4, 0, 5))
                .build();
        TrafficSeries series = TrafficSeries.of(snapshot, List.of(), ENGLISH);
        assertThat(series.columns()).hasSize(TrafficSeries.SECONDS);
        assertThat(series.columns().getLast()).isEqualTo(new Column(100, 4, 2, 4, 5));
        assertThat(series.peak()).isEqualTo(15);
        assertThat(series.medianMs()).isEqualTo(7.5);
    }

    @Test
    void countsWhatCouldNotBeMadeInTheMinute() {
        var snapshot = new ClusterBuilder(Duration.ofSeconds(100))
                .missed(60, 4)
                .missed(59, 2)
                .missed(1, 3)
                .build();
        assertThat(TrafficSeries.of(snapshot, List.of(), ENGLISH).missed()).isEqualTo(5);
    }

    @Test
    void forgetsWhatIsOlderThanAMinute() {
        var snapshot = new ClusterBuilder(Duration.ofSeconds(100))
                .traffic(60, Map.of(200, 9))
                .traffic(59, Map.of(200, 2))
                .build();
        TrafficSeries series = TrafficSeries.of(snapshot, List.of(began(40, "old"), began(41, "young")), ENGLISH);
        assertThat(series.peak()).isEqualTo(2);
        assertThat(series.columns().getFirst()).isEqualTo(new Column(41, 2, 0, 0, 0));
        assertThat(series.markers()).extracting(TrafficSeries.Marker::text).containsExactly("young without power");
    }

    @Test
    void aMarkerSaysWhichFaultAndWhetherItIsOver() {
        var snapshot = new ClusterBuilder(Duration.ofSeconds(100)).build();
        var over = new ClusterEvent.FaultEnded(stamp(95), kill("worker3"));
        TrafficSeries series = TrafficSeries.of(snapshot, List.of(began(90, "worker3"), over), ENGLISH);
        assertThat(series.markers())
                .containsExactly(
                        new TrafficSeries.Marker(90, "worker3 without power", false),
                        new TrafficSeries.Marker(95, "worker3 without power", true));
    }

    @Test
    void aQuietMinuteIsDrawnEmpty() {
        TrafficSeries series = TrafficSeries.of(new ClusterBuilder(Duration.ofSeconds(5)).build(), List.of(), ENGLISH);
        assertThat(series.peak()).isZero();
        assertThat(series.columns()).hasSize(TrafficSeries.SECONDS).allMatch(c -> c.total() == 0);
    }
}
