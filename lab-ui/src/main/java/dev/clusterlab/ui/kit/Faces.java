package dev.clusterlab.ui.kit;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import javafx.scene.text.Font;

/**
 * The faces that come with the program, so that the window looks the same on every computer: Inter for words, JetBrains Mono
 * for commands and for numbers that change. Style sheets name the families; the semi-bold one is a family of its own, because
 * weights between normal and bold are not found alike on all systems.
 */
public final class Faces {
    private static final System.Logger LOG = System.getLogger(Faces.class.getName());

    private static final String WORDS = "Inter";
    private static final String STRONG = "Inter SemiBold";
    private static final List<String> FILES = List.of(
            "inter/Inter-Regular.otf",
            "inter/Inter-SemiBold.otf",
            "inter/Inter-Bold.otf",
            "inter/Inter-Italic.otf",
            "jetbrains_mono/JetBrainsMono-Regular.ttf",
            "jetbrains_mono/JetBrainsMono-Bold.ttf");

    private static boolean loaded;

    private Faces() {}

    /** Makes the families known to the toolkit; without them it takes the system's, which is no reason to stop. */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        loaded = true;
        for (String file : FILES) {
            try (InputStream face = Faces.class.getResourceAsStream("/com/formdev/flatlaf/fonts/" + file)) {
                if (face == null || Font.loadFont(face, 13) == null) {
                    LOG.log(System.Logger.Level.WARNING, "no face {0}", file);
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "no face {0}: {1}", file, e.getMessage());
            }
        }
    }

    static Font words(double pixels) {
        load();
        return Font.font(WORDS, pixels);
    }

    public static Font strong(double pixels) {
        load();
        return Font.font(STRONG, pixels);
    }
}
