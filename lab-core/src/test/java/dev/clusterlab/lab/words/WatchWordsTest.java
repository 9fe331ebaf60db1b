package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.Belief;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficView;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;

class WatchWordsTest {
    private static final WatchWords ENGLISH = WatchWords.of(Locale.ENGLISH);

    @Test
    void everyTextIsThereInBothLanguages() {
        ResourceBundle english = ResourceBundle.getBundle("dev.clusterlab.lab.words.watch", Locale.ROOT);
        ResourceBundle french = ResourceBundle.getBundle("dev.clusterlab.lab.words.watch", Locale.FRENCH);
        assertThat(french.getLocale()).isEqualTo(Locale.FRENCH);
        assertThat(french.keySet()).isEqualTo(english.keySet());
        for (String key : english.keySet()) {
            assertThat(french.getString(key)).as(key).isNotEqualTo(english.getString(key));
        }
    }

    @Test
    void saysWhatCannotBeSeenAndWhy() {
        assertThat(ENGLISH.picture(
                        picture(view("w1", true, LocalNodeState.ACTIVE)), Map.of("w1", "ssh://w1"), Map.of()))
                .containsExactly(
                        "These hosts are workers: only a manager tells of nodes and services. Give one of the managers, too.",
                        "Hosts that are asked",
                        "  w1 at ssh://w1: engine 20.10.24, worker; no containers");
        assertThat(ENGLISH.picture(
                        picture(view("x1", true, LocalNodeState.INACTIVE)), Map.of("x1", "ssh://x1"), Map.of()))
                .contains("None of these hosts is in a Swarm.")
                .contains("  x1 at ssh://x1: engine 20.10.24, in no Swarm; no containers");
        var trouble = new LabException(LabException.Kind.REFUSED, "g1 is away.", "Look for it.");
        assertThat(ENGLISH.picture(
                        picture(view("g1", false, LocalNodeState.UNKNOWN)),
                        Map.of("g1", "ssh://g1"),
                        Map.of("g1", trouble)))
                .contains("  g1 is away. Look for it.");
        assertThat(ENGLISH.picture(
                        picture(view("g1", false, LocalNodeState.UNKNOWN)), Map.of("g1", "ssh://g1"), Map.of()))
                .contains("  g1 at ssh://g1: does not answer. It hangs.");
    }

    private static ClusterSnapshot picture(MachineView view) {
        return new ClusterSnapshot(
                Instant.EPOCH,
                Duration.ZERO,
                List.of(view),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                TrafficView.NONE);
    }

    private static MachineView view(String name, boolean answering, LocalNodeState state) {
        return new MachineView(
                new Machine(name, "192.0.2.1", Machine.State.RUNNING, Optional.empty(), Map.of()),
                answering,
                "20.10.24",
                "",
                state,
                false,
                Belief.NONE,
                answering ? "" : "It hangs.",
                List.of(),
                List.of());
    }
}
