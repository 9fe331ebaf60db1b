package dev.clusterlab.ui;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.ClusterModel;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import java.util.List;
import java.util.TreeMap;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;

/** The services above the cluster: colour, sign, running and wanted. */
final class ServiceStrip {
    private final ClusterModel cluster;
    private final Texts texts;
    private final HBox strip = new HBox();
    private List<ClusterModel.Running> legend = List.of();
    private double legendWidth;

    /** How much the legend says of a service. */
    private enum Wording {
        WITH_PORTS,
        NAME,
        SIGN
    }

    ServiceStrip(ClusterModel cluster, Texts texts) {
        this.cluster = cluster;
        this.texts = texts;
        strip.getStyleClass().add("service-strip");
        strip.setId("services");
        strip.setMinWidth(0);
        strip.widthProperty().subscribe(width -> show());
    }

    HBox node() {
        return strip;
    }

    /** Draws it anew the next time, since sizes of text have changed. */
    void forget() {
        legendWidth = -1;
    }

    /**
     * The legend: every service with its colour and sign, and as many words as fit on one line. Its height never changes,
     * because that would move the machines.
     */
    void show() {
        if (strip.getScene() == null) {
            return;
        }
        List<ClusterModel.Running> services = cluster.services();
        if (services.equals(legend)
                && strip.getWidth() == legendWidth
                && !strip.getChildren().isEmpty()) {
            return;
        }
        legend = services;
        legendWidth = strip.getWidth();
        if (services.isEmpty()) {
            Label hint = Widgets.label(texts.get("legend.empty"), "muted", "legend-hint");
            Widgets.describe(hint, hint.getText());
            strip.getChildren().setAll(hint);
            return;
        }
        for (Wording wording : Wording.values()) {
            strip.getChildren()
                    .setAll(services.stream().map(s -> legendItem(s, wording)).toList());
            strip.applyCss();
            double needed = strip.getInsets().getLeft() + strip.getInsets().getRight() - strip.getSpacing();
            for (Node item : strip.getChildren()) {
                needed += item.prefWidth(-1) + strip.getSpacing();
            }
            if (needed <= strip.getWidth()) {
                return;
            }
        }
        showMore();
    }

    /** Where not even the signs have room: as many as have, and how many there are besides. */
    private void showMore() {
        List<Node> items = strip.getChildren();
        Label more = Widgets.label("+" + items.size(), "muted");
        more.setMinWidth(Region.USE_PREF_SIZE);
        items.add(more);
        strip.applyCss();
        double room = strip.getWidth()
                - strip.getInsets().getLeft()
                - strip.getInsets().getRight()
                - more.prefWidth(-1);
        if (room < 0) {
            items.clear();
            return;
        }
        int shown = 0;
        while (shown < items.size() - 1) {
            room -= items.get(shown).prefWidth(-1) + strip.getSpacing();
            if (room < 0) {
                break;
            }
            shown++;
        }
        int hidden = items.size() - 1 - shown;
        items.subList(shown, items.size() - 1).clear();
        more.setText("+" + hidden);
        Widgets.describe(
                more,
                String.join(
                        ", ",
                        legend.subList(shown, legend.size()).stream()
                                .map(running -> running.service().name())
                                .toList()));
    }

    private Node legendItem(ClusterModel.Running running, Wording wording) {
        ServiceView service = running.service();
        var mark = cluster.palette().mark(service.name());
        boolean complete = running.tasks() >= service.replicas();
        HBox item = new HBox(
                Widgets.label(mark.sign(), "chip-sign"),
                Widgets.label(service.name(), "strip-name"),
                Widgets.label(
                        running.tasks() + "/" + service.replicas(),
                        "strip-count",
                        complete ? "tone-good" : "tone-waiting"));
        if (wording == Wording.SIGN) {
            item.getChildren().remove(1);
        }
        if (wording == Wording.WITH_PORTS && !service.ports().isEmpty()) {
            item.getChildren()
                    .add(Widgets.label(
                            ":"
                                    + String.join(
                                            " :",
                                            new TreeMap<>(service.ports())
                                                    .keySet().stream()
                                                            .map(String::valueOf)
                                                            .toList()),
                            "strip-port"));
        }
        item.getStyleClass().addAll("strip-item", "service-" + mark.colour());
        item.setId("service-" + service.name());
        item.getChildren().forEach(child -> ((Region) child).setMinWidth(Region.USE_PREF_SIZE));
        item.setMinWidth(Region.USE_PREF_SIZE);
        item.setFocusTraversable(true);
        Runnable select = () -> cluster.selection().set(new Selection.OfService(service.name()));
        item.setOnMouseClicked(event -> select.run());
        item.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                select.run();
                event.consume();
            }
        });
        Widgets.describe(item, service.name() + ": " + service.image());
        return item;
    }
}
