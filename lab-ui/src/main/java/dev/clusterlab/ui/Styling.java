package dev.clusterlab.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import dev.clusterlab.ui.kit.Faces;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.SystemWishes;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.ConditionalFeature;
import javafx.application.Platform;
import javafx.scene.layout.Region;
import javafx.util.Subscription;

/** How the window looks: the theme, with usual or high contrast, and the size of its text. */
final class Styling {
    private Styling() {}

    /** Dresses the root of a window now and whenever the person wants it otherwise. */
    static Subscription apply(Region root, Settings settings) {
        Faces.load();
        root.getStyleClass().add("clusterlab");
        if (!Platform.isSupported(ConditionalFeature.TRANSPARENT_WINDOW)) {
            root.getStyleClass().add("opaque");
        }
        for (String sheet : List.of(
                "clusterlab.css",
                "commands.css",
                "ways.css",
                "hosts.css",
                "recovery.css",
                "experiment.css",
                "access.css")) {
            root.getStylesheets()
                    .add(Objects.requireNonNull(Styling.class.getResource(sheet))
                            .toExternalForm());
        }
        return Subscription.combine(
                settings.dark().subscribe(dark -> theme(root, dark)),
                settings.contrast().subscribe(contrast -> contrast(root, contrast)),
                settings.motion().subscribe(moves -> still(root, !moves)),
                settings.textSize().subscribe(() -> size(root, settings)),
                settings.presentation().subscribe(stage -> size(root, settings)));
    }

    /** For what the style sheet alone can stop, such as spinners. */
    private static void still(Region root, boolean still) {
        root.getStyleClass().remove("still");
        if (still) {
            root.getStyleClass().add("still");
        }
    }

    private static void theme(Region root, boolean dark) {
        Application.setUserAgentStylesheet(
                dark ? new PrimerDark().getUserAgentStylesheet() : new PrimerLight().getUserAgentStylesheet());
        root.getStyleClass().removeAll("dark", "light");
        root.getStyleClass().add(dark ? "dark" : "light");
    }

    private static void contrast(Region root, boolean contrast) {
        root.getStyleClass().remove("contrast");
        if (contrast) {
            root.getStyleClass().add("contrast");
        }
    }

    /** What the system that the window is on says of its person. To be asked once the toolkit runs. */
    static SystemWishes wishes(Platform.Preferences system) {
        boolean contrast = system.getBoolean("Windows.SPI.HighContrast").orElse(false)
                || system.getString("GTK.theme_name").orElse("").contains("HighContrast");
        return new SystemWishes(system.isReducedMotion(), contrast, system.getColorScheme() == ColorScheme.DARK);
    }

    private static void size(Region root, Settings settings) {
        root.getStyleClass().remove("stage");
        if (settings.presentation().get()) {
            root.getStyleClass().add("stage");
        }
        root.setStyle(String.format(Locale.ROOT, "-fx-font-size: %.1fpx;", settings.fontPixels()));
    }
}
