package dev.clusterlab.shell.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns words as written into words as meant: braces, variables, substitutions, splitting, names of files. Computes only:
 * what it needs of a running shell it asks its ports, in the order in which the parts of a word are written.
 *
 * <p>All methods throw {@link ExpansionException} for words that stand for nothing, such as a variable that must be set
 * and is not.
 *
 * @param <X> what {@link Substitutions} throw where a command's output cannot be had
 */
public final class WordExpansion<X extends Exception> {
    /** Most characters that one expansion may make. */
    public static final int LENGTH_MAX = 8_000_000;

    private static final Pattern RANGE = Pattern.compile("(.*?)\\{(-?\\d{1,9})\\.\\.(-?\\d{1,9})}(.*)");
    private static final Pattern CHOICE = Pattern.compile("([^{}]*+)\\{([^{}]*+)}(.*)");
    private static final int WORDS_MAX = 10_000;
    private static final int BRACES_MAX = 100;

    private final Parameters parameters;
    private final Substitutions<X> substitutions;
    private final Files files;

    public WordExpansion(Parameters parameters, Substitutions<X> substitutions, Files files) {
        this.parameters = parameters;
        this.substitutions = substitutions;
        this.files = files;
    }

    /** The variables of a running shell. Words such as {@code ${x:=…}} assign to them. */
    public interface Parameters {
        Optional<String> variable(String name);

        void assign(String name, String value);

        /** {@code $1}, {@code $2}, … */
        List<String> positional();

        /** {@code $0}. */
        String name();

        /** {@code $?}. */
        int status();

        /** Whether a variable that is not set ends the script ({@code set -u}). */
        boolean failOnUnset();
    }

    /** Runs commands for what they print. */
    @FunctionalInterface
    public interface Substitutions<X extends Exception> {
        /** What the command prints, without the new lines at its end. */
        String output(Syntax.Command command) throws X;
    }

    /** The files that patterns stand for. */
    @FunctionalInterface
    public interface Files {
        /** Names that match, in order; a pattern that matches none stands for itself. */
        List<String> matching(String pattern);
    }

    /** Gathers fields: quoted text stays together, expanded text is split at the characters of IFS. */
    private static final class Fields {
        private final FieldSplitter splitter;
        private final Files files;
        final List<String> done = new ArrayList<>();
        private final StringBuilder current = new StringBuilder();
        private final StringBuilder pattern = new StringBuilder();
        private boolean open;

        Fields(FieldSplitter splitter, Files files) {
            this.splitter = splitter;
            this.files = files;
        }

        void add(String text, boolean quoted) {
            append(current, text);
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
            List<String> matching = Glob.isPattern(pattern.toString()) ? files.matching(pattern.toString()) : List.of();
            done.addAll(matching.isEmpty() ? List.of(current.toString()) : matching);
            current.setLength(0);
            pattern.setLength(0);
            open = false;
        }
    }

    /** The words that one word becomes: none, one or several. */
    public List<String> fields(Syntax.Word word) throws X {
        Optional<String> plain = word.plain();
        if (plain.isPresent() && plain.get().contains("{")) {
            List<String> words = new ArrayList<>();
            braces(plain.get(), words, 0);
            return words;
        }
        Fields fields = new Fields(FieldSplitter.of(parameters.variable("IFS")), files);
        for (Syntax.Part part : word.parts()) {
            if (part instanceof Syntax.Variable variable
                    && variable.name().equals("@")
                    && variable.operator().isEmpty()) {
                List<String> values = parameters.positional();
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
            String text = text(part);
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
    private static void braces(String word, List<String> result, int depth) {
        if (depth > BRACES_MAX) {
            throw new ExpansionException("a word has more than " + BRACES_MAX + " braces");
        }
        if ((long) word.length() * result.size() > LENGTH_MAX) {
            throw tooLong();
        }
        if (result.size() > WORDS_MAX) {
            throw new ExpansionException("braces make more than " + WORDS_MAX + " words");
        }
        Matcher range = RANGE.matcher(word);
        if (range.matches()) {
            int from = Integer.parseInt(range.group(2));
            int to = Integer.parseInt(range.group(3));
            if (Math.abs((long) to - from) > WORDS_MAX) {
                throw new ExpansionException(word + ": more than " + WORDS_MAX + " words");
            }
            for (int i = from; from <= to ? i <= to : i >= to; i += from <= to ? 1 : -1) {
                braces(range.group(1) + i + range.group(4), result, depth + 1);
            }
            return;
        }
        Matcher choice = CHOICE.matcher(word);
        if (choice.matches() && choice.group(2).indexOf(',') >= 0) {
            for (String piece : choice.group(2).split(",", -1)) {
                braces(choice.group(1) + piece + choice.group(3), result, depth + 1);
            }
            return;
        }
        result.add(word);
    }

    /** The word as one text, not split. */
    public String text(Syntax.Word word) throws X {
        StringBuilder text = new StringBuilder();
        for (Syntax.Part part : word.parts()) {
            append(text, text(part));
        }
        return text.toString();
    }

    /** The word as a pattern: what was quoted stands for itself. */
    public String pattern(Syntax.Word word) throws X {
        StringBuilder pattern = new StringBuilder();
        for (Syntax.Part part : word.parts()) {
            String text = text(part);
            append(pattern, part.quoted() ? Glob.escape(text) : text);
        }
        return pattern.toString();
    }

    private static void append(StringBuilder text, String piece) {
        if (text.length() + piece.length() > LENGTH_MAX) {
            throw tooLong();
        }
        text.append(piece);
    }

    /** Ends the script: one that lets texts grow without end would go on doing so. */
    private static ExpansionException tooLong() {
        return ExpansionException.endingScript(
                "a word becomes longer than " + LENGTH_MAX / 1_000_000 + " million characters");
    }

    private String text(Syntax.Part part) throws X {
        return switch (part) {
            case Syntax.Literal literal -> literal.text();
            case Syntax.Substitution substitution -> substitutions.output(substitution.command());
            case Syntax.Arithmetic arithmetic ->
                String.valueOf(Arithmetic.evaluate(text(arithmetic.expression()), this::number, parameters::assign));
            case Syntax.Variable variable -> variable(variable);
        };
    }

    private long number(String name) {
        String value = value(name).orElse("0").strip();
        try {
            return value.isEmpty() ? 0 : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new ExpansionException(name + ": '" + value + "' is not a number");
        }
    }

    private Optional<String> value(String name) {
        List<String> positional = parameters.positional();
        return switch (name) {
            case "?" -> Optional.of(String.valueOf(parameters.status()));
            case "#" -> Optional.of(String.valueOf(positional.size()));
            case "@", "*" -> Optional.of(String.join(" ", positional));
            case "$" -> Optional.of("1");
            case "!" -> Optional.of("");
            case "0" -> Optional.of(parameters.name());
            default -> {
                if (name.isEmpty()) {
                    throw ExpansionException.endingScript("${}: bad substitution");
                }
                if (Character.isDigit(name.charAt(0))) {
                    // More digits than any number of parameters has.
                    int index = name.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(name);
                    if (index == 0) {
                        yield Optional.of(parameters.name());
                    }
                    yield index <= positional.size() ? Optional.of(positional.get(index - 1)) : Optional.empty();
                }
                yield parameters.variable(name);
            }
        };
    }

    private String variable(Syntax.Variable variable) throws X {
        Optional<String> value = value(variable.name());
        Syntax.Word word = variable.operand();
        if (word == null) {
            if (value.isEmpty() && parameters.failOnUnset()) {
                throw ExpansionException.endingScript(variable.name() + ": unbound variable");
            }
            String text = value.orElse("");
            return variable.operator().equals("length") ? String.valueOf(text.length()) : text;
        }
        boolean missing = variable.operator().startsWith(":")
                ? value.filter(text -> !text.isEmpty()).isEmpty()
                : value.isEmpty();
        switch (variable.operator()) {
            case ":-", "-" -> {
                return missing ? text(word) : value.orElse("");
            }
            case ":+", "+" -> {
                return missing ? "" : text(word);
            }
            case ":=", "=" -> {
                if (missing) {
                    String text = text(word);
                    parameters.assign(variable.name(), text);
                    return text;
                }
                return value.orElse("");
            }
            case ":?", "?" -> {
                if (missing) {
                    String message = text(word);
                    throw ExpansionException.endingScript(
                            variable.name() + ": " + (message.isEmpty() ? "parameter null or not set" : message));
                }
                return value.orElse("");
            }
            default -> {
                return Glob.trim(value.orElse(""), variable.operator(), pattern(word));
            }
        }
    }
}
