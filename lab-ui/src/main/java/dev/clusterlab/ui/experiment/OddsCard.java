package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.odds.Figure;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.OddsWords;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.odds.Spread;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Entry;
import dev.clusterlab.ui.model.experiment.ExperimentsModel;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Doing;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Shown;
import dev.clusterlab.ui.model.experiment.Laboratory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** An experiment over many seeds: how many, how far it is, how each figure is spread, and the worst run again. */
final class OddsCard {
    private static final double NAME_MIN = 90;

    private final Texts texts;
    private final OddsWords words;
    private final Wishes wishes;
    private final VBox root = ExperimentsView.card("experiment-odds");
    private final List<Button> seeds = new ArrayList<>();
    private final Label said = Widgets.wrapped("", "muted");
    private final HBox progress = new HBox();
    private final ProgressBar bar = new ProgressBar(0);
    private final Label far = Widgets.wrapped("", "muted");
    private final VBox table = new VBox();
    private Optional<Odds> built = Optional.empty();
    private final List<Button> replays = new ArrayList<>();

    /**
     * What it passes on.
     *
     * @param odds over so many seeds
     * @param replay the run of a seed
     */
    record Wishes(IntConsumer odds, Runnable cancel, LongConsumer replay) {}

    OddsCard(Texts texts, Wishes wishes) {
        this.texts = texts;
        this.words = new OddsWords(texts.locale());
        this.wishes = wishes;
        FlowPane choice = new FlowPane();
        choice.getStyleClass().add("actions");
        for (int count : ExperimentsModel.SEEDS) {
            Button button = Widgets.button(
                    "odds-" + count,
                    texts.get("exp.seeds", count),
                    Material2AL.BAR_CHART,
                    () -> wishes.odds().accept(count),
                    "small",
                    "button-outlined");
            seeds.add(button);
            choice.getChildren().add(button);
        }
        bar.getStyleClass().add("odds-bar");
        bar.setMinWidth(80);
        HBox.setHgrow(bar, Priority.ALWAYS);
        progress.getChildren()
                .setAll(
                        bar,
                        Widgets.button(
                                "odds-stop",
                                texts.get("exp.stop"),
                                Material2MZ.STOP,
                                wishes.cancel(),
                                "small",
                                "button-outlined"));
        progress.getStyleClass().add("experiment-card-head");
        table.setSpacing(10);
        root.getChildren().setAll(ExperimentsView.cardHead(texts.get("exp.odds")), said, choice, progress, far, table);
    }

    Region node() {
        return root;
    }

    /** {@code free}: whether odds can be begun now. */
    void show(Entry entry, Shown now, boolean free) {
        seeds.forEach(button -> button.setDisable(!free));
        replays.forEach(button -> button.setDisable(!free));
        Optional<Odds> odds = now.sheet().odds();
        Optional<Doing.Counting> counting =
                now.here().filter(Doing.Counting.class::isInstance).map(Doing.Counting.class::cast);
        ExperimentsView.show(progress, counting.isPresent());
        ExperimentsView.show(far, counting.isPresent());
        ExperimentsView.show(table, odds.isPresent() && counting.isEmpty());
        counting.ifPresent(doing -> {
            bar.setProgress((double) doing.soFar().runs().size() / doing.count());
            far.setText(
                    doing.cancelled()
                            ? texts.get("exp.cancelling")
                            : words.progress(doing.soFar(), doing.count(), doing.left()));
        });
        said.setText(odds.map(all -> summary(all, now.sheet().counted())).orElseGet(() -> texts.get("exp.odds.none")));
        ExperimentsView.show(said, counting.isEmpty());
        if (counting.isEmpty() && odds.isPresent() && !built.equals(odds)) {
            built = odds;
            fill(entry, odds.get());
            replays.forEach(button -> button.setDisable(!free));
        }
    }

    private String summary(Odds odds, int wanted) {
        String all = texts.get("exp.odds.over", odds.runs().size(), words.outcomes(odds));
        return odds.runs().size() < wanted ? all + " " + texts.get("exp.odds.cut", wanted) : all;
    }

    private void fill(Entry entry, Odds odds) {
        replays.clear();
        GridPane grid = new GridPane();
        grid.setId("odds-table");
        grid.getStyleClass().add("odds-rows");
        ColumnConstraints name = new ColumnConstraints();
        name.setMinWidth(NAME_MIN);
        ColumnConstraints picture = new ColumnConstraints();
        picture.setHgrow(Priority.ALWAYS);
        ColumnConstraints right = new ColumnConstraints();
        right.setHalignment(HPos.RIGHT);
        grid.getColumnConstraints().addAll(name, picture, right, right, right);
        grid.addRow(
                0,
                new Label(),
                new Label(),
                heading(words.get("odds.median")),
                heading(texts.get("exp.odds.range")),
                heading(words.get("odds.worst")));
        int[] row = {1};
        odds.spreads().forEach((figure, spread) -> grid.addRow(row[0]++, row(odds, figure, spread)));
        table.getChildren().setAll(grid);
        odds.worst().ifPresent(worst -> table.getChildren().add(worst(entry, worst)));
    }

    private Node[] row(Odds odds, Figure figure, Spread spread) {
        VBox name = new VBox(Widgets.wrapped(words.name(figure)));
        name.setMinWidth(0);
        name.setAlignment(Pos.CENTER_LEFT);
        if (spread.runs() < odds.runs().size()) {
            name.getChildren()
                    .add(Widgets.wrapped(
                            words.get(
                                    "odds.of",
                                    String.valueOf(spread.runs()),
                                    String.valueOf(odds.runs().size())),
                            "odds-heading"));
        }
        Node histogram = new HistogramPane(odds.values(figure), spread.median());
        VBox worst = new VBox(
                value(words.value(figure, spread.worst()), "odds-worst"),
                heading(texts.get("exp.seed", String.valueOf(spread.worstSeed()))));
        worst.setAlignment(Pos.CENTER_RIGHT);
        return new Node[] {
            name,
            histogram,
            value(words.value(figure, spread.median()), "odds-value"),
            value(words.value(figure, spread.p5()) + " – " + words.value(figure, spread.p95()), "odds-value"),
            worst
        };
    }

    private static Label value(String text, String styleClass) {
        Label label = Widgets.label(text, styleClass);
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private static Label heading(String text) {
        return value(text, "odds-heading");
    }

    private static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }

    /** The worst run, and what does it again: here, and on a command line. */
    private Node worst(Entry entry, SeedRun worst) {
        String command = worst.command(entry.name(), Optional.empty(), Laboratory.SERVICES);
        Button replay = Widgets.button(
                "odds-replay",
                texts.get("exp.replay", String.valueOf(worst.seed())),
                Material2MZ.REPLAY,
                () -> wishes.replay().accept(worst.seed()),
                "small",
                "button-outlined");
        replays.add(replay);
        Button copy = Widgets.button(
                "odds-copy", texts.get("exp.copy"), Material2AL.CONTENT_COPY, () -> copy(command), "small", "flat");
        FlowPane buttons = new FlowPane(replay, copy);
        buttons.getStyleClass().add("actions");
        return new VBox(
                Widgets.wrapped(
                        texts.get(
                                "exp.worst",
                                String.valueOf(worst.seed()),
                                texts.get("exp.outcome." + worst.outcome().name())),
                        "strong"),
                Widgets.wrapped(command, "experiment-command", "muted"),
                buttons);
    }
}
