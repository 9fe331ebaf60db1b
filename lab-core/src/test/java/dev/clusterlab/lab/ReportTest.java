package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {
    private static final Pattern SVG = Pattern.compile("<svg.*</svg>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private static final ActiveFault KILL = new ActiveFault(
            "fault-1",
            new Fault.MachineKill("worker1"),
            new Target.OfMachine("worker1"),
            Instant.EPOCH.plusSeconds(20),
            Optional.empty());

    private final Journal journal = Journal.inMemory();
    private long events;

    private void add(double second, String type, Object... fields) {
        journal.add(Duration.ofMillis(Math.round(second * 1000)), type, fields);
    }

    /** Two steps; in the second a machine dies and some requests fail. */
    private void run() {
        add(0, "engine", "name", "embedded", "seed", 42);
        add(0, "lab.begin", "lab", "small", "title", "Small & <simple>", "steps", 3, "verify", true);
        add(0, "step.begin", "step", "one", "title", "First");
        add(1, "check", "check", "one/1", "title", "it runs", "passed", true);
        add(10, "step.end", "step", "one", "passed", true, "seconds", 10.0, "failure", "", "wallSeconds", 0.5);
        add(10, "step.begin", "step", "two", "title", "Second");
        for (int second = 12; second < 40; second++) {
            boolean bad = second == 21 || second == 22 || second == 35;
            add(second, "traffic", "answers", bad ? Map.of(200, 3, 502, 1, 0, 1) : Map.of(200, 5));
        }
        event(20.5, stamp -> new ClusterEvent.FaultBegan(stamp, KILL, false));
        event(30, stamp -> new ClusterEvent.FaultEnded(stamp, KILL));
        event(
                31,
                stamp -> new ClusterEvent.NodeStateChanged(
                        stamp,
                        new Subject.OfNode("n1", "worker1"),
                        NodeState.READY,
                        NodeState.DOWN,
                        "<heartbeat failure>"),
                new Cause.ByFault("fault-1"));
        add(40, "check", "check", "two/1", "title", "it still runs", "passed", false);
        add(
                40,
                "step.end",
                "step",
                "two",
                "passed",
                false,
                "seconds",
                30.0,
                "failure",
                "still missing",
                "wallSeconds",
                1.5);
    }

    private void event(double second, Function<Stamp, ClusterEvent> event, Cause... causes) {
        Duration at = Duration.ofMillis(Math.round(second * 1000));
        journal.add(event.apply(new Stamp(++events, at, at, List.of(causes))));
    }

    private static Document chart(String page) {
        Matcher svg = SVG.matcher(page);
        assertThat(svg.find()).isTrue();
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg.group())));
        } catch (javax.xml.parsers.ParserConfigurationException | org.xml.sax.SAXException | IOException e) {
            throw new AssertionError("the chart is not well formed", e);
        }
    }

    private static double heights(Document chart, String kind) {
        NodeList bars = chart.getElementsByTagName("rect");
        double sum = 0;
        for (int i = 0; i < bars.getLength(); i++) {
            Element bar = (Element) bars.item(i);
            if (bar.getAttribute("class").equals(kind)) {
                sum += Double.parseDouble(bar.getAttribute("height"));
            }
        }
        return sum;
    }

    @Test
    void countsWhatClientsGotAndWhatWasDoneBeforeItFailed() {
        run();
        RunSummary summary = RunSummary.of(journal.entries(), Sentences.of(Locale.ENGLISH));
        assertThat(summary.requests()).isEqualTo(140);
        assertThat(summary.failedRequests()).isEqualTo(6);
        assertThat(summary.spells()).hasSize(2);
        RunSummary.Spell first = summary.spells().getFirst();
        assertThat(first.from()).isEqualTo(21);
        assertThat(first.to()).isEqualTo(23);
        assertThat(first.failures()).isEqualTo(Map.of(0, 2, 502, 2));
        assertThat(first.before()).isEqualTo("Fault machine.kill worker1 (fault-1) is in force, 1 s before");
    }

    @Test
    void tellsStepsChecksFaultsAndFailuresAndEscapesEverything() {
        run();
        add(40, "lab.end", "passed", false, "wallSeconds", 2.0);
        String page = Report.html(journal.entries());
        assertThat(page)
                .contains("Small &amp; &lt;simple&gt;", "✘ Failed", "engine embedded · seed 42", "verified")
                .contains("<b>1 of 3</b><span>steps passed", "<b>1 of 2</b><span>checks hold")
                .contains("<b>1</b><span>faults injected", "<b>140</b>", "<b>4.3 %</b>")
                .contains(
                        "still missing",
                        "not reached",
                        "2 × no answer, 2 × 502",
                        "Node worker1 is down: &lt;heartbeat failure&gt;")
                .contains("machine.kill worker1 (fault-1)")
                .doesNotContain("<heartbeat", "<simple>");
    }

    @Test
    void theChartShowsAnswersFailuresStepsAndFaults() {
        run();
        Document chart = chart(Report.html(journal.entries()));
        assertThat(heights(chart, "good")).isGreaterThan(heights(chart, "failed"));
        assertThat(heights(chart, "failed")).isPositive();
        assertThat(chart.getElementsByTagName("circle").getLength())
                .as("one fault put in force")
                .isEqualTo(1);
        assertThat(chart.getDocumentElement().getAttribute("aria-label"))
                .isEqualTo("Requests per second over engine time: 140 requests, 6 of them failed");
        assertThat(chart.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
    }

    @Test
    void aRunThatBrokeOffIsToldAsSuch() {
        run();
        assertThat(Report.html(journal.entries())).contains("✘ Broke off");
        assertThat(Report.html(List.of())).contains("✘ Broke off", "No client made a request.");
    }

    @Test
    void saysThatEventsOfAnotherVersionCouldNotBeRead() {
        assertThat(Report.html(journal.entries())).doesNotContain("could not be read");
        // As format 1 wrote it: a sentence, without a number.
        add(20, "event", "kind", "FAULT", "severity", "WARNING", "text", "Fault machine.kill worker1 (fault-1)");
        add(21, "event", "kind", "TideTurned", "number", 7);
        assertThat(Report.html(journal.entries())).contains("2 events could not be read");
    }

    @Test
    void followsTheReadersThemeAndPrints() {
        assertThat(Report.html(journal.entries()))
                .contains("prefers-color-scheme:dark", "@media print")
                .doesNotContain("<script", "http://", "https://");
    }

    @Test
    void theJournalAloneMakesTheSamePage() throws IOException {
        Path file = folder.resolve("run.jsonl");
        try (Journal written = Journal.toFile(file)) {
            run();
            journal.entries().stream().skip(1).forEach(entry -> {
                Object[] fields = entry.entrySet().stream()
                        .filter(field ->
                                !field.getKey().equals("t") && !field.getKey().equals("type"))
                        .flatMap(field -> java.util.stream.Stream.of(field.getKey(), field.getValue()))
                        .toArray();
                written.add(
                        Duration.ofMillis(Math.round(((Number) entry.get("t")).doubleValue() * 1000)),
                        String.valueOf(entry.get("type")),
                        fields);
            });
        }
        Path page = folder.resolve("new/folder/page.html");
        Report.write(page, Journal.read(file));
        assertThat(Files.readString(page)).isEqualTo(Report.html(journal.entries()));
    }
}
