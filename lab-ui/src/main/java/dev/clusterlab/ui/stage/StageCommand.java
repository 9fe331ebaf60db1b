package dev.clusterlab.ui.stage;

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

/** A command on one line, in the colours of its words, as many whole words as fit; and what became of it. */
public final class StageCommand {
    /** Part of its size that a letter is wide: they all are. */
    private static final double LETTER = 0.6;

    private static final double ICON = 1.2;

    /** Of what stands before and after the command, in its size. */
    private static final double SIGNS = 4;

    private final CommandWords words;
    private final HBox root = new HBox();
    private Optional<Command> shown = Optional.empty();
    private double room;
    private double size = 22;

    public StageCommand(Locale language) {
        words = CommandWords.of(language);
        root.setAlignment(Pos.CENTER_RIGHT);
        root.setMinWidth(Region.USE_PREF_SIZE);
        root.setId("stage-command");
    }

    public Node node() {
        return root;
    }

    public void show(Optional<Command> command) {
        if (!command.equals(shown)) {
            shown = command;
            draw();
        }
    }

    /** Gives it so many pixels, with letters of a size. */
    public void resize(double width, double letters) {
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
            String line = command.line();
            int letters = (int) ((room - SIGNS * size) / (LETTER * size));
            int left = line.length() <= letters ? line.length() : lastWord(line, letters);
            for (Piece piece : pieces(line)) {
                nodes.add(text(
                        piece.text().substring(0, Math.min(left, piece.text().length())), style(piece)));
                left -= piece.text().length();
                if (left <= 0) {
                    break;
                }
            }
            if (line.length() > letters) {
                nodes.add(text("…", "code-sign"));
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

    /** Up to where it is written: as many whole words as have room before the mark that it goes on. */
    private static int lastWord(String line, int letters) {
        int end = line.lastIndexOf(' ', Math.max(0, letters - 1));
        return end > 0 ? end + 1 : Math.max(0, letters - 1);
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
