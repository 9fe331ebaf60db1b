package dev.clusterlab.shell.consul;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a {@link ConsulAnswer.Reply}'s tree as Go does: what is missing is the type's zero value. */
final class AnswerTree {
    private AnswerTree() {}

    /** The fields of an object, in the answer's order. */
    static Map<String, @Nullable Object> object(@Nullable Object value) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, field) -> fields.put(String.valueOf(name), field));
        }
        return fields;
    }

    /** The fields of an object by name. */
    static Map<String, @Nullable Object> sorted(@Nullable Object value) {
        return new TreeMap<>(object(value));
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    static @Nullable Object field(@Nullable Object value, String name) {
        return object(value).get(name);
    }

    static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    static String text(@Nullable Object value, String name) {
        return text(field(value, name));
    }

    /** A number as it stands in the answer; 0 where there is none. */
    static String number(@Nullable Object value, String name) {
        String text = text(value, name);
        return text.isEmpty() ? "0" : text;
    }

    static boolean flag(@Nullable Object value, String name) {
        return Boolean.TRUE.equals(field(value, name));
    }

    /** {@code name=value} pairs by name. */
    static String pairs(@Nullable Object value, String between) {
        return sorted(value).entrySet().stream()
                .map(pair -> pair.getKey() + "=" + text(pair.getValue()))
                .collect(Collectors.joining(between));
    }
}
