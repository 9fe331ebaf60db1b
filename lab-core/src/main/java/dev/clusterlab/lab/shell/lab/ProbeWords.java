package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.provisioning.traffic.ProbeTotals;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a client got, in lines. */
final class ProbeWords {
    private ProbeWords() {}

    static List<String> lines(ProbeTotals totals) {
        List<String> lines = new ArrayList<>();
        lines.add(outcomes(totals));
        lines.add(row("rate", rate(totals)));
        if (totals.ended() > 0) {
            lines.add(row("latency", latency(totals)));
        }
        if (!totals.byFailure().isEmpty()) {
            lines.add(row(
                    "no answer",
                    totals.byFailure().entrySet().stream()
                            .map(entry -> word(entry.getKey()) + ": " + entry.getValue())
                            .collect(Collectors.joining(", "))));
        }
        if (totals.byEntry().size() > 1) {
            lines.add(row(
                    "entries",
                    totals.byEntry().entrySet().stream().map(ProbeWords::entry).collect(Collectors.joining(", "))));
        }
        if (!totals.byInstance().isEmpty()) {
            lines.add(row(
                    "instances",
                    totals.byInstance().entrySet().stream()
                            .map(entry ->
                                    (entry.getKey().isEmpty() ? "others" : entry.getKey()) + ": " + entry.getValue())
                            .collect(Collectors.joining(", "))));
        }
        return lines;
    }

    /** How many came to which end, in a line. */
    static String outcomes(ProbeTotals totals) {
        StringBuilder text = new StringBuilder(totals.ended() + " requests");
        if (totals.unanswered() > 0) {
            text.append(", no answer: ").append(totals.unanswered());
        }
        totals.byStatus()
                .forEach((status, count) ->
                        text.append(", ").append(status).append(": ").append(count));
        return text.toString();
    }

    private static String row(String name, String text) {
        return String.format(Locale.ROOT, "  %-10s %s", name, text);
    }

    private static String rate(ProbeTotals totals) {
        return String.format(
                Locale.ROOT,
                "%.1f a second for %.1f s, %d missed starts, %d under way",
                totals.ratePerSecond(),
                totals.time().toMillis() / 1000.0,
                totals.missed(),
                totals.underWay());
    }

    private static String latency(ProbeTotals totals) {
        return "p50 " + millis(totals.latencies().percentile(50)) + ", p90 "
                + millis(totals.latencies().percentile(90)) + ", p99 "
                + millis(totals.latencies().percentile(99)) + ", max "
                + millis(totals.latencies().max());
    }

    private static String millis(Duration time) {
        double millis = time.toNanos() / 1e6;
        return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : millis < 1000 ? "%.1f ms" : "%.0f ms", millis);
    }

    private static String entry(Map.Entry<String, ProbeTotals.Entry> entry) {
        return entry.getKey() + ": " + entry.getValue().ended()
                + (entry.getValue().failed() == 0 ? "" : " (" + entry.getValue().failed() + " failed)");
    }

    private static String word(CurlFailure failure) {
        return switch (failure) {
            case UNKNOWN_HOST -> "unknown machine";
            case REFUSED -> "connection refused";
            case UNREACHABLE -> "no route";
            case TIMEOUT -> "timed out";
            case EMPTY_REPLY -> "empty reply";
            case RESET -> "connection reset";
        };
    }
}
