package dev.clusterlab.ui.hosts;

import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.WatchedModel;
import dev.clusterlab.ui.model.hosts.WatchedModel.Part;
import dev.clusterlab.ui.model.hosts.WatchedModel.Parts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Beside a Swarm that is watched: by which hosts it is seen, how old each part is, what is not seen, and the way back. */
public final class WatchedPane {
    private final WatchedModel model;
    private final Texts texts;
    private final BorderPane root = new BorderPane();
    private final VBox content = new VBox();
    private final VBox kept = new VBox();
    private final Button leave;
    private final Ticker ticking;
    private Optional<Parts> drawn = Optional.empty();

    /**
     * What it passes on.
     *
     * @param page shows a recording as a page
     * @param fold makes room for the cluster
     * @param leave ends the watching
     * @param test lets a person test the Swarm
     */
    public record Wishes(Consumer<Path> page, Runnable fold, Runnable leave, Runnable test) {}

    /** @param recording the file in which is kept what happens; empty if it is not kept */
    public WatchedPane(WatchedModel model, Texts texts, Optional<Path> recording, Wishes wishes) {
        this.model = model;
        this.texts = texts;
        Label title = Widgets.label(texts.get("watch.only"), "title-3");
        title.setGraphic(Widgets.icon(Material2MZ.VISIBILITY, "tone-good"));
        HBox head = new HBox(
                title,
                Widgets.spacer(),
                Widgets.iconButton("fold-guide", Material2AL.FIRST_PAGE, texts.get("watch.fold"), wishes.fold()));
        head.setAlignment(Pos.CENTER_LEFT);
        VBox top = new VBox(head, Widgets.wrapped(texts.get("watch.only.words"), "muted"));
        top.getStyleClass().add("guide-head");
        content.getStyleClass().add("watched");
        ScrollPane scroll = new ScrollPane(content);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("page-scroll");
        leave = Widgets.button(
                "leave-swarm", texts.get("watch.leave"), Material2AL.ARROW_BACK, wishes.leave(), "accent");
        Widgets.describe(leave, texts.get("watch.leave.words"));
        recording.ifPresent(file -> kept.getChildren()
                .setAll(
                        Widgets.label(texts.get("watch.recording"), "section-title"),
                        Widgets.wrapped(texts.get("watch.recorded", file), "muted"),
                        Widgets.button(
                                "recording-page",
                                texts.get("watch.page"),
                                Material2AL.DESCRIPTION,
                                () -> wishes.page().accept(file),
                                "small",
                                "button-outlined")));
        kept.getStyleClass().add("section");
        Button test = Widgets.button(
                "test-swarm", texts.get("test.open"), Material2AL.FLASH_ON, wishes.test(), "button-outlined");
        Widgets.describe(test, texts.get("test.open.words"));
        FlowPane foot = new FlowPane(leave, test);
        foot.getStyleClass().add("guide-foot");
        root.setTop(top);
        root.setCenter(scroll);
        root.setBottom(foot);
        root.setId("watched");
        root.getStyleClass().add("guide");
        ticking = new Ticker(Duration.ofSeconds(1), this::refresh);
        refresh();
    }

    public Region node() {
        return root;
    }

    /** Where the keyboard begins. */
    public Node entry() {
        return leave;
    }

    public void dispose() {
        ticking.close();
    }

    private void refresh() {
        Parts now = model.parts(texts);
        if (drawn.filter(now::equals).isPresent()) {
            return;
        }
        drawn = Optional.of(now);
        VBox unseen = new VBox(Widgets.label(texts.get("watch.unseen"), "section-title"));
        unseen.getStyleClass().add("section");
        now.unseen().forEach(words -> unseen.getChildren().add(Widgets.wrapped(words, "muted")));
        content.getChildren()
                .setAll(
                        section(texts.get("watch.hosts"), now.hosts()),
                        section(texts.get("watch.others"), now.others()),
                        unseen,
                        kept);
    }

    private static Node section(String title, List<Part> parts) {
        VBox section = new VBox(Widgets.label(title, "section-title"));
        section.getStyleClass().add("section");
        parts.forEach(part -> section.getChildren().add(part(part)));
        return section;
    }

    private static Node part(Part part) {
        Label name = Widgets.label(part.name(), "strong");
        name.setGraphic(Widgets.toneIcon(part.tone()));
        name.setMinWidth(Region.USE_PREF_SIZE);
        Label age = Widgets.label(part.age(), "muted");
        age.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(name, Widgets.spacer(), age);
        head.getStyleClass().add("overlay-buttons");
        head.setAlignment(Pos.BASELINE_LEFT);
        VBox box = new VBox(head);
        if (!part.where().isEmpty()) {
            box.getChildren().add(Widgets.wrapped(part.where(), "watched-words", "muted"));
        }
        box.getChildren().add(Widgets.wrapped(part.says(), "watched-words"));
        if (!part.advice().isEmpty()) {
            Label advice = Widgets.wrapped(part.advice(), "watched-words");
            advice.setGraphic(Widgets.icon(Material2AL.ARROW_RIGHT_ALT));
            box.getChildren().add(advice);
        }
        box.getStyleClass().add("watched-part");
        return box;
    }
}
