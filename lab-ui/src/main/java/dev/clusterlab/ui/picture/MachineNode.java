package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Fades;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Band;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Role;
import dev.clusterlab.ui.model.Topology.Writing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** A machine as a box; what is inside it changes, the box does not move. */
public final class MachineNode extends StackPane implements MovingParts {
    private static final double CROSS_TOP = 62;
    private static final double CROSS_MARGIN = 14;

    private final Texts texts;
    private final Consumer<Chip> onChip;
    private final BiConsumer<Chip, ContextMenuEvent> onChipMenu;
    private final BooleanSupplier motion;
    private final Label name = Widgets.label("", "machine-name");
    private final Label role = Widgets.label("", "machine-role");
    private final Label state = Widgets.label("", "machine-state");
    private final Label belief = Widgets.label("", "machine-belief");
    private final Label believed = Widgets.label("", "machine-believed");
    private final FlowPane chips = new FlowPane(Topology.CHIP_GAP, 5);
    private final VBox plugs = new VBox();
    private final HBox work = new HBox();
    private final Pane cross = new Pane();
    private final Line down = new Line();
    private final Line up = new Line();
    private final Map<String, ChipNode> chipNodes = new LinkedHashMap<>();
    private final VBox content;
    private Optional<Box> shown = Optional.empty();
    private Writing written = Writing.FULL;
    private List<String> dress = List.of();
    private boolean detailed;
    private int drawings;

    /** {@code motion}: whether the person wants things to move. */
    public MachineNode(
            Texts texts, BooleanSupplier motion, Consumer<Chip> onChip, BiConsumer<Chip, ContextMenuEvent> onChipMenu) {
        this.texts = texts;
        this.motion = motion;
        this.onChip = onChip;
        this.onChipMenu = onChipMenu;
        setFocusTraversable(true);
        role.setMinWidth(Region.USE_PREF_SIZE);
        state.setMinWidth(Region.USE_PREF_SIZE);
        HBox first = new HBox(name, Widgets.spacer(), role);
        first.setAlignment(Pos.CENTER_LEFT);
        believed.setMinWidth(Region.USE_PREF_SIZE);
        HBox second = new HBox(state, Widgets.spacer(), belief, believed);
        second.setSpacing(4);
        second.setAlignment(Pos.CENTER_LEFT);
        VBox head = new VBox(first, second);
        head.getStyleClass().add("machine-head");
        chips.getStyleClass().add("machine-chips");
        VBox.setVgrow(chips, Priority.ALWAYS);
        plugs.setAlignment(Pos.BOTTOM_CENTER);
        work.setAlignment(Pos.CENTER);
        work.getStyleClass().add("machine-work");
        work.setMouseTransparent(true);
        content = new VBox(head, chips, plugs);
        cross.getChildren().addAll(down, up);
        cross.getStyleClass().add("machine-cross");
        cross.setMouseTransparent(true);
    }

    /** How often it was written anew, for who counts the work. */
    public int drawings() {
        return drawings;
    }

    Optional<Box> shown() {
        return shown;
    }

    @Override
    public Region whole() {
        return this;
    }

    @Override
    public Node role() {
        return role;
    }

    @Override
    public Optional<Node> chip(String id) {
        return Optional.ofNullable(chipNodes.get(id)).map(Node::getParent);
    }

    @Override
    public Region copy(String id) {
        return new ChipNode(Objects.requireNonNull(chipNodes.get(id)).chip(), written);
    }

    /** In the order in which they are shown. */
    List<ChipNode> chipNodes() {
        return List.copyOf(chipNodes.values());
    }

    /** Gives the keyboard to the first chip; without effect where there is none. */
    public void enterChips() {
        chipNodes.values().stream().findFirst().ifPresent(Node::requestFocus);
    }

    /** {@code detail}: whether it is large enough for what stands in it to be read. */
    void update(Box box, Topology picture, boolean selected, boolean detail) {
        dress(box, selected);
        boolean alike = written == picture.writing() && getPrefWidth() == picture.boxWidth() && detailed == detail;
        if (alike && shown.filter(box::equals).isPresent()) {
            return;
        }
        drawings++;
        shown = Optional.of(box);
        written = picture.writing();
        size(picture.boxWidth(), box.height());
        if (detail != detailed) {
            detailed = detail;
            // The cross below the words, which are to be read.
            getChildren().setAll(detail ? List.of(cross, content, work) : List.of());
        }
        if (detail) {
            write(box, picture);
        } else {
            chipNodes.clear();
            chips.getChildren().clear();
            setAccessibleText(String.join(
                    ", ",
                    box.name(),
                    roleWords(box),
                    texts.get("condition." + box.condition().name())));
        }
    }

    /** Only what changes: the style sheet is applied anew to all that is in it. */
    private void dress(Box box, boolean selected) {
        List<String> now = new ArrayList<>(
                List.of("machine", Widgets.toneClass(box.condition().tone())));
        if (box.condition().dead()) {
            now.add("machine-dead");
        }
        if (box.condition() == Topology.Condition.MAKING) {
            now.add("machine-making");
        }
        if (selected) {
            now.add("machine-selected");
        }
        if (!now.equals(dress)) {
            dress = now;
            getStyleClass().setAll(now);
        }
    }

    private String roleWords(Box box) {
        return box.role() == Role.NONE ? "" : texts.get("role." + box.role().name());
    }

    private void write(Box box, Topology picture) {
        name.setText(box.name());
        showBelief(box);
        state.setText(texts.get("condition." + box.condition().name()));
        state.setGraphic(stateIcon(box));
        state.getStyleClass()
                .setAll("machine-state", Widgets.toneClass(box.condition().tone()));
        role.setText(roleWords(box));
        role.setGraphic(box.role() == Role.LEADER ? Widgets.icon(Material2MZ.STAR) : null);
        role.getStyleClass().setAll("machine-role", "role-" + box.role().name().toLowerCase(java.util.Locale.ROOT));
        role.setVisible(box.role() != Role.NONE);
        cross.setVisible(box.condition().off());
        showWork(box.work());
        showPlugs(box, picture.bands());
        showChips(box);
        String side = box.side().isEmpty() ? "" : ", " + texts.get("machine.side", box.side());
        setAccessibleText(String.join(
                        ", ", box.name(), role.getText(), state.getText(), belief.getText() + " " + believed.getText())
                + side);
    }

    private void size(double width, double height) {
        setPrefSize(width, height);
        setMinSize(width, height);
        setMaxSize(width, height);
        chips.setPrefWrapLength(width - Topology.CHIP_INSET);
        double right = width - CROSS_MARGIN;
        double bottom = height - CROSS_MARGIN;
        down.setStartX(CROSS_MARGIN);
        down.setStartY(CROSS_TOP);
        down.setEndX(right);
        down.setEndY(bottom);
        up.setStartX(CROSS_MARGIN);
        up.setStartY(bottom);
        up.setEndX(right);
        up.setEndY(CROSS_TOP);
    }

    private void showBelief(Box box) {
        Topology.Belief now = box.belief();
        belief.setText(now.words());
        believed.setText(now.leader());
        believed.setGraphic(now.leader().isEmpty() ? null : Widgets.icon(Material2MZ.STAR));
        believed.setVisible(!now.leader().isEmpty());
        believed.setManaged(!now.leader().isEmpty());
        belief.getStyleClass().setAll("machine-belief", Widgets.toneClass(now.tone()));
        believed.getStyleClass().setAll("machine-believed", Widgets.toneClass(now.tone()));
    }

    private static FontIcon stateIcon(Box box) {
        Ikon ikon = switch (box.condition()) {
            case KILLED -> Material2AL.FLASH_OFF;
            case STOPPED -> Material2MZ.POWER_SETTINGS_NEW;
            case CUT_OFF -> Material2AL.LINK_OFF;
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
        Map<String, ChipNode> before = new LinkedHashMap<>(chipNodes);
        chipNodes.clear();
        List<Node> nodes = new ArrayList<>();
        for (Chip chip : box.chips()) {
            ChipNode node = before.get(chip.id());
            if (node == null) {
                node = create(chip);
            } else {
                node.update(chip, written);
            }
            chipNodes.put(chip.id(), node);
            nodes.add(node.getParent());
        }
        if (box.more() > 0) {
            nodes.add(Widgets.label(texts.get("machine.more", box.more()), "chip-more"));
        }
        if (!chips.getChildren().equals(nodes)) {
            chips.getChildren().setAll(nodes);
        }
    }

    /** A chip in a wrapper of its own, which is what moves or comes up slowly. */
    private ChipNode create(Chip chip) {
        ChipNode node = new ChipNode(chip, written);
        StackPane wrapper = new StackPane(node);
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
        ChipKeys.on(node, this, onChip);
        Fades.in(wrapper, motion.getAsBoolean());
        return node;
    }
}
