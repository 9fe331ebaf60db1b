package dev.clusterlab.lab.shell.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import dev.clusterlab.lab.Json;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Version;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code test}, {@code match}, {@code capture}, {@code scan}, {@code split} and {@code sub} of jq stand on: the
 * search for an expression, in linear time or on a budget ({@link TextPattern}), where the library's own has no end for
 * some. Its arguments are the expression, the modifiers and whether only to say if something was found. Positions are
 * counted in characters of Unicode.
 */
final class JqMatch implements Function {
    static final String NAME = "_match_impl";
    static final int ARGUMENTS = 3;

    private static final int MATCHES_MAX = 100_000;

    @Override
    public void apply(
            Scope scope,
            List<Expression> arguments,
            JsonNode input,
            @Nullable Path path,
            PathOutput output,
            Version version)
            throws JsonQueryException {
        if (!input.isTextual()) {
            throw new JsonQueryException(
                    shownType(input) + " (" + input + ") cannot be matched, as it is not a string");
        }
        arguments
                .get(2)
                .apply(
                        scope,
                        input,
                        only -> arguments
                                .get(1)
                                .apply(
                                        scope,
                                        input,
                                        modifiers -> arguments.get(0).apply(scope, input, expression -> {
                                            if (!expression.isTextual()
                                                    || !(modifiers.isTextual() || modifiers.isNull())) {
                                                throw new JsonQueryException(shownType(expression) + " (" + expression
                                                        + ") cannot be matched," + " as it is not a string");
                                            }
                                            output.emit(
                                                    matches(
                                                            input.asText(),
                                                            expression.asText(),
                                                            modifiers.isNull() ? "" : modifiers.asText(),
                                                            only.asBoolean()),
                                                    null);
                                        })));
    }

    private static String shownType(JsonNode node) {
        return node.isContainerNode()
                ? node.isArray() ? "array" : "object"
                : node.isTextual() ? "string" : node.isNull() ? "null" : node.isBoolean() ? "boolean" : "number";
    }

    private static JsonNode matches(String text, String expression, String modifiers, boolean only)
            throws JsonQueryException {
        int flags = 0;
        for (char modifier : modifiers.toCharArray()) {
            flags |= switch (modifier) {
                case 'g', 'n', 's', 'x' -> 0;
                case 'i' -> Pattern.CASE_INSENSITIVE;
                case 'l' -> Pattern.LONGEST_MATCH;
                case 'p' -> Pattern.DOTALL;
                default -> throw new JsonQueryException(modifiers + " is not a valid modifier string");
            };
        }
        TextPattern pattern;
        try {
            pattern = TextPattern.perl(expression, flags, modifiers.indexOf('x') >= 0);
        } catch (IllegalArgumentException e) {
            throw new JsonQueryException(expression + " (at offset 0) is not a valid regex: " + e.getMessage());
        }
        boolean all = !only && modifiers.indexOf('g') >= 0;
        ArrayNode result = Json.MAPPER.createArrayNode();
        List<String> names = pattern.groupNames();
        for (TextPattern.Found found : pattern.all(text, all ? MATCHES_MAX : 1)) {
            if (found.end() > found.start() || modifiers.indexOf('n') < 0) {
                result.add(shown(text, found, names));
            }
        }
        return only ? BooleanNode.valueOf(!result.isEmpty()) : result;
    }

    private static JsonNode shown(String text, TextPattern.Found found, List<String> names) {
        ObjectNode match = place(text, found.groups().getFirst());
        ArrayNode captures = match.putArray("captures");
        for (int i = 1; i < found.groups().size(); i++) {
            ObjectNode capture = place(text, found.groups().get(i));
            String name = names.get(i - 1);
            captures.add(name.isEmpty() ? capture.putNull("name") : capture.put("name", name));
        }
        return match;
    }

    private static ObjectNode place(String text, TextPattern.Found.Group group) {
        ObjectNode place = Json.MAPPER.createObjectNode();
        if (group.start() < 0) {
            return place.put("offset", -1).put("length", 0).putNull("string");
        }
        return place.put("offset", text.codePointCount(0, group.start()))
                .put("length", text.codePointCount(group.start(), group.end()))
                .put("string", text.substring(group.start(), group.end()));
    }
}
