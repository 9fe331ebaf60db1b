package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clusterlab.simulator.core.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Reads what the API is sent, and writes its times. */
public final class DockerJson {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    /** What the engine writes for a time that has not come. */
    public static final String NEVER = "0001-01-01T00:00:00Z";

    /** A null in a list or a map counts as not given: what is made of it further in never meets one. */
    private static final ObjectMapper REQUESTS = Json.MAPPER
            .copy()
            .setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.SKIP));

    private DockerJson() {}

    /** Reads a request body. Throws an {@link ApiException} with status 400 if it is not what the type says. */
    public static <T> T read(byte[] body, Class<T> type) {
        try {
            T value = REQUESTS.readValue(body, type);
            if (value == null) {
                throw ApiException.badRequest("got EOF while reading request body");
            }
            return value;
        } catch (IOException e) {
            throw ApiException.badRequest("invalid JSON: " + Json.problem(e));
        }
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
