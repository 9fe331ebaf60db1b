package dev.clusterlab.ui;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.cli.DesktopLauncher;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.place.DesktopEnvironments;
import dev.clusterlab.ui.place.SettingsFile;
import dev.clusterlab.ui.place.TestedPlaces;
import dev.clusterlab.ui.place.WatchedPlaces;
import java.time.InstantSource;
import java.util.Locale;

/** The desktop as the command line opens it: on the engine that was asked for, with the settings of this user. */
public final class Desktop implements DesktopLauncher {
    private final CheckLanguage language;

    public Desktop(CheckLanguage language) {
        this.language = language;
    }

    @Override
    public int launch(Request request) {
        var file =
                new SettingsFile(UserFolders.ofThisUser().settings().resolve("window.properties"), Locale.getDefault());
        Settings settings = file.read();
        try (var environments = new DesktopEnvironments(
                        request, language, () -> settings.language().get(), System.getenv());
                var swarms = new WatchedPlaces(
                        UserFolders.ofThisUser().data().resolve("recordings"),
                        HostFinder.ofThisUser(),
                        () -> settings.language().get(),
                        InstantSource.system());
                var tests = new TestedPlaces(
                        ConsentSettings.ofThisUser(),
                        ExperimentLibrary.standard(language),
                        () -> settings.language().get())) {
            DesktopApp.open(environments, swarms, tests, file, settings);
        }
        return 0;
    }
}
