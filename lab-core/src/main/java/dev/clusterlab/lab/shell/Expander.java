package dev.clusterlab.lab.shell;

import dev.clusterlab.shell.language.Arithmetic;
import dev.clusterlab.shell.language.ExpressionException;
import dev.clusterlab.shell.language.FieldSplitter;
import dev.clusterlab.shell.language.Glob;
import dev.clusterlab.shell.language.Syntax;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns words as written into words as meant: variables, substitutions, splitting. */
final class Expander {
    private static final Pattern RANGE = Pattern.compile("(.*?)\\{(-?\\d{1,9})\\.\\.(-?\\d{1,9})}(.*)");
    private static final Pattern CHOICE = Pattern.compile("([^{}]*)\\{([^{}]*,[^{}]*)}(.*)");
    private static final int WORDS_MAX = 10_000;

    private final ShellState state;
    private final Interpreter interpreter;

    Expander(ShellState state, Interpreter interpreter) {
        this.state = state;
        this.interpreter = interpreter;
    }

    /** Gathers fields: quoted text stays together, expanded text is split at the characters of IFS. */
    private static final class Fields {
        private final FieldSplitter splitter;
        private final Collection<String> files;
        final List<String> done = new ArrayList<>();
        private final StringBuilder current = new StringBuilder();
        private final StringBuilder pattern = new StringBuilder();
        private boolean open;

        Fields(FieldSplitter splitter, Collection<String> files) {
            this.splitter = splitter;
            this.files = files;
        }

        void add(String text, boolean quoted) {
            current.append(text);
            pattern.append(quoted ? Glob.escape(text) : text);
            open = true;
        }

        void split(String text) {
            splitter.split(text, open, piece -> add(piece, false), this::next);
        }

        void next() {
            if (!open) {
                return;
            }
            // What matches no file stands for itself, as in every shell.
            List<String> matching = Glob.isPattern(pattern.toString())
                    ? files.stream()
                            .filter(name -> Glob.matches(pattern.toString(), name))
                            .toList()
                    : List.of();
            done.addAll(matching.isEmpty() ? List.of(current.toString()) : matching);
            current.setLength(0);
            pattern.setLength(0);
            open = false;
        }
    }

    /** The words that one word becomes. */
    List<String> fields(Syntax.Word word, Streams streams) throws InterruptedException {
        Optional<String> plain = word.plain();
        if (plain.isPresent() && plain.get().contains("{")) {
            List<String> words = new ArrayList<>();
            braces(plain.get(), words);
            return words;
        }
        Fields fields = new Fields(
                FieldSplitter.of(state.variable("IFS")), state.files().keySet());
        for (Syntax.Part part : word.parts()) {
            if (part instanceof Syntax.Variable variable
                    && variable.name().equals("@")
                    && variable.operator().isEmpty()) {
                List<String> values = state.positional();
                for (int i = 0; i < values.size(); i++) {
                    if (i > 0) {
                        fields.next();
                    }
                    if (variable.quoted()) {
                        fields.add(values.get(i), true);
                    } else {
                        fields.split(values.get(i));
                    }
                }
                continue;
            }
            String text = text(part, streams);
            if (part.quoted() || part instanceof Syntax.Literal) {
                fields.add(text, part.quoted());
            } else {
                fields.split(text);
            }
        }
        fields.next();
        return fields.done;
    }

    /** {@code {1..3}} and {@code {a,b}} in a plain word. */
    private static void braces(String word, List<String> result) {
        if (result.size() > WORDS_MAX) {
            throw new ShellFailure(1, "braces make more than " + WORDS_MAX + " words");
        }
        Matcher range = RANGE.matcher(word);
        if (range.matches()) {
            int from = Integer.parseInt(range.group(2));
            int to = Integer.parseInt(range.group(3));
            if (Math.abs((long) to - from) > WORDS_MAX) {
                throw new ShellFailure(1, word + ": more than " + WORDS_MAX + " words");
            }
            for (int i = from; from <= to ? i <= to : i >= to; i += from <= to ? 1 : -1) {
                braces(range.group(1) + i + range.group(4), result);
            }
            return;
        }
        Matcher choice = CHOICE.matcher(word);
        if (choice.matches()) {
            for (String piece : choice.group(2).split(",", -1)) {
                braces(choice.group(1) + piece + choice.group(3), result);
            }
            return;
        }
        result.add(word);
    }

    /** The word as one text, not split. */
    String text(Syntax.Word word, Streams streams) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (Syntax.Part part : word.parts()) {
            text.append(text(part, streams));
        }
        return text.toString();
    }

    /** The word as a pattern: what was quoted stands for itself. */
    String pattern(Syntax.Word word, Streams streams) throws InterruptedException {
        StringBuilder pattern = new StringBuilder();
        for (Syntax.Part part : word.parts()) {
            String text = text(part, streams);
            pattern.append(part.quoted() ? Glob.escape(text) : text);
        }
        return pattern.toString();
    }

    private String text(Syntax.Part part, Streams streams) throws InterruptedException {
        return switch (part) {
            case Syntax.Literal literal -> literal.text();
            case Syntax.Substitution substitution -> interpreter.substitute(substitution.command(), streams);
            case Syntax.Arithmetic arithmetic -> String.valueOf(evaluate(text(arithmetic.expression(), streams)));
            case Syntax.Variable variable -> variable(variable, streams);
        };
    }

    private long evaluate(String expression) {
        try {
            return Arithmetic.evaluate(expression, this::number, state::assign);
        } catch (ExpressionException e) {
            throw new ShellFailure(1, e.text());
        }
    }

    private long number(String name) {
        String value = value(name).orElse("0").strip();
        try {
            return value.isEmpty() ? 0 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new ShellFailure(1, name + ": '" + value + "' is not a number");
        }
    }

    private Optional<String> value(String name) {
        List<String> positional = state.positional();
        return switch (name) {
            case "?" -> Optional.of(String.valueOf(state.status));
            case "#" -> Optional.of(String.valueOf(positional.size()));
            case "@", "*" -> Optional.of(String.join(" ", positional));
            case "$" -> Optional.of("1");
            case "!" -> Optional.of("");
            case "0" -> Optional.of("clusterlab");
            default -> {
                if (Character.isDigit(name.charAt(0))) {
                    int index = Integer.parseInt(name);
                    yield index <= positional.size() ? Optional.of(positional.get(index - 1)) : Optional.empty();
                }
                yield state.variable(name);
            }
        };
    }

    private String variable(Syntax.Variable variable, Streams streams) throws InterruptedException {
        Optional<String> value = value(variable.name());
        Syntax.Word word = variable.operand();
        if (word == null) {
            if (value.isEmpty() && state.failOnUnset) {
                throw ShellFailure.unset(variable.name() + ": unbound variable");
            }
            String text = value.orElse("");
            return variable.operator().equals("length") ? String.valueOf(text.length()) : text;
        }
        boolean missing = variable.operator().startsWith(":")
                ? value.filter(text -> !text.isEmpty()).isEmpty()
                : value.isEmpty();
        switch (variable.operator()) {
            case ":-", "-" -> {
                return missing ? text(word, streams) : value.orElse("");
            }
            case ":+", "+" -> {
                return missing ? "" : text(word, streams);
            }
            case ":=", "=" -> {
                if (missing) {
                    String text = text(word, streams);
                    state.assign(variable.name(), text);
                    return text;
                }
                return value.orElse("");
            }
            case ":?", "?" -> {
                if (missing) {
                    String message = text(word, streams);
                    throw ShellFailure.unset(
                            variable.name() + ": " + (message.isEmpty() ? "parameter null or not set" : message));
                }
                return value.orElse("");
            }
            default -> {
                return Glob.trim(value.orElse(""), variable.operator(), pattern(word, streams));
            }
        }
    }
}
