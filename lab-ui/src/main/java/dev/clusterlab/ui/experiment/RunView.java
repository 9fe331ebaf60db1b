package dev.clusterlab.ui.experiment;

import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.ExperimentsModel;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Shown;
import java.time.Duration;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/** One run that was begun elsewhere: what should hold, live, what is done, and in the end what came of it. */
public final class RunView {
    private static final Duration PERIOD = Duration.ofMillis(200);

    /** Width as a multiple of the text's size. */
    private static final double PURPOSE_MIN = 40;

    private final Settings settings;
    private final Texts texts;
    private final ScrollPane scroll = new ScrollPane();
    private final Label name = Widgets.wrapped("", "experiment-name");
    private final Label purpose = Widgets.wrapped("", "experiment-purpose");
    private final RunCards cards;
    private final Ticker ticker;
    private final Subscription subscription;

    public RunView(ExperimentsModel model, Settings settings, Texts texts) {
        this.settings = settings;
        this.texts = texts;
        this.cards = new RunCards(settings, texts, true);
        name.setId("run-name");
        VBox top = new VBox(name, purpose);
        top.getStyleClass().add("experiment-top");
        VBox page = new VBox(top, cards.node());
        page.getStyleClass().add("experiment-page");
        page.setMinWidth(0);
        scroll.setContent(page);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.getStyleClass().add("page-scroll");
        scroll.setMinSize(0, 0);
        ticker = new Ticker(PERIOD, model::refresh);
        subscription = Subscription.combine(
                model.shown().subscribe(this::show),
                scroll.widthProperty().subscribe(this::share),
                settings.textSize().subscribe(this::share));
    }

    public Region node() {
        return scroll;
    }

    public void dispose() {
        ticker.close();
        subscription.unsubscribe();
    }

    /** In a narrow pane what it is for would hide what happens. */
    private void share() {
        cards.share(scroll.getWidth());
        ExperimentsView.show(purpose, scroll.getWidth() >= PURPOSE_MIN * settings.fontPixels());
    }

    private void show(Shown now) {
        now.entry().ifPresent(entry -> {
            name.setText(EntryCell.title(entry, texts));
            entry.experiment()
                    .ifPresent(known -> purpose.setText(known.purpose().in(texts.locale())));
        });
        cards.show(now);
    }
}
