package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.consul.Rpc.Answered;
import dev.clusterlab.simulator.consul.Rpc.Consistency;
import dev.clusterlab.simulator.consul.Rpc.Done;
import dev.clusterlab.simulator.consul.Rpc.Failed;
import dev.clusterlab.simulator.consul.Rpc.Query;
import dev.clusterlab.simulator.consul.Rpc.Read;
import dev.clusterlab.simulator.consul.Rpc.Request;
import dev.clusterlab.simulator.consul.Rpc.Write;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One request to the HTTP API: its parameters as Consul reads them, and the ways to its answer. */
final class ConsulCall {
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(300);
    private static final Duration WAIT_MAX = Duration.ofSeconds(600);

    private final ConsulAgent agent;
    private final HttpExchange exchange;
    private final String rest;

    ConsulCall(ConsulAgent agent, HttpExchange exchange, String rest) {
        this.agent = agent;
        this.exchange = exchange;
        this.rest = rest;
    }

    ConsulCall below(String restOfPath) {
        return new ConsulCall(agent, exchange, restOfPath);
    }

    HttpMessage.Request request() {
        return exchange.request();
    }

    /** What of the path is below the route's; may be empty and may have slashes. */
    String rest() {
        return rest;
    }

    /** As {@link #rest()}; a {@link BadRequest} that names {@code what} if it is empty. */
    String required(String what) throws BadRequest {
        if (rest.isEmpty()) {
            throw new BadRequest("Missing " + what);
        }
        return rest;
    }

    // ---- parameters

    /** A switch: given without a value, or with any but false and 0. */
    boolean flag(String name) {
        String value = request().parameter(name);
        return request().has(name) && !"false".equals(value) && !"0".equals(value);
    }

    String parameter(String name, String otherwise) {
        String value = request().parameter(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    List<String> tags() {
        return request().query().getOrDefault("tag", List.of()).stream()
                .filter(tag -> !tag.isEmpty())
                .toList();
    }

    /** The body as a JSON object; an empty body is an empty object. */
    JsonNode body() throws BadRequest {
        byte[] bytes = request().body();
        try {
            JsonNode json = bytes.length == 0 ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(bytes);
            if (json == null || !json.isObject()) {
                throw new BadRequest("Request decode failed: an object was expected");
            }
            return json;
        } catch (IOException e) {
            throw new BadRequest("Request decode failed: " + Json.problem(e));
        }
    }

    /** Filters are refused rather than ignored: what came back would not be what was asked for. */
    void refuseFilter() throws BadRequest {
        if (!parameter("filter", "").isEmpty()) {
            throw new BadRequest("Failed to create boolean expression evaluator: filter expressions are not available"
                    + " in the simulation");
        }
    }

    private Consistency consistency() throws BadRequest {
        boolean stale = flag("stale");
        boolean consistent = flag("consistent");
        if (stale && consistent) {
            throw new BadRequest("Cannot specify ?stale with ?consistent, conflicting semantics.");
        }
        return stale ? Consistency.STALE : consistent ? Consistency.CONSISTENT : Consistency.LEADER;
    }

    private long index() throws BadRequest {
        try {
            return Long.parseUnsignedLong(parameter("index", "0"));
        } catch (NumberFormatException e) {
            throw new BadRequest("Invalid index");
        }
    }

    private Duration waitTime() throws BadRequest {
        String text = parameter("wait", "");
        if (text.isEmpty()) {
            return WAIT_DEFAULT;
        }
        Duration parsed = GoDuration.parseOrNull(text);
        if (parsed == null) {
            throw new BadRequest("Invalid wait time");
        }
        if (parsed.isNegative() || parsed.isZero()) {
            return WAIT_DEFAULT;
        }
        return parsed.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : parsed;
    }

    // ---- answers

    void respond(Response response) {
        exchange.respond(response);
    }

    void json(Object value) {
        respond(Response.json(200, value));
    }

    void done() {
        respond(Response.empty(200));
    }

    /** What the leader finds wrong with a request, as it comes back through this agent. */
    void refused(String text) {
        ConsulServer server = agent.server();
        boolean leads = server != null && server.isLeader();
        respond(Response.text(500, leads ? text : Rpc.PREFIX + text));
    }

    void notFound() {
        respond(Response.text(404, "Invalid URL path: not a recognized HTTP API endpoint"));
    }

    /** Runs a query as the request's parameters want it and answers with its value in JSON; with status 404 if none. */
    <T> void query(Query<T> query, Function<T, Object> render) throws BadRequest {
        read(query, value -> value == null ? Response.text(404, "") : Response.json(200, render.apply(value)));
    }

    /** As {@link #query}, for answers that differ from that. */
    <T> void read(Query<T> query, Function<@Nullable T, Response> respond) throws BadRequest {
        refuseFilter();
        Consistency consistency = consistency();
        long index = index();
        Duration wait = waitTime();
        if (index > 0) {
            exchange.longPoll();
        }
        agent.call(new Read(query, consistency, index, wait.toNanos()), result -> {
            switch (result) {
                case Failed failed -> respond(Response.text(500, failed.message()));
                case Answered answered ->
                    respond(withHeaders(respond.apply(answered.valueOf(query)), answered, consistency));
                case Done done -> respond(Response.text(500, "unexpected answer"));
            }
        });
    }

    private static Response withHeaders(Response response, Answered answered, Consistency consistency) {
        return response.withHeader("x-consul-index", Long.toString(answered.index()))
                .withHeader("x-consul-knownleader", Boolean.toString(answered.knownLeader()))
                .withHeader("x-consul-lastcontact", Long.toString(answered.lastContactMillis()))
                .withHeader("x-consul-effective-consistency", consistency.text())
                .withHeader("x-consul-default-acl-policy", "allow")
                .withHeader("vary", "Accept-Encoding");
    }

    /** Asks the servers for something other than a read and answers from what came of it. */
    void order(Request request, Function<@Nullable Object, Response> respond) {
        agent.call(request, result -> {
            switch (result) {
                case Failed failed -> respond(Response.text(500, failed.message()));
                case Done done -> respond(respond.apply(done.value()));
                case Answered answered -> respond(respond.apply(answered.value()));
            }
        });
    }

    void write(Command command, Function<@Nullable Object, Response> respond) {
        order(new Write(command), respond);
    }
}
