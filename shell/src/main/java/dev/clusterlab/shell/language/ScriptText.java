package dev.clusterlab.shell.language;

import dev.clusterlab.shell.language.Syntax.Position;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The characters of a script and the place that has been read up to: what every layer of the parser stands on. */
abstract class ScriptText {
    static final String WORD_END = " \t\r\n;&|<>()";
    private static final Set<String> RESERVED = Set.of(
            "if",
            "then",
            "elif",
            "else",
            "fi",
            "for",
            "while",
            "until",
            "do",
            "done",
            "case",
            "esac",
            "{",
            "}",
            "!",
            "function",
            "[[",
            "select");
    private static final int DEPTH_MAX = 200;

    final String text;
    /** Where the text stands in the whole script, for the positions that people read. */
    private final Position origin;

    int at;
    int depth;
    private int @Nullable [] lineStarts;

    ScriptText(String text, Position origin, int depth) {
        this.text = text;
        this.origin = origin;
        this.depth = depth;
    }

    /** Reads the end of a line, and what belongs to it. */
    abstract void newline();

    String name() {
        int start = at;
        while (!end()
                && (peek() == '_'
                        || (peek() < 128 && Character.isLetter(peek()))
                        || (at > start && Character.isDigit(peek())))) {
            at++;
        }
        return text.substring(start, at);
    }

    boolean end() {
        return at >= text.length();
    }

    char peek() {
        return text.charAt(at);
    }

    void skipBlanks() {
        while (!end()) {
            char c = peek();
            if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                at += 2;
                if (end()) {
                    throw incomplete("the command goes on after '\\', but the text ends");
                }
            } else if (c == '#' && (at == 0 || " \t\n;&|()".indexOf(text.charAt(at - 1)) >= 0)) {
                while (!end() && peek() != '\n') {
                    at++;
                }
            } else {
                return;
            }
        }
    }

    void skipBlanksAndNewlines() {
        while (true) {
            skipBlanks();
            if (end() || peek() != '\n') {
                return;
            }
            newline();
        }
    }

    /** The plain word that stands here, up to the next blank or operator; empty if there is none. */
    String peekPlain() {
        int stop = at;
        while (stop < text.length() && WORD_END.indexOf(text.charAt(stop)) < 0) {
            stop++;
        }
        return text.substring(at, stop);
    }

    String glimpse() {
        if (end()) {
            return "end of script";
        }
        if (peek() == '\n') {
            return "new line";
        }
        String word = peekPlain();
        if (!word.isEmpty()) {
            return word.length() > 20 ? word.substring(0, 20) + "…" : word;
        }
        return text.startsWith(";;", at) || text.startsWith("&&", at) || text.startsWith("||", at)
                ? text.substring(at, at + 2)
                : String.valueOf(peek());
    }

    ShellSyntaxException error(String message) {
        Position position = position(at);
        return new ShellSyntaxException(position.line(), position.column(), message, false);
    }

    ShellSyntaxException incomplete(String message) {
        Position position = position(at);
        return new ShellSyntaxException(position.line(), position.column(), message, true);
    }

    ShellSyntaxException errorOrIncomplete(String message) {
        return end() ? incomplete(message) : error(message);
    }

    Position position(int index) {
        if (lineStarts == null) {
            lineStarts = IntStream.concat(
                            IntStream.of(0),
                            IntStream.range(0, text.length())
                                    .filter(i -> text.charAt(i) == '\n')
                                    .map(i -> i + 1))
                    .toArray();
        }
        int found = Arrays.binarySearch(lineStarts, Math.min(index, text.length()));
        int line = found >= 0 ? found : -found - 2;
        int column = Math.min(index, text.length()) - lineStarts[line];
        return new Position(origin.line() + line, (line == 0 ? origin.column() : 1) + column);
    }

    /** One level deeper; the limit keeps a malformed or hostile script from exhausting the stack. */
    void deeper() {
        if (++depth > DEPTH_MAX) {
            throw error("commands are nested more than " + DEPTH_MAX + " deep");
        }
    }

    String peekReserved() {
        String word = peekPlain();
        return RESERVED.contains(word) ? word : "";
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "parser at %s", position(at));
    }
}
