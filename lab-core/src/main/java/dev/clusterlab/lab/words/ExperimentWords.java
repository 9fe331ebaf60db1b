package dev.clusterlab.lab.words;

import java.util.Locale;
import java.util.MissingResourceException;

/** What a run of an experiment says besides the texts of its file. Immutable. */
public final class ExperimentWords {
    private final Bundle bundle;

    private ExperimentWords(Locale locale) {
        this.bundle = new Bundle("experiment", locale);
    }

    /** In the language of {@code locale}, in English where that language has no texts. */
    public static ExperimentWords of(Locale locale) {
        return new ExperimentWords(locale);
    }

    /**
     * A text by its key in {@code experiment.properties}.
     *
     * @throws MissingResourceException if there is no such text, which is a mistake of ours
     */
    public String get(String key, Object... arguments) {
        return bundle.say(key, arguments);
    }
}
