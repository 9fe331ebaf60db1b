package dev.clusterlab.shell.language;

import dev.clusterlab.shell.language.Syntax.Command;
import dev.clusterlab.shell.language.Syntax.Part;
import dev.clusterlab.shell.language.Syntax.Position;
import dev.clusterlab.shell.language.Syntax.Redirect;
import dev.clusterlab.shell.language.Syntax.RedirectKind;
import dev.clusterlab.shell.language.Syntax.Word;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a script by recursive descent, straight from its characters: in a shell what a character means depends on where
 * it stands, so there is no separate list of tokens.
 */
public final class ShellParser {
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
    private static final Set<String> CLOSING = Set.of("then", "elif", "else", "fi", "do", "done", "esac", "}");
    private static final String WORD_END = " \t\r\n;&|<>()";
    private static final int DEPTH_MAX = 200;
    private static final int LINKS_MAX = 1_000;

    private final String text;
    /** Where the text stands in the whole script, for the positions that people are told. */
    private final Position origin;

    private int @Nullable [] lineStarts;
    private int at;
    private int depth;
    private final Deque<Syntax.HereDocument> announced = new ArrayDeque<>();

    private ShellParser(String text, Position origin, int depth) {
        this.text = text;
        this.origin = origin;
        this.depth = depth;
    }

    /** @throws ShellSyntaxException if the script is malformed */
    public static Syntax.Sequence parse(String script) {
        return new ShellParser(script.replace("\r\n", "\n"), new Position(1, 1), 0).whole();
    }

    private Syntax.Sequence whole() {
        Syntax.Sequence sequence = list(Set.of(), '\0');
        if (!end()) {
            throw error("unexpected '" + glimpse() + "'");
        }
        return sequence;
    }

    /** One level deeper; the limit keeps a malformed or hostile script from exhausting the stack. */
    private void deeper() {
        if (++depth > DEPTH_MAX) {
            throw error("commands are nested more than " + DEPTH_MAX + " deep");
        }
    }

    // ---- lists and pipelines

    /** Commands up to the end of the text, a closing word of {@code endWords} or {@code endCharacter}. */
    private Syntax.Sequence list(Set<String> endWords, char endCharacter) {
        deeper();
        List<Syntax.Item> items = new ArrayList<>();
        while (true) {
            skipBlanksAndNewlines();
            if (end()) {
                readHereDocumentsAtEnd();
                break;
            }
            if (endCharacter != '\0' && peek() == endCharacter) {
                break;
            }
            if (endCharacter == ')' && text.startsWith(";;", at)) {
                break;
            }
            String word = peekReserved();
            if (endWords.contains(word)) {
                break;
            }
            if (CLOSING.contains(word)) {
                throw error("unexpected '" + word + "': nothing is open here that it could close");
            }
            int start = at;
            Command command = andOr();
            int stop = at;
            skipBlanks();
            if (!end()) {
                char c = peek();
                if (c == ';' && !text.startsWith(";;", at)) {
                    at++;
                } else if (c == '\n') {
                    newline();
                    stop = Math.max(stop, at);
                } else if (c == '&') {
                    throw error("'&' (running in the background) is not supported by this shell; commands run one after"
                            + " another");
                } else if (!(endCharacter != '\0' && c == endCharacter) && !text.startsWith(";;", at)) {
                    throw error("unexpected '" + glimpse() + "', expected ';', '&&', '||', '|' or a new line");
                }
            } else {
                readHereDocumentsAtEnd();
                stop = at;
            }
            items.add(new Syntax.Item(command, text.substring(start, stop).strip()));
        }
        depth--;
        return new Syntax.Sequence(List.copyOf(items));
    }

    private Command andOr() {
        Command left = pipeline();
        for (int links = 0; ; links++) {
            skipBlanks();
            boolean and = text.startsWith("&&", at);
            if (!and && !text.startsWith("||", at)) {
                return left;
            }
            if (links == LINKS_MAX) {
                throw error("more than " + LINKS_MAX + " commands are joined by '&&' and '||'");
            }
            at += 2;
            skipBlanksAndNewlines();
            if (end()) {
                throw incomplete("a command is expected after '" + (and ? "&&" : "||") + "'");
            }
            left = new Syntax.AndOr(left, and, pipeline());
        }
    }

    private Command pipeline() {
        boolean negated = false;
        skipBlanks();
        while (peekReserved().equals("!")) {
            negated = !negated;
            at++;
            skipBlanks();
        }
        List<Command> stages = new ArrayList<>();
        stages.add(command());
        while (true) {
            skipBlanks();
            if (end() || peek() != '|' || text.startsWith("||", at)) {
                break;
            }
            at++;
            if (!end() && peek() == '&') {
                throw error("'|&' is not supported by this shell; write '2>&1 |'");
            }
            skipBlanksAndNewlines();
            if (end()) {
                throw incomplete("a command is expected after '|'");
            }
            stages.add(command());
        }
        return stages.size() == 1 && !negated ? stages.getFirst() : new Syntax.Pipeline(negated, List.copyOf(stages));
    }

    private Command command() {
        skipBlanks();
        if (end()) {
            throw incomplete("a command is expected");
        }
        Command compound = compound();
        if (compound == null) {
            return simple();
        }
        List<Redirect> redirects = new ArrayList<>();
        while (true) {
            skipBlanks();
            Redirect redirect = redirect();
            if (redirect == null) {
                break;
            }
            redirects.add(redirect);
        }
        return redirects.isEmpty() ? compound : new Syntax.Redirected(compound, List.copyOf(redirects));
    }

    private @Nullable Command compound() {
        if (text.startsWith("((", at)) {
            throw error("'((…))' is not supported by this shell; write i=$((i + 1)) or [ $((i)) -gt 0 ]");
        }
        if (peek() == '(') {
            Position open = position(at);
            at++;
            Command body = list(Set.of(), ')');
            expectCharacter(')', "to close the '(' of line " + open.line());
            return new Syntax.Subshell(body);
        }
        Position start = position(at);
        return switch (peekReserved()) {
            case "{" -> {
                at++;
                Command body = list(Set.of("}"), '\0');
                expectWord("}", "'{'", start);
                yield body;
            }
            case "if" -> conditional(start);
            case "for" -> forLoop(start);
            case "while" -> loop(start, false);
            case "until" -> loop(start, true);
            case "case" -> choice(start);
            case "function" -> namedFunction();
            case "[[" -> throw error("'[[' is not supported by this shell; write [ … ], and quote what is compared");
            case "select" -> throw error("'select' is not supported by this shell; write for NAME in WORDS");
            case "then", "elif", "else", "fi", "do", "done", "esac", "}" ->
                throw error("unexpected '" + peekReserved() + "', expected a command");
            default -> function();
        };
    }

    private Command conditional(Position start) {
        List<Syntax.Branch> branches = new ArrayList<>();
        Optional<Command> otherwise = Optional.empty();
        at += 2;
        Command condition = nonEmpty(list(Set.of("then"), '\0'), "the condition of 'if'");
        expectWord("then", "'if'", start);
        Command body = nonEmpty(list(Set.of("elif", "else", "fi"), '\0'), "a command after 'then'");
        branches.add(new Syntax.Branch(condition, body));
        while (peekReserved().equals("elif")) {
            at += 4;
            condition = nonEmpty(list(Set.of("then"), '\0'), "the condition of 'elif'");
            expectWord("then", "'elif'", start);
            body = nonEmpty(list(Set.of("elif", "else", "fi"), '\0'), "a command after 'then'");
            branches.add(new Syntax.Branch(condition, body));
        }
        if (peekReserved().equals("else")) {
            at += 4;
            otherwise = Optional.of(nonEmpty(list(Set.of("fi"), '\0'), "a command after 'else'"));
        }
        expectWord("fi", "'if'", start);
        return new Syntax.If(List.copyOf(branches), otherwise);
    }

    private Command forLoop(Position start) {
        at += 3;
        skipBlanks();
        String name = name();
        if (name.isEmpty()) {
            throw errorOrIncomplete("expected the name of a variable after 'for'");
        }
        skipBlanksAndNewlines();
        List<Word> words = new ArrayList<>();
        if (peekPlain().equals("in")) {
            at += 2;
            skipBlanks();
            while (!end() && ";\n".indexOf(peek()) < 0) {
                if (WORD_END.indexOf(peek()) >= 0) {
                    throw error(
                            "unexpected '" + glimpse() + "' in the list of 'for', expected a word, ';' or a new line");
                }
                words.add(word());
                skipBlanks();
            }
        } else if (!peekReserved().equals("do") && (end() || peek() != ';')) {
            throw errorOrIncomplete("expected 'in' or 'do' after 'for " + name + "'");
        } else {
            // Without "in" the loop goes over the arguments.
            words.add(new Word(List.of(new Syntax.Variable("@", "", null, true)), start));
        }
        if (!end() && peek() == ';') {
            at++;
        }
        Command body = doBody("'for'", start);
        return new Syntax.For(name, List.copyOf(words), body);
    }

    private Command loop(Position start, boolean until) {
        String word = until ? "'until'" : "'while'";
        at += 5;
        Command condition = nonEmpty(list(Set.of("do"), '\0'), "the condition of " + word);
        return new Syntax.Loop(condition, until, doBody(word, start), start);
    }

    private Command doBody(String opener, Position start) {
        skipBlanksAndNewlines();
        expectWord("do", opener, start);
        Command body = nonEmpty(list(Set.of("done"), '\0'), "a command after 'do'");
        expectWord("done", opener, start);
        return body;
    }

    private Command choice(Position start) {
        at += 4;
        skipBlanks();
        if (end() || WORD_END.indexOf(peek()) >= 0) {
            throw errorOrIncomplete("expected a word after 'case'");
        }
        Word subject = word();
        skipBlanksAndNewlines();
        expectWord("in", "'case'", start);
        List<Syntax.CaseItem> items = new ArrayList<>();
        while (true) {
            skipBlanksAndNewlines();
            if (end() || peekReserved().equals("esac")) {
                break;
            }
            if (peek() == '(') {
                at++;
                skipBlanks();
            }
            List<Word> patterns = new ArrayList<>();
            patterns.add(word());
            skipBlanks();
            while (!end() && peek() == '|') {
                at++;
                skipBlanks();
                patterns.add(word());
                skipBlanks();
            }
            expectCharacter(')', "after the pattern of 'case'");
            Command body = list(Set.of("esac"), ')');
            items.add(new Syntax.CaseItem(List.copyOf(patterns), body));
            skipBlanksAndNewlines();
            if (text.startsWith(";;", at)) {
                at += 2;
            }
        }
        expectWord("esac", "'case'", start);
        return new Syntax.Case(subject, List.copyOf(items));
    }

    /** {@code function NAME { … }}, as bash has it. */
    private Command namedFunction() {
        at += "function".length();
        skipBlanks();
        String name = name();
        if (name.isEmpty()) {
            throw errorOrIncomplete("expected a name after 'function'");
        }
        skipBlanks();
        if (text.startsWith("()", at)) {
            at += 2;
        }
        skipBlanksAndNewlines();
        if (end()) {
            throw incomplete("the body of the function '" + name + "' is expected");
        }
        return new Syntax.Function(name, command());
    }

    private @Nullable Command function() {
        int start = at;
        String name = name();
        if (!name.isEmpty()) {
            skipBlanks();
            if (text.startsWith("()", at) || text.startsWith("( )", at)) {
                at = text.indexOf(')', at) + 1;
                skipBlanksAndNewlines();
                if (end()) {
                    throw incomplete("the body of the function '" + name + "' is expected");
                }
                return new Syntax.Function(name, command());
            }
        }
        at = start;
        return null;
    }

    private Command simple() {
        Position start = position(at);
        List<Syntax.Assignment> assignments = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        List<Redirect> redirects = new ArrayList<>();
        while (true) {
            skipBlanks();
            if (end() || "\n;&|)".indexOf(peek()) >= 0) {
                if (!end() && text.startsWith("&>", at)) {
                    redirects.add(redirectBoth());
                    continue;
                }
                break;
            }
            Redirect redirect = redirect();
            if (redirect != null) {
                redirects.add(redirect);
                continue;
            }
            if (peek() == '(') {
                throw error("unexpected '('; write '$(…)' for a substitution, or quote it");
            }
            Syntax.Assignment assignment = words.isEmpty() ? assignment() : null;
            if (assignment != null) {
                assignments.add(assignment);
            } else {
                words.add(word());
            }
        }
        if (assignments.isEmpty() && words.isEmpty() && redirects.isEmpty()) {
            throw errorOrIncomplete(
                    end() ? "a command is expected" : "unexpected '" + glimpse() + "', expected a command");
        }
        return new Syntax.Simple(List.copyOf(assignments), List.copyOf(words), List.copyOf(redirects), start);
    }

    private Syntax.@Nullable Assignment assignment() {
        int start = at;
        String name = name();
        boolean append = !name.isEmpty() && text.startsWith("+=", at);
        if (name.isEmpty() || end() || (peek() != '=' && !append)) {
            at = start;
            return null;
        }
        at += append ? 2 : 1;
        if (!end() && peek() == '(') {
            throw error("arrays are not supported by this shell");
        }
        if (end() || WORD_END.indexOf(peek()) >= 0) {
            return new Syntax.Assignment(name, append, new Word(List.of(), position(at)));
        }
        return new Syntax.Assignment(name, append, word());
    }

    // ---- redirections and here documents

    private @Nullable Redirect redirect() {
        int start = at;
        Position position = position(at);
        if (end()) {
            return null;
        }
        if (text.startsWith("&>", at)) {
            return redirectBoth();
        }
        int descriptor = -2;
        int digits = at;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        if (digits > at && digits < text.length() && "<>".indexOf(text.charAt(digits)) >= 0) {
            if (digits - at > 1 || text.charAt(at) > '2') {
                throw error("descriptor " + text.substring(at, digits) + " is not supported, only 0, 1 and 2");
            }
            descriptor = text.charAt(at) - '0';
            at = digits;
        }
        char c = peek();
        if (c != '<' && c != '>') {
            at = start;
            return null;
        }
        if (text.startsWith("<<<", at)) {
            return hereText(position);
        }
        if (text.startsWith("<<", at)) {
            return hereDocument(position);
        }
        if (text.startsWith("<(", at) || text.startsWith(">(", at)) {
            throw error("process substitution is not supported by this shell");
        }
        RedirectKind kind;
        if (text.startsWith(">&", at) || text.startsWith("<&", at)) {
            kind = RedirectKind.DUPLICATE;
            at += 2;
        } else if (text.startsWith(">>", at)) {
            kind = RedirectKind.APPEND;
            at += 2;
        } else if (text.startsWith(">|", at)) {
            kind = RedirectKind.WRITE;
            at += 2;
        } else {
            kind = c == '>' ? RedirectKind.WRITE : RedirectKind.READ;
            at++;
        }
        if (descriptor == -2) {
            descriptor = c == '>' ? 1 : 0;
        }
        skipBlanks();
        if (end() || WORD_END.indexOf(peek()) >= 0) {
            throw errorOrIncomplete("expected the name of a file after '" + c + "'");
        }
        return new Redirect(descriptor, kind, word(), null, position);
    }

    private Redirect redirectBoth() {
        Position position = position(at);
        boolean append = text.startsWith("&>>", at);
        at += append ? 3 : 2;
        skipBlanks();
        if (end() || WORD_END.indexOf(peek()) >= 0) {
            throw errorOrIncomplete("expected the name of a file after '&>'");
        }
        return new Redirect(-1, append ? RedirectKind.APPEND : RedirectKind.WRITE, word(), null, position);
    }

    private Redirect hereDocument(Position position) {
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
    private Redirect hereText(Position position) {
        at += 3;
        skipBlanks();
        if (end() || WORD_END.indexOf(peek()) >= 0) {
            throw errorOrIncomplete("expected a word after '<<<'");
        }
        Word target = word();
        List<Part> parts = new ArrayList<>(target.parts());
        parts.add(new Syntax.Literal("\n", true));
        Syntax.HereDocument document = new Syntax.HereDocument("", false, true);
        document.body = new Word(List.copyOf(parts), target.at());
        return new Redirect(0, RedirectKind.HERE, target, document, position);
    }

    private void newline() {
        at++;
        readHereDocuments();
    }

    private void readHereDocumentsAtEnd() {
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
                document.body = new ShellParser(body.toString(), start, depth).hereBody(start);
            } else {
                document.body = new Word(List.of(new Syntax.Literal(body.toString(), true)), start);
            }
        }
    }

    private Word hereBody(Position start) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (!end()) {
            char c = peek();
            if (c == '\\' && at + 1 < text.length() && "$`\\\n".indexOf(text.charAt(at + 1)) >= 0) {
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
        flush(parts, literal, true);
        return new Word(List.copyOf(parts), start);
    }

    // ---- words

    private Word word() {
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
        return new Word(List.copyOf(parts), start);
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

    private void doubleQuoted(List<Part> parts) {
        Position open = position(at);
        at++;
        StringBuilder literal = new StringBuilder();
        int before = parts.size();
        while (true) {
            if (end()) {
                throw new ShellSyntaxException(open.line(), open.column(), "the quote \" is not closed", true);
            }
            char c = peek();
            if (c == '"') {
                at++;
                break;
            }
            if (c == '\\' && at + 1 < text.length() && "$`\"\\\n".indexOf(text.charAt(at + 1)) >= 0) {
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
            Command body = list(Set.of(), ')');
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
            return new ShellParser(body.toString(), new Position(1, 1), depth).whole();
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
        Position inside = position(start);
        String body = text.substring(start, at);
        at += 2;
        return new ShellParser(body, inside, depth).hereBody(open);
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

    // ---- characters

    private String name() {
        int start = at;
        while (!end()
                && (peek() == '_'
                        || (peek() < 128 && Character.isLetter(peek()))
                        || (at > start && Character.isDigit(peek())))) {
            at++;
        }
        return text.substring(start, at);
    }

    private boolean end() {
        return at >= text.length();
    }

    private char peek() {
        return text.charAt(at);
    }

    private void skipBlanks() {
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

    private void skipBlanksAndNewlines() {
        while (true) {
            skipBlanks();
            if (end() || peek() != '\n') {
                return;
            }
            newline();
        }
    }

    /** The plain word that stands here, up to the next blank or operator; empty if there is none. */
    private String peekPlain() {
        int stop = at;
        while (stop < text.length() && WORD_END.indexOf(text.charAt(stop)) < 0) {
            stop++;
        }
        return text.substring(at, stop);
    }

    private String peekReserved() {
        String word = peekPlain();
        return RESERVED.contains(word) ? word : "";
    }

    private void expectWord(String expected, String opener, Position start) {
        skipBlanksAndNewlines();
        String where = "expected '" + expected + "' for the " + opener + " of line " + start.line();
        if (end()) {
            throw incomplete(where);
        }
        if (!peekPlain().equals(expected)) {
            throw error(where + ", found '" + glimpse() + "'");
        }
        at += expected.length();
    }

    private void expectCharacter(char expected, String why) {
        skipBlanks();
        if (end()) {
            throw incomplete("expected '" + expected + "' " + why);
        }
        if (peek() != expected) {
            throw error("expected '" + expected + "' " + why + ", found '" + glimpse() + "'");
        }
        at++;
    }

    private Command nonEmpty(Syntax.Sequence sequence, String what) {
        if (sequence.items().isEmpty()) {
            throw errorOrIncomplete("expected " + what);
        }
        return sequence;
    }

    private String glimpse() {
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

    private ShellSyntaxException error(String message) {
        Position position = position(at);
        return new ShellSyntaxException(position.line(), position.column(), message, false);
    }

    private ShellSyntaxException incomplete(String message) {
        Position position = position(at);
        return new ShellSyntaxException(position.line(), position.column(), message, true);
    }

    private ShellSyntaxException errorOrIncomplete(String message) {
        return end() ? incomplete(message) : error(message);
    }

    private Position position(int index) {
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

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "parser at %s", position(at));
    }
}
