package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.cli.Cli;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.kept.KeptProgress;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The first page: three ways to begin, where the person stopped, and every lab that there is. */
final class WelcomeView {
    private static final double WIDTH_MAX = 1180;

    private final WindowModels desk;
    private final Texts texts;
    private final Overlays overlays;
    private final Wishes wishes;
    private final VBox lessons = new VBox();
    private final VBox page = new VBox();

    /**
     * What it passes on.
     *
     * @param stage opens the cluster large, for a projector
     * @param guide gives the keyboard to what is next in the guide
     * @param watch opens a Swarm that exists
     */
    record Wishes(Runnable stage, Runnable guide, Runnable watch) {}

    WelcomeView(WindowModels desk, Texts texts, Overlays overlays, Wishes wishes) {
        this.desk = desk;
        this.texts = texts;
        this.overlays = overlays;
        this.wishes = wishes;
        VBox words = new VBox(
                Widgets.wrapped(texts.get("welcome.build"), "welcome-line"),
                Widgets.wrapped(texts.get("welcome.break"), "welcome-line"),
                Widgets.wrapped(texts.get("welcome.see"), "welcome-line", "welcome-accent"),
                Widgets.wrapped(texts.get("welcome.words"), "welcome-words"));
        words.getStyleClass().add("welcome-title");
        page.getChildren().addAll(top(), words, cards(), below(), foot());
        page.getStyleClass().add("welcome");
        page.setMaxWidth(WIDTH_MAX);
    }

    void open() {
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setId("welcome");
        scroll.getStyleClass().addAll("page-scroll", "welcome-page");
        HBox middle = new HBox(page);
        middle.setAlignment(Pos.CENTER);
        HBox.setHgrow(page, Priority.ALWAYS);
        scroll.setContent(middle);
        // Who comes back goes on.
        Node resume = page.lookup("#welcome-resume");
        overlays.cover(scroll, resume == null ? page.lookup("#welcome-learn") : resume, this::learn);
        desk.engines.lessons(this::show);
    }

    private Node top() {
        Label name = Widgets.label("Cluster Lab", "welcome-name");
        name.setGraphic(Widgets.icon(Material2AL.DEVICE_HUB, "logo"));
        Button language =
                new Button(desk.settings.language().get().getLanguage().equals("fr") ? "EN" : "FR");
        language.setId("welcome-language");
        language.getStyleClass().addAll("flat", "language");
        Widgets.describe(language, texts.get("header.language"));
        language.setOnAction(event -> {
            desk.settings.otherLanguage();
            new WelcomeView(desk, desk.texts(), overlays, wishes).open();
        });
        Button theme = Widgets.iconButton("welcome-theme", theme(), texts.get("help.theme"), () -> {});
        theme.setOnAction(event -> {
            desk.settings.dark().set(!desk.settings.dark().get());
            theme.setGraphic(Widgets.icon(theme()));
        });
        HBox row = new HBox(
                name,
                Widgets.spacer(),
                language,
                theme,
                Widgets.iconButton("welcome-close", Material2AL.CLOSE, texts.get("help.close"), this::learn));
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    /** The sign of the theme that one would change to. */
    private Ikon theme() {
        return desk.settings.dark().get() ? Material2MZ.WB_SUNNY : Material2MZ.NIGHTS_STAY;
    }

    private Node cards() {
        Lab lab = desk.guide.lab().get();
        Button learn = Widgets.button(
                "welcome-learn", texts.get("welcome.learn.go"), Material2AL.ARROW_FORWARD, this::learn, "accent");
        learn.defaultButtonProperty().bind(learn.focusedProperty());
        Button demonstrate = Widgets.button(
                "welcome-stage", texts.get("welcome.stage.go"), Material2AL.FULLSCREEN, this::demonstrate);
        Button breaking = Widgets.button("welcome-break", texts.get("welcome.break.go"), Material2AL.FLASH_ON, () -> {
            overlays.hide();
            desk.ways.toReady(lab);
        });
        breaking.setDisable(lab.ready().isEmpty());
        HBox cards = new HBox(
                card(
                        Material2MZ.SCHOOL,
                        "good-sign",
                        texts.get("welcome.learn"),
                        texts.get("welcome.minutes", lab.minutes()),
                        texts.get("welcome.learn.words", lab.steps().size()),
                        learn),
                card(
                        Material2AL.FULLSCREEN,
                        "stage-sign",
                        texts.get("welcome.stage"),
                        "F5",
                        texts.get("welcome.stage.words"),
                        demonstrate),
                card(
                        Material2AL.FLASH_ON,
                        "break-sign",
                        texts.get("welcome.breaking"),
                        texts.get("welcome.seconds"),
                        texts.get("welcome.breaking.words"),
                        breaking));
        cards.getStyleClass().add("welcome-cards");
        cards.setMinHeight(Region.USE_PREF_SIZE);
        return cards;
    }

    private void learn() {
        overlays.hide();
        wishes.guide().run();
    }

    private void watch() {
        overlays.hide();
        wishes.watch().run();
    }

    private void demonstrate() {
        overlays.hide();
        wishes.stage().run();
    }

    private static Node card(Ikon ikon, String sign, String title, String time, String words, Button button) {
        Label name = Widgets.label(title, "welcome-card-title");
        name.setGraphic(Widgets.icon(ikon, "welcome-sign", sign));
        HBox head = new HBox(name, Widgets.spacer(), Widgets.label(time, "muted"));
        head.setAlignment(Pos.CENTER_LEFT);
        Region room = new Region();
        VBox.setVgrow(room, Priority.ALWAYS);
        VBox card = new VBox(head, Widgets.wrapped(words, "welcome-card-words"), room, button);
        card.getStyleClass().add("welcome-card");
        card.setPrefWidth(320);
        // Where the window is low the page scrolls.
        card.setMinHeight(Region.USE_PREF_SIZE);
        HBox.setHgrow(card, Priority.ALWAYS);
        return card;
    }

    private Node below() {
        HBox row = new HBox();
        row.getStyleClass().add("welcome-cards");
        VBox all = new VBox(Widgets.label(texts.get("welcome.labs"), "section-title"), lessons);
        all.getStyleClass().add("welcome-part");
        all.setPrefWidth(320);
        HBox.setHgrow(all, Priority.ALWAYS);
        Optional<Node> resume = desk.ways.kept().map(this::resume);
        resume.ifPresent(row.getChildren()::add);
        row.getChildren().add(all);
        return row;
    }

    private Node resume(KeptProgress kept) {
        Lab lab = desk.guide.lab().get();
        int number = desk.ways.number(kept.reached().stepId());
        HBox bar = new HBox();
        bar.getStyleClass().add("welcome-bar");
        for (Lab.Step step : lab.steps()) {
            Region part = new Region();
            part.getStyleClass()
                    .addAll(
                            "welcome-bar-part",
                            kept.done().contains(step.id())
                                    ? "done"
                                    : step.id().equals(kept.reached().stepId()) ? "next" : "open");
            HBox.setHgrow(part, Priority.ALWAYS);
            bar.getChildren().add(part);
        }
        Button go = Widgets.button(
                "welcome-resume",
                texts.get("welcome.resume", number),
                Material2MZ.PLAY_ARROW,
                () -> {
                    overlays.hide();
                    desk.ways.resume(kept);
                },
                "button-outlined");
        go.defaultButtonProperty().bind(go.focusedProperty());
        String when = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(texts.locale())
                .withZone(ZoneId.systemDefault())
                .format(kept.when());
        VBox words = new VBox(
                Widgets.wrapped(lab.title(), "strong"),
                Widgets.wrapped(
                        texts.get(
                                        "way.step.name",
                                        number,
                                        lab.requireStep(kept.reached().stepId()).title())
                                + " \u00b7 " + when,
                        "muted"),
                bar);
        words.getStyleClass().add("welcome-resume-words");
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox box = new HBox(words, go);
        box.setAlignment(Pos.CENTER_LEFT);
        box.getStyleClass().add("welcome-resume");
        VBox part = new VBox(Widgets.label(texts.get("welcome.stopped"), "section-title"), box);
        part.getStyleClass().add("welcome-part");
        part.setPrefWidth(656);
        HBox.setHgrow(part, Priority.ALWAYS);
        return part;
    }

    private void show(List<Lab> labs) {
        List<Node> rows = new ArrayList<>();
        for (Lab lab : labs) {
            int done = desk.kept.read(lab.id()).map(kept -> kept.done().size()).orElse(0);
            String state = texts.get(
                    done == 0 ? "welcome.lab.new" : "welcome.lab", lab.steps().size(), done);
            Label title = Widgets.label(lab.title(), "strong");
            title.setMinWidth(0);
            Label words = Widgets.label(state, "muted");
            words.setMinWidth(Region.USE_PREF_SIZE);
            HBox content = new HBox(title, Widgets.spacer(), words);
            content.setAlignment(Pos.CENTER_LEFT);
            content.getStyleClass().add("welcome-lab-row");
            Button row = new Button("", content);
            row.setId("welcome-lab-" + lab.id());
            row.setContentDisplay(javafx.scene.control.ContentDisplay.GRAPHIC_ONLY);
            row.setMaxWidth(Double.MAX_VALUE);
            row.getStyleClass().addAll("flat", "welcome-lab");
            row.setAccessibleText(lab.title() + ", " + state);
            content.prefWidthProperty().bind(row.widthProperty().subtract(32));
            row.setOnAction(event -> {
                overlays.hide();
                if (!lab.id().equals(desk.guide.lab().get().id())) {
                    desk.ways.begin(lab);
                }
            });
            rows.add(row);
        }
        lessons.getStyleClass().setAll("welcome-labs");
        lessons.getChildren().setAll(rows);
    }

    private Node foot() {
        HBox foot = new HBox(Widgets.label(texts.get("welcome.version", Cli.VERSION), "muted"));
        String engine = desk.context.engine().name();
        Label ready = Widgets.label(
                texts.get("welcome.engine", texts.has("engine." + engine) ? texts.get("engine." + engine) : engine),
                "muted");
        ready.setGraphic(Widgets.icon(Material2AL.CHECK_CIRCLE, "tone-good"));
        Button watch =
                Widgets.button("welcome-watch", texts.get("menu.watch"), Material2MZ.VISIBILITY, this::watch, "flat");
        watch.defaultButtonProperty().bind(watch.focusedProperty());
        foot.getChildren().addAll(ready, Widgets.spacer(), watch);
        foot.setAlignment(Pos.CENTER_LEFT);
        foot.getStyleClass().add("welcome-foot");
        return foot;
    }
}
