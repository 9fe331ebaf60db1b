package dev.clusterlab.ui.place;

import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Settings.Choice;
import dev.clusterlab.ui.model.kept.KeptFile;
import dev.clusterlab.ui.model.kept.WindowPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** Keeps how the person likes the window. A file that cannot be read or written is no reason to stop. */
public final class SettingsFile {
    /** Before the arrangement of screens. */
    private static final String PLACE = "place.";

    /** Of what the computer may wish: kept only where the person has chosen. */
    private static final Map<Choice, String> NAMES =
            Map.of(Choice.THEME, "theme", Choice.CONTRAST, "contrast", Choice.MOTION, "motion");

    private final KeptFile file;
    private final Locale system;

    /** {@code system}: language of the person's computer, where none was chosen. */
    public SettingsFile(Path path, Locale system) {
        this.file = new KeptFile(path, "settings");
        this.system = system;
    }

    public Settings read() {
        Properties kept = file.read();
        Settings settings = new Settings();
        settings.newcomer().set(!Files.exists(file.path()));
        settings.motion().set(!"still".equals(kept.getProperty("motion")));
        settings.dark().set(!"light".equals(kept.getProperty("theme")));
        settings.contrast().set("high".equals(kept.getProperty("contrast")));
        NAMES.forEach((choice, name) -> {
            if (kept.containsKey(name)) {
                settings.chosen().add(choice);
            }
        });
        String language = kept.getProperty("language", system.getLanguage());
        settings.language().set(language.equals("fr") ? Locale.FRENCH : Locale.ENGLISH);
        settings.size(number(kept.getProperty("text", "0")));
        settings.guideFolded().set("folded".equals(kept.getProperty("guide")));
        settings.guidePart().set(number(kept.getProperty("guide.percent", "0")) / 100.0);
        settings.belowPart().set(number(kept.getProperty("below.percent", "0")) / 100.0);
        settings.inspectorFolded().set("folded".equals(kept.getProperty("inspector")));
        for (String name : kept.stringPropertyNames()) {
            if (name.startsWith(PLACE)) {
                WindowPlace.read(kept.getProperty(name))
                        .ifPresent(place -> settings.places().put(name.substring(PLACE.length()), place));
            }
        }
        return settings;
    }

    private static int number(String text) {
        return text.matches("-?\\d{1,2}") ? Integer.parseInt(text) : 0;
    }

    private static String percent(double part) {
        return String.valueOf(Math.round(100 * part));
    }

    public void write(Settings settings) {
        Properties kept = new Properties();
        kept.setProperty("theme", settings.dark().get() ? "dark" : "light");
        kept.setProperty("motion", settings.motion().get() ? "moving" : "still");
        kept.setProperty("contrast", settings.contrast().get() ? "high" : "usual");
        NAMES.forEach((choice, name) -> {
            if (!settings.chosen().contains(choice)) {
                kept.remove(name);
            }
        });
        kept.setProperty("language", settings.language().get().getLanguage());
        kept.setProperty("text", String.valueOf(settings.textSize().get()));
        kept.setProperty("guide", settings.guideFolded().get() ? "folded" : "open");
        kept.setProperty("guide.percent", percent(settings.guidePart().get()));
        kept.setProperty("below.percent", percent(settings.belowPart().get()));
        kept.setProperty("inspector", settings.inspectorFolded().get() ? "folded" : "open");
        settings.places().forEach((screens, place) -> kept.setProperty(PLACE + screens, place.written()));
        file.write(kept);
    }
}
