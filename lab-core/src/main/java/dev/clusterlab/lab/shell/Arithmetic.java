package dev.clusterlab.lab.shell;

import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/** Whole-number expressions of {@code $((…))}: {@code + - * / % ( )}, comparisons, {@code && || !}, {@code ? :}. */
final class Arithmetic {
    private final String text;
    private final ToLongFunction<String> variables;
    private int at;

    private Arithmetic(String text, ToLongFunction<String> variables) {
        this.text = text;
        this.variables = variables;
    }

    static long evaluate(String text, ToLongFunction<String> variables, BiConsumer<String, String> assign) {
        java.util.regex.Matcher assignment = java.util.regex.Pattern.compile(
                        "\\s*([A-Za-z_]\\w*)\\s*([-+*/%]?)=(?!=)(.*)", java.util.regex.Pattern.DOTALL)
                .matcher(text);
        if (assignment.matches()) {
            long value = evaluate(assignment.group(3), variables, assign);
            if (!assignment.group(2).isEmpty()) {
                value = new Arithmetic(text, variables)
                        .operate(assignment.group(2), variables.applyAsLong(assignment.group(1)), value);
            }
            assign.accept(assignment.group(1), String.valueOf(value));
            return value;
        }
        Arithmetic arithmetic = new Arithmetic(text, variables);
        arithmetic.skip();
        if (arithmetic.at == text.length()) {
            return 0;
        }
        long value = arithmetic.choice();
        if (arithmetic.at < text.length()) {
            throw arithmetic.error();
        }
        return value;
    }

    private long choice() {
        long condition = binary(0);
        if (!take("?")) {
            return condition;
        }
        long yes = choice();
        if (!take(":")) {
            throw error();
        }
        long no = choice();
        return condition != 0 ? yes : no;
    }

    private static final String[][] LEVELS = {
        {"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}
    };

    private long binary(int level) {
        if (level == LEVELS.length) {
            return unary();
        }
        long left = binary(level + 1);
        while (true) {
            String operator = "";
            for (String candidate : LEVELS[level]) {
                if (take(candidate)) {
                    operator = candidate;
                    break;
                }
            }
            if (operator.isEmpty()) {
                return left;
            }
            left = operate(operator, left, binary(level + 1));
        }
    }

    private long operate(String operator, long left, long right) {
        if (right == 0 && (operator.equals("/") || operator.equals("%"))) {
            throw new ShellFailure(1, text.strip() + ": division by 0");
        }
        return switch (operator) {
            case "||" -> left != 0 || right != 0 ? 1 : 0;
            case "&&" -> left != 0 && right != 0 ? 1 : 0;
            case "==" -> left == right ? 1 : 0;
            case "!=" -> left != right ? 1 : 0;
            case "<=" -> left <= right ? 1 : 0;
            case ">=" -> left >= right ? 1 : 0;
            case "<" -> left < right ? 1 : 0;
            case ">" -> left > right ? 1 : 0;
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "%" -> left % right;
            default -> throw error();
        };
    }

    private long unary() {
        if (take("!")) {
            return unary() == 0 ? 1 : 0;
        }
        if (take("-")) {
            return -unary();
        }
        if (take("+")) {
            return unary();
        }
        if (take("(")) {
            long value = choice();
            if (!take(")")) {
                throw error();
            }
            return value;
        }
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String token = text.substring(start, at);
        if (token.isEmpty()) {
            throw error();
        }
        skip();
        if (!Character.isDigit(token.charAt(0))) {
            return variables.applyAsLong(token);
        }
        try {
            return Long.parseLong(token);
        } catch (NumberFormatException e) {
            throw error();
        }
    }

    private boolean take(String token) {
        skip();
        if (!text.startsWith(token, at)) {
            return false;
        }
        at += token.length();
        skip();
        return true;
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private ShellFailure error() {
        return new ShellFailure(
                1,
                "$((" + text.strip() + ")): not a whole-number expression"
                        + (at < text.length() ? " at '" + text.substring(at) + "'" : ""));
    }
}
