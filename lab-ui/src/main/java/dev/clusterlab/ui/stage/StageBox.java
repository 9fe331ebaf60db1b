package dev.clusterlab.ui.stage;

import dev.clusterlab.ui.kit.Fades;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Role;
import dev.clusterlab.ui.picture.MovingParts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** A machine on the stage. */
public final class StageBox extends VBox implements MovingParts {
    /** Below that many units there is no room for words beside the name. */
    private static final double WORDS_WIDTH = 330;

    private static final double ICON = 23;

    /** How much of a task is written. */
    enum Writing {
        FULL,
        SHORT,
        /** One for all tasks of a service that fare alike, with their number. */
        GROUPED
    }

    private final Texts texts;
    private final BooleanSupplier motion;
    /** What chips that are drawn by themselves stand in, by the identifiers of these. */
    private final Map<String, StackPane> places = new LinkedHashMap<>();
    /** Chips that have come with the box that is shown, and have not been drawn yet. */
    private final Set<String> fresh = new HashSet<>();

    private final Label number = Widgets.label("", "stage-number");
    private final Label name = Widgets.label("", "stage-name");
    private final Label side = Widgets.label("", "stage-side");
    private final Label state = Widgets.label("", "stage-state");
    private final HBox head = new HBox(number, name, Widgets.spacer(), state, side);
    private final FlowPane chips = new FlowPane();
    private Optional<Box> shown = Optional.empty();
    private Optional<Writing> written = Optional.empty();
    private double unit = 1;

    /** {@code motion}: whether the person wants things to move. */
    StageBox(Texts texts, BooleanSupplier motion) {
        this.texts = texts;
        this.motion = motion;
        head.getStyleClass().add("stage-box-head");
        head.setAlignment(Pos.CENTER_LEFT);
        number.setMinWidth(Region.USE_PREF_SIZE);
        name.setMinWidth(0);
        state.setMinWidth(Region.USE_PREF_SIZE);
        side.setMinWidth(Region.USE_PREF_SIZE);
        chips.getStyleClass().add("stage-chips");
        getChildren().addAll(head, chips);
        setMinSize(0, 0);
    }

    public String machine() {
        return shown.map(Box::name).orElse("");
    }

    void setUnit(double pixels) {
        if (pixels == unit && !head.getStyle().isEmpty()) {
            return;
        }
        unit = pixels;
        written = Optional.empty();
        chips.setHgap(10 * unit);
        chips.setVgap(6 * unit);
        chips.setStyle(String.format(Locale.ROOT, "-fx-padding: %.1fpx %.1fpx;", 8 * unit, 14 * unit));
        space(14, 10);
    }

    private void space(double edge, double between) {
        head.setStyle(String.format(
                Locale.ROOT,
                "-fx-padding: %.1fpx %.1fpx; -fx-spacing: %.1fpx;",
                5 * unit,
                edge * unit,
                between * unit));
    }

    /** The name is never cut: all stands closer before that, and without a number at last. */
    private void fitHead(double width) {
        number.setVisible(true);
        number.setManaged(true);
        space(14, 10);
        head.applyCss();
        if (head.prefWidth(-1) > width) {
            space(8, 5);
            head.applyCss();
            boolean room = head.prefWidth(-1) <= width;
            number.setVisible(room);
            number.setManaged(room);
        }
    }

    void show(Box box, int position) {
        setId("stage-" + box.name());
        if (shown.filter(box::equals).isPresent() && number.getText().equals(String.valueOf(position))) {
            return;
        }
        fresh.clear();
        box.chips().forEach(chip -> fresh.add(chip.id()));
        shown.ifPresent(before -> before.chips().forEach(chip -> fresh.remove(chip.id())));
        shown = Optional.of(box);
        written = Optional.empty();
        getStyleClass().setAll("stage-box", Widgets.toneClass(box.condition().tone()));
        if (box.condition().dead()) {
            getStyleClass().add("stage-dead");
        }
        number.setText(String.valueOf(position));
        name.setText(box.name());
        side.setText(box.side());
        showSide(false);
        String island = box.side().isEmpty() ? "" : ", " + texts.get("machine.side", box.side());
        setAccessibleText(
                box.name() + ", " + texts.get("condition." + box.condition().name()) + island);
    }

    /** Where its island is named in no other place, it says which one it is on. */
    void showSide(boolean letter) {
        boolean says = letter && !side.getText().isEmpty();
        side.setVisible(says);
        side.setManaged(says);
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
        return state;
    }

    @Override
    public Optional<Node> chip(String id) {
        return Optional.ofNullable(places.get(id));
    }

    @Override
    public Region copy(String id) {
        Chip chip = shown.orElseThrow().chips().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        return chip(chip, words(chip, written.orElse(Writing.FULL)));
    }

    private static String words(Chip chip, Writing writing) {
        return writing == Writing.FULL ? chip.label() : chip.brief();
    }

    private FontIcon sized(FontIcon icon) {
        return Widgets.sized(icon, ICON * unit);
    }

    /** What is wrong with it, or which part it has in the swarm; where there is no room, as an icon. */
    private void showState(Box box, boolean room) {
        boolean well = box.condition() == Topology.Condition.READY || box.condition() == Topology.Condition.ALONE;
        Optional<FontIcon> star = switch (box.role()) {
            case LEADER -> Optional.of(Widgets.icon(Material2MZ.STAR));
            case MANAGER -> room ? Optional.empty() : Optional.of(Widgets.icon(Material2MZ.STAR_BORDER));
            case WORKER, NONE -> Optional.empty();
        };
        if (well) {
            state.setText(
                    room && box.role() != Role.NONE
                            ? texts.get("role." + box.role().name())
                            : "");
            state.setGraphic(star.map(this::sized).orElse(null));
            state.getStyleClass()
                    .setAll("stage-state", "role-" + box.role().name().toLowerCase(Locale.ROOT));
        } else {
            state.setText(room ? texts.get("condition." + box.condition().name()) : "");
            state.setGraphic(null);
            state.getStyleClass()
                    .setAll(
                            "stage-state",
                            "stage-trouble",
                            Widgets.toneClass(box.condition().tone()));
        }
        boolean says = !state.getText().isEmpty() || state.getGraphic() != null;
        state.setVisible(says);
        state.setManaged(says);
        // In little room the name says more than that all is well.
        name.setGraphic(
                well && !room ? null : sized(Widgets.toneIcon(box.condition().tone())));
    }

    void write(Writing writing, double width) {
        if (shown.isEmpty()) {
            return;
        }
        showState(shown.get(), width >= WORDS_WIDTH * unit);
        if (written.filter(writing::equals).isEmpty()) {
            written = Optional.of(writing);
            if (writing == Writing.GROUPED) {
                places.clear();
                chips.getChildren().setAll(grouped(shown.get().chips()));
            } else {
                chips.getChildren().setAll(single(shown.get().chips(), writing));
            }
        }
        applyCss();
        fitHead(width - getInsets().getLeft() - getInsets().getRight());
    }

    /** Whether all can be seen in such a room; in a very small one at least the name can. */
    boolean fits(double width, double height) {
        double inside = width - getInsets().getLeft() - getInsets().getRight();
        double edges = getInsets().getTop() + getInsets().getBottom();
        return head.prefHeight(inside) + chips.prefHeight(inside) + edges <= height;
    }

    /** Each in its place, which stays the same node for as long as the chip is here. */
    private List<Node> single(List<Chip> all, Writing writing) {
        Map<String, StackPane> before = new LinkedHashMap<>(places);
        places.clear();
        for (Chip chip : all) {
            StackPane place = before.get(chip.id());
            if (place == null) {
                place = new StackPane();
                if (fresh.remove(chip.id())) {
                    Fades.in(place, motion.getAsBoolean());
                }
            }
            place.getChildren().setAll(chip(chip, words(chip, writing)));
            places.put(chip.id(), place);
        }
        return List.copyOf(places.values());
    }

    /** What looks alike when it is grouped. */
    private record Kind(Topology.ChipKind kind, int colour, String sign, Topology.Tone tone, boolean orphan) {}

    private List<Node> grouped(List<Chip> all) {
        Map<Kind, List<Chip>> kinds = new LinkedHashMap<>();
        for (Chip chip : all) {
            var kind = new Kind(chip.kind(), chip.mark().colour(), chip.mark().sign(), chip.tone(), chip.orphan());
            kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(chip);
        }
        List<Node> nodes = new ArrayList<>();
        kinds.values()
                .forEach(alike -> nodes.add(chip(alike.getFirst(), alike.size() == 1 ? "" : "×\u2009" + alike.size())));
        return nodes;
    }

    private HBox chip(Chip chip, String words) {
        Label sign = Widgets.label(chip.mark().sign(), "stage-sign");
        sign.setMinWidth(Region.USE_PREF_SIZE);
        if (chip.crown()) {
            sign.setGraphic(sized(Widgets.icon(Material2MZ.STAR)));
        }
        HBox node = new HBox(sign);
        if (!words.isEmpty()) {
            Label name = Widgets.label(words, "stage-chip-name");
            name.setMinWidth(Region.USE_PREF_SIZE);
            node.getChildren().add(name);
        }
        switch (chip.tone()) {
            case GOOD, NEUTRAL -> {}
            case WAITING ->
                node.getChildren()
                        .add(sized(Widgets.icon(
                                chip.paused() ? Material2MZ.PAUSE : Material2MZ.SCHEDULE, "tone-waiting")));
            case BAD -> node.getChildren().add(sized(Widgets.icon(Material2AL.CLOSE, "tone-bad")));
        }
        node.getStyleClass().addAll("stage-chip", "service-" + chip.mark().colour(), Widgets.toneClass(chip.tone()));
        if (chip.orphan()) {
            node.getStyleClass().add("stage-orphan");
            node.getChildren().add(sized(Widgets.icon(Material2AL.LINK_OFF, "tone-waiting")));
        }
        if (chip.faded()) {
            node.getStyleClass().add("chip-faded");
        }
        return node;
    }
}
