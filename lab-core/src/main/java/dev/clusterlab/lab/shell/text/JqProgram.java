package dev.clusterlab.lab.shell.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.PrettyJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code jq}: paths, {@code [N]}, {@code []}, pipes, {@code length}, {@code keys}, {@code map}, {@code select}. */
final class JqProgram {
    private static final Pattern STEP = Pattern.compile(
            "\\.?\\[\\s*(-?\\d+)?\\s*]|\\.?\\[\\s*\"([^\"]*)\"\\s*]|\\.\"([^\"]*)\"|\\.([A-Za-z_]\\w*)|\\.");
    private static final Pattern SELECT =
            Pattern.compile("select\\((.*?)\\s*(==|!=|<=|>=|<|>)\\s*(\"[^\"]*\"|[-\\w.]+)\\)", Pattern.DOTALL);

    private JqProgram() {}

    static int run(Invocation call) {
        Flags.Given given;
        try {
            given = Flags.of(
                            "-r, --raw-output bool texts without quotes",
                            "-c, --compact-output bool on one line",
                            "-e, --exit-status bool fail on null and false",
                            "-s, --slurp bool all inputs as one array")
                    .parse(call.arguments(), true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(2, mistake.text());
        }
        List<String> rest = new ArrayList<>(given.arguments());
        String program = rest.isEmpty() ? "." : rest.removeFirst();
        List<JsonNode> inputs = new ArrayList<>();
        // One value after another; a reader of many values would take an array for a list of them.
        try (JsonParser parser = Json.MAPPER.createParser(call.read(rest))) {
            while (parser.nextToken() != null) {
                inputs.add(parser.readValueAsTree());
            }
        } catch (IOException e) {
            throw call.failure(2, "error: the input is not JSON");
        }
        if (given.is("slurp")) {
            ArrayNode all = Json.MAPPER.createArrayNode();
            inputs.forEach(all::add);
            inputs = List.of(all);
        }
        boolean good = true;
        for (JsonNode input : inputs) {
            for (JsonNode result : apply(call, program, List.of(input))) {
                good = !(result.isNull() || (result.isBoolean() && !result.asBoolean()));
                if (given.is("raw-output") && result.isTextual()) {
                    call.line(result.asText());
                } else {
                    call.line(given.is("compact-output") ? result.toString() : PrettyJson.write(result, 2));
                }
            }
        }
        return given.is("exit-status") && !good ? 1 : 0;
    }

    private static List<JsonNode> apply(Invocation call, String program, List<JsonNode> inputs) {
        List<JsonNode> current = inputs;
        for (String stage : stages(program, '|')) {
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode value : current) {
                for (String branch : stages(stage, ',')) {
                    next.addAll(stage(call, branch.strip(), value));
                }
            }
            current = next;
        }
        return current;
    }

    /** Splits at a character that stands outside quotes and brackets. */
    private static List<String> stages(String program, char mark) {
        List<String> result = new ArrayList<>();
        int level = 0;
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < program.length(); i++) {
            char c = program.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && "([{".indexOf(c) >= 0) {
                level++;
            } else if (!quoted && ")]}".indexOf(c) >= 0) {
                level--;
            } else if (!quoted && level == 0 && c == mark) {
                result.add(program.substring(from, i));
                from = i + 1;
            }
        }
        result.add(program.substring(from));
        return result;
    }

    private static List<JsonNode> stage(Invocation call, String stage, JsonNode value) {
        if (stage.equals("length")) {
            return List.of(IntNode.valueOf(value.isTextual() ? value.asText().length() : value.size()));
        }
        if (stage.equals("keys")) {
            List<String> names = new ArrayList<>();
            value.fieldNames().forEachRemaining(names::add);
            ArrayNode result = Json.MAPPER.createArrayNode();
            names.stream().sorted().forEach(result::add);
            return List.of(result);
        }
        Matcher select = SELECT.matcher(stage);
        if (select.matches()) {
            List<JsonNode> left = apply(call, select.group(1), List.of(value));
            boolean kept = !left.isEmpty() && holds(call, left.getFirst(), select.group(2), select.group(3));
            return kept ? List.of(value) : List.of();
        }
        if (stage.startsWith("map(") && stage.endsWith(")")) {
            ArrayNode result = Json.MAPPER.createArrayNode();
            for (JsonNode item : value) {
                apply(call, stage.substring(4, stage.length() - 1), List.of(item))
                        .forEach(result::add);
            }
            return List.of(result);
        }
        if (stage.startsWith("[") && stage.endsWith("]")) {
            ArrayNode result = Json.MAPPER.createArrayNode();
            apply(call, stage.substring(1, stage.length() - 1), List.of(value)).forEach(result::add);
            return List.of(result);
        }
        return path(call, stage, value);
    }

    private static boolean holds(Invocation call, JsonNode left, String operator, String right) {
        JsonNode other;
        try {
            other = Json.MAPPER.readTree(right);
        } catch (JsonProcessingException e) {
            throw call.failure(3, "error: " + right + " is not a value");
        }
        return switch (operator) {
            case "==" ->
                left.equals(other) || (left.isNumber() && other.isNumber() && left.asDouble() == other.asDouble());
            case "!=" -> !left.equals(other);
            case "<" -> left.asDouble() < other.asDouble();
            case "<=" -> left.asDouble() <= other.asDouble();
            case ">" -> left.asDouble() > other.asDouble();
            default -> left.asDouble() >= other.asDouble();
        };
    }

    private static List<JsonNode> path(Invocation call, String path, JsonNode start) {
        List<JsonNode> current = List.of(start);
        Matcher matcher = STEP.matcher(path);
        int at = 0;
        while (at < path.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw call.failure(
                        3,
                        "error: '" + path.substring(at)
                                + "' is not understood; there are .a.b[0], .[], |, length, keys, map(…), select(.a == …)");
            }
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode value : current) {
                String name = matcher.group(2) != null
                        ? matcher.group(2)
                        : matcher.group(3) != null ? matcher.group(3) : matcher.group(4);
                if (name != null) {
                    if (!value.isObject() && !value.isNull()) {
                        throw call.failure(
                                5,
                                "error: cannot index "
                                        + value.getNodeType().name().toLowerCase(java.util.Locale.ROOT) + " with \""
                                        + name + "\"");
                    }
                    next.add(value.has(name) ? value.get(name) : NullNode.getInstance());
                } else if (matcher.group(1) != null) {
                    int index = Integer.parseInt(matcher.group(1));
                    int from = index < 0 ? value.size() + index : index;
                    next.add(value.has(from) ? value.get(from) : NullNode.getInstance());
                } else if (matcher.group().contains("[")) {
                    value.forEach(next::add);
                } else {
                    next.add(value);
                }
            }
            current = next;
            at = matcher.end();
        }
        return current;
    }
}
