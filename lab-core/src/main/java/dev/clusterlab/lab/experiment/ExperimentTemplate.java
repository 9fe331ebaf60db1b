package dev.clusterlab.lab.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** An experiment to begin with, which runs as it is; its comments say what each key means. */
public final class ExperimentTemplate {
    private ExperimentTemplate() {}

    /** In French or English. */
    public static String in(Locale locale) {
        String name = locale.getLanguage().equals("fr") ? "template_fr.yaml" : "template.yaml";
        try (InputStream stream = ExperimentTemplate.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the program was built without " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
