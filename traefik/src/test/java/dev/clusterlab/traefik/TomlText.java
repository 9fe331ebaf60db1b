package dev.clusterlab.traefik;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree as TOML with one table header a section, as people write it. (The library's own writer knows dotted keys
 * only.)
 */
final class TomlText {
    private TomlText() {}

    static String of(ObjectNode root) {
        var text = new StringBuilder();
        table(text, "", root);
        return text.toString().strip() + "\n";
    }

    /** As {@code --a.b=value}. */
    static List<String> flags(ObjectNode root) {
        List<String> flags = new ArrayList<>();
        flags(flags, "", root);
        return flags;
    }

    private static void table(StringBuilder text, String path, ObjectNode node) {
        boolean headed = path.isEmpty();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!isTable(entry.getValue())) {
                if (!headed) {
                    text.append("\n[").append(path).append("]\n");
                    headed = true;
                }
                text.append(key(entry.getKey()))
                        .append(" = ")
                        .append(value(entry.getValue()))
                        .append('\n');
            }
        }
        if (!headed && node.isEmpty()) {
            text.append("\n[").append(path).append("]\n");
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String below = path.isEmpty() ? key(entry.getKey()) : path + "." + key(entry.getKey());
            if (entry.getValue() instanceof ObjectNode child) {
                table(text, below, child);
            } else if (isTable(entry.getValue())) {
                for (JsonNode each : entry.getValue()) {
                    text.append("\n[[").append(below).append("]]\n");
                    each.properties()
                            .forEach(leaf -> text.append(key(leaf.getKey()))
                                    .append(" = ")
                                    .append(value(leaf.getValue()))
                                    .append('\n'));
                }
            }
        }
    }

    private static void flags(List<String> flags, String path, JsonNode node) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> flags(
                            flags, path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue()));
        } else if (node.isArray()) {
            List<String> values = new ArrayList<>();
            node.forEach(each -> values.add(each.asText()));
            flags.add("--" + path + "=" + String.join(",", values));
        } else {
            flags.add("--" + path + "=" + node.asText());
        }
    }

    private static boolean isTable(JsonNode node) {
        return node.isObject()
                || (node.isArray() && !node.isEmpty() && node.get(0).isObject());
    }

    private static String key(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : quoted(name);
    }

    private static String value(JsonNode node) {
        if (node.isArray()) {
            List<String> values = new ArrayList<>();
            node.forEach(each -> values.add(value(each)));
            return "[" + String.join(", ", values) + "]";
        }
        return node.isTextual() ? quoted(node.asText()) : node.asText();
    }

    /** TOML's basic strings escape as JSON's do. */
    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }
}
