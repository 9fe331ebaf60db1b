package dev.clusterlab.ui.picture;

import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.CutChoice;
import dev.clusterlab.ui.model.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;

/**
 * Every way between two machines, from the one on the left to the one above: whether it is open now, and whether it is to be cut. A
 * name chooses its whole row or column. Arrow keys go from field to field.
 */
public final class CutMatrix {
    private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");
    private static final double HEIGHT_MAX = 420;

    private final Texts texts;
    private final List<String> machines;
    private final Reach reach;
    private final CutChoice choice = new CutChoice();
    private final Map<Way, Button> fields = new LinkedHashMap<>();
    private final GridPane grid = new GridPane();
    private final Button cut;
    private final VBox card;

    /** @param cuts is given the faults that cut what was chosen */
    public CutMatrix(Texts texts, List<String> machines, Reach reach, Consumer<List<Fault>> cuts, Runnable close) {
        this.texts = texts;
        this.machines = List.copyOf(machines);
        this.reach = reach;
        this.cut = Widgets.button(
                "cut-ways",
                texts.get("cut.do"),
                Material2AL.CONTENT_CUT,
                () -> {
                    close.run();
                    cuts.accept(choice.faults());
                },
                "accent");
        fill();
        ScrollPane scroll = new ScrollPane(grid);
        scroll.getStyleClass().add("cut-scroll");
        scroll.setMaxHeight(HEIGHT_MAX);
        Button leave = Widgets.button("cut-close", texts.get("help.close"), Material2AL.CLOSE, close, "flat");
        HBox buttons = new HBox(leave, cut);
        buttons.setAlignment(Pos.CENTER_RIGHT);
        buttons.getStyleClass().add("overlay-buttons");
        card = new VBox(
                Widgets.label(texts.get("cut.title"), "overlay-title"),
                Widgets.wrapped(texts.get("cut.detail"), "overlay-text"),
                scroll,
                buttons);
        card.setId("cut-matrix");
        show();
    }

    public VBox card() {
        return card;
    }

    /** The first field gets the keyboard; it is in the window only when the pane around it has been dressed. */
    public void takeFocus() {
        card.applyCss();
        card.layout();
        fields.values().stream()
                .filter(field -> !field.isDisabled())
                .findFirst()
                .orElse(cut)
                .requestFocus();
    }

    private void fill() {
        grid.getStyleClass().add("cut-grid");
        for (int column = 0; column < machines.size(); column++) {
            String to = machines.get(column);
            grid.add(
                    whole(
                            "to",
                            to,
                            machines.stream().map(from -> new Way(from, to)).toList()),
                    column + 1,
                    0);
        }
        for (int row = 0; row < machines.size(); row++) {
            String from = machines.get(row);
            grid.add(
                    whole(
                            "from",
                            from,
                            machines.stream().map(to -> new Way(from, to)).toList()),
                    0,
                    row + 1);
            for (int column = 0; column < machines.size(); column++) {
                if (column != row) {
                    grid.add(field(new Way(from, machines.get(column))), column + 1, row + 1);
                }
            }
        }
    }

    private Button whole(String direction, String machine, List<Way> ways) {
        var open = new ArrayList<>(ways);
        open.removeIf(way -> way.from().equals(way.to()) || reach.of(way) == Reach.Finding.CUT);
        Button name = new Button(machine);
        name.setId("cut-" + direction + "-" + machine);
        name.getStyleClass().addAll("flat", "cut-name");
        Widgets.describe(name, texts.get("cut." + direction, machine));
        name.setDisable(open.isEmpty());
        name.setOnAction(event -> {
            choice.toggleAll(open);
            show();
        });
        return name;
    }

    private Button field(Way way) {
        Button field = new Button();
        field.setId("cut-" + way.from() + "-" + way.to());
        field.getStyleClass().add("cut-field");
        field.setDisable(reach.of(way) == Reach.Finding.CUT);
        field.setOnAction(event -> {
            choice.toggle(way);
            show();
        });
        field.addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            if (go(way, event.getCode())) {
                event.consume();
            }
        });
        fields.put(way, field);
        return field;
    }

    private boolean go(Way from, KeyCode key) {
        int right = key == KeyCode.RIGHT ? 1 : key == KeyCode.LEFT ? -1 : 0;
        int down = key == KeyCode.DOWN ? 1 : key == KeyCode.UP ? -1 : 0;
        if (right == 0 && down == 0) {
            return false;
        }
        int row = machines.indexOf(from.from());
        int column = machines.indexOf(from.to());
        while (true) {
            row += down;
            column += right;
            if (row < 0 || column < 0 || row >= machines.size() || column >= machines.size()) {
                return true;
            }
            Button next = fields.get(new Way(machines.get(row), machines.get(column)));
            if (next != null && !next.isDisabled()) {
                next.requestFocus();
                return true;
            }
        }
    }

    private void show() {
        fields.forEach((way, field) -> {
            boolean lost = reach.of(way) == Reach.Finding.CUT;
            boolean chosen = choice.contains(way);
            field.setGraphic(
                    lost
                            ? Widgets.icon(Material2AL.LINK_OFF)
                            : chosen
                                    ? Widgets.icon(Material2AL.CONTENT_CUT)
                                    : Widgets.icon(Material2AL.ARROW_RIGHT_ALT));
            field.pseudoClassStateChanged(CHOSEN, chosen);
            Widgets.describe(
                    field,
                    texts.get(
                            lost ? "cut.way.lost" : chosen ? "cut.way.chosen" : "cut.way.open", way.from(), way.to()));
        });
        cut.setDisable(choice.isEmpty());
    }
}
