package dev.clusterlab.ui.hosts;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.HostsModel;
import dev.clusterlab.ui.model.hosts.Recording;
import dev.clusterlab.ui.model.hosts.TestModel;
import dev.clusterlab.ui.model.hosts.WatchModel;
import dev.clusterlab.ui.model.hosts.WatchModel.State;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Chooses the hosts of a Swarm that exists, and opens it; also what was recorded before. */
public final class OpenSwarmCard {
    private static final int RECORDINGS_MAX = 3;

    private final WatchModel<?> model;
    private final TestModel<?> tests;
    private final LeftTestsPane left;
    private final Texts texts;
    private final Wishes wishes;
    private final HostChooser chooser;
    private final VBox result = new VBox();
    private final Label doing = Widgets.wrapped("", "overlay-text");
    private final HBox busy = new HBox(Widgets.spinner("small-spinner"), doing);
    private final FlowPane recordings = new FlowPane();
    private final VBox kept;
    private final Button open;
    private final Button close;
    private final VBox card;
    private Subscription subscription = Subscription.EMPTY;

    /**
     * What it passes on.
     *
     * @param files asks the person for a hosts file; empty if none is wanted
     * @param page shows a page outside
     * @param end takes the card away
     */
    public record Wishes(Supplier<Optional<Path>> files, Consumer<Path> page, Runnable end) {}

    public OpenSwarmCard(WatchModel<?> model, TestModel<?> tests, Texts texts, Wishes wishes) {
        this.model = model;
        this.tests = tests;
        this.left = new LeftTestsPane(tests, texts);
        this.texts = texts;
        this.wishes = wishes;
        chooser = new HostChooser(model.hosts(), texts, false, wishes.files());
        open = Widgets.button("swarm-open", texts.get("watch.open"), Material2MZ.VISIBILITY, model::open, "accent");
        close = Widgets.button("swarm-close", texts.get("help.close"), Material2AL.CLOSE, this::escape, "flat");
        for (Button button : List.of(open, close)) {
            button.defaultButtonProperty().bind(button.focusedProperty());
        }
        busy.getStyleClass().add("overlay-buttons");
        busy.setAlignment(Pos.CENTER_LEFT);
        HBox buttons = new HBox(
                Widgets.iconButton("hosts-look", Material2MZ.REFRESH, texts.get("hosts.look"), model.hosts()::look),
                Widgets.spacer(),
                close,
                open);
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        recordings.getStyleClass().add("recordings");
        kept = new VBox(Widgets.label(texts.get("watch.recordings"), "section-title"), recordings);
        showRecordings(List.of());
        card = new VBox(
                Widgets.label(texts.get("watch.open.title"), "overlay-title"),
                Widgets.wrapped(texts.get("watch.open.words"), "muted"),
                chooser.node(),
                left.node(),
                kept,
                busy,
                result,
                buttons);
        card.setId("open-swarm");
        card.getStyleClass().add("hosts-card");
    }

    public VBox node() {
        return card;
    }

    /** Where the keyboard begins. */
    public Node entry() {
        return chooser.entry();
    }

    /** Follows its model, and reads what there is, until it is taken away. */
    public void begin() {
        chooser.follow();
        left.follow();
        tests.readLeft();
        subscription = Subscription.combine(
                model.state().subscribe(this::show),
                model.hosts().state().subscribe(this::offer),
                model.place().subscribe((before, now) -> now.ifPresent(there -> end())));
        model.hosts().look();
        model.recordings(this::showRecordings);
    }

    /** Gives up what is being opened, or takes the card away. */
    public void escape() {
        if (model.state().get() instanceof State.Opening) {
            model.cancel();
        } else {
            end();
        }
    }

    private void end() {
        subscription.unsubscribe();
        chooser.dispose();
        left.dispose();
        wishes.end().run();
    }

    private void offer(HostsModel.State hosts) {
        open.setDisable(hosts.chosen().isEmpty() || model.state().get() instanceof State.Opening);
    }

    private void show(State state) {
        boolean opening = state instanceof State.Opening;
        boolean lost = open.isFocused();
        chooser.node().setDisable(opening);
        offer(model.hosts().state().get());
        close.setText(texts.get(opening ? "block.cancel" : "help.close"));
        busy.setVisible(opening);
        busy.setManaged(opening);
        result.getChildren().clear();
        switch (state) {
            case State.Opening(String hosts) -> {
                doing.setText(texts.get("watch.opening", hosts));
                if (lost) {
                    close.requestFocus();
                }
            }
            case State.Choosing(var trouble) -> trouble.map(Widgets::notice).ifPresent(result.getChildren()::add);
        }
    }

    private void showRecordings(List<Recording> all) {
        DateTimeFormatter moment = DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(texts.locale())
                .withZone(ZoneId.systemDefault());
        recordings.getChildren().clear();
        for (Recording recording : all.subList(0, Math.min(RECORDINGS_MAX, all.size()))) {
            Hyperlink link = new Hyperlink(texts.get("watch.until", moment.format(recording.end())));
            link.setGraphic(Widgets.icon(Material2AL.DESCRIPTION));
            Widgets.describe(link, recording.file().toString());
            link.setOnAction(event -> model.page(recording.file(), wishes.page()));
            recordings.getChildren().add(link);
        }
        kept.setVisible(!all.isEmpty());
        kept.setManaged(!all.isEmpty());
    }
}
