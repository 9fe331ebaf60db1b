package dev.clusterlab.ui.hosts;

import dev.clusterlab.lab.environment.SwarmTest;
import dev.clusterlab.lab.environment.SwarmTest.Answer;
import dev.clusterlab.lab.environment.SwarmTest.Target;
import dev.clusterlab.lab.words.ConsentWords;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.hosts.helper.HelperContainer;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.TestModel;
import dev.clusterlab.ui.model.hosts.TestModel.Choice;
import dev.clusterlab.ui.model.hosts.TestModel.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ChoiceBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Says what may be hit in a Swarm that exists, and lets a person choose an experiment, its limits, and agree. */
public final class ConsentCard {
    /** Part of the window's height that what is to be read may take. */
    private static final double PLAN_SHARE = 0.58;
    /** The same where a word must be typed below it. */
    private static final double PLAN_SHARE_QUORUM = 0.44;

    /** How much may be broken at once, besides a third. */
    private static final List<Integer> MOST = List.of(1, 2, 3, 5, 10);

    private static final List<Duration> TIMES =
            List.of(Duration.ofMinutes(5), Duration.ofMinutes(10), SwarmTest.Limits.TIME, Duration.ofMinutes(60));

    private final TestModel<?> model;
    private final Texts texts;
    private final ConsentWords words;
    private final Wishes wishes;
    private final LeftTestsPane left;
    private final VBox plan = new VBox();
    private final ScrollPane planned = new ScrollPane(plan);
    private final ExperimentChoice experiments;
    private final ChoiceBox<OptionalInt> most = new ChoiceBox<>();
    private final ChoiceBox<Duration> time = new ChoiceBox<>();
    private final Label doing = Widgets.wrapped("", "overlay-text");
    private final HBox busy = new HBox(Widgets.spinner("small-spinner"), doing);
    private final CheckBox agree = new CheckBox();
    private final TextField word = new TextField();
    private final VBox quorum;
    private final Label hindrance = Widgets.wrapped("", "muted");
    private final VBox result = new VBox();
    private final Button begin;
    private final Button close;
    private final VBox card;
    private Optional<TestModel.Prospect> drawn = Optional.empty();
    private final DoubleProperty share = new SimpleDoubleProperty(PLAN_SHARE);
    private boolean showing;
    private Subscription subscription = Subscription.EMPTY;

    /**
     * What it passes on.
     *
     * @param file asks the person for the file of an experiment; empty if none is wanted
     * @param end takes the card away
     */
    public record Wishes(Supplier<Optional<Path>> file, Runnable end) {}

    public ConsentCard(TestModel<?> model, Texts texts, Wishes wishes) {
        this.model = model;
        this.texts = texts;
        this.words = ConsentWords.of(texts.locale());
        this.wishes = wishes;
        left = new LeftTestsPane(model, texts);
        experiments = new ExperimentChoice(
                texts, model::experiment, () -> wishes.file().get().ifPresent(model::addFile));
        begin = Widgets.button("test-begin", texts.get("test.begin"), Material2AL.FLASH_ON, model::begin, "danger");
        close = Widgets.button("test-close", texts.get("help.close"), Material2AL.CLOSE, this::escape, "flat");
        for (Button button : List.of(begin, close)) {
            button.defaultButtonProperty().bind(button.focusedProperty());
        }
        limits();
        plan.getStyleClass().add("consent-plan");
        planned.setFitToWidth(true);
        planned.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        planned.getStyleClass().add("page-scroll");
        planned.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                planned.maxHeightProperty().bind(scene.heightProperty().multiply(share));
            }
        });
        agree.setId("test-agree");
        agree.setText(texts.get("test.agree"));
        agree.setWrapText(true);
        agree.setOnAction(event -> model.agree(agree.isSelected()));
        word.setId("test-word");
        word.setPromptText(words.agreement());
        word.setAccessibleText(words.agree());
        word.textProperty().subscribe(typed -> {
            if (!showing) {
                model.word(typed);
            }
        });
        quorum = new VBox(Widgets.wrapped(words.agree(), "strong"), word);
        quorum.getStyleClass().add("consent-quorum");
        hindrance.setId("test-hindrance");
        busy.getStyleClass().add("overlay-buttons");
        busy.setAlignment(Pos.CENTER_LEFT);
        hindrance.setMinWidth(0);
        hindrance.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(hindrance, Priority.ALWAYS);
        HBox buttons = new HBox(
                Widgets.iconButton("test-look", Material2MZ.REFRESH, texts.get("test.look"), model::look),
                hindrance,
                close,
                begin);
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        card = new VBox(
                Widgets.label(texts.get("test.title"), "overlay-title"),
                Widgets.wrapped(texts.get("test.words", FaultConsent.LABEL + "=" + FaultConsent.ALLOWED), "muted"),
                left.node(),
                planned,
                busy,
                result,
                quorum,
                agree,
                buttons);
        card.setId("consent");
        card.getStyleClass().addAll("hosts-card", "consent-card");
    }

    private void limits() {
        most.setId("test-most");
        most.getItems().add(OptionalInt.empty());
        MOST.forEach(number -> most.getItems().add(OptionalInt.of(number)));
        most.setConverter(words(words::most));
        most.setOnAction(event -> {
            if (!showing) {
                model.atMost(most.getValue());
            }
        });
        time.setId("test-time");
        time.getItems().setAll(TIMES);
        time.setConverter(words(each -> TestModel.minutes(each, texts)));
        time.setOnAction(event -> {
            if (!showing) {
                model.time(time.getValue());
            }
        });
    }

    private static <T> StringConverter<T> words(Function<T, String> saying) {
        return new StringConverter<>() {
            @Override
            public String toString(T value) {
                return value == null ? "" : saying.apply(value);
            }

            @Override
            public T fromString(String text) {
                throw new UnsupportedOperationException("it is only chosen");
            }
        };
    }

    public VBox node() {
        return card;
    }

    /** Where the keyboard begins. */
    public Node entry() {
        return close;
    }

    /** Follows its model until it is taken away. */
    public void begin() {
        left.follow();
        subscription = Subscription.combine(
                model.state().subscribe(this::show),
                model.place().subscribe((before, now) -> now.ifPresent(there -> end())));
    }

    /** Gives up what is under way, and takes the card away. */
    public void escape() {
        model.cancel();
        end();
    }

    private void end() {
        subscription.unsubscribe();
        left.dispose();
        wishes.end().run();
    }

    private static void shown(Node node, boolean shown) {
        node.setVisible(shown);
        node.setManaged(shown);
    }

    private void show(State state) {
        boolean choosing = state instanceof State.Choosing;
        boolean works = state instanceof State.Looking || state instanceof State.Beginning;
        boolean quiet = state instanceof State.Looking && drawn.isPresent();
        shown(planned, choosing || quiet);
        planned.setDisable(!choosing);
        shown(agree, choosing || quiet);
        agree.setDisable(!choosing);
        shown(busy, works);
        doing.setText(texts.get(state instanceof State.Beginning ? "test.beginning" : "test.looking"));
        result.getChildren().clear();
        begin.setDisable(true);
        hindrance.setText("");
        switch (state) {
            case State.Looking(), State.Beginning() -> shown(quorum, false);
            case State.Failed(var why) -> {
                shown(quorum, false);
                result.getChildren().setAll(Widgets.notice(why));
            }
            case State.Choosing now -> {
                if (!drawn.filter(now.prospect()::equals).isPresent()) {
                    drawn = Optional.of(now.prospect());
                    draw(now.prospect());
                }
                choose(now.choice());
                shown(quorum, now.breaksQuorum());
                share.set(now.breaksQuorum() ? PLAN_SHARE_QUORUM : PLAN_SHARE);
                begin.setDisable(now.hindrance().isPresent());
                hindrance.setText(now.hindrance().orElse(""));
            }
        }
    }

    private void choose(Choice choice) {
        showing = true;
        most.setValue(choice.atMost());
        time.setValue(choice.time());
        agree.setSelected(choice.agreed());
        if (!word.getText().equals(choice.word())) {
            word.setText(choice.word());
        }
        experiments.show(choice.experiment());
        showing = false;
    }

    private void draw(TestModel.Prospect prospect) {
        SwarmTest.Allowed allowed = prospect.allowed();
        VBox nodes = targets("test.nodes", allowed.nodes(), FaultConsent::allowingNode, allowed.notGiven());
        VBox services = targets("test.services", allowed.services(), FaultConsent::allowingService, List.of());
        GridPane both = new GridPane();
        both.addRow(0, nodes, services);
        for (VBox box : List.of(nodes, services)) {
            var half = new ColumnConstraints();
            half.setPercentWidth(50);
            both.getColumnConstraints().add(half);
            GridPane.setValignment(box, VPos.TOP);
            GridPane.setVgrow(box, Priority.NEVER);
        }
        both.getStyleClass().add("consent-beside");
        GridPane far = new GridPane();
        far.addRow(0, Widgets.label(texts.get("test.most")), most);
        far.addRow(1, Widgets.label(texts.get("test.time")), time);
        far.getStyleClass().add("consent-limits");
        VBox limits = section(
                "test.limits",
                far,
                Widgets.wrapped(words.helper(HelperContainer.IMAGE_BYTES), "muted"),
                Widgets.wrapped(texts.get("test.journal"), "muted"));
        words.logs(allowed.logs()).ifPresent(logs -> limits.getChildren().add(Widgets.wrapped(logs, "muted")));
        plan.getChildren().setAll(both, limits, experiments.draw(prospect.candidates()));
    }

    private VBox section(String title, Node... content) {
        VBox section = new VBox(Widgets.label(texts.get(title), "section-title"));
        section.getChildren().addAll(content);
        section.getStyleClass().add("section");
        return section;
    }

    /** Who may be hit and who may not, and the command that would allow one that may not. */
    private VBox targets(String title, List<Target> all, Function<String, String> allowing, List<String> notGiven) {
        List<Node> rows = new ArrayList<>();
        all.forEach(target -> rows.add(target(target, allowing)));
        if (all.isEmpty()) {
            rows.add(Widgets.label(texts.get("test.targets.none"), "muted"));
        }
        if (!notGiven.isEmpty()) {
            rows.add(
                    Widgets.wrapped(texts.get("test.notgiven", notGiven.size(), String.join(", ", notGiven)), "muted"));
        }
        VBox box = section(title, rows.toArray(Node[]::new));
        box.getStyleClass().add("consent-targets");
        all.stream()
                .filter(target -> target.answer() == Answer.NOT_ALLOWED)
                .findFirst()
                .ifPresent(target ->
                        box.getChildren().add(Widgets.wrapped(allowing.apply(target.name()), "consent-command")));
        return box;
    }

    private Node target(Target target, Function<String, String> allowing) {
        Label name = Widgets.label(target.name(), "strong");
        boolean allowed = target.answer() == Answer.ALLOWED;
        name.setGraphic(
                allowed
                        ? Widgets.icon(Material2AL.FLASH_ON, "tone-waiting")
                        : Widgets.icon(Material2AL.BLOCK, "tone-neutral"));
        name.setMinWidth(0);
        Label says = Widgets.label(
                texts.get(
                        switch (target.answer()) {
                            case ALLOWED -> "test.allowed";
                            case NOT_ALLOWED -> "test.notallowed";
                            case UNKNOWN -> "test.unknown";
                        }),
                allowed ? "strong" : "muted");
        says.setMinWidth(Region.USE_PREF_SIZE);
        HBox row = new HBox(name, Widgets.spacer(), says);
        if (target.answer() == Answer.NOT_ALLOWED) {
            String command = allowing.apply(target.name());
            row.getChildren()
                    .add(Widgets.iconButton(
                            "copy-" + target.name(), Material2AL.CONTENT_COPY, texts.get("test.copy", command), () -> {
                                var content = new ClipboardContent();
                                content.putString(command);
                                Clipboard.getSystemClipboard().setContent(content);
                            }));
        }
        row.setId("target-" + target.name());
        row.getStyleClass().add("consent-row");
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }
}
