package dev.clusterlab.ui.hosts;

import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.HostsModel;
import dev.clusterlab.ui.model.hosts.RemoteModel;
import dev.clusterlab.ui.model.hosts.RemoteModel.Left;
import dev.clusterlab.ui.model.hosts.RemoteModel.Row;
import dev.clusterlab.ui.model.hosts.RemoteModel.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** Chooses hosts for a lab, says what it will do on each, and begins; also takes up labs that were left on hosts. */
public final class RemoteHostsCard {
    private static final double ROWS_SHARE = 0.4;

    private final RemoteModel model;
    private final Texts texts;
    private final Wishes wishes;
    private final HostChooser chooser;
    private final VBox left = new VBox();
    private final VBox plan = new VBox();
    private final ScrollPane planned = new ScrollPane(plan);
    private final Label done = Widgets.wrapped("", "muted");
    private final Label doing = Widgets.wrapped("", "overlay-text");
    private final HBox busy = new HBox(Widgets.spinner("small-spinner"), doing);
    private final VBox result = new VBox();
    private final Label words = Widgets.wrapped("", "muted");
    private final Button back;
    private final Button look;
    private final Button begin;
    private final Button close;
    private final VBox card;
    private Subscription subscription = Subscription.EMPTY;

    /**
     * What it passes on.
     *
     * @param files asks the person for a hosts file; empty if none is wanted
     * @param begin a lab on hosts that were looked at
     * @param resume takes up a lab that was left
     * @param end takes the card away
     */
    public record Wishes(
            Supplier<Optional<Path>> files, Consumer<LabHosts> begin, Consumer<String> resume, Runnable end) {}

    public RemoteHostsCard(RemoteModel model, Texts texts, Wishes wishes) {
        this.model = model;
        this.texts = texts;
        this.wishes = wishes;
        chooser = new HostChooser(model.hosts(), texts, true, wishes.files());
        back = Widgets.button("remote-back", texts.get("remote.back"), Material2AL.ARROW_BACK, model::cancel, "flat");
        look = Widgets.button(
                "remote-look", texts.get("remote.look"), Material2AL.ARROW_FORWARD, model::look, "accent");
        begin = Widgets.button("remote-begin", texts.get("remote.begin"), Material2AL.CHECK, this::start, "accent");
        close = Widgets.button("remote-close", texts.get("help.close"), Material2AL.CLOSE, this::close, "flat");
        for (Button button : List.of(back, look, begin, close)) {
            button.defaultButtonProperty().bind(button.focusedProperty());
        }
        busy.getStyleClass().add("overlay-buttons");
        busy.setAlignment(Pos.CENTER_LEFT);
        plan.getStyleClass().add("labs-rows");
        left.getStyleClass().add("labs-rows");
        planned.setFitToWidth(true);
        planned.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        planned.getStyleClass().add("page-scroll");
        planned.sceneProperty().subscribe(scene -> {
            if (scene != null) {
                planned.maxHeightProperty().bind(scene.heightProperty().multiply(ROWS_SHARE));
            }
        });
        HBox buttons = new HBox(back, Widgets.spacer(), close, look, begin);
        buttons.getStyleClass().add("overlay-buttons");
        buttons.setAlignment(Pos.CENTER_RIGHT);
        card = new VBox(
                Widgets.label(texts.get("remote.title"), "overlay-title"),
                words,
                chooser.node(),
                left,
                planned,
                done,
                busy,
                result,
                buttons);
        card.setId("remote-hosts");
        card.getStyleClass().add("hosts-card");
    }

    public VBox node() {
        return card;
    }

    /** Where the keyboard begins. */
    public Node entry() {
        return chooser.entry();
    }

    /** Follows its model, and reads what there is, until it is taken away. */
    public void begin() {
        model.begin();
        chooser.follow();
        subscription = Subscription.combine(
                model.state().subscribe(this::show),
                model.hosts().state().subscribe(this::offer),
                model.left().subscribe(this::showLeft),
                model.returned().subscribe(this::tell));
    }

    /** Gives up looking, goes back to the choice, or takes the card away. */
    public void escape() {
        if (model.state().get() instanceof State.Choosing) {
            end();
        } else {
            model.cancel();
        }
    }

    private void close() {
        if (model.state().get() instanceof State.Looking) {
            model.cancel();
        } else {
            end();
        }
    }

    private void end() {
        subscription.unsubscribe();
        chooser.dispose();
        wishes.end().run();
    }

    private void start() {
        if (model.state().get() instanceof State.Planned now && now.free() > 0) {
            end();
            wishes.begin().accept(now.hosts());
        }
    }

    private void offer(HostsModel.State hosts) {
        look.setDisable(hosts.chosen().isEmpty());
    }

    private static void shown(Node node, boolean shown) {
        node.setVisible(shown);
        node.setManaged(shown);
    }

    private void show(State state) {
        boolean choosing = state instanceof State.Choosing;
        boolean planning = state instanceof State.Planned;
        shown(chooser.node(), choosing);
        shown(left, choosing && !left.getChildren().isEmpty());
        shown(look, choosing);
        shown(planned, planning);
        shown(done, planning);
        shown(begin, planning);
        shown(back, planning);
        shown(busy, state instanceof State.Looking);
        close.setText(texts.get(state instanceof State.Looking ? "block.cancel" : "help.close"));
        words.setText(texts.get(planning ? "remote.planned" : "remote.words"));
        result.getChildren().clear();
        switch (state) {
            case State.Choosing(var trouble) -> {
                tell(trouble);
                if (back.isFocused() || begin.isFocused()) {
                    chooser.entry().requestFocus();
                }
            }
            case State.Looking(String hosts) -> {
                doing.setText(texts.get("remote.looking", hosts));
                close.requestFocus();
            }
            case State.Planned now -> {
                plan.getChildren().setAll(now.rows().stream().map(this::row).toList());
                done.setText(now.done());
                begin.setText(texts.get("remote.begin", now.free()));
                begin.setDisable(now.free() == 0);
                (now.free() == 0 ? back : begin).requestFocus();
            }
        }
    }

    private Node row(Row row) {
        Label name = Widgets.label(row.host(), "strong");
        name.setGraphic(Widgets.icon(
                row.taken() ? Material2AL.CHECK_CIRCLE : Material2AL.BLOCK,
                row.taken() ? "tone-good" : "tone-waiting"));
        Label says = Widgets.wrapped(row.says());
        VBox box = new VBox(name, says);
        if (!row.advice().isEmpty() && !row.lendable()) {
            Label advice = Widgets.wrapped(row.advice(), "muted");
            advice.setGraphic(Widgets.icon(Material2AL.ARROW_RIGHT_ALT));
            box.getChildren().add(advice);
        }
        if (row.lendable()) {
            CheckBox lend = new CheckBox(texts.get("remote.lend", row.host()));
            lend.setId("lend-" + row.host());
            lend.setSelected(row.lent());
            lend.setWrapText(true);
            lend.setOnAction(event -> model.lend(row.host(), lend.isSelected()));
            box.getChildren().add(lend);
        }
        box.getStyleClass().add("watched-part");
        box.setId("plan-" + row.host());
        return box;
    }

    private void showLeft(List<Left> labs) {
        List<Node> rows = new ArrayList<>();
        if (!labs.isEmpty()) {
            rows.add(Widgets.label(texts.get("remote.left"), "section-title"));
        }
        labs.forEach(lab -> rows.add(left(lab)));
        left.getChildren().setAll(rows);
        shown(left, !labs.isEmpty() && model.state().get() instanceof State.Choosing);
    }

    private Node left(Left lab) {
        Label id = Widgets.label(lab.lab(), "lab-id");
        id.setMinWidth(Region.USE_PREF_SIZE);
        Label machines = Widgets.wrapped(
                lab.machines().isEmpty() ? texts.get("labs.nomachines") : String.join(", ", lab.machines()));
        HBox.setHgrow(machines, Priority.ALWAYS);
        machines.setMaxWidth(Double.MAX_VALUE);
        Button resume = Widgets.button(
                "resume-" + lab.lab(),
                texts.get("left.resume"),
                Material2MZ.PLAY_ARROW,
                () -> {
                    end();
                    wishes.resume().accept(lab.lab());
                },
                "small",
                "button-outlined");
        Button giveBack = Widgets.button(
                "give-back-" + lab.lab(),
                texts.get("remote.giveback"),
                Material2MZ.UNDO,
                () -> model.giveBack(lab.lab()),
                "small",
                "button-outlined",
                "danger");
        HBox row = new HBox(id, machines, resume, giveBack);
        row.getStyleClass().add("host-row");
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private void tell(Optional<Notice> told) {
        result.getChildren().setAll(told.stream().map(Widgets::notice).toList());
    }
}
