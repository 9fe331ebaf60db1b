package dev.clusterlab.simulator.traefik;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clusterlab.simulator.core.HttpExchange.Failure;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads from a Consul agent over the simulated network. */
final class ConsulQueries {
    /** What an agent may take for an ordinary answer: it holds a call 7 s while there is no leader. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final ProgramContext context;
    private final String host;
    private final int port;

    ConsulQueries(ProgramContext context, String endpoint) {
        this.context = context;
        String address = endpoint.replaceFirst("^https?://", "").replaceFirst("/+$", "");
        int colon = address.lastIndexOf(':');
        boolean ported = colon >= 0 && address.substring(colon + 1).matches("[0-9]{1,5}");
        this.host = ported ? address.substring(0, colon) : address;
        this.port = ported ? Integer.parseInt(address.substring(colon + 1)) : 8500;
    }

    /** An answer with its index, or why there is none. */
    record Reply(@Nullable JsonNode body, long index, String error) {
        boolean ok() {
            return body != null;
        }

        JsonNode json() {
            return body == null ? MissingNode.getInstance() : body;
        }
    }

    void get(String path, Map<String, String> query, Consumer<Reply> done) {
        request(path, query, ANSWER_TIMEOUT, done);
    }

    /** Waits until the index has passed {@code index} or {@code wait} is over. */
    void block(String path, Map<String, String> query, long index, Duration wait, Consumer<Reply> done) {
        var all = new java.util.LinkedHashMap<>(query);
        if (index > 0) {
            all.put("index", Long.toString(index));
            all.put("wait", wait.toSeconds() + "s");
        }
        request(path, all, index > 0 ? wait.plus(wait.dividedBy(16)).plus(ANSWER_TIMEOUT) : ANSWER_TIMEOUT, done);
    }

    private void request(String path, Map<String, String> query, Duration timeout, Consumer<Reply> done) {
        HttpMessage.Request request = HttpMessage.Request.get(path).withHeader("host", host + ":" + port);
        for (Map.Entry<String, String> entry : query.entrySet()) {
            request = request.withQuery(entry.getKey(), entry.getValue());
        }
        context.http(
                host,
                port,
                request,
                timeout,
                result -> done.accept(
                        switch (result) {
                            case HttpResult.Answered answered -> reply(path, answered.response());
                            case HttpResult.Failed failed -> new Reply(null, 0, describe(path, failed.failure()));
                        }));
    }

    private static Reply reply(String path, HttpMessage.Response response) {
        String header = response.header("x-consul-index");
        long index = header != null && header.matches("[0-9]{1,18}") ? Long.parseLong(header) : 0;
        if (response.status() == 404 && path.startsWith("/v1/kv/")) {
            return new Reply(Json.MAPPER.createArrayNode(), index, "");
        }
        if (response.status() != 200) {
            return new Reply(
                    null,
                    0,
                    "Unexpected response code: " + response.status() + " ("
                            + response.text().strip() + ")");
        }
        try {
            return new Reply(Json.MAPPER.readTree(response.body()), index, "");
        } catch (IOException e) {
            return new Reply(null, 0, "invalid JSON from " + path);
        }
    }

    private String describe(String path, Failure failure) {
        String url = "Get \"http://" + host + ":" + port + path + "\": ";
        return url
                + switch (failure) {
                    case REFUSED -> "dial tcp " + host + ":" + port + ": connect: connection refused";
                    case RESET -> "EOF";
                    case TIMEOUT -> "dial tcp " + host + ":" + port + ": i/o timeout";
                    case UNREACHABLE -> "dial tcp " + host + ":" + port + ": connect: no route to host";
                    case UNKNOWN_HOST -> "dial tcp: lookup " + host + " on 127.0.0.11:53: no such host";
                };
    }
}
