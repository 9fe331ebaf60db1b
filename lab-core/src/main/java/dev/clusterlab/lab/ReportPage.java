package dev.clusterlab.lab;

import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page itself: what the outcome is, what clients got, then step by step, then everything. */
final class ReportPage {
    private final RunSummary run;
    private final StringBuilder page = new StringBuilder(32_768);

    ReportPage(RunSummary run) {
        this.run = run;
    }

    String html() {
        head();
        tiles();
        traffic();
        steps();
        faults();
        events();
        page.append(
                        "<footer>Made by Cluster Lab from the journal of the run. Times are seconds of engine time since the")
                .append(" engine began, unless they are said to be wall-clock time.</footer>\n</body></html>\n");
        return page.toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private String outcome() {
        return run.passed() ? "passed" : run.finished() ? "failed" : "broke off";
    }

    private void head() {
        say("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        say("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        say("<title>%s: %s</title>", escape(run.title()), outcome());
        page.append("<style>\n").append(style()).append("</style></head><body>\n");
        say("<h1>%s</h1>", escape(run.title()));
        say(
                "<p><span class=\"badge %s\">%s</span></p>",
                run.passed() ? "ok" : "bad", run.passed() ? "✔ Passed" : run.finished() ? "✘ Failed" : "✘ Broke off");
        List<String> facts = new ArrayList<>();
        if (!run.engine().isEmpty()) {
            facts.add("engine " + escape(run.engine()));
            facts.add("seed " + escape(run.seed()));
        }
        if (run.verified()) {
            facts.add("verified: every check was false before its step");
        }
        if (run.wallSeconds() > 0) {
            facts.add(seconds(run.wallSeconds()) + " of wall-clock time");
        }
        say("<p class=\"muted\">%s</p>", String.join(" · ", facts));
    }

    private static String style() {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("the program was built without report.css");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tiles() {
        say("<div class=\"tiles\">");
        long passed = run.steps().stream().filter(RunSummary.Step::passed).count();
        tile(passed + " of " + run.stepsPlanned(), "steps passed");
        tile(run.checksPassed() + " of " + run.checks(), "checks hold");
        tile(seconds(run.engineSeconds()), "of engine time");
        tile(String.valueOf(run.injected().size()), "faults injected");
        tile(String.valueOf(run.requests()), "requests by clients");
        tile(run.requests() == 0 ? "–" : share(run.failedRequests(), run.requests()), "of them failed");
        say("</div>");
    }

    private void tile(String figure, String what) {
        say("<div class=\"tile\"><b>%s</b><span>%s</span></div>", escape(figure), escape(what));
    }

    private void traffic() {
        say("<h2>What clients got</h2>");
        if (run.traffic().isEmpty()) {
            say("<p class=\"muted\">No client made a request.</p>");
            return;
        }
        page.append(TrafficSvg.of(run)).append('\n');
        say("<p class=\"key\"><span><i style=\"background:var(--ok)\"></i>answered, above the line</span>"
                + "<span><i style=\"background:var(--bad)\"></i>failed (status 400 and above, or no answer),"
                + " below it</span><span><span class=\"num\">1</span> faults, as listed below</span>"
                + "<span><i style=\"background:var(--band2)\"></i>steps, by number</span></p>");
        if (run.spells().isEmpty()) {
            say("<p><span class=\"ok\">✔</span> Every request was answered.</p>");
            return;
        }
        say("<table><thead><tr><th class=\"n\">From</th><th class=\"n\">To</th><th class=\"n\">Failed</th>"
                + "<th>Status</th><th>Done last before it</th></tr></thead><tbody>");
        for (RunSummary.Spell spell : run.spells()) {
            say(
                    "<tr><td class=\"n\">%d s</td><td class=\"n\">%d s</td><td class=\"n bad\">%d of %d</td><td>%s</td>"
                            + "<td>%s</td></tr>",
                    spell.from(),
                    spell.to(),
                    spell.failed(),
                    spell.requests(),
                    statuses(spell.failures()),
                    escape(spell.before()));
        }
        say("</tbody></table>");
    }

    private static String statuses(Map<Integer, Integer> failures) {
        List<String> parts = new ArrayList<>();
        failures.forEach((status, count) -> parts.add(count + " × " + (status == 0 ? "no answer" : status)));
        return String.join(", ", parts);
    }

    private void steps() {
        say("<h2>Steps</h2>");
        say("<table><thead><tr><th></th><th>Step</th><th>Checks</th><th class=\"n\">Took</th><th class=\"n\">Wall</th>"
                + "</tr></thead><tbody>");
        double longest =
                run.steps().stream().mapToDouble(RunSummary.Step::seconds).max().orElse(1);
        int number = 0;
        for (RunSummary.Step step : run.steps()) {
            number++;
            say("<tr%s><td class=\"n muted\">%d</td>", step.passed() ? "" : " class=\"failedrow\"", number);
            page.append("<td><span class=\"")
                    .append(step.passed() ? "ok\">✔" : "bad\">✘")
                    .append("</span> ")
                    .append(escape(step.title()));
            if (!step.failure().isEmpty()) {
                page.append("<br><span class=\"bad\">")
                        .append(escape(step.failure()))
                        .append("</span>");
            }
            page.append("</td><td><ul class=\"checks\">");
            for (RunSummary.Check check : step.checks()) {
                page.append("<li><span class=\"")
                        .append(check.passed() ? "ok\">✔" : "bad\">✘")
                        .append("</span> ")
                        .append(escape(check.title()))
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
                    "<tr><td class=\"n muted\">%d</td><td class=\"muted\" colspan=\"4\">– not reached</td></tr>",
                    number + 1);
        }
        say("</tbody></table>");
    }

    private void faults() {
        say("<h2>Faults</h2>");
        if (run.unread() > 0) {
            say(
                    "<p class=\"bad\">%s could not be read, faults perhaps among them: another version of Cluster Lab wrote"
                            + " this journal. Run the lab again to see them.</p>",
                    run.unread() == 1 ? "One event" : run.unread() + " events");
        }
        if (run.faults().isEmpty()) {
            say("<p class=\"muted\">No fault was injected.</p>");
            return;
        }
        say("<table><thead><tr><th class=\"s\"></th><th class=\"n s\">At</th><th>What</th></tr></thead><tbody>");
        int number = 0;
        for (RunSummary.Event fault : run.faults()) {
            boolean marked = fault.what() instanceof ClusterEvent.FaultBegan;
            say(
                    "<tr><td>%s</td><td class=\"n\">%s</td><td>%s</td></tr>",
                    marked ? "<span class=\"num\">" + ++number + "</span>" : "",
                    seconds(fault.at()),
                    escape(fault.text()));
        }
        say("</tbody></table>");
    }

    private void events() {
        say("<h2>Events</h2>");
        say(
                "<details><summary>%d events, in their order</summary>",
                run.events().size());
        say("<table><thead><tr><th class=\"n\">At</th><th></th><th>What</th><th>Cause</th></tr></thead><tbody>");
        for (RunSummary.Event event : run.events()) {
            String mark = switch (event.what().severity()) {
                case GOOD -> "<span class=\"ok\">✔ good</span>";
                case BAD -> "<span class=\"bad\">✘ bad</span>";
                case WARNING -> "! warning";
                case INFO -> "";
            };
            say(
                    "<tr><td class=\"n\">%s</td><td class=\"k\">%s</td><td>%s</td><td class=\"muted\">%s</td></tr>",
                    seconds(event.at()), mark, escape(event.text()), escape(event.cause()));
        }
        say("</tbody></table></details>");
    }

    private static String share(int part, int whole) {
        double percent = 100.0 * part / whole;
        return part == 0 ? "0 %" : String.format(Locale.ROOT, percent < 10 ? "%.1f %%" : "%.0f %%", percent);
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.1f s", value);
    }

    private void say(String format, Object... values) {
        page.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                .append('\n');
    }
}
