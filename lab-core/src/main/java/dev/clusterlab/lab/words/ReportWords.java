package dev.clusterlab.lab.words;

import java.util.Locale;
import java.util.MissingResourceException;

/** What the page about a run says besides sentences about the cluster, and how it writes figures. Immutable. */
public final class ReportWords {
    private final Locale locale;
    private final Bundle bundle;
    private final Sentences sentences;

    private ReportWords(Locale locale) {
        this.locale = locale;
        this.bundle = new Bundle("report", locale);
        this.sentences = Sentences.of(locale);
    }

    /** In the language of {@code locale}, in English where that language has no page. */
    public static ReportWords of(Locale locale) {
        return new ReportWords(Sentences.LANGUAGES.stream()
                .filter(language -> language.getLanguage().equals(locale.getLanguage()))
                .findFirst()
                .orElse(Locale.ENGLISH));
    }

    /** Sentences about the cluster in the same language. */
    public Sentences sentences() {
        return sentences;
    }

    /** The language as pages name it, such as {@code fr}. */
    public String tag() {
        return locale.toLanguageTag();
    }

    /**
     * A text by its key in {@code report.properties}. Numbers among the arguments are only chosen by; figures that are to be
     * read come as texts, such as those of {@link #decimal}.
     *
     * @throws MissingResourceException if there is no such text, which is a mistake of ours
     */
    public String get(String key, Object... arguments) {
        return bundle.say(key, arguments);
    }

    /** A number with so many digits after the decimal sign of the language, such as {@code 4,3}. */
    public String decimal(double value, int digits) {
        return String.format(locale, "%." + digits + "f", value);
    }

    /** A time, such as {@code 1.5 s}. */
    public String seconds(double seconds, int digits) {
        return get("seconds", decimal(seconds, digits));
    }
}
