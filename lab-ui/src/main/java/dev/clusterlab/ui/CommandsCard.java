package dev.clusterlab.ui;

import dev.clusterlab.lab.words.CommandWords;
import dev.clusterlab.lab.words.StatusWords;
import dev.clusterlab.ui.code.CommandCode;
import dev.clusterlab.ui.code.CommandHelp;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** A block of commands with Run and Copy and what became of it. */
final class CommandsCard {
    private final WindowModels desk;
    private final GuideModel guide;
    private final Texts texts;
    final BlockId id;
    final VBox node = new VBox();
    private final Button run;
    private final Button copy;
    private final HBox outcome = new HBox();
    private final FlowPane bar = new FlowPane();
    private final VBox reason = new VBox();

    CommandsCard(WindowModels desk, Texts texts, BlockId id, String script) {
        this.desk = desk;
        this.guide = desk.guide;
        this.texts = texts;
        this.id = id;
        CommandCode code = new CommandCode(
                CommandWords.of(texts.locale()).read(script),
                desk.terminal::offer,
                new CommandHelp(texts.get("guide.offer")));
        code.setId("code-" + id.stepId() + "-" + id.index());
        code.setMaxWidth(Double.MAX_VALUE);
        run = Widgets.button(
                "run-" + id.stepId() + "-" + id.index(),
                texts.get("guide.run"),
                Material2MZ.PLAY_ARROW,
                () -> desk.run(id),
                "small",
                "run-button");
        copy = Widgets.button(
                "copy-" + id.stepId() + "-" + id.index(),
                texts.get("guide.copy"),
                Material2AL.CONTENT_COPY,
                () -> {},
                "flat",
                "small");
        copy.setOnAction(event -> {
            copy(script);
            sayOnCopy("guide.copied", Material2AL.CHECK);
        });
        // The words go back when the person has turned elsewhere.
        copy.hoverProperty().subscribe(() -> sayOnCopy("guide.copy", Material2AL.CONTENT_COPY));
        // What came of it takes a line of its own where the guide is narrow.
        bar.getChildren().addAll(run, copy, outcome);
        bar.getStyleClass().add("commands-bar");
        outcome.getStyleClass().add("commands-outcome");
        outcome.setAlignment(Pos.CENTER_LEFT);
        reason.getStyleClass().add("commands-reason");
        reason.setManaged(false);
        reason.setVisible(false);
        node.getChildren().addAll(code, bar, reason);
        node.getStyleClass().add("commands");
        show();
        enable();
    }

    /** Gives the keyboard to Run. */
    void focusRun() {
        run.requestFocus();
    }

    /** Scrolls to what came of it, where that is news: what is under way, what is missing, what went wrong. */
    void revealOutcome() {
        switch (guide.blocks().get(id)) {
            case BlockState.Ended ended when ended.status() == 0 -> {}
            case BlockState.Cancelled cancelled -> {}
            case null -> {}
            default -> FxThread.later(() -> Widgets.reveal(reason.isVisible() ? reason : bar));
        }
    }

    private void sayOnCopy(String key, Ikon ikon) {
        copy.setText(texts.get(key));
        copy.setGraphic(Widgets.icon(ikon));
        Widgets.describe(copy, texts.get(key));
    }

    private static void copy(String script) {
        ClipboardContent content = new ClipboardContent();
        content.putString(script);
        Clipboard.getSystemClipboard().setContent(content);
    }

    void enable() {
        run.setDisable(guide.busy());
        run.getStyleClass().removeAll("accent", "under-way");
        if (guide.blocks().get(id) instanceof BlockState.Running) {
            run.getStyleClass().add("under-way");
        } else if (!(guide.blocks().get(id) instanceof BlockState.Lacks)
                && guide.nextBlock().filter(id::equals).isPresent()) {
            run.getStyleClass().add("accent");
        }
    }

    void show() {
        BlockState state = guide.blocks().get(id);
        boolean before = guide.progress()
                .get()
                .blocksRun()
                .getOrDefault(id.stepId(), List.of())
                .contains(id.index());
        boolean underWay = state instanceof BlockState.Running;
        String runWords = switch (state) {
            case BlockState.Running running -> "block.running";
            case BlockState.Lacks lacks -> "way.anyway";
            case null -> before ? "guide.again" : "guide.run";
            case BlockState.Ended ended -> "guide.again";
            case BlockState.Cancelled cancelled -> "guide.again";
            case BlockState.Failed failed -> "guide.again";
        };
        run.setText(texts.get(runWords));
        run.setGraphic(underWay ? Widgets.spinner("small-spinner") : Widgets.icon(Material2MZ.PLAY_ARROW));
        explain("");
        reason.getStyleClass().remove("commands-lacks");
        // What became of it needs the room, above all in French.
        copy.setContentDisplay(before || state != null ? ContentDisplay.GRAPHIC_ONLY : ContentDisplay.LEFT);
        if (state == null) {
            outcome.getChildren().setAll(before ? List.of(note(Tone.GOOD, texts.get("block.done"))) : List.of());
            return;
        }
        outcome.getChildren()
                .setAll(
                        switch (state) {
                            case BlockState.Running running -> progress();
                            case BlockState.Ended ended
                            when ended.status() == 0 ->
                                List.of(note(
                                        Tone.GOOD,
                                        texts.get("block.ended", ended.took().toMillis() / 1000.0)));
                            case BlockState.Ended ended -> {
                                explainWithWayOut(why(ended), "button-outlined");
                                // Beside the buttons a narrow guide has no room for it.
                                reason.getChildren()
                                        .addFirst(note(Tone.BAD, texts.get("block.failed", ended.status())));
                                yield List.of();
                            }
                            case BlockState.Cancelled cancelled ->
                                List.of(note(Tone.WAITING, texts.get("block.cancelled")));
                            case BlockState.Failed failed -> {
                                explain(failed.message());
                                yield List.of(note(Tone.BAD, texts.get("block.broken")));
                            }
                            case BlockState.Lacks lacks -> {
                                reason.getStyleClass().add("commands-lacks");
                                explainWithWayOut(desk.ways.missing(lacks.needs()), "accent");
                                yield List.of();
                            }
                        });
    }

    /** The way out of a block that cannot be run, or that failed: a cluster in which all that it builds on is there. */
    private Button wayOut() {
        Button way = Widgets.button(
                "way-" + id.stepId() + "-" + id.index(),
                texts.get("way.here"),
                Material2MZ.REPLAY,
                () -> desk.ways.toBlock(id.stepId(), id.index()),
                "small");
        Widgets.describe(way, texts.get("way.here.why"));
        return way;
    }

    private List<Node> progress() {
        return List.of(Widgets.button(
                "cancel-block",
                texts.get("block.cancel"),
                Material2AL.CLOSE,
                guide::cancel,
                "small",
                "button-outlined"));
    }

    /** What the status means, then what the command itself said. */
    private String why(BlockState.Ended ended) {
        String meaning = StatusWords.of(texts.locale()).meaning(ended.status(), ended.command());
        String sentence = meaning.substring(0, 1).toUpperCase(texts.locale()) + meaning.substring(1) + ".";
        return ended.reason().isEmpty() ? sentence : ended.reason() + "\n" + sentence;
    }

    /** What went wrong and what to do, as the command said it. */
    private void explain(String words) {
        reason.setVisible(!words.isEmpty());
        reason.setManaged(!words.isEmpty());
        reason.getChildren().setAll(Widgets.wrapped(words, "commands-reason-text"));
    }

    /** As the other, with a way out. */
    private void explainWithWayOut(String words, String... look) {
        explain(words);
        Button way = wayOut();
        way.getStyleClass().addAll(look);
        reason.getChildren().add(way);
        reason.setVisible(true);
        reason.setManaged(true);
    }

    private static Label note(Tone tone, String words) {
        Label label = Widgets.label(words, "block-note", Widgets.toneClass(tone));
        label.setGraphic(Widgets.toneIcon(tone));
        label.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
        return label;
    }
}
