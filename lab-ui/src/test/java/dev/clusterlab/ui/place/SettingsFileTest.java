package dev.clusterlab.ui.place;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.WindowPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
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
        settings.guideFolded().set(true);
        settings.inspectorFolded().set(true);
        var place = new WindowPlace(10, 20, 1300, 800, true);
        settings.places().put("1920x1080+0+0", place);
        file.write(settings);
        Settings again = file.read();
        assertThat(again.dark().get()).isFalse();
        assertThat(again.language().get()).isEqualTo(Locale.FRENCH);
        assertThat(again.textSize().get()).isEqualTo(2);
        assertThat(again.guideFolded().get()).isTrue();
        assertThat(again.inspectorFolded().get()).isTrue();
        assertThat(again.places()).containsExactly(Map.entry("1920x1080+0+0", place));
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
        Path damaged = Files.writeString(folder.resolve("damaged"), "text=lots\nplace.x=far away\ntheme=\\u00zz\n");
        assertThat(new SettingsFile(damaged, Locale.ENGLISH).read().textSize().get())
                .isZero();
    }
}
