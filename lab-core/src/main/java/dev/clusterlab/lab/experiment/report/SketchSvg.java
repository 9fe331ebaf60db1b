package dev.clusterlab.lab.experiment.report;

import dev.clusterlab.lab.Html;
import dev.clusterlab.lab.experiment.run.Sketch;
import dev.clusterlab.lab.words.ExperimentWords;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.NodeRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A sketch of a cluster as one inline SVG: a box for each machine, what runs on it by service. Colours come from the page. */
final class SketchSvg {
    /** Of a large cluster those with something to see are drawn first, and what is left is counted. */
    static final int MACHINES_MAX = 24;

    private static final int COLUMNS = 2;
    private static final int WIDTH = 150;
    private static final int GAP = 10;
    private static final int HEAD = 44;
    private static final int LINE = 18;
    private static final int SERVICES_MAX = 6;
    private static final int LETTERS_MAX = 17;

    private SketchSvg() {}

    static String of(Sketch sketch, String title, ExperimentWords words) {
        List<Sketch.Box> shown = shown(sketch.machines());
        int lines = shown.stream().mapToInt(SketchSvg::lines).max().orElse(1);
        int height = HEAD + LINE * lines;
        int columns = Math.max(1, Math.min(COLUMNS, shown.size()));
        int rows = (shown.size() + columns - 1) / columns;
        int left = sketch.machines().size() - shown.size();
        var svg = new Html();
        svg.say(
                "<svg class=\"sketch\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                COLUMNS * (WIDTH + GAP) - GAP,
                Math.max(1, rows) * (height + GAP) + (left > 0 ? LINE : 0),
                Html.escape(title));
        for (int i = 0; i < shown.size(); i++) {
            box(svg, shown.get(i), i % columns * (WIDTH + GAP), i / columns * (height + GAP), height, words);
        }
        if (left > 0) {
            svg.say(
                    "<text class=\"more\" x=\"0\" y=\"%d\">%s</text>",
                    rows * (height + GAP) + LINE - 5, Html.escape(words.get("page.sketch.more", String.valueOf(left))));
        }
        return svg.say("</svg>").toString();
    }

    private static List<Sketch.Box> shown(List<Sketch.Box> machines) {
        if (machines.size() <= MACHINES_MAX) {
            return machines;
        }
        List<Sketch.Box> first = new ArrayList<>(machines.stream()
                .filter(SketchSvg::conspicuous)
                .limit(MACHINES_MAX)
                .toList());
        machines.stream()
                .filter(machine -> !conspicuous(machine))
                .limit(MACHINES_MAX - first.size())
                .forEach(first::add);
        return first;
    }

    private static boolean conspicuous(Sketch.Box box) {
        return box.state() != Machine.State.RUNNING || box.lost() > 0 || box.leader();
    }

    private static int lines(Sketch.Box box) {
        return Math.max(1, Math.min(SERVICES_MAX, box.running().size()) + (box.lost() > 0 ? 1 : 0));
    }

    private static void box(Html svg, Sketch.Box box, int x, int y, int height, ExperimentWords words) {
        boolean well = box.state() == Machine.State.RUNNING;
        svg.say(
                "<rect class=\"box%s\" x=\"%d.5\" y=\"%d.5\" width=\"%d\" height=\"%d\" rx=\"6\"/>",
                well ? "" : " off", x, y, WIDTH - 1, height - 1);
        svg.say(
                "<text class=\"name\" x=\"%d\" y=\"%d\">%s%s</text>",
                x + 8, y + 18, box.leader() ? "★ " : "", Html.escape(cut(box.name())));
        String below = well
                ? box.role()
                        .map(role -> words.get(role == NodeRole.MANAGER ? "page.manager" : "page.worker"))
                        .orElse("")
                : words.get("page.machine."
                        + (box.cutOff() ? "CUT_OFF" : box.state().name()));
        svg.say(
                "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>",
                well ? "role" : "role bad", x + 8, y + 34, Html.escape(below));
        int at = y + HEAD + 8;
        int left = SERVICES_MAX;
        for (Map.Entry<String, Integer> service : box.running().entrySet()) {
            if (--left < 0) {
                break;
            }
            svg.say(
                    "<text class=\"task\" x=\"%d\" y=\"%d\">%s%s</text>",
                    x + 8,
                    at,
                    Html.escape(cut(service.getKey())),
                    service.getValue() == 1 ? "" : " × " + service.getValue());
            at += LINE;
        }
        if (box.lost() > 0) {
            svg.say(
                    "<text class=\"task lost\" x=\"%d\" y=\"%d\">%s</text>",
                    x + 8, at, Html.escape(words.get("page.sketch.lost", box.lost())));
        }
    }

    private static String cut(String name) {
        return name.length() <= LETTERS_MAX ? name : name.substring(0, LETTERS_MAX - 1) + "…";
    }
}
