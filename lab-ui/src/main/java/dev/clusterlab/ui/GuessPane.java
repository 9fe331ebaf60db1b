package dev.clusterlab.ui;

import dev.clusterlab.lab.Asked;
import dev.clusterlab.lab.Prediction;
import dev.clusterlab.lab.Prediction.Guess;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.PredictionsModel;
import dev.clusterlab.ui.model.PredictionsModel.State;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;

/** Where a question is answered by a guess: options or a number, then what was measured beside it. */
final class GuessPane {
    private static final double NUMBER_MAX = 1e6;

    final VBox node = new VBox();
    private final PredictionsModel model;
    private final Asked asked;
    private final Texts texts;
    private final List<RadioButton> options = new ArrayList<>();
    private final TextField number = new TextField();
    private final Button lock;
    private final Label said = Widgets.wrapped("", "guess-said");

    GuessPane(PredictionsModel model, Asked asked, Texts texts) {
        this.model = model;
        this.asked = asked;
        this.texts = texts;
        String id = asked.step() + "-" + asked.number();
        lock = Widgets.button(
                "guess-" + id, texts.get("predict.lock"), Material2AL.LOCK_OPEN, this::lock, "small", "accent");
        said.setId("guess-said-" + id);
        node.getStyleClass().add("guess");
        Prediction prediction = asked.prediction();
        ToggleGroup group = new ToggleGroup();
        for (Prediction.Option option : prediction.options()) {
            RadioButton button = new RadioButton(option.text());
            button.setId("guess-" + id + "-" + options.size());
            button.setToggleGroup(group);
            button.setWrapText(true);
            button.setMinWidth(0);
            button.setMinHeight(Region.USE_PREF_SIZE);
            button.getStyleClass().add("guess-option");
            options.add(button);
        }
        group.selectedToggleProperty().subscribe(chosen -> lock.setDisable(guess().isEmpty()));
        number.setId("guess-number-" + id);
        number.setPrefColumnCount(6);
        number.textProperty().subscribe(text -> lock.setDisable(guess().isEmpty()));
        number.setOnAction(event -> lock());
        node.getChildren().addAll(options);
        if (options.isEmpty()) {
            HBox line = new HBox(number);
            if (unit() != Prediction.Unit.COUNT) {
                Label unit = Widgets.label(texts.get("predict.unit." + unit().name()));
                unit.setMinWidth(Region.USE_PREF_SIZE);
                line.getChildren().add(unit);
            }
            line.setAlignment(Pos.CENTER_LEFT);
            line.getStyleClass().add("guess-number");
            number.setAccessibleText(texts.get("predict.kicker"));
            node.getChildren().add(line);
        }
        node.getChildren().addAll(lock, said);
        show();
    }

    /** Whether the lab's own answer may be read: not before the guess is out of the way. */
    boolean settled() {
        return switch (model.of(asked)) {
            case State.Open _, State.Waiting _ -> false;
            case State.Late _, State.Graded _, State.Unmeasured _ -> true;
        };
    }

    /** To what is guessed by. */
    Node entry() {
        return options.isEmpty() ? number : options.getFirst();
    }

    private Optional<Guess> guess() {
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).isSelected()) {
                return Optional.of(new Guess.Choice(i));
            }
        }
        String text = number.getText().strip();
        var position = new ParsePosition(0);
        Number parsed = NumberFormat.getInstance(texts.locale()).parse(text.replace('.', decimal()), position);
        return parsed == null
                        || position.getIndex() < text.length()
                        || parsed.doubleValue() < 0
                        || parsed.doubleValue() > NUMBER_MAX
                ? Optional.empty()
                : Optional.of(new Guess.Number(parsed.doubleValue()));
    }

    private char decimal() {
        return texts.locale().getLanguage().equals("fr") ? ',' : '.';
    }

    private void lock() {
        guess().ifPresent(guess -> model.guess(asked, guess));
    }

    /** Shows how far it is. */
    void show() {
        State state = model.of(asked);
        boolean open = state instanceof State.Open;
        options.forEach(option -> option.setDisable(!open));
        number.setDisable(!open);
        lock.setVisible(open);
        lock.setManaged(open);
        lock.setDisable(guess().isEmpty());
        said.setVisible(!open);
        said.setManaged(!open);
        switch (state) {
            case State.Open _ -> {}
            case State.Late _ -> say(Tone.NEUTRAL, texts.get("predict.late"));
            case State.Waiting waiting -> {
                select(waiting.guess());
                say(Tone.WAITING, texts.get("predict.waiting", words(waiting.guess())));
            }
            case State.Graded graded -> {
                select(graded.guess());
                asked.prediction()
                        .rightOption(graded.measured())
                        .ifPresent(right -> options.get(right).getStyleClass().add("guess-right"));
                say(
                        graded.right() ? Tone.GOOD : Tone.BAD,
                        texts.get(
                                graded.right() ? "predict.right" : "predict.wrong",
                                words(graded.guess()),
                                value(graded.measured())));
            }
            case State.Unmeasured unmeasured -> {
                select(unmeasured.guess());
                say(Tone.NEUTRAL, texts.get("predict.nothing", words(unmeasured.guess())));
            }
        }
    }

    private void say(Tone tone, String words) {
        said.setText(words);
        said.setGraphic(Widgets.toneIcon(tone));
        Widgets.setTone(said, tone);
    }

    private void select(Guess guess) {
        switch (guess) {
            case Guess.Choice(int option) -> options.get(option).setSelected(true);
            case Guess.Number(double value) -> number.setText(texts.get("predict.number", value));
        }
    }

    private String words(Guess guess) {
        return switch (guess) {
            case Guess.Choice(int option) ->
                asked.prediction().options().get(option).text();
            case Guess.Number(double value) -> value(value);
        };
    }

    private String value(double value) {
        return unit() == Prediction.Unit.COUNT
                ? texts.get("predict.number", value)
                : texts.get("predict.value." + unit().name(), value);
    }

    private Prediction.Unit unit() {
        return asked.prediction().measure().unit();
    }
}
