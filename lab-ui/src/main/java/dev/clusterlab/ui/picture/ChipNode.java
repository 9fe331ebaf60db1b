package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.Writing;
import java.util.Optional;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** A task, container, Consul agent or Traefik on a machine. */
public final class ChipNode extends HBox {
    private final Label sign = Widgets.label("", "chip-sign");
    private final Label name = Widgets.label("", "chip-name");
    private final Label note = Widgets.label("", "chip-note");

    private Chip chip;
    private Writing writing;

    ChipNode(Chip chip, Writing writing) {
        this.chip = chip;
        this.writing = writing;
        getStyleClass().add("chip");
        for (Label label : new Label[] {sign, name, note}) {
            label.setMinWidth(Region.USE_PREF_SIZE);
        }
        draw();
    }

    void update(Chip now, Writing nowWritten) {
        if (!now.equals(chip) || writing != nowWritten) {
            chip = now;
            writing = nowWritten;
            draw();
        }
    }

    Chip chip() {
        return chip;
    }

    private void draw() {
        setId("chip-" + chip.label());
        getStyleClass().setAll("chip", "service-" + chip.mark().colour(), Widgets.toneClass(chip.tone()));
        if (chip.orphan()) {
            getStyleClass().add("chip-orphan");
        }
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
        boolean named = writing == Writing.FULL || writing == Writing.NAMED;
        name.setText(named ? chip.label() : chip.brief());
        // What lives on although it is given up is told by its sign; the words are in its tooltip.
        note.setText(writing == Writing.FULL && !chip.orphan() ? chip.note() : "");
        note.setGraphic(icon(chip).map(Widgets::icon).orElse(null));
        getChildren().setAll(sign);
        if (!name.getText().isEmpty()) {
            getChildren().add(name);
        }
        if (!note.getText().isEmpty() || note.getGraphic() != null) {
            getChildren().add(note);
        }
        Widgets.describe(this, chip.note().isEmpty() ? chip.label() : chip.label() + ": " + chip.note());
    }

    private static Optional<Ikon> icon(Chip chip) {
        if (chip.orphan()) {
            return Optional.of(Material2AL.LINK_OFF);
        }
        return switch (chip.tone()) {
            case GOOD, NEUTRAL -> Optional.empty();
            case WAITING -> Optional.of(chip.paused() ? Material2MZ.PAUSE : Material2MZ.SCHEDULE);
            case BAD -> Optional.of(Material2AL.CLOSE);
        };
    }

    /** A rate changes all the time; that must not change how wide a chip is taken to be. */
    static Chip measured(Chip chip) {
        boolean rate = chip.tone() == Tone.GOOD && chip.note().endsWith("/s");
        return rate ? chip.withNote("00.0/s") : chip;
    }
}
