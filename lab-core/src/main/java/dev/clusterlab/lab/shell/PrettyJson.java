package dev.clusterlab.lab.shell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Json;

/** JSON indented by four blanks, as {@code docker inspect} prints it. */
public final class PrettyJson {
    private PrettyJson() {}

    public static String write(JsonNode node) {
        return write(node, 4);
    }

    public static String write(JsonNode node, int step) {
        StringBuilder text = new StringBuilder();
        write(node, step, 0, text);
        return text.toString();
    }

    private static void write(JsonNode node, int step, int depth, StringBuilder text) {
        if (!node.isContainerNode() || node.isEmpty()) {
            text.append(node);
            return;
        }
        String inner = "\n" + " ".repeat(step * (depth + 1));
        text.append(node.isObject() ? '{' : '[');
        boolean first = true;
        if (node.isObject()) {
            for (var entry : node.properties()) {
                text.append(first ? "" : ",").append(inner);
                text.append(Json.MAPPER.getNodeFactory().textNode(entry.getKey()))
                        .append(": ");
                write(entry.getValue(), step, depth + 1, text);
                first = false;
            }
        } else {
            for (JsonNode item : node) {
                text.append(first ? "" : ",").append(inner);
                write(item, step, depth + 1, text);
                first = false;
            }
        }
        text.append('\n').append(" ".repeat(step * depth)).append(node.isObject() ? '}' : ']');
    }
}
