package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Role;
import dev.clusterlab.ui.model.Topology.Tally;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;

/**
 * What is written on machines that are drawn too small for chips: the name, and of each service how many are there, what is in
 * trouble first. One drawing for all machines, in pixels, so that its letters have the size in which they are read best.
 */
final class Overview {
    private static final double NAME_MIN = 10;
    private static final double NAME_MAX = 15;
    private static final double GAP = 2;
    private static final double EDGE = 4;
    private static final double ROUND = 4;
    /** How wide a letter is, of its height; more than it is. */
    private static final double LETTER = 0.62;

    private static final double SQUEEZE = 0.7;

    private final Canvas canvas = new Canvas();
    private final Pane probes;
    private final Map<String, HBox> dressed = new HashMap<>();

    /**
     * @param over lies over the machines, in pixels
     * @param probes nobody sees; the style sheet reaches it
     */
    Overview(Pane over, Pane probes) {
        this.probes = probes;
        canvas.setMouseTransparent(true);
        canvas.setManaged(false);
        over.getChildren().add(canvas);
    }

    void clear() {
        canvas.setVisible(false);
    }

    /**
     * Draws what is seen.
     *
     * @param longest letters of the longest name in the picture: all machines have their names, or none
     * @param at how the picture is looked at
     */
    void draw(List<Box> boxes, int longest, double boxWidth, MachineLayer.View at) {
        canvas.setVisible(true);
        canvas.setWidth(at.width());
        canvas.setHeight(at.height());
        GraphicsContext pen = canvas.getGraphicsContext2D();
        pen.clearRect(0, 0, at.width(), at.height());
        pen.setTextBaseline(VPos.CENTER);
        double width = boxWidth * at.scale();
        double size = Math.clamp(width / 6, NAME_MIN, NAME_MAX);
        for (Box box : boxes) {
            double height = box.height() * at.scale();
            // A name may be squeezed a little; where it would be a blot, its room is for the counts.
            boolean named = longest * size * LETTER * SQUEEZE <= width - 2 * EDGE
                    && height >= size + tall(size) + 2 * EDGE + GAP;
            draw(pen, box, named, size, at.x() + box.x() * at.scale(), at.y() + box.y() * at.scale(), width, height);
        }
    }

    private void draw(
            GraphicsContext pen, Box box, boolean named, double size, double x, double y, double width, double height) {
        Label name = name(box.condition().dead());
        pen.setFont(Font.font(name.getFont().getFamily(), size));
        pen.setFill(name.getTextFill());
        pen.setTextAlign(TextAlignment.LEFT);
        double left = x + EDGE;
        double top = y + EDGE;
        if (named) {
            pen.fillText(star(box) + box.name(), left, top + size / 2, width - 2 * EDGE);
            top += size + GAP;
        } else if (box.role() == Role.LEADER) {
            pen.fillText("★", left, top + tall(size) / 2);
            left += size + GAP;
        }
        if (box.condition().dead() && box.condition() != Topology.Condition.PAUSED) {
            pen.setStroke(fill(part("chip", "tone-bad")));
            pen.setLineWidth(1.5);
            pen.strokeLine(x + EDGE, top, x + width - EDGE, y + height - EDGE);
            pen.strokeLine(x + EDGE, y + height - EDGE, x + width - EDGE, top);
        }
        tallies(pen, box.tally(), left, top, x + width - EDGE, y + height - EDGE, size);
    }

    private static String star(Box box) {
        return box.role() == Role.LEADER ? "★ " : "";
    }

    private static double tall(double size) {
        return size + 3;
    }

    private void tallies(
            GraphicsContext pen,
            List<Tally> tallies,
            double left,
            double top,
            double right,
            double bottom,
            double size) {
        double tall = tall(size);
        double x = left;
        double y = top;
        pen.setFont(Font.font(pen.getFont().getFamily(), size - 1));
        pen.setTextAlign(TextAlignment.CENTER);
        for (Tally tally : tallies) {
            String words = words(tally);
            double wide = Math.max(tall, words.length() * size * LETTER + 6);
            if (x + wide > right && x > left) {
                x = left;
                y += tall + GAP;
            }
            if (y + tall > bottom + 1) {
                return;
            }
            tile(pen, tally, words, x, y, Math.min(wide, right - x), tall);
            x += wide + GAP;
        }
    }

    /** A count says by a sign too what its colour says. */
    private static String words(Tally tally) {
        return switch (tally.tone()) {
            case BAD -> "✕" + tally.count();
            case WAITING -> "…" + tally.count();
            case GOOD, NEUTRAL -> String.valueOf(tally.count());
        };
    }

    private void tile(GraphicsContext pen, Tally tally, String words, double x, double y, double wide, double tall) {
        Label sign = part("chip", "service-" + tally.mark().colour(), toneClass(tally.tone()));
        Paint fill = fill(sign);
        if (tally.tone() == Tone.WAITING) {
            pen.setStroke(fill);
            pen.setLineWidth(1);
            pen.strokeRoundRect(x + 0.5, y + 0.5, wide - 1, tall - 1, ROUND, ROUND);
            pen.setFill(name(false).getTextFill());
        } else {
            pen.setFill(fill);
            pen.fillRoundRect(x, y, wide, tall, ROUND, ROUND);
            pen.setFill(sign.getTextFill());
        }
        pen.fillText(words, x + wide / 2, y + tall / 2, wide - 2);
    }

    private static String toneClass(Tone tone) {
        return tone == Tone.BAD ? "tone-bad" : "tone-good";
    }

    private Label name(boolean dead) {
        return part(dead ? "machine-dead" : "machine-lives");
    }

    /** Colours and letters as the style sheet in force has them. */
    private Label part(String... classes) {
        HBox box = dressed.computeIfAbsent(String.join(" ", classes), key -> {
            Label label = new Label("0");
            label.getStyleClass().add(classes[0].equals("chip") ? "chip-sign" : "machine-name");
            HBox around = new HBox(label);
            around.getStyleClass().addAll(classes);
            probes.getChildren().add(around);
            around.applyCss();
            return around;
        });
        return (Label) box.getChildren().getFirst();
    }

    /** The style sheet has changed, or is to be looked at for the first time. */
    void dress() {
        probes.applyCss();
    }

    private static Paint fill(Label label) {
        return label.getBackground() == null || label.getBackground().getFills().isEmpty()
                ? Color.GRAY
                : label.getBackground().getFills().getFirst().getFill();
    }
}
