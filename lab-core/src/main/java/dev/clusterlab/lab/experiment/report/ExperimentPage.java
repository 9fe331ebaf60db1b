package dev.clusterlab.lab.experiment.report;

import dev.clusterlab.lab.Html;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.Figure;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.OddsWords;
import dev.clusterlab.lab.experiment.odds.Spread;
import dev.clusterlab.lab.experiment.run.Finding;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.lab.experiment.run.Sketch;
import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.lab.words.ExperimentWords;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.FailureGroup;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of an experiment as one page of HTML that stands alone: what was asked, how it ended, how the cluster looked, what clients
 * got, how it recovered, how often it goes so, and how to do it again. For screens, light or dark, and for paper.
 */
public final class ExperimentPage {
    /** Faults that are shown with all their stages; what comes after those is counted. */
    private static final int FAULTS_MAX = 5;

    private final Experiment experiment;
    private final List<RunResult> runs;
    private final RunResult shown;
    private final Optional<Odds> odds;
    private final Origin origin;
    private final Locale locale;
    private final ExperimentWords words;
    private final RunWords runWords;
    private final AnatomyWords anatomyWords;
    private final Html page = new Html();

    /**
     * Where it comes from.
     *
     * @param version of the program
     * @param command does what is shown again; empty text if none can, since it was in a cluster that stood
     */
    public record Origin(String version, String command) {}

    /**
     * A page.
     *
     * @param runs at least one; of several the worst is shown in full
     * @param odds over many seeds, of which {@code runs} has the worst again; empty if there are none
     */
    public ExperimentPage(
            Experiment experiment, List<RunResult> runs, Optional<Odds> odds, Origin origin, Locale language) {
        this.experiment = experiment;
        this.runs = List.copyOf(runs);
        this.shown = runs.stream()
                .max(Comparator.comparing(RunResult::outcome)
                        .thenComparing(run -> run.tally().failed())
                        .thenComparing(RunResult::seed, Comparator.reverseOrder()))
                .orElseThrow();
        this.odds = odds;
        this.origin = origin;
        this.locale = language.getLanguage().equals("fr") ? Locale.FRENCH : Locale.ENGLISH;
        this.words = ExperimentWords.of(locale);
        this.runWords = new RunWords(locale);
        this.anatomyWords = AnatomyWords.of(locale);
    }

    /** The page. */
    public String html() {
        head();
        tiles();
        findings();
        severalRuns();
        odds.ifPresent(this::odds);
        sketches();
        requests();
        shown.anatomies().stream().limit(FAULTS_MAX).forEach(this::recovery);
        if (shown.anatomies().size() > FAULTS_MAX) {
            say(
                    "<p class=\"muted\">%s</p>",
                    word("page.recovery.more", String.valueOf(shown.anatomies().size() - FAULTS_MAX)));
        }
        happenings();
        again();
        say("<footer>%s</footer>\n</body></html>", word("page.made", origin.version()));
        return page.toString();
    }

    private String word(String key, Object... arguments) {
        return Html.escape(words.get(key, arguments));
    }

    private void say(String format, Object... values) {
        page.say(format, values);
    }

    private void heading(String text) {
        say("<h2>%s</h2>", Html.escape(text));
    }

    private void head() {
        String title = experiment.title().in(locale);
        page.begin(locale.toLanguageTag(), title + " – " + runWords.outcome(shown.outcome()));
        say("<h1>%s</h1>", Html.escape(title));
        say(
                "<p><span class=\"badge %s\">%s</span></p>",
                shown.outcome() == Outcome.COMPLETED ? "ok" : "bad", Html.escape(runWords.outcome(shown.outcome())));
        shown.trouble().ifPresent(trouble -> say("<p class=\"bad\">%s</p>", Html.escape(runWords.trouble(trouble))));
        say("<p class=\"purpose\">%s</p>", Html.escape(experiment.purpose().in(locale)));
        say(
                "<p class=\"muted\">%s</p>",
                word(
                        "page.facts",
                        shown.engine(),
                        String.valueOf(shown.seed()),
                        runWords.seconds(shown.engineTime()),
                        runWords.seconds(shown.wallTime())));
    }

    private void tiles() {
        say("<div class=\"tiles\">");
        if (shown.tally().requests() > 0) {
            tile(
                    String.valueOf(shown.tally().failed()),
                    word("page.tile.failed", String.valueOf(shown.tally().requests())));
        }
        shown.anatomies().stream()
                .flatMap(anatomy -> anatomy.lastFailure().stream())
                .max(Comparator.naturalOrder())
                .ifPresent(last -> tile(anatomyWords.seconds(last), word("page.tile.last")));
        shown.recovery().ifPresent(took -> tile(runWords.seconds(took), word("page.tile.recovery")));
        long held = shown.findings().stream().filter(Finding::held).count();
        tile(held + " / " + shown.findings().size(), word("page.tile.held"));
        say("</div>");
    }

    private void tile(String figure, String what) {
        say("<div class=\"tile\"><b>%s</b><span>%s</span></div>", Html.escape(figure), what);
    }

    private void findings() {
        heading(words.get("page.findings"));
        if (shown.findings().isEmpty()) {
            say("<p class=\"muted\">%s</p>", word("page.findings.none"));
            return;
        }
        say("<ul class=\"checks findings\">");
        for (Finding finding : shown.findings()) {
            List<String> lines = runWords.finding(finding);
            say("<li><span class=\"%s\">%s</span>", finding.held() ? "ok" : "bad", Html.escape(lines.getFirst()));
            lines.stream()
                    .skip(1)
                    .forEach(line -> say("<br><span class=\"muted\">%s</span>", Html.escape(line.strip())));
            say("</li>");
        }
        say("</ul>");
    }

    private void severalRuns() {
        if (runs.size() < 2) {
            return;
        }
        heading(words.get("page.runs", String.valueOf(runs.size())));
        say(
                "<table><thead><tr><th class=\"n\">%s</th><th>%s</th><th class=\"n\">%s</th><th class=\"n\">%s</th></tr></thead><tbody>",
                word("page.runs.seed"), word("page.runs.outcome"), word("page.runs.lost"), word("page.runs.recovery"));
        for (RunResult run : runs) {
            say(
                    "<tr><td class=\"n\">%d</td><td class=\"%s\">%s</td><td class=\"n\">%d</td><td class=\"n\">%s</td></tr>",
                    run.seed(),
                    run.outcome() == Outcome.COMPLETED ? "ok" : "bad",
                    Html.escape(runWords.outcome(run.outcome())),
                    run.tally().failed(),
                    run.recovery().map(runWords::seconds).map(Html::escape).orElse("–"));
        }
        say("</tbody></table><p class=\"muted\">%s</p>", word("page.runs.shown", String.valueOf(shown.seed())));
    }

    private void odds(Odds all) {
        var oddsWords = new OddsWords(locale);
        heading(words.get("page.odds", String.valueOf(all.runs().size())));
        say("<p>%s</p>", Html.escape(oddsWords.outcomes(all)));
        say(
                "<table><thead><tr><th></th><th></th><th class=\"n\">%s</th><th class=\"n\">%s</th><th class=\"n\">%s</th>"
                        + "<th class=\"n\">%s</th><th class=\"n\">%s</th></tr></thead><tbody>",
                word("odds.median"), word("odds.p5"), word("odds.p95"), word("odds.worst"), word("odds.seed"));
        all.spreads()
                .forEach((figure, spread) -> say(
                        "<tr><td>%s%s</td><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>"
                                + "<td class=\"n\">%s</td><td class=\"n muted\">%d</td></tr>",
                        Html.escape(oddsWords.name(figure)),
                        spread.runs() == all.runs().size()
                                ? ""
                                : "<br><span class=\"muted\">"
                                        + word(
                                                "odds.of",
                                                String.valueOf(spread.runs()),
                                                String.valueOf(all.runs().size()))
                                        + "</span>",
                        histogram(all, figure, spread, oddsWords.name(figure)),
                        Html.escape(oddsWords.value(figure, spread.median())),
                        Html.escape(oddsWords.value(figure, spread.p5())),
                        Html.escape(oddsWords.value(figure, spread.p95())),
                        Html.escape(oddsWords.value(figure, spread.worst())),
                        spread.worstSeed()));
        say("</tbody></table><p class=\"muted\">%s</p>", word("page.odds.worst", String.valueOf(shown.seed())));
    }

    private static String histogram(Odds all, Figure figure, Spread spread, String label) {
        double[] values = all.values(figure);
        return values.length < 2 ? "" : OddsSvg.of(values, spread.median(), label);
    }

    private void sketches() {
        if (shown.course().sketches().isEmpty()) {
            return;
        }
        heading(words.get("page.cluster"));
        say("<div class=\"sketches\">");
        Duration zero = shown.began().orElse(Duration.ZERO);
        for (Sketch sketch : shown.course().sketches()) {
            String title = words.get(
                    "page.sketch." + sketch.moment().name(),
                    runWords.seconds(sketch.at().minus(zero)));
            say("<figure><figcaption>%s%s</figcaption>", Html.escape(title), leaderless(sketch));
            page.append(SketchSvg.of(sketch, title, words));
            say("</figure>");
        }
        say("</div>");
    }

    private String leaderless(Sketch sketch) {
        boolean swarm = sketch.machines().stream().anyMatch(box -> box.role().isPresent());
        return swarm && !sketch.hasLeader()
                ? "<br><span class=\"bad\">" + word("page.sketch.leaderless") + "</span>"
                : "";
    }

    private void requests() {
        heading(words.get("page.requests"));
        String chart = RequestsSvg.of(shown, runWords);
        if (chart.isEmpty()) {
            say("<p class=\"muted\">%s</p>", word("page.requests.none"));
            return;
        }
        page.append(chart);
        say(
                "<p class=\"key\"><span><i style=\"background:var(--ok)\"></i>%s</span>"
                        + "<span><i style=\"background:var(--bad)\"></i>%s</span>"
                        + "<span><span class=\"num\">1</span> %s</span><span><span class=\"num\">✚</span> %s</span></p>",
                word("page.requests.good"),
                word("page.requests.failed"),
                word("page.requests.faults"),
                word("page.requests.healing"));
        say("<p>%s</p>", Html.escape(runWords.requests(shown.tally())));
    }

    private void recovery(Anatomy anatomy) {
        heading(words.get("page.recovery", anatomyWords.title(anatomy)));
        say(
                "<p><span class=\"%s\">%s</span><br>%s<br>%s</p>",
                anatomy.recovered() ? "ok" : "bad",
                Html.escape(anatomyWords.state(anatomy)),
                Html.escape(anatomyWords.errors(anatomy)),
                Html.escape(anatomyWords.longest(anatomy).orElse("")));
        say("<p class=\"muted\">%s</p>", Html.escape(anatomyWords.hit(anatomy)));
        page.append(StagesSvg.of(anatomy, anatomyWords));
        if (anatomy.failures().isEmpty()) {
            return;
        }
        say("<p>%s</p><table><tbody>", Html.escape(anatomyWords.why(anatomy)));
        for (FailureGroup group : anatomy.groups()) {
            say("<tr><td class=\"n s\">%d</td><td>%s</td></tr>", group.count(), Html.escape(anatomyWords.cause(group)));
        }
        say("</tbody></table>");
    }

    private void happenings() {
        heading(words.get("page.happenings"));
        say("<pre class=\"log\">");
        Duration zero = shown.began().orElse(Duration.ZERO);
        for (Happening happening : shown.happenings()) {
            say("%s", Html.escape(runWords.happening(happening, zero)));
        }
        say("</pre>");
    }

    private void again() {
        heading(words.get("page.again"));
        if (origin.command().isEmpty()) {
            say("<p class=\"muted\">%s</p>", word("page.again.standing"));
            return;
        }
        say("<pre class=\"log\">%s</pre>", Html.escape(origin.command()));
        String digest =
                shown.digest().map(each -> words.get("summary.digest", each)).orElse("");
        say("<p class=\"muted\">%s<br>%s</p>", word("page.again.same"), Html.escape(digest));
    }
}
