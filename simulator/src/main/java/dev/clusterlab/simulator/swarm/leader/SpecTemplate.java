package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.docker.api.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The templates of a service's host name, environment and mounts, such as {@code {{.Node.Hostname}}} (swarmkit template).
 * Fields of the task's service, node and task, texts, {@code index} of the service's labels, {@code join}, {@code print}
 * and pipes are known. What Go's templates know beyond that is refused by name.
 */
public final class SpecTemplate {
    /** What stands in for the task when a service is checked before there is one. */
    private static final Values DUMMY = new Values(
            "serviceid",
            "servicename",
            Map.of(),
            "nodeid",
            "nodeHostname",
            "architecture",
            "os",
            "",
            "servicename.1.",
            "1");

    private static final Set<String> UNMODELLED = Ordered.set(
            "if",
            "else",
            "end",
            "range",
            "with",
            "define",
            "block",
            "template",
            "break",
            "continue",
            "and",
            "or",
            "not",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "len",
            "slice",
            "html",
            "js",
            "urlquery",
            "printf",
            "println",
            "call");

    private SpecTemplate() {}

    /**
     * What a template may ask for.
     *
     * @param slot of the task, or its node's identifier if its service is global
     */
    public record Values(
            String serviceId,
            String serviceName,
            Map<String, String> serviceLabels,
            String nodeId,
            String nodeHostname,
            String architecture,
            String os,
            String taskId,
            String taskName,
            String slot) {}

    /** Throws an {@link ApiException} with Go's words if the text is no template or asks for what there is not. */
    static void check(String text) {
        expand(text, DUMMY);
    }

    /** The text with its actions replaced. Throws an {@link ApiException} with status 400 and Go's words. */
    public static String expand(String text, Values values) {
        if (!text.contains("{{")) {
            return text;
        }
        var result = new StringBuilder();
        int at = 0;
        boolean trim = false;
        while (true) {
            int open = text.indexOf("{{", at);
            String plain = text.substring(at, open < 0 ? text.length() : open);
            plain = trim ? plain.stripLeading() : plain;
            if (open < 0) {
                return result.append(plain).toString();
            }
            int from = open + 2;
            if (text.startsWith("- ", from)) {
                plain = plain.stripTrailing();
                from += 2;
            }
            result.append(plain);
            var action = new Action(text, from, values);
            result.append(action.value());
            trim = action.trimsAfter();
            at = action.end();
        }
    }

    private static ApiException refused(String text) {
        return ApiException.badRequest(text);
    }

    /** One action: commands between pipes. */
    private static final class Action {
        private final String text;
        private final Values values;
        private int at;
        private boolean trims;

        Action(String text, int from, Values values) {
            this.text = text;
            this.at = from;
            this.values = values;
        }

        boolean trimsAfter() {
            return trims;
        }

        int end() {
            return at;
        }

        String value() {
            if (text.startsWith("/*", at)) {
                int close = text.indexOf("*/", at);
                if (close < 0) {
                    throw syntax("unclosed comment");
                }
                at = close + 2;
                if (!closes()) {
                    throw syntax("comment ends before closing delimiter");
                }
                return "";
            }
            Object value = command(List.of());
            while (!closes()) {
                at++;
                value = command(List.of(value));
            }
            return printed(value);
        }

        private String printed(Object value) {
            if (value instanceof String word) {
                return word;
            }
            throw refused(
                    "template: expansion:" + line() + ": only single fields can be written by the embedded engine");
        }

        /** Stands at the end of the action, and goes past it; else at a pipe. */
        private boolean closes() {
            int before = at;
            spaces();
            if (text.startsWith("}}", at)) {
                at += 2;
                return true;
            }
            if (at > before && text.startsWith("-}}", at)) {
                at += 3;
                trims = true;
                return true;
            }
            return false;
        }

        private boolean commandEnds() {
            spaces();
            return at >= text.length()
                    || text.charAt(at) == '|'
                    || text.startsWith("}}", at)
                    || (text.startsWith("-}}", at) && Character.isWhitespace(text.charAt(at - 1)));
        }

        private void spaces() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private Object command(List<Object> piped) {
            if (commandEnds()) {
                throw syntax(at >= text.length() ? "unclosed action" : "missing value for command");
            }
            String function = isLetter(text.charAt(at)) ? word() : "";
            var operands = new ArrayList<Object>();
            while (!commandEnds()) {
                operands.add(operand());
            }
            if (at >= text.length()) {
                throw syntax("unclosed action");
            }
            if (function.isEmpty()) {
                if (operands.size() + piped.size() > 1) {
                    throw syntax("can't give argument to non-function " + operands.get(0));
                }
                return operands.get(0);
            }
            operands.addAll(piped);
            return called(function, operands);
        }

        private Object called(String function, List<Object> operands) {
            return switch (function) {
                case "join" -> {
                    List<String> words = operands.stream().map(this::printed).toList();
                    yield words.isEmpty() ? "" : String.join(words.get(0), words.subList(1, words.size()));
                }
                case "print" ->
                    String.join("", operands.stream().map(this::printed).toList());
                case "index" -> {
                    if (operands.size() == 2
                            && operands.get(0) instanceof Map<?, ?> labels
                            && operands.get(1) instanceof String key) {
                        Object found = labels.get(key);
                        yield found == null ? "" : found;
                    }
                    throw syntax("the embedded engine knows index of .Service.Labels and one text only");
                }
                default -> {
                    if (UNMODELLED.contains(function)) {
                        throw syntax("\"" + function + "\" is not modelled by the embedded engine");
                    }
                    throw syntax("function \"" + function + "\" not defined");
                }
            };
        }

        private String word() {
            int from = at;
            while (at < text.length() && (isLetter(text.charAt(at)) || Character.isDigit(text.charAt(at)))) {
                at++;
            }
            return text.substring(from, at);
        }

        private static boolean isLetter(char c) {
            return Character.isLetter(c) || c == '_';
        }

        private Object operand() {
            char c = text.charAt(at);
            if (c == '"' || c == '`') {
                return quoted(c);
            }
            if (c == '.') {
                return field();
            }
            throw syntax("unexpected \"" + c + "\" in operand");
        }

        private String quoted(char quote) {
            var word = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != quote; at++) {
                if (quote == '"' && text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                    word.append(
                            switch (text.charAt(at)) {
                                case 'n' -> '\n';
                                case 't' -> '\t';
                                default -> text.charAt(at);
                            });
                } else {
                    word.append(text.charAt(at));
                }
            }
            if (at >= text.length()) {
                throw syntax(quote == '"' ? "unterminated quoted string" : "unterminated raw quoted string");
            }
            at++;
            return word.toString();
        }

        /** A chain such as {@code .Node.Hostname}. Go names the place of its second part, if it has one. */
        private Object field() {
            int from = at;
            int place = at;
            var names = new ArrayList<String>();
            while (at < text.length() && text.charAt(at) == '.') {
                if (names.size() == 1) {
                    place = at;
                }
                at++;
                names.add(word());
            }
            String chain = text.substring(from, at);
            if (chain.equals(".")) {
                return root();
            }
            Object value = root();
            String type = "*template.Context";
            for (String name : names) {
                if (!(value instanceof Map<?, ?> fields)) {
                    throw failed(place, chain, "can't evaluate field " + name + " in type " + type);
                }
                Object next = fields.get(name);
                if (next == null) {
                    throw failed(
                            place,
                            chain,
                            type.startsWith("map")
                                    ? "map has no entry for key \"" + name + "\""
                                    : "can't evaluate field " + name + " in type " + type);
                }
                value = next;
                type = typeOf(type, name);
            }
            return value;
        }

        private static String typeOf(String within, String name) {
            return switch (name) {
                case "Service" -> "struct { ID string; Name string; Labels map[string]string }";
                case "Node" -> "struct { ID string; Hostname string; Platform template.Platform }";
                case "Task" -> "struct { ID string; Name string; Slot string }";
                case "Platform" -> "template.Platform";
                case "Labels" -> within.startsWith("map") ? "string" : "map[string]string";
                default -> "string";
            };
        }

        private Map<String, Object> root() {
            var service = new LinkedHashMap<String, Object>();
            service.put("ID", values.serviceId());
            service.put("Name", values.serviceName());
            service.put("Labels", values.serviceLabels());
            var platform = new LinkedHashMap<String, Object>();
            platform.put("Architecture", values.architecture());
            platform.put("OS", values.os());
            var node = new LinkedHashMap<String, Object>();
            node.put("ID", values.nodeId());
            node.put("Hostname", values.nodeHostname());
            node.put("Platform", platform);
            var task = new LinkedHashMap<String, Object>();
            task.put("ID", values.taskId());
            task.put("Name", values.taskName());
            task.put("Slot", values.slot());
            var root = new LinkedHashMap<String, Object>();
            root.put("Service", service);
            root.put("Node", node);
            root.put("Task", task);
            return root;
        }

        private long line() {
            return lineOf(Math.min(at, text.length()));
        }

        private long lineOf(int place) {
            return 1 + text.substring(0, place).chars().filter(c -> c == '\n').count();
        }

        private ApiException syntax(String what) {
            return refused("template: expansion:" + line() + ": " + what);
        }

        private ApiException failed(int place, String chain, String what) {
            int column = place - (text.lastIndexOf('\n', place) + 1);
            return refused("template: expansion:" + lineOf(place) + ":" + column + ": executing \"expansion\" at <"
                    + chain + ">: " + what);
        }
    }
}
