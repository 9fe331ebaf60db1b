package dev.clusterlab.lab.words;

import java.util.Locale;
import java.util.MissingResourceException;

/** What a lab on paper says besides the lab itself. Immutable. */
public final class HandoutWords {
    private final Bundle bundle;

    private HandoutWords(Locale locale) {
        this.bundle = new Bundle("handout", locale);
    }

    /** In {@code locale}, in English where that language has none. */
    public static HandoutWords of(Locale locale) {
        return new HandoutWords(locale);
    }

    /**
     * A text by its key in {@code handout.properties}.
     *
     * @throws MissingResourceException if there is no such text, which is a mistake of ours
     */
    public String get(String key, Object... arguments) {
        return bundle.say(key, arguments);
    }
}
