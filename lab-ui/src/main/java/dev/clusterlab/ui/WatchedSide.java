package dev.clusterlab.ui;

import dev.clusterlab.ui.hosts.ConsentCard;
import dev.clusterlab.ui.hosts.WatchedPane;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.Elsewhere;
import dev.clusterlab.ui.model.hosts.Watched;
import dev.clusterlab.ui.model.hosts.WatchedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Region;

/** Beside a Swarm that is only watched: by which hosts it is seen, and the ways to the lab and to a test. */
final class WatchedSide implements WatchWindow.Side {
    private final WindowModels desk;
    private final Elsewhere<?> elsewhere;
    private final Watched watched;
    private final Texts texts;
    private final Overlays overlays;
    private final WatchedPane pane;
    private final ObservableValue<Optional<Region>> page = new SimpleObjectProperty<>(Optional.empty());

    WatchedSide(WindowModels desk, Elsewhere<?> elsewhere, WatchedModel parts, Texts texts, Overlays overlays) {
        this.desk = desk;
        this.elsewhere = elsewhere;
        this.watched = desk.context.watch().orElseThrow();
        this.texts = texts;
        this.overlays = overlays;
        this.pane = new WatchedPane(
                parts,
                texts,
                watched.recording(),
                new WatchedPane.Wishes(
                        this::page, () -> desk.settings.guideFolded().set(true), this::leave, this::test));
    }

    private void page(Path recording) {
        elsewhere
                .swarms()
                .page(recording, page -> desk.browser.accept(page.toUri().toString()));
    }

    /** Says what may be hit, and lets the person choose and agree. */
    private void test() {
        elsewhere.tests().open(watched.hosts());
        var card = new ConsentCard(
                elsewhere.tests(), texts, new ConsentCard.Wishes(() -> desk.experimentChooser.get(), overlays::hide));
        card.begin();
        overlays.show(card.node(), card.entry(), card::escape);
    }

    @Override
    public Region node() {
        return pane.node();
    }

    @Override
    public Node entry() {
        return pane.entry();
    }

    @Override
    public String how() {
        return texts.get("watch.header");
    }

    @Override
    public List<Node> controls() {
        return List.of();
    }

    @Override
    public Region faults() {
        return new Region();
    }

    @Override
    public ObservableValue<Optional<Region>> page() {
        return page;
    }

    @Override
    public String leaving() {
        return texts.get("watch.leave");
    }

    @Override
    public void leave() {
        elsewhere.swarms().leave();
    }

    @Override
    public boolean key(KeyCode code, boolean control) {
        if (code == KeyCode.F4 && !control) {
            test();
            return true;
        }
        return false;
    }

    @Override
    public void dispose() {
        pane.dispose();
    }
}
