package dev.clusterlab.shell.consul;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request to Consul's HTTP API.
 *
 * @param path decoded
 * @param query decoded, in the order in which they are sent; a parameter without a value has the empty text
 * @param body the value of a key in base 64, which may be any bytes; empty for none
 */
public record ConsulRequest(String method, String path, Map<String, String> query, String body) {
    private static final String PLAIN = "-._~/:";

    public ConsulRequest {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
    }

    static ConsulRequest get(String path) {
        return new ConsulRequest("GET", path, Map.of(), "");
    }

    static ConsulRequest put(String path) {
        return new ConsulRequest("PUT", path, Map.of(), "");
    }

    static ConsulRequest delete(String path) {
        return new ConsulRequest("DELETE", path, Map.of(), "");
    }

    ConsulRequest with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(query);
        changed.put(name, value);
        return new ConsulRequest(method, path, changed, body);
    }

    ConsulRequest withBody(String base64) {
        return new ConsulRequest(method, path, query, base64);
    }

    /** Path and query as they stand in a request line. */
    public String target() {
        StringBuilder text = new StringBuilder(encoded(path));
        char before = '?';
        for (Map.Entry<String, String> parameter : query.entrySet()) {
            text.append(before).append(encoded(parameter.getKey()));
            if (!parameter.getValue().isEmpty()) {
                text.append('=').append(encoded(parameter.getValue()));
            }
            before = '&';
        }
        return text.toString();
    }

    private static String encoded(String text) {
        StringBuilder result = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xff);
            if (character < 0x80 && (Character.isLetterOrDigit(character) || PLAIN.indexOf(character) >= 0)) {
                result.append(character);
            } else {
                result.append('%').append(Character.toUpperCase(Character.forDigit(character >> 4, 16)));
                result.append(Character.toUpperCase(Character.forDigit(character & 15, 16)));
            }
        }
        return result.toString();
    }
}
