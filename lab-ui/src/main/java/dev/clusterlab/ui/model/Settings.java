package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.kept.WindowPlace;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;

/** How the person likes the window. */
public final class Settings {
    /** What the text sizes are of the usual one, in percent. */
    public static final List<Integer> TEXT_PERCENT = List.of(100, 115, 130);

    private static final double USUAL_PIXELS = 13;
    private static final double PRESENTATION = 1.3;

    /** What a computer can wish for its person, until that person chooses. */
    public enum Choice {
        THEME,
        CONTRAST,
        MOTION
    }

    private final BooleanProperty dark = new SimpleBooleanProperty(true);
    private final BooleanProperty contrast = new SimpleBooleanProperty();
    private final ObjectProperty<Locale> language = new SimpleObjectProperty<>(Locale.ENGLISH);
    private final IntegerProperty textSize = new SimpleIntegerProperty(0);
    private final BooleanProperty presentation = new SimpleBooleanProperty();
    private final BooleanProperty newcomer = new SimpleBooleanProperty();
    private final BooleanProperty motion = new SimpleBooleanProperty(true);
    private final BooleanProperty guideFolded = new SimpleBooleanProperty();
    private final BooleanProperty inspectorFolded = new SimpleBooleanProperty();
    private final DoubleProperty guidePart = new SimpleDoubleProperty();
    private final DoubleProperty belowPart = new SimpleDoubleProperty();
    private final SortedMap<String, WindowPlace> places = new TreeMap<>();
    private final Set<Choice> chosen = EnumSet.noneOf(Choice.class);
    private boolean following;

    public Settings() {
        choosing(dark, Choice.THEME);
        choosing(contrast, Choice.CONTRAST);
        choosing(motion, Choice.MOTION);
    }

    private void choosing(BooleanProperty property, Choice choice) {
        property.addListener((of, was, is) -> {
            if (!following) {
                chosen.add(choice);
            }
        });
    }

    /** Takes what the computer wishes wherever the person has chosen nothing. */
    public void follow(SystemWishes wishes) {
        following = true;
        if (!chosen.contains(Choice.MOTION)) {
            motion.set(!wishes.still());
        }
        if (!chosen.contains(Choice.CONTRAST)) {
            contrast.set(wishes.contrast());
            if (wishes.contrast() && !chosen.contains(Choice.THEME)) {
                dark.set(wishes.dark());
            }
        }
        following = false;
    }

    /** What the person has chosen, now or earlier; it holds whatever the computer wishes. */
    public Set<Choice> chosen() {
        return chosen;
    }

    public BooleanProperty dark() {
        return dark;
    }

    /** Whether words are as dark, or as bright, as they can be, and borders twice as wide. */
    public BooleanProperty contrast() {
        return contrast;
    }

    public ObjectProperty<Locale> language() {
        return language;
    }

    /** Which of the text sizes, from 0. */
    public IntegerProperty textSize() {
        return textSize;
    }

    /** For a projector: larger text, more room for the cluster. */
    public BooleanProperty presentation() {
        return presentation;
    }

    /** Whether the person has never had the window before. */
    public BooleanProperty newcomer() {
        return newcomer;
    }

    /** Whether things move: traffic flows, chips fade in. */
    public BooleanProperty motion() {
        return motion;
    }

    /** Whether the guide is a rail at the edge of the window. */
    public BooleanProperty guideFolded() {
        return guideFolded;
    }

    /** What part of the window the person gave to the guide, 0 if none was given and it goes with the window. */
    public DoubleProperty guidePart() {
        return guidePart;
    }

    /** What part of the height the person gave to what is below the cluster, 0 if none. */
    public DoubleProperty belowPart() {
        return belowPart;
    }

    /** Whether the inspector is away also where there is room for it all the time. */
    public BooleanProperty inspectorFolded() {
        return inspectorFolded;
    }

    /** Where the window was, by the arrangement of screens that it was on. */
    public SortedMap<String, WindowPlace> places() {
        return places;
    }

    public void larger() {
        size(textSize.get() + 1);
    }

    public void smaller() {
        size(textSize.get() - 1);
    }

    /** The next larger text, and after the largest the usual one. */
    public void nextSize() {
        textSize.set((textSize.get() + 1) % TEXT_PERCENT.size());
    }

    /** One of the text sizes, or the nearest that there is. */
    public void size(int index) {
        textSize.set(Math.clamp(index, 0, TEXT_PERCENT.size() - 1));
    }

    /** How much larger than usual text is. */
    public double textScale() {
        return TEXT_PERCENT.get(textSize.get()) / 100.0 * (presentation.get() ? PRESENTATION : 1);
    }

    /** Size of ordinary text in pixels. */
    public double fontPixels() {
        return USUAL_PIXELS * textScale();
    }

    public void otherLanguage() {
        language.set(language.get().getLanguage().equals("fr") ? Locale.ENGLISH : Locale.FRENCH);
    }
}
