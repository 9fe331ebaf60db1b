package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Json;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

/** The page about an experiment, and two results beside each other; by the commands, on the embedded engine. */
class ExperimentReportTest {
    private static final String WORKER = "lose-a-worker";

    @TempDir
    private static Path folder;

    private static String page;
    private static JsonNode run;

    @BeforeAll
    static void runOnce() throws IOException {
        Path html = folder.resolve("page.html");
        Path json = folder.resolve("first.json");
        CliTrial.Outcome outcome = CliTrial.run(
                "experiment",
                "run",
                WORKER,
                "--services",
                "model",
                "--language",
                "en",
                "--report",
                html.toString(),
                "--json",
                json.toString());
        assertThat(outcome.status()).as("%s", outcome).isZero();
        assertThat(outcome.out()).contains("Wrote " + html);
        page = Files.readString(html);
        run = Json.MAPPER.readTree(json.toFile()).path("runs").path(0);
    }

    @Test
    void thePageStandsAloneAndTellsWhatWasAskedAndWhatCameOfIt() {
        assertThat(page)
                .doesNotContain("src=", "href=", "<script", "url(")
                .contains("completed: the hypothesis held", "What should hold", "Do it again")
                .contains("clusterlab experiment run lose-a-worker --seed 1 --services model");
        assertThat(page)
                .contains(
                        run.path("digest").asText(),
                        "of " + run.path("requests").path("count").asInt());
    }

    @Test
    void thePageShowsTheClusterBeforeWhileAndAfter() {
        assertThat(page).contains("Before", "While something was broken", "At the end", "without power");
        assertThat(sections("sketch")).hasSize(3);
        assertThat(run.path("topology")).hasSize(3);
        JsonNode during = run.path("topology").path(1);
        assertThat(during.path("moment").asText()).isEqualTo("during");
        assertThat(Json.MAPPER.convertValue(during.path("machines"), List.class).toString())
                .contains("state=killed");
        for (JsonNode machine : run.path("topology").path(0).path("machines")) {
            assertThat(machine.path("state").asText()).isEqualTo("running");
            assertThat(machine.path("lost").asInt()).isZero();
        }
    }

    @Test
    void theStagesOfTheRecoveryAreThereWithTheFiguresOfTheJson() {
        JsonNode fault = run.path("faults").path(0);
        assertThat(fault.path("kind").asText()).isEqualTo("machine.kill");
        JsonNode noticed = Stream.iterate(0, i -> i + 1)
                .limit(fault.path("stages").size())
                .map(fault.path("stages")::path)
                .filter(stage -> stage.path("stage").asText().equals("SWARM_NOTICES"))
                .findFirst()
                .orElseThrow();
        assertThat(page)
                .contains(String.format(
                        Locale.ROOT, "+%.1f s", noticed.path("afterSeconds").asDouble()));
        assertThat(sections("stages")).hasSize(run.path("faults").size());
    }

    /** The experiment's Traefik writes its access log. */
    @Test
    void whyRequestsFailedIsMeasuredAndBothSaySo() {
        JsonNode fault = run.path("faults").path(0);
        int failed = 0;
        for (JsonNode cause : fault.path("causes")) {
            failed += cause.path("failed").asInt();
            assertThat(cause.path("cause").asText()).isEqualTo("DeadServer");
            assertThat(cause.path("basis").asText()).isEqualTo("measured");
            assertThat(cause.path("servers")).isNotEmpty();
        }
        assertThat(failed).isPositive().isEqualTo(fault.path("failed").asInt());
        assertThat(page).contains(", measured)").doesNotContain(", inferred)");
    }

    @Test
    void theSecondsAddUpToTheRequests() {
        int good = 0;
        int failed = 0;
        for (JsonNode second : run.path("perSecond")) {
            good += second.path(1).asInt();
            failed += second.path(2).asInt();
        }
        // Those before the first step and after the healing are in the chart, and are not judged.
        assertThat(good + failed)
                .isGreaterThan(run.path("requests").path("count").asInt());
        assertThat(failed)
                .isGreaterThanOrEqualTo(run.path("requests").path("failed").asInt());
    }

    /** Drawings in other pages' hands must be well formed too. */
    @Test
    void everyDrawingIsWellFormed() throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        for (String kind : List.of("sketch", "stages", "chart")) {
            for (String svg : sections(kind)) {
                assertThat(factory.newDocumentBuilder()
                                .parse(new InputSource(new StringReader(svg)))
                                .getDocumentElement()
                                .getTagName())
                        .isEqualTo("svg");
            }
        }
    }

    private static List<String> sections(String kind) {
        return Stream.of(page.split("(?=<svg )"))
                .filter(part -> part.startsWith("<svg class=\"")
                        && part.substring(0, part.indexOf('>')).contains(kind))
                .map(part -> part.substring(0, part.indexOf("</svg>") + "</svg>".length()))
                .toList();
    }

    @Test
    void oddsHaveTheirSpreadAndTheWorstRunInFullAndInFrench() throws IOException {
        Path html = folder.resolve("odds.html");
        CliTrial.Outcome outcome = CliTrial.run(
                "experiment", "run", WORKER, "--seeds", "3", "--language", "fr", "--report", html.toString());
        assertThat(outcome.status()).as("%s", outcome).isZero();
        String odds = Files.readString(html);
        assertThat(odds)
                .contains("<html lang=\"fr\">", "Les chances, sur 3 graines", "pire essai", "--expect-digest")
                .contains("<svg class=\"odds\"", "<svg class=\"chart stages\"")
                .doesNotContain("What should hold");
    }

    @Test
    void oneResultBesideAnotherSaysHowFarTheyLieApart() throws IOException {
        Path other = folder.resolve("second.json");
        CliTrial.Outcome odds = CliTrial.run(
                "experiment", "run", WORKER, "--seeds", "3", "--language", "en", "--json", other.toString());
        assertThat(odds.status()).as("%s", odds).isZero();
        Path html = folder.resolve("compared.html");
        CliTrial.Outcome outcome = CliTrial.run(
                "report",
                "compare",
                folder.resolve("first.json").toString(),
                other.toString(),
                "--language",
                "en",
                "--page",
                html.toString());
        assertThat(outcome.status()).as("%s", outcome).isZero();
        assertThat(outcome.out())
                .contains("Two results of lose-a-worker", "A on embedded: one run", "B on embedded: 3 runs")
                .contains("inside the spread", "Swarm");
        assertThat(Files.readString(html)).contains("Two results of lose-a-worker", "<table>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json|it is not JSON",
                "{}|there are no runs in it",
                "[1]|there are no runs in it",
                "{\"experiment\": \"a\", \"format\": 7, \"runs\": [{}]}|its format is 7, not 1"
            })
    void whatIsNoResultIsSaidSo(String text, String why) throws IOException {
        Path file = folder.resolve("wrong.json");
        Files.writeString(file, text);
        CliTrial.Outcome outcome = CliTrial.run("report", "compare", file.toString(), file.toString());
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("has no results of an experiment", why, "experiment run --json");
    }

    @Test
    void resultsOfTwoExperimentsAreNotCompared() throws IOException {
        Path other = folder.resolve("other.json");
        Files.writeString(
                other, "{\"experiment\": \"other\", \"format\": 1, \"runs\": [{\"outcome\": \"completed\"}]}");
        CliTrial.Outcome outcome = CliTrial.run(
                "report", "compare", folder.resolve("first.json").toString(), other.toString(), "--language", "en");
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("different experiments: lose-a-worker and other", "experiment compare");
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "report only-a-journal"})
    void aReportNeedsItsTwoFiles(String words) {
        CliTrial.Outcome outcome = CliTrial.run(words.split(" "));
        assertThat(outcome.status()).isNotZero();
        assertThat(outcome.err()).contains("report JOURNAL PAGE");
    }

    @Test
    void thePageMayNotReplaceTheResults() {
        String file = folder.resolve("same").toString();
        CliTrial.Outcome outcome = CliTrial.run("experiment", "run", WORKER, "--json", file, "--report", file);
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("two files");
    }
}
