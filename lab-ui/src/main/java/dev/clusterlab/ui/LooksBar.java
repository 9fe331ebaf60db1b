package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Texts;
import java.util.Locale;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Region;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** What in the top of a window says how it looks: size of text, language, theme. */
final class LooksBar {
    final Button textSize;
    final Button language;
    final Button theme;
    private final Settings settings;
    private final Texts texts;
    private final Subscription subscription;

    LooksBar(Settings settings, Texts texts) {
        this.settings = settings;
        this.texts = texts;
        textSize = Widgets.iconButton("text-size", Material2AL.FORMAT_SIZE, "", settings::nextSize);
        language = language();
        theme = Widgets.iconButton(
                "theme",
                Material2MZ.WB_SUNNY,
                texts.get("header.light"),
                () -> settings.dark().set(!settings.dark().get()));
        theme.setContextMenu(themes());
        subscription = Subscription.combine(
                settings.dark().subscribe(this::showTheme), settings.textSize().subscribe(this::showSize));
    }

    void dispose() {
        subscription.unsubscribe();
    }

    /** Does what a key with Ctrl does to the looks of a window; whether it does anything. */
    static boolean key(Settings settings, KeyCode code) {
        switch (code) {
            case T -> settings.dark().set(!settings.dark().get());
            case E -> settings.otherLanguage();
            case PLUS, ADD, EQUALS -> settings.larger();
            case MINUS, SUBTRACT -> settings.smaller();
            case DIGIT0, NUMPAD0 -> settings.textSize().set(0);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void showSize() {
        Widgets.describe(
                textSize,
                texts.get(
                        "header.size",
                        Settings.TEXT_PERCENT.get(settings.textSize().get())));
    }

    private Button language() {
        boolean french = texts.locale().getLanguage().equals("fr");
        Button button = new Button(
                (french ? Locale.ENGLISH : Locale.FRENCH).getLanguage().toUpperCase(Locale.ROOT));
        button.setId("language");
        button.getStyleClass().addAll("flat", "language");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(event -> settings.otherLanguage());
        Widgets.describe(button, texts.get("header.language"));
        return button;
    }

    /** The themes by their names; a click on the button takes the other one of dark and light. */
    private ContextMenu themes() {
        ToggleGroup group = new ToggleGroup();
        RadioMenuItem dark = new RadioMenuItem(texts.get("settings.dark"));
        dark.setId("theme-dark");
        dark.setOnAction(event -> settings.dark().set(true));
        RadioMenuItem light = new RadioMenuItem(texts.get("settings.light"));
        light.setId("theme-light");
        light.setOnAction(event -> settings.dark().set(false));
        CheckMenuItem contrast = new CheckMenuItem(texts.get("settings.contrast"));
        contrast.setId("theme-contrast");
        contrast.setOnAction(event -> settings.contrast().set(contrast.isSelected()));
        dark.setToggleGroup(group);
        light.setToggleGroup(group);
        ContextMenu menu = new ContextMenu(dark, light, new SeparatorMenuItem(), contrast);
        menu.setOnShowing(event -> {
            (settings.dark().get() ? dark : light).setSelected(true);
            contrast.setSelected(settings.contrast().get());
        });
        return menu;
    }

    private void showTheme(boolean dark) {
        theme.setGraphic(Widgets.icon(dark ? Material2MZ.WB_SUNNY : Material2MZ.NIGHTS_STAY));
        Widgets.describe(theme, texts.get(dark ? "header.light" : "header.dark"));
    }
}
