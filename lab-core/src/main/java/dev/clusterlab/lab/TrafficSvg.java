package dev.clusterlab.lab;

import dev.clusterlab.lab.words.ReportWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What clients got, second by second, as one inline SVG: good answers above the line, failures below it, so that shape
 * and not colour alone tells them apart; faults as numbered marks; steps as bands. Colours come from the page.
 */
final class TrafficSvg {
    private static final int WIDTH = 960;
    private static final int LEFT = 44;
    private static final int TOP = 34;
    private static final int UP = 120;
    private static final int DOWN = 70;
    private static final int BANDS = 26;
    private static final int COLUMNS_MAX = 300;

    private record Column(double good, double other, double failed) {}

    private final RunSummary run;
    private final ReportWords words;
    private final double from;
    private final double span;
    private final StringBuilder svg = new StringBuilder();

    private TrafficSvg(RunSummary run, ReportWords words) {
        this.run = run;
        this.words = words;
        // The minutes before the first request say nothing about traffic.
        double first = run.traffic().getFirst().second();
        this.from = Math.max(0, Math.floor(first) - 5);
        this.span = Math.max(10, run.engineSeconds() - from);
    }

    /** The drawing; empty if there was no traffic. */
    static String of(RunSummary run, ReportWords words) {
        return run.traffic().isEmpty() ? "" : new TrafficSvg(run, words).draw();
    }

    private double x(double seconds) {
        return LEFT + (seconds - from) / span * (WIDTH - LEFT - 8);
    }

    private String draw() {
        int middle = TOP + UP;
        int height = middle + DOWN + BANDS + 22;
        say("<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, height, label());
        List<Column> columns = columns();
        double top = 1;
        double bottom = 1;
        for (Column column : columns) {
            top = Math.max(top, column.good() + column.other());
            bottom = Math.max(bottom, column.failed());
        }
        bands(middle + DOWN + 4);
        double width = (double) (WIDTH - LEFT - 8) / columns.size();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            double left = LEFT + i * width;
            double good = column.good() / top * UP;
            double other = column.other() / top * UP;
            double failed = column.failed() / bottom * DOWN;
            bar("good", left, width, middle - good, good);
            bar("other", left, width, middle - good - other, other);
            bar("failed", left, width, middle, failed);
        }
        say("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, middle, WIDTH - 8, middle);
        say("<text class=\"scale\" x=\"%d\" y=\"%d\">%s</text>", LEFT - 6, TOP + 10, rate(top));
        say("<text class=\"scale\" x=\"%d\" y=\"%d\">0</text>", LEFT - 6, middle + 4);
        say("<text class=\"scale\" x=\"%d\" y=\"%d\">%s</text>", LEFT - 6, middle + DOWN, rate(bottom));
        time(middle + DOWN + BANDS + 16);
        faults(middle + DOWN);
        return svg.append("</svg>").toString();
    }

    private String label() {
        return Html.escape(words.get("chart", String.valueOf(run.requests()), String.valueOf(run.failedRequests())));
    }

    private List<Column> columns() {
        int count = (int) Math.min(COLUMNS_MAX, Math.ceil(span));
        double seconds = span / count;
        List<Column> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            result.add(new Column(0, 0, 0));
        }
        for (RunSummary.Second second : run.traffic()) {
            int index = (int) Math.max(0, Math.min(count - 1, (second.second() - from) / seconds));
            double good = 0;
            double other = 0;
            double failed = 0;
            for (Map.Entry<Integer, Integer> entry : second.answers().entrySet()) {
                int status = entry.getKey();
                if (RunSummary.failure(status)) {
                    failed += entry.getValue();
                } else if (status < 300) {
                    good += entry.getValue();
                } else {
                    other += entry.getValue();
                }
            }
            Column before = result.get(index);
            result.set(
                    index,
                    new Column(
                            before.good() + good / seconds,
                            before.other() + other / seconds,
                            before.failed() + failed / seconds));
        }
        return result;
    }

    private void bar(String kind, double left, double width, double top, double height) {
        if (height > 0) {
            say(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>",
                    kind, left, top, Math.max(0.8, width - 0.4), height);
        }
    }

    private void bands(int y) {
        int number = 0;
        for (RunSummary.Step step : run.steps()) {
            number++;
            double left = Math.max(LEFT, x(step.began()));
            double right = x(step.began() + step.seconds());
            if (right <= LEFT) {
                continue;
            }
            say(
                    "<rect class=\"band%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"18\"><title>%d %s</title></rect>",
                    number % 2 == 0 ? " even" : "",
                    left,
                    y,
                    Math.max(1, right - left),
                    number,
                    Html.escape(step.title()));
            if (right - left > 18) {
                say("<text class=\"step\" x=\"%.1f\" y=\"%d\">%d</text>", (left + right) / 2, y + 13, number);
            }
        }
    }

    private void time(int y) {
        double step = 10;
        for (double candidate : new double[] {10, 30, 60, 120, 300, 600, 1800, 3600}) {
            step = candidate;
            if (span / candidate <= 12) {
                break;
            }
        }
        while (span / step > 24) {
            step *= 2;
        }
        for (double at = Math.ceil(from / step) * step; at <= from + span; at += step) {
            say("<text class=\"time\" x=\"%.1f\" y=\"%d\">%s</text>", x(at), y, words.seconds(at, 0));
        }
    }

    private void faults(int bottom) {
        int number = 0;
        double lastX = -100;
        int row = 0;
        for (RunSummary.Event fault : run.injected()) {
            number++;
            double x = x(fault.at());
            if (x < LEFT) {
                continue;
            }
            // Marks that would touch stand in turn in one of two rows.
            row = x - lastX < 18 ? (row + 1) % 2 : 0;
            lastX = x;
            int y = 10 + row * 14;
            say("<line class=\"fault\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", x, y + 6, x, bottom);
            say(
                    "<g class=\"mark\"><circle cx=\"%.1f\" cy=\"%d\" r=\"7\"/><text x=\"%.1f\" y=\"%d\">%d</text>"
                            + "<title>%s</title></g>",
                    x, y, x, y + 3, number, Html.escape(fault.text()));
        }
    }

    private String rate(double value) {
        boolean whole = value == Math.rint(value) || value >= 10;
        return Html.escape(words.get("chart.rate", words.decimal(value, whole ? 0 : 1)));
    }

    private void say(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
