package dev.clusterlab.lab.words;

import java.util.Locale;
import java.util.MissingResourceException;

/** What the guide in a terminal says besides the lab's own texts. Immutable. */
public final class GuideWords {
    private final Bundle bundle;

    private GuideWords(Locale locale) {
        this.bundle = new Bundle("guide", locale);
    }

    /** In the language of {@code locale}, in English where that language has no texts. */
    public static GuideWords of(Locale locale) {
        return new GuideWords(locale);
    }

    /**
     * A text by its key in {@code guide.properties}.
     *
     * @throws MissingResourceException if there is no such text, which is a mistake of ours
     */
    public String get(String key, Object... arguments) {
        return bundle.say(key, arguments);
    }
}
