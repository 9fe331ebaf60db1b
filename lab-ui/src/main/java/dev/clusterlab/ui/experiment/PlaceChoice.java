package dev.clusterlab.ui.experiment;

import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.ExperimentsModel;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Shown;
import dev.clusterlab.ui.model.experiment.Place;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** Where the next run is to be, and why it cannot be there. */
final class PlaceChoice {
    private final RunWords words;
    private final Map<Place, RadioButton> buttons = new EnumMap<>(Place.class);
    private final FlowPane choices = new FlowPane();
    private final Label lack = Widgets.wrapped("", "experiment-lack");
    private final VBox root = new VBox(choices, lack);

    PlaceChoice(ExperimentsModel model, Texts texts) {
        this.words = new RunWords(texts.locale());
        root.getStyleClass().add("experiment-places");
        choices.getStyleClass().add("actions");
        lack.setId("experiment-lack");
        var group = new ToggleGroup();
        choices.getChildren().add(Widgets.label(texts.get("exp.place"), "strong"));
        for (Place place : model.places()) {
            RadioButton button = new RadioButton(texts.get("exp.place." + place));
            button.setId("experiment-place-" + place.name().toLowerCase(Locale.ROOT));
            button.setToggleGroup(group);
            button.setMinWidth(Region.USE_PREF_SIZE);
            button.setOnAction(event -> model.place(place));
            buttons.put(place, button);
            choices.getChildren().add(button);
        }
        ExperimentsView.show(choices, buttons.size() > 1);
        root.getChildren().add(Widgets.wrapped(texts.get("exp.place.elsewhere"), "muted"));
    }

    Region node() {
        return root;
    }

    /** What can be chosen, for the keyboard: while something runs, nothing. */
    void show(Shown now) {
        boolean idle = now.doing().isEmpty();
        RadioButton chosen = buttons.get(now.place());
        if (chosen != null) {
            chosen.setSelected(true);
        }
        buttons.values().forEach(button -> button.setDisable(!idle));
        ExperimentsView.show(lack, idle && now.lack().isPresent());
        now.lack().ifPresent(why -> lack.setText(words.trouble(why)));
    }
}
