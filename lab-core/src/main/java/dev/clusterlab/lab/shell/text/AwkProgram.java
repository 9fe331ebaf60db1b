package dev.clusterlab.lab.shell.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.Streams;
import dev.clusterlab.shell.language.Escapes;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code awk}, a small part: patterns ({@code /re/}, comparisons, {@code NR>1}, BEGIN, END), {@code print},
 * {@code printf}, assignments, {@code +=}, {@code ++}, fields, arithmetic, comparison, concatenation.
 */
final class AwkProgram {
    private static final Pattern TOKEN = Pattern.compile(
            "(\\d+(?:\\.\\d+)?|[A-Za-z_]\\w*|\\+\\+|--|\\+=|-=|==|!=|<=|>=|&&|\\|\\||!~|[-+*/%<>!~=(),;{}$?:]|\\[|])");

    /** Deepest nesting of parentheses, signs and assignments. */
    private static final int DEPTH_MAX = 200;

    private static final Pattern FORMAT = Pattern.compile("%(-?\\d{0,4}(?:\\.\\d{1,4})?)([sdf%])");

    private record Rule(List<String> pattern, List<String> action) {}

    private final Invocation call;
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, String> variables = new TreeMap<>();
    private final Map<String, TextPattern> patterns = new LinkedHashMap<>();
    private final Map<String, TextPattern> separators = new LinkedHashMap<>();
    private List<String> fields = List.of();
    private String record = "";

    private AwkProgram(Invocation call) {
        this.call = call;
    }

    static int run(Invocation call) {
        List<String> words = new ArrayList<>(call.arguments());
        AwkProgram awk = new AwkProgram(call);
        while (!words.isEmpty() && words.getFirst().startsWith("-")) {
            String word = words.removeFirst();
            if (!word.startsWith("-F") && !word.startsWith("-v")) {
                throw call.failure(2, word + ": unknown option, there are -F and -v");
            }
            String value = word.length() > 2 ? word.substring(2) : words.isEmpty() ? "" : words.removeFirst();
            if (word.startsWith("-F")) {
                awk.variables.put("FS", Escapes.replaced(value));
            } else {
                int equal = value.indexOf('=');
                awk.variables.put(value.substring(0, Math.max(0, equal)), Escapes.replaced(value.substring(equal + 1)));
            }
        }
        if (words.isEmpty()) {
            throw call.failure(2, "a program is missing, such as '{print $1}'");
        }
        awk.parse(words.removeFirst());
        awk.process(call.read(words));
        return 0;
    }

    // ---- reading the program

    private List<String> tokens(String source) {
        List<String> result = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(source);
        int at = 0;
        while (at < source.length()) {
            int next = at;
            while (next < source.length() && Character.isWhitespace(source.charAt(next))) {
                if (source.charAt(next) == '\n') {
                    result.add(";");
                }
                next++;
            }
            if (next == source.length()) {
                break;
            }
            String before = result.isEmpty() ? "{" : result.getLast();
            boolean operand = before.matches("[A-Za-z_]\\w*|\\d.*|\".*|\\)|]") && !before.equals("print");
            if (source.charAt(next) == '/' && !operand) {
                int stop = closing(source, next, "the regular expression");
                result.add(source.substring(next, stop));
                at = stop + 1;
                continue;
            }
            if (source.charAt(next) == '"') {
                int stop = closing(source, next, "the text");
                result.add(source.substring(next, stop + 1));
                at = stop + 1;
                continue;
            }
            if (!matcher.find(next) || matcher.start() != next) {
                throw call.failure(2, "unexpected '" + source.substring(next) + "'");
            }
            result.add(matcher.group(1));
            at = matcher.end();
        }
        return result;
    }

    /** Where what is opened here is closed by the same character. */
    private int closing(String source, int open, String what) {
        int stop = open + 1;
        while (stop < source.length() && source.charAt(stop) != source.charAt(open)) {
            stop += source.charAt(stop) == '\\' ? 2 : 1;
        }
        if (stop >= source.length()) {
            throw call.failure(2, what + " is not closed by '" + source.charAt(open) + "'");
        }
        return stop;
    }

    private void parse(String source) {
        List<String> all = tokens(source);
        int at = 0;
        while (at < all.size()) {
            if (all.get(at).equals(";")) {
                at++;
                continue;
            }
            int open = at;
            while (open < all.size()
                    && !all.get(open).equals("{")
                    && !all.get(open).equals(";")) {
                open++;
            }
            List<String> pattern = all.subList(at, open);
            if (open == all.size() || all.get(open).equals(";")) {
                rules.add(new Rule(pattern, List.of("print")));
                at = open + 1;
                continue;
            }
            int level = 0;
            int close = open;
            do {
                if (close == all.size()) {
                    throw call.failure(2, "'{' is not closed by '}'");
                }
                level += all.get(close).equals("{") ? 1 : all.get(close).equals("}") ? -1 : 0;
                close++;
            } while (level > 0);
            rules.add(new Rule(pattern, all.subList(open + 1, close - 1)));
            at = close;
        }
    }

    // ---- running

    private void process(String text) {
        apply("BEGIN");
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            record = line;
            fields = fields(line, variables.getOrDefault("FS", " "));
            variables.put("NR", String.valueOf(number));
            variables.put("NF", String.valueOf(fields.size()));
            for (Rule rule : rules) {
                boolean special = rule.pattern().equals(List.of("BEGIN"))
                        || rule.pattern().equals(List.of("END"));
                if (!special && (rule.pattern().isEmpty() || truth(new Expression(rule.pattern()).whole()))) {
                    run(rule.action());
                }
            }
        }
        apply("END");
    }

    private List<String> fields(String line, String separator) {
        if (separator.equals(" ")) {
            return line.isBlank() ? List.of() : List.of(line.strip().split("\\s+"));
        }
        if (line.isEmpty()) {
            return List.of();
        }
        TextPattern pattern = separators.computeIfAbsent(
                separator,
                text -> Regex.compile(
                        call,
                        separator.length() == 1 ? Regex.quoted(separator) : separator,
                        separator.length() > 1,
                        false));
        List<String> result = new ArrayList<>();
        int from = 0;
        for (TextPattern.Found found : pattern.all(line, Integer.MAX_VALUE)) {
            if (found.end() > found.start()) {
                result.add(line.substring(from, found.start()));
                from = found.end();
            }
        }
        result.add(line.substring(from));
        return result;
    }

    private void apply(String name) {
        for (Rule rule : rules) {
            if (rule.pattern().equals(List.of(name))) {
                run(rule.action());
            }
        }
    }

    private void run(List<String> action) {
        int from = 0;
        for (int i = 0; i <= action.size(); i++) {
            if (i == action.size() || action.get(i).equals(";")) {
                if (i > from) {
                    statement(action.subList(from, i));
                }
                from = i + 1;
            }
        }
    }

    private void statement(List<String> tokens) {
        String first = tokens.getFirst();
        List<String> rest = tokens.subList(1, tokens.size());
        if (first.equals("print") || first.equals("printf")) {
            List<String> values = new ArrayList<>();
            if (!rest.isEmpty()) {
                Expression expression = new Expression(rest);
                values.add(expression.value());
                while (expression.take(",")) {
                    values.add(expression.value());
                }
                expression.end();
            }
            if (first.equals("print")) {
                call.line(values.isEmpty() ? record : String.join(variables.getOrDefault("OFS", " "), values));
            } else {
                format(values);
            }
            return;
        }
        if (first.matches("if|for|while|function|next|getline|delete")) {
            throw call.failure(
                    2,
                    "'" + first + "' is not supported by this awk; it has patterns, print, printf and"
                            + " assignments");
        }
        new Expression(tokens).whole();
    }

    private void format(List<String> values) {
        if (values.isEmpty()) {
            throw call.failure(2, "printf needs a format");
        }
        int used = 1;
        StringBuilder text = new StringBuilder();
        Matcher matcher = FORMAT.matcher(values.getFirst());
        while (matcher.find()) {
            String piece;
            if (matcher.group(2).equals("%")) {
                piece = "%";
            } else {
                String value = used < values.size() ? values.get(used) : "";
                used++;
                piece = formatted("%" + matcher.group(1) + matcher.group(2), value);
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(piece));
        }
        call.out(matcher.appendTail(text).toString());
    }

    private String formatted(String format, String value) {
        try {
            return switch (format.charAt(format.length() - 1)) {
                case 'd' -> String.format(Locale.ROOT, format, (long) TextFilters.leadingNumber(value));
                case 'f' -> String.format(Locale.ROOT, format, TextFilters.leadingNumber(value));
                default -> String.format(Locale.ROOT, format, value);
            };
        } catch (IllegalFormatException e) {
            throw call.failure(2, "printf: " + format + ": invalid format");
        }
    }

    private static boolean truth(String value) {
        return !value.isEmpty() && !(value.matches("-?\\d+(\\.\\d+)?") && Double.parseDouble(value) == 0);
    }

    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : java.math.BigDecimal.valueOf(value)
                        .round(new java.math.MathContext(6))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static String bool(boolean value) {
        return value ? "1" : "0";
    }

    /** Reads and computes at once, by recursive descent. */
    private final class Expression {
        private final List<String> tokens;
        private int at;
        private int depth;

        Expression(List<String> tokens) {
            this.tokens = tokens;
        }

        String whole() {
            String value = value();
            end();
            return value;
        }

        void end() {
            if (at < tokens.size()) {
                throw call.failure(2, "unexpected '" + tokens.get(at) + "'");
            }
        }

        boolean take(String token) {
            if (at < tokens.size() && tokens.get(at).equals(token)) {
                at++;
                return true;
            }
            return false;
        }

        private String peek() {
            return at < tokens.size() ? tokens.get(at) : "";
        }

        private void deeper() {
            if (++depth > DEPTH_MAX) {
                throw call.failure(2, "the expression is nested more than " + DEPTH_MAX + " deep");
            }
        }

        String value() {
            deeper();
            String value = assignment();
            depth--;
            return value;
        }

        private String assignment() {
            if (peek().matches("[A-Za-z_]\\w*") && at + 1 < tokens.size()) {
                String name = peek();
                String operator = tokens.get(at + 1);
                if (operator.equals("=")) {
                    at += 2;
                    String value = value();
                    variables.put(name, value);
                    return value;
                }
                if (operator.equals("+=") || operator.equals("-=")) {
                    at += 2;
                    double change = TextFilters.leadingNumber(value());
                    return change(name, operator.equals("+=") ? change : -change);
                }
                if (operator.equals("++") || operator.equals("--")) {
                    at += 2;
                    return change(name, operator.equals("++") ? 1 : -1);
                }
            }
            return either();
        }

        private String change(String name, double by) {
            String value = number(TextFilters.leadingNumber(variables.getOrDefault(name, "0")) + by);
            variables.put(name, value);
            return value;
        }

        private String either() {
            String value = both();
            while (take("||")) {
                String other = both();
                value = bool(truth(value) || truth(other));
            }
            return value;
        }

        private String both() {
            String value = comparison();
            while (take("&&")) {
                String other = comparison();
                value = bool(truth(value) && truth(other));
            }
            return value;
        }

        private String comparison() {
            String left = joined();
            String operator = peek();
            if (operator.equals("~") || operator.equals("!~")) {
                at++;
                String pattern = peek().startsWith("/") ? tokens.get(at++).substring(1) : joined();
                return bool(pattern(pattern).find(left) == operator.equals("~"));
            }
            if (!List.of("==", "!=", "<", ">", "<=", ">=").contains(operator)) {
                return left;
            }
            at++;
            String right = joined();
            boolean numbers = left.matches("-?\\d+(\\.\\d+)?") && right.matches("-?\\d+(\\.\\d+)?");
            int order = numbers
                    ? Double.compare(Double.parseDouble(left), Double.parseDouble(right))
                    : left.compareTo(right);
            return bool(
                    switch (operator) {
                        case "==" -> order == 0;
                        case "!=" -> order != 0;
                        case "<" -> order < 0;
                        case ">" -> order > 0;
                        case "<=" -> order <= 0;
                        default -> order >= 0;
                    });
        }

        private String joined() {
            StringBuilder value = new StringBuilder(sum());
            while (peek().matches("\".*|[$(]|[A-Za-z_]\\w*|\\d.*")) {
                value.append(sum());
                if (value.length() > Streams.TEXT_MAX) {
                    throw call.failure(
                            2, "a text becomes longer than " + Streams.TEXT_MAX / 1_000_000 + " million characters");
                }
            }
            return value.toString();
        }

        private String sum() {
            String value = product();
            while (peek().equals("+") || peek().equals("-")) {
                boolean plus = tokens.get(at++).equals("+");
                double right = TextFilters.leadingNumber(product());
                value = number(TextFilters.leadingNumber(value) + (plus ? right : -right));
            }
            return value;
        }

        private String product() {
            String value = operand();
            while (List.of("*", "/", "%").contains(peek())) {
                String operator = tokens.get(at++);
                double left = TextFilters.leadingNumber(value);
                double right = TextFilters.leadingNumber(operand());
                if (right == 0 && !operator.equals("*")) {
                    throw call.failure(2, "division by zero");
                }
                value = number(
                        operator.equals("*") ? left * right : operator.equals("/") ? left / right : left % right);
            }
            return value;
        }

        private void refuseArrays() {
            if (peek().equals("[")) {
                throw call.failure(2, "arrays are not supported by this awk; sort and uniq -c count");
            }
        }

        private String operand() {
            deeper();
            String value = single();
            depth--;
            return value;
        }

        private String single() {
            if (at >= tokens.size()) {
                throw call.failure(2, "a value is missing");
            }
            String token = tokens.get(at++);
            if (token.startsWith("\"")) {
                return Escapes.replaced(token.substring(1, token.length() - 1).replace("\\\"", "\""));
            }
            if (token.startsWith("/")) {
                return bool(pattern(token.substring(1)).find(record));
            }
            if (token.equals("$")) {
                int index = (int) TextFilters.leadingNumber(operand());
                return index == 0 ? record : index > 0 && index <= fields.size() ? fields.get(index - 1) : "";
            }
            if (token.equals("!")) {
                return bool(!truth(operand()));
            }
            if (token.equals("-")) {
                return number(-TextFilters.leadingNumber(operand()));
            }
            if (token.equals("(")) {
                String value = value();
                if (!take(")")) {
                    throw call.failure(2, "')' is missing");
                }
                return value;
            }
            if (token.matches("\\d.*")) {
                return token;
            }
            if (!token.matches("[A-Za-z_]\\w*")) {
                throw call.failure(2, "unexpected '" + token + "'");
            }
            refuseArrays();
            if (peek().equals("(")) {
                return function(token);
            }
            return variables.getOrDefault(token, "");
        }

        private String function(String name) {
            at++;
            List<String> values = new ArrayList<>();
            while (!take(")")) {
                values.add(value());
                if (!take(",") && !peek().equals(")")) {
                    throw call.failure(2, "')' is missing");
                }
            }
            String first = values.isEmpty() ? record : values.getFirst();
            return switch (name) {
                case "length" -> String.valueOf(first.length());
                case "toupper" -> first.toUpperCase(Locale.ROOT);
                case "tolower" -> first.toLowerCase(Locale.ROOT);
                case "int" -> String.valueOf((long) TextFilters.leadingNumber(first));
                case "substr" -> {
                    int from = values.size() > 1 ? (int) TextFilters.leadingNumber(values.get(1)) : 1;
                    int length = values.size() > 2 ? (int) TextFilters.leadingNumber(values.get(2)) : first.length();
                    int start = Math.min(Math.max(0, from - 1), first.length());
                    yield first.substring(start, Math.max(start, Math.min(first.length(), from - 1 + length)));
                }
                default -> throw call.failure(2, "the function " + name + " is not known");
            };
        }

        private TextPattern pattern(String source) {
            return patterns.computeIfAbsent(source, text -> Regex.compile(call, text.replace("\\/", "/"), true, false));
        }
    }
}
