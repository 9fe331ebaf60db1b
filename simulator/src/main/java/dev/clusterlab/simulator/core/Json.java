package dev.clusterlab.simulator.core;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.List;

/**
 * The simulator's one JSON mapper, so that its rooms write and read alike. Fields that a record does not know are skipped,
 * as the real programs do. Values are read as Go's encoding/json reads them: names match without regard to case, a text is no
 * number and a number no text, fractions are no integers, and nulls in lists are left out. It is never configured after this, and may be used by any thread.
 */
public final class Json {
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withConfigOverride(List.class, list -> list.setSetterInfo(JsonSetter.Value.forContentNulls(Nulls.SKIP)))
            .build();

    private Json() {}

    /** Why bytes could not be read as JSON, in the words of Go's {@code encoding/json} and without a class of ours. */
    public static String problem(IOException failure) {
        return switch (failure) {
            case JsonEOFException cut -> "unexpected EOF";
            case StreamConstraintsException huge -> "exceeded max depth";
            case JsonMappingException mapping
            when !mapping.getPath().isEmpty() -> "json: cannot unmarshal value into field " + path(mapping);
            case JsonMappingException mapping -> "json: cannot unmarshal value into an object";
            case JsonProcessingException syntax
            when syntax.getLocation() != null ->
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
