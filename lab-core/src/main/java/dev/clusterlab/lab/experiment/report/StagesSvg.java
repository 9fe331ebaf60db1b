package dev.clusterlab.lab.experiment.report;

import dev.clusterlab.lab.Html;
import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.Stage;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a cluster recovered from one fault as one inline SVG: every stage a point on one axis of seconds since the fault, with a bar for
 * what was waited for; what was not reached says why. Colours come from the page.
 */
final class StagesSvg {
    private static final int WIDTH = 960;
    private static final int NAMES = 250;
    private static final int FIGURES = 190;
    private static final int ROW = 24;
    private static final int TICKS_MAX = 8;

    private final Anatomy anatomy;
    private final AnatomyWords words;
    private final Html svg = new Html();
    private final double span;

    private StagesSvg(Anatomy anatomy, AnatomyWords words) {
        this.anatomy = anatomy;
        this.words = words;
        this.span = Math.max(
                1,
                anatomy.points().stream()
                                .flatMap(point -> anatomy.after(point).stream())
                                .max(Comparator.naturalOrder())
                                .orElse(Duration.ZERO)
                                .toMillis()
                        / 1000.0);
    }

    static String of(Anatomy anatomy, AnatomyWords words) {
        return new StagesSvg(anatomy, words).draw();
    }

    private double x(double seconds) {
        return NAMES + Math.clamp(seconds / span, 0, 1) * (WIDTH - NAMES - FIGURES);
    }

    private String draw() {
        List<StagePoint> points = anatomy.byLane();
        long lanes = points.stream().map(words::lane).distinct().count();
        int height = (int) (ROW * (points.size() + lanes + 1));
        svg.say(
                "<svg class=\"chart stages\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH, height, Html.escape(words.title(anatomy)));
        axis(height);
        int y = ROW;
        String lane = "";
        for (StagePoint point : points) {
            String now = words.lane(point);
            if (!now.equals(lane)) {
                svg.say("<text class=\"lane\" x=\"0\" y=\"%d\">%s</text>", y + 16, Html.escape(now));
                lane = now;
                y += ROW;
            }
            row(point, y);
            y += ROW;
        }
        return svg.say("</svg>").toString();
    }

    private void axis(int height) {
        double step = 1;
        for (double candidate : new double[] {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800}) {
            step = candidate;
            if (span / candidate <= TICKS_MAX) {
                break;
            }
        }
        for (double at = 0; at <= span; at += step) {
            svg.say(
                    "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>"
                            + "<text class=\"time\" x=\"%.1f\" y=\"14\">%s</text>",
                    x(at),
                    ROW,
                    x(at),
                    height,
                    x(at),
                    Html.escape(words.tick(Duration.ofMillis(Math.round(at * 1000)))));
        }
    }

    private void row(StagePoint point, int y) {
        svg.say("<text class=\"stage\" x=\"14\" y=\"%d\">%s</text>", y + 16, Html.escape(words.stage(point.stage())));
        Optional<Duration> after = anatomy.after(point);
        if (after.isEmpty()) {
            svg.say(
                    "<text class=\"why\" x=\"%d\" y=\"%d\">%s</text>",
                    NAMES, y + 16, Html.escape(words.state(anatomy, point)));
            return;
        }
        double to = x(after.get().toMillis() / 1000.0);
        double from = anatomy.step(point)
                .map(step -> x((after.get().toMillis() - Math.max(0, step.toMillis())) / 1000.0))
                .orElse(to);
        boolean errors = point.stage() == Stage.ERRORS_OVER;
        if (errors) {
            from = anatomy.failures().stream()
                    .map(failure -> failure.request().ended().minus(anatomy.injected()))
                    .min(Comparator.naturalOrder())
                    .map(first -> x(first.toMillis() / 1000.0))
                    .orElse(to);
        }
        String kind = errors
                ? "errors"
                : switch (point.stage()) {
                    case SWARM_NOTICES, CONSUL_NOTICES, FORGOTTEN -> "unnoticed";
                    case INJECTED,
                            SWARM_LEADS_AGAIN,
                            GIVEN_UP,
                            SCHEDULED,
                            STARTED,
                            CONSUL_LEADS_AGAIN,
                            REGISTERED,
                            PASSING,
                            ROUTED,
                            FIRST_GOOD_ANSWER,
                            ERRORS_OVER -> "acting";
                };
        if (to - from >= 1) {
            svg.say(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"10\" rx=\"3\"/>",
                    kind, from, y + 7, to - from);
        }
        svg.say("<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"5\"/>", errors ? "last" : "reached", to, y + 12);
        svg.say(
                "<text class=\"after\" x=\"%d\" y=\"%d\">%s</text>",
                WIDTH - 90, y + 16, Html.escape(words.state(anatomy, point)));
        String failed = words.failed(point);
        if (!failed.isEmpty()) {
            svg.say("<text class=\"lost\" x=\"%d\" y=\"%d\">%s</text>", WIDTH, y + 16, Html.escape(failed));
        }
    }
}
