package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Inspection.Fact;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.Test;

class HostModelTest {
    private static final Texts ENGLISH = Texts.of(Locale.ENGLISH);
    private static final Texts FRENCH = Texts.of(Locale.FRENCH);

    private final FakeWorld world = new FakeWorld();
    private final UiQueue ui = new UiQueue();
    private final SimpleObjectProperty<ClusterSnapshot> snapshots =
            new SimpleObjectProperty<>(ClusterSnapshot.empty(Instant.EPOCH));

    private static Map<String, String> values(HostModel host, Texts texts) {
        return host.facts(texts).stream().collect(java.util.stream.Collectors.toMap(Fact::label, Fact::value));
    }

    @Test
    void whatTheHostCanDoIsKnownOnceThereIsAMachine() throws InterruptedException {
        world.engine.is(
                "docker",
                new HostAbilities(
                        true,
                        true,
                        Map.of(),
                        Map.of(
                                HostTopic.VERSION,
                                new HostFact.Text("27.1"),
                                HostTopic.ENGINE,
                                new HostFact.Text("unix:///var/run/docker.sock (DOCKER_HOST)"))));
        HostModel host = new HostModel(world.engine, snapshots, new TaskRunner(ui));
        ui.until(() -> !host.abilities().get().facts().isEmpty());
        assertThat(values(host, ENGLISH))
                .containsEntry("Engine", "Docker engine")
                .containsEntry("Docker", "27.1")
                .containsEntry("Answers at", "unix:///var/run/docker.sock (DOCKER_HOST)")
                .containsEntry("Routing mesh (IPVS)", "tried with the first machine");
        world.engine.is(
                "docker",
                new HostAbilities(
                        false,
                        false,
                        Map.of(FaultKind.NETWORK_PARTITION, HostLack.NO_IPTABLES),
                        Map.of(
                                HostTopic.VERSION,
                                new HostFact.Text("27.1"),
                                HostTopic.ISOLATION,
                                new HostFact.Text("privileged"),
                                HostTopic.IPVS,
                                HostFact.Tried.LACKING,
                                HostTopic.MEMORY,
                                new HostFact.Size(16_700_000_000L))));
        snapshots.set(Scenes.threeMachines());
        ui.until(() -> host.abilities().get().facts().containsKey(HostTopic.IPVS));
        assertThat(values(host, ENGLISH))
                .containsEntry("Isolation", "privileged")
                .hasEntrySatisfying(
                        "Routing mesh (IPVS)", words -> assertThat(words).contains("dnsrr", "ports of the machine"))
                .containsEntry("Delays (netem)", "no")
                .containsEntry("Memory", "16.7 GB");
        assertThat(values(host, FRENCH))
                .containsEntry("Mémoire", "16,7 Go")
                .hasEntrySatisfying(
                        "Maillage (IPVS)", words -> assertThat(words).contains("dnsrr"));
        assertThat(host.cannot(ENGLISH)).containsOnlyKeys(FaultKind.NETWORK_PARTITION);
        assertThat(host.cannot(FRENCH).get(FaultKind.NETWORK_PARTITION)).startsWith("L’image des machines");
        host.close();
    }

    @Test
    void everyLackHasItsReasonInEveryLanguage() {
        for (HostLack lack : HostLack.values()) {
            assertThat(ENGLISH.get("host.lack." + lack)).isEqualTo(lack.sentence());
            assertThat(FRENCH.get("host.lack." + lack)).isNotBlank();
        }
    }

    @Test
    void theSimulatedEngineHasNothingToSayOfAHost() {
        HostModel host = new HostModel(world.engine, snapshots, new TaskRunner(ui));
        assertThat(host.facts(ENGLISH)).containsExactly(new Fact("Engine", "embedded engine"));
        host.close();
    }
}
