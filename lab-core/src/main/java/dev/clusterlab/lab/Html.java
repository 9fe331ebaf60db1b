package dev.clusterlab.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What all pages that the program writes have in common: each stands alone, so its style is in it. Not thread-safe. */
public final class Html {
    private final StringBuilder text = new StringBuilder(32_768);

    /** A text as it stands in a page or an attribute. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A style that comes with the program, beside this class. */
    static String style(String name) {
        try (InputStream in = Html.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is in a page's own language already, with no line of its own. */
    public Html append(String raw) {
        text.append(raw);
        return this;
    }

    /** One more line, as {@link String#format}; with no values it is taken as it is. */
    public Html say(String format, Object... values) {
        text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                .append('\n');
        return this;
    }

    /**
     * Everything before the first heading, with the style of reports.
     *
     * @param language its tag, such as {@code fr}
     * @param title not escaped yet
     */
    public Html begin(String language, String title) {
        say("<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">", language);
        say("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
        say("<title>%s</title>", escape(title));
        return say("<style>\n" + style("report.css") + "</style></head><body>");
    }

    /** The whole text so far. */
    @Override
    public String toString() {
        return text.toString();
    }
}
