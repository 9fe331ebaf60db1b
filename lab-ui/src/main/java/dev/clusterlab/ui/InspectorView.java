package dev.clusterlab.ui;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Inspector;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** What is selected: its facts, what its own daemon believes, its log, and what can be done or broken. */
final class InspectorView {
    private static final int LOG_LINES = 60;
    /** What is beside a row: the edges of the pane, its bar, the gap between label and value. */
    private static final double ROW_EDGES = 62;
    /** Until somebody says how wide it is. */
    private static final double USUAL_WIDTH = 264;

    /** How many letters fewer than a row has there are in a button, for its icon and edges. */
    private static final int BUTTON_EDGE_LETTERS = 6;

    /** Part of the text size that a letter is wide, on average. */
    private static final double LETTER = 0.6;

    private final WindowModels desk;
    private final Texts texts;
    private final Consumer<Inspection.Action> act;
    private Inspector inspector;
    private final Label kind = Widgets.label("", "kicker");
    private final Label title = Widgets.wrapped("", "inspector-title");
    private final Label state = Widgets.label("", "state-pill");
    private final Button close;
    private final StackPane head = new StackPane();
    private final FlowPane actions = new FlowPane();
    private final VBox refusals = new VBox();
    private List<Inspection.Action> drawnActions = List.of();
    private final VBox sections = new VBox();
    private final Label hint;
    private final VBox content = new VBox();
    private final ScrollPane root = new ScrollPane(content);
    private final VBox logs = new VBox();
    private final Label logText = Widgets.wrapped("", "log-text");
    private final Subscription subscription;
    private Optional<Inspection> drawn = Optional.empty();
    private Optional<Inspection.LogTarget> logTarget = Optional.empty();

    /** {@code closing}: what its cross does. */
    InspectorView(WindowModels desk, Texts texts, Consumer<Inspection.Action> act, Runnable closing) {
        this.desk = desk;
        this.texts = texts;
        this.act = act;
        this.inspector = inspector();
        root.setId("inspector");
        root.setFitToWidth(true);
        root.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        root.getStyleClass().add("inspector");
        content.getStyleClass().add("inspector-content");
        title.setId("inspector-title");
        VBox words = new VBox(kind, title, state);
        words.getStyleClass().add("inspector-head");
        close = Widgets.iconButton("close-inspector", Material2AL.CLOSE, texts.get("inspect.close"), closing);
        StackPane.setAlignment(close, javafx.geometry.Pos.TOP_RIGHT);
        head.getChildren().addAll(words, close);
        actions.getStyleClass().add("actions");
        actions.setMinWidth(0);
        refusals.getStyleClass().add("refusals");
        HBox logHead = new HBox(
                Widgets.label(texts.get("inspect.logs"), "section-title"),
                Widgets.spacer(),
                Widgets.iconButton("reload-logs", Material2MZ.REFRESH, texts.get("inspect.reload"), this::loadLogs));
        logHead.getStyleClass().add("section-head");
        logText.setMaxWidth(Double.MAX_VALUE);
        logs.getChildren().addAll(logHead, logText);
        logs.getStyleClass().add("section");
        sections.getStyleClass().add("sections");
        hint = Widgets.wrapped(texts.get("inspect.hint"), "muted");
        content.getChildren().addAll(head, actions, refusals, sections, logs, hint);
        subscription = Subscription.combine(
                desk.cluster.snapshot().subscribe(this::refresh),
                desk.cluster.selection().subscribe(this::refresh),
                desk.host.abilities().subscribe(() -> {
                    inspector = inspector();
                    refresh();
                }),
                desk.settings.textSize().subscribe(this::redraw),
                root.prefWidthProperty().subscribe(this::redraw));
        refresh();
    }

    private Inspector inspector() {
        return desk.inspector(texts);
    }

    ScrollPane node() {
        return root;
    }

    /** To the first thing that can be done, or to the text. */
    void focus() {
        Node first = content.lookup(".actions .button");
        (first == null ? root : first).requestFocus();
    }

    void dispose() {
        subscription.unsubscribe();
    }

    static Ikon symbol(Inspection.Symbol symbol) {
        return switch (symbol) {
            case START -> Material2MZ.PLAY_ARROW;
            case STOP -> Material2MZ.POWER_SETTINGS_NEW;
            case KILL -> Material2AL.FLASH_ON;
            case PAUSE -> Material2AL.AC_UNIT;
            case RESUME -> Material2MZ.PLAY_ARROW;
            case REMOVE -> Material2AL.DELETE_OUTLINE;
            case CUT -> Material2AL.CONTENT_CUT;
            case HEAL -> Material2AL.HEALING;
            case EXTEND -> Material2MZ.MORE_TIME;
            case MORE -> Material2AL.ADD;
            case FEWER -> Material2MZ.REMOVE;
            case RESTART -> Material2MZ.REFRESH;
            case GO_BACK -> Material2MZ.UNDO;
            case SHELL -> Material2AL.CODE;
        };
    }

    private void redraw() {
        drawn = Optional.empty();
        drawnActions = List.of();
        refresh();
    }

    private void refresh() {
        Inspection now = inspector.inspect(
                desk.cluster.snapshot().get(), desk.cluster.selection().get(), desk.cluster.lastFault());
        if (drawn.filter(now::equals).isPresent()) {
            return;
        }
        drawn = Optional.of(now);
        showHead(now);
        // What can be pressed stays as long as it is the same, though facts change while one presses.
        if (!now.actions().equals(drawnActions)) {
            drawnActions = now.actions();
            actions.getChildren().setAll(drawnActions.stream().map(this::button).toList());
            refusals.getChildren()
                    .setAll(drawnActions.stream()
                            .filter(action -> !action.refusal().isEmpty())
                            .map(this::refusal)
                            .toList());
        }
        shown(actions, !now.actions().isEmpty());
        shown(refusals, !refusals.getChildren().isEmpty());
        sections.getChildren().setAll(now.sections().stream().map(this::section).toList());
        shown(logs, now.logs().isPresent());
        shown(hint, desk.cluster.selection().get().equals(Selection.NOTHING));
        if (!now.logs().equals(logTarget)) {
            logTarget = now.logs();
            loadLogs();
        }
    }

    private static void shown(Node node, boolean shown) {
        node.setVisible(shown);
        node.setManaged(shown);
    }

    private void showHead(Inspection now) {
        kind.setText(now.kind());
        title.setText(now.title());
        state.setText(now.state());
        shown(state, !now.state().isEmpty());
        state.setGraphic(Widgets.toneIcon(now.tone()));
        Widgets.setTone(state, now.tone());
    }

    /** Why something is greyed out, to be read without pointing at it. */
    private Label refusal(Inspection.Action action) {
        Label words = Widgets.wrapped(texts.get("inspect.refusal", action.label(), action.refusal()), "refusal");
        words.setGraphic(Widgets.icon(Material2AL.BLOCK));
        return words;
    }

    private Button button(Inspection.Action action) {
        Button button = Widgets.button(
                "action-" + action.symbol().name().toLowerCase(Locale.ROOT),
                action.label(),
                symbol(action.symbol()),
                () -> act.accept(action),
                "small");
        // Some name a step or a fault.
        button.setWrapText(true);
        button.setMinWidth(0);
        if (action.label().length() > rowLetters() - BUTTON_EDGE_LETTERS) {
            // What is as wide as it likes makes the whole pane so.
            button.setPrefWidth(rowWidth());
        }
        if (action.harmful()) {
            button.getStyleClass().addAll("button-outlined", "danger");
        }
        if (!action.refusal().isEmpty()) {
            button.setDisable(true);
            Tooltip.install(button, new Tooltip(action.refusal()));
        }
        return button;
    }

    /** How many letters a fact may have to stand on one line. */
    private int rowLetters() {
        // On the stage letters are larger than the setting says.
        double pixels = Math.max(desk.settings.fontPixels(), hint.getFont().getSize());
        return (int) (rowWidth() / (pixels * LETTER));
    }

    private double rowWidth() {
        double width = root.getPrefWidth() > 0 ? root.getPrefWidth() : USUAL_WIDTH;
        return width - ROW_EDGES;
    }

    private Node section(Inspection.Section section) {
        VBox box = new VBox(Widgets.label(section.title(), "section-title"));
        box.getStyleClass().add("section");
        for (Inspection.Fact fact : section.facts()) {
            String words = fact.value().isEmpty() ? "–" : fact.value();
            boolean tall = fact.label().length() + words.length() > rowLetters() || words.contains("\n");
            if (tall) {
                box.getChildren()
                        .add(new VBox(
                                1,
                                Widgets.wrapped(fact.label(), "fact-label"),
                                value(fact, Widgets.wrapped(words, "fact-value"))));
            } else {
                Label label = Widgets.label(fact.label(), "fact-label");
                Label value = Widgets.label(words, "fact-value");
                label.setMinWidth(javafx.scene.layout.Region.USE_PREF_SIZE);
                box.getChildren().add(new HBox(10, label, Widgets.spacer(), value(fact, value)));
            }
        }
        return box;
    }

    /** A value that is copied by a click, or a link that opens in the browser. */
    private Node value(Inspection.Fact fact, Label plain) {
        if (!fact.link().isEmpty()) {
            Hyperlink link = new Hyperlink(plain.getText());
            link.getStyleClass().add("fact-link");
            link.setOnAction(event -> desk.browser.accept(fact.link()));
            Widgets.describe(link, fact.link());
            return link;
        }
        if (!fact.value().isEmpty()) {
            plain.getStyleClass().add("fact-copied");
            plain.setOnMouseClicked(event -> {
                ClipboardContent content = new ClipboardContent();
                content.putString(fact.value());
                Clipboard.getSystemClipboard().setContent(content);
                Widgets.describe(plain, texts.get("guide.copied"));
            });
            plain.hoverProperty().subscribe(() -> Widgets.describe(plain, texts.get("inspect.copy")));
        }
        return plain;
    }

    private void loadLogs() {
        if (logTarget.isEmpty()) {
            return;
        }
        Inspection.LogTarget target = logTarget.get();
        logText.setText(texts.get("inspect.loading"));
        desk.tasks.run(
                texts.get("inspect.logs"),
                () -> desk.context.logs().tail(target.machine(), target.containerId(), LOG_LINES),
                lines -> show(target, lines.isEmpty() ? texts.get("inspect.nologs") : String.join("\n", lines)),
                failure -> show(target, String.valueOf(failure.getMessage())));
    }

    private void show(Inspection.LogTarget target, String text) {
        if (logTarget.filter(target::equals).isPresent()) {
            logText.setText(text);
        }
    }
}
