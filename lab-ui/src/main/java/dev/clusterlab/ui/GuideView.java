package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.StepState;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.collections.MapChangeListener;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The lab's pages: where one is, what to read and run, and what is still missing. */
final class GuideView {
    private static final Duration MEASURING = Duration.ofSeconds(1);
    private static final double PAGE_HEIGHT_MIN = 140;
    /** Width, in text sizes, from which the number of steps that are done has room beside that of the step. */
    private static final double COUNT_EMS = 23;

    private final WindowModels desk;
    private final GuideModel guide;
    private final Texts texts;
    private final VBox root = new VBox();
    private final StepsView steps;
    private final Label kicker = Widgets.label("", "kicker");
    private final Label count = Widgets.label("", "muted");
    private final VBox page = new VBox();
    private final ScrollPane scroll = new ScrollPane(page);
    private final ChecksView checks;
    private final VBox hints = new VBox();
    private final VBox ahead = new VBox();
    private final Button finish;
    private List<String> drawnHints = List.of();
    private final Button previous;
    private final Button next;
    private final Map<BlockId, CommandsCard> cards = new HashMap<>();
    private final List<QuestionCard> questionCards = new ArrayList<>();
    private final Ticker measuring;
    private Subscription subscription = Subscription.EMPTY;

    GuideView(WindowModels desk, Texts texts) {
        this.desk = desk;
        this.guide = desk.guide;
        this.texts = texts;
        this.steps = new StepsView(desk.guide, desk.ways, texts, desk.settings.motion()::get);
        this.checks = new ChecksView(desk.guide, texts, desk.settings.motion()::get);
        previous = Widgets.button(
                "previous-step", texts.get("guide.previous"), Material2AL.ARROW_BACK, guide::previous, "flat");
        next = Widgets.button("next-step", texts.get("guide.next"), Material2AL.ARROW_FORWARD, guide::next);
        next.setContentDisplay(javafx.scene.control.ContentDisplay.RIGHT);
        finish = Widgets.button(
                "finish-step",
                texts.get("way.finish"),
                Material2AL.FAST_FORWARD,
                desk.ways::finishStep,
                "flat",
                "small");
        Widgets.describe(finish, texts.get("way.finish.why"));
        finish.setWrapText(true);
        finish.setMinWidth(0);
        build();
        MapChangeListener<BlockId, BlockState> blockListener = change -> {
            CommandsCard card = cards.get(change.getKey());
            if (card != null) {
                card.show();
                card.revealOutcome();
            }
            cards.values().forEach(CommandsCard::enable);
            questionCards.forEach(QuestionCard::refresh);
            finish.setDisable(guide.busy());
        };
        guide.blocks().addListener(blockListener);
        subscription = Subscription.combine(
                guide.lab().subscribe(this::showPage),
                guide.shownStep().subscribe(this::showPage),
                guide.progress().subscribe(this::showProgress),
                desk.predictions.changes().subscribe(() -> questionCards.forEach(QuestionCard::refresh)),
                () -> guide.blocks().removeListener(blockListener));
        measuring = new Ticker(MEASURING, desk.predictions::refresh);
        showPage();
    }

    VBox node() {
        return root;
    }

    void focus() {
        scroll.requestFocus();
    }

    /** To Run on the block that is next, so that Enter runs it; to the page where there is none. */
    void focusNext() {
        guide.nextBlock().map(cards::get).ifPresentOrElse(CommandsCard::focusRun, this::focus);
    }

    /** Where the keyboard comes to: the page, which the arrows scroll. */
    Optional<Node> entry() {
        return Optional.of(scroll);
    }

    /** Scrolls to a block of commands on the page. */
    void reveal(BlockId block) {
        CommandsCard card = cards.get(block);
        if (card != null) {
            Widgets.reveal(card.node);
        }
    }

    void dispose() {
        measuring.close();
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
        Widgets.describe(all, texts.get("guide.steps"));
        ScrollPane listScroll = new ScrollPane(steps.list);
        listScroll.setFitToWidth(true);
        listScroll.setMaxHeight(300);
        listScroll.visibleProperty().bind(all.selectedProperty());
        listScroll.managedProperty().bind(all.selectedProperty());
        count.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
        count.setId("step-count");
        kicker.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
        Button fold = Widgets.iconButton(
                "fold-guide",
                Material2MZ.MENU_OPEN,
                texts.get("guide.fold"),
                () -> desk.settings.guideFolded().set(true));
        HBox top = new HBox(kicker, Widgets.spacer(), count, all, fold);
        top.getStyleClass().add("guide-progress");
        root.widthProperty().subscribe(width -> {
            boolean room = width.doubleValue() >= COUNT_EMS * desk.settings.fontPixels();
            count.setVisible(room);
            count.setManaged(room);
        });
        VBox head = new VBox(top, steps.dots, listScroll);
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

        HBox foot = new HBox(previous, Widgets.spacer(), next);
        foot.getStyleClass().add("guide-foot");
        root.getChildren().addAll(head, scroll, checks.node, foot);
        ahead.getStyleClass().addAll("callout", "callout-hint");
        Label words = Widgets.wrapped(texts.get("way.ahead"), "callout-words");
        Button bring = Widgets.button(
                "bring-here",
                texts.get("way.here"),
                Material2MZ.REPLAY,
                () -> desk.ways.toStep(guide.shownStep().get()),
                "small",
                "button-outlined");
        Widgets.describe(bring, texts.get("way.here.why"));
        ahead.getChildren().addAll(words, bring);
        ahead.setId("ahead");
    }

    private void showPage() {
        page.getChildren().clear();
        cards.clear();
        questionCards.clear();
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
        page.getChildren().addAll(title, ahead);
        int questions = 0;
        for (Lab.Block block : step.blocks()) {
            page.getChildren()
                    .add(
                            switch (block) {
                                case Lab.Block.Prose prose -> MarkdownView.of(prose.markdown(), desk.browser);
                                case Lab.Block.Commands commands -> {
                                    CommandsCard card = new CommandsCard(
                                            desk, texts, new BlockId(step.id(), commands.index()), commands.script());
                                    cards.put(card.id, card);
                                    yield card.node;
                                }
                                case Lab.Block.Question question -> {
                                    QuestionCard card = new QuestionCard(desk, texts, step.id(), ++questions, question);
                                    questionCards.add(card);
                                    yield card.node;
                                }
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
        page.getChildren().addAll(hints, finish);
    }

    private void showProgress() {
        cards.values().forEach(CommandsCard::enable);
        questionCards.forEach(QuestionCard::refresh);
        steps.refresh();
        checks.refresh();
        showHints();
        count.setText(texts.get(
                "guide.count", guide.passed(), guide.lab().get().steps().size()));
        previous.setDisable(!guide.hasPrevious());
        boolean passed = guide.stateOf(guide.shownStep().get()) == StepState.PASSED;
        next.setDisable(!guide.hasNext());
        boolean far = desk.ways.ahead(guide.shownStep().get());
        ahead.setVisible(far && !passed);
        ahead.setManaged(far && !passed);
        finish.setVisible(!passed && !far);
        finish.setManaged(!passed && !far);
        finish.setDisable(guide.busy());
        next.getStyleClass().remove("accent");
        if (passed && guide.hasNext()) {
            next.getStyleClass().add("accent");
        }
    }

    private void showHints() {
        List<String> now = guide.shownStep().get().equals(guide.progress().get().currentStepId())
                ? guide.progress().get().hints()
                : List.of();
        if (now.equals(drawnHints)) {
            return;
        }
        drawnHints = now;
        List<Node> rows = new ArrayList<>();
        for (String hint : now) {
            VBox words = MarkdownView.of(hint, desk.browser);
            HBox.setHgrow(words, Priority.ALWAYS);
            HBox row = new HBox(Widgets.icon(Material2AL.EMOJI_OBJECTS), words);
            row.getStyleClass().addAll("callout", "callout-hint");
            rows.add(row);
        }
        hints.getChildren().setAll(rows);
    }
}
