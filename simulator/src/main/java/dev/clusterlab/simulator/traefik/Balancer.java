package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.traefik.DynamicConfiguration;
import dev.clusterlab.traefik.DynamicConfiguration.HealthCheck;
import dev.clusterlab.traefik.DynamicConfiguration.PassiveHealthCheck;
import dev.clusterlab.traefik.DynamicConfiguration.Service;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Weighted round robin over the servers of one service that are up, as Traefik's {@code loadbalancer/wrr}: each server has
 * a deadline that moves on by 1/weight when it is its turn, and the earliest is next (earliest deadline first). It lives as
 * long as the configuration that it was made from. Servers of one weight take turns in the order of a shuffle; where
 * Traefik's heap has equal deadlines it may change that order from round to round.
 */
final class Balancer {
    private final ProgramContext context;
    private final TraefikLog log;
    private final Service service;
    private final Scope scope;
    private final List<Server> servers = new ArrayList<>();
    /** Without those of weight 0. */
    private final List<Server> rotation;

    private boolean checkingUp;
    private boolean checkingDown;

    Balancer(ProgramContext context, TraefikLog log, Service service, Scope scope) {
        this.context = context;
        this.log = log;
        this.service = service;
        this.scope = scope;
        List<DynamicConfiguration.Server> order = new ArrayList<>(service.servers());
        // Traefik shuffles, so that several of them do not all begin with the same server.
        context.random().shuffle(order);
        for (DynamicConfiguration.Server each : order) {
            servers.add(new Server(each));
        }
        this.rotation = servers.stream().filter(server -> server.weight > 0).toList();
        HealthCheck check = service.healthCheck();
        if (check != null && !check.path().isEmpty()) {
            Duration unhealthy = check.unhealthyInterval();
            Duration interval = positive(check.interval(), "interval");
            scope.every(interval, () -> checkUp(check));
            scope.every(
                    unhealthy == null ? interval : positive(unhealthy, "unhealthyInterval"), () -> checkDown(check));
        }
    }

    /** As Traefik: an interval that is not positive is the default one, and the log says so. */
    private Duration positive(Duration given, String name) {
        if (given.isPositive()) {
            return given;
        }
        log.error("Health check " + name + " smaller than zero, default value will be used instead.", Map.of());
        return HealthCheck.INTERVAL_DEFAULT;
    }

    /** A server and how it does. */
    static final class Server {
        final String url;
        final String host;
        final int port;
        final String path;
        private final int weight;
        private double deadline;
        private boolean up = true;
        private long downUntilNanos;
        private final Deque<Long> failuresNanos = new ArrayDeque<>();

        Server(DynamicConfiguration.Server server) {
            URI uri = parse(server.url());
            this.url = server.url();
            this.host = uri.getHost() == null ? "" : uri.getHost();
            this.port = uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
            this.path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/$", "");
            this.weight = server.weight();
            this.deadline = 1.0 / weight;
        }

        /** What is no address has no host, and so cannot be reached. */
        private static URI parse(String url) {
            try {
                return new URI(url);
            } catch (URISyntaxException e) {
                return URI.create("invalid:/");
            }
        }
    }

    /** The server that is to take the next request; null if none is up. */
    @Nullable
    Server next() {
        Server earliest = null;
        for (Server each : rotation) {
            if (available(each) && (earliest == null || each.deadline < earliest.deadline)) {
                earliest = each;
            }
        }
        if (earliest == null) {
            return null;
        }
        // The turns of a server that is down pass unused, so that it has no arrears when it is back.
        for (Server each : rotation) {
            if (!available(each) && each.deadline < earliest.deadline) {
                double turns = Math.ceil((earliest.deadline - each.deadline) * each.weight);
                each.deadline = Math.max(earliest.deadline, each.deadline + turns / each.weight);
            }
        }
        earliest.deadline += 1.0 / earliest.weight;
        return earliest;
    }

    int size() {
        return servers.size();
    }

    Service service() {
        return service;
    }

    /** {@code UP} or {@code DOWN} by address, in the configuration's order. */
    Map<String, String> status() {
        Map<String, String> status = new LinkedHashMap<>();
        for (DynamicConfiguration.Server each : service.servers()) {
            for (Server server : servers) {
                if (server.url.equals(each.url())) {
                    status.put(server.url, available(server) ? "UP" : "DOWN");
                }
            }
        }
        return status;
    }

    /** Records how a request ended, for the passive health check. */
    void observed(Server server, boolean failed) {
        PassiveHealthCheck check = service.passiveHealthCheck();
        if (check == null || !failed) {
            return;
        }
        long now = context.simulation().nowNanos();
        long window = check.failureWindow().toNanos();
        server.failuresNanos.addLast(now);
        while (!server.failuresNanos.isEmpty() && server.failuresNanos.peekFirst() < now - window) {
            server.failuresNanos.removeFirst();
        }
        if (server.failuresNanos.size() >= check.maxFailedAttempts()) {
            server.downUntilNanos = now + window;
            context.changed();
            server.failuresNanos.clear();
        }
    }

    /** See {@link RuntimeConfiguration#holdsUntilNanos}. */
    long holdsUntilNanos() {
        long now = context.simulation().nowNanos();
        return servers.stream()
                .mapToLong(server -> server.downUntilNanos)
                .filter(until -> until > now)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private boolean available(Server server) {
        return server.up && context.simulation().nowNanos() >= server.downUntilNanos;
    }

    private void checkUp(HealthCheck check) {
        if (!checkingUp) {
            checkingUp = true;
            check(check, servers.stream().filter(server -> server.up).toList().iterator(), () -> checkingUp = false);
        }
    }

    private void checkDown(HealthCheck check) {
        if (!checkingDown) {
            checkingDown = true;
            check(check, servers.stream().filter(server -> !server.up).toList().iterator(), () -> checkingDown = false);
        }
    }

    /** One server after the other, as Traefik does. */
    private void check(HealthCheck check, Iterator<Server> rest, Runnable done) {
        if (scope.closed() || !rest.hasNext()) {
            done.run();
            return;
        }
        Server server = rest.next();
        int port = check.port() == 0 ? server.port : check.port();
        HttpMessage.Request request =
                HttpMessage.Request.of(check.method(), check.path()).withHeader("host", server.host + ":" + port);
        context.http(server.host, port, request, check.timeout(), result -> {
            if (scope.closed()) {
                return;
            }
            String problem = switch (result) {
                case HttpResult.Answered answered ->
                    problem(check, answered.response().status());
                case HttpResult.Failed failed -> "HTTP request failed: " + failed.failure();
            };
            if (!problem.isEmpty()) {
                log.warn("Health check failed.", Ordered.map("targetURL", server.url, "error", problem));
            }
            if (server.up != problem.isEmpty()) {
                server.up = problem.isEmpty();
                context.changed();
            }
            check(check, rest, done);
        });
    }

    private static String problem(HealthCheck check, int status) {
        boolean healthy = check.status() == 0 ? status >= 200 && status < 400 : status == check.status();
        return healthy ? "" : "received error status code: " + status;
    }
}
