package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many seeds, from the command line. */
class OddsCommandTest {
    private static final String FILE = """
            title: {en: Machines, fr: Des machines}
            purpose: A machine goes and comes.
            platform: {script: docker-machine create a b}
            hypothesis:
              steady-within: 5s
              recovers-within: 5s
              expectations:
                - title: both run
                  expect: machines() == 2
                  tolerance: 20s
            method:
              - fault: machine.kill
                target: {random: machines}
            watch: 5s
            """;

    @TempDir
    private Path folder;

    private String write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return file.toString();
    }

    private static CliTrial.Outcome experiment(String... words) {
        List<String> all = new ArrayList<>(List.of("experiment"));
        Collections.addAll(all, words);
        Collections.addAll(all, "--language", "en");
        return CliTrial.run(all.toArray(String[]::new));
    }

    private static JsonNode json(Path file) throws IOException {
        return Json.MAPPER.readTree(file.toFile());
    }

    /** A setting that loses requests is told apart from one that does not, and the worst run can be had again. */
    @Test
    void retriesAndChecksAreToldApartFromNone() throws IOException {
        Path compared = folder.resolve("compared.json");
        CliTrial.Outcome outcome =
                experiment("compare", "traefik-bare", "traefik-retry", "--seeds", "6", "--json", compared.toString());
        assertThat(outcome.status()).as("%s", outcome).isZero();
        assertThat(outcome.out())
                .contains("A: Crash under a bare Traefik", "6 deviated")
                .contains("B holds its hypothesis more often: in 100 % of the runs, A in 0 %; sure")
                .contains("B loses fewer requests than A:");
        JsonNode lost = json(compared).path("figures").path(0);
        assertThat(lost.path("figure").asText()).isEqualTo("lost-requests");
        assertThat(lost.path("sure").asBoolean()).isTrue();
        assertThat(lost.path("high").asDouble()).isNegative();

        String again = outcome.out()
                .lines()
                .filter(line -> line.contains("clusterlab experiment run traefik-bare"))
                .findFirst()
                .orElseThrow()
                .strip();
        Path result = folder.resolve("again.json");
        List<String> words = new ArrayList<>(List.of(again.split(" ")).subList(2, again.split(" ").length));
        Collections.addAll(words, "--json", result.toString());
        CliTrial.Outcome replayed = experiment(words.toArray(String[]::new));
        assertThat(replayed.status())
                .as("deviated, and the same run: %s", replayed)
                .isEqualTo(ExitCodes.DEVIATED);
        assertThat(lost.path("first").asDouble())
                .isLessThanOrEqualTo(json(result).at("/runs/0/requests/failed").asDouble());
    }

    @Test
    void oddsSayHowRunsAreSpreadAndWhatDoesTheWorstAgain() throws IOException {
        Path json = folder.resolve("odds.json");
        String file = write("machines.yaml", FILE);
        CliTrial.Outcome outcome =
                experiment("run", file, "--seed", "5", "--seeds", "4", "--jobs", "2", "--json", json.toString());
        assertThat(outcome.status()).as("%s", outcome).isZero();
        assertThat(outcome.out())
                .contains("4 runs with services model, seeds from 5: 4 completed")
                .containsPattern("not: both run +\\d+\\.\\d s");
        JsonNode worst = json(json).path("worst");
        assertThat(outcome.out()).contains(worst.path("command").asText());

        Path one = folder.resolve("one.json");
        String digest = worst.path("digest").asText();
        CliTrial.Outcome again = experiment(
                "run",
                file,
                "--seed",
                worst.path("seed").asText(),
                "--services",
                "model",
                "--expect-digest",
                digest,
                "--json",
                one.toString());
        assertThat(again.status()).as("%s", again).isZero();
        assertThat(again.out()).contains(digest);
        JsonNode violation = json(one).at("/runs/0/findings/0/violations/0");
        assertThat(violation.path("to").asDouble() - violation.path("from").asDouble())
                .isCloseTo(json(json).at("/figures/0/worst").asDouble(), org.assertj.core.data.Offset.offset(0.002));

        CliTrial.Outcome other = experiment("run", file, "--seed", "99", "--expect-digest", digest);
        assertThat(other.status()).isEqualTo(ExitCodes.FAILED);
        assertThat(other.err()).contains("This is not the run that was expected", digest, "version");
    }

    @Test
    void whatDoesNotGoTogetherIsRefusedInASentence() throws IOException {
        String file = write("machines.yaml", FILE);
        assertRefused("--engine, or repeat", "run", file, "--seeds", "3", "--engine", "docker");
        assertRefused("Give one of them", "run", file, "--seeds", "3", "--repetitions", "2");
        assertRefused("from 1 to 100000", "run", file, "--seeds", "0");
        assertRefused("from 1 to 64", "run", file, "--seeds", "3", "--jobs", "65");
        assertRefused("Give --seeds too", "run", file, "--jobs", "2");
        assertRefused("Give real or model", "run", file, "--services", "fake");
        assertRefused("Leave out --services", "run", file, "--services", "model", "--engine", "docker");
        assertRefused("two things to compare", "compare", file);
        assertRefused("Leave out --repetitions", "run", file, "--repetitions", "2", "--expect-digest", "0");
        String settings = write("other.yaml", "wach: 3s");
        assertRefused("\"watch\"?", "compare", file, "--set", settings);
    }

    private static void assertRefused(String says, String... words) {
        CliTrial.Outcome outcome = experiment(words);
        assertThat(outcome.status()).as("%s", outcome).isEqualTo(3);
        assertThat(outcome.err()).contains(says);
    }
}
