package dev.clusterlab.ui;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/**
 * What the engine is long at: images on their way, machines that start again. One row each; gone when there is nothing.
 * Machines that are made for the first time stand where they will be.
 */
final class ProgressView {
    private static final Duration PERIOD = Duration.ofMillis(200);
    private static final int SHOWN_MAX = 6;
    private static final int NAMED_MAX = 2;
    private static final long MEGABYTE = 1_000_000;

    private final WindowModels desk;
    private final Texts texts;
    private final VBox root = new VBox();
    private final Ticker ticking;
    private final Subscription subscription;
    private List<EngineProgress> drawn = List.of();

    ProgressView(WindowModels desk, Texts texts) {
        this.desk = desk;
        this.texts = texts;
        root.setId("progress");
        root.getStyleClass().add("progress-rows");
        root.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        root.setMouseTransparent(true);
        root.setVisible(false);
        subscription = Subscription.combine(
                desk.progress.all().subscribe(this::refresh),
                desk.cluster.snapshot().subscribe(this::refresh));
        ticking = new Ticker(PERIOD, desk.progress::look);
    }

    Node node() {
        return root;
    }

    void dispose() {
        ticking.close();
        subscription.unsubscribe();
    }

    private void refresh() {
        List<EngineProgress> now =
                desk.progress.otherWork(desk.cluster.snapshot().get());
        if (now.equals(drawn)) {
            return;
        }
        drawn = now;
        List<Node> rows = new ArrayList<>();
        for (EngineProgress each : now.subList(0, Math.min(SHOWN_MAX, now.size()))) {
            rows.add(row(each));
        }
        if (now.size() > SHOWN_MAX) {
            rows.add(Widgets.label(texts.get("machine.more", now.size() - SHOWN_MAX), "muted"));
        }
        root.getChildren().setAll(rows);
        root.setVisible(!rows.isEmpty());
    }

    /** Names of more machines than there is room for are counted. */
    private String brief(EngineProgress progress) {
        int machines = progress.detail().split(", ").length;
        return progress.stage() == EngineProgress.Stage.LOADING_IMAGE && machines > NAMED_MAX
                ? texts.get("labs.machines", machines)
                : progress.detail();
    }

    private Node row(EngineProgress progress) {
        Label subject = Widgets.label(progress.subject(), "progress-subject");
        subject.setMinWidth(Region.USE_PREF_SIZE);
        String key = "progress." + progress.stage().name().toLowerCase(Locale.ROOT);
        String detail = progress.bytes()
                .map(bytes -> texts.get("progress.bytes", bytes.done() / MEGABYTE, bytes.total() / MEGABYTE))
                .orElseGet(() -> brief(progress));
        Label words = Widgets.label(
                detail.isEmpty() ? texts.get(key) : texts.get("progress.detail", texts.get(key), detail),
                "progress-words");
        HBox row = new HBox(Widgets.spinner("small-spinner"), subject, words);
        progress.fraction().ifPresent(part -> row.getChildren().add(new ProgressBar(part)));
        row.getStyleClass().add("progress-row");
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }
}
