package dev.clusterlab.provisioning.client;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.shell.curl.CurlFailure;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to the addresses that the lab shows: {@code http://192.168.99.100/} and {@code http://leader1:8080/} go to the
 * loopback address where that machine's published port answers. {@code localhost} and {@code *.localhost} go to the
 * loopback port that is written, if it is one of the lab's, else to the first running machine that publishes that port.
 * The {@code Host} header is what the address says, unless one is given. Thread-safe.
 *
 * <p>On a machine, {@code localhost} is that machine and nothing else, and a machine to or from which the network is cut is
 * not reached.
 */
public final class LabHttp implements AutoCloseable {
    /** Of engine time: nobody waits longer, so that a request to something frozen ends. */
    private static final Duration TIMEOUT_MAX = Duration.ofSeconds(120);

    private final Engine engine;
    private final Optional<String> home;
    private final LoopbackHttp http;

    /** From outside the cluster, as from the person's own computer. */
    public LabHttp(Engine engine) {
        this(engine, Optional.empty());
    }

    /** @param home the machine from which requests are made; empty: from outside */
    public LabHttp(Engine engine, Optional<String> home) {
        this.engine = engine;
        this.home = home;
        this.http = new LoopbackHttp(Duration.ofMinutes(5), engine.clock().wallTime());
    }

    /**
     * A request.
     *
     * @param uri {@code http://…}; the scheme may be left out
     * @param timeout engine time (whole seconds) after which to give up
     */
    public record Request(String method, URI uri, Map<String, String> headers, byte[] body, Duration timeout) {
        public Request {
            headers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }

        public static Request get(String address) {
            return new Request("GET", parse(address), Map.of(), new byte[0], Duration.ofSeconds(60));
        }

        public Request withHeader(String name, String value) {
            var changed = new LinkedHashMap<>(headers);
            changed.put(name, value);
            return new Request(method, uri, changed, body, timeout);
        }

        public Request withTimeout(Duration changed) {
            return new Request(method, uri, headers, body, changed);
        }
    }

    /** What came of a request. */
    public sealed interface Result {
        /**
         * An answer.
         *
         * @param headers names in lower case
         * @param machine the machine that the request went to
         */
        record Answer(
                int status,
                String reason,
                Map<String, List<String>> headers,
                byte[] body,
                String machine,
                Duration took)
                implements Result {
            public String text() {
                return new String(body, java.nio.charset.StandardCharsets.UTF_8);
            }
        }

        /** None; {@code text} says why, as {@code curl} would. */
        record NoAnswer(CurlFailure failure, String text, Duration took) implements Result {}
    }

    /**
     * Reads an address as people write it.
     *
     * @throws LabException INPUT if it is not an address of HTTP
     */
    public static URI parse(String address) {
        String whole = address.contains("://") ? address : "http://" + address;
        try {
            URI uri = URI.create(whole);
            if (!"http".equalsIgnoreCase(uri.getScheme())) {
                throw new LabException(
                        Kind.INPUT,
                        "Protocol \"" + uri.getScheme() + "\" is not spoken here.",
                        "The lab's services speak plain http.");
            }
            if (uri.getHost() == null) {
                throw new LabException(Kind.INPUT, address + " names no host.", "Write http://HOST:PORT/PATH.");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new LabException(
                    Kind.INPUT, address + " is not an address: " + e.getMessage(), "Write http://HOST:PORT/PATH.", e);
        }
    }

    /** Makes a request and waits for its answer; durations are of engine time. */
    public Result send(Request request) {
        Duration began = engine.clock().elapsed();
        Target target = locate(request.uri());
        return switch (target) {
            case Target.Nowhere nowhere -> new Result.NoAnswer(nowhere.failure(), nowhere.text(), Duration.ZERO);
            case Target.Loopback loopback -> exchange(request, loopback, began);
        };
    }

    private Result exchange(Request request, Target.Loopback target, Duration began) {
        URI uri = request.uri();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        Map<String, String> headers = headers(request);
        Duration timeout = request.timeout().compareTo(TIMEOUT_MAX) > 0 ? TIMEOUT_MAX : request.timeout();
        try {
            LoopbackHttp.Answer answer = http.exchange(
                    overSocket(target.hostAndPort()), request.method(), path + query, headers, request.body(), timeout);
            Duration took = engine.clock().elapsed().minus(began);
            if (answer.gaveUp()) {
                return noAnswer(CurlFailure.TIMEOUT, uri, took);
            }
            return new Result.Answer(
                    answer.status(), answer.reason(), answer.headers(), answer.body(), target.machine(), took);
        } catch (LoopbackHttp.NoAnswer e) {
            Duration took = engine.clock().elapsed().minus(began);
            return switch (e.refusal()) {
                case REFUSED -> noAnswer(CurlFailure.REFUSED, uri, Duration.ZERO);
                case UNKNOWN_HOST -> noAnswer(CurlFailure.UNKNOWN_HOST, uri, took);
                case TIMEOUT -> noAnswer(CurlFailure.TIMEOUT, uri, took);
                case UNREACHABLE -> noAnswer(CurlFailure.UNREACHABLE, uri, took);
                case EMPTY, RESET, EXHAUSTED -> noAnswer(CurlFailure.EMPTY_REPLY, uri, took);
            };
        }
    }

    private String overSocket(String hostAndPort) {
        return engine.direct().map(direct -> direct.socket(hostAndPort)).orElse(hostAndPort);
    }

    /** The machine that a request of this kind goes to, as things are now; empty if it leads nowhere. */
    public Optional<String> machine(Request request) {
        return place(request.uri()).map(Place::machine);
    }

    /** A port of a machine, as the machine has it. */
    public record Place(String machine, int port) {}

    /** Where requests to an address go, as things are now; empty if it leads nowhere. */
    public Optional<Place> place(URI uri) {
        return Optional.ofNullable(placeOrNull(uri));
    }

    private @Nullable Place placeOrNull(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = port(uri);
        for (Machine machine : engine.machines()) {
            if (machine.ip().equals(host) || machine.name().equals(host)) {
                return new Place(machine.name(), port);
            }
        }
        return switch (locate(uri)) {
            case Target.Loopback(String name, String at) ->
                engine.machine(name).stream()
                        .flatMap(machine -> machine.ports().entrySet().stream())
                        .filter(entry -> entry.getValue().equals(at))
                        .map(entry -> new Place(name, entry.getKey()))
                        .findFirst()
                        .orElse(null);
            case Target.Nowhere nowhere -> null;
        };
    }

    /** Those of the request, and the host if it names none. */
    private static Map<String, String> headers(Request request) {
        URI uri = request.uri();
        var headers = new LinkedHashMap<String, String>();
        if (request.headers().keySet().stream().noneMatch(n -> n.equalsIgnoreCase("host"))) {
            headers.put("Host", uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
        }
        headers.putAll(request.headers());
        return headers;
    }

    private static Result.NoAnswer noAnswer(CurlFailure failure, URI uri, Duration took) {
        return new Result.NoAnswer(failure, failure.text(uri.getHost(), port(uri), took), took);
    }

    private static int port(URI uri) {
        return uri.getPort() < 0 ? 80 : uri.getPort();
    }

    private sealed interface Target {
        record Loopback(String machine, String hostAndPort) implements Target {}

        record Nowhere(CurlFailure failure, String text) implements Target {}
    }

    private Target locate(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = port(uri);
        List<Machine> machines = engine.machines();
        boolean loopback = host.equals("127.0.0.1") || host.equals("localhost") || host.endsWith(".localhost");
        if (loopback && home.isPresent()) {
            return machines.stream()
                    .filter(machine -> machine.name().equals(home.get()))
                    .findFirst()
                    .map(machine -> at(machine, uri))
                    .orElseGet(() -> nowhere(CurlFailure.REFUSED, uri));
        }
        if (loopback) {
            for (Machine machine : machines) {
                if (machine.ports().containsValue("127.0.0.1:" + port)) {
                    return new Target.Loopback(machine.name(), "127.0.0.1:" + port);
                }
            }
            for (Machine machine : machines) {
                String at = machine.ports().get(port);
                if (machine.state() == Machine.State.RUNNING && at != null) {
                    return new Target.Loopback(machine.name(), at);
                }
            }
            return nowhere(CurlFailure.REFUSED, uri);
        }
        for (Machine machine : machines) {
            if (machine.ip().equals(host) || machine.name().equals(host)) {
                return home.filter(from -> !reaches(from, machine.name())).isPresent()
                        ? timedOut(uri)
                        : at(machine, uri);
            }
        }
        if (Character.isDigit(host.charAt(0)) || host.startsWith("[")) {
            return nowhere(CurlFailure.UNREACHABLE, uri);
        }
        return nowhere(CurlFailure.UNKNOWN_HOST, uri);
    }

    /** A port of a machine that the network leads to. */
    private static Target at(Machine machine, URI uri) {
        return switch (machine.state()) {
            case RUNNING -> {
                String at = machine.ports().get(port(uri));
                yield at == null ? nowhere(CurlFailure.REFUSED, uri) : new Target.Loopback(machine.name(), at);
            }
            case PAUSED -> timedOut(uri);
            case STOPPED, KILLED -> nowhere(CurlFailure.UNREACHABLE, uri);
        };
    }

    /** A connection needs the way and the way back. */
    private boolean reaches(String from, String to) {
        return Reach.without(engine.cutWays()).mutual(from, to);
    }

    private static Target.Nowhere timedOut(URI uri) {
        return new Target.Nowhere(
                CurlFailure.TIMEOUT, CurlFailure.connecting(uri.getHost(), port(uri), "Connection timed out"));
    }

    private static Target.Nowhere nowhere(CurlFailure failure, URI uri) {
        return new Target.Nowhere(failure, failure.text(uri.getHost(), port(uri), Duration.ZERO));
    }

    @Override
    public void close() {
        http.close();
    }
}
