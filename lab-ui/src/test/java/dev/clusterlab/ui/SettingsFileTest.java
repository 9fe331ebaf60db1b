package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.model.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class SettingsFileTest {
    @TempDir
    Path folder;

    @Test
    void keepsHowThePersonLikesTheWindow() {
        var file = new SettingsFile(folder.resolve("deep/window.properties"), Locale.ENGLISH);
        Settings settings = file.read();
        settings.dark().set(false);
        settings.language().set(Locale.FRENCH);
        settings.larger();
        settings.larger();
        file.write(settings);
        Settings again = file.read();
        assertThat(again.dark().get()).isFalse();
        assertThat(again.language().get()).isEqualTo(Locale.FRENCH);
        assertThat(again.textSize().get()).isEqualTo(2);
    }

    @Test
    void takesTheLanguageOfTheComputerWhereNoneWasChosen() {
        assertThat(new SettingsFile(folder.resolve("none"), Locale.CANADA_FRENCH)
                        .read()
                        .language()
                        .get())
                .isEqualTo(Locale.FRENCH);
        assertThat(new SettingsFile(folder.resolve("none"), Locale.JAPAN)
                        .read()
                        .language()
                        .get())
                .isEqualTo(Locale.ENGLISH);
    }

    @Test
    void aDamagedFileIsNoReasonToStop() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged"), "text=lots\ntheme=\\u00zz\n");
        assertThat(new SettingsFile(damaged, Locale.ENGLISH).read().textSize().get())
                .isZero();
    }
}
