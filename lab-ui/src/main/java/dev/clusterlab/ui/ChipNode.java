package dev.clusterlab.ui;

import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** A task, container, Consul agent or Traefik on a machine. */
final class ChipNode extends HBox {
    /** As the style sheet has them. */
    private static final Font SIGN = Faces.strong(11);

    private static final Font NAME = Faces.strong(13);
    private static final Font NOTE = Faces.words(12);

    private final Label sign = Widgets.label("", "chip-sign");
    private final Label name = Widgets.label("", "chip-name");
    private final Label note = Widgets.label("", "chip-note");

    private Chip chip;
    private boolean brief;

    ChipNode(Chip chip, boolean brief) {
        this.chip = chip;
        this.brief = brief;
        getStyleClass().add("chip");
        for (Label label : new Label[] {sign, name, note}) {
            label.setMinWidth(Region.USE_PREF_SIZE);
        }
        draw();
    }

    /**
     * How wide it is when written out, measured without drawing it. A rate changes all the time; that must not change how
     * much is written out.
     */
    static double width(Chip chip) {
        double width = 13 + Math.max(20, letters(chip.mark().sign(), SIGN) + 8) + (chip.crown() ? 15 : 0);
        width += 6 + letters(chip.label(), NAME);
        if (chip.note().isEmpty()) {
            return width;
        }
        return chip.tone() == Topology.Tone.GOOD
                ? width + 6 + Math.max(letters("00.0/s", NOTE), letters(chip.note(), NOTE))
                : width + 22 + letters(chip.note(), NOTE);
    }

    private static double letters(String text, Font font) {
        Text probe = new Text(text);
        probe.setFont(font);
        return probe.getLayoutBounds().getWidth();
    }

    void update(Chip now, boolean nowBrief) {
        if (!now.equals(chip) || brief != nowBrief) {
            chip = now;
            brief = nowBrief;
            draw();
        }
    }

    Chip chip() {
        return chip;
    }

    private void draw() {
        setId("chip-" + chip.label());
        getStyleClass().setAll("chip", "service-" + chip.mark().colour(), Widgets.toneClass(chip.tone()));
        if (chip.faded()) {
            getStyleClass().add("chip-faded");
        }
        if (chip.kind() == ChipKind.MEMBER) {
            getStyleClass().add(chip.server() ? "chip-server" : "chip-client");
        }
        if (chip.kind() == ChipKind.PROXY) {
            getStyleClass().add("chip-proxy");
        }
        sign.setText(chip.mark().sign());
        sign.setGraphic(chip.crown() ? Widgets.icon(Material2MZ.STAR, "chip-crown") : null);
        name.setText(brief ? chip.brief() : chip.label());
        note.setText(chip.note());
        switch (chip.tone()) {
            case GOOD, NEUTRAL -> note.setGraphic(null);
            case WAITING -> note.setGraphic(Widgets.icon(Material2MZ.SCHEDULE));
            case BAD -> note.setGraphic(Widgets.icon(Material2AL.CLOSE));
        }
        getChildren().setAll(sign);
        if (!name.getText().isEmpty()) {
            getChildren().add(name);
        }
        if (brief) {
            note.setText("");
        }
        if (!note.getText().isEmpty() || note.getGraphic() != null) {
            getChildren().add(note);
        }
        Widgets.describe(this, chip.note().isEmpty() ? chip.label() : chip.label() + ": " + chip.note());
    }
}
