package dev.clusterlab.shell.language;

import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/** Whole-number expressions of {@code $((…))}: {@code + - * / % ( )}, comparisons, {@code && || !}, {@code ? :}. */
public final class Arithmetic {
    private static final int DEPTH_MAX = 100;

    private final String text;
    private final ToLongFunction<String> variables;
    private final BiConsumer<String, String> assign;
    private int at;
    private int depth;

    private Arithmetic(String text, ToLongFunction<String> variables, BiConsumer<String, String> assign) {
        this.text = text;
        this.variables = variables;
        this.assign = assign;
    }

    /**
     * @param variables the number that a variable holds
     * @throws ExpansionException if the text is no expression, or divides by 0
     */
    public static long evaluate(String text, ToLongFunction<String> variables, BiConsumer<String, String> assign) {
        java.util.regex.Matcher assignment = java.util.regex.Pattern.compile(
                        "\\s*([A-Za-z_]\\w*)\\s*([-+*/%]?)=(?!=)(.*)", java.util.regex.Pattern.DOTALL)
                .matcher(text);
        if (assignment.matches()) {
            long value = evaluate(assignment.group(3), variables, assign);
            if (!assignment.group(2).isEmpty()) {
                value = new Arithmetic(text, variables, assign)
                        .operate(assignment.group(2), variables.applyAsLong(assignment.group(1)), value);
            }
            assign.accept(assignment.group(1), String.valueOf(value));
            return value;
        }
        Arithmetic arithmetic = new Arithmetic(text, variables, assign);
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
            throw new ExpansionException(text.strip() + ": division by 0");
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
        if (++depth > DEPTH_MAX) {
            throw new ExpansionException("the arithmetic is nested more than " + DEPTH_MAX + " deep");
        }
        try {
            return operand();
        } finally {
            depth--;
        }
    }

    private long operand() {
        for (String step : new String[] {"++", "--"}) {
            int before = at;
            if (take(step)) {
                String name = token();
                if (!name.isEmpty() && !Character.isDigit(name.charAt(0))) {
                    long value = variables.applyAsLong(name) + (step.equals("++") ? 1 : -1);
                    assign.accept(name, String.valueOf(value));
                    return value;
                }
                at = before;
            }
        }
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
        String token = token();
        if (token.isEmpty()) {
            throw error();
        }
        if (!Character.isDigit(token.charAt(0))) {
            long value = variables.applyAsLong(token);
            if (take("++")) {
                assign.accept(token, String.valueOf(value + 1));
            } else if (take("--")) {
                assign.accept(token, String.valueOf(value - 1));
            }
            return value;
        }
        try {
            return Long.parseLong(token);
        } catch (NumberFormatException e) {
            throw error();
        }
    }

    private String token() {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String token = text.substring(start, at);
        skip();
        return token;
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

    private ExpansionException error() {
        return new ExpansionException("$((" + text.strip() + ")): not a whole-number expression"
                + (at < text.length() ? " at '" + text.substring(at) + "'" : ""));
    }
}
