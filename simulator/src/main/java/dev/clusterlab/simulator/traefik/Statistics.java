package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.traefik.AccessLog;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts requests, for {@code /metrics}, the old {@code /health} and the access log. */
final class Statistics {
    private static final DateTimeFormatter ACCESS_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final ProgramContext context;
    private final Map<String, Map<Integer, Long>> byEntryPoint = new TreeMap<>();
    private final Map<String, Map<Integer, Long>> byService = new TreeMap<>();
    private final Map<String, Long> retries = new TreeMap<>();
    private final long startedNanos;
    private long total;
    private long reloads;
    private double seconds;

    Statistics(ProgramContext context) {
        this.context = context;
        this.startedNanos = context.simulation().nowNanos();
    }

    void counted(String entryPoint, String service, int status, double tookSeconds) {
        total++;
        seconds += tookSeconds;
        byEntryPoint.computeIfAbsent(entryPoint, name -> new TreeMap<>()).merge(status, 1L, Long::sum);
        if (!service.isEmpty()) {
            byService.computeIfAbsent(service, name -> new TreeMap<>()).merge(status, 1L, Long::sum);
        }
    }

    void retried(String service) {
        retries.merge(service, 1L, Long::sum);
    }

    void reloaded() {
        reloads++;
    }

    /** Prometheus text. */
    String metrics(RuntimeConfiguration configuration) {
        var text = new StringBuilder();
        head(text, "traefik_config_reloads_total", "counter", "Config reloads");
        text.append("traefik_config_reloads_total ").append(reloads).append('\n');
        head(text, "traefik_entrypoint_requests_total", "counter", "How many HTTP requests processed on an entrypoint");
        byEntryPoint.forEach(
                (name, codes) -> codes.forEach((code, count) -> text.append("traefik_entrypoint_requests_total{code=\""
                        + code + "\",entrypoint=\"" + name + "\"} " + count + "\n")));
        head(text, "traefik_service_requests_total", "counter", "How many HTTP requests processed on a service");
        byService.forEach((name, codes) -> codes.forEach((code, count) -> text.append(
                "traefik_service_requests_total{code=\"" + code + "\",service=\"" + name + "\"} " + count + "\n")));
        head(text, "traefik_service_retries_total", "counter", "How many request retries happened on a service");
        retries.forEach((name, count) ->
                text.append("traefik_service_retries_total{service=\"" + name + "\"} " + count + "\n"));
        head(text, "traefik_service_server_up", "gauge", "service server is up, described by gauge value of 0 or 1");
        configuration.services.forEach((name, balancer) -> balancer.status()
                .forEach((url, state) -> text.append("traefik_service_server_up{service=\"" + name + "\",url=\"" + url
                        + "\"} " + (state.equals("UP") ? 1 : 0) + "\n")));
        return text.toString();
    }

    /** The JSON of {@code /health} in the first version. */
    Map<String, Object> legacyHealth() {
        double uptime = (context.simulation().nowNanos() - startedNanos) / 1e9;
        Map<String, Long> codes = new TreeMap<>();
        byEntryPoint
                .values()
                .forEach(counts -> counts.forEach((code, count) -> codes.merge("" + code, count, Long::sum)));
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("pid", 1);
        health.put(
                "uptime",
                context.simulation().elapsed().minusNanos(startedNanos).toString());
        health.put("uptime_sec", uptime);
        health.put("time", context.now().toString());
        health.put("unixtime", context.now().getEpochSecond());
        health.put("status_code_count", Map.of());
        health.put("total_status_code_count", codes);
        health.put("count", 0);
        health.put("total_count", total);
        health.put("total_response_time_sec", seconds);
        health.put("average_response_time_sec", total == 0 ? 0.0 : seconds / total);
        return health;
    }

    /** A line of the access log, in the common format with Traefik's additions. */
    String accessLine(
            AccessLog log,
            HttpMessage.Request request,
            HttpMessage.Response response,
            String router,
            String serverUrl,
            double tookSeconds) {
        return "- - - [" + ACCESS_TIME.format(context.now()) + "] \"" + request.method() + " "
                + request.path() + " HTTP/1.1\" " + response.status() + " " + response.body().length + " "
                + logged(log.referer(), request.header("referer")) + " "
                + logged(log.userAgent(), request.header("user-agent")) + " " + total + " \""
                + (router.isEmpty() ? "-" : router) + "\" \""
                + (serverUrl.isEmpty() ? "-" : serverUrl) + "\" " + Math.round(tookSeconds * 1000) + "ms";
    }

    private static String logged(AccessLog.Mode mode, @Nullable String header) {
        return header == null
                ? "\"-\""
                : switch (mode) {
                    case KEEP -> '"' + header.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
                    case DROP -> "\"-\"";
                    case REDACT -> "\"REDACTED\"";
                };
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
