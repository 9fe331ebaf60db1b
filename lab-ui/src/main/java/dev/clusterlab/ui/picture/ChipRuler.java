package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.model.Sheet;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.Writing;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/** Measures chips as the style sheet in force has them, by a chip that nobody sees, and each wording once. */
public final class ChipRuler implements Sheet {
    private static final Pattern FIGURE = Pattern.compile("[1-9]");
    private final Region viewport;
    private final DoubleSupplier above;
    private final Pane place;
    private final Map<Wording, Double> known = new HashMap<>();
    private @Nullable ChipNode probe;
    private long edition;

    private record Wording(
            Writing writing,
            String sign,
            String label,
            String brief,
            String note,
            Tone tone,
            ChipKind kind,
            boolean crown,
            boolean orphan) {}

    /**
     * @param viewport in which the picture is seen
     * @param above what of its height the picture leaves free, in pixels
     * @param place of the probe, within the reach of the style sheet
     */
    public ChipRuler(Region viewport, DoubleSupplier above, Pane place) {
        this.viewport = viewport;
        this.above = above;
        this.place = place;
        place.setVisible(false);
        place.setManaged(false);
    }

    @Override
    public long edition() {
        return edition;
    }

    @Override
    public double width() {
        return viewport.getWidth() > 0 ? Math.rint(viewport.getWidth()) : USUAL.width();
    }

    @Override
    public double height() {
        double height = viewport.getHeight() - above.getAsDouble();
        return height > 0 ? Math.rint(height) : USUAL.height();
    }

    @Override
    public double width(Chip chip, Writing writing) {
        Chip steady = ChipNode.measured(chip);
        var wording = new Wording(
                writing,
                steady.mark().sign(),
                wide(steady.label()),
                wide(steady.brief()),
                wide(steady.note()),
                steady.tone(),
                steady.kind(),
                steady.crown(),
                steady.orphan());
        Double measured = known.get(wording);
        if (measured == null) {
            measured = measure(wide(steady), writing);
            known.put(wording, measured);
        }
        return measured;
    }

    /** All figures as the widest one: of chips that differ in their numbers only one is measured. */
    private static String wide(String words) {
        return FIGURE.matcher(words).replaceAll("0");
    }

    private static Chip wide(Chip chip) {
        return chip.with(new Topology.Caption(wide(chip.label()), wide(chip.brief()), wide(chip.note())));
    }

    private double measure(Chip chip, Writing writing) {
        ChipNode node = probe;
        if (node == null) {
            node = new ChipNode(chip, writing);
            place.getChildren().setAll(node);
            probe = node;
        } else {
            node.update(chip, writing);
        }
        node.applyCss();
        return Math.ceil(node.prefWidth(-1));
    }

    /** Letters are of another size, or of another face. */
    public void forget() {
        known.clear();
        edition++;
    }
}
