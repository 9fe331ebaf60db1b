package dev.clusterlab.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment with other settings. */
class SettingsTest {
    private static final String FILE = """
            title: Machines
            purpose: A machine goes and comes.
            platform:
              script: |
                docker-machine create a b
                docker service create --env CHECK=5 nginx
            traffic: {rate: 5/s, to: a}
            hypothesis:
              steady-within: 5s
              expectations:
                - title: both run
                  expect: machines() == 2
            method:
              - wait: 1s
            """;

    @TempDir
    private Path folder;

    private Experiment with(String settings) throws IOException {
        Path file = folder.resolve("other.yaml");
        Files.writeString(file, settings);
        return new ExperimentReader(new CheckLanguage()).read("machines", "machines.yaml", FILE, file);
    }

    private void assertRefused(String settings, String... says) {
        assertThatThrownBy(() -> with(settings))
                .isInstanceOfSatisfying(
                        LabException.class,
                        refused -> assertThat(refused.getMessage() + " " + refused.advice())
                                .contains(says));
    }

    @Test
    void whatIsNotThereStaysAsItIs() throws IOException {
        Experiment experiment = with("""
                title: Fewer
                traffic: {rate: 2/s}
                hypothesis: {recovers-within: 7s}
                watch: 3s
                """);
        assertThat(experiment.title().in(java.util.Locale.ENGLISH)).isEqualTo("Fewer");
        assertThat(experiment.traffic()).hasValueSatisfying(traffic -> {
            assertThat(traffic.perSecond()).isEqualTo(2);
            assertThat(traffic.to()).isEqualTo(new Traffic.To.Named(List.of("a")));
        });
        assertThat(experiment.hypothesis().steadyWithin()).isEqualTo(Duration.ofSeconds(5));
        assertThat(experiment.hypothesis().recoversWithin()).isEqualTo(Duration.ofSeconds(7));
        assertThat(experiment.hypothesis().expectations()).hasSize(1);
        assertThat(experiment.watch()).isEqualTo(Duration.ofSeconds(3));
        assertThat(experiment.platform().script()).contains("CHECK=5");
    }

    @Test
    void aTextOfThePlatformsScriptIsReplacedOrTakenAway() throws IOException {
        Experiment experiment = with("""
                platform:
                  replace:
                    - {text: CHECK=5, by: CHECK=30}
                    - {text: a b}
                """);
        assertThat(experiment.platform().script())
                .isEqualTo("docker-machine create \ndocker service create --env CHECK=30 nginx");
    }

    @Test
    void aListIsReplacedAsAWhole() throws IOException {
        assertThat(with("method: [{wait: 2s}, {wait: 3s}]").method()).hasSize(2);
    }

    @Test
    void whatIsWrongInTheSettingsIsToldWithTheirFileAndLine() {
        assertRefused("trafic: {rate: 2/s}", "other.yaml, line 1", "trafic", "traffic");
        assertRefused("watch: 3s\ntraffic:\n  rate: 2", "other.yaml, line 3", "no rate");
        assertRefused("platform: {replace: [{text: CHECK=6}]}", "other.yaml, line 1", "does not have this text");
        assertRefused("platform:\n  script: x\n  replace: [{text: a}]", "does not go with");
        assertRefused("seed: 3", "other.yaml", "unknown key \"seed\" in settings");
        assertRefused("platform: {replace: []}", "other.yaml", "replace");
    }
}
