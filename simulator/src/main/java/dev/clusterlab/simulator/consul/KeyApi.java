package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.consul.Command.ChangeKey;
import dev.clusterlab.simulator.consul.Command.KeyOperation;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** {@code /v1/kv}: the key-value store and the locks on its keys. */
final class KeyApi implements RouteTable.Group {
    private static final int VALUE_BYTES_MAX = 512 * 1024;

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/v1/kv[/*]", KeyApi::read);
        routes.add("PUT", "/v1/kv[/*]", KeyApi::put);
        routes.add("DELETE", "/v1/kv[/*]", KeyApi::delete);
    }

    private static void read(ConsulCall call) throws BadRequest {
        if (call.flag("keys")) {
            // Nothing below a prefix is not found; nothing at all is an empty list.
            Response none = call.rest().isEmpty() ? Response.json(200, List.of()) : Response.text(404, "");
            call.read(
                    new Queries.KeyNames(call.rest(), call.parameter("separator", "")),
                    names -> names == null ? none : Response.json(200, names));
            return;
        }
        boolean recurse = call.flag("recurse");
        String key = recurse ? call.rest() : call.required("key name");
        var query = new Queries.Keys(key, recurse);
        if (call.flag("raw") && !recurse) {
            call.read(
                    query,
                    keys -> keys == null || keys.isEmpty()
                            ? Response.text(404, "")
                            : new Response(
                                    200,
                                    Map.of("content-type", "text/plain; charset=utf-8"),
                                    Base64.getDecoder().decode(keys.getFirst().value())));
            return;
        }
        call.query(query, keys -> keys.stream().map(ApiJson::key).toList());
    }

    private static void put(ConsulCall call) throws BadRequest {
        HttpMessage.Request request = call.request();
        String key = call.required("key name");
        if ((request.has("cas") ? 1 : 0) + (request.has("acquire") ? 1 : 0) + (request.has("release") ? 1 : 0) > 1) {
            throw new BadRequest("Conflicting flags: " + conflicting(call));
        }
        if (request.body().length > VALUE_BYTES_MAX) {
            call.respond(Response.text(
                    413,
                    "Request body(" + request.body().length + " bytes) too large, max size: " + VALUE_BYTES_MAX
                            + " bytes. See https://www.consul.io/docs/agent/options.html#kv_max_value_size."));
            return;
        }
        long flags = unsigned(call, "flags");
        long cas = unsigned(call, "cas");
        String session = null;
        KeyOperation operation = KeyOperation.SET;
        if (request.has("cas")) {
            operation = KeyOperation.CAS;
        } else if (request.has("acquire")) {
            operation = KeyOperation.LOCK;
            session = request.parameter("acquire");
        } else if (request.has("release")) {
            operation = KeyOperation.UNLOCK;
            session = request.parameter("release");
        }
        String value = Base64.getEncoder().encodeToString(request.body());
        change(call, new ChangeKey(operation, key, value, flags, cas, session));
    }

    private static void delete(ConsulCall call) throws BadRequest {
        boolean recurse = call.flag("recurse");
        boolean cas = call.request().has("cas");
        if (recurse && cas) {
            throw new BadRequest("Conflicting flags: " + conflicting(call) + "&recurse");
        }
        String key = recurse ? call.rest() : call.required("key name");
        KeyOperation operation =
                recurse ? KeyOperation.DELETE_TREE : cas ? KeyOperation.DELETE_CAS : KeyOperation.DELETE;
        change(call, new ChangeKey(operation, key, "", 0, unsigned(call, "cas"), null));
    }

    private static void change(ConsulCall call, ChangeKey change) {
        call.write(change, done -> Response.json(200, Boolean.TRUE.equals(done)));
    }

    private static String conflicting(ConsulCall call) {
        var query = new ArrayList<String>();
        for (String name : List.of("acquire", "cas", "release")) {
            if (call.request().has(name)) {
                query.add(name + "=" + call.parameter(name, ""));
            }
        }
        return String.join("&", query);
    }

    private static long unsigned(ConsulCall call, String name) throws BadRequest {
        String text = call.parameter(name, "0");
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new BadRequest("strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
        }
    }
}
