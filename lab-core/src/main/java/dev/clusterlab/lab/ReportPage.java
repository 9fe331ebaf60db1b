package dev.clusterlab.lab;

import dev.clusterlab.lab.words.ReportWords;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The page itself: what the outcome is, what clients got, then step by step, then everything. */
final class ReportPage {
    private final RunSummary run;
    private final ReportWords words;
    private final boolean cutOff;
    private final Html page = new Html();

    /**
     * A page.
     *
     * @param words of the language in which {@code run} has its sentences too
     * @param cutOff whether the journal ends in the middle of a line
     */
    ReportPage(RunSummary run, ReportWords words, boolean cutOff) {
        this.run = run;
        this.words = words;
        this.cutOff = cutOff;
    }

    String html() {
        head();
        tiles();
        traffic();
        steps();
        faults();
        logins();
        events();
        say("<footer>%s</footer>\n</body></html>", word("made"));
        return page.toString();
    }

    /** A text of the page, ready for HTML. */
    private String word(String key, Object... arguments) {
        return Html.escape(words.get(key, arguments));
    }

    private String outcomeKey(String what) {
        return what + (run.passed() ? ".passed" : run.finished() ? ".failed" : ".broken");
    }

    private void head() {
        String title = run.title().isEmpty() ? words.get("untitled") : run.title();
        page.begin(words.tag(), words.get("title", title, words.get(outcomeKey("outcome"))));
        say("<h1>%s</h1>", Html.escape(title));
        say("<p><span class=\"badge %s\">%s</span></p>", run.passed() ? "ok" : "bad", word(outcomeKey("badge")));
        List<String> facts = new ArrayList<>();
        if (!run.engine().isEmpty()) {
            facts.add(word("engine", run.engine()));
            facts.add(word("seed", run.seed()));
        }
        if (run.verified()) {
            facts.add(word("verified"));
        }
        if (run.wallSeconds() > 0) {
            facts.add(word("wall", seconds(run.wallSeconds())));
        }
        say("<p class=\"muted\">%s</p>", String.join(" · ", facts));
        if (cutOff) {
            say("<p class=\"bad\">%s</p>", word("cutoff"));
        }
        for (RunSummary.Event event : run.events()) {
            if (event.what() instanceof ClusterEvent.RepeatabilityLost) {
                say("<p class=\"bad\">%s</p>", word("unrepeatable", seconds(event.at())));
            }
        }
    }

    private void tiles() {
        say("<div class=\"tiles\">");
        long passed = run.steps().stream().filter(RunSummary.Step::passed).count();
        tile(of(passed, run.stepsPlanned()), "tile.steps");
        tile(of(run.checksPassed(), run.checks()), "tile.checks");
        tile(seconds(run.engineSeconds()), "tile.time");
        tile(String.valueOf(run.injected().size()), "tile.faults");
        tile(String.valueOf(run.requests()), "tile.requests");
        tile(run.requests() == 0 ? "–" : share(run.failedRequests(), run.requests()), "tile.failed");
        say("</div>");
    }

    private void tile(String figure, String key) {
        say("<div class=\"tile\"><b>%s</b><span>%s</span></div>", Html.escape(figure), word(key));
    }

    private String of(long part, long whole) {
        return words.get("of", String.valueOf(part), String.valueOf(whole));
    }

    private void traffic() {
        heading("traffic");
        if (run.traffic().isEmpty()) {
            say("<p class=\"muted\">%s</p>", word("traffic.none"));
            return;
        }
        page.append(TrafficSvg.of(run, words)).append("\n");
        say(
                "<p class=\"key\"><span><i style=\"background:var(--ok)\"></i>%s</span>"
                        + "<span><i style=\"background:var(--bad)\"></i>%s</span>"
                        + "<span><span class=\"num\">1</span> %s</span>"
                        + "<span><i style=\"background:var(--band2)\"></i>%s</span></p>",
                word("traffic.key.good"),
                word("traffic.key.bad"),
                word("traffic.key.faults"),
                word("traffic.key.steps"));
        if (run.spells().isEmpty()) {
            say("<p><span class=\"ok\">✔</span> %s</p>", word("traffic.good"));
            return;
        }
        say(
                "<table><thead><tr><th class=\"n\">%s</th><th class=\"n\">%s</th><th class=\"n\">%s</th>"
                        + "<th>%s</th><th>%s</th></tr></thead><tbody>",
                word("traffic.from"),
                word("traffic.to"),
                word("traffic.failed"),
                word("traffic.status"),
                word("traffic.before"));
        for (RunSummary.Spell spell : run.spells()) {
            say(
                    "<tr><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n bad\">%s</td><td>%s</td><td>%s</td></tr>",
                    words.seconds(spell.from(), 0),
                    words.seconds(spell.to(), 0),
                    Html.escape(of(spell.failed(), spell.requests())),
                    Html.escape(statuses(spell.failures())),
                    spell.before().map(fault -> before(fault, spell)).orElse(""));
        }
        say("</tbody></table>");
    }

    private String before(RunSummary.Event fault, RunSummary.Spell spell) {
        double earlier = Math.max(0, spell.from() - fault.at());
        return word("traffic.before.fault", fault.text(), words.seconds(earlier, 0));
    }

    private String statuses(Map<Integer, Integer> failures) {
        List<String> parts = new ArrayList<>();
        failures.forEach(
                (status, count) -> parts.add(count + " × " + (status == 0 ? words.get("traffic.silence") : status)));
        return String.join(", ", parts);
    }

    private void steps() {
        heading("steps");
        say(
                "<table><thead><tr><th></th><th>%s</th><th>%s</th><th class=\"n\">%s</th><th class=\"n\">%s</th>"
                        + "</tr></thead><tbody>",
                word("steps.step"), word("steps.checks"), word("steps.took"), word("steps.wall"));
        double longest =
                run.steps().stream().mapToDouble(RunSummary.Step::seconds).max().orElse(1);
        int number = 0;
        for (RunSummary.Step step : run.steps()) {
            number++;
            say("<tr%s><td class=\"n muted\">%d</td>", step.passed() ? "" : " class=\"failedrow\"", number);
            page.append("<td><span class=\"")
                    .append(step.passed() ? "ok\">✔" : "bad\">✘")
                    .append("</span> ")
                    .append(Html.escape(step.title()));
            step.failure()
                    .ifPresent(failure -> page.append("<br><span class=\"bad\">")
                            .append(Html.escape(failure.text(words)))
                            .append("</span>"));
            page.append("</td><td><ul class=\"checks\">");
            for (RunSummary.Check check : step.checks()) {
                page.append("<li><span class=\"")
                        .append(check.passed() ? "ok\">✔" : "bad\">✘")
                        .append("</span> ")
                        .append(Html.escape(check.title()))
                        .append("</li>");
            }
            say("</ul></td>");
            say(
                    "<td class=\"n\">%s<span class=\"length\" style=\"width:%.1f%%\"></span></td><td class=\"n muted\">%s</td></tr>",
                    seconds(step.seconds()),
                    Math.max(1, 100 * step.seconds() / Math.max(0.001, longest)),
                    seconds(step.wallSeconds()));
        }
        for (; number < run.stepsPlanned(); number++) {
            say(
                    "<tr><td class=\"n muted\">%d</td><td class=\"muted\" colspan=\"4\">%s</td></tr>",
                    number + 1, word("steps.unreached"));
        }
        say("</tbody></table>");
    }

    private void faults() {
        heading("faults");
        if (run.unread() > 0) {
            say("<p class=\"bad\">%s</p>", word("faults.unread", run.unread(), String.valueOf(run.unread())));
        }
        if (run.faults().isEmpty()) {
            say("<p class=\"muted\">%s</p>", word("faults.none"));
            return;
        }
        say(
                "<table><thead><tr><th class=\"s\"></th><th class=\"n s\">%s</th><th>%s</th></tr></thead><tbody>",
                word("at"), word("what"));
        int number = 0;
        for (RunSummary.Event fault : run.faults()) {
            boolean marked = fault.what() instanceof ClusterEvent.FaultBegan;
            say(
                    "<tr><td>%s</td><td class=\"n\">%s</td><td>%s</td></tr>",
                    marked ? "<span class=\"num\">" + ++number + "</span>" : "",
                    seconds(fault.at()),
                    Html.escape(fault.text()));
        }
        say("</tbody></table>");
    }

    /** What was typed in shells on machines; in most runs nobody logs in to one. */
    private void logins() {
        if (run.logins().isEmpty()) {
            return;
        }
        heading("logins");
        say(
                "<table><thead><tr><th class=\"n s\">%s</th><th class=\"s\">%s</th><th>%s</th><th class=\"n\">%s</th>"
                        + "</tr></thead><tbody>",
                word("at"), word("logins.machine"), word("logins.command"), word("logins.status"));
        for (RunSummary.Login login : run.logins()) {
            say(
                    "<tr><td class=\"n\">%s</td><td>%s</td><td><code>%s</code></td><td class=\"n%s\">%d</td></tr>",
                    seconds(login.at()),
                    Html.escape(login.machine()),
                    Html.escape(login.command()),
                    login.status() == 0 ? "" : " bad",
                    login.status());
        }
        say("</tbody></table>");
    }

    private void events() {
        heading("events");
        say(
                "<details><summary>%s</summary>",
                word("events.count", String.valueOf(run.events().size())));
        say(
                "<table><thead><tr><th class=\"n\">%s</th><th></th><th>%s</th><th>%s</th></tr></thead><tbody>",
                word("at"), word("what"), word("cause"));
        for (RunSummary.Event event : run.events()) {
            ClusterEvent.Severity severity = event.what().severity();
            String shape = switch (severity) {
                case GOOD -> "ok";
                case BAD -> "bad";
                case WARNING, INFO -> "";
            };
            String mark = word("severity." + severity);
            if (!shape.isEmpty()) {
                mark = "<span class=\"" + shape + "\">" + mark + "</span>";
            }
            say(
                    "<tr><td class=\"n\">%s</td><td class=\"k\">%s</td><td>%s</td><td class=\"muted\">%s</td></tr>",
                    seconds(event.at()), mark, Html.escape(event.text()), Html.escape(event.cause()));
        }
        say("</tbody></table></details>");
    }

    private void heading(String key) {
        say("<h2>%s</h2>", word(key));
    }

    private String share(int part, int whole) {
        double percent = 100.0 * part / whole;
        return words.get("percent", part == 0 ? "0" : words.decimal(percent, percent < 10 ? 1 : 0));
    }

    private String seconds(double value) {
        return words.seconds(value, 1);
    }

    private void say(String format, Object... values) {
        page.say(format, values);
    }
}
