package dev.clusterlab.lab.words;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A command as people read it: its text in pieces that say what they are. All pieces together, with their line ends, are the
 * text. Immutable.
 *
 * @param source the whole command, to be run as it is
 */
public record ReadCommand(String source, List<Line> lines) {
    /** What a piece is to the command. */
    public enum Kind {
        /** A program, or the words of it that say what it shall do. */
        PROGRAM,
        /** A word of the shell's own language, such as {@code for}. */
        KEYWORD,
        OPTION,
        /** What an option is set to. */
        VALUE,
        /** A value of the form {@code key=value}. */
        PAIR,
        IMAGE,
        WORD,
        /** Between words. */
        SPACE,
        /** A sign of the shell's language, such as {@code |}. */
        SIGN,
        COMMENT
    }

    /**
     * A line as it was written.
     *
     * @param indent blanks before it
     * @param goesOn whether the command goes on on the next line, by a backslash
     */
    public record Line(int indent, List<Piece> pieces, boolean goesOn) {
        public String text() {
            return pieces.stream().map(Piece::text).collect(Collectors.joining());
        }
    }

    /**
     * Some characters that belong together.
     *
     * @param phrase pieces with the same number mean something together, as an option and its value do; 0 for those that mean
     *     nothing by themselves
     * @param breakable whether a line that is too long may be broken before it: only options begin new lines
     * @param title what {@code help} is about, as it was written
     * @param help one sentence about what it does; empty where there is nothing to say
     */
    public record Piece(Kind kind, String text, int phrase, boolean breakable, String title, String help) {}

    /** Each phrase that has something to say, in order, by its first piece. */
    public List<Piece> phrases() {
        List<Piece> phrases = new ArrayList<>();
        for (Line line : lines) {
            for (Piece piece : line.pieces()) {
                if (!piece.help().isEmpty() && phrases.stream().noneMatch(p -> p.phrase() == piece.phrase())) {
                    phrases.add(piece);
                }
            }
        }
        return phrases;
    }
}
