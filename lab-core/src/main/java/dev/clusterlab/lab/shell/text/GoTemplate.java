package dev.clusterlab.lab.shell.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.shell.Words;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The templates of {@code --format}, as far as people use them there: fields, {@code json}, {@code range}, {@code if},
 * {@code with}, variables, pipes, {@code index}, {@code len}, {@code join}, {@code printf} and comparisons.
 */
public final class GoTemplate {
    private static final Pattern ACTION = Pattern.compile("\\{\\{(-\\s)?(.*?)(\\s-)?}}", Pattern.DOTALL);
    private static final Pattern FORMAT = Pattern.compile("%(-?[0-9]{0,4}(?:\\.[0-9]{0,4})?)([sdvqxt%])");
    private static final Pattern RANGE =
            Pattern.compile("(?:\\$(\\w+)\\s*(?:,\\s*\\$(\\w+)\\s*)?:=)?(.*)", Pattern.DOTALL);

    /** Deepest nesting of blocks, of an {@code else if} after another, and of parentheses. */
    static final int DEPTH_MAX = 200;

    /** Most actions and texts that are carried out for one value. */
    static final int STEPS_MAX = 1_000_000;

    /** Longest text that comes out, in characters. */
    static final int LENGTH_MAX = 8_000_000;

    private static final int WIDTH_MAX = 9_999;

    /** A template that cannot be read or applied. */
    public static final class Mistake extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mistake(String message) {
            super(message);
        }
    }

    private sealed interface Node {}

    private record Text(String text) implements Node {}

    private record Print(String pipeline) implements Node {}

    private record Block(String kind, String pipeline, List<Node> body, List<Node> otherwise) implements Node {}

    private final List<Node> nodes;
    private final boolean strict;
    private final List<String> pieces = new ArrayList<>();
    private final List<Boolean> actions = new ArrayList<>();
    private int at;
    private int depth;
    private int steps;

    /** @param strict whether an unknown first field is an error, as for {@code inspect} */
    public GoTemplate(String template, boolean strict) {
        this.strict = strict;
        split(template);
        this.nodes = block("");
    }

    private void split(String template) {
        Matcher matcher = ACTION.matcher(template);
        int from = 0;
        boolean trimNext = false;
        while (matcher.find()) {
            String text = template.substring(from, matcher.start());
            text = trimNext ? text.stripLeading() : text;
            text = matcher.group(1) != null ? text.stripTrailing() : text;
            pieces.add(text);
            actions.add(false);
            pieces.add(matcher.group(2).strip());
            actions.add(true);
            trimNext = matcher.group(3) != null;
            from = matcher.end();
        }
        String rest = template.substring(from);
        if (rest.contains("{{")) {
            throw new Mistake("unclosed action");
        }
        pieces.add(trimNext ? rest.stripLeading() : rest);
        actions.add(false);
    }

    private List<Node> block(String opener) {
        List<Node> result = new ArrayList<>();
        while (at < pieces.size()) {
            String piece = pieces.get(at);
            if (!actions.get(at)) {
                at++;
                if (!piece.isEmpty()) {
                    result.add(new Text(piece));
                }
                continue;
            }
            String word = piece.split("\\s+", 2)[0];
            if (word.equals("end") || word.equals("else")) {
                if (opener.isEmpty()) {
                    throw new Mistake("unexpected {{" + piece + "}}");
                }
                return result;
            }
            at++;
            switch (word) {
                case "if", "range", "with" ->
                    result.add(compound(word, piece.substring(word.length()).strip()));
                case "" -> throw new Mistake("missing value for command");
                default -> {
                    if (!piece.startsWith("/*")) {
                        result.add(new Print(piece));
                    }
                }
            }
        }
        if (!opener.isEmpty()) {
            throw new Mistake("unexpected EOF");
        }
        return result;
    }

    private Node compound(String kind, String pipeline) {
        if (++depth > DEPTH_MAX) {
            throw tooDeep();
        }
        Node node = branches(kind, pipeline);
        depth--;
        return node;
    }

    private static Mistake tooDeep() {
        return new Mistake("the template is nested more than " + DEPTH_MAX + " deep");
    }

    private static Mistake tooLong() {
        return new Mistake("the text becomes longer than " + LENGTH_MAX / 1_000_000 + " million characters");
    }

    private Node branches(String kind, String pipeline) {
        List<Node> body = block(kind);
        List<Node> otherwise = List.of();
        String closing = pieces.get(at++);
        if (closing.startsWith("else")) {
            String rest = closing.substring(4).strip();
            if (rest.startsWith("if")) {
                otherwise = List.of(compound("if", rest.substring(2).strip()));
            } else {
                otherwise = block(kind);
                at++;
            }
        }
        return new Block(kind, pipeline, body, otherwise);
    }

    /** The fields that the template asks for at its top, in order of first use. */
    public List<String> fields() {
        Map<String, String> found = new LinkedHashMap<>();
        Pattern field = Pattern.compile("\\.([A-Za-z]\\w*)");
        for (int i = 0; i < pieces.size(); i++) {
            Matcher matcher = field.matcher(pieces.get(i));
            while (actions.get(i) && matcher.find()) {
                found.put(matcher.group(1), "");
            }
        }
        return List.copyOf(found.keySet());
    }

    public String apply(@Nullable Object value) {
        Object data = plain(value);
        steps = 0;
        Deque<Map<String, Object>> scopes = new ArrayDeque<>();
        scopes.push(new TreeMap<>());
        StringBuilder out = new StringBuilder();
        run(nodes, data, data, scopes, out);
        return out.toString();
    }

    static @Nullable Object plain(@Nullable Object value) {
        return value instanceof JsonNode node
                ? node.isMissingNode() ? null : Json.MAPPER.convertValue(node, Object.class)
                : value;
    }

    private void run(
            List<Node> list,
            @Nullable Object dot,
            @Nullable Object root,
            Deque<Map<String, Object>> scopes,
            StringBuilder out) {
        for (Node node : list) {
            if (++steps > STEPS_MAX) {
                throw new Mistake("the template does more than " + STEPS_MAX + " steps");
            }
            if (out.length() > LENGTH_MAX) {
                throw tooLong();
            }
            switch (node) {
                case Text text -> out.append(text.text());
                case Print print -> {
                    Evaluation evaluation = new Evaluation(print.pipeline(), dot, root, scopes);
                    if (!evaluation.declaration()) {
                        out.append(show(evaluation.pipeline()));
                    }
                }
                case Block block -> {
                    scopes.push(new TreeMap<>());
                    try {
                        runBlock(block, dot, root, scopes, out);
                    } finally {
                        scopes.pop();
                    }
                }
            }
        }
    }

    private void runBlock(
            Block block,
            @Nullable Object dot,
            @Nullable Object root,
            Deque<Map<String, Object>> scopes,
            StringBuilder out) {
        if (block.kind().equals("range")) {
            Matcher names = RANGE.matcher(block.pipeline());
            if (!names.matches()) {
                throw new Mistake("bad range");
            }
            Object over = new Evaluation(names.group(3).strip(), dot, root, scopes).pipeline();
            List<Map.Entry<Object, @Nullable Object>> entries = entries(over);
            for (Map.Entry<Object, @Nullable Object> entry : entries) {
                Map<String, Object> scope = scopes.element();
                if (names.group(2) != null) {
                    scope.put(names.group(1), entry.getKey());
                    scope.put(names.group(2), hidden(entry.getValue()));
                } else if (names.group(1) != null) {
                    scope.put(names.group(1), hidden(entry.getValue()));
                }
                run(block.body(), entry.getValue(), root, scopes, out);
            }
            if (entries.isEmpty()) {
                run(block.otherwise(), dot, root, scopes, out);
            }
            return;
        }
        Evaluation evaluation = new Evaluation(block.pipeline(), dot, root, scopes);
        Object value = evaluation.pipelineOrDeclaration();
        if (truth(value)) {
            run(block.body(), block.kind().equals("with") ? value : dot, root, scopes, out);
        } else {
            run(block.otherwise(), dot, root, scopes, out);
        }
    }

    private static final Object NOTHING = new Object();

    private static Object hidden(@Nullable Object value) {
        return value == null ? NOTHING : value;
    }

    private static List<Map.Entry<Object, @Nullable Object>> entries(@Nullable Object over) {
        List<Map.Entry<Object, @Nullable Object>> result = new ArrayList<>();
        if (over instanceof Map<?, ?> map) {
            new TreeMap<>(map).forEach((key, value) -> result.add(entry(Objects.requireNonNull(key), value)));
        } else if (over instanceof Collection<?> list) {
            long index = 0;
            for (Object item : list) {
                result.add(entry(index++, item));
            }
        } else if (over != null) {
            throw new Mistake("range can't iterate over " + show(over));
        }
        return result;
    }

    private static Map.Entry<Object, @Nullable Object> entry(Object key, @Nullable Object value) {
        return new java.util.AbstractMap.SimpleImmutableEntry<>(key, value);
    }

    static boolean truth(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean bool -> bool;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Collection<?> list -> !list.isEmpty();
            default -> true;
        };
    }

    public static String show(@Nullable Object value) {
        return switch (value) {
            case null -> "<no value>";
            case Map<?, ?> map -> {
                StringBuilder text = new StringBuilder("map[");
                new TreeMap<>(map)
                        .forEach((key, item) -> text.append(text.length() > 4 ? " " : "")
                                .append(key)
                                .append(':')
                                .append(show(item)));
                yield text.append(']').toString();
            }
            case Collection<?> list ->
                "[" + String.join(" ", list.stream().map(GoTemplate::show).toList()) + "]";
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> String.valueOf(number.longValue());
            default -> value.toString();
        };
    }

    /** One pipeline at work. */
    private final class Evaluation {
        private final List<String> tokens;
        private final String source;
        private final @Nullable Object dot;
        private final @Nullable Object root;
        private final Deque<Map<String, Object>> scopes;
        private int next;
        private int parentheses;

        Evaluation(String source, @Nullable Object dot, @Nullable Object root, Deque<Map<String, Object>> scopes) {
            this.source = source;
            this.dot = dot;
            this.root = root;
            this.scopes = scopes;
            this.tokens = GoTemplateTokens.of(source);
        }

        boolean declaration() {
            if (tokens.size() > 2
                    && tokens.get(0).startsWith("$")
                    && tokens.get(1).equals(":=")) {
                next = 2;
                scopes.element().put(tokens.get(0).substring(1), hidden(pipeline()));
                return true;
            }
            return false;
        }

        @Nullable
        Object pipelineOrDeclaration() {
            if (declaration()) {
                return reveal(scopes.element().get(tokens.get(0).substring(1)));
            }
            return pipeline();
        }

        @Nullable
        Object pipeline() {
            Object value = command(List.of());
            while (next < tokens.size() && tokens.get(next).equals("|")) {
                next++;
                List<@Nullable Object> piped = new ArrayList<>();
                piped.add(value);
                value = command(piped);
            }
            return value;
        }

        private @Nullable Object command(List<@Nullable Object> piped) {
            if (next >= tokens.size()) {
                throw new Mistake("missing value for command");
            }
            String head = tokens.get(next);
            if (Character.isLetter(head.charAt(0))
                    && !List.of("true", "false", "nil").contains(head)) {
                next++;
                if (head.equals("and") || head.equals("or")) {
                    return deciding(head, piped);
                }
                List<@Nullable Object> arguments = arguments();
                arguments.addAll(piped);
                return function(head, arguments);
            }
            Object value = operand();
            List<@Nullable Object> arguments = arguments();
            arguments.addAll(piped);
            if (value instanceof Function<?, ?> method && !arguments.isEmpty()) {
                @SuppressWarnings("unchecked")
                Function<Object, @Nullable Object> call = (Function<Object, @Nullable Object>) method;
                return call.apply(show(arguments.getFirst()));
            }
            if (!arguments.isEmpty()) {
                throw new Mistake("can't give argument to non-function " + head);
            }
            return value;
        }

        /**
         * {@code and}: the first empty argument or the last; {@code or}: the first that is not empty or the last. What
         * comes after it is not evaluated.
         */
        private @Nullable Object deciding(String name, List<@Nullable Object> piped) {
            boolean goesOn = name.equals("and");
            if (!more() && piped.isEmpty()) {
                throw new Mistake("wrong number of args for " + name + ": want at least 1 got 0");
            }
            Object value = null;
            while (more()) {
                value = operand();
                if (truth(value) != goesOn) {
                    skipArguments();
                    return value;
                }
            }
            return piped.isEmpty() ? value : piped.getFirst();
        }

        private void skipArguments() {
            int depth = 0;
            while (next < tokens.size() && (depth > 0 || more())) {
                String token = tokens.get(next++);
                depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
            }
        }

        private boolean more() {
            return next < tokens.size()
                    && !tokens.get(next).equals("|")
                    && !tokens.get(next).equals(")");
        }

        private List<@Nullable Object> arguments() {
            List<@Nullable Object> result = new ArrayList<>();
            while (more()) {
                result.add(operand());
            }
            return result;
        }

        private @Nullable Object operand() {
            if (next >= tokens.size()) {
                throw new Mistake("missing value for command");
            }
            String token = tokens.get(next++);
            if (token.equals("(")) {
                if (++parentheses > DEPTH_MAX) {
                    throw tooDeep();
                }
                Object value = pipeline();
                parentheses--;
                if (next >= tokens.size() || !tokens.get(next).equals(")")) {
                    throw new Mistake("unclosed left paren");
                }
                next++;
                if (next < tokens.size()
                        && tokens.get(next).length() > 1
                        && tokens.get(next).startsWith(".")) {
                    return path(value, tokens.get(next++).substring(1), false);
                }
                return value;
            }
            if (token.startsWith("\"")) {
                return token.substring(1, token.length() - 1)
                        .replace("\\n", "\n")
                        .replace("\\t", "\t")
                        .replace("\\\"", "\"")
                        .replace("\\\\", "\\");
            }
            if (token.startsWith("`")) {
                return token.substring(1, token.length() - 1);
            }
            if (token.equals(".")) {
                return dot;
            }
            if (token.startsWith("$")) {
                int point = token.indexOf('.');
                String name = point < 0 ? token.substring(1) : token.substring(1, point);
                Object value = name.isEmpty() ? root : variable(name);
                return point < 0 ? value : path(value, token.substring(point + 1), strict && name.isEmpty());
            }
            if (token.startsWith(".")) {
                return path(dot, token.substring(1), strict && dot == root);
            }
            return switch (token) {
                case "true" -> true;
                case "false" -> false;
                case "nil" -> null;
                default -> {
                    if (token.matches("-?\\d+(\\.\\d+)?")) {
                        yield numeral(token);
                    }
                    if (Character.isLetter(token.charAt(0))) {
                        yield function(token, new ArrayList<>());
                    }
                    throw new Mistake("unexpected \"" + token + "\" in operand");
                }
            };
        }

        private static Object numeral(String token) {
            if (token.indexOf('.') >= 0) {
                return Double.parseDouble(token);
            }
            try {
                return Long.parseLong(token);
            } catch (NumberFormatException e) {
                throw new Mistake("integer overflow: " + token);
            }
        }

        private @Nullable Object variable(String name) {
            for (Map<String, Object> scope : scopes) {
                if (scope.containsKey(name)) {
                    return reveal(scope.get(name));
                }
            }
            throw new Mistake("undefined variable \"$" + name + "\"");
        }

        private @Nullable Object reveal(@Nullable Object value) {
            return value == NOTHING ? null : value;
        }

        private @Nullable Object path(@Nullable Object start, String path, boolean firstMustExist) {
            Object value = start;
            boolean first = firstMustExist;
            for (String field : path.split("\\.")) {
                if (value instanceof Map<?, ?> map) {
                    if (first && !map.containsKey(field)) {
                        throw new Mistake("template: :1:" + Math.max(2, source.indexOf(path) + 2)
                                + ": executing \"\" at <." + path + ">: map has no entry for key \"" + field + "\"");
                    }
                    value = map.get(field);
                } else if (value == null) {
                    return null;
                } else {
                    throw new Mistake("template: :1:" + Math.max(2, source.indexOf(path) + 2) + ": executing \"\" at <."
                            + path + ">: can't evaluate field " + field + " in type " + type(value));
                }
                first = false;
            }
            return value;
        }

        private @Nullable Object function(String name, List<@Nullable Object> arguments) {
            checkCount(name, arguments.size());
            return switch (name) {
                case "json" -> json(arguments.get(0));
                case "len" -> length(arguments.get(0));
                case "index" -> index(arguments);
                case "join" -> joined(arguments.get(0), show(arguments.get(1)));
                case "split" ->
                    new ArrayList<Object>(
                            List.of(show(arguments.get(0)).split(Pattern.quote(show(arguments.get(1))), -1)));
                case "lower" -> show(arguments.get(0)).toLowerCase(Locale.ROOT);
                case "upper" -> show(arguments.get(0)).toUpperCase(Locale.ROOT);
                case "title" -> Words.capitalised(show(arguments.get(0)));
                case "truncate" -> {
                    String text = show(arguments.get(0));
                    yield text.substring(0, Math.min(text.length(), width(arguments.get(1))));
                }
                case "pad" ->
                    show(arguments.get(0)).isEmpty()
                            ? ""
                            : " ".repeat(width(arguments.get(1)))
                                    + show(arguments.get(0))
                                    + " ".repeat(width(arguments.get(2)));
                case "slice" -> slice(arguments);
                case "println" -> joined(arguments, " ") + "\n";
                case "print" -> printed(arguments);
                case "printf" -> printf(arguments);
                case "not" -> !truth(arguments.get(0));
                case "eq" -> sameAsAny(arguments);
                case "ne" -> !same("ne", arguments.get(0), arguments.get(1));
                case "lt" -> compare(name, arguments) < 0;
                case "le" -> compare(name, arguments) <= 0;
                case "gt" -> compare(name, arguments) > 0;
                case "ge" -> compare(name, arguments) >= 0;
                default -> throw new Mistake("function \"" + name + "\" not defined");
            };
        }

        private static void checkCount(String name, int count) {
            int needed = switch (name) {
                case "println", "print" -> 0;
                case "json", "len", "lower", "upper", "title", "not", "and", "or", "printf", "index", "slice", "eq" ->
                    1;
                case "ne", "lt", "le", "gt", "ge", "split", "join", "truncate" -> 2;
                case "pad" -> 3;
                default -> throw new Mistake("function \"" + name + "\" not defined");
            };
            boolean open = List.of("println", "print", "and", "or", "printf", "index", "slice", "eq")
                    .contains(name);
            if (count < needed || (count > needed && !open)) {
                throw new Mistake("wrong number of args for " + name + ": want " + (open ? "at least " : "") + needed
                        + " got " + count);
            }
        }

        /** Numbers differ by their value alone: JSON does not say which kind they are. */
        private static String kind(String function, @Nullable Object value) {
            return switch (value) {
                case null -> "nil";
                case Boolean bool -> "bool";
                case Number number -> "number";
                case String text -> "string";
                default -> throw new Mistake("error calling " + function + ": non-comparable type " + type(value));
            };
        }

        private static boolean same(String function, @Nullable Object left, @Nullable Object right) {
            String kind = kind(function, left);
            if (!kind.equals(kind(function, right))) {
                if (left == null || right == null) {
                    return false;
                }
                throw new Mistake("error calling " + function + ": incompatible types for comparison");
            }
            return left instanceof Number one && right instanceof Number other
                    ? one.doubleValue() == other.doubleValue()
                    : Objects.equals(left, right);
        }

        private static boolean sameAsAny(List<@Nullable Object> arguments) {
            if (arguments.size() < 2) {
                throw new Mistake("error calling eq: missing argument for comparison");
            }
            for (Object other : arguments.subList(1, arguments.size())) {
                if (same("eq", arguments.get(0), other)) {
                    return true;
                }
            }
            return false;
        }

        /** Blanks stand between two that are both no text. */
        private static String printed(List<@Nullable Object> arguments) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < arguments.size(); i++) {
                boolean apart =
                        i > 0 && !(arguments.get(i - 1) instanceof String) && !(arguments.get(i) instanceof String);
                text.append(apart ? " " : "").append(show(arguments.get(i)));
            }
            return text.toString();
        }

        private int whole(@Nullable Object value) {
            try {
                return Integer.parseInt(show(value));
            } catch (NumberFormatException e) {
                throw new Mistake("a whole number is needed, not " + show(value));
            }
        }

        /** How many characters: not negative, and not more than anybody reads. */
        private int width(@Nullable Object value) {
            int width = whole(value);
            if (width < 0 || width > WIDTH_MAX) {
                throw new Mistake("a number from 0 to " + WIDTH_MAX + " is needed, not " + width);
            }
            return width;
        }

        private int compare(String function, List<@Nullable Object> arguments) {
            Object left = arguments.get(0);
            Object right = arguments.get(1);
            if (left instanceof Number one && right instanceof Number other) {
                return Double.compare(one.doubleValue(), other.doubleValue());
            }
            if (left instanceof String one && right instanceof String other) {
                return one.compareTo(other);
            }
            boolean alike = kind(function, left).equals(kind(function, right));
            throw new Mistake("error calling " + function + ": "
                    + (alike ? "invalid type for comparison" : "incompatible types for comparison"));
        }

        private Object slice(List<@Nullable Object> arguments) {
            Object value = arguments.get(0);
            List<?> items;
            if (value instanceof String text) {
                items = text.chars().mapToObj(Character::toString).toList();
            } else if (value instanceof List<?> list) {
                items = list;
            } else {
                throw new Mistake("error calling slice: can't slice item of type " + type(value));
            }
            int from = arguments.size() > 1 ? whole(arguments.get(1)) : 0;
            int to = arguments.size() > 2 ? whole(arguments.get(2)) : items.size();
            if (from < 0 || to > items.size() || from > to) {
                throw new Mistake(
                        "error calling slice: index out of range: " + (from < 0 || from > items.size() ? from : to));
            }
            List<?> part = items.subList(from, to);
            return value instanceof String
                    ? String.join("", part.stream().map(String::valueOf).toList())
                    : part;
        }

        private @Nullable Object index(List<@Nullable Object> arguments) {
            Object value = arguments.get(0);
            for (Object key : arguments.subList(1, arguments.size())) {
                if (value instanceof Map<?, ?> map) {
                    value = map.get(show(key));
                } else if (value instanceof List<?> list) {
                    int position = whole(key);
                    if (position < 0 || position >= list.size()) {
                        throw new Mistake("error calling index: index out of range: " + position);
                    }
                    value = list.get(position);
                } else {
                    throw new Mistake("error calling index: can't index item of type " + type(value));
                }
            }
            return value;
        }

        /** Zeros before and points without a figure mean nothing to texts. */
        private static String layout(String written) {
            String layout = written.replaceFirst("^(-?)0+", "$1").replaceFirst("\\.$", ".0");
            return layout.startsWith("-.") || layout.equals("-") ? layout.substring(1) : layout;
        }

        private String printf(List<@Nullable Object> arguments) {
            StringBuilder text = new StringBuilder();
            Matcher matcher = FORMAT.matcher(show(arguments.get(0)));
            int argument = 1;
            while (matcher.find()) {
                String piece;
                if (matcher.group(2).equals("%")) {
                    piece = "%";
                } else {
                    String shown = argument < arguments.size() ? show(arguments.get(argument++)) : "%!s(MISSING)";
                    shown = matcher.group(2).equals("q") ? "\"" + shown + "\"" : shown;
                    piece = matcher.group(1).isEmpty()
                            ? shown
                            : String.format(Locale.ROOT, "%" + layout(matcher.group(1)) + "s", shown);
                }
                matcher.appendReplacement(text, Matcher.quoteReplacement(piece));
            }
            return matcher.appendTail(text).toString();
        }
    }

    private static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case Map<?, ?> map -> "map[string]interface {}";
            case List<?> list -> "[]interface {}";
            case Boolean bool -> "bool";
            case Number number -> "float64";
            default -> "string";
        };
    }

    private static long length(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Map<?, ?> map -> map.size();
            case Collection<?> list -> list.size();
            default -> value.toString().length();
        };
    }

    private static String joined(@Nullable Object value, String separator) {
        if (value instanceof Collection<?> list) {
            return String.join(separator, list.stream().map(GoTemplate::show).toList());
        }
        return value == null ? "" : show(value);
    }

    private static String json(@Nullable Object value) {
        Object plain = value;
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> kept = new LinkedHashMap<>(map);
            kept.values().removeIf(Function.class::isInstance);
            plain = kept;
        }
        try {
            return Json.MAPPER.writeValueAsString(plain);
        } catch (JsonProcessingException e) {
            throw new Mistake("error calling json: " + e.getOriginalMessage());
        }
    }
}
