package dev.clusterlab.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.layout.Background;
import javafx.scene.layout.BackgroundFill;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.LinearGradient;
import javafx.scene.paint.Paint;
import javafx.scene.paint.RadialGradient;
import javafx.scene.paint.Stop;
import javafx.scene.text.Text;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * Words in a window that stand out too little from what is painted below them, by the measure of WCAG 2.2. What is disabled is
 * not measured, nor what has neither letter nor figure.
 */
final class ContrastFaults {
    private final double leastOfWords;
    private final double leastOfSigns;
    private final List<String> found = new ArrayList<>();
    private int measured;

    private ContrastFaults(double leastOfWords, double leastOfSigns) {
        this.leastOfWords = leastOfWords;
        this.leastOfSigns = leastOfSigns;
    }

    /** What was found, and of how many words and signs. */
    record Measured(List<String> faults, int count) {}

    /** On the toolkit's thread. What has changed since the last pulse is given its colours first, as it would be before it is painted. */
    static Measured of(Parent root, double leastOfWords, double leastOfSigns) {
        root.applyCss();
        root.layout();
        ContrastFaults faults = new ContrastFaults(leastOfWords, leastOfSigns);
        faults.walk(root, List.of(Color.BLACK), 1);
        return new Measured(faults.found, faults.measured);
    }

    /** @param below what may be painted below: more than one colour where that is a pattern */
    private void walk(Node node, List<Color> below, double opacity) {
        if (!node.isVisible() || node.getOpacity() == 0 || node.isDisabled()) {
            return;
        }
        double through = opacity * node.getOpacity();
        if (node instanceof Text text) {
            measure(text, below, through);
            return;
        }
        List<Color> here = below;
        if (node instanceof Region region && region.getBackground() != null) {
            here = painted(region.getBackground(), below, through);
        }
        if (node instanceof Parent parent) {
            for (Node child : parent.getChildrenUnmodifiable()) {
                walk(child, here, through);
            }
        }
    }

    private static List<Color> painted(Background background, List<Color> below, double opacity) {
        List<Color> colours = below;
        for (BackgroundFill fill : background.getFills()) {
            colours = over(fill.getFill(), colours, opacity);
        }
        return colours;
    }

    private static List<Color> over(Paint paint, List<Color> below, double opacity) {
        return colours(paint)
                .flatMap(colour -> below.stream().map(under -> blend(colour, under, opacity)))
                .distinct()
                .toList();
    }

    private static Stream<Color> colours(Paint paint) {
        return switch (paint) {
            case Color colour -> Stream.of(colour);
            case LinearGradient gradient -> gradient.getStops().stream().map(Stop::getColor);
            case RadialGradient gradient -> gradient.getStops().stream().map(Stop::getColor);
            default -> Stream.empty();
        };
    }

    private static Color blend(Color over, Color under, double opacity) {
        double share = over.getOpacity() * opacity;
        return under.interpolate(new Color(over.getRed(), over.getGreen(), over.getBlue(), 1), share);
    }

    private void measure(Text text, List<Color> below, double opacity) {
        boolean sign = text instanceof FontIcon;
        if (!sign && text.getText().codePoints().noneMatch(Character::isLetterOrDigit)) {
            return;
        }
        measured++;
        double least = sign ? leastOfSigns : leastOfWords;
        for (Color under : below) {
            for (Color colour : over(text.getFill(), List.of(under), opacity)) {
                double ratio = ratio(colour, under);
                if (ratio < least) {
                    found.add(String.format(
                                    Locale.ROOT,
                                    "%.2f : 1, %s on %s, of %s",
                                    ratio,
                                    hex(colour),
                                    hex(under),
                                    sign ? ((FontIcon) text).getIconCode() : "“" + text.getText() + "”")
                            + " in " + place(text));
                }
            }
        }
    }

    private static String place(Node node) {
        StringBuilder place = new StringBuilder();
        int steps = 0;
        for (Node at = node; at != null && steps < 5; at = at.getParent()) {
            place.append(' ').append(String.join(".", at.getStyleClass()));
            steps++;
        }
        return place.toString().strip();
    }

    static String hex(Color colour) {
        return String.format(
                "#%02x%02x%02x",
                Math.round(255 * colour.getRed()),
                Math.round(255 * colour.getGreen()),
                Math.round(255 * colour.getBlue()));
    }

    /** Contrast of two opaque colours: 1 of equal ones, 21 of black and white. */
    static double ratio(Color one, Color other) {
        double bright = Math.max(luminance(one), luminance(other));
        double dark = Math.min(luminance(one), luminance(other));
        return (bright + 0.05) / (dark + 0.05);
    }

    private static double luminance(Color colour) {
        return 0.2126 * linear(colour.getRed())
                + 0.7152 * linear(colour.getGreen())
                + 0.0722 * linear(colour.getBlue());
    }

    private static double linear(double channel) {
        return channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
    }
}
