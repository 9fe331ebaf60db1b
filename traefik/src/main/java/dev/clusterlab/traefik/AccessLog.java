package dev.clusterlab.traefik;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What Traefik's access log tells: a line for each request, in Traefik's own common format, on standard output.
 *
 * @param statusCodes of the requests that get a line; none given means all
 * @param referer what becomes of the header {@code Referer}
 * @param userAgent what becomes of the header {@code User-Agent}
 */
public record AccessLog(List<Codes> statusCodes, Mode referer, Mode userAgent) {
    private static final String NAME = "accessLog";

    public AccessLog {
        statusCodes = List.copyOf(statusCodes);
    }

    /** What becomes of a header; as Traefik does, those that nothing is said of are dropped. */
    public enum Mode {
        KEEP,
        DROP,
        REDACT
    }

    /** From one status to another, both included. */
    public record Codes(int from, int to) {}

    /** Of all requests, without their headers. */
    public static AccessLog all() {
        return new AccessLog(List.of(), Mode.DROP, Mode.DROP);
    }

    /** Whether a request with this status gets a line. */
    public boolean tells(int status) {
        return statusCodes.isEmpty()
                || statusCodes.stream().anyMatch(codes -> codes.from() <= status && status <= codes.to());
    }

    /** @throws ConfigurationException for what the log cannot do in this lab */
    static AccessLog read(Options options) {
        if (!options.text("format", "common").equals("common")) {
            throw new ConfigurationException(
                    NAME + ".format: " + options.text("format", "") + " does not exist in this lab; there is common");
        }
        for (String other : List.of(
                "filePath",
                "bufferingSize",
                "addInternals",
                "otlp",
                "filters.retryAttempts",
                "filters.minDuration",
                "fields.defaultMode",
                "fields.names",
                "fields.queryParameters")) {
            if (options.has(other)) {
                throw new ConfigurationException(NAME + "." + other + " does not exist in this lab; there are format,"
                        + " filters.statusCodes and fields.headers");
            }
        }
        Mode otherwise = mode("defaultMode", options.text("fields.headers.defaultMode", "drop"));
        Mode referer = otherwise;
        Mode userAgent = otherwise;
        for (var named : options.map("fields.headers.names").entrySet()) {
            Mode mode = mode("names." + named.getKey(), named.getValue());
            switch (named.getKey().toLowerCase(Locale.ROOT)) {
                case "referer" -> referer = mode;
                case "user-agent" -> userAgent = mode;
                default -> {
                    // The common format has no place for others.
                }
            }
        }
        return new AccessLog(codes(options.list("filters.statusCodes", List.of())), referer, userAgent);
    }

    private static Mode mode(String name, String text) {
        return switch (text) {
            case "keep" -> Mode.KEEP;
            case "drop" -> Mode.DROP;
            case "redact" -> Mode.REDACT;
            default ->
                throw new ConfigurationException(
                        NAME + ".fields.headers." + name + ": \"" + text + "\" is none of keep, drop and redact");
        };
    }

    private static List<Codes> codes(List<String> texts) {
        List<Codes> codes = new ArrayList<>();
        for (String text : texts) {
            if (!text.matches("[1-5][0-9]{2}(-[1-5][0-9]{2})?")) {
                throw new ConfigurationException(NAME + ".filters.statusCodes: \"" + text
                        + "\" is neither a status nor a range such as 400-599");
            }
            codes.add(new Codes(
                    Integer.parseInt(text.substring(0, 3)), Integer.parseInt(text.substring(text.length() - 3))));
        }
        return codes;
    }
}
