package dev.clusterlab.simulator.endpoints;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Nothing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request to the Docker Engine API: its parameters, and the ways to answer it. */
record DockerRequest(HttpExchange exchange, Version version, List<String> groups) {
    private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};

    /** A version of the API. */
    record Version(int major, int minor) implements Comparable<Version> {
        static final Version LATEST = parse(DockerDaemon.API_VERSION);
        private static final Version MIN = parse(DockerDaemon.API_VERSION_MIN);
        /** Since this one logs say by their media type whether they are framed. */
        static final Version MULTIPLEXED = new Version(1, 42);

        static Version of(String major, String minor) {
            try {
                return new Version(Integer.parseInt(major), Integer.parseInt(minor));
            } catch (NumberFormatException e) {
                throw new ApiException(400, "invalid API version " + major + "." + minor);
            }
        }

        private static Version parse(String text) {
            int dot = text.indexOf('.');
            return of(text.substring(0, dot), text.substring(dot + 1));
        }

        void check() {
            if (compareTo(MIN) < 0) {
                throw new ApiException(
                        400,
                        "client version " + this + " is too old. Minimum supported API version is " + MIN
                                + ", please upgrade your client to a newer version");
            }
            if (compareTo(LATEST) > 0) {
                throw new ApiException(
                        400, "client version " + this + " is too new. Maximum supported API version is " + LATEST);
            }
        }

        @Override
        public int compareTo(Version other) {
            return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    DockerRequest with(List<String> newGroups) {
        return new DockerRequest(exchange, version, newGroups);
    }

    HttpMessage.Request request() {
        return exchange.request();
    }

    /** What stands in the path. */
    String id() {
        return groups.get(0);
    }

    /** As Docker reads booleans: absent, empty, 0, no, false and none are false. */
    boolean flag(String name) {
        String value = request().parameter(name);
        if (value == null) {
            return false;
        }
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "", "0", "no", "false", "none" -> false;
            default -> true;
        };
    }

    int number(String name, int otherwise) {
        String value = request().parameter(name);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new ApiException(400, "strconv.Atoi: parsing \"" + value + "\": invalid syntax");
        }
    }

    String required(String name) {
        String value = request().parameter(name);
        if (value == null || value.isEmpty()) {
            throw new ApiException(400, "parameter " + name + " is missing");
        }
        return value;
    }

    /** Seconds until a container that does not stop is killed, or null for its own. */
    @Nullable
    Integer grace() {
        String value = request().parameter("t");
        return value == null || value.isEmpty() ? null : number("t", 0);
    }

    long versionParameter() {
        String value = request().parameter("version");
        try {
            return Long.parseUnsignedLong(value == null ? "" : value);
        } catch (NumberFormatException e) {
            throw new ApiException(
                    400,
                    "invalid version '" + (value == null ? "" : value) + "': strconv.ParseUint: parsing \""
                            + (value == null ? "" : value) + "\": invalid syntax");
        }
    }

    /** A time as seconds since 1970 with or without a fraction, in nanoseconds; 0 if absent. */
    long timeNanos(String name) {
        String value = request().parameter(name);
        if (value == null || value.isEmpty()) {
            return 0;
        }
        if (!value.matches("-?[0-9]{1,10}(\\.[0-9]{1,9})?")) {
            throw new ApiException(400, "invalid value for \"" + name + "\": value must be a timestamp in seconds");
        }
        return new java.math.BigDecimal(value).movePointRight(9).longValue();
    }

    Filters filters() {
        return Filters.parse(request().parameter("filters"));
    }

    <T> T body(Class<T> type) {
        byte[] body = request().body();
        String contentType = request().header("content-type");
        if (body.length > 0
                && contentType != null
                && !contentType.isEmpty()
                && !contentType.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw new ApiException(
                    400, "unsupported Content-Type header (" + contentType + "): must be 'application/json'");
        }
        return DockerJson.read(body, type);
    }

    // ---- answers

    /** With what every answer of an engine carries. */
    static HttpMessage.Response decorated(HttpMessage.Response response) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("api-version", DockerDaemon.API_VERSION);
        headers.putAll(response.headers());
        headers.put("docker-experimental", "false");
        headers.put("ostype", "linux");
        headers.put("server", "Docker/" + DockerDaemon.VERSION + " (linux)");
        return new HttpMessage.Response(response.status(), headers, response.body());
    }

    void respond(HttpMessage.Response response) {
        exchange.respond(decorated(response));
    }

    HttpExchange.Stream stream(int status, Map<String, String> headers) {
        return exchange.stream(decorated(new HttpMessage.Response(status, headers, new byte[0])));
    }

    void json(int status, Object value) {
        respond(new HttpMessage.Response(status, Map.of("content-type", "application/json"), Json.bytes(value)));
    }

    void error(int status, String message) {
        if (status == 304) {
            respond(HttpMessage.Response.empty(304));
        } else {
            json(status, Map.of("message", message));
        }
    }

    /** Answers a result that is there already as JSON. */
    <T> void answer(int status, ApiResult<T> result) {
        this.<T>json(status).accept(result);
    }

    /** Answers a result as JSON. */
    <T> Consumer<ApiResult<T>> json(int status) {
        return json(status, value -> value);
    }

    <T> Consumer<ApiResult<T>> json(int status, Function<? super T, ?> shape) {
        return result -> {
            switch (result) {
                case ApiResult.Ok<T>(T value) -> json(status, (Object) shape.apply(value));
                case ApiResult.Error<T>(int code, String message) -> error(code, message);
            }
        };
    }

    /** Answers without a body. */
    Consumer<ApiResult<Nothing>> empty(int status) {
        return result -> {
            switch (result) {
                case ApiResult.Ok<Nothing>(Nothing value) -> respond(HttpMessage.Response.empty(status));
                case ApiResult.Error<Nothing>(int code, String message) -> error(code, message);
            }
        };
    }

    /** Answers whether something changed: 204 or 304. */
    Consumer<ApiResult<Boolean>> changed() {
        return result -> {
            switch (result) {
                case ApiResult.Ok<Boolean>(Boolean value) -> respond(HttpMessage.Response.empty(value ? 204 : 304));
                case ApiResult.Error<Boolean>(int code, String message) -> error(code, message);
            }
        };
    }

    static Map<String, Object> tree(Object value) {
        return Json.MAPPER.convertValue(value, TREE);
    }
}
