package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.model.ServicePalette;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Role;
import dev.clusterlab.ui.model.Topology.Tally;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
import org.jspecify.annotations.Nullable;

/**
 * What is written on machines that are drawn too small for chips: the name, and of each service how many are there, what is in
 * trouble first. One drawing for all machines, in pixels, so that its letters have the size in which they are read best.
 */
final class Overview {
    private static final double SIZE_MIN = 9;
    private static final double SIZE_MAX = 15;
    private static final double GAP = 2;
    private static final double EDGE_MIN = 3;
    private static final double EDGE_MAX = 7;
    private static final double ROUND = 4;
    /** How wide a letter is, of its height; more than it is. */
    private static final double LETTER = 0.6;

    private static final double SQUEEZE = 0.7;

    /** Of no service alone. */
    private static final ServicePalette.Mark ALL = new ServicePalette.Mark(0, "");

    private final Canvas canvas = new Canvas();
    private final Pane probes;
    private final Map<String, HBox> dressed = new HashMap<>();
    private @Nullable Written written;

    private record Written(Topology picture, double scale, Hand hand) {}

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

    /** What is said of each service: as much as has room in every box. */
    private enum Say {
        SIGN_AND_COUNT,
        COUNT,
        NOTHING
    }

    /** How all boxes are written: alike, as large as letters are read best, with names and services where there is room. */
    private record Hand(double size, double width, double height, double edge, boolean named, Say say) {
        static Hand of(List<Box> boxes, double width, double height) {
            int longest =
                    boxes.stream().mapToInt(box -> box.name().length()).max().orElse(0);
            double size = Math.clamp(width / 6, SIZE_MIN, SIZE_MAX);
            double edge = Math.clamp(width / 20, EDGE_MIN, EDGE_MAX);
            // A name may be squeezed a little; where it would be a blot, its room is for the counts.
            boolean named = longest * size * LETTER * SQUEEZE <= width - 2 * edge
                    && height >= size + GAP + tall(size) + 2 * edge;
            for (Say say : List.of(Say.SIGN_AND_COUNT, Say.COUNT)) {
                var hand = new Hand(size, width, height, edge, named, say);
                // By services alone: a picture that is written otherwise because of one failure is not read.
                if (boxes.stream().allMatch(box -> hand.fits(whole(box.tally())))) {
                    return hand;
                }
            }
            return new Hand(size, width, height, edge, named, Say.NOTHING);
        }

        static double tall(double size) {
            return count(size) + 4;
        }

        /** Size of the letters of a count. */
        static double count(double size) {
            return Math.max(SIZE_MIN, size - 2);
        }

        double tall() {
            return tall(size);
        }

        /** Of a tile with so many letters. */
        double wide(String words) {
            return Math.max(tall(), words.length() * count(size) * LETTER + 5);
        }

        /** A count says by a sign too what its colour says. */
        String words(Tally tally) {
            String service = say == Say.SIGN_AND_COUNT && !tally.mark().equals(ALL)
                    ? tally.mark().sign() + "×"
                    : "";
            return switch (tally.tone()) {
                case BAD -> "!" + service + tally.count();
                case WAITING -> "…" + service + tally.count();
                case GOOD, NEUTRAL -> service + tally.count();
            };
        }

        private static List<Tally> whole(List<Tally> tallies) {
            Map<ServicePalette.Mark, Tally> sums = new LinkedHashMap<>();
            for (Tally tally : tallies) {
                sums.merge(
                        tally.mark(),
                        new Tally(tally.mark(), Tone.GOOD, tally.count()),
                        (one, other) -> new Tally(one.mark(), Tone.GOOD, one.count() + other.count()));
            }
            return List.copyOf(sums.values());
        }

        boolean fits(List<Tally> tallies) {
            double rows = Math.floor((height - 2 * edge - (named ? size + GAP : 0) + GAP) / (tall() + GAP));
            double used = 0;
            int row = 1;
            for (Tally tally : tallies) {
                double wide = wide(words(tally));
                if (used > 0 && used + wide > width - 2 * edge) {
                    row++;
                    used = 0;
                }
                used += wide + GAP;
            }
            return row <= Math.max(1, rows);
        }
    }

    /**
     * Draws what is seen.
     *
     * @param picture all of it, for all its machines are written alike
     * @param at how it is looked at
     */
    void draw(Topology picture, List<Box> seen, MachineLayer.View at) {
        canvas.setVisible(true);
        canvas.setWidth(at.width());
        canvas.setHeight(at.height());
        GraphicsContext pen = canvas.getGraphicsContext2D();
        pen.clearRect(0, 0, at.width(), at.height());
        pen.setTextBaseline(VPos.CENTER);
        Hand hand = hand(picture, at.scale());
        for (Box box : seen) {
            draw(pen, box, hand, at.x() + box.x() * at.scale(), at.y() + box.y() * at.scale());
        }
    }

    /** As before while only the picture is moved. */
    private Hand hand(Topology picture, double scale) {
        Written before = written;
        if (before != null && before.picture() == picture && before.scale() == scale) {
            return before.hand();
        }
        double height = picture.boxes().stream().mapToDouble(Box::height).max().orElse(Topology.BOX_HEIGHT);
        Hand hand = Hand.of(picture.boxes(), picture.boxWidth() * scale, height * scale);
        written = new Written(picture, scale, hand);
        return hand;
    }

    private void draw(GraphicsContext pen, Box box, Hand hand, double x, double y) {
        Label name = name(box.condition().dead());
        double size = hand.size();
        double right = x + hand.width() - hand.edge();
        double bottom = y + hand.height() - hand.edge();
        double left = x + hand.edge();
        double top = y + hand.edge();
        pen.setFont(Font.font(name.getFont().getFamily(), size));
        pen.setFill(name.getTextFill());
        pen.setTextAlign(TextAlignment.LEFT);
        if (hand.named()) {
            pen.fillText(star(box) + box.name(), left, top + size / 2, right - left);
            top += size + GAP;
        } else if (box.role() == Role.LEADER) {
            pen.fillText("★", left, top + hand.tall() / 2);
            left += size + GAP;
        }
        if (box.condition().off()) {
            pen.setStroke(fill(part("chip", "tone-bad")));
            pen.setLineWidth(1.5);
            pen.strokeLine(x + hand.edge(), top, right, bottom);
            pen.strokeLine(x + hand.edge(), bottom, right, top);
        }
        boolean services = hand.say() != Say.NOTHING && hand.fits(box.tally());
        tallies(pen, services ? box.tally() : byTone(box.tally()), hand, left, top, right);
    }

    private static String star(Box box) {
        return box.role() == Role.LEADER ? "★ " : "";
    }

    /** Of all services together, where there is no room for each. */
    private static List<Tally> byTone(List<Tally> tallies) {
        Map<Tone, Tally> sums = new LinkedHashMap<>();
        for (Tally tally : tallies) {
            sums.merge(
                    tally.tone(),
                    new Tally(ALL, tally.tone(), tally.count()),
                    (one, other) -> new Tally(ALL, one.tone(), one.count() + other.count()));
        }
        return List.copyOf(sums.values());
    }

    private void tallies(GraphicsContext pen, List<Tally> tallies, Hand hand, double left, double top, double right) {
        double x = left;
        double y = top;
        pen.setFont(Font.font(pen.getFont().getFamily(), Hand.count(hand.size())));
        pen.setTextAlign(TextAlignment.CENTER);
        for (Tally tally : tallies) {
            String words = hand.words(tally);
            double wide = hand.wide(words);
            if (x + wide > right && x > left) {
                x = left;
                y += hand.tall() + GAP;
            }
            tile(pen, tally, words, x, y, Math.min(wide, right - x), hand.tall());
            x += wide + GAP;
        }
    }

    private void tile(GraphicsContext pen, Tally tally, String words, double x, double y, double wide, double tall) {
        boolean plain = tally.mark().equals(ALL) && tally.tone() != Tone.BAD;
        Label sign = part("chip", "service-" + Math.max(1, tally.mark().colour()), toneClass(tally.tone()));
        Paint fill = plain ? name(true).getTextFill() : fill(sign);
        if (plain || tally.tone() == Tone.WAITING) {
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
