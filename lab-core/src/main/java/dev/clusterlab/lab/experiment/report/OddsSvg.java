package dev.clusterlab.lab.experiment.report;

import dev.clusterlab.lab.Html;
import java.util.Arrays;

/** How a figure is spread over runs as one small inline SVG: a bar for each range of values, the median marked. */
final class OddsSvg {
    private static final int BARS = 24;
    private static final int WIDTH = 240;
    private static final int HEIGHT = 44;

    private OddsSvg() {}

    /**
     * The drawing.
     *
     * @param values at least one
     */
    static String of(double[] values, double median, String label) {
        double least = Arrays.stream(values).min().orElse(0);
        double most = Arrays.stream(values).max().orElse(0);
        double span = most > least ? most - least : 1;
        int[] counts = new int[BARS];
        for (double value : values) {
            counts[Math.min(BARS - 1, (int) ((value - least) / span * BARS))]++;
        }
        int highest = Arrays.stream(counts).max().orElse(1);
        var svg = new Html();
        svg.say(
                "<svg class=\"odds\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH, HEIGHT + 2, Html.escape(label));
        double each = (double) WIDTH / BARS;
        for (int i = 0; i < BARS; i++) {
            if (counts[i] > 0) {
                double height = Math.max(2, (double) counts[i] / highest * HEIGHT);
                svg.say(
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                        i * each, HEIGHT - height, each - 1, height);
            }
        }
        double x = (median - least) / span * WIDTH;
        svg.say("<line x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\"/>", x, x, HEIGHT + 2);
        return svg.say("</svg>").toString();
    }
}
