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
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
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

    @Test
    void aRunThatLostItsRepeatabilitySaysSo() {
        run();
        assertThat(Report.html(journal.entries(), Locale.ENGLISH)).doesNotContain("does not repeat");
        event(33, ClusterEvent.RepeatabilityLost::new);
        assertThat(Report.html(journal.entries(), Locale.ENGLISH)).contains("From 33.0 s on this run does not repeat");
        assertThat(Report.html(journal.entries(), Locale.FRENCH)).contains("cette exécution ne se répète plus");
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
        assertThat(first.before().orElseThrow().at()).isEqualTo(20.5);
    }

    @Test
    void tellsStepsChecksFaultsAndFailuresAndEscapesEverything() {
        run();
        add(40, "lab.end", "passed", false, "wallSeconds", 2.0);
        String page = Report.html(journal.entries(), Locale.ENGLISH);
        assertThat(page)
                .contains("Small &amp; &lt;simple&gt;", "✘ Failed", "engine embedded · seed 42", "verified")
                .contains("<b>1 of 3</b><span>steps passed", "<b>1 of 2</b><span>checks hold")
                .contains("<b>1</b><span>faults injected", "<b>140</b>", "<b>4.3 %</b>")
                .contains(
                        "still missing",
                        "not reached",
                        "2 × no answer, 2 × 502",
                        "A fault begins: worker1 without power (fault-1), 1 s before",
                        "Node worker1 is down: &lt;heartbeat failure&gt;")
                .contains("worker1 without power (fault-1)")
                .doesNotContain("<heartbeat", "<simple>");
    }

    @Test
    void theChartShowsAnswersFailuresStepsAndFaults() {
        run();
        Document chart = chart(Report.html(journal.entries(), Locale.ENGLISH));
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
        assertThat(Report.html(journal.entries(), Locale.ENGLISH)).contains("✘ Broke off");
        assertThat(Report.html(List.of(), Locale.ENGLISH)).contains("✘ Broke off", "No client made a request.");
    }

    @Test
    void saysThatEventsOfAnotherVersionCouldNotBeRead() {
        assertThat(Report.html(journal.entries(), Locale.ENGLISH)).doesNotContain("could not be read");
        // As format 1 wrote it: a sentence, without a number.
        add(20, "event", "kind", "FAULT", "severity", "WARNING", "text", "Fault machine.kill worker1 (fault-1)");
        add(21, "event", "kind", "TideTurned", "number", 7);
        assertThat(Report.html(journal.entries(), Locale.ENGLISH)).contains("2 events could not be read");
    }

    @Test
    void whatWasTypedOnMachinesIsListed() {
        run();
        assertThat(Report.html(journal.entries(), Locale.ENGLISH)).doesNotContain("Typed on machines");
        add(33.4, "login.command", "machine", "worker2", "command", "docker ps | grep '<none>'", "status", 1);
        assertThat(Report.html(journal.entries(), Locale.ENGLISH))
                .contains("Typed on machines", "33.4 s", "<td>worker2</td>", "docker ps | grep '&lt;none&gt;'");
        assertThat(Report.html(journal.entries(), Locale.FRENCH)).contains("Saisi sur des machines", "33,4");
    }

    @Test
    void aFrenchPageHasNoEnglishInIt() {
        run();
        add(41, "event", "kind", "TideTurned", "number", 7);
        add(42, "lab.end", "passed", false, "wallSeconds", 2.0);
        String french = Report.html(journal.entries(), Locale.FRENCH);
        assertThat(french)
                .contains("<html lang=\"fr\">", "✘ Échouée", "4,3\u00a0%", "10,0\u00a0s", "2 × sans réponse, 2 × 502")
                .contains(
                        "Le nœud worker1 est perdu",
                        "<b>1 sur 3</b><span>étapes réussies",
                        "worker1 sans courant (fault-1), 1\u00a0s avant",
                        "dont 6 en échec")
                .contains("Un événement n’a pas pu être lu");
        assertThat(english(french)).isEmpty();
        assertThat(english(Report.html(List.of(), Locale.FRENCH))).isEmpty();
        assertThat(english(Report.html(journal.entries(), Locale.ENGLISH)))
                .as("what is looked for")
                .contains("Steps", "steps passed", "Done last before it", "A fault begins:");
    }

    /** What stands in a page as a language's own text, though French says it otherwise. */
    private static Set<String> english(String page) {
        String text = page.replaceAll("(?s)<style>.*</style>", "").replaceAll("aria-label=\"([^\"]*)\"", ">$1<");
        List<String> pieces = Pattern.compile("<[^>]*>")
                .splitAsStream(text)
                .map(piece -> piece.replace("&quot;", "\"").strip())
                .filter(piece -> !piece.isEmpty())
                .toList();
        Set<String> found = new TreeSet<>();
        for (String bundle : List.of("report", "sentences")) {
            ResourceBundle english = bundle(bundle, Locale.ENGLISH);
            ResourceBundle french = bundle(bundle, Locale.FRENCH);
            for (String key : english.keySet()) {
                String words = english.getString(key);
                if (words.equals(french.getString(key))) {
                    continue;
                }
                // Between the arguments; a single short word may stand in any language.
                for (String part : words.split("\\{[^}]*}")) {
                    boolean whole = part.equals(words);
                    if (pieces.stream()
                            .anyMatch(piece -> whole
                                    ? piece.equals(part)
                                    : part.strip().contains(" ") && piece.contains(part.strip()))) {
                        found.add(part.strip());
                    }
                }
            }
        }
        return found;
    }

    private static ResourceBundle bundle(String name, Locale locale) {
        return ResourceBundle.getBundle(
                "dev.clusterlab.lab.words." + name,
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    @Test
    void whyAStepFailedIsReadBackAndToldInTheReadersLanguage() {
        List<StepFailure> failures = List.of(
                new StepFailure.BlockFailed(2, 127),
                new StepFailure.HeldAlready(List.of("c’est prêt")),
                new StepFailure.StillMissing(Duration.ofSeconds(180), List.of("il manque worker1")),
                new StepFailure.StillMissing(Duration.ofSeconds(180), List.of()));
        for (StepFailure failure : failures) {
            add(
                    1,
                    "step.end",
                    "step",
                    "one",
                    "passed",
                    false,
                    "failure",
                    failure.english(),
                    "reason",
                    failure.fields());
        }
        assertThat(RunSummary.of(journal.entries(), Sentences.of(Locale.FRENCH)).steps())
                .extracting(step -> step.failure().orElseThrow())
                .isEqualTo(failures);
        assertThat(Report.html(journal.entries(), Locale.FRENCH))
                .contains(
                        "le bloc 2 s’est terminé avec le code 127",
                        "déjà vrai avant l’étape\u00a0: «\u00a0c’est prêt\u00a0»",
                        "après 180\u00a0s il manque encore\u00a0: il manque worker1",
                        "toutes les vérifications en même temps");
        assertThat(Report.html(journal.entries(), Locale.ENGLISH))
                .contains(
                        "shell block 2 ended with status 127",
                        "after 180 s still missing: all checks at the same time");
    }

    @Test
    void followsTheReadersThemeAndPrints() {
        assertThat(Report.html(journal.entries(), Locale.ENGLISH))
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
        Report.write(page, Journal.read(file), Locale.ENGLISH);
        assertThat(Files.readString(page)).isEqualTo(Report.html(journal.entries(), Locale.ENGLISH));
    }
}
