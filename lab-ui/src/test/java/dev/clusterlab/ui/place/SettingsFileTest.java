package dev.clusterlab.ui.place;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.SystemWishes;
import dev.clusterlab.ui.model.kept.WindowPlace;
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
        settings.contrast().set(true);
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
        assertThat(again.contrast().get()).isTrue();
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
    void followsTheComputerUntilThePersonChooses() {
        var file = new SettingsFile(folder.resolve("window.properties"), Locale.ENGLISH);
        Settings settings = file.read();
        settings.follow(new SystemWishes(true, true, false));
        assertThat(settings.contrast().get()).isTrue();
        assertThat(settings.dark().get()).isFalse();
        assertThat(settings.motion().get()).isFalse();
        file.write(settings);
        Settings elsewhere = file.read();
        elsewhere.follow(SystemWishes.NONE);
        assertThat(elsewhere.contrast().get()).isFalse();
        assertThat(elsewhere.dark().get()).isTrue();
        assertThat(elsewhere.motion().get()).isTrue();
    }

    @Test
    void whatThePersonChoseHoldsWhateverTheComputerWishes() {
        var file = new SettingsFile(folder.resolve("window.properties"), Locale.ENGLISH);
        Settings settings = file.read();
        settings.contrast().set(true);
        settings.contrast().set(false);
        settings.motion().set(false);
        settings.motion().set(true);
        file.write(settings);
        Settings again = file.read();
        again.follow(new SystemWishes(true, true, false));
        assertThat(again.contrast().get()).isFalse();
        assertThat(again.motion().get()).isTrue();
        assertThat(again.dark().get()).isTrue();
    }

    @Test
    void aDamagedFileIsNoReasonToStop() throws IOException {
        Path damaged = Files.writeString(folder.resolve("damaged"), "text=lots\nplace.x=far away\ntheme=\\u00zz\n");
        assertThat(new SettingsFile(damaged, Locale.ENGLISH).read().textSize().get())
                .isZero();
    }
}
