package dev.clusterlab.ui;

import dev.clusterlab.lab.words.CommandWords;
import dev.clusterlab.lab.words.ReadCommand;
import dev.clusterlab.lab.words.ReadCommand.Piece;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.StageModel.Command;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;

/** A command on one line, in the colours of its words, as far as it fits; and what became of it. */
final class StageCommand {
    /** Part of its size that a letter is wide: they all are. */
    private static final double LETTER = 0.6;

    private static final double ICON = 1.2;

    private final CommandWords words;
    private final HBox root = new HBox();
    private Optional<Command> shown = Optional.empty();
    private double room;
    private double size = 22;

    StageCommand(Locale language) {
        words = CommandWords.of(language);
        root.setAlignment(Pos.CENTER_RIGHT);
        root.setMinWidth(Region.USE_PREF_SIZE);
        root.setId("stage-command");
    }

    Node node() {
        return root;
    }

    void show(Optional<Command> command) {
        if (!command.equals(shown)) {
            shown = command;
            draw();
        }
    }

    /** Gives it so many pixels, with letters of a size. */
    void resize(double width, double letters) {
        if (width != room || letters != size) {
            room = width;
            size = letters;
            draw();
        }
    }

    private void draw() {
        List<Node> nodes = new ArrayList<>();
        shown.ifPresent(command -> {
            nodes.add(text("$ ", "code-sign"));
            // The last letter's place is for the mark that something is left out.
            int left = (int) ((room - 3 * size) / (LETTER * size)) - 1;
            for (Piece piece : pieces(command.line())) {
                if (piece.text().length() > left) {
                    nodes.add(text(piece.text().substring(0, Math.max(0, left)) + "…", style(piece)));
                    break;
                }
                nodes.add(text(piece.text(), style(piece)));
                left -= piece.text().length();
            }
            if (command.tone() != Tone.NEUTRAL) {
                HBox mark = new HBox(Widgets.sized(Widgets.toneIcon(command.tone()), ICON * size));
                mark.setAlignment(Pos.CENTER_RIGHT);
                mark.getStyleClass().add("stage-outcome");
                nodes.add(mark);
            }
        });
        root.getChildren().setAll(nodes);
        root.setAccessibleText(shown.map(Command::line).orElse(""));
    }

    private List<Piece> pieces(String line) {
        return words.read(line).stream()
                .map(ReadCommand::lines)
                .flatMap(List::stream)
                .map(ReadCommand.Line::pieces)
                .flatMap(List::stream)
                .collect(Collectors.toList());
    }

    private static String style(Piece piece) {
        return "code-" + piece.kind().name().toLowerCase(Locale.ROOT);
    }

    private static Text text(String characters, String styleClass) {
        Text text = new Text(characters);
        text.getStyleClass().addAll("code-piece", "stage-code", styleClass);
        return text;
    }
}
