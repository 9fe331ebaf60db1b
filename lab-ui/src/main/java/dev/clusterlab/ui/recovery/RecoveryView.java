package dev.clusterlab.ui.recovery;

import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.recovery.RecoveryCard;
import dev.clusterlab.ui.model.recovery.RecoveryComparison;
import dev.clusterlab.ui.model.recovery.RecoveryModel;
import dev.clusterlab.ui.model.recovery.RecoveryModel.Looked;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2AL;

/**
 * The card of a fault: on one side what it came to, on the other its stages, or how long they took beside those of another fault. Where
 * there is little room, one below the other. Nothing in it moves.
 */
public final class RecoveryView {
    private static final Duration PERIOD = Duration.ofMillis(500);
    /** Width of what the fault came to, and the least of both beside each other, as multiples of the text's size. */
    private static final double SUMMARY = 23;

    private static final double BESIDE_MIN = 66;

    private final RecoveryModel model;
    private final Texts texts;
    private final AnatomyWords words;
    private final Settings settings;
    private final LongConsumer lead;
    private final StackPane root = new StackPane();
    private final Label empty;
    private final ScrollPane scroll = new ScrollPane();
    private final Label title = Widgets.wrapped("", "recovery-title");
    private final Label state = Widgets.wrapped("", "state-pill");
    private final HBox figures = new HBox();
    private final VBox facts = new VBox();
    private final VBox causes = new VBox();
    private final MenuButton choice = new MenuButton("", Widgets.icon(Material2AL.HISTORY));
    private final ToggleButton compare = new ToggleButton("", Widgets.icon(Material2AL.COMPARE_ARROWS));
    private final Button events;
    private final VBox summary;
    /** Holds the stages, or the comparison. */
    private final StackPane detail = new StackPane();

    private final Subscription subscription;
    private Optional<RecoveryCard> shown = Optional.empty();
    private Optional<RecoveryComparison> compared = Optional.empty();
    private List<Anatomy> offered = List.of();
    private @Nullable Ticker ticker;
    private boolean beside;

    /** @param lead shows the event with this number */
    public RecoveryView(RecoveryModel model, Settings settings, Texts texts, LongConsumer lead) {
        this.model = model;
        this.settings = settings;
        this.texts = texts;
        this.words = texts.anatomies();
        this.lead = lead;
        empty = Widgets.wrapped(texts.get("recovery.empty"), "muted", "centred");
        empty.setId("recovery-empty");
        events = Widgets.button(
                "recovery-events",
                texts.get("tab.events"),
                Material2AL.EVENT_NOTE,
                () -> shown.ifPresent(card -> lead.accept(card.event())),
                "small");
        Widgets.describe(events, texts.get("recovery.events"));
        choice.setId("recovery-choice");
        compare.setId("recovery-compare");
        for (Region button : List.of(choice, compare)) {
            button.getStyleClass().add("small");
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        compare.setOnAction(event -> model.compare(compare.isSelected()));
        FlowPane actions = new FlowPane(choice, compare, events);
        actions.getStyleClass().add("actions");
        Widgets.setTone(state, Tone.NEUTRAL);
        figures.getStyleClass().add("recovery-figures");
        facts.getStyleClass().add("recovery-facts");
        causes.getStyleClass().add("recovery-causes");
        summary = new VBox(title, state, figures, facts, actions, causes);
        summary.setId("recovery-summary");
        summary.getStyleClass().add("recovery-summary");
        detail.setAlignment(Pos.TOP_LEFT);
        detail.setMinWidth(0);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().addAll("page-scroll", "recovery-scroll");
        root.setId("recovery");
        root.getStyleClass().add("recovery");
        root.getChildren().addAll(empty, scroll);
        arrange(false);
        subscription = Subscription.combine(
                model.looked().subscribe(this::show),
                root.widthProperty().subscribe(this::share),
                settings.textSize().subscribe(this::share),
                settings.presentation().subscribe(this::share));
    }

    public Node node() {
        return root;
    }

    /** Whether somebody can see it; only then is it asked for how things are now. */
    public void shown(boolean visible) {
        stop();
        if (visible) {
            ticker = new Ticker(PERIOD, model::refresh);
        }
    }

    private void stop() {
        if (ticker != null) {
            ticker.close();
            ticker = null;
        }
    }

    public void dispose() {
        stop();
        subscription.unsubscribe();
    }

    // ---- room

    private void share() {
        double pixels = settings.fontPixels();
        boolean wide = root.getWidth() >= BESIDE_MIN * pixels;
        if (wide != beside) {
            arrange(wide);
        }
        double width = wide ? Math.rint(SUMMARY * pixels) : Region.USE_COMPUTED_SIZE;
        summary.setMinWidth(wide ? width : 0);
        summary.setPrefWidth(width);
        summary.setMaxWidth(wide ? width : Double.MAX_VALUE);
    }

    private void arrange(boolean wide) {
        beside = wide;
        if (scroll.getContent() instanceof Pane before) {
            before.getChildren().clear();
        }
        HBox.setHgrow(detail, Priority.ALWAYS);
        Pane both = wide ? new HBox(summary, detail) : new VBox(summary, detail);
        both.getStyleClass().add("recovery-both");
        scroll.setContent(both);
    }

    // ---- what is said

    private void show(Looked looked) {
        Optional<RecoveryCard> card = looked.card().map(anatomy -> RecoveryCard.of(anatomy, words));
        empty.setVisible(card.isEmpty());
        scroll.setVisible(card.isPresent());
        offer(looked);
        card.ifPresent(now -> {
            summarise(now);
            Optional<RecoveryComparison> comparison = looked.comparing()
                    ? looked.card()
                            .flatMap(one -> looked.other().map(other -> RecoveryComparison.of(one, other, words)))
                    : Optional.empty();
            detail(now, comparison);
        });
        shown = card;
    }

    private void summarise(RecoveryCard card) {
        title.setText(card.title());
        state.setText(card.state());
        state.setGraphic(Widgets.toneIcon(card.tone()));
        Widgets.setTone(state, card.tone());
        events.setVisible(card.event() != 0);
        events.setManaged(card.event() != 0);
        if (shown.map(RecoveryCard::figures).filter(card.figures()::equals).isEmpty()) {
            figures.getChildren()
                    .setAll(card.figures().stream().map(RecoveryView::figure).toList());
            figures.setVisible(!card.figures().isEmpty());
            figures.setManaged(!card.figures().isEmpty());
        }
        if (shown.map(RecoveryCard::facts).filter(card.facts()::equals).isEmpty()) {
            facts.getChildren()
                    .setAll(card.facts().stream()
                            .map(fact -> Widgets.wrapped(fact))
                            .toList());
        }
        if (shown.map(RecoveryCard::causes).filter(card.causes()::equals).isEmpty()) {
            causes.getChildren().clear();
            if (!card.causes().isEmpty()) {
                causes.getChildren().add(Widgets.wrapped(card.why(), "strong"));
            }
            card.causes().forEach(cause -> causes.getChildren().add(cause(cause)));
        }
    }

    private static Node figure(RecoveryCard.Figure figure) {
        Label number = Widgets.label(figure.number(), "recovery-number");
        number.setMinWidth(Region.USE_PREF_SIZE);
        VBox both = new VBox(number, Widgets.wrapped(figure.words(), "muted"));
        both.setMinWidth(0);
        HBox.setHgrow(both, Priority.ALWAYS);
        return both;
    }

    private static Node cause(RecoveryCard.Cause cause) {
        Label count = Widgets.label(cause.count(), "recovery-count");
        count.setMinWidth(Region.USE_PREF_SIZE);
        Label why = Widgets.wrapped(cause.words());
        why.setMinWidth(0);
        HBox.setHgrow(why, Priority.ALWAYS);
        HBox line = new HBox(count, why);
        line.getStyleClass().add("recovery-cause");
        return line;
    }

    /** Builds the stages again only where they have changed: what has the keyboard, or is about to be clicked, stays. */
    private void detail(RecoveryCard card, Optional<RecoveryComparison> comparison) {
        boolean same = !detail.getChildren().isEmpty()
                && comparison.equals(compared)
                && shown.filter(before -> before.lanes().equals(card.lanes())
                                && before.axis().equals(card.axis()))
                        .isPresent();
        compared = comparison;
        if (!same) {
            detail.getChildren()
                    .setAll(comparison
                            .map(of -> new ComparisonPane(of).node())
                            .orElseGet(() -> new LanesPane(card, lead).node()));
        }
    }

    private void offer(Looked looked) {
        choice.setText(texts.get("recovery.faults", looked.all().size()));
        compare.setText(texts.get(looked.last() ? "recovery.before" : "recovery.last"));
        compare.setSelected(looked.comparing());
        compare.setVisible(looked.other().isPresent());
        compare.setManaged(looked.other().isPresent());
        List<Anatomy> newestFirst = looked.all().reversed();
        if (!ids(newestFirst).equals(ids(offered))) {
            offered = newestFirst;
            ToggleGroup group = new ToggleGroup();
            choice.getItems()
                    .setAll(newestFirst.stream().map(each -> item(each, group)).toList());
        }
        looked.card()
                .ifPresent(card -> choice.getItems().forEach(item -> {
                    if (item instanceof RadioMenuItem radio) {
                        radio.setSelected(item.getId().equals(itemId(card)));
                    }
                }));
    }

    private static List<String> ids(List<Anatomy> anatomies) {
        return anatomies.stream().map(each -> each.fault().id()).toList();
    }

    private static String itemId(Anatomy anatomy) {
        return "recovery-of-" + anatomy.fault().id();
    }

    private RadioMenuItem item(Anatomy anatomy, ToggleGroup group) {
        RadioMenuItem item = new RadioMenuItem(words.title(anatomy));
        item.setId(itemId(anatomy));
        item.setToggleGroup(group);
        item.setOnAction(event -> model.choose(anatomy.fault().id()));
        return item;
    }
}
