package dev.clusterlab.lab.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of a specification of Docker, from which is taken what is written elsewhere. What is left in the end was not written, and
 * {@link #left} names it: so that nothing is dropped without a word, whatever newer daemons say.
 */
final class SpecPart {
    private final ObjectNode node;

    /** @param node is emptied */
    SpecPart(ObjectNode node) {
        this.node = node;
    }

    private Optional<JsonNode> take(String name) {
        return Optional.ofNullable(node.remove(name)).filter(value -> !empty(value));
    }

    Optional<String> text(String name) {
        return take(name).map(JsonNode::asText);
    }

    Optional<Long> number(String name) {
        return take(name).map(JsonNode::asLong);
    }

    Optional<Double> share(String name) {
        return take(name).map(JsonNode::asDouble);
    }

    /** Present if it is true, or said to be false. */
    Optional<Boolean> truth(String name) {
        return Optional.ofNullable(node.remove(name))
                .filter(JsonNode::isBoolean)
                .map(JsonNode::asBoolean);
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        take(name).ifPresent(list -> list.forEach(each -> texts.add(each.asText())));
        return texts;
    }

    Map<String, String> map(String name) {
        Map<String, String> map = new LinkedHashMap<>();
        take(name)
                .ifPresent(fields -> fields.properties()
                        .forEach(each -> map.put(each.getKey(), each.getValue().asText())));
        return map;
    }

    /** A part of this one, which is there to be emptied even if it is not there. */
    SpecPart part(String name) {
        return new SpecPart(node.get(name) instanceof ObjectNode inner ? inner : node.objectNode());
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    List<SpecPart> parts(String name) {
        List<SpecPart> parts = new ArrayList<>();
        node.path(name).forEach(each -> {
            if (each instanceof ObjectNode inner) {
                parts.add(new SpecPart(inner));
            }
        });
        return parts;
    }

    /** Takes what means nothing elsewhere. */
    void drop(String... names) {
        node.remove(List.of(names));
    }

    /** What was not taken and says something, with the way to it: {@code ContainerSpec.Privileges}. */
    List<String> left() {
        List<String> left = new ArrayList<>();
        left("", node, left);
        return left;
    }

    private static void left(String before, JsonNode value, List<String> left) {
        value.properties().forEach(field -> {
            JsonNode inner = field.getValue();
            String name = before + field.getKey();
            if (inner.isObject()) {
                left(name + ".", inner, left);
            } else if (!empty(inner)) {
                left.add(name);
            }
        });
    }

    private static boolean empty(JsonNode value) {
        if (value.isContainerNode()) {
            for (JsonNode inner : value) {
                if (!empty(inner)) {
                    return false;
                }
            }
            return true;
        }
        return value.isNull()
                || (value.isTextual() && value.asText().isEmpty())
                || (value.isNumber() && value.asDouble() == 0)
                || (value.isBoolean() && !value.asBoolean());
    }
}
