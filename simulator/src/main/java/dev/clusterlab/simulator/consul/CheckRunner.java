package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.core.HttpExchange.Failure;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one check from its agent: the first time after U[0, interval), then every interval (agent/checks). */
final class CheckRunner {
    private static final int OUTPUT_BYTES_MAX = 4096;

    private final ProgramContext context;
    private final CheckDefinition definition;
    private final SimRandom random;
    private final Consumer<Outcome> results;
    private @Nullable Timer next;
    private boolean stopped;

    record Outcome(String status, String output) {}

    CheckRunner(ProgramContext context, CheckDefinition definition, SimRandom random, Consumer<Outcome> results) {
        this.context = context;
        this.definition = definition;
        this.random = random;
        this.results = results;
    }

    void start() {
        if (definition.ttl() != null) {
            heartbeat();
        } else if (definition.http() != null || definition.tcp() != null) {
            next = context.scope()
                    .schedule(
                            Duration.ofNanos(
                                    random.nextLong(definition.interval().toNanos())),
                            this::run);
        }
    }

    void stop() {
        stopped = true;
        if (next != null) {
            next.cancel();
        }
    }

    /** Somebody reported for a TTL check: its time begins anew. */
    void heartbeat() {
        Duration ttl = definition.ttl();
        if (ttl == null) {
            return;
        }
        if (next != null) {
            next.cancel();
        }
        next = context.scope().schedule(ttl, () -> results.accept(new Outcome(Records.CRITICAL, "TTL expired")));
    }

    private void run() {
        Target target = Target.of(definition);
        if (target == null) {
            String what = definition.http() != null ? definition.http() : definition.tcp();
            finish(new Outcome(Records.CRITICAL, "invalid address: " + what));
            return;
        }
        var request = new HttpMessage.Request(
                definition.http() == null ? "HEAD" : definition.method(),
                target.path(),
                target.query(),
                Ordered.map(
                        "host", target.host() + ":" + target.port(),
                        "user-agent", "Consul Health Check",
                        "accept", "text/plain, text/*, */*"),
                new byte[0]);
        context.http(target.host(), target.port(), request, definition.timeout(), result -> {
            if (!stopped) {
                finish(definition.http() != null ? ofHttp(result, target) : ofTcp(result, target));
            }
        });
    }

    /** The next run is due one interval after this one ended, as in Consul. */
    private void finish(Outcome outcome) {
        try {
            results.accept(outcome);
        } finally {
            // Whatever one result leads to, the check goes on.
            if (!stopped) {
                next = context.scope().schedule(definition.interval(), this::run);
            }
        }
    }

    private Outcome ofHttp(HttpResult result, Target target) {
        String method = definition.method().toUpperCase(Locale.ROOT);
        return switch (result) {
            case HttpResult.Failed failed ->
                new Outcome(
                        Records.CRITICAL,
                        method.charAt(0) + method.substring(1).toLowerCase(Locale.ROOT) + " \"" + definition.http()
                                + "\": " + reason(failed.failure(), target));
            case HttpResult.Answered answered -> {
                int status = answered.response().status();
                String output = "HTTP " + method + " " + definition.http() + ": " + status + " " + phrase(status)
                        + " Output: " + shortened(answered.response().text());
                String health = status >= 200 && status < 300
                        ? Records.PASSING
                        : status == 429 ? Records.WARNING : Records.CRITICAL;
                yield new Outcome(health, output);
            }
        };
    }

    /** Whatever answers, even with nonsense, has taken the connection. */
    private static Outcome ofTcp(HttpResult result, Target target) {
        String address = target.host() + ":" + target.port();
        if (result instanceof HttpResult.Failed failed && failed.failure() != Failure.RESET) {
            return new Outcome(Records.CRITICAL, reason(failed.failure(), target));
        }
        return new Outcome(Records.PASSING, "TCP connect " + address + ": Success");
    }

    private static String reason(Failure failure, Target target) {
        String address = target.host() + ":" + target.port();
        return switch (failure) {
            case REFUSED -> "dial tcp " + address + ": connect: connection refused";
            case TIMEOUT -> "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
            case UNREACHABLE -> "dial tcp " + address + ": connect: no route to host";
            case RESET -> "EOF";
            case UNKNOWN_HOST -> "dial tcp: lookup " + target.host() + " on 127.0.0.11:53: no such host";
        };
    }

    private static String shortened(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= OUTPUT_BYTES_MAX
                ? text
                : "Captured " + OUTPUT_BYTES_MAX + " of " + bytes.length + " bytes\n...\n"
                        + new String(bytes, bytes.length - OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX, StandardCharsets.UTF_8);
    }

    private static String phrase(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "";
        };
    }

    private record Target(String host, int port, String path, Map<String, List<String>> query) {
        static @Nullable Target of(CheckDefinition definition) {
            String text = definition.http() != null ? definition.http() : definition.tcp();
            if (text == null) {
                return null;
            }
            String rest = text.replaceFirst("^https?://", "");
            int defaultPort = text.startsWith("https://") ? 443 : 80;
            int slash = rest.indexOf('/');
            String authority = slash < 0 ? rest : rest.substring(0, slash);
            String full = slash < 0 ? "/" : rest.substring(slash);
            int mark = full.indexOf('?');
            String path = mark < 0 ? full : full.substring(0, mark);
            var query = new LinkedHashMap<String, List<String>>();
            if (mark >= 0) {
                for (String parameter : full.substring(mark + 1).split("&")) {
                    int equals = parameter.indexOf('=');
                    query.put(
                            equals < 0 ? parameter : parameter.substring(0, equals),
                            List.of(equals < 0 ? "" : parameter.substring(equals + 1)));
                }
            }
            int colon = authority.lastIndexOf(':');
            String host = colon < 0 ? authority : authority.substring(0, colon);
            if (host.isEmpty()) {
                return null;
            }
            try {
                return new Target(
                        host, colon < 0 ? defaultPort : Integer.parseInt(authority.substring(colon + 1)), path, query);
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }
}
