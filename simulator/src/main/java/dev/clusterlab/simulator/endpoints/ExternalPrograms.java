package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets real programs of this process stand in simulated containers. Their requests to the simulated world come through
 * one loopback port, the gateway; the first segment of the path says whose they are and where they go.
 */
public final class ExternalPrograms {
    private final SimulationDriver driver;
    private final LoopbackClient client = new LoopbackClient();
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final AtomicLong lastRoute = new AtomicLong();
    private @Nullable HttpEdge gateway;

    /** What stands behind a gateway path. */
    record Route(ExternalProgram program, String host, int port) {}

    public ExternalPrograms(SimulationDriver driver) {
        this.driver = driver;
        driver.onClose(this::close);
    }

    /** Makes containers whose program is started by {@code runtime}. */
    public ProgramCatalog.Factory factory(ExternalRuntime runtime) {
        return context -> new ExternalProgram(this, context, runtime);
    }

    SimulationDriver driver() {
        return driver;
    }

    LoopbackClient client() {
        return client;
    }

    /** A way from outside to {@code host:port} as seen from the program's container. */
    URI locate(ExternalProgram program, String host, int port) {
        String name = "g" + lastRoute.incrementAndGet();
        routes.put(name, new Route(program, host, port));
        return URI.create("http://127.0.0.1:" + gateway().port() + "/" + name);
    }

    /** The program has ended: its ways are closed. */
    void forget(ExternalProgram program) {
        routes.values().removeIf(route -> route.program() == program);
    }

    private synchronized HttpEdge gateway() {
        HttpEdge open = gateway;
        if (open == null) {
            open = HttpEdge.open(0, HostPolicy.control(), this::enter);
            gateway = open;
        }
        return open;
    }

    private OutsideRequest enter(HttpMessage.Request request, Answer answer) {
        int end = request.path().indexOf('/', 1);
        String name = request.path().substring(1, end < 0 ? request.path().length() : end);
        Route route = routes.get(name);
        if (route == null) {
            // Its container has ended while it asks, such as to say goodbye. It must not wait for the simulation, which
            // waits for it.
            var refused = new OutsideRequest(driver, request, answer, false, any -> false, () -> {});
            answer.failed(HttpExchange.Failure.REFUSED);
            return refused;
        }
        String path = end < 0 ? "/" : request.path().substring(end);
        var inside = new HttpMessage.Request(request.method(), path, request.query(), request.headers(), request.body())
                .withHeader("host", route.host() + ":" + route.port());
        return route.program().request(inside, route.host(), route.port(), answer);
    }

    private synchronized void close() {
        if (gateway != null) {
            gateway.close();
            gateway = null;
        }
        client.close();
    }
}
