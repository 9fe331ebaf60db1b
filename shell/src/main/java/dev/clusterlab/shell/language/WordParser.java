package dev.clusterlab.shell.language;

import dev.clusterlab.shell.language.Syntax.Command;
import dev.clusterlab.shell.language.Syntax.Part;
import dev.clusterlab.shell.language.Syntax.Position;
import dev.clusterlab.shell.language.Syntax.Redirect;
import dev.clusterlab.shell.language.Syntax.RedirectKind;
import dev.clusterlab.shell.language.Syntax.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Reads words: quotes, expansions and here-documents. */
abstract class WordParser extends ScriptText {
    private final Deque<Syntax.HereDocument> announced = new ArrayDeque<>();

    WordParser(String text, Position origin, int depth) {
        super(text, origin, depth);
    }

    /** Reads commands up to a closing parenthesis, which is left, or the end. */
    abstract Command substituted();

    /** Reads a text that stands inside this one. */
    abstract WordParser inside(String inner, Position where);

    /** The whole text as commands. */
    abstract Syntax.Sequence whole();

    // ---- words

    private Word hereBody(Position start) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (!end()) {
            quotedCharacter(parts, literal, "$`\\\n");
        }
        flush(parts, literal, true);
        return new Word(List.copyOf(parts), start, position(at));
    }

    Word word() {
        return wordUntil(WORD_END);
    }

    private Word wordUntil(String ends) {
        Position start = position(at);
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (!end() && ends.indexOf(peek()) < 0) {
            char c = peek();
            switch (c) {
                case '\\' -> backslash(parts, literal);
                case '\'' -> {
                    flush(parts, literal, false);
                    parts.add(new Syntax.Literal(singleQuoted(), true));
                }
                case '"' -> {
                    flush(parts, literal, false);
                    doubleQuoted(parts);
                }
                case '$', '`' -> expansion(parts, literal, false);
                default -> {
                    literal.append(c);
                    at++;
                }
            }
        }
        flush(parts, literal, false);
        return new Word(List.copyOf(parts), start, position(at));
    }

    private void backslash(List<Part> parts, StringBuilder literal) {
        if (at + 1 >= text.length()) {
            throw incomplete("a character is expected after '\\'");
        }
        char next = text.charAt(at + 1);
        at += 2;
        if (next == '\n') {
            if (end()) {
                throw incomplete("the command goes on after '\\', but the text ends");
            }
            return;
        }
        flush(parts, literal, false);
        parts.add(new Syntax.Literal(String.valueOf(next), true));
    }

    private String singleQuoted() {
        Position open = position(at);
        int stop = text.indexOf('\'', at + 1);
        if (stop < 0) {
            throw new ShellSyntaxException(open.line(), open.column(), "the quote ' is not closed", true);
        }
        String content = text.substring(at + 1, stop);
        at = stop + 1;
        return content;
    }

    /**
     * Reads a character, or an escape or an expansion, where only {@code $}, {@code `} and some escapes mean something.
     *
     * @param escaped what a backslash takes the meaning from; a new line it takes away
     */
    private void quotedCharacter(List<Part> parts, StringBuilder literal, String escaped) {
        char c = peek();
        if (c == '\\' && at + 1 < text.length() && escaped.indexOf(text.charAt(at + 1)) >= 0) {
            if (text.charAt(at + 1) != '\n') {
                literal.append(text.charAt(at + 1));
            }
            at += 2;
        } else if (c == '$' || c == '`') {
            expansion(parts, literal, true);
        } else {
            literal.append(c);
            at++;
        }
    }

    private void doubleQuoted(List<Part> parts) {
        Position open = position(at);
        at++;
        StringBuilder literal = new StringBuilder();
        int before = parts.size();
        while (true) {
            if (end()) {
                throw new ShellSyntaxException(open.line(), open.column(), "the quote \" is not closed", true);
            }
            if (peek() == '"') {
                at++;
                break;
            }
            quotedCharacter(parts, literal, "$`\"\\\n");
        }
        flush(parts, literal, true);
        if (parts.size() == before) {
            parts.add(new Syntax.Literal("", true));
        }
    }

    private static void flush(List<Part> parts, StringBuilder literal, boolean quoted) {
        if (!literal.isEmpty()) {
            parts.add(new Syntax.Literal(literal.toString(), quoted));
            literal.setLength(0);
        }
    }

    private void expansion(List<Part> parts, StringBuilder literal, boolean quoted) {
        if (peek() == '`') {
            flush(parts, literal, quoted);
            parts.add(new Syntax.Substitution(backquoted(), quoted));
            return;
        }
        if (at + 1 >= text.length()) {
            literal.append('$');
            at++;
            return;
        }
        char next = text.charAt(at + 1);
        if (!quoted && next == '\'') {
            flush(parts, literal, false);
            parts.add(new Syntax.Literal(escapedQuote(), true));
        } else if (!quoted && next == '"') {
            throw error("'$\"…\"' is not supported by this shell; leave the '$' out");
        } else if (text.startsWith("$((", at)) {
            flush(parts, literal, quoted);
            parts.add(new Syntax.Arithmetic(arithmetic(), quoted));
        } else if (next == '(') {
            flush(parts, literal, quoted);
            Position open = position(at);
            at += 2;
            Command body = substituted();
            if (end()) {
                throw new ShellSyntaxException(
                        open.line(), open.column(), "the substitution '$(' is not closed by ')'", true);
            }
            at++;
            parts.add(new Syntax.Substitution(body, quoted));
        } else if (next == '{') {
            flush(parts, literal, quoted);
            parts.add(braced(quoted));
        } else if (Character.isLetter(next) || next == '_') {
            flush(parts, literal, quoted);
            at++;
            parts.add(new Syntax.Variable(name(), "", null, quoted));
        } else if ("?#@*$!0123456789".indexOf(next) >= 0) {
            flush(parts, literal, quoted);
            at += 2;
            parts.add(new Syntax.Variable(String.valueOf(next), "", null, quoted));
        } else {
            literal.append('$');
            at++;
        }
    }

    /** {@code $'…'}: quoted, with escapes such as \n. */
    private String escapedQuote() {
        Position open = position(at);
        int start = at + 2;
        int stop = start;
        while (stop < text.length() && text.charAt(stop) != '\'') {
            stop += text.charAt(stop) == '\\' ? 2 : 1;
        }
        if (stop >= text.length()) {
            throw new ShellSyntaxException(open.line(), open.column(), "the quote $' is not closed", true);
        }
        at = stop + 1;
        return Escapes.replaced(text.substring(start, stop).replace("\\'", "'"));
    }

    private Command backquoted() {
        Position open = position(at);
        at++;
        StringBuilder body = new StringBuilder();
        while (true) {
            if (end()) {
                throw new ShellSyntaxException(open.line(), open.column(), "the backquote ` is not closed", true);
            }
            char c = peek();
            at++;
            if (c == '`') {
                break;
            }
            if (c == '\\' && !end() && "`$\\".indexOf(peek()) >= 0) {
                c = peek();
                at++;
            }
            body.append(c);
        }
        try {
            return inside(body.toString(), new Position(1, 1)).whole();
        } catch (ShellSyntaxException e) {
            throw new ShellSyntaxException(
                    open.line(), open.column(), "inside the backquotes: " + e.getMessage(), false);
        }
    }

    private Word arithmetic() {
        Position open = position(at);
        at += 3;
        int level = 0;
        int start = at;
        while (true) {
            if (end()) {
                throw new ShellSyntaxException(open.line(), open.column(), "'$((' is not closed by '))'", true);
            }
            char c = peek();
            if (c == '(') {
                level++;
            } else if (c == ')') {
                if (level == 0 && text.startsWith("))", at)) {
                    break;
                }
                level--;
            }
            at++;
        }
        Position first = position(start);
        String body = text.substring(start, at);
        at += 2;
        return inside(body, first).hereBody(open);
    }

    private Part braced(boolean quoted) {
        Position open = position(at);
        at += 2;
        boolean length = !end() && peek() == '#' && at + 1 < text.length() && text.charAt(at + 1) != '}';
        if (length) {
            at++;
        }
        String name = name();
        if (name.isEmpty() && !end() && "?#@*$0123456789".indexOf(peek()) >= 0) {
            int first = at++;
            while (Character.isDigit(text.charAt(first)) && !end() && Character.isDigit(peek()) && at - first < 5) {
                at++;
            }
            name = text.substring(first, at);
        }
        if (name.isEmpty()) {
            throw errorOrIncomplete("expected the name of a variable after '${'");
        }
        if (end()) {
            throw new ShellSyntaxException(open.line(), open.column(), "'${' is not closed by '}'", true);
        }
        if (peek() == '}') {
            at++;
            return new Syntax.Variable(name, length ? "length" : "", null, quoted);
        }
        String operator = "";
        for (String candidate : List.of(":-", ":=", ":?", ":+", "%%", "##", "-", "=", "?", "+", "%", "#")) {
            if (text.startsWith(candidate, at)) {
                operator = candidate;
                break;
            }
        }
        if (length || operator.isEmpty()) {
            throw error(
                    "unexpected '" + glimpse() + "' in '${" + name + "', expected '}' or one of :- := :? :+ % %% # ##");
        }
        at += operator.length();
        deeper();
        Word operand = wordUntil("}");
        depth--;
        if (end()) {
            throw new ShellSyntaxException(open.line(), open.column(), "'${' is not closed by '}'", true);
        }
        at++;
        return new Syntax.Variable(name, operator, operand, quoted);
    }

    // ---- here-documents

    Redirect hereDocument(Position position) {
        at += 2;
        boolean stripTabs = !end() && peek() == '-';
        if (stripTabs) {
            at++;
        }
        skipBlanks();
        if (end() || WORD_END.indexOf(peek()) >= 0) {
            throw errorOrIncomplete("expected the word that ends the here-document after '<<', such as EOF");
        }
        Word delimiter = word();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (Part part : delimiter.parts()) {
            if (!(part instanceof Syntax.Literal literal)) {
                throw error("the word that ends a here-document must be plain text");
            }
            quoted |= literal.quoted();
            name.append(literal.text());
        }
        Syntax.HereDocument document = new Syntax.HereDocument(name.toString(), stripTabs, !quoted);
        announced.add(document);
        return new Redirect(0, RedirectKind.HERE, delimiter, document, position);
    }

    /** {@code <<< WORD}: the word as a line to read. */
    Redirect hereText(Position position) {
        at += 3;
        skipBlanks();
        if (end() || WORD_END.indexOf(peek()) >= 0) {
            throw errorOrIncomplete("expected a word after '<<<'");
        }
        Word target = word();
        List<Part> parts = new ArrayList<>(target.parts());
        parts.add(new Syntax.Literal("\n", true));
        Syntax.HereDocument document = new Syntax.HereDocument("", false, true);
        document.fill(new Word(List.copyOf(parts), target.at(), target.end()));
        return new Redirect(0, RedirectKind.HERE, target, document, position);
    }

    @Override
    void newline() {
        at++;
        readHereDocuments();
    }

    void readHereDocumentsAtEnd() {
        if (!announced.isEmpty()) {
            throw incomplete("the here-document is not ended by '" + announced.getFirst().delimiter + "'");
        }
    }

    private void readHereDocuments() {
        while (!announced.isEmpty()) {
            Syntax.HereDocument document = announced.removeFirst();
            Position start = position(at);
            StringBuilder body = new StringBuilder();
            boolean closed = false;
            while (!end()) {
                int stop = text.indexOf('\n', at);
                String line = stop < 0 ? text.substring(at) : text.substring(at, stop);
                at = stop < 0 ? text.length() : stop + 1;
                if (document.stripTabs) {
                    line = line.replaceFirst("^\t+", "");
                }
                if (line.equals(document.delimiter)) {
                    closed = true;
                    break;
                }
                body.append(line).append('\n');
            }
            if (!closed) {
                throw incomplete("the here-document that begins on line " + start.line() + " is not ended by '"
                        + document.delimiter + "'");
            }
            if (document.expand) {
                document.fill(inside(body.toString(), start).hereBody(start));
            } else {
                document.fill(new Word(List.of(new Syntax.Literal(body.toString(), true)), start, position(at)));
            }
        }
    }
}
