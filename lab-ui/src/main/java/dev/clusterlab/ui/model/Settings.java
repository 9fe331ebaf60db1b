package dev.clusterlab.ui.model;

import java.util.Locale;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;

/** How the person likes the window. */
public final class Settings {
    private static final int SMALLEST = -2;
    private static final int LARGEST = 8;

    private final BooleanProperty dark = new SimpleBooleanProperty(true);
    private final ObjectProperty<Locale> language = new SimpleObjectProperty<>(Locale.ENGLISH);
    private final IntegerProperty textSize = new SimpleIntegerProperty(0);
    private final BooleanProperty presentation = new SimpleBooleanProperty();
    private final BooleanProperty newcomer = new SimpleBooleanProperty();
    private final BooleanProperty motion = new SimpleBooleanProperty(true);

    public BooleanProperty dark() {
        return dark;
    }

    public ObjectProperty<Locale> language() {
        return language;
    }

    /** Steps away from the usual size. */
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

    public void larger() {
        textSize.set(Math.min(LARGEST, textSize.get() + 1));
    }

    public void smaller() {
        textSize.set(Math.max(SMALLEST, textSize.get() - 1));
    }

    /** Size of ordinary text in pixels. */
    public double fontPixels() {
        return 13.5 * Math.pow(1.09, textSize.get() + (presentation.get() ? 3 : 0));
    }

    public void otherLanguage() {
        language.set(language.get().getLanguage().equals("fr") ? Locale.ENGLISH : Locale.FRENCH);
    }
}
