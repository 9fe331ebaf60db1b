package dev.clusterlab.ui;

import dev.clusterlab.lab.words.ReadCommand;
import dev.clusterlab.lab.words.ReadCommand.Kind;
import dev.clusterlab.lab.words.ReadCommand.Line;
import dev.clusterlab.lab.words.ReadCommand.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the words of commands stand in a block of a certain width. A line that is too long is broken before an option; only where
 * there is none, between words; and only where a word alone is too long, inside it. What goes on hangs under what it belongs to.
 * All widths are in pixels; the face has one width for all characters.
 */
final class CommandLayout {
    static final double HANG = 26;

    /** A piece, or a part of it; {@code command}: the index of the one to which it belongs. */
    record Placed(Piece piece, int command, String text, int row, double x) {}

    /** Behind the last word of a row that goes on. */
    record GoesOn(int command, int row, double x) {}

    private final double width;
    private final double character;
    private final List<Placed> placed = new ArrayList<>();
    private final List<GoesOn> marks = new ArrayList<>();
    private int row;
    private double x;
    private double hang;
    private double rowStart;

    CommandLayout(List<ReadCommand> commands, double width, double character) {
        this.width = width;
        this.character = character;
        boolean first = true;
        for (int i = 0; i < commands.size(); i++) {
            double start = 0;
            boolean goesOn = false;
            for (Line line : commands.get(i).lines()) {
                if (!first) {
                    row++;
                }
                first = false;
                if (!goesOn) {
                    start = Math.min(line.indent() * character, width / 3);
                }
                hang = start + HANG;
                x = goesOn ? hang : start;
                rowStart = x;
                place(line, i);
                goesOn = line.goesOn();
                if (goesOn) {
                    marks.add(new GoesOn(i, row, x + character / 2));
                }
            }
        }
    }

    List<Placed> placed() {
        return placed;
    }

    List<GoesOn> marks() {
        return marks;
    }

    int rows() {
        return placed.isEmpty() ? 0 : row + 1;
    }

    // ---- placing

    private void place(Line line, int command) {
        List<List<Piece>> parts = parts(line.pieces(), true);
        for (int i = 0; i < parts.size(); i++) {
            // The mark that the line goes on takes two characters.
            double mark = i + 1 < parts.size() || line.goesOn() ? 2 * character : 0;
            List<Piece> part = parts.get(i);
            if (x > rowStart && x + length(part) + mark > width) {
                breakLine(command);
            }
            if (x + length(part) + mark <= width) {
                part.forEach(piece -> put(piece, command, piece.text()));
            } else {
                parts(part, false).forEach(words -> words(words, command));
            }
        }
    }

    /** A word with the blanks behind it, in a part that does not fit into a row. */
    private void words(List<Piece> word, int command) {
        if (x > rowStart && x + length(word) > width - character) {
            breakLine(command);
        }
        for (Piece piece : word) {
            String rest = piece.text();
            if (piece.kind() == Kind.SPACE) {
                put(piece, command, rest);
                continue;
            }
            while (!rest.isEmpty()) {
                int room = (int) Math.floor((width - x) / character) - 1;
                if (rest.length() <= room + 1) {
                    put(piece, command, rest);
                    break;
                }
                if (room < 4 && x > rowStart) {
                    breakLine(command);
                    continue;
                }
                int cut = Math.max(4, room);
                if (cut >= rest.length()) {
                    put(piece, command, rest);
                    break;
                }
                // Quoted text has blanks of its own.
                int blank = rest.lastIndexOf(' ', cut);
                cut = blank > cut / 2 ? blank + 1 : cut;
                put(piece, command, rest.substring(0, cut).stripTrailing());
                rest = rest.substring(cut);
                breakLine(command);
            }
        }
    }

    private void put(Piece piece, int command, String text) {
        if (piece.kind() != Kind.SPACE) {
            placed.add(new Placed(piece, command, text, row, x));
        }
        x += text.length() * character;
    }

    private void breakLine(int command) {
        double end = placed.isEmpty()
                ? x
                : placed.getLast().x() + placed.getLast().text().length() * character;
        marks.add(new GoesOn(command, row, end + character / 2));
        row++;
        x = hang;
        rowStart = x;
    }

    private double length(List<Piece> pieces) {
        int length = pieces.stream().mapToInt(piece -> piece.text().length()).sum();
        int blanks = !pieces.isEmpty() && pieces.getLast().kind() == Kind.SPACE
                ? pieces.getLast().text().length()
                : 0;
        return (length - blanks) * character;
    }

    /** Cuts pieces before options, or else behind blanks, though not between words that mean something together. */
    private static List<List<Piece>> parts(List<Piece> pieces, boolean atOptions) {
        List<List<Piece>> parts = new ArrayList<>();
        boolean blank = false;
        int phrase = 0;
        for (Piece piece : pieces) {
            boolean joined = phrase != 0 && piece.phrase() == phrase;
            boolean cut = atOptions ? piece.breakable() : blank && piece.kind() != Kind.SPACE && !joined;
            if (parts.isEmpty() || cut) {
                parts.add(new ArrayList<>());
            }
            parts.getLast().add(piece);
            blank = piece.kind() == Kind.SPACE;
            phrase = blank ? phrase : piece.phrase();
        }
        return parts;
    }
}
