package dev.clusterlab.ui;

import dev.clusterlab.lab.Asked;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.AnswersModel;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.kept.KeptAnswer;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextFormatter;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** A question of the lab: room for an answer of one's own, which is kept, and the lab's answer for who asks for it. */
final class QuestionCard {
    final VBox node = new VBox();
    private final AnswersModel answers;
    private final Texts texts;
    private final String step;
    private final int number;
    private final Button head;
    private final VBox body = new VBox();
    private final TextArea own = new TextArea();
    private final Button ask;
    private final VBox answer;
    private final Optional<GuessPane> guess;
    private boolean shown;

    /** @param number of the question in its step, from 1 */
    QuestionCard(WindowModels desk, Texts texts, String step, int number, Lab.Block.Question question) {
        this.answers = desk.answers;
        this.texts = texts;
        this.step = step;
        this.number = number;
        KeptAnswer kept = answers.of(step, number);
        String id = step + "-" + number;
        head = Widgets.button(
                "question-" + id, question.question(), Material2AL.CHEVRON_RIGHT, this::turn, "question-head");
        head.setWrapText(true);
        head.setMinWidth(0);
        head.setMinHeight(Region.USE_PREF_SIZE);
        head.setMaxWidth(Double.MAX_VALUE);

        own.setId("answer-" + id);
        own.getStyleClass().add("question-own");
        own.setWrapText(true);
        own.setPrefRowCount(2);
        own.setMinHeight(Region.USE_PREF_SIZE);
        own.setPromptText(texts.get("question.own"));
        own.setAccessibleText(texts.get("question.own") + " " + question.question());
        own.setTextFormatter(new TextFormatter<>(
                change -> change.getControlNewText().length() <= AnswersModel.LENGTH_MAX ? change : null));
        own.setText(kept.words());
        own.textProperty().addListener((of, was, is) -> keep());
        own.addEventFilter(KeyEvent.KEY_PRESSED, this::tab);
        ask = Widgets.button(
                "show-answer-" + id, "", Material2MZ.VISIBILITY, this::showOrHide, "small", "button-outlined");
        answer = MarkdownView.of(question.answer(), desk.browser);
        answer.getStyleClass().add("question-answer");
        body.getStyleClass().add("question-body");
        guess = question.prediction()
                .flatMap(asked -> desk.guide.lab().get().step(step))
                .flatMap(of -> Asked.of(of).stream()
                        .filter(asked -> asked.number() == number)
                        .findFirst())
                .map(asked -> new GuessPane(desk.predictions, asked, texts));
        body.getChildren().addAll(guess.<Node>map(pane -> pane.node).orElse(own), ask, answer);
        node.getChildren().addAll(head, body);
        node.getStyleClass().add("question");
        shown = kept.shown();
        guess.ifPresent(pane -> head.getStyleClass().add("question-predict"));
        open(guess.isPresent() || !kept.equals(KeptAnswer.NONE));
        refresh();
    }

    /** Shows how far a guess is. */
    void refresh() {
        guess.ifPresent(pane -> {
            pane.show();
            boolean settled = pane.settled();
            // It keeps its place: what is below must not move away when a guess is graded.
            ask.setDisable(!settled);
            shown &= settled;
        });
        showAnswer();
    }

    private void turn() {
        open(!body.isVisible());
    }

    private void open(boolean open) {
        body.setVisible(open);
        body.setManaged(open);
        head.setGraphic(Widgets.icon(
                guess.isPresent()
                        ? Material2AL.EMOJI_OBJECTS
                        : open ? Material2AL.EXPAND_MORE : Material2AL.CHEVRON_RIGHT));
    }

    private void showOrHide() {
        shown = !shown;
        showAnswer();
        if (shown) {
            Widgets.reveal(answer);
        }
        keep();
    }

    private void showAnswer() {
        answer.setVisible(shown);
        answer.setManaged(shown);
        ask.setText(texts.get(shown ? "question.hide" : "question.show"));
    }

    private void keep() {
        KeptAnswer kept = answers.of(step, number);
        answers.answer(
                step, number, new KeptAnswer(guess.isPresent() ? kept.words() : own.getText(), shown, kept.measured()));
    }

    /** Goes on from the text by the keyboard, as from any other field. */
    private void tab(KeyEvent event) {
        if (event.getCode() == KeyCode.TAB && !event.isShortcutDown()) {
            if (event.isShiftDown()) {
                head.requestFocus();
            } else {
                ask.requestFocus();
            }
            event.consume();
        }
    }
}
