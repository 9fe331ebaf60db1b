package dev.clusterlab.shell.language;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What {@code test} and {@code [ ]} decide. */
public final class TestExpression {
    private static final Set<String> BINARY =
            Set.of("=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">");
    private static final int DEPTH_MAX = 1_000;

    private final List<String> words;
    private final Function<String, Optional<String>> files;
    private int at;
    private int depth;

    private TestExpression(List<String> words, Function<String, Optional<String>> files) {
        this.words = words;
        this.files = files;
    }

    /**
     * @param words what stands between the brackets
     * @param files what a file holds, by name
     * @throws ExpansionException if the words are no expression
     */
    public static boolean evaluate(List<String> words, Function<String, Optional<String>> files) {
        if (words.isEmpty()) {
            return false;
        }
        TestExpression expression = new TestExpression(words, files);
        boolean result = expression.either();
        if (expression.at < words.size()) {
            throw new ExpansionException("unexpected '" + words.get(expression.at) + "'");
        }
        return result;
    }

    private boolean either() {
        boolean result = both();
        while (at < words.size() && words.get(at).equals("-o")) {
            at++;
            result |= both();
        }
        return result;
    }

    private boolean both() {
        boolean result = one();
        while (at < words.size() && words.get(at).equals("-a")) {
            at++;
            result &= one();
        }
        return result;
    }

    private boolean one() {
        if (at >= words.size()) {
            throw new ExpansionException("an operand is missing");
        }
        String word = words.get(at);
        if (at + 2 < words.size() && BINARY.contains(words.get(at + 1))) {
            String operator = words.get(at + 1);
            String right = words.get(at + 2);
            at += 3;
            return compare(word, operator, right);
        }
        if (word.equals("!") && at + 1 < words.size()) {
            if (++depth > DEPTH_MAX) {
                throw new ExpansionException("more than " + DEPTH_MAX + " negations");
            }
            at++;
            return !one();
        }
        if (word.length() == 2
                && word.startsWith("-")
                && "nzefsdr".indexOf(word.charAt(1)) >= 0
                && at + 1 < words.size()) {
            String operand = words.get(at + 1);
            at += 2;
            return switch (word) {
                case "-n" -> !operand.isEmpty();
                case "-z" -> operand.isEmpty();
                case "-s" ->
                    files.apply(operand).filter(text -> !text.isEmpty()).isPresent();
                case "-d" -> false;
                default -> files.apply(operand).isPresent();
            };
        }
        at++;
        return !word.isEmpty();
    }

    private static boolean compare(String left, String operator, String right) {
        return switch (operator) {
            case "=", "==" -> left.equals(right);
            case "!=" -> !left.equals(right);
            case "<" -> left.compareTo(right) < 0;
            case ">" -> left.compareTo(right) > 0;
            default -> {
                int order = Long.compare(number(left), number(right));
                yield switch (operator) {
                    case "-eq" -> order == 0;
                    case "-ne" -> order != 0;
                    case "-lt" -> order < 0;
                    case "-le" -> order <= 0;
                    case "-gt" -> order > 0;
                    default -> order >= 0;
                };
            }
        };
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ExpansionException(text + ": a whole number is needed");
        }
    }
}
