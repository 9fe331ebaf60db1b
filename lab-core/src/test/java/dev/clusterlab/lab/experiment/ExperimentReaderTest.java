package dev.clusterlab.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.target.Aim;
import dev.clusterlab.lab.target.FaultWish;
import dev.clusterlab.lab.target.Selector;
import dev.clusterlab.lab.target.Selector.Group;
import dev.clusterlab.lab.yaml.YamlTree;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentReaderTest {
    static final String WHOLE = """
            title: {en: Whole, fr: Entière}
            purpose: Every key.
            engines: [embedded]
            platform:
              lab: resilient-swarm
              after: swarm
              script: echo there
            traffic:
              rate: 10/s
              to: leader1
              host: web.localhost
              path: /x
              timeout: 2s
            hypothesis:
              steady-within: 20s
              recovers-within: 1m30s
              expectations:
                - title: One
                  expect: machines() == 3
                  tolerance: 500ms
                - title: Two
                  failing: 2.5 %
                - title: Three
                  p95: 200ms
                  over: 10s
                  tolerance: 5s
            method:
              - fault: machine.kill
                target: {majority: managers}
              - fault: container.pause
                target: {task-of: web}
                for: 10s
              - fault: network.partition
                groups: [[leader1, {random: workers}], [leader2]]
              - together:
                  - - wait: 1s
                    - run: echo a
                  - - until: leader() != ''
                      within: 30s
            watch: 5s
            rollbacks:
              - run: echo b
            seed: 9223372036854775807
            repetitions: 3
            """;

    private final ExperimentReader reader = new ExperimentReader(new CheckLanguage());

    private Experiment read(String text) {
        return reader.read("x", "x.yaml", text);
    }

    @Test
    void readsEveryKeyByItsType() {
        Experiment experiment = read(WHOLE);

        assertThat(experiment.title().in(Locale.FRENCH)).isEqualTo("Entière");
        assertThat(experiment.purpose().in(Locale.FRENCH)).isEqualTo("Every key.");
        assertThat(experiment.engines()).containsExactly("embedded");
        assertThat(experiment.platform())
                .isEqualTo(new Platform(
                        Optional.of(new Platform.LabPoint("resilient-swarm", "swarm", true)), "echo there"));
        assertThat(experiment.traffic())
                .contains(new Traffic(
                        10, new Traffic.To.Named(List.of("leader1")), "web.localhost", "/x", Duration.ofSeconds(2)));
        assertThat(experiment.hypothesis())
                .isEqualTo(new Hypothesis(
                        List.of(
                                new Expectation.Condition(
                                        Texts.english("One"), "machines() == 3", Duration.ofMillis(500)),
                                new Expectation.FailingShare(
                                        Texts.english("Two"), 2.5, Optional.empty(), Duration.ZERO),
                                new Expectation.Latency(
                                        Texts.english("Three"),
                                        95,
                                        Duration.ofMillis(200),
                                        Optional.of(Duration.ofSeconds(10)),
                                        Duration.ofSeconds(5))),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(90)));
        assertThat(experiment.method())
                .containsExactly(
                        new Step.Inject(new FaultWish(
                                FaultKind.MACHINE_KILL,
                                new Aim.At(new Selector.Part(Selector.Share.MAJORITY, Group.MANAGERS)),
                                Optional.empty())),
                        new Step.Inject(new FaultWish(
                                FaultKind.CONTAINER_PAUSE,
                                new Aim.At(new Selector.TaskOf("web")),
                                Optional.of(Duration.ofSeconds(10)))),
                        new Step.Inject(new FaultWish(
                                FaultKind.NETWORK_PARTITION,
                                new Aim.Groups(List.of(
                                        List.of(new Selector.Named("leader1"), new Selector.RandomOne(Group.WORKERS)),
                                        List.of(new Selector.Named("leader2")))),
                                Optional.empty())),
                        new Step.Together(List.of(
                                List.of(new Step.Wait(Duration.ofSeconds(1)), new Step.Run("echo a")),
                                List.of(new Step.Until("leader() != ''", Duration.ofSeconds(30))))));
        assertThat(experiment.watch()).isEqualTo(Duration.ofSeconds(5));
        assertThat(experiment.rollbacks()).containsExactly("echo b");
        assertThat(experiment.seed()).isEqualTo(Long.MAX_VALUE);
        assertThat(experiment.repetitions()).isEqualTo(3);
        assertThat(experiment.kinds())
                .containsExactly(FaultKind.CONTAINER_PAUSE, FaultKind.MACHINE_KILL, FaultKind.NETWORK_PARTITION);
    }

    @Test
    void anUnknownKeyIsToldWithItsPlaceAndTheNearestOne() {
        assertThatThrownBy(() -> read(WHOLE.replace("  steady-within: 20s", "  steady-witin: 20s")))
                .isInstanceOfSatisfying(LabException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LabException.Kind.INPUT);
                    assertThat(e)
                            .hasMessage("x.yaml, line 15, column 3: unknown key \"steady-witin\" in \"hypothesis\".");
                    assertThat(e.advice()).startsWith("Expected: \"steady-within\"?");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rate: 10/s             | rate: 10          | line 9, column 9: the value of "rate" is no rate
            rate: 10/s             | rate: 5001/s      | from 1/s to 5000/s
            timeout: 2s            | timeout: 2500ms   | not of whole seconds
            watch: 5s              | watch: 5          | is no time
            watch: 5s              | watch: 31m        | "watch" is out of range
            failing: 2.5 %         | failing: 0.025    | is no share
            failing: 2.5 %         | failing: 101 %    | from 0 % to 100 %
            failing: 2.5 %         | p75: 10ms         | unknown key "p75"
            machines() == 3        | machines()        | gives 0
            machines() == 3        | machine() ==      | cannot be used
            machine.kill           | machine.kil       | "machine.kill"?
            {majority: managers}   | {majority: web}   | one of managers, consul
            {majority: managers}   | {task-of: web}    | gives no machine
            {task-of: web}         | {random: workers} | gives no container
            {task-of: web}         | {leader: swarm}   | has no leader that could be meant here
            'wait: 1s'             | 'sleep: 1s'       | unknown key "sleep"
            'wait: 1s'             | 'target: a'       | says not what it is
            'after: swarm'         | 'until: swarm'    | unknown key "until"
            '  after: swarm'       | ''                | says not what it is
            'engines: [embedded]'  | 'engines: [moon]' | there is no engine "moon"
            'repetitions: 3'       | 'repetitions: 0'  | from 1 to 100
            'repetitions: 3'       | 'seed: 3'         | is there twice
            'seed: 9223372036854775807' | 'seed: 9223372036854775808' | does not fit
            'title: One'           | 'title: &a One'   | anchors, aliases and tags
            'title: One'           | 'title: !x One'   | anchors, aliases and tags
            'title: One'           | 'title: [One]'    | is no text
            'purpose: Every key.'  | ''                | "purpose" is missing
            """)
    void whatDoesNotFitIsRefusedInASentence(String written, String mistaken, String said) {
        String text = WHOLE.replace(written, mistaken == null ? "" : mistaken);
        assertThat(text).isNotEqualTo(WHOLE);
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        LabException.class,
                        e -> assertThat(e.getMessage() + " " + e.advice())
                                .contains(said)
                                .contains("x.yaml, line ", ", column ")
                                .doesNotContain("java.", "Exception"));
    }

    @Test
    void aLeaseOfWhatDoesNotEndByItselfIsRefused() {
        assertThatThrownBy(() -> read(
                        WHOLE.replace("target: {majority: managers}", "target: {majority: managers}\n    for: 10s")))
                .hasMessageContaining("machine.kill does not end by itself");
    }

    @Test
    void whatTakesLongerThanTrafficLastsIsRefused() {
        String longer = WHOLE.replace("watch: 5s", "watch: 30m").replace("steady-within: 20s", "steady-within: 30m");
        assertThatThrownBy(() -> read(longer)).hasMessageContaining("more than an hour");
        assertThat(read(longer.replaceAll("(?s)traffic:.*?hypothesis:", "hypothesis:")
                        .replaceAll("(?s)    - title: Two.*?method:", "method:")))
                .as("without traffic")
                .isNotNull();
    }

    @Test
    void trafficGoesToOneMachineOrToSeveralInTurn() {
        assertThat(read(WHOLE.replace("to: leader1", "to: [leader1, worker1]"))
                        .traffic()
                        .orElseThrow()
                        .to())
                .isEqualTo(new Traffic.To.Named(List.of("leader1", "worker1")));
        assertThat(read(WHOLE.replace("to: leader1", "to: all"))
                        .traffic()
                        .orElseThrow()
                        .to())
                .isEqualTo(new Traffic.To.All());
        assertThat(read(WHOLE.replace("  to: leader1\n", ""))
                        .traffic()
                        .orElseThrow()
                        .to())
                .isEqualTo(new Traffic.To.First());
        assertThatThrownBy(() -> read(WHOLE.replace("to: leader1", "to: [leader1, A B]")))
                .hasMessageContaining("not the name of a machine");
    }

    @Test
    void moreRequestsThanAreKeptAreRefused() {
        assertThatThrownBy(
                        () -> read(WHOLE.replace("rate: 10/s", "rate: 5000/s").replace("watch: 5s", "watch: 20m")))
                .hasMessageContaining("more than 5000000 requests");
        assertThat(read(WHOLE.replace("rate: 10/s", "rate: 5000/s")).traffic()).isPresent();
    }

    @Test
    void figuresAboutRequestsNeedTraffic() {
        String without = WHOLE.replaceAll("(?s)traffic:.*?hypothesis:", "hypothesis:");
        assertThatThrownBy(() -> read(without)).hasMessageContaining("there is no traffic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "- a", "just a text", "a: [", "{", "\t", "%YAML 9", "a: b\n---\nc: d"})
    void whatIsNoExperimentIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(LabException.class).hasMessageContaining("x.yaml, line ");
    }

    @Test
    void sizeAndDepthHaveLimits() {
        assertThatThrownBy(() -> read(WHOLE + "# " + "x".repeat(YamlTree.LENGTH_MAX)))
                .hasMessageContaining("the file is too long");
        assertThatThrownBy(() -> read("title: " + "[".repeat(500) + "]".repeat(500)))
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> read("title: " + "[".repeat(50_000))).isInstanceOf(LabException.class);
    }

    @Test
    void aFileIsReadByItsPath(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, WHOLE);
        assertThat(reader.read(file).name()).isEqualTo("mine");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 'a'});
        assertThatThrownBy(() -> reader.read(file)).hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> reader.read(folder.resolve("none.yaml"))).hasMessageContaining("Cannot read");
    }
}
