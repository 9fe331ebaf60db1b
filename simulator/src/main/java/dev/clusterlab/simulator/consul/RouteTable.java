package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths of the HTTP API, in the order in which they are tried, and what each method does there. The first path that
 * fits decides: a method that it does not have is refused with status 405.
 *
 * <p>{@code /*} at the end of a path stands for whatever is below it, which the handler gets as {@link ConsulCall#rest()};
 * {@code [/*]} for the path itself as well, with nothing below.
 */
final class RouteTable {
    private static final String BELOW = "/*";
    private static final String ITSELF_AND_BELOW = "[/*]";

    private final Map<String, Route> routes = new LinkedHashMap<>();

    /** Answers a call, at once or at a later virtual time. Runs on the simulation's thread and must not block. */
    @FunctionalInterface
    interface Handler {
        /** @throws BadRequest if the request is malformed; answered with status 400 */
        void handle(ConsulCall call) throws BadRequest;
    }

    /** The endpoints of one group, such as the catalog's. */
    @FunctionalInterface
    interface Group {
        void addTo(RouteTable routes);
    }

    private static final class Route {
        private final String path;
        private final boolean itself;
        private final boolean below;
        private final Map<String, Handler> byMethod = new LinkedHashMap<>();
        private @Nullable Handler anyMethod;

        Route(String pattern) {
            itself = !pattern.endsWith(BELOW);
            below = pattern.endsWith(BELOW) || pattern.endsWith(ITSELF_AND_BELOW);
            path = pattern.endsWith(ITSELF_AND_BELOW)
                    ? pattern.substring(0, pattern.length() - ITSELF_AND_BELOW.length())
                    : pattern.endsWith(BELOW) ? pattern.substring(0, pattern.length() - BELOW.length()) : pattern;
        }

        /** What is below this route's path, or null if it is another path. */
        @Nullable
        String rest(String asked) {
            if (asked.equals(path)) {
                return itself ? "" : null;
            }
            return below && asked.startsWith(path + "/") ? asked.substring(path.length() + 1) : null;
        }
    }

    RouteTable with(Group group) {
        group.addTo(this);
        return this;
    }

    void add(String method, String pattern, Handler handler) {
        route(pattern).byMethod.put(method, handler);
    }

    /** A path that takes any method. */
    void addAny(String pattern, Handler handler) {
        route(pattern).anyMethod = handler;
    }

    private Route route(String pattern) {
        return routes.computeIfAbsent(pattern, Route::new);
    }

    /** Lets the first route of this path answer; false if there is none. */
    boolean dispatch(ConsulCall call) throws BadRequest {
        for (Route route : routes.values()) {
            String rest = route.rest(call.request().path());
            if (rest != null) {
                answer(route, call.below(rest));
                return true;
            }
        }
        return false;
    }

    private static void answer(Route route, ConsulCall call) throws BadRequest {
        String method = call.request().method();
        Handler handler = route.byMethod.getOrDefault(method, route.anyMethod);
        if (handler == null) {
            call.respond(Response.text(405, "method " + method + " not allowed")
                    .withHeader("allow", String.join(",", route.byMethod.keySet())));
            return;
        }
        handler.handle(call);
    }
}
