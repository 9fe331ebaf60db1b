package dev.clusterlab.lab.words;

import java.util.List;
import java.util.Locale;
import java.util.MissingResourceException;

/** What exported files say to people. Immutable. */
public final class ExportWords {
    private final Bundle bundle;

    private ExportWords(Locale locale) {
        this.bundle = new Bundle("export", locale);
    }

    /** In {@code locale}, in English where that language has none. */
    public static ExportWords of(Locale locale) {
        return new ExportWords(locale);
    }

    /**
     * A text by its key in {@code export.properties}.
     *
     * @throws MissingResourceException if there is no such text, which is a mistake of ours
     */
    public String get(String key, Object... arguments) {
        return bundle.say(key, arguments);
    }

    /** What a file, or a folder if its name ends with a slash, is for. */
    public String purpose(String file) {
        String key = "file." + file;
        // What is left are those of several Traefiks.
        return bundle.say(bundle.has(key) ? key : "file.traefik.toml");
    }

    /** What is left out, as a sentence. */
    public String omission(String what, List<String> about) {
        return bundle.say("omission." + what, about.toArray());
    }
}
