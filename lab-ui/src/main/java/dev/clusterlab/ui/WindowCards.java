package dev.clusterlab.ui;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Handout;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.cli.Cli;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.export.Export;
import dev.clusterlab.lab.words.StatusWords;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.ui.WindowActions.WindowAction;
import dev.clusterlab.ui.hosts.OpenSwarmCard;
import dev.clusterlab.ui.hosts.RemoteHostsCard;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Dialog;
import dev.clusterlab.ui.model.Dialog.Answer;
import dev.clusterlab.ui.model.Dialog.Role;
import dev.clusterlab.ui.model.Inspection.Fact;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.TerminalEntry;
import dev.clusterlab.ui.model.Texts;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;

/** What the window lays over itself when it is asked to: welcome, commands, keys, settings, versions, the last question. */
final class WindowCards {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);
    private static final double KEYS_SHARE = 0.7;

    private final WindowModels desk;
    private final Overlays overlays;
    private final PictureExport pictures;
    private final WindowActions actions;
    private final Runnable stage;
    private final Runnable guide;
    private final Runnable recovery;
    private final Runnable experiments;

    /**
     * @param keyboard does what a key does, with or without Ctrl
     * @param cuts what cuts the network in the picture
     * @param guide gives the keyboard to what is next in the guide
     */
    WindowCards(
            WindowModels desk,
            Overlays overlays,
            PictureExport pictures,
            BiConsumer<Boolean, KeyCode> keyboard,
            WindowActions.Cuts cuts,
            Runnable guide) {
        this.desk = desk;
        this.pictures = pictures;
        this.overlays = overlays;
        this.actions = new WindowActions(keyboard, desk, this, cuts);
        this.stage = () -> keyboard.accept(false, KeyCode.F5);
        this.guide = guide;
        this.recovery = () -> keyboard.accept(true, KeyCode.DIGIT9);
        this.experiments = () -> keyboard.accept(false, KeyCode.F4);
    }

    private Texts texts() {
        return desk.texts();
    }

    void welcome() {
        new WelcomeView(desk, texts(), overlays, new WelcomeView.Wishes(stage, guide, this::openSwarm)).open();
    }

    /** Chooses the hosts of a Swarm that exists, and opens it in the place of the lab. */
    void openSwarm() {
        desk.settings.presentation().set(false);
        var card = new OpenSwarmCard(
                desk.elsewhere.swarms(),
                desk.elsewhere.tests(),
                texts(),
                new OpenSwarmCard.Wishes(
                        () -> desk.hostsChooser.get(),
                        page -> desk.browser.accept(page.toUri().toString()),
                        overlays::hide));
        card.begin();
        overlays.show(card.node(), card.entry(), card::escape);
    }

    /** Chooses hosts for a lab, which takes the place of the present one; or takes up one that was left on hosts. */
    void remoteHosts() {
        desk.settings.presentation().set(false);
        var card = new RemoteHostsCard(
                desk.elsewhere.remote(),
                texts(),
                new RemoteHostsCard.Wishes(
                        () -> desk.hostsChooser.get(),
                        hosts -> desk.engines.changeToHosts(hosts, desk.machines()),
                        lab -> desk.engines.resumeOnHosts(lab, desk.machines()),
                        overlays::hide));
        card.begin();
        overlays.show(card.node(), card.entry(), card::escape);
    }

    void palette() {
        new CommandPalette(actions, texts(), overlays).open();
    }

    /** Writes the lab as pages to print, for learners and for the teacher, and opens the learners' one. */
    void handout() {
        Lab lab = desk.guide.lab().get();
        Texts texts = texts();
        Path folder = UserFolders.ofThisUser().data().resolve("handouts");
        Path page = folder.resolve(lab.id() + ".html");
        Path teacher = folder.resolve(lab.id() + "-teacher.html");
        desk.tasks.run(
                texts.get("help.handout"),
                () -> {
                    Handout.write(page, lab, Handout.Reader.LEARNER);
                    Handout.write(teacher, lab, Handout.Reader.TEACHER);
                    return true;
                },
                done -> {
                    desk.notifications.say(new Notice(
                            Level.GOOD, texts.get("handout.done"), page + "\n" + teacher, texts.get("handout.print")));
                    desk.browser.accept(page.toUri().toString());
                },
                failure -> desk.notifications.failed(texts.get("help.handout"), failure, texts));
    }

    /** Writes what was built as files to use elsewhere, and shows the folder. */
    void takeAlong() {
        Texts texts = texts();
        Path folder = UserFolders.ofThisUser()
                .data()
                .resolve("exports")
                .resolve(desk.guide.lab().get().id() + "-" + LocalDateTime.now().format(STAMP));
        desk.tasks.run(
                texts.get("help.export"),
                () -> {
                    Export export = Export.of(
                            desk.context.engine(),
                            desk.guide.shell().history(),
                            ExperimentLibrary.standard(new CheckLanguage()),
                            texts.locale());
                    export.write(folder);
                    return export;
                },
                export -> {
                    desk.notifications.say(new Notice(
                            Level.GOOD,
                            texts.get("export.done"),
                            folder.toString(),
                            texts.get("export.left", export.omissions().size())));
                    desk.browser.accept(folder.toUri().toString());
                },
                failure -> desk.notifications.failed(texts.get("help.export"), failure, texts));
    }

    /** What there is to say of the lab until now. */
    void ending() {
        new EndView(desk, texts(), overlays, new EndView.Wishes(recovery, experiments)).open();
    }

    /** Shows the end of the lab when its last step is done, unless something else lies over the window. */
    Subscription atTheEnd() {
        boolean[] finished = {desk.guide.finished()};
        return desk.guide.progress().subscribe(progress -> {
            boolean now = desk.guide.finished();
            if (now && !finished[0] && !overlays.showing()) {
                ending();
            }
            finished[0] = now;
        });
    }

    /** The menu behind the question mark. */
    MenuButton menu() {
        Texts texts = texts();
        MenuButton button = new MenuButton("", Widgets.icon(Material2AL.HELP_OUTLINE));
        button.setId("help-button");
        button.getStyleClass().addAll("button-icon", "flat", "help-menu");
        Widgets.describe(button, texts.get("header.help"));
        button.getItems()
                .addAll(
                        item("menu-keys", texts.get("help.title") + " (F1)", this::keys),
                        item("menu-palette", texts.get("help.palette") + " (Ctrl+Shift+P)", this::palette),
                        item("menu-settings", texts.get("help.settings") + " (Ctrl+,)", this::settings),
                        new SeparatorMenuItem(),
                        item("menu-welcome", texts.get("help.welcome"), this::welcome),
                        item("menu-watch", texts.get("menu.watch") + " (Ctrl+O)", this::openSwarm),
                        consentElsewhere(texts),
                        item("menu-anew", texts.get("help.anew"), desk.ways::beginAnew),
                        item("menu-ending", texts.get("help.ending"), this::ending),
                        item("menu-picture", texts.get("help.picture.save") + " (Ctrl+S)", pictures::save),
                        item("menu-picture-copy", texts.get("help.picture.copy"), pictures::copy),
                        item("menu-export", texts.get("help.export"), this::takeAlong),
                        item("menu-handout", texts.get("help.handout"), this::handout),
                        new SeparatorMenuItem(),
                        item("menu-about", texts.get("help.about"), this::about));
        return button;
    }

    /** In a lab nothing of somebody else is tested; it is said where that is done. */
    private static MenuItem consentElsewhere(Texts texts) {
        MenuItem item = item("menu-consent", texts.get("menu.consent"), () -> {});
        item.setDisable(true);
        return item;
    }

    private static MenuItem item(String id, String words, Runnable deed) {
        MenuItem item = new MenuItem(words);
        item.setId(id);
        item.setOnAction(event -> deed.run());
        return item;
    }

    void copyPicture() {
        pictures.copy();
    }

    void otherContrast() {
        desk.settings.contrast().set(!desk.settings.contrast().get());
    }

    /** Every key, by what it is about. */
    void keys() {
        keys(List.of(WindowActions.Group.values()));
    }

    /** The keys that mean something else on the stage. */
    void keysOfTheStage() {
        keys(List.of(WindowActions.Group.STAGE));
    }

    private void keys(List<WindowActions.Group> groups) {
        Texts texts = texts();
        HBox columns = new HBox(new VBox(), new VBox());
        columns.getStyleClass().add("help-columns");
        for (WindowActions.Group group : groups) {
            GridPane grid = new GridPane();
            grid.getStyleClass().add("help-grid");
            int row = 0;
            for (WindowAction action : actions.all()) {
                if (action.group() == group && !action.keys().isEmpty()) {
                    Label keys = Widgets.label(action.keys(), "keys");
                    keys.setMinWidth(Region.USE_PREF_SIZE);
                    Label words = Widgets.wrapped(action.words(texts), "help-words");
                    grid.addRow(row++, keys, words);
                }
            }
            VBox box = new VBox(
                    Widgets.label(texts.get("group." + group.name().toLowerCase(Locale.ROOT)), "section-title"), grid);
            box.getStyleClass().add("help-group");
            boolean left = switch (group) {
                case LAB, CLUSTER, STAGE -> true;
                case TIME, PANES, WINDOW -> false;
            };
            ((VBox) columns.getChildren().get(left ? 0 : 1)).getChildren().add(box);
        }
        columns.getChildren().removeIf(column -> ((VBox) column).getChildren().isEmpty());
        columns.getChildren().forEach(column -> column.getStyleClass().add("help-column"));
        ScrollPane scroll = new ScrollPane(columns);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("page-scroll");
        scroll.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                scroll.maxHeightProperty().bind(scene.heightProperty().multiply(KEYS_SHARE));
            }
        });
        Button all = Widgets.button(
                "help-palette", texts.get("help.palette"), Material2AL.LIST, this::palette, "button-outlined");
        card("help", texts.get("help.title"), scroll, all);
    }

    /** What this program and what is below it are. */
    void about() {
        Texts texts = texts();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(texts.get("about.version"), Cli.VERSION));
        facts.addAll(desk.host.facts(texts));
        facts.add(new Fact("Java", Runtime.version() + " (" + System.getProperty("java.vendor", "") + ")"));
        facts.add(new Fact("JavaFX", System.getProperty("javafx.runtime.version", "")));
        facts.add(new Fact(
                texts.get("about.system"),
                System.getProperty("os.name", "") + " " + System.getProperty("os.version", "") + ", "
                        + System.getProperty("os.arch", "")));
        overlays.ask(
                new Dialog(
                        "about",
                        false,
                        "Cluster Lab",
                        List.of(texts.get("about.words"), texts.get("about.license")),
                        facts,
                        List.of(new Answer("close", texts.get("help.close"), Role.ESCAPE))),
                answer -> {});
    }

    /** What it means that a command ended so, how it comes to that, and what to do. */
    void explain(TerminalEntry.Failed failed) {
        Texts texts = texts();
        StatusWords.Explanation why = StatusWords.of(texts.locale()).explain(failed.status(), failed.command());
        overlays.ask(
                new Dialog(
                        "status",
                        false,
                        texts.get("status.title", why.program(), failed.status()),
                        List.of(sentence(why.meaning(), texts.locale())),
                        List.of(
                                new Fact(texts.get("status.command"), failed.command()),
                                new Fact(texts.get("status.why"), why.why()),
                                new Fact(texts.get("status.do"), why.remedy())),
                        List.of(
                                new Answer("again", texts.get("status.again"), Role.PLAIN),
                                new Answer("close", texts.get("help.close"), Role.ESCAPE))),
                answer -> {
                    if (answer.equals("again")) {
                        desk.terminal.offer(failed.command());
                    }
                });
    }

    /** The same of the last command that failed. */
    void explainLast() {
        desk.terminal.lines().reversed().stream()
                .filter(TerminalEntry.Failed.class::isInstance)
                .map(TerminalEntry.Failed.class::cast)
                .findFirst()
                .ifPresentOrElse(
                        this::explain,
                        () -> desk.notifications.say(new Notice(Level.INFO, texts().get("status.none"), "", "")));
    }

    private static String sentence(String words, Locale language) {
        return words.substring(0, 1).toUpperCase(language) + words.substring(1) + ".";
    }

    /** How the person likes the window. Each choice holds at once. */
    void settings() {
        Texts texts = texts();
        ToggleGroup languages = new ToggleGroup();
        HBox language = new HBox();
        for (Locale locale : Texts.LANGUAGES) {
            RadioButton choice = new RadioButton(locale.getDisplayLanguage(locale));
            choice.setId("settings-" + locale.getLanguage());
            choice.setToggleGroup(languages);
            choice.setSelected(locale.equals(desk.settings.language().get()));
            choice.setOnAction(event -> {
                desk.settings.language().set(locale);
                settings();
            });
            language.getChildren().add(choice);
        }
        CheckBox dark = check("settings-dark", texts.get("settings.dark"));
        dark.selectedProperty().bindBidirectional(desk.settings.dark());
        CheckBox contrast = check("settings-contrast", texts.get("settings.contrast"));
        contrast.selectedProperty().bindBidirectional(desk.settings.contrast());
        HBox look = new HBox(dark, contrast);
        CheckBox motion = check("settings-motion", texts.get("settings.motion"));
        motion.selectedProperty().bindBidirectional(desk.settings.motion());
        HBox size = new HBox(
                Widgets.button(
                        "settings-smaller",
                        texts.get("help.smaller"),
                        Material2AL.ADD,
                        desk.settings::smaller,
                        "small"),
                Widgets.button(
                        "settings-larger", texts.get("help.larger"), Material2AL.ADD, desk.settings::larger, "small"));
        size.getChildren().forEach(node -> ((Button) node).setGraphic(null));
        GridPane grid = new GridPane();
        grid.getStyleClass().add("settings-grid");
        grid.addRow(0, Widgets.label(texts.get("settings.language"), "fact-label"), language);
        grid.addRow(1, Widgets.label(texts.get("settings.look"), "fact-label"), look);
        grid.addRow(2, Widgets.label(texts.get("settings.moves"), "fact-label"), motion);
        grid.addRow(3, Widgets.label(texts.get("settings.text"), "fact-label"), size);
        for (HBox box : List.of(language, look, size)) {
            box.getStyleClass().add("overlay-buttons");
        }
        card("settings", texts.get("help.settings"), grid);
    }

    private static CheckBox check(String id, String words) {
        CheckBox box = new CheckBox(words);
        box.setId(id);
        return box;
    }

    private void card(String id, String title, Node content, Node... more) {
        Button close =
                Widgets.button(id + "-close", texts().get("help.close"), Material2AL.CHECK, overlays::hide, "accent");
        HBox buttons = new HBox(more);
        buttons.getChildren().add(close);
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        VBox card = new VBox(Widgets.label(title, "overlay-title"), content, buttons);
        card.setId(id);
        close.defaultButtonProperty().bind(close.focusedProperty());
        overlays.show(card, close, overlays::hide);
    }

    /** Asks before the cluster goes, and says what is kept. */
    void askToClose(Runnable close) {
        Texts texts = texts();
        List<String> machines = desk.machines();
        List<String> paragraphs = new ArrayList<>();
        paragraphs.add(texts.get("closing.machines", machines.size()));
        desk.ways
                .kept()
                .ifPresent(kept -> paragraphs.add(texts.get(
                        "closing.kept", desk.ways.number(kept.reached().stepId()))));
        overlays.ask(
                new Dialog(
                        "closing",
                        true,
                        texts.get("closing.title"),
                        paragraphs,
                        List.of(new Fact(texts.get("way.gone"), String.join(", ", machines))),
                        List.of(
                                new Answer("stay", texts.get("switch.no"), Role.ESCAPE),
                                new Answer("close", texts.get("closing.yes"), Role.MAIN))),
                answer -> {
                    if (answer.equals("close")) {
                        close.run();
                    }
                });
    }
}
