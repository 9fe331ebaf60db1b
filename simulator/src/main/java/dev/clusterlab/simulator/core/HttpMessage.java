package dev.clusterlab.simulator.core;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HTTP inside the simulation. Header names are lower case. */
public sealed interface HttpMessage {
    Map<String, String> headers();

    byte[] body();

    /** A header by its lower-case name, or null. */
    default @Nullable String header(String name) {
        return headers().get(name.toLowerCase(Locale.ROOT));
    }

    /** The body as UTF-8 text. */
    default String text() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /**
     * A request.
     *
     * @param path decoded path without the query
     * @param query decoded parameters in their order; a parameter without a value has the empty string
     */
    record Request(
            String method, String path, Map<String, List<String>> query, Map<String, String> headers, byte[] body)
            implements HttpMessage {
        public static Request get(String path) {
            return of("GET", path);
        }

        public static Request of(String method, String path) {
            return new Request(method, path, Map.of(), Map.of(), new byte[0]);
        }

        public Request withHeader(String name, String value) {
            var changed = new LinkedHashMap<>(headers);
            changed.put(name.toLowerCase(Locale.ROOT), value);
            return new Request(method, path, query, changed, body);
        }

        public Request withQuery(String name, String value) {
            var changed = new LinkedHashMap<>(query);
            changed.put(name, List.of(value));
            return new Request(method, path, changed, headers, body);
        }

        public Request withBody(String text) {
            return new Request(method, path, query, headers, text.getBytes(StandardCharsets.UTF_8));
        }

        /**
         * The parameters of a query as it stands in a URL, decoded, in their order; empty for null.
         *
         * @throws IllegalArgumentException if its percent-encoding is malformed
         */
        public static Map<String, List<String>> query(@Nullable String raw) {
            var query = new LinkedHashMap<String, List<String>>();
            for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    String value = equals < 0 ? "" : pair.substring(equals + 1);
                    query.computeIfAbsent(URLDecoder.decode(name, StandardCharsets.UTF_8), key -> new ArrayList<>())
                            .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
                }
            }
            return query;
        }

        /** Whether its method is one that only reads: GET or HEAD. */
        public boolean reads() {
            return method.equals("GET") || method.equals("HEAD");
        }

        /** The first value of a query parameter, or null if it is absent. */
        public @Nullable String parameter(String name) {
            List<String> values = query.get(name);
            return values == null || values.isEmpty() ? null : values.get(0);
        }

        /** Whether a query parameter is present, with or without a value. */
        public boolean has(String name) {
            return query.containsKey(name);
        }
    }

    /** A complete answer. */
    record Response(int status, Map<String, String> headers, byte[] body) implements HttpMessage {
        public static Response text(int status, String text) {
            return new Response(
                    status, Map.of("content-type", "text/plain; charset=utf-8"), text.getBytes(StandardCharsets.UTF_8));
        }

        public static Response html(String page) {
            return new Response(
                    200, Map.of("content-type", "text/html; charset=utf-8"), page.getBytes(StandardCharsets.UTF_8));
        }

        /** A JSON answer from a tree or a bean. */
        public static Response json(int status, Object value) {
            return new Response(status, Map.of("content-type", "application/json"), Json.bytes(value));
        }

        public static Response empty(int status) {
            return new Response(status, Map.of(), new byte[0]);
        }

        public Response withHeader(String name, String value) {
            var changed = new LinkedHashMap<>(headers);
            changed.put(name.toLowerCase(Locale.ROOT), value);
            return new Response(status, changed, body);
        }
    }
}
