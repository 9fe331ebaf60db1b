package dev.clusterlab.ui.model;

import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.lab.words.ErrorWords;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.fault.ActiveFault;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.function.Supplier;

/** The words of the window in one language. */
public final class Texts {
    public static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.FRENCH);
    private static final String BUNDLE = "dev.clusterlab.ui.texts";

    private final Locale locale;
    private final ResourceBundle bundle;
    private final Sentences sentences;

    private Texts(Locale locale) {
        this.locale = locale;
        this.bundle = ResourceBundle.getBundle(
                BUNDLE, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
        this.sentences = Sentences.of(locale);
    }

    /** Texts in {@code locale}, in English where there are none. */
    public static Texts of(Locale locale) {
        return new Texts(locale);
    }

    public Locale locale() {
        return locale;
    }

    /** Sentences about the cluster, in the same language. */
    public Sentences sentences() {
        return sentences;
    }

    /** What became of faults, in the same language. */
    public AnatomyWords anatomies() {
        return AnatomyWords.of(locale);
    }

    /** Operating errors, in the same language. */
    public ErrorWords errors() {
        return ErrorWords.of(locale);
    }

    /**
     * The text of a key with its places filled in.
     *
     * @throws java.util.MissingResourceException if the key does not exist, which is a mistake of ours
     */
    public String get(String key, Object... arguments) {
        String pattern = bundle.getString(key);
        return arguments.length == 0 ? pattern : new MessageFormat(pattern, locale).format(arguments);
    }

    /** What kind a fault is, in few words. */
    public String fault(ActiveFault fault) {
        return get("fault." + (fault.cutOff() ? "CUT_OFF" : fault.kind().name()));
    }

    /** A text without arguments, or {@code otherwise} where there is none. */
    String getOr(String key, Supplier<String> otherwise) {
        return has(key) ? get(key) : otherwise.get();
    }

    public boolean has(String key) {
        return bundle.containsKey(key);
    }

    /** {@code mm:ss}, with hours in front from the first hour on. */
    public static String clock(Duration elapsed) {
        long seconds = elapsed.toSeconds();
        String minutesAndSeconds = String.format(Locale.ROOT, "%02d:%02d", seconds / 60 % 60, seconds % 60);
        return seconds < 3600 ? minutesAndSeconds : seconds / 3600 + ":" + minutesAndSeconds;
    }
}
