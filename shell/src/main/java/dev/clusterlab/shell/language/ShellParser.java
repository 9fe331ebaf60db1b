package dev.clusterlab.shell.language;

import dev.clusterlab.shell.language.Syntax.Command;
import dev.clusterlab.shell.language.Syntax.Position;
import dev.clusterlab.shell.language.Syntax.Redirect;
import dev.clusterlab.shell.language.Syntax.RedirectKind;
import dev.clusterlab.shell.language.Syntax.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a script by recursive descent, straight from its characters: in a shell what a character means depends on where
 * it stands, so there is no separate list of tokens.
 */
public final class ShellParser extends WordParser {
    private static final Set<String> CLOSING = Set.of("then", "elif", "else", "fi", "do", "done", "esac", "}");
    private static final int LINKS_MAX = 1_000;

    private ShellParser(String text, Position origin, int depth) {
        super(text, origin, depth);
    }

    /** @throws ShellSyntaxException if the script is malformed */
    public static Syntax.Sequence parse(String script) {
        return new ShellParser(script.replace("\r\n", "\n"), new Position(1, 1), 0).whole();
    }

    @Override
    Syntax.Sequence whole() {
        Syntax.Sequence sequence = list(Set.of(), '\0');
        if (!end()) {
            throw error("unexpected '" + glimpse() + "'");
        }
        return sequence;
    }

    @Override
    Command substituted() {
        return list(Set.of(), ')');
    }

    @Override
    WordParser inside(String inner, Position where) {
        return new ShellParser(inner, where, depth);
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
            words.add(new Word(List.of(new Syntax.Variable("@", "", null, true)), start, start));
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
        return new Syntax.Function(name, body());
    }

    /** The body of a function, which may define another one at once. */
    private Command body() {
        deeper();
        Command body = command();
        depth--;
        return body;
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
                return new Syntax.Function(name, body());
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
            return new Syntax.Assignment(name, append, new Word(List.of(), position(at), position(at)));
        }
        return new Syntax.Assignment(name, append, word());
    }

    // ---- redirections

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

    // ---- what must stand here

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
}
