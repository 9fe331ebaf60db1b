package dev.clusterlab.ui;

import dev.clusterlab.ui.model.Settings;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/** Keeps how the person likes the window. A file that cannot be read or written is no reason to stop. */
final class SettingsFile {
    private static final System.Logger LOG = System.getLogger(SettingsFile.class.getName());

    private final Path file;
    private final Locale system;

    /** {@code system}: language of the person's computer, where none was chosen. */
    SettingsFile(Path file, Locale system) {
        this.file = file;
        this.system = system;
    }

    Settings read() {
        Properties kept = new Properties();
        if (Files.isReadable(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                kept.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                LOG.log(System.Logger.Level.WARNING, "settings ignored: {0}", e.getMessage());
            }
        }
        Settings settings = new Settings();
        settings.newcomer().set(!Files.exists(file));
        settings.motion().set(!"still".equals(kept.getProperty("motion")));
        settings.dark().set(!"light".equals(kept.getProperty("theme")));
        String language = kept.getProperty("language", system.getLanguage());
        settings.language().set(language.equals("fr") ? Locale.FRENCH : Locale.ENGLISH);
        int steps = number(kept.getProperty("text", "0"));
        for (int i = 0; i < Math.abs(steps); i++) {
            if (steps > 0) {
                settings.larger();
            } else {
                settings.smaller();
            }
        }
        return settings;
    }

    private static int number(String text) {
        return text.matches("-?\\d{1,2}") ? Integer.parseInt(text) : 0;
    }

    void write(Settings settings) {
        Properties kept = new Properties();
        kept.setProperty("theme", settings.dark().get() ? "dark" : "light");
        kept.setProperty("motion", settings.motion().get() ? "moving" : "still");
        kept.setProperty("language", settings.language().get().getLanguage());
        kept.setProperty("text", String.valueOf(settings.textSize().get()));
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (Writer writer = Files.newBufferedWriter(file)) {
                kept.store(writer, "Cluster Lab");
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "settings not kept: {0}", e.getMessage());
        }
    }
}
