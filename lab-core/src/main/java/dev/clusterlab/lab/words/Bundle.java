package dev.clusterlab.lab.words;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** Texts of one file in one language, by key. Immutable. */
final class Bundle {
    private final Locale locale;
    private final ResourceBundle texts;

    /**
     * In {@code locale}, in English where that language has none.
     *
     * @param name of the file beside this class, without its ending
     */
    Bundle(String name, Locale locale) {
        this.locale = locale;
        this.texts = ResourceBundle.getBundle(
                Bundle.class.getPackageName() + "." + name,
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    boolean has(String key) {
        return texts.containsKey(key);
    }

    /** As it stands there, without arguments. */
    String raw(String key) {
        return texts.getString(key);
    }

    /** @throws MissingResourceException if there is no such text, which is a mistake of ours */
    String say(String key, Object... arguments) {
        return new MessageFormat(texts.getString(key), locale).format(arguments);
    }
}
