package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Entry;
import dev.clusterlab.ui.model.experiment.ExperimentsModel;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Doing;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Shown;
import dev.clusterlab.ui.model.experiment.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The page of experiments: on one side those that there are, on the other the one that is looked at. */
public final class ExperimentsView {
    private static final Duration PERIOD = Duration.ofMillis(200);
    /** Widths as multiples of the text's size. */
    private static final double SIDE = 21;

    private final ExperimentsModel model;
    private final Settings settings;
    private final Texts texts;
    private final Wishes wishes;
    private final HBox root = new HBox();
    private final VBox side = new VBox();
    private final ListView<Entry> list = new ListView<>();
    private final ScrollPane scroll = new ScrollPane();
    private final VBox page = new VBox();
    private final Label name = Widgets.wrapped("", "experiment-name");
    private final Label purpose = Widgets.wrapped("", "experiment-purpose");
    private final Label facts = Widgets.wrapped("", "muted");
    private final VBox malformed = new VBox();
    private final Button run;
    private final Button stop;
    private final Button report;
    private final CheckBox follow;
    private final FlowPane actions;
    private final PlaceChoice places;
    private final Label elsewhere = Widgets.wrapped("", "muted");
    private final RunCards cards;
    private final OddsCard odds;
    private final Subscription subscription;
    private Shown shown;
    private boolean choosing;
    /** What the list says of those in it. */
    private List<Object> listed = List.of();

    private @Nullable Ticker ticker;

    /**
     * What it passes on.
     *
     * @param back to the lab
     * @param file asks the person for a file; empty if none is wanted
     * @param report makes a page about what is known of an experiment
     */
    public record Wishes(Runnable back, Supplier<Optional<Path>> file, Consumer<Entry> report) {}

    public ExperimentsView(ExperimentsModel model, Settings settings, Texts texts, Wishes wishes) {
        this.model = model;
        this.settings = settings;
        this.texts = texts;
        this.wishes = wishes;
        this.shown = model.shown().get();
        places = new PlaceChoice(model, texts);
        cards = new RunCards(settings, texts, false);
        odds = new OddsCard(
                texts, new OddsCard.Wishes(seeds -> model.odds(task("exp.odds.task"), seeds), model::cancel, seed -> {
                    model.replay(task("exp.run.task"), seed);
                    scroll.setVvalue(0);
                }));
        run = Widgets.button("experiment-run", texts.get("exp.run"), Material2MZ.PLAY_ARROW, this::run, "accent");
        stop = Widgets.button(
                "experiment-stop", texts.get("exp.stop"), Material2MZ.STOP, model::cancel, "button-outlined", "danger");
        report = Widgets.button(
                "experiment-report", texts.get("exp.report"), Material2AL.ARTICLE, this::report, "button-outlined");
        follow = new CheckBox(texts.get("exp.follow", ExperimentsModel.WATCHED));
        follow.setId("experiment-follow");
        follow.setMinWidth(Region.USE_PREF_SIZE);
        follow.setOnAction(event -> model.watch(follow.isSelected()));
        Widgets.describe(follow, texts.get("exp.follow.why"));
        actions = new FlowPane(run, stop, report, follow);
        actions.getStyleClass().add("actions");
        build();
        subscription = Subscription.combine(
                model.shown().subscribe(this::show),
                scroll.widthProperty().subscribe(this::share),
                settings.textSize().subscribe(this::share),
                settings.presentation().subscribe(this::share));
    }

    private String task(String key) {
        return texts.get(key, shown.entry().map(this::title).orElse(""));
    }

    public Region node() {
        return root;
    }

    /** Those that there are, for the keyboard. */
    public Region sideNode() {
        return side;
    }

    public Region pageNode() {
        return scroll;
    }

    /** Where the keyboard begins. */
    public Node entry() {
        return list;
    }

    /** Whether somebody can see it; only then is it asked how far things are. */
    public void shown(boolean visible) {
        stopTicking();
        if (visible) {
            model.list();
            ticker = new Ticker(PERIOD, model::refresh);
        }
    }

    private void stopTicking() {
        if (ticker != null) {
            ticker.close();
            ticker = null;
        }
    }

    public void dispose() {
        stopTicking();
        subscription.unsubscribe();
    }

    // ---- what it is made of

    private void build() {
        Label title = Widgets.label(texts.get("exp.title"), "experiments-title");
        title.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(
                Widgets.iconButton("experiments-back", Material2AL.ARROW_BACK, texts.get("exp.back"), wishes.back()),
                title,
                Widgets.spacer(),
                Widgets.iconButton("experiment-open", Material2AL.FOLDER_OPEN, texts.get("exp.open"), this::open));
        head.getStyleClass().add("experiments-head");
        list.setId("experiments-list");
        list.getStyleClass().add("experiments-list");
        list.setCellFactory(view -> new EntryCell(texts, () -> shown));
        list.getSelectionModel().selectedItemProperty().subscribe(entry -> {
            if (entry != null && !choosing) {
                model.choose(entry.name());
                scroll.setVvalue(0);
            }
        });
        VBox.setVgrow(list, Priority.ALWAYS);
        side.getStyleClass().add("experiments-side");
        side.getChildren().setAll(head, list);
        elsewhere.setId("experiment-elsewhere");
        VBox top = new VBox(name, purpose, facts, malformed, places.node(), actions, elsewhere);
        top.getStyleClass().add("experiment-top");
        page.getStyleClass().add("experiment-page");
        page.getChildren().setAll(top, cards.node(), odds.node());
        scroll.setContent(page);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("page-scroll");
        scroll.setMinWidth(0);
        HBox.setHgrow(scroll, Priority.ALWAYS);
        root.setId("experiments");
        root.getStyleClass().add("experiments");
        root.setMinSize(0, 0);
        root.getChildren().setAll(side, scroll);
    }

    private void share() {
        double pixels = settings.fontPixels();
        double width = Math.rint(SIDE * pixels);
        side.setMinWidth(width);
        side.setPrefWidth(width);
        side.setMaxWidth(width);
        cards.share(scroll.getWidth());
    }

    // ---- what is done

    private void run() {
        model.run(task("exp.run.task"));
    }

    private void open() {
        wishes.file().get().ifPresent(file -> model.open(file.toString()));
    }

    private void report() {
        shown.entry().ifPresent(wishes.report());
    }

    // ---- what is shown

    private String title(Entry entry) {
        return EntryCell.title(entry, texts);
    }

    private void show(Shown now) {
        shown = now;
        choosing = true;
        if (!list.getItems().equals(now.entries())) {
            list.getItems().setAll(now.entries());
        }
        now.entry().ifPresent(entry -> list.getSelectionModel().select(entry));
        choosing = false;
        refresh(now);
        now.entry().ifPresentOrElse(entry -> head(entry, now), () -> page.setVisible(false));
    }

    /** Says anew in the list how those went, where that has changed. */
    private void refresh(Shown now) {
        List<Object> told = List.of(now.sheets(), now.doing().map(Doing::name));
        if (!told.equals(listed)) {
            listed = told;
            list.refresh();
        }
    }

    private void head(Entry entry, Shown now) {
        page.setVisible(true);
        name.setText(title(entry));
        Optional<Experiment> experiment = entry.experiment();
        show(malformed, experiment.isEmpty());
        entry.mistake()
                .filter(mistake -> malformed.getChildren().isEmpty() || malformed.getUserData() != mistake)
                .ifPresent(mistake -> {
                    malformed.setUserData(mistake);
                    malformed
                            .getChildren()
                            .setAll(Widgets.notice(new Notice(
                                    Level.ERROR,
                                    texts.get("exp.malformed"),
                                    texts.errors().what(mistake),
                                    texts.errors().advice(mistake))));
                });
        for (Region part : List.of(purpose, facts, places.node(), actions, odds.node())) {
            show(part, experiment.isPresent());
        }
        boolean idle = now.doing().isEmpty();
        boolean here = now.here().isPresent();
        show(elsewhere, !idle && !here);
        now.doing()
                .ifPresent(doing -> elsewhere.setText(texts.get(
                        "exp.elsewhere",
                        now.entries().stream()
                                .filter(each -> each.name().equals(doing.name()))
                                .map(this::title)
                                .findFirst()
                                .orElse(doing.name()))));
        run.setDisable(!idle);
        run.setText(texts.get(now.sheet().result().isPresent() ? "exp.again" : "exp.run"));
        show(stop, here);
        stop.setDisable(now.here().filter(ExperimentsView::cancelled).isPresent());
        show(
                report,
                !here && (now.sheet().result().isPresent() || now.sheet().odds().isPresent()));
        follow.setSelected(now.watched());
        cards.show(now);
        experiment.ifPresent(known -> {
            purpose.setText(known.purpose().in(texts.locale()));
            facts.setText(facts(known, now.place()));
            places.show(now);
            show(follow, now.place() == Place.SIMULATED);
            boolean engine = known.engines().contains(EngineNames.EMBEDDED);
            run.setDisable(!idle || now.lack().isPresent());
            odds.show(entry, now, idle && engine);
        });
    }

    private static boolean cancelled(Doing doing) {
        return switch (doing) {
            case Doing.Running running -> running.cancelled();
            case Doing.Counting counting -> counting.cancelled();
        };
    }

    private String facts(Experiment experiment, Place place) {
        return texts.get("exp.time", experiment.planned().toSeconds()) + " · "
                + texts.get("exp.engines", String.join(", ", experiment.engines())) + " · "
                + texts.get("exp.own." + place);
    }

    static void show(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }

    /** A card with a title; {@code right}: at the other end of its head. */
    static HBox cardHead(String title, Node... right) {
        Label words = Widgets.wrapped(title, "experiment-card-title");
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        words.setMaxWidth(Double.MAX_VALUE);
        HBox head = new HBox(words);
        head.getChildren().addAll(right);
        head.setAlignment(Pos.CENTER_LEFT);
        head.getStyleClass().add("experiment-card-head");
        return head;
    }

    static VBox card(String id) {
        VBox card = new VBox();
        card.setId(id);
        card.getStyleClass().add("experiment-card");
        return card;
    }
}
