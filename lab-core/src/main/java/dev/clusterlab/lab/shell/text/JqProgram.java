package dev.clusterlab.lab.shell.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code jq}: its options, its inputs and its errors; the language itself is jackson-jq's ({@link JqFilter}). */
final class JqProgram {
    private static final Flags OPTIONS = Flags.of(
            "-r, --raw-output bool texts without quotes",
            "-j, --join-output bool texts without quotes, and no ends of lines",
            "-c, --compact-output bool on one line",
            "-S, --sort-keys bool fields in the order of their names",
            "--tab bool indented by tabs",
            "--indent uint indented by so many blanks (default 2)",
            "-n, --null-input bool no input but null",
            "-R, --raw-input bool each line is a text",
            "-s, --slurp bool all inputs as one array",
            "-e, --exit-status bool fail on null and false");
    private static final int BAD_INPUT = 2;
    private static final int NO_OUTPUT = 4;
    private static final int RUNTIME_ERROR = 5;

    private final Invocation call;
    private final Flags.Given given;
    private final List<String> files;
    private final JqFilter filter;
    private int status;
    private boolean printed;
    private boolean lastHolds;

    private JqProgram(Invocation call, Flags.Given given, Map<String, JsonNode> variables) {
        this.call = call;
        this.given = given;
        List<String> rest = new ArrayList<>(given.arguments());
        String program = rest.isEmpty() ? "." : rest.removeFirst();
        this.files = List.copyOf(rest);
        this.filter = new JqFilter(program, variables, call::now);
    }

    static int run(Invocation call) {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        List<String> words = variables(call, variables);
        Flags.Given given;
        try {
            given = OPTIONS.parse(words, true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(BAD_INPUT, mistake.text());
        }
        return new JqProgram(call, given, variables).run();
    }

    /** Takes {@code --arg NAME VALUE} and {@code --argjson NAME JSON} out of the words. */
    private static List<String> variables(Invocation call, Map<String, JsonNode> variables) {
        List<String> rest = new ArrayList<>();
        List<String> words = call.arguments();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.equals("--arg") && !word.equals("--argjson")) {
                rest.add(word);
                continue;
            }
            if (i + 2 >= words.size()) {
                throw call.failure(
                        BAD_INPUT,
                        word + " takes two parameters (e.g. " + word + " varname "
                                + (word.equals("--arg") ? "value)" : "text)"));
            }
            String name = words.get(i + 1);
            String value = words.get(i + 2);
            i += 2;
            variables.put(name, word.equals("--arg") ? TextNode.valueOf(value) : json(call, name, value));
        }
        return rest;
    }

    private static JsonNode json(Invocation call, String name, String value) {
        try {
            return Json.MAPPER.readTree(value);
        } catch (JsonProcessingException e) {
            throw call.failure(BAD_INPUT, "Invalid JSON text passed to --argjson " + name);
        }
    }

    private int run() {
        if (given.is("null-input")) {
            apply(NullNode.getInstance(), "<unknown>");
        } else {
            ArrayNode all = Json.MAPPER.createArrayNode();
            StringBuilder texts = new StringBuilder();
            for (String file : files.isEmpty() ? List.of("-") : files) {
                boolean standard = file.equals("-");
                String text = standard
                        ? call.streams().in().rest()
                        : call.state()
                                .read(file)
                                .orElseThrow(() -> call.failure(
                                        BAD_INPUT,
                                        "error: Could not open file " + file + ": No such file or directory"));
                if (given.is("raw-input")) {
                    texts.append(text);
                } else {
                    values(text, standard ? "<stdin>" : file, all);
                }
            }
            rest(all, texts.toString());
        }
        if (status != 0 || !given.is("exit-status")) {
            return status;
        }
        return !printed ? NO_OUTPUT : lastHolds ? 0 : 1;
    }

    /** One value after another; a reader of many values would take an array for a list of them. */
    private void values(String text, String name, ArrayNode all) {
        try (JsonParser parser = Json.MAPPER.createParser(text)) {
            while (parser.nextToken() != null) {
                JsonNode value = parser.readValueAsTree();
                if (given.is("slurp")) {
                    all.add(value);
                    continue;
                }
                long end = parser.currentLocation().getCharOffset();
                int lineEnd = text.indexOf('\n', (int) end);
                long lines = text.substring(0, lineEnd < 0 ? text.length() : lineEnd + 1)
                        .chars()
                        .filter(character -> character == '\n')
                        .count();
                apply(value, name + ":" + lines);
            }
        } catch (StreamConstraintsException e) {
            throw new ShellFailure(BAD_INPUT, "parse error: Exceeds depth or size limit for parsing in " + name);
        } catch (JsonProcessingException e) {
            String what = e instanceof JsonEOFException ? "Unfinished JSON term at EOF" : "Invalid literal";
            throw new ShellFailure(
                    BAD_INPUT,
                    "parse error: " + what + " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new IllegalStateException("a text cannot fail to be read", e);
        }
    }

    private void rest(ArrayNode all, String texts) {
        if (given.is("raw-input")) {
            if (given.is("slurp")) {
                apply(TextNode.valueOf(texts), "<stdin>:0");
            } else {
                texts.lines().forEach(line -> apply(TextNode.valueOf(line), "<stdin>:0"));
            }
        } else if (given.is("slurp")) {
            apply(all, "<stdin>:0");
        }
    }

    /** After an error it goes on with the next input, as the real program does. */
    private void apply(JsonNode input, String where) {
        try {
            filter.apply(input, this::print);
        } catch (JqFilter.Failure failure) {
            call.error("jq: error (at " + where + ")" + failure.text());
            status = RUNTIME_ERROR;
        }
    }

    private void print(JsonNode result) {
        printed = true;
        lastHolds = !result.isNull() && !(result.isBoolean() && !result.asBoolean());
        boolean joined = given.is("join-output");
        String text;
        if (result.isTextual() && (joined || given.is("raw-output"))) {
            text = result.asText();
        } else {
            String step = given.is("tab") ? "\t" : " ".repeat((int) Math.min(7, given.number("indent", 2)));
            StringBuilder written = new StringBuilder();
            write(given.is("sort-keys") ? sorted(result) : result, given.is("compact-output") ? "" : step, 0, written);
            text = written.toString();
        }
        call.out(joined ? text : text + "\n");
    }

    /** @param step what a level is indented by; empty: all on one line */
    private static void write(JsonNode node, String step, int depth, StringBuilder text) {
        if (!node.isContainerNode() || node.isEmpty()) {
            text.append(node.isFloatingPointNumber() ? number(node.doubleValue()) : node.toString());
            return;
        }
        String inner = step.isEmpty() ? "" : "\n" + step.repeat(depth + 1);
        text.append(node.isObject() ? '{' : '[');
        String between = "";
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                text.append(between).append(inner).append(TextNode.valueOf(field.getKey()));
                text.append(step.isEmpty() ? ":" : ": ");
                write(field.getValue(), step, depth + 1, text);
                between = ",";
            }
        } else {
            for (JsonNode item : node) {
                text.append(between).append(inner);
                write(item, step, depth + 1, text);
                between = ",";
            }
        }
        text.append(step.isEmpty() ? "" : "\n" + step.repeat(depth)).append(node.isObject() ? '}' : ']');
    }

    /** Whole numbers have no point, as in C's {@code %.17g}. */
    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e17) {
            return String.valueOf((long) value);
        }
        String text = Double.toString(value);
        int exponent = text.indexOf('E');
        if (exponent < 0) {
            return Double.isNaN(value) ? "null" : text;
        }
        int power = Integer.parseInt(text.substring(exponent + 1));
        return text.substring(0, exponent).replaceFirst("\\.0$", "")
                + String.format(java.util.Locale.ROOT, "e%s%02d", power < 0 ? "-" : "+", Math.abs(power));
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            ArrayNode result = Json.MAPPER.createArrayNode();
            node.forEach(item -> result.add(sorted(item)));
            return result;
        }
        if (!node.isObject()) {
            return node;
        }
        Map<String, JsonNode> fields = new TreeMap<>();
        node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        ObjectNode result = Json.MAPPER.createObjectNode();
        result.setAll(fields);
        return result;
    }
}
