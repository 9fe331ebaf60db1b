package dev.clusterlab.lab.experiment;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A text in one language or several.
 *
 * @param byLanguage code such as {@code fr} → text; at least one
 */
public record Texts(Map<String, String> byLanguage) {
    public Texts {
        byLanguage = Collections.unmodifiableMap(new TreeMap<>(byLanguage));
    }

    /** In English only. */
    public static Texts english(String text) {
        return new Texts(Map.of("en", text));
    }

    /** In the language of {@code locale}, else in English, else in the first there is. */
    public String in(Locale locale) {
        String wanted = byLanguage.get(locale.getLanguage());
        if (wanted != null) {
            return wanted;
        }
        return byLanguage.getOrDefault("en", byLanguage.values().iterator().next());
    }
}
