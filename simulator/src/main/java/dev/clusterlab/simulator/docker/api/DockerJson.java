package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.clusterlab.simulator.core.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads what the API is sent, and writes its times. */
public final class DockerJson {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    /** What the engine writes for a time that has not come. */
    public static final String NEVER = "0001-01-01T00:00:00Z";

    private DockerJson() {}

    /** Reads a request body. Throws an {@link ApiException} with status 400 if it is not what the type says. */
    public static <T> T read(byte[] body, Class<T> type) {
        // A body of no length says nothing, which is no error but where a container is to be made.
        byte[] text = body.length == 0 && type != ContainerConfig.class ? new byte[] {'{', '}'} : body;
        try (JsonParser parser = Json.MAPPER.createParser(text)) {
            T value = read(parser, type);
            if (parser.nextToken() != null) {
                throw ApiException.badRequest("unexpected content after JSON");
            }
            return value;
        } catch (IOException e) {
            throw ApiException.badRequest("invalid JSON: " + Json.problem(e));
        }
    }

    private static <T> T read(JsonParser parser, Class<T> type) throws IOException {
        try {
            if (parser.nextToken() == null) {
                throw ApiException.badRequest("invalid JSON: got EOF while reading request body");
            }
            T value = Json.MAPPER.readValue(parser, type);
            // As Go reads a null: into what there is when nothing is said.
            return value == null ? Json.MAPPER.readValue("{}", type) : value;
        } catch (MismatchedInputException e) {
            throw ApiException.badRequest("invalid JSON: json: " + mismatch(e, parser.currentToken(), type));
        }
    }

    /** In the words of Go's encoding/json. */
    private static String mismatch(MismatchedInputException error, @Nullable JsonToken token, Class<?> type) {
        var path = new StringBuilder(type.getSimpleName());
        for (JsonMappingException.Reference step : error.getPath()) {
            if (step.getFieldName() != null) {
                path.append('.').append(step.getFieldName());
            }
        }
        String place = path.indexOf(".") < 0 ? "value" : "struct field " + path;
        return "cannot unmarshal " + found(token) + " into Go " + place + " of type " + wanted(error.getTargetType());
    }

    private static String found(@Nullable JsonToken token) {
        return switch (token) {
            case null -> "value";
            case VALUE_STRING -> "string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
            case VALUE_TRUE, VALUE_FALSE -> "bool";
            case START_ARRAY, END_ARRAY -> "array";
            case START_OBJECT, END_OBJECT, FIELD_NAME -> "object";
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT, VALUE_NULL -> "value";
        };
    }

    private static String wanted(@Nullable Class<?> type) {
        if (type == null) {
            return "value";
        }
        return switch (type.getSimpleName()) {
            case "Long", "long" -> "int64";
            case "Integer", "int" -> "int";
            case "Boolean", "boolean" -> "bool";
            case "Double", "double" -> "float64";
            case "String" -> "string";
            case "List", "ArrayList" -> "slice";
            case "Map", "LinkedHashMap" -> "map";
            default -> "struct";
        };
    }

    /** As Go's RFC3339Nano: nanoseconds without trailing zeros. */
    public static String time(Instant instant) {
        String text = SECONDS.format(instant);
        int nanos = instant.getNano();
        if (nanos != 0) {
            String digits = String.valueOf(1_000_000_000L + nanos).substring(1);
            int end = digits.length();
            while (digits.charAt(end - 1) == '0') {
                end--;
            }
            text += "." + digits.substring(0, end);
        }
        return text + "Z";
    }
}
