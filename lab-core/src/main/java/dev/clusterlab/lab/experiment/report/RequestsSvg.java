package dev.clusterlab.lab.experiment.report;

import dev.clusterlab.lab.Html;
import dev.clusterlab.lab.experiment.run.Course;
import dev.clusterlab.lab.experiment.run.Happening;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.RunWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What clients got as one inline SVG, second by second: good answers above the line, failures below it, so that place and not colour
 * alone tells them apart; numbered marks where something was broken, and one where everything was healed. Colours come from the page.
 */
final class RequestsSvg {
    private static final int WIDTH = 960;
    private static final int LEFT = 44;
    private static final int TOP = 24;
    private static final int UP = 110;
    private static final int DOWN = 60;
    private static final int COLUMNS_MAX = 300;

    private final RunResult run;
    private final RunWords words;
    private final int from;
    private final int span;
    private final Html svg = new Html();

    private record Mark(Duration at, String sign, String text) {}

    private RequestsSvg(RunResult run, RunWords words) {
        this.run = run;
        this.words = words;
        List<Course.Second> seconds = run.course().seconds();
        this.from = seconds.getFirst().second();
        this.span = Math.max(10, seconds.getLast().second() + 1 - from);
    }

    /** The drawing; empty text if there was no traffic. */
    static String of(RunResult run, RunWords words) {
        return run.course().seconds().isEmpty() ? "" : new RequestsSvg(run, words).draw();
    }

    private double x(double seconds) {
        return LEFT + (seconds - from) / span * (WIDTH - LEFT - 8);
    }

    private String draw() {
        int middle = TOP + UP;
        svg.say(
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH,
                middle + DOWN + 24,
                Html.escape(words.get(
                        "page.requests.label",
                        String.valueOf(run.tally().requests()),
                        String.valueOf(run.tally().failed()))));
        int columns = Math.min(COLUMNS_MAX, span);
        double[] good = new double[columns];
        double[] failed = new double[columns];
        double each = (double) span / columns;
        for (Course.Second second : run.course().seconds()) {
            int column = Math.clamp((int) ((second.second() - from) / each), 0, columns - 1);
            good[column] += second.good() / each;
            failed[column] += second.failed() / each;
        }
        double most = 1;
        for (int i = 0; i < columns; i++) {
            most = Math.max(most, Math.max(good[i], failed[i] * UP / DOWN));
        }
        double width = (double) (WIDTH - LEFT - 8) / columns;
        for (int i = 0; i < columns; i++) {
            bar("good", LEFT + i * width, width, middle - good[i] / most * UP, good[i] / most * UP);
            bar("failed", LEFT + i * width, width, middle, failed[i] / most * UP);
        }
        svg.say("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, middle, WIDTH - 8, middle);
        svg.say(
                "<text class=\"scale\" x=\"%d\" y=\"%d\">%s</text><text class=\"scale\" x=\"%d\" y=\"%d\">0</text>",
                LEFT - 6,
                TOP + 10,
                Html.escape(words.get("page.rate", String.valueOf(Math.round(most)))),
                LEFT - 6,
                middle + 4);
        time(middle + DOWN + 18);
        marks(middle + DOWN);
        return svg.say("</svg>").toString();
    }

    private void bar(String kind, double left, double width, double top, double height) {
        if (height > 0) {
            svg.say(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>",
                    kind, left, top, Math.max(0.8, width - 0.4), height);
        }
    }

    private void time(int y) {
        int step = 10;
        while (span / step > 12) {
            step *= step % 3 == 0 ? 2 : 3;
        }
        for (int at = Math.ceilDiv(from, step) * step; at <= from + span; at += step) {
            svg.say(
                    "<text class=\"time\" x=\"%.1f\" y=\"%d\">%s</text>",
                    x(at), y, Html.escape(words.get("page.second", String.valueOf(at))));
        }
    }

    private void marks(int bottom) {
        for (Mark mark : all()) {
            double x = x(mark.at().toMillis() / 1000.0);
            svg.say("<line class=\"fault\" x1=\"%.1f\" y1=\"16\" x2=\"%.1f\" y2=\"%d\"/>", x, x, bottom);
            svg.say(
                    "<g class=\"mark\"><circle cx=\"%.1f\" cy=\"9\" r=\"8\"/><text x=\"%.1f\" y=\"12\">%s</text>"
                            + "<title>%s</title></g>",
                    x, x, mark.sign(), Html.escape(mark.text()));
        }
    }

    private List<Mark> all() {
        Duration zero = run.began().orElse(Duration.ZERO);
        List<Mark> marks = new ArrayList<>();
        int number = 0;
        for (Happening happening : run.happenings()) {
            Duration at = happening.at().minus(zero);
            switch (happening) {
                case Happening.Broken broken ->
                    marks.add(new Mark(
                            at,
                            String.valueOf(++number),
                            words.happening(broken, zero).strip()));
                case Happening.Healing healing ->
                    marks.add(new Mark(at, "✚", words.happening(healing, zero).strip()));
                case Happening.LabStep _,
                        Happening.Steady _,
                        Happening.Ran _,
                        Happening.Came _,
                        Happening.Watching _,
                        Happening.Lost _,
                        Happening.Regained _,
                        Happening.Recovered _ -> {}
            }
        }
        return marks;
    }
}
