package dev.clusterlab.lab.experiment.report;

import dev.clusterlab.lab.Html;
import dev.clusterlab.lab.experiment.odds.Histogram;

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
        Histogram histogram = Histogram.of(values, BARS);
        var svg = new Html();
        svg.say(
                "<svg class=\"odds\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH, HEIGHT + 2, Html.escape(label));
        int bars = histogram.counts().size();
        double each = (double) WIDTH / bars;
        for (int i = 0; i < bars; i++) {
            if (histogram.counts().get(i) > 0) {
                double height = Math.max(2, (double) histogram.counts().get(i) / histogram.highest() * HEIGHT);
                svg.say(
                        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                        i * each, HEIGHT - height, each - 1, height);
            }
        }
        double x = histogram.place(median) * WIDTH;
        svg.say("<line x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\"/>", x, x, HEIGHT + 2);
        return svg.say("</svg>").toString();
    }
}
