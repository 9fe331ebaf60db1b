package dev.clusterlab.ui.hosts;

import dev.clusterlab.provisioning.hosts.HostFinder.Skipped;
import dev.clusterlab.provisioning.hosts.HostFinder.Source;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.HostRow;
import dev.clusterlab.ui.model.hosts.HostRow.Origin;
import dev.clusterlab.ui.model.hosts.HostsModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;

/** Hosts to choose from, and ways to add some: an address, or a hosts file. */
final class HostChooser {
    /** Part of the window's height that the rows may take. */
    private static final double ROWS_SHARE = 0.3;

    private final HostsModel model;
    private final Texts texts;
    private final boolean named;
    private final VBox rows = new VBox();
    private final VBox trouble = new VBox();
    private final TextField address = new TextField();
    private final VBox root = new VBox();
    private Subscription subscription = Subscription.EMPTY;

    /**
     * @param named whether hosts may be called otherwise
     * @param files asks the person for a hosts file; empty if none is wanted
     */
    HostChooser(HostsModel model, Texts texts, boolean named, Supplier<Optional<Path>> files) {
        this.model = model;
        this.texts = texts;
        this.named = named;
        rows.getStyleClass().add("labs-rows");
        ScrollPane scroll = new ScrollPane(rows);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                scroll.maxHeightProperty().bind(scene.heightProperty().multiply(ROWS_SHARE));
            }
        });
        scroll.getStyleClass().add("page-scroll");
        address.setId("host-address");
        address.setPromptText(texts.get("hosts.address"));
        address.setAccessibleText(texts.get("hosts.address.name"));
        address.setOnAction(event -> add());
        HBox.setHgrow(address, Priority.ALWAYS);
        HBox more = new HBox(
                address,
                Widgets.button("host-add", texts.get("hosts.add"), Material2AL.ADD, this::add, "button-outlined"),
                Widgets.button(
                        "host-file",
                        texts.get("hosts.file"),
                        Material2AL.FOLDER_OPEN,
                        () -> files.get().ifPresent(model::addFile),
                        "button-outlined"));
        more.getStyleClass().add("overlay-buttons");
        more.setAlignment(Pos.CENTER_LEFT);
        root.getChildren().addAll(scroll, more, trouble);
        root.getStyleClass().add("hosts");
    }

    Region node() {
        return root;
    }

    /** Where one begins: the first host, or the field for an address. */
    Node entry() {
        Node first = rows.lookup(".check-box");
        return first == null ? address : first;
    }

    /** Follows the model until {@link #dispose()}. */
    void follow() {
        subscription.unsubscribe();
        subscription = model.state().subscribe(this::show);
    }

    void dispose() {
        subscription.unsubscribe();
    }

    private void add() {
        if (!address.getText().isBlank() && model.add(address.getText())) {
            address.clear();
        }
    }

    private void show(HostsModel.State state) {
        Optional<String> focused = Optional.ofNullable(rows.getScene())
                .flatMap(scene -> Optional.ofNullable(scene.getFocusOwner()))
                .map(Node::getId);
        List<Node> shown = new ArrayList<>();
        state.rows().forEach(row -> shown.add(row(row)));
        state.skipped().forEach(skipped -> shown.add(skipped(skipped)));
        if (shown.isEmpty()) {
            shown.add(Widgets.wrapped(texts.get("hosts.none"), "muted"));
        }
        rows.getChildren().setAll(shown);
        trouble.getChildren()
                .setAll(state.trouble().stream().map(Widgets::notice).toList());
        trouble.setVisible(state.trouble().isPresent());
        trouble.setManaged(state.trouble().isPresent());
        // Rows are made anew: the keyboard stays where it was.
        focused.map(id -> rows.lookup("#" + id)).ifPresent(Node::requestFocus);
    }

    private Node row(HostRow row) {
        CheckBox chosen = new CheckBox(named ? "" : row.host().name());
        chosen.setId("host-" + row.number());
        chosen.getStyleClass().add("strong");
        chosen.setSelected(row.chosen());
        chosen.setAccessibleText(row.host().toString());
        chosen.setOnAction(event -> model.choose(row.number(), chosen.isSelected()));
        chosen.setMinWidth(Region.USE_PREF_SIZE);
        HBox box = new HBox(chosen);
        if (named) {
            box.getChildren().add(name(row));
        }
        Label where = Widgets.label(row.host().address().url());
        where.setMinWidth(0);
        Label origin = Widgets.label(origin(row.origin(), row.listed()), "muted");
        origin.setMinWidth(Region.USE_PREF_SIZE);
        box.getChildren().addAll(where, Widgets.spacer(), origin);
        if (row.origin() == Origin.TYPED || row.origin() == Origin.FILE) {
            box.getChildren()
                    .add(Widgets.iconButton(
                            "host-remove-" + row.number(),
                            Material2AL.CLOSE,
                            texts.get("hosts.remove", row.host().name()),
                            () -> model.remove(row.number())));
        }
        box.getStyleClass().add("host-row");
        box.setAlignment(Pos.CENTER_LEFT);
        return box;
    }

    private Node name(HostRow row) {
        TextField name = new TextField(row.host().name());
        name.setId("host-name-" + row.number());
        name.setPrefColumnCount(10);
        name.setMinWidth(Region.USE_PREF_SIZE);
        name.setAccessibleText(texts.get("hosts.name", row.host().address().url()));
        Runnable rename = () -> {
            if (!name.getText().equals(row.host().name())) {
                model.rename(row.number(), name.getText());
            }
        };
        name.setOnAction(event -> rename.run());
        name.focusedProperty().subscribe((before, now) -> {
            if (before && !now) {
                rename.run();
            }
        });
        return name;
    }

    private String origin(Origin origin, String listed) {
        return texts.get("hosts.origin." + origin.name().toLowerCase(Locale.ROOT), listed);
    }

    /** What is listed and cannot be taken, with the reason. */
    private Node skipped(Skipped skipped) {
        Origin origin = skipped.source() == Source.CONTEXT ? Origin.CONTEXT : Origin.MACHINE;
        Label words = Widgets.wrapped(
                texts.get(
                        "hosts.skipped",
                        origin(origin, skipped.name()),
                        texts.errors().what(skipped.why()).replaceFirst("\\.$", "")),
                "refusal");
        words.setGraphic(Widgets.icon(Material2AL.BLOCK));
        words.setMaxWidth(Double.MAX_VALUE);
        return words;
    }
}
