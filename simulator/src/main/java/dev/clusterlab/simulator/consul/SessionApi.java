package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.consul.Command.CreateSession;
import dev.clusterlab.simulator.consul.Command.DestroySession;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.SimRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /v1/session}. */
final class SessionApi implements RouteTable.Group {
    private static final Duration TTL_MIN = Duration.ofSeconds(10);
    private static final Duration TTL_MAX = Duration.ofHours(24);
    private static final Duration LOCK_DELAY_DEFAULT = Duration.ofSeconds(15);

    private final ConsulAgent agent;
    private final SimRandom random;

    /** @param random for the identifiers of new sessions */
    SessionApi(ConsulAgent agent, SimRandom random) {
        this.agent = agent;
        this.random = random;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("PUT", "/v1/session/create[/*]", this::create);
        routes.add("PUT", "/v1/session/destroy[/*]", SessionApi::destroy);
        routes.add("PUT", "/v1/session/renew[/*]", SessionApi::renew);
        routes.add("GET", "/v1/session/info[/*]", call -> list(call, new Queries.Sessions(call.rest(), "")));
        routes.add("GET", "/v1/session/list[/*]", call -> list(call, new Queries.Sessions("", "")));
        routes.add("GET", "/v1/session/node[/*]", call -> list(call, new Queries.Sessions("", call.rest())));
    }

    private static void list(ConsulCall call, Queries.Sessions query) throws BadRequest {
        call.query(query, sessions -> sessions.stream().map(ApiJson::session).toList());
    }

    private static void destroy(ConsulCall call) throws BadRequest {
        call.write(new DestroySession(call.required("session")), done -> Response.json(200, true));
    }

    private static void renew(ConsulCall call) {
        call.order(
                new Rpc.RenewSession(call.rest()),
                found -> found instanceof Session session
                        ? Response.json(200, List.of(ApiJson.session(session)))
                        : Response.text(404, "Session id '" + call.rest() + "' not found"));
    }

    private void create(ConsulCall call) throws BadRequest {
        JsonNode json = call.body();
        Duration lockDelay = lockDelay(json);
        String ttl = ApiJson.text(json, "TTL");
        String behavior = ApiJson.text(json, "Behavior");
        String refused = refused(ttl, behavior);
        if (refused != null) {
            call.refused(refused);
            return;
        }
        String node = ApiJson.text(json, "Node");
        JsonNode checks = ApiJson.field(json, "Checks", "NodeChecks");
        String id = random.uuid();
        var session = new Session(
                id,
                ApiJson.text(json, "Name"),
                node.isEmpty() ? agent.settings().nodeName() : node,
                checks == null ? List.of(Records.SERF_HEALTH) : ApiJson.texts(json, "Checks", "NodeChecks"),
                lockDelay.toNanos(),
                behavior.isEmpty() ? "release" : behavior,
                ttl,
                0,
                0);
        call.write(new CreateSession(session), done -> Response.json(200, Map.of("ID", id)));
    }

    private static Duration lockDelay(JsonNode json) throws BadRequest {
        Duration delay = ApiJson.duration(json, "LockDelay", "LockDelay");
        if (delay == null) {
            return LOCK_DELAY_DEFAULT;
        }
        // A bare small number means seconds, as Consul guesses.
        return delay.compareTo(Duration.ofMillis(1)) < 0 && !delay.isZero()
                ? Duration.ofSeconds(delay.toNanos())
                : delay;
    }

    private static @Nullable String refused(String ttl, String behavior) {
        if (!ttl.isEmpty()) {
            Duration parsed = GoDuration.parseOrNull(ttl);
            if (parsed == null) {
                return "Session TTL '" + ttl + "' invalid: time: invalid duration \"" + ttl + "\"";
            }
            if (!parsed.isZero() && (parsed.compareTo(TTL_MIN) < 0 || parsed.compareTo(TTL_MAX) > 0)) {
                return "Invalid Session TTL '" + parsed.toNanos() + "', must be between [10s=24h0m0s]";
            }
        }
        return List.of("", "release", "delete").contains(behavior)
                ? null
                : "Invalid Behavior setting '" + behavior + "'";
    }
}
