package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpExchange.Failure;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.traefik.AccessLog;
import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import dev.clusterlab.traefik.Rule;
import dev.clusterlab.traefik.StaticConfiguration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes requests at the entry points and passes them on. */
final class Forwarder {
    /** How often it is looked whether the client of a slow answer is still there. */
    private static final Duration LOOK_FOR_CLIENT = Duration.ofSeconds(1);

    private static final Set<String> HOP_BY_HOP = Ordered.set(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final ProgramContext context;
    private final StaticConfiguration settings;
    private final Supplier<RuntimeConfiguration> configuration;
    private final Map<String, HttpService> internal;
    private final Statistics statistics;

    /** @param internal services by name, such as {@code api@internal} */
    Forwarder(
            ProgramContext context,
            StaticConfiguration settings,
            Supplier<RuntimeConfiguration> configuration,
            Map<String, HttpService> internal,
            Statistics statistics) {
        this.context = context;
        this.settings = settings;
        this.configuration = configuration;
        this.internal = internal;
        this.statistics = statistics;
    }

    void handle(String entryPoint, HttpExchange exchange) {
        Request request = exchange.request();
        String host = header(request, "host", "");
        RuntimeConfiguration now = configuration.get();
        RuntimeConfiguration.Router router = now.route(
                entryPoint,
                new Rule.Request(request.method(), host, request.path(), request.headers(), request.query()));
        if (router == null) {
            answer(new Pass(exchange, entryPoint, "", request), error(404, "404 page not found\n"));
            return;
        }
        HttpService own = internal.get(router.service());
        if (own != null) {
            own.handle(exchange);
            return;
        }
        Balancer balancer = now.services.get(router.service());
        var pass = new Pass(exchange, entryPoint, router.name(), request);
        pass.service = router.service();
        for (String name : router.middlewares()) {
            Middleware middleware = now.middlewares.get(name);
            if (middleware != null) {
                pass.apply(middleware);
            }
        }
        var legacy = settings.legacy();
        if (legacy != null && balancer != null) {
            Integer attempts = legacy.retryAttempts();
            if (attempts != null) {
                pass.attemptsMax = attempts > 0 ? attempts : Math.max(1, balancer.size() - 1);
            }
        }
        if (balancer == null) {
            answer(pass, error(500, "Internal Server Error"));
        } else {
            attempt(pass, balancer, 1);
        }
    }

    private void attempt(Pass pass, Balancer balancer, int number) {
        if (pass.exchange.abandoned()) {
            answer(pass, clientClosed());
            return;
        }
        Balancer.Server server = balancer.next();
        if (server == null) {
            answer(pass, error(503, "no available server\n"));
            return;
        }
        pass.serverUrl = server.url;
        Request request = outgoing(pass, balancer, server);
        var watch = new ClientWatch();
        // To get a connection; an answer may take for ever (pkg/config/dynamic/http_config.go).
        Runnable giveUp =
                context.httpWithoutLimit(server.host, server.port, request, settings.dialTimeout(), result -> {
                    watch.end();
                    switch (result) {
                        case HttpResult.Answered answered -> {
                            balancer.observed(server, answered.response().status() >= 500);
                            answer(pass, answered.response());
                        }
                        case HttpResult.Failed failed -> {
                            balancer.observed(server, true);
                            if (number < pass.attemptsMax && sendable(failed.failure())) {
                                statistics.retried(pass.service);
                                context.scope().schedule(pass.pause(number), () -> attempt(pass, balancer, number + 1));
                            } else {
                                answer(pass, gatewayError(failed.failure()));
                            }
                        }
                    }
                });
        awaitClientsEnd(pass, watch, giveUp);
    }

    /** A client that goes away ends its request to the server too. */
    private void awaitClientsEnd(Pass pass, ClientWatch watch, Runnable giveUp) {
        if (watch.over) {
            return;
        }
        watch.next = context.scope().schedule(LOOK_FOR_CLIENT, () -> {
            if (pass.exchange.abandoned()) {
                giveUp.run();
                answer(pass, clientClosed());
            } else {
                awaitClientsEnd(pass, watch, giveUp);
            }
        });
    }

    /** The looks for a client that has gone away, while its request is with a server. */
    private static final class ClientWatch {
        private boolean over;
        private @Nullable Timer next;

        void end() {
            over = true;
            if (next != null) {
                next.cancel();
            }
        }
    }

    /** Only what was not sent yet may be sent again. */
    private static boolean sendable(Failure failure) {
        return switch (failure) {
            case REFUSED, TIMEOUT, UNREACHABLE, UNKNOWN_HOST -> true;
            case RESET -> false;
        };
    }

    private static Response gatewayError(Failure failure) {
        return switch (failure) {
            case TIMEOUT -> Response.text(504, "Gateway Timeout");
            case REFUSED, RESET, UNREACHABLE, UNKNOWN_HOST -> Response.text(502, "Bad Gateway");
        };
    }

    private static Response clientClosed() {
        return Response.text(499, "Client Closed Request");
    }

    private static Response error(int status, String text) {
        return Response.text(status, text).withHeader("x-content-type-options", "nosniff");
    }

    private Request outgoing(Pass pass, Balancer balancer, Balancer.Server server) {
        Map<String, String> headers = new LinkedHashMap<>();
        pass.request.headers().forEach((name, value) -> {
            if (!HOP_BY_HOP.contains(name)) {
                headers.put(name, value);
            }
        });
        String host = header(pass.request, "host", "");
        StaticConfiguration.EntryPoint point = settings.entryPoints().get(pass.entryPoint);
        headers.put("host", balancer.service().passHostHeader() ? host : server.host + ":" + server.port);
        headers.put("x-forwarded-host", host);
        headers.put("x-forwarded-port", Integer.toString(point == null ? 80 : point.port()));
        headers.put("x-forwarded-proto", "http");
        headers.put("x-forwarded-server", context.hostname());
        Request request = pass.request;
        return new Request(request.method(), server.path + request.path(), request.query(), headers, request.body());
    }

    private void answer(Pass pass, Response response) {
        Response changed = response;
        for (Map.Entry<String, String> header : pass.responseHeaders.entrySet()) {
            changed = changed.withHeader(header.getKey(), header.getValue());
        }
        statistics.counted(pass.entryPoint, pass.service, changed.status(), pass.seconds());
        AccessLog log = settings.accessLog();
        if (log != null && log.tells(changed.status())) {
            Request asked = pass.exchange.request();
            context.stdout(statistics.accessLine(log, asked, changed, pass.router, pass.serverUrl, pass.seconds()));
            if (log.userAgent() == AccessLog.Mode.KEEP && !pass.serverUrl.isEmpty()) {
                context.passedOn(header(asked, "user-agent", ""), pass.serverUrl);
            }
        }
        if (!pass.exchange.abandoned()) {
            pass.exchange.respond(changed);
        }
    }

    private static String header(Request request, String name, String otherwise) {
        @Nullable String value = request.header(name);
        return value == null ? otherwise : value;
    }

    /** One request on its way. */
    private final class Pass {
        private final HttpExchange exchange;
        private final String entryPoint;
        private final String router;
        private final long startedNanos = context.simulation().nowNanos();
        private final Map<String, String> responseHeaders = new LinkedHashMap<>();
        private Request request;
        private String service = "";
        /** Of the server that was tried last; empty before the first. */
        private String serverUrl = "";

        private int attemptsMax = 1;
        private Duration firstPause = Duration.ZERO;

        Pass(HttpExchange exchange, String entryPoint, String router, Request request) {
            this.exchange = exchange;
            this.entryPoint = entryPoint;
            this.router = router;
            this.request = request;
        }

        double seconds() {
            return (context.simulation().nowNanos() - startedNanos) / 1e9;
        }

        Duration pause(int failures) {
            return firstPause.multipliedBy(1L << Math.min(failures - 1, 10));
        }

        void apply(Middleware middleware) {
            switch (middleware) {
                case Middleware.Retry retry -> {
                    attemptsMax = retry.attempts();
                    firstPause = retry.initialInterval();
                }
                case Middleware.StripPrefix strip -> {
                    for (String prefix : strip.prefixes()) {
                        if (request.path().startsWith(prefix)) {
                            String rest = request.path().substring(prefix.length());
                            withPath(rest.startsWith("/") ? rest : "/" + rest);
                            request = request.withHeader("x-forwarded-prefix", prefix);
                            break;
                        }
                    }
                }
                case Middleware.AddPrefix add -> withPath(add.prefix() + request.path());
                case Middleware.Headers headers -> {
                    headers.customRequestHeaders().forEach((name, value) -> request = request.withHeader(name, value));
                    headers.customResponseHeaders().forEach((name, value) -> responseHeaders.put(name, value));
                }
            }
        }

        private void withPath(String path) {
            request = new Request(request.method(), path, request.query(), request.headers(), request.body());
        }
    }
}
