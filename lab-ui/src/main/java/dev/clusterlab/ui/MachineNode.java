package dev.clusterlab.ui;

import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Band;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.animation.FadeTransition;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Line;
import javafx.util.Duration;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** A machine as a box of fixed size and place; what is inside it changes, the box does not move. */
final class MachineNode extends StackPane {
    /** Chips are written out while they fit this many lines, then they are abridged to sign and number. */
    private static final int LINES = 3;

    private static final double CHIP_ROOM = Topology.BOX_WIDTH - 26;
    private static final int CHIPS_MAX = 15;

    private final Texts texts;
    private final Consumer<Chip> onChip;
    private final BiConsumer<Chip, ContextMenuEvent> onChipMenu;
    private final boolean motion;
    private final Label name = Widgets.label("", "machine-name");
    private final Label role = Widgets.label("", "machine-role");
    private final Label address = Widgets.label("", "machine-address");
    private final Label state = Widgets.label("", "machine-state");
    private final Label side = Widgets.label("", "machine-side");
    private final FlowPane chips = new FlowPane(6, 5);
    private final VBox plugs = new VBox();
    private final HBox work = new HBox();
    private final Pane cross = new Pane();
    private final Map<String, ChipNode> chipNodes = new LinkedHashMap<>();
    private Optional<Box> shown = Optional.empty();

    MachineNode(Texts texts, boolean motion, Consumer<Chip> onChip, BiConsumer<Chip, ContextMenuEvent> onChipMenu) {
        this.texts = texts;
        this.motion = motion;
        this.onChip = onChip;
        this.onChipMenu = onChipMenu;
        setPrefSize(Topology.BOX_WIDTH, Topology.BOX_HEIGHT);
        setMinSize(Topology.BOX_WIDTH, Topology.BOX_HEIGHT);
        setMaxSize(Topology.BOX_WIDTH, Topology.BOX_HEIGHT);
        setFocusTraversable(true);
        role.setMinWidth(Region.USE_PREF_SIZE);
        state.setMinWidth(Region.USE_PREF_SIZE);
        HBox first = new HBox(name, Widgets.spacer(), role);
        first.setAlignment(Pos.CENTER_LEFT);
        HBox second = new HBox(address, Widgets.spacer(), state);
        second.setAlignment(Pos.CENTER_LEFT);
        VBox head = new VBox(first, second);
        head.getStyleClass().add("machine-head");
        chips.getStyleClass().add("machine-chips");
        chips.setPrefWrapLength(CHIP_ROOM);
        VBox.setVgrow(chips, Priority.ALWAYS);
        plugs.setAlignment(Pos.BOTTOM_CENTER);
        work.setAlignment(Pos.CENTER);
        work.getStyleClass().add("machine-work");
        work.setMouseTransparent(true);
        VBox content = new VBox(head, chips, plugs);
        double right = Topology.BOX_WIDTH - 14;
        Line down = new Line(14, 62, right, Topology.BOX_HEIGHT - 14);
        Line up = new Line(14, Topology.BOX_HEIGHT - 14, right, 62);
        cross.getChildren().addAll(down, up);
        cross.getStyleClass().add("machine-cross");
        cross.setMouseTransparent(true);
        side.setMouseTransparent(true);
        StackPane.setAlignment(side, Pos.TOP_CENTER);
        side.setTranslateY(-12);
        getChildren().addAll(content, work, cross, side);
    }

    Optional<Box> shown() {
        return shown;
    }

    Optional<ChipNode> chip(String id) {
        return Optional.ofNullable(chipNodes.get(id));
    }

    void update(Box box, List<Band> bands, boolean selected) {
        setId("machine-" + box.name());
        getStyleClass().setAll("machine", Widgets.toneClass(box.condition().tone()));
        if (box.condition().dead()) {
            getStyleClass().add("machine-dead");
        }
        if (box.condition() == Topology.Condition.MAKING) {
            getStyleClass().add("machine-making");
        }
        if (selected) {
            getStyleClass().add("machine-selected");
        }
        if (!box.side().isEmpty()) {
            getStyleClass().addAll("machine-cut", "side-" + box.side());
        }
        if (shown.filter(box::equals).isPresent()) {
            return;
        }
        shown = Optional.of(box);
        name.setText(box.name());
        address.setText(box.ip());
        state.setText(texts.get("condition." + box.condition().name()));
        state.setGraphic(stateIcon(box));
        state.getStyleClass()
                .setAll("machine-state", Widgets.toneClass(box.condition().tone()));
        role.setText(
                box.role() == Role.NONE ? "" : texts.get("role." + box.role().name()));
        role.setGraphic(box.role() == Role.LEADER ? Widgets.icon(Material2MZ.STAR) : null);
        role.getStyleClass().setAll("machine-role", "role-" + box.role().name().toLowerCase(java.util.Locale.ROOT));
        role.setVisible(box.role() != Role.NONE);
        side.setVisible(!box.side().isEmpty());
        side.setText(texts.get("machine.side", box.side()));
        side.setGraphic(Widgets.icon(Material2AL.LINK_OFF));
        cross.setVisible(box.condition().dead() && box.condition() != Topology.Condition.PAUSED);
        showWork(box.work());
        showPlugs(box, bands);
        showChips(box);
        setAccessibleText(box.name() + ", " + role.getText() + ", " + state.getText());
    }

    private static FontIcon stateIcon(Box box) {
        Ikon ikon = switch (box.condition()) {
            case KILLED -> Material2AL.FLASH_OFF;
            case STOPPED -> Material2MZ.POWER_SETTINGS_NEW;
            case PAUSED -> Material2AL.AC_UNIT;
            case SILENT, NODE_UNKNOWN -> Material2AL.HELP_OUTLINE;
            case NODE_DOWN -> Material2AL.CANCEL;
            case DRAINED -> Material2AL.ARROW_CIRCLE_DOWN;
            case READY -> Material2AL.CHECK_CIRCLE;
            case ALONE -> Material2MZ.RADIO_BUTTON_UNCHECKED;
            case MAKING -> Material2AL.HOURGLASS_EMPTY;
        };
        return Widgets.icon(ikon, Widgets.toneClass(box.condition().tone()));
    }

    private void showWork(String words) {
        work.getChildren()
                .setAll(
                        words.isEmpty()
                                ? List.of()
                                : List.of(
                                        Widgets.spinner("small-spinner"),
                                        Widgets.wrapped(words, "machine-work-words")));
    }

    private void showPlugs(Box box, List<Band> bands) {
        List<Node> strips = new ArrayList<>();
        for (Band band : bands.reversed()) {
            Label strip = Widgets.label("", "band-strip");
            strip.setMaxWidth(Double.MAX_VALUE);
            if (box.plugged().contains(band.name())) {
                strip.setText(band.name());
                strip.getStyleClass().add("band-" + (band.index() + 1));
            }
            strips.add(strip);
        }
        plugs.getChildren().setAll(strips);
    }

    private void showChips(Box box) {
        List<Chip> wanted = box.chips();
        boolean brief = lines(wanted, box.plugged().size()) > LINES;
        List<Chip> drawn = wanted.size() > CHIPS_MAX ? wanted.subList(0, CHIPS_MAX - 1) : wanted;
        Map<String, ChipNode> before = new LinkedHashMap<>(chipNodes);
        chipNodes.clear();
        List<Node> nodes = new ArrayList<>();
        for (Chip chip : drawn) {
            ChipNode node = before.get(chip.id());
            if (node == null) {
                node = create(chip, brief);
            } else {
                node.update(chip, brief);
            }
            chipNodes.put(chip.id(), node);
            nodes.add(node);
        }
        if (drawn.size() < wanted.size()) {
            nodes.add(Widgets.label(texts.get("machine.more", wanted.size() - drawn.size()), "chip-more"));
        }
        if (!chips.getChildren().equals(nodes)) {
            chips.getChildren().setAll(nodes);
        }
    }

    private ChipNode create(Chip chip, boolean brief) {
        ChipNode node = new ChipNode(chip, brief);
        node.setOnMouseClicked(event -> {
            if (event.getButton() == MouseButton.PRIMARY) {
                onChip.accept(node.chip());
                event.consume();
            }
        });
        node.setOnContextMenuRequested(event -> {
            onChipMenu.accept(node.chip(), event);
            event.consume();
        });
        if (motion) {
            FadeTransition fade = new FadeTransition(Duration.millis(350), node);
            fade.setFromValue(0);
            fade.setToValue(1);
            fade.play();
        }
        return node;
    }

    /** How many lines the chips take when written out. */
    private static int lines(List<Chip> chips, int bands) {
        int lines = bands > 1 ? 2 : 1;
        double used = 0;
        for (Chip chip : chips) {
            double width = ChipNode.width(chip);
            if (used > 0 && used + width > CHIP_ROOM) {
                lines++;
                used = 0;
            }
            used += width + 6;
        }
        return lines;
    }
}
