package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentCommandTest {
    private static final String FILE = """
            title: {en: Machines, fr: Des machines}
            purpose: A machine goes and comes.
            platform: {script: docker-machine create a b}
            hypothesis:
              steady-within: 5s
              recovers-within: 5s
              expectations:
                - title: {en: both run, fr: les deux tournent}
                  expect: machines() == 2
                  tolerance: 20s
            method:
              - fault: machine.kill
                target: {random: machines}
            watch: 5s
            """;

    @TempDir
    private Path folder;

    private String write(String text) throws IOException {
        Path file = folder.resolve("machines.yaml");
        Files.writeString(file, text);
        return file.toString();
    }

    @Test
    void aHypothesisThatHeldGivesZeroAndTheResultAsJson() throws IOException {
        Path json = folder.resolve("result.json");
        CliTrial.Outcome outcome = CliTrial.run(
                "experiment",
                "run",
                write(FILE),
                "--language",
                "en",
                "--seed",
                "5",
                "--repetitions",
                "2",
                "--json",
                json.toString());

        assertThat(outcome.status()).as("%s", outcome).isZero();
        assertThat(outcome.out())
                .contains("Machines", "run 2 of 2, seed 6", "fault machine.kill", "completed: the hypothesis held")
                .contains("2 runs: 2 completed");
        JsonNode result = Json.MAPPER.readTree(json.toFile());
        assertThat(result.path("runs")).hasSize(2);
        JsonNode run = result.path("runs").path(0);
        assertThat(run.path("seed").asLong()).isEqualTo(5);
        assertThat(run.path("outcome").asText()).isEqualTo("completed");
        JsonNode violation = run.path("findings").path(0).path("violations").path(0);
        assertThat(violation.path("weight").asText()).isEqualTo("tolerated");
        assertThat(violation.path("to").asDouble()).isGreaterThan(5);
    }

    @Test
    void aDeviationHasAStatusOfItsOwnAndIsSaidInFrench() throws IOException {
        CliTrial.Outcome outcome =
                CliTrial.run("experiment", "run", write(FILE.replace("20s", "1s")), "--language", "fr");
        assertThat(outcome.status()).isEqualTo(6);
        assertThat(outcome.out()).contains("Des machines", "✘ les deux tournent", "démentie", "rétabli en");
    }

    @Test
    void whatDidNotBeginHasAStatusOfItsOwn() throws IOException {
        CliTrial.Outcome outcome = CliTrial.run(
                "experiment", "run", write(FILE.replace("machines() == 2", "machines() == 3")), "--language", "en");
        assertThat(outcome.status()).isEqualTo(7);
        assertThat(outcome.out()).contains("aborted", "did not hold at one moment within 5.0 s: both run");
    }

    @Test
    void checkReadsOnlyAndTellsThePlaceOfAMistake() throws IOException {
        assertThat(CliTrial.run("experiment", "check", write(FILE)).status()).isZero();
        CliTrial.Outcome outcome = CliTrial.run("experiment", "check", write(FILE.replace("watch", "wach")));
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("machines.yaml, line 14, column 1: unknown key \"wach\"", "\"watch\"?");
    }

    @Test
    void checkKnowsTheStepsOfLabs() throws IOException {
        String text = FILE.replace("{script: docker-machine create a b}", "{lab: resilient-swarm, before: lose-worke}");
        CliTrial.Outcome outcome = CliTrial.run("experiment", "check", write(text));
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("no step \"lose-worke\"", "lose-worker");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void listHasTitlesInTheLanguage(String language) {
        CliTrial.Outcome outcome = CliTrial.run("experiment", "list", "--language", language);
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .contains(
                        "lose-a-worker",
                        language.equals("fr") ? "Perdre un worker" : "Lose a worker",
                        "embedded, docker");
    }

    @Test
    void anUnknownNameLeadsToThoseThatThereAre() {
        CliTrial.Outcome outcome = CliTrial.run("experiment", "run", "lose-a-workr");
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("Did you mean \"lose-a-worker\"?");
    }

    @Test
    void newWritesWhatCheckTakesAndReplacesNothing() {
        String file = folder.resolve("mine.yaml").toString();
        assertThat(CliTrial.run("experiment", "new", file).status()).isZero();
        assertThat(CliTrial.run("experiment", "check", file).status()).isZero();
        CliTrial.Outcome again = CliTrial.run("experiment", "new", file);
        assertThat(again.status()).isEqualTo(3);
        assertThat(again.err()).contains("exists already");
    }

    @Test
    void helpListsTheStatusesOfARun() {
        CliTrial.Outcome outcome = CliTrial.run("experiment", "run", "--help");
        assertThat(outcome.out()).contains("Exit codes:", "The hypothesis did not hold, but the cluster recovered");
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        CliTrial.Outcome outcome = CliTrial.run("experiment");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("run, compare, check, list or new");
    }
}
