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
            if (!tree.isObject()) {
                throw ApiException.badRequest("invalid filter");
            }
            tree.properties().forEach(field -> {
                var list = new ArrayList<String>();
                if (field.getValue().isArray()) {
                    field.getValue().forEach(value -> list.add(value.asText()));
                } else {
                    field.getValue().properties().forEach(value -> {
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

    /** Throws an {@link ApiException} with status 400 if a key is not among {@code accepted}. */
    public void accept(List<String> accepted) {
        for (String key : values.keySet()) {
            if (!accepted.contains(key)) {
                throw ApiException.badRequest("invalid filter '" + key + "'");
            }
        }
    }
}
