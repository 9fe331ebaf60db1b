package dev.clusterlab.lab.experiment;

import dev.clusterlab.lab.yaml.Section;
import dev.clusterlab.lab.yaml.YamlTree;
import dev.clusterlab.lab.yaml.YamlTree.Malformed;
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

    /** What stands behind a key: a text, or one for each language. */
    static Texts of(Section section, String key) throws Malformed {
        YamlTree tree = section.tree(key);
        if (!(tree instanceof YamlTree.Fields languages)) {
            return english(section.text(key));
        }
        var texts = new TreeMap<String, String>();
        for (var language : languages.fields().entrySet()) {
            if (!language.getKey().matches("[a-z]{2}")) {
                throw new Malformed(
                        language.getValue().key(),
                        "\"" + YamlTree.shown(language.getKey()) + "\" is no code of a language",
                        "two letters, such as en or fr");
            }
            texts.put(language.getKey(), Section.text(key, language.getValue().value()));
        }
        if (texts.isEmpty()) {
            throw new Malformed(tree.place(), "\"" + key + "\" has no text", "en: and a text");
        }
        return new Texts(texts);
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
