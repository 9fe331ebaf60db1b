package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.programs.ContainerCommands.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a shell that container commands usually need: lists with {@code ;}, {@code &&} and {@code ||}, quotes,
 * variables, {@code while COMMAND; do …; done}, {@code exec}, and redirections to {@code /dev/null}. Anything else is a
 * syntax error that says so.
 */
final class SmallShell {
    /** What one turn of a loop takes at least, so that an empty loop cannot stop the world. */
    private static final Duration TURN = Duration.ofMillis(1);

    private static final Set<String> KEYWORDS = Set.of("do", "done");

    private final ContainerCommands commands;
    private final Output output;
    private final Scope scope;
    private int lastStatus;

    SmallShell(ContainerCommands commands, Output output, Scope scope) {
        this.commands = commands;
        this.output = output;
        this.scope = scope;
    }

    private sealed interface Node {
        record Simple(List<Word> words) implements Node {}

        record Loop(Node condition, boolean until, Node body) implements Node {}

        /** {@code operators.get(i)} stands before {@code parts.get(i + 1)}. */
        record Sequence(List<Node> parts, List<String> operators) implements Node {}
    }

    /** A word, not yet expanded; {@code quoted} if any of it was between quotes. */
    private record Word(String text, boolean quoted) {}

    private static final class SyntaxError extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SyntaxError(String message) {
            super(message);
        }
    }

    void run(String script, IntConsumer done) {
        Node program;
        try {
            var parser = new Parser(tokens(script));
            program = parser.sequence();
            parser.end();
        } catch (SyntaxError e) {
            output.stderr("sh: syntax error: " + e.getMessage() + "\n");
            done.accept(2);
            return;
        }
        run(program, status -> done.accept(status < 0 ? -1 - status : status));
    }

    /** The status is {@code -1 - n} for {@code exit n}: whatever is around ends as well. */
    private void run(Node node, IntConsumer done) {
        switch (node) {
            case Node.Simple simple -> simple(simple, done);
            case Node.Sequence sequence -> sequence(sequence, 0, done);
            case Node.Loop loop -> turn(loop, done);
        }
    }

    private void sequence(Node.Sequence sequence, int at, IntConsumer done) {
        run(sequence.parts().get(at), status -> {
            if (status < 0) {
                done.accept(status);
                return;
            }
            lastStatus = status;
            int next = at;
            while (next < sequence.operators().size()) {
                String operator = sequence.operators().get(next);
                next++;
                if (operator.equals(";") || (operator.equals("&&") == (status == 0))) {
                    sequence(sequence, next, done);
                    return;
                }
            }
            done.accept(status);
        });
    }

    private void turn(Node.Loop loop, IntConsumer done) {
        run(loop.condition(), status -> {
            if (status < 0 || (status == 0) == loop.until()) {
                done.accept(Math.min(status, 0));
                return;
            }
            run(loop.body(), inner -> {
                if (inner < 0) {
                    done.accept(inner);
                } else {
                    scope.schedule(TURN, () -> turn(loop, done));
                }
            });
        });
    }

    private void simple(Node.Simple simple, IntConsumer done) {
        List<String> words = new ArrayList<>();
        for (Word word : simple.words()) {
            if (!word.quoted() && word.text().matches("[12&]?>{1,2}(/dev/null|&[12])")) {
                continue;
            }
            String text = expanded(word.text());
            if (!text.isEmpty() || word.quoted()) {
                words.add(text);
            }
        }
        while (!words.isEmpty() && words.get(0).matches("[A-Za-z_][A-Za-z0-9_]*=.*")) {
            String assignment = words.remove(0);
            int equals = assignment.indexOf('=');
            commands.variables().put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        if (words.isEmpty()) {
            done.accept(0);
            return;
        }
        switch (words.get(0)) {
            case "exit" -> {
                String given = words.size() > 1 ? words.get(1) : Integer.toString(lastStatus);
                done.accept(given.matches("[0-9]{1,3}") ? -1 - Integer.parseInt(given) : -3);
            }
            case "exec" -> commands.run(words.subList(1, words.size()), status -> done.accept(-1 - status));
            case "trap", "set", "export" -> done.accept(0);
            default -> commands.run(words, done);
        }
    }

    private String expanded(String text) {
        var result = new StringBuilder();
        Map<String, String> variables = commands.variables();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                result.append(text.charAt(at + 1));
                at += 2;
            } else if (c == '$' && text.startsWith("$(", at)) {
                int close = text.indexOf(')', at);
                String command = close < 0 ? "" : text.substring(at + 2, close).strip();
                result.append(command.equals("hostname") ? variables.getOrDefault("HOSTNAME", "") : "");
                at = close < 0 ? text.length() : close + 1;
            } else if (c == '$' && text.startsWith("$?", at)) {
                result.append(lastStatus);
                at += 2;
            } else if (c == '$' && at + 1 < text.length()) {
                boolean braced = text.charAt(at + 1) == '{';
                int start = at + (braced ? 2 : 1);
                int end = start;
                while (end < text.length()
                        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
                    end++;
                }
                if (end == start) {
                    result.append(c);
                    at++;
                } else {
                    result.append(variables.getOrDefault(text.substring(start, end), ""));
                    at = braced && end < text.length() && text.charAt(end) == '}' ? end + 1 : end;
                }
            } else {
                result.append(c);
                at++;
            }
        }
        return result.toString();
    }

    private static List<Word> tokens(String script) {
        List<Word> tokens = new ArrayList<>();
        int at = 0;
        while (at < script.length()) {
            char c = script.charAt(at);
            if (c == '\n') {
                tokens.add(new Word(";", false));
                at++;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#') {
                int end = script.indexOf('\n', at);
                at = end < 0 ? script.length() : end;
            } else if (script.startsWith("&&", at) || script.startsWith("||", at)) {
                tokens.add(new Word(script.substring(at, at + 2), false));
                at += 2;
            } else if (c == ';') {
                tokens.add(new Word(";", false));
                at++;
            } else if (c == '|'
                    || c == '&' && !script.startsWith("&>", at)
                    || c == '('
                    || c == ')'
                    || c == '<'
                    || c == '`') {
                throw new SyntaxError("'" + c + "' is not known to this lab's small shell");
            } else {
                at = word(script, at, tokens);
            }
        }
        return tokens;
    }

    private static int word(String script, int start, List<Word> tokens) {
        var text = new StringBuilder();
        boolean quoted = false;
        int at = start;
        while (at < script.length()) {
            char c = script.charAt(at);
            if (c == '\'' || c == '"') {
                int close = at + 1;
                while (close < script.length() && script.charAt(close) != c) {
                    close += c == '"' && script.charAt(close) == '\\' ? 2 : 1;
                }
                if (close >= script.length()) {
                    throw new SyntaxError("unterminated quoted string");
                }
                String inner = script.substring(at + 1, close);
                quoted = true;
                // Single quotes keep a dollar sign; a backslash does it inside this shell.
                text.append(c == '\'' ? inner.replace("\\", "\\\\").replace("$", "\\$") : inner);
                at = close + 1;
            } else if (script.startsWith("$(", at)) {
                int close = script.indexOf(')', at);
                if (close < 0) {
                    throw new SyntaxError("'$(' is not closed");
                }
                if (!script.substring(at + 2, close).strip().equals("hostname")) {
                    throw new SyntaxError(
                            "of command substitutions only $(hostname) is known to this lab's small shell");
                }
                text.append(script, at, close + 1);
                at = close + 1;
            } else if (c == '\\' && at + 1 < script.length()) {
                text.append(script, at, at + 2);
                at += 2;
            } else if (Character.isWhitespace(c)
                    || c == ';'
                    || c == '|'
                    || c == '<'
                    || c == '('
                    || c == ')'
                    || (c == '&' && (at == start || script.charAt(at - 1) != '>') && !script.startsWith("&>", at))) {
                break;
            } else {
                text.append(c);
                at++;
            }
        }
        if (!quoted && text.toString().matches("[12&]?>{1,2}")) {
            // A redirection and its target are one word here.
            while (at < script.length() && script.charAt(at) == ' ') {
                at++;
            }
            int end = at;
            while (end < script.length() && !Character.isWhitespace(script.charAt(end)) && script.charAt(end) != ';') {
                end++;
            }
            text.append(script, at, end);
            at = end;
        }
        String word = text.toString();
        if (!quoted && word.matches("[12&]?>.*") && !word.matches("[12&]?>{1,2}(/dev/null|&[12])")) {
            throw new SyntaxError("only redirections to /dev/null are known to this lab's small shell");
        }
        tokens.add(new Word(word, quoted));
        return at;
    }

    private static final class Parser {
        private final List<Word> tokens;
        private int at;

        Parser(List<Word> tokens) {
            this.tokens = tokens;
        }

        void end() {
            @Nullable Word rest = peek();
            if (rest != null) {
                throw new SyntaxError("unexpected \"" + rest.text() + "\"");
            }
        }

        Node sequence() {
            List<Node> parts = new ArrayList<>();
            List<String> operators = new ArrayList<>();
            while (true) {
                parts.add(command());
                @Nullable Word next = peek();
                if (next == null || !operator(next)) {
                    break;
                }
                String operator = next.text();
                at++;
                while (operator.equals(";") && is(";")) {
                    at++;
                }
                @Nullable Word after = peek();
                if (after == null || (!after.quoted() && KEYWORDS.contains(after.text()))) {
                    if (!operator.equals(";")) {
                        throw new SyntaxError("a command is missing after \"" + operator + "\"");
                    }
                    break;
                }
                operators.add(operator);
            }
            return new Node.Sequence(parts, operators);
        }

        private Node command() {
            if (is("while") || is("until")) {
                boolean until = is("until");
                at++;
                Node condition = sequence();
                expect("do");
                while (is(";")) {
                    at++;
                }
                Node body = sequence();
                expect("done");
                return new Node.Loop(condition, until, body);
            }
            for (String other : List.of("for", "if", "case", "{", "function")) {
                if (is(other)) {
                    throw new SyntaxError("\"" + other + "\" is not known to this lab's small shell");
                }
            }
            List<Word> words = new ArrayList<>();
            while (true) {
                @Nullable Word word = peek();
                if (word == null || operator(word)) {
                    break;
                }
                words.add(word);
                at++;
            }
            if (words.isEmpty()) {
                @Nullable Word word = peek();
                throw new SyntaxError(word == null ? "a command is missing" : "unexpected \"" + word.text() + "\"");
            }
            return new Node.Simple(words);
        }

        private boolean is(String text) {
            @Nullable Word word = peek();
            return word != null && !word.quoted() && word.text().equals(text);
        }

        private void expect(String keyword) {
            if (!is(keyword)) {
                throw new SyntaxError("\"" + keyword + "\" was expected");
            }
            at++;
        }

        private static boolean operator(Word word) {
            return !word.quoted() && Set.of(";", "&&", "||").contains(word.text());
        }

        private @Nullable Word peek() {
            return at < tokens.size() ? tokens.get(at) : null;
        }
    }
}
