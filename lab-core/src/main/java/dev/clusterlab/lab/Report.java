package dev.clusterlab.lab;

import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run as one page of HTML that stands alone: steps, durations, checks, faults, and what clients got. */
public final class Report {
    private Report() {}

    /** Writes the page. */
    public static void write(
            Path file, LabRunner.Result result, List<Map<String, Object>> journal, LabEnvironment.Options options) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(file, html(result, journal, options));
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot write the report " + file + ": " + e.getMessage() + ".",
                    "Give another file with --report.",
                    e);
        }
    }

    static String html(LabRunner.Result result, List<Map<String, Object>> journal, LabEnvironment.Options options) {
        var page = new StringBuilder(16_384);
        String outcome = result.passed() ? "passed" : "failed";
        page.append("""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8"><title>%s: %s</title>
                <style>
                body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
                table{border-collapse:collapse;width:100%%;margin:1rem 0 2rem}
                th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d0d7de;vertical-align:top}
                td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
                .ok{color:#1a7f37}.bad{color:#cf222e}.muted{color:#59636e}
                @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th,td{border-color:#30363d}
                .ok{color:#3fb950}.bad{color:#f85149}.muted{color:#9198a1}}
                </style></head><body>
                """.formatted(escape(result.lab().title()), outcome));
        page.append("<h1>")
                .append(escape(result.lab().title()))
                .append("</h1>\n<p class=\"")
                .append(result.passed() ? "ok\">✔ Passed" : "bad\">✘ Failed")
                .append("</p>\n<p class=\"muted\">Engine ")
                .append(escape(options.engine()))
                .append(", seed ")
                .append(options.seed())
                .append(", ")
                .append(seconds(result.engineTime()))
                .append(" of engine time in ")
                .append(seconds(result.wallTime()))
                .append(
                        ".</p>\n<h2>Steps</h2>\n<table><tr><th>Step</th><th>Checks</th><th>Engine time</th><th>Wall time</th></tr>\n");
        for (LabRunner.StepResult step : result.steps()) {
            page.append("<tr><td><span class=\"")
                    .append(step.passed() ? "ok\">✔ " : "bad\">✘ ")
                    .append(escape(step.step().title()))
                    .append("</span>");
            if (!step.failure().isEmpty()) {
                page.append("<br><span class=\"bad\">")
                        .append(escape(step.failure()))
                        .append("</span>");
            }
            page.append("</td><td>");
            for (Lab.Check check : step.step().checks()) {
                page.append(escape(check.title())).append("<br>");
            }
            page.append("</td><td class=\"n\">")
                    .append(seconds(step.took()))
                    .append("</td><td class=\"n\">")
                    .append(seconds(step.wallTook()))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n");
        events(page, "Faults", journal, entry -> "FAULT".equals(entry.get("kind")), "No fault was injected.");
        events(
                page,
                "What clients got wrong",
                journal,
                entry -> "TRAFFIC".equals(entry.get("kind")),
                "No client error was seen.");
        return page.append("</body></html>\n").toString();
    }

    private static void events(
            StringBuilder page,
            String title,
            List<Map<String, Object>> journal,
            java.util.function.Predicate<Map<String, Object>> wanted,
            String none) {
        page.append("<h2>").append(title).append("</h2>\n");
        List<Map<String, Object>> found = journal.stream().filter(wanted).toList();
        if (found.isEmpty()) {
            page.append("<p class=\"muted\">").append(none).append("</p>\n");
            return;
        }
        page.append("<table><tr><th>At</th><th>What</th></tr>\n");
        for (Map<String, Object> entry : found) {
            page.append("<tr><td class=\"n\">")
                    .append(entry.get("t"))
                    .append(" s</td><td>")
                    .append(escape(String.valueOf(entry.get("text"))))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
