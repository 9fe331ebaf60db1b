package dev.clusterlab.lab.words;

import dev.clusterlab.lab.words.ReadCommand.Kind;
import dev.clusterlab.lab.words.ReadCommand.Line;
import dev.clusterlab.lab.words.ReadCommand.Piece;
import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.Syntax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands for people: which word is a program, an option, its value, an image, and what each does, from the table
 * {@code commands.properties}. The shell's own parser says where words begin and end. Immutable.
 */
public final class CommandWords {
    /** What lies between words: blanks, words of the language, signs, comments. */
    private static final Pattern BETWEEN = Pattern.compile("\\s+|#.*|[A-Za-z_]\\w*|[^\\sA-Za-z_#]+");

    private final CommandTable table;

    private CommandWords(Locale locale) {
        this.table = new CommandTable(new Bundle("commands", locale));
    }

    /** In the language of {@code locale}, in English where that language has no texts. */
    public static CommandWords of(Locale locale) {
        return new CommandWords(locale);
    }

    /** The commands of a script, one after another. A text that is no script is one command of which nothing is known. */
    public List<ReadCommand> read(String script) {
        String text = script.replace("\r\n", "\n").stripTrailing();
        Marks marks = new Marks(text);
        List<Syntax.Item> items;
        try {
            items = ShellParser.parse(text).items();
        } catch (ShellSyntaxException e) {
            return List.of(new ReadCommand(text, lines(marks, 0, text.length())));
        }
        List<ReadCommand> commands = new ArrayList<>();
        new CommandMarker(table, marks).sequence(items);
        int from = 0;
        for (int i = 0; i < items.size(); i++) {
            int start = text.indexOf(items.get(i).source(), from);
            int end = start + items.get(i).source().length();
            int shown = i + 1 < items.size() ? text.indexOf(items.get(i + 1).source(), end) : text.length();
            commands.add(new ReadCommand(items.get(i).source(), lines(marks, from, shown)));
            from = shown;
        }
        return commands;
    }

    /** The lines of a part of the text, without empty ones at its end. */
    private List<Line> lines(Marks marks, int from, int to) {
        List<Line> lines = new ArrayList<>();
        int at = from;
        while (at < to) {
            int stop = marks.text.indexOf('\n', at);
            int end = stop < 0 || stop > to ? to : stop;
            boolean goesOn = end > at && marks.text.charAt(end - 1) == '\\' && end < to;
            int last = goesOn ? end - 1 : end;
            int first = at;
            while (first < last && marks.text.charAt(first) == ' ') {
                first++;
            }
            lines.add(new Line(first - at, pieces(marks, first, last), goesOn));
            at = end + 1;
        }
        while (!lines.isEmpty() && lines.getLast().pieces().isEmpty()) {
            lines.removeLast();
        }
        return List.copyOf(lines);
    }

    private List<Piece> pieces(Marks marks, int from, int to) {
        List<Piece> pieces = new ArrayList<>();
        int at = from;
        while (at < to) {
            int end = marks.sameUntil(at, to);
            String text = marks.text.substring(at, end);
            Marks.Mark mark = marks.at(at);
            if (text.isBlank()) {
                // Also between the words of a command inside a word.
                pieces.add(new Piece(Kind.SPACE, text, 0, false, "", ""));
            } else if (mark == null) {
                Matcher between = BETWEEN.matcher(text);
                while (between.find()) {
                    pieces.add(between(between.group(), marks));
                }
            } else {
                pieces.add(new Piece(
                        mark.kind(),
                        text,
                        mark.help().isEmpty() ? 0 : mark.phrase(),
                        mark.breakable() && at == mark.start(),
                        mark.title(),
                        mark.help()));
            }
            at = end;
        }
        while (!pieces.isEmpty() && pieces.getLast().kind() == Kind.SPACE) {
            pieces.removeLast();
        }
        return List.copyOf(pieces);
    }

    private Piece between(String text, Marks marks) {
        if (text.isBlank()) {
            return new Piece(Kind.SPACE, text, 0, false, "", "");
        }
        if (text.startsWith("#")) {
            return new Piece(Kind.COMMENT, text, 0, false, "", "");
        }
        boolean word = Character.isLetter(text.charAt(0)) || text.charAt(0) == '_';
        Optional<String> help = table.help(List.of("shell"), word ? text : "sign." + text);
        Kind kind = !word ? Kind.SIGN : help.isPresent() ? Kind.KEYWORD : Kind.WORD;
        return new Piece(kind, text, help.isPresent() ? marks.phrase() : 0, false, text, help.orElse(""));
    }

    /** What is known about each character of a text. */
    static final class Marks {
        /** Some characters that mean something together with all others of the same {@code phrase}. */
        record Mark(Kind kind, int start, int phrase, boolean breakable, String title, String help) {}

        final String text;
        private final Mark[] marks;
        private final int[] lineStarts;
        private int phrases;

        Marks(String text) {
            this.text = text;
            this.marks = new Mark[text.length()];
            this.lineStarts = IntStream.concat(
                            IntStream.of(0),
                            IntStream.range(0, text.length())
                                    .filter(i -> text.charAt(i) == '\n')
                                    .map(i -> i + 1))
                    .toArray();
        }

        int offset(Syntax.Position position) {
            int line = Math.clamp(position.line() - 1L, 0, lineStarts.length - 1);
            return Math.min(text.length(), lineStarts[line] + position.column() - 1);
        }

        int phrase() {
            return ++phrases;
        }

        void mark(Mark mark, int end) {
            if (mark.start() < end) {
                Arrays.fill(marks, mark.start(), end, mark);
            }
        }

        @Nullable
        Mark at(int offset) {
            return marks[offset];
        }

        int sameUntil(int from, int to) {
            int end = from + 1;
            while (end < to && Objects.equals(marks[end], marks[from])) {
                end++;
            }
            return end;
        }
    }
}
