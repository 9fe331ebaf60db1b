package dev.clusterlab.ui;

import dev.clusterlab.lab.words.ReadCommand;
import dev.clusterlab.lab.words.ReadCommand.Piece;
import dev.clusterlab.ui.CommandLayout.Placed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.geometry.Orientation;
import javafx.geometry.VPos;
import javafx.scene.AccessibleAttribute;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;

/**
 * Commands in colours. A word under the mouse, or chosen by the arrow keys, explains itself beside the block; a click or Enter puts
 * its command into the terminal.
 */
final class CommandCode extends Region {
    private static final double ROW = 1.65;
    /** Between one command and the next. */
    private static final double GAP = 5;

    private final List<ReadCommand> commands;
    private final List<Piece> phrases;
    private final Consumer<String> terminal;
    private final CommandHelp help;
    /** Says how large a character is with the styles that hold. */
    private final Text probe = new Text("0");

    private List<Placed> placed = List.of();
    private double laidOutFor = -1;
    private double laidOutCharacter;
    private int shown;

    CommandCode(List<ReadCommand> commands, Consumer<String> terminal, CommandHelp help) {
        this.commands = commands;
        this.terminal = terminal;
        this.help = help;
        this.phrases =
                commands.stream().flatMap(command -> command.phrases().stream()).toList();
        getStyleClass().add("code");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.TEXT);
        setAccessibleText(
                String.join("\n", commands.stream().map(ReadCommand::source).toList()));
        probe.getStyleClass().add("code-piece");
        probe.setVisible(false);
        probe.setManaged(false);
        getChildren().add(probe);
        setMinWidth(0);
        addEventHandler(
                MouseEvent.MOUSE_MOVED,
                event -> show(at(event.getX(), event.getY())
                        .filter(word -> word.piece().phrase() != 0)
                        .map(Placed::piece)));
        addEventHandler(MouseEvent.MOUSE_EXITED, event -> show(Optional.empty()));
        addEventHandler(MouseEvent.MOUSE_CLICKED, event -> {
            if (event.getButton() == MouseButton.PRIMARY && event.isStillSincePress()) {
                commandAt(event.getY()).ifPresent(terminal);
            }
        });
        addEventHandler(KeyEvent.KEY_PRESSED, this::key);
        focusedProperty().subscribe((was, is) -> {
            if (!is) {
                show(Optional.empty());
            }
        });
        sceneProperty().subscribe((was, is) -> {
            if (is == null) {
                show(Optional.empty());
            }
        });
    }

    // ---- words

    /** Where a phrase is, in this node; for tests and for what is shown beside it. */
    Optional<Bounds> boundsOf(String title) {
        return placed.stream()
                .filter(word -> word.piece().title().equals(title))
                .findFirst()
                .map(this::bounds);
    }

    private Bounds bounds(Placed word) {
        return new BoundingBox(
                snappedLeftInset() + word.x(),
                top(word.row(), word.command()),
                word.text().length() * laidOutCharacter,
                rowHeight());
    }

    private double top(int row, int command) {
        return snappedTopInset() + row * rowHeight() + command * GAP;
    }

    private Optional<Placed> at(double x, double y) {
        for (int i = 0; i < placed.size(); i++) {
            Placed word = placed.get(i);
            Bounds bounds = bounds(word);
            // The blank between an option and its value belongs to both.
            boolean joined = i + 1 < placed.size()
                    && placed.get(i + 1).piece().phrase() == word.piece().phrase();
            if (y >= bounds.getMinY()
                    && y < bounds.getMaxY()
                    && x >= bounds.getMinX()
                    && x < bounds.getMaxX() + (joined ? laidOutCharacter : 0)) {
                return Optional.of(word);
            }
        }
        return Optional.empty();
    }

    private Optional<String> commandAt(double y) {
        return placed.stream()
                .filter(word -> y < bounds(word).getMaxY())
                .findFirst()
                .map(word -> commands.get(word.command()).source());
    }

    private void show(Optional<Piece> phrase) {
        int number = phrase.map(Piece::phrase).orElse(0);
        if (number == shown) {
            return;
        }
        shown = number;
        mark();
        phrase.ifPresentOrElse(
                piece -> {
                    Bounds word = placed.stream()
                            .filter(p -> p.piece().phrase() == number)
                            .findFirst()
                            .map(this::bounds)
                            .orElse(getLayoutBounds());
                    help.show(this, word, piece.title(), piece.help());
                },
                help::hide);
    }

    /** Marks the words that are explained. */
    private void mark() {
        getChildren().removeIf(node -> node.getStyleClass().contains("code-mark"));
        List<Node> marks = new ArrayList<>();
        for (int i = 0; i < placed.size(); i++) {
            Placed word = placed.get(i);
            if (shown == 0 || word.piece().phrase() != shown) {
                continue;
            }
            Bounds bounds = bounds(word);
            boolean joined = i + 1 < placed.size()
                    && placed.get(i + 1).piece().phrase() == shown
                    && placed.get(i + 1).row() == word.row();
            double end = joined ? bounds(placed.get(i + 1)).getMinX() : bounds.getMaxX();
            Region mark = new Region();
            mark.getStyleClass().add("code-mark");
            mark.setManaged(false);
            mark.setMouseTransparent(true);
            mark.resizeRelocate(bounds.getMinX() - 2, bounds.getMinY(), end - bounds.getMinX() + 4, bounds.getHeight());
            marks.add(mark);
        }
        getChildren().addAll(0, marks);
    }

    // ---- keys

    private void key(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown() || phrases.isEmpty()) {
            return;
        }
        int at = -1;
        for (int i = 0; i < phrases.size(); i++) {
            if (phrases.get(i).phrase() == shown) {
                at = i;
            }
        }
        switch (event.getCode()) {
            case RIGHT -> choose(Math.min(phrases.size() - 1, at + 1));
            case LEFT -> choose(Math.max(0, at - 1));
            case HOME -> choose(0);
            case END -> choose(phrases.size() - 1);
            case ENTER -> {
                Optional<String> chosen = placed.stream()
                        .filter(word -> shown != 0 && word.piece().phrase() == shown)
                        .findFirst()
                        .map(word -> commands.get(word.command()).source());
                terminal.accept(chosen.orElseGet(() -> commands.getFirst().source()));
            }
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void choose(int phrase) {
        Piece piece = phrases.get(phrase);
        setAccessibleText(piece.title() + ": " + piece.help());
        notifyAccessibleAttributeChanged(AccessibleAttribute.TEXT);
        show(Optional.of(piece));
    }

    // ---- layout

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    private double character() {
        return probe.getLayoutBounds().getWidth();
    }

    private double rowHeight() {
        return Math.ceil(probe.getFont().getSize() * ROW);
    }

    private CommandLayout layoutFor(double width) {
        return new CommandLayout(commands, width - snappedLeftInset() - snappedRightInset(), character());
    }

    @Override
    protected double computePrefHeight(double width) {
        int rows = layoutFor(width < 0 ? getWidth() : width).rows();
        return top(rows, Math.max(0, commands.size() - 1)) + snappedBottomInset();
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefWidth(double height) {
        return snappedLeftInset() + snappedRightInset() + 40 * character();
    }

    @Override
    protected void layoutChildren() {
        if (getWidth() == laidOutFor && character() == laidOutCharacter) {
            return;
        }
        laidOutFor = getWidth();
        laidOutCharacter = character();
        CommandLayout layout = layoutFor(getWidth());
        placed = layout.placed();
        List<Node> nodes = new ArrayList<>(List.of(probe));
        for (Placed word : placed) {
            String kind = word.piece().kind().name().toLowerCase(Locale.ROOT);
            nodes.add(text(word.text(), top(word.row(), word.command()), word.x(), "code-" + kind));
        }
        for (CommandLayout.GoesOn mark : layout.marks()) {
            nodes.add(text("↵", top(mark.row(), mark.command()), mark.x(), "code-goes-on"));
        }
        getChildren().setAll(nodes);
        mark();
    }

    private Text text(String characters, double top, double x, String styleClass) {
        Text text = new Text(characters);
        text.getStyleClass().addAll("code-piece", styleClass);
        text.setManaged(false);
        text.setMouseTransparent(true);
        text.setTextOrigin(VPos.CENTER);
        text.setLayoutX(snappedLeftInset() + x);
        text.setLayoutY(top + rowHeight() / 2);
        return text;
    }
}
