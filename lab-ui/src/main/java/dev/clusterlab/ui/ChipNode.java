package dev.clusterlab.ui;

import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** A task, container, Consul agent or Traefik on a machine. */
final class ChipNode extends HBox {
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
        Widgets.say(this, chip.note().isEmpty() ? chip.label() : chip.label() + ": " + chip.note());
    }
}
