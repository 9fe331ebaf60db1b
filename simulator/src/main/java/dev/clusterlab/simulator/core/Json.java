package dev.clusterlab.simulator.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * The simulator's one JSON mapper, so that its rooms write and read alike. Fields that a record does not know are skipped,
 * as the real programs do. It is never configured after this, and may be used by any thread.
 */
public final class Json {
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    /** Why bytes could not be read as JSON, in the words of Go's {@code encoding/json} and without a class of ours. */
    public static String problem(IOException failure) {
        return switch (failure) {
            case JsonEOFException cut -> "unexpected EOF";
            case StreamConstraintsException huge -> "exceeded max depth";
            case JsonMappingException mapping when !mapping.getPath().isEmpty() ->
                "json: cannot unmarshal value into field " + path(mapping);
            case JsonMappingException mapping -> "json: cannot unmarshal value into an object";
            case JsonProcessingException syntax when syntax.getLocation() != null ->
                "invalid JSON at line " + syntax.getLocation().getLineNr() + ", column "
                        + syntax.getLocation().getColumnNr();
            default -> "it cannot be read";
        };
    }

    private static String path(JsonMappingException mapping) {
        var path = new StringBuilder();
        for (JsonMappingException.Reference reference : mapping.getPath()) {
            String name = reference.getFieldName();
            path.append(name == null ? "[" + reference.getIndex() + "]" : (path.isEmpty() ? "" : ".") + name);
        }
        return path.toString();
    }

    /** A tree or a record as UTF-8. Throws an {@link IllegalArgumentException} if JSON cannot represent it. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not representable as JSON: " + value.getClass(), e);
        }
    }
}
