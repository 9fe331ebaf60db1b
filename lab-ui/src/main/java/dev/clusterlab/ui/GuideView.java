package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.CheckState;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.collections.MapChangeListener;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TitledPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The lab's pages: where one is, what to read and run, and what is still missing. */
final class GuideView {
    private static final double PAGE_HEIGHT_MIN = 140;

    private final Desk desk;
    private final GuideModel guide;
    private final Texts texts;
    private final VBox root = new VBox();
    private final HBox stepper = new HBox();
    private final VBox stepList = new VBox();
    private final Label kicker = Widgets.label("", "kicker");
    private final Label count = Widgets.label("", "muted");
    private final VBox page = new VBox();
    private final ScrollPane scroll = new ScrollPane(page);
    private final VBox checks = new VBox();
    private final VBox hints = new VBox();
    private final Button previous;
    private final Button next;
    private final Map<BlockId, CommandsCard> cards = new HashMap<>();
    private Subscription subscription = Subscription.EMPTY;

    GuideView(Desk desk, Texts texts) {
        this.desk = desk;
        this.guide = desk.guide;
        this.texts = texts;
        previous = Widgets.button(
                "previous-step", texts.get("guide.previous"), Material2AL.ARROW_BACK, guide::previous, "flat");
        next = Widgets.button("next-step", texts.get("guide.next"), Material2AL.ARROW_FORWARD, guide::next);
        next.setContentDisplay(javafx.scene.control.ContentDisplay.RIGHT);
        build();
        MapChangeListener<BlockId, BlockState> blockListener = change -> {
            CommandsCard card = cards.get(change.getKey());
            if (card != null) {
                card.show();
            }
            cards.values().forEach(CommandsCard::enable);
        };
        guide.blocks().addListener(blockListener);
        subscription = Subscription.combine(
                guide.lab().subscribe(this::showPage),
                guide.shownStep().subscribe(this::showPage),
                guide.progress().subscribe(this::showProgress),
                () -> guide.blocks().removeListener(blockListener));
        showPage();
    }

    Node node() {
        return root;
    }

    void focus() {
        scroll.requestFocus();
    }

    /** Scrolls to a block of commands on the page. */
    void reveal(BlockId block) {
        CommandsCard card = cards.get(block);
        if (card != null) {
            Widgets.reveal(card.node);
        }
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private void build() {
        root.getStyleClass().add("guide");
        root.setId("guide");
        // Its least height depends on its width, which who asks for it does not know yet.
        root.setMinHeight(0);
        ToggleButton all = new ToggleButton("", Widgets.icon(Material2AL.LIST));
        all.setId("all-steps");
        all.getStyleClass().addAll("button-icon", "flat");
        Widgets.say(all, texts.get("guide.steps"));
        stepList.getStyleClass().add("step-list");
        ScrollPane listScroll = new ScrollPane(stepList);
        listScroll.setFitToWidth(true);
        listScroll.setMaxHeight(300);
        listScroll.visibleProperty().bind(all.selectedProperty());
        listScroll.managedProperty().bind(all.selectedProperty());
        count.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
        count.setId("step-count");
        kicker.setMinWidth(0);
        HBox top = new HBox(kicker, Widgets.spacer(), count, all);
        top.getStyleClass().add("guide-progress");
        stepper.getStyleClass().add("stepper");
        VBox head = new VBox(top, stepper, listScroll);
        head.getStyleClass().add("guide-head");

        page.getStyleClass().add("page");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("page-scroll");
        scroll.setId("page");
        // What a page would like to have must not take room from the checks below it.
        scroll.setPrefHeight(PAGE_HEIGHT_MIN);
        scroll.setMinHeight(PAGE_HEIGHT_MIN);
        VBox.setVgrow(scroll, Priority.ALWAYS);

        checks.getStyleClass().add("checks");
        checks.setId("checks");
        checks.setMinHeight(javafx.scene.layout.Region.USE_PREF_SIZE);
        HBox foot = new HBox(previous, Widgets.spacer(), next);
        foot.getStyleClass().add("guide-foot");
        root.getChildren().addAll(head, scroll, checks, foot);
    }

    private void showPage() {
        page.getChildren().clear();
        cards.clear();
        int number = 1;
        for (Lab.Step step : guide.lab().get().steps()) {
            if (step.id().equals(guide.shownStep().get())) {
                fill(step, number);
            }
            number++;
        }
        scroll.setVvalue(0);
        showProgress();
    }

    private void fill(Lab.Step step, int number) {
        kicker.setText(texts.get("guide.step", number, guide.lab().get().steps().size()));
        Label title = Widgets.wrapped(step.title(), "page-title");
        title.setId("step-title");
        page.getChildren().add(title);
        for (Lab.Block block : step.blocks()) {
            page.getChildren()
                    .add(
                            switch (block) {
                                case Lab.Block.Prose prose -> MarkdownView.of(prose.markdown(), desk.browser);
                                case Lab.Block.Commands commands -> {
                                    CommandsCard card = new CommandsCard(
                                            new BlockId(step.id(), commands.index()), commands.script());
                                    cards.put(card.id, card);
                                    yield card.node;
                                }
                                case Lab.Block.Question question -> question(question);
                            });
        }
        if (!step.look().isBlank()) {
            VBox look = new VBox(
                    new HBox(8, Widgets.icon(Material2MZ.VISIBILITY), Widgets.label(texts.get("guide.look"), "strong")),
                    MarkdownView.of(step.look(), desk.browser));
            look.getStyleClass().addAll("callout", "callout-look");
            page.getChildren().add(look);
        }
        hints.getStyleClass().setAll("hints");
        page.getChildren().add(hints);
    }

    private Node question(Lab.Block.Question question) {
        TitledPane pane = new TitledPane();
        Label words = Widgets.wrapped(question.question(), "strong");
        words.setGraphic(Widgets.icon(Material2AL.HELP_OUTLINE));
        words.maxWidthProperty().bind(page.widthProperty().subtract(90));
        pane.setGraphic(words);
        pane.setContent(MarkdownView.of(question.answer(), desk.browser));
        pane.setExpanded(false);
        pane.setAnimated(desk.settings.motion().get());
        pane.getStyleClass().addAll("question");
        return pane;
    }

    private void showProgress() {
        cards.values().forEach(CommandsCard::enable);
        showSteps();
        showChecks();
        showHints();
        count.setText(texts.get(
                "guide.count", guide.passed(), guide.lab().get().steps().size()));
        previous.setDisable(!guide.hasPrevious());
        boolean passed = guide.stateOf(guide.shownStep().get()) == StepState.PASSED;
        next.setDisable(!guide.hasNext());
        next.getStyleClass().remove("accent");
        if (passed && guide.hasNext()) {
            next.getStyleClass().add("accent");
        }
    }

    private void showSteps() {
        List<Node> dots = new ArrayList<>();
        List<Node> rows = new ArrayList<>();
        int number = 1;
        for (Lab.Step step : guide.lab().get().steps()) {
            StepState state = guide.stateOf(step.id());
            boolean shown = step.id().equals(guide.shownStep().get());
            dots.add(stepDot(step, state, shown, number));
            rows.add(stepRow(step, state, shown, number));
            number++;
        }
        stepper.getChildren().setAll(dots);
        stepList.getChildren().setAll(rows);
    }

    private Node stepDot(Lab.Step step, StepState state, boolean shown, int number) {
        Button dot = new Button(state == StepState.PASSED ? "✓" : String.valueOf(number));
        dot.setId("step-" + step.id());
        dot.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(dot, Priority.ALWAYS);
        dot.getStyleClass().setAll("step-dot", "step-" + state.name().toLowerCase(Locale.ROOT));
        if (shown) {
            dot.getStyleClass().add("step-shown");
        }
        Widgets.say(dot, number + ". " + step.title() + " – " + texts.get("step." + state.name()));
        dot.setOnAction(event -> guide.shownStep().set(step.id()));
        return dot;
    }

    private Node stepRow(Lab.Step step, StepState state, boolean shown, int number) {
        Button row = new Button(number + ". " + step.title());
        row.setId("row-" + step.id());
        row.getStyleClass().addAll("flat", "step-row");
        row.setAlignment(Pos.CENTER_LEFT);
        row.setGraphic(
                switch (state) {
                    case PASSED -> Widgets.toneIcon(Tone.GOOD);
                    case OPEN -> Widgets.icon(Material2AL.ARROW_RIGHT_ALT, "tone-accent");
                    case LOCKED -> Widgets.icon(Material2MZ.RADIO_BUTTON_UNCHECKED, "tone-neutral");
                });
        row.setMaxWidth(Double.MAX_VALUE);
        if (shown) {
            row.getStyleClass().add("step-shown");
        }
        row.setOnAction(event -> guide.shownStep().set(step.id()));
        return row;
    }

    private void showChecks() {
        List<Node> rows = new ArrayList<>();
        guide.step().ifPresent(step -> {
            boolean passed = guide.stateOf(step.id()) == StepState.PASSED;
            boolean all = guide.finished();
            Label heading = Widgets.wrapped(
                    texts.get(all ? "guide.finished" : passed ? "guide.passed" : "guide.checks"),
                    passed ? "checks-passed" : "section-title");
            if (passed) {
                heading.setGraphic(Widgets.icon(all ? Material2AL.EMOJI_EVENTS : Material2AL.DONE_ALL, "tone-good"));
            }
            rows.add(heading);
            checks.getStyleClass().remove("checks-done");
            if (passed) {
                checks.getStyleClass().add("checks-done");
            }
            for (Lab.Check check : step.checks()) {
                rows.add(checkRow(check, passed));
            }
        });
        checks.getChildren().setAll(rows);
    }

    private Node checkRow(Lab.Check check, boolean stepPassed) {
        CheckState state = guide.stateOf(check);
        boolean held = state.now() || stepPassed;
        Label title = Widgets.wrapped(check.title(), "check-title");
        VBox words = new VBox(title);
        HBox.setHgrow(words, Priority.ALWAYS);
        if (!held
                && !state.missing().isBlank()
                && guide.stateOf(guide.shownStep().get()) == StepState.OPEN) {
            words.getChildren().add(Widgets.wrapped(state.missing(), "check-missing"));
        }
        if (stepPassed && !state.now() && state.everPassed()) {
            words.getChildren().add(Widgets.wrapped(texts.get("check.nolonger"), "check-missing"));
        }
        HBox row = new HBox(
                held ? Widgets.toneIcon(Tone.GOOD) : Widgets.icon(Material2MZ.RADIO_BUTTON_UNCHECKED, "tone-neutral"),
                words);
        row.getStyleClass().addAll("step-check", held ? "check-held" : "check-open");
        return row;
    }

    private void showHints() {
        List<Node> rows = new ArrayList<>();
        if (guide.shownStep().get().equals(guide.progress().get().currentStepId())) {
            for (String hint : guide.progress().get().hints()) {
                VBox words = MarkdownView.of(hint, desk.browser);
                HBox.setHgrow(words, Priority.ALWAYS);
                HBox row = new HBox(Widgets.icon(Material2AL.EMOJI_OBJECTS), words);
                row.getStyleClass().addAll("callout", "callout-hint");
                rows.add(row);
            }
        }
        hints.getChildren().setAll(rows);
    }

    /** A block of commands with Run and Copy and what became of it. */
    private final class CommandsCard {
        final BlockId id;
        final VBox node = new VBox();
        private final Button run;
        private final HBox outcome = new HBox();
        private final VBox reason = new VBox();

        CommandsCard(BlockId id, String script) {
            this.id = id;
            Label code = Widgets.wrapped(script.stripTrailing(), "commands-code");
            code.setMaxWidth(Double.MAX_VALUE);
            run = Widgets.button(
                    "run-" + id.stepId() + "-" + id.index(),
                    texts.get("guide.run"),
                    Material2MZ.PLAY_ARROW,
                    () -> desk.run(id),
                    "small",
                    "run-button");
            Button copy = Widgets.button(
                    "copy-" + id.stepId() + "-" + id.index(),
                    texts.get("guide.copy"),
                    Material2AL.CONTENT_COPY,
                    () -> copy(script),
                    "flat",
                    "small");
            HBox bar = new HBox(run, copy, Widgets.spacer(), outcome);
            bar.getStyleClass().add("commands-bar");
            outcome.getStyleClass().add("commands-outcome");
            outcome.setAlignment(Pos.CENTER_RIGHT);
            reason.getStyleClass().add("commands-reason");
            reason.setManaged(false);
            reason.setVisible(false);
            node.getChildren().addAll(code, bar, reason);
            node.getStyleClass().add("commands");
            show();
            enable();
        }

        private static void copy(String script) {
            ClipboardContent content = new ClipboardContent();
            content.putString(script);
            Clipboard.getSystemClipboard().setContent(content);
        }

        void enable() {
            run.setDisable(guide.busy());
            run.getStyleClass().remove("accent");
            if (guide.nextBlock().filter(id::equals).isPresent()) {
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
            run.setText(texts.get(before || state != null ? "guide.again" : "guide.run"));
            explain("");
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
                                            texts.get(
                                                    "block.ended", ended.took().toMillis() / 1000.0)));
                                case BlockState.Ended ended -> {
                                    explain(ended.reason());
                                    yield List.of(note(Tone.BAD, texts.get("block.failed", ended.status())));
                                }
                                case BlockState.Cancelled cancelled ->
                                    List.of(note(Tone.WAITING, texts.get("block.cancelled")));
                                case BlockState.Failed failed -> {
                                    explain(failed.message());
                                    yield List.of(note(Tone.BAD, texts.get("block.broken")));
                                }
                            });
        }

        private List<Node> progress() {
            ProgressIndicator spinner = new ProgressIndicator();
            spinner.getStyleClass().add("small-spinner");
            return List.of(
                    spinner,
                    Widgets.label(texts.get("block.running"), "muted"),
                    Widgets.button(
                            "cancel-block",
                            texts.get("block.cancel"),
                            Material2AL.CLOSE,
                            guide::cancel,
                            "small",
                            "button-outlined"));
        }

        /** What went wrong and what to do, as the command said it. */
        private void explain(String words) {
            reason.setVisible(!words.isEmpty());
            reason.setManaged(!words.isEmpty());
            reason.getChildren().setAll(Widgets.wrapped(words, "commands-reason-text"));
        }

        private static Label note(Tone tone, String words) {
            Label label = Widgets.label(words, "block-note", Widgets.toneClass(tone));
            label.setGraphic(Widgets.toneIcon(tone));
            label.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
            return label;
        }
    }
}
