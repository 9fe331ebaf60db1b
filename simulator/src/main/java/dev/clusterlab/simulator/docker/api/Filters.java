package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.core.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The {@code filters} parameter of list calls: all keys must match, each by any of its values. */
public record Filters(Map<String, List<String>> values) {
    public static final Filters NONE = new Filters(Map.of());

    public static Filters of(String key, String value) {
        return new Filters(Map.of(key, List.of(value)));
    }

    /**
     * Reads both wire forms: {@code {"id":["x"]}} and {@code {"id":{"x":true}}}. Null or empty text means no filter.
     * Throws an {@link ApiException} with status 400 on anything else.
     */
    public static Filters parse(@Nullable String json) {
        if (json == null || json.isBlank()) {
            return NONE;
        }
        var values = new LinkedHashMap<String, List<String>>();
        try {
            JsonNode tree = Json.MAPPER.readTree(json);
            if (tree.isNull()) {
                return NONE;
            }
            if (!tree.isObject()) {
                throw ApiException.badRequest("invalid filter");
            }
            tree.properties().forEach(field -> {
                var list = new ArrayList<String>();
                if (field.getValue().isArray()) {
                    for (JsonNode value : field.getValue()) {
                        if (!value.isTextual() && !value.isNull()) {
                            throw ApiException.badRequest("invalid filter");
                        }
                        list.add(value.isNull() ? "" : value.asText());
                    }
                } else if (!field.getValue().isObject() && !field.getValue().isNull()) {
                    throw ApiException.badRequest("invalid filter");
                } else {
                    field.getValue().properties().forEach(value -> {
                        if (!value.getValue().isBoolean() && !value.getValue().isNull()) {
                            throw ApiException.badRequest("invalid filter");
                        }
                        if (value.getValue().asBoolean(true)) {
                            list.add(value.getKey());
                        }
                    });
                }
                values.put(field.getKey(), List.copyOf(list));
            });
        } catch (IOException e) {
            throw ApiException.badRequest("invalid filter");
        }
        return new Filters(values);
    }

    public List<String> get(String key) {
        return values.getOrDefault(key, List.of());
    }

    public boolean has(String key) {
        return !get(key).isEmpty();
    }

    /** True if the key is not given, or one of its values satisfies the test. */
    public boolean any(String key, Predicate<String> test) {
        List<String> wanted = get(key);
        return wanted.isEmpty() || wanted.stream().anyMatch(test);
    }

    /** True if the key is not given, or one of its values is found in the text: see {@link #found}. */
    public boolean matches(String key, String text) {
        return any(key, wanted -> found(wanted, text));
    }

    /**
     * Whether the text has {@code wanted} in it, from its beginning with {@code ^} and to its end with {@code $}. Other
     * signs of regular expressions, which the engine knows too, are refused by an {@link ApiException}.
     */
    public static boolean found(String wanted, String text) {
        boolean fromBeginning = wanted.startsWith("^");
        boolean toEnd = wanted.endsWith("$");
        String words = wanted.substring(
                fromBeginning ? 1 : 0, Math.max(fromBeginning ? 1 : 0, wanted.length() - (toEnd ? 1 : 0)));
        if (words.chars().anyMatch(c -> "\\^$*+?()[]{}|".indexOf(c) >= 0)) {
            throw new ApiException(
                    501,
                    "the embedded engine knows only ^ and $ of regular expressions in filters, not '" + wanted + "'");
        }
        if (fromBeginning && toEnd) {
            return text.equals(words);
        }
        return fromBeginning ? text.startsWith(words) : toEnd ? text.endsWith(words) : text.contains(words);
    }

    /** Whether labels satisfy every {@code KEY} or {@code KEY=VALUE} under {@code key}. */
    public boolean labels(String key, @Nullable Map<String, String> labels) {
        Map<String, String> present = labels == null ? Map.of() : labels;
        return get(key).stream().allMatch(wanted -> {
            int equals = wanted.indexOf('=');
            return equals < 0
                    ? present.containsKey(wanted)
                    : wanted.substring(equals + 1).equals(present.get(wanted.substring(0, equals)));
        });
    }

    /**
     * True or false as the key says, {@code otherwise} if it is not given (moby daemon/internal/filters). Throws an
     * {@link ApiException} with status 400 if it says neither, or both.
     */
    public boolean flag(String key, boolean otherwise) {
        List<String> wanted = get(key);
        if (wanted.isEmpty()) {
            return otherwise;
        }
        boolean yes = wanted.stream().anyMatch(value -> value.equals("1") || value.equals("true"));
        boolean no = wanted.stream().anyMatch(value -> value.equals("0") || value.equals("false"));
        if (yes == no) {
            throw ApiException.badRequest("invalid filter '" + key + "=[" + String.join(" ", wanted) + "]'");
        }
        return yes;
    }

    /** Throws an {@link ApiException} with status 400 if a key is not among {@code accepted}. */
    public void accept(List<String> accepted) {
        for (String key : values.keySet()) {
            if (!accepted.contains(key)) {
                throw ApiException.badRequest("invalid filter '" + key + "'");
            }
        }
    }
}
