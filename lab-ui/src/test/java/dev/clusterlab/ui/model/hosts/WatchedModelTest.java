package dev.clusterlab.ui.model.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Scenes;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.hosts.WatchedModel.Part;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.Test;

class WatchedModelTest {
    private final Map<String, LabException> troubles = new TreeMap<>();
    private final Watched watched = new Watched(
            () -> new TreeMap<>(Map.of("leader1", "ssh://lab@192.0.2.11")),
            () -> new TreeMap<>(troubles),
            List.of(),
            Optional.of(Path.of("watch.jsonl")));
    private final SimpleObjectProperty<ClusterSnapshot> snapshots =
            new SimpleObjectProperty<>(Scenes.platform().build());
    private Instant now = snapshots.get().time();
    private final WatchedModel model = new WatchedModel(watched, snapshots, () -> now);
    private final Texts texts = Texts.of(Locale.ENGLISH);

    private Part host(String name) {
        return model.parts(texts).hosts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysOfEveryHostWhatItBelievesAndThatItIsOfNow() {
        assertThat(host("leader1").says()).contains("manager, believes that leader1 leads");
        assertThat(host("leader1").where()).isEqualTo("ssh://lab@192.0.2.11");
        assertThat(host("leader1").age()).isEqualTo("now");
        assertThat(host("worker1").says()).startsWith("worker");
        assertThat(model.parts(texts).others()).extracting(Part::tone).containsOnly(Tone.GOOD);
    }

    @Test
    void saysHowOldASilentHostIsAndWhy() {
        troubles.put(
                "worker1",
                new LabException(LabException.Kind.REFUSED, "The host does not answer.", "See that it is on."));
        now = now.plus(Duration.ofSeconds(42));
        snapshots.set(Scenes.platform().silent("worker1").build());
        Part silent = host("worker1");
        assertThat(silent.tone()).isEqualTo(Tone.BAD);
        assertThat(silent.says()).isEqualTo("The host does not answer.");
        assertThat(silent.advice()).isEqualTo("See that it is on.");
        assertThat(silent.age()).isEqualTo("00:42 ago");
    }

    @Test
    void namesWhatIsNotSeen() {
        snapshots.set(Scenes.threeMachines());
        assertThat(model.parts(texts).title()).isEqualTo("No Swarm is seen");
        List<Part> others = model.parts(texts).others();
        assertThat(others).extracting(Part::name).contains("Swarm", "Consul", "Traefik");
        // They were there a moment ago.
        assertThat(others).extracting(Part::tone).containsOnly(Tone.BAD);
        assertThat(model.parts(texts).unseen().getLast()).contains("secrets");
    }
}
