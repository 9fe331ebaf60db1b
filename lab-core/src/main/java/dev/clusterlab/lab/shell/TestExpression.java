package dev.clusterlab.lab.shell;

import java.util.List;

/** What {@code test} and {@code [ ]} decide. */
final class TestExpression {
    private final Invocation call;
    private final List<String> words;
    private int at;

    TestExpression(Invocation call) {
        this.call = call;
        this.words = call.arguments();
    }

    boolean evaluate() {
        if (words.isEmpty()) {
            return false;
        }
        boolean result = either();
        if (at < words.size()) {
            throw call.failure(2, "unexpected '" + words.get(at) + "'");
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
            throw call.failure(2, "an operand is missing");
        }
        String word = words.get(at);
        boolean binary = at + 2 < words.size() && isBinary(words.get(at + 1));
        if (binary) {
            String operator = words.get(at + 1);
            String right = words.get(at + 2);
            at += 3;
            return compare(word, operator, right);
        }
        if (word.equals("!") && at + 1 < words.size()) {
            at++;
            return !one();
        }
        if (word.matches("-[nzefsdr]") && at + 1 < words.size()) {
            String operand = words.get(at + 1);
            at += 2;
            return switch (word) {
                case "-n" -> !operand.isEmpty();
                case "-z" -> operand.isEmpty();
                case "-s" ->
                    call.state().read(operand).filter(text -> !text.isEmpty()).isPresent();
                case "-d" -> false;
                default -> call.state().read(operand).isPresent();
            };
        }
        at++;
        return !word.isEmpty();
    }

    private static boolean isBinary(String word) {
        return List.of("=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">")
                .contains(word);
    }

    private boolean compare(String left, String operator, String right) {
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

    private long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw call.failure(2, text + ": a whole number is needed");
        }
    }
}
