package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpService;
import java.util.List;

/** Consul's HTTP API, one class for each group of endpoints, and the page. Errors are plain text, as Consul's. */
final class HttpApi implements HttpService {
    private final ConsulAgent agent;
    private final RouteTable pages;
    private final RouteTable routes;

    /** @param exit ends the agent's process after it has left in order */
    HttpApi(ConsulAgent agent, Runnable exit) {
        this.agent = agent;
        var page = new PageApi(agent);
        this.pages = new RouteTable().with(page::addPages);
        this.routes = new RouteTable()
                .with(new KeyApi())
                .with(new OperatorApi(agent))
                .with(new AgentApi(agent, exit))
                .with(new AgentServiceApi(agent))
                .with(new CatalogApi(agent))
                .with(new HealthApi(agent))
                .with(new SessionApi(agent, agent.context().random().split("http")))
                .with(page);
        routes.addAny("/v1/coordinate[/*]", call -> call.json(List.of()));
    }

    @Override
    public void handle(HttpExchange exchange) {
        try {
            route(new ConsulCall(agent, exchange, ""));
        } catch (BadRequest e) {
            exchange.respond(Response.text(400, e.text()));
        }
    }

    private void route(ConsulCall call) throws BadRequest {
        if (pages.dispatch(call)) {
            return;
        }
        String own = agent.settings().datacenter();
        if (!call.parameter("dc", own).equals(own)) {
            call.respond(Response.text(500, "No path to datacenter"));
        } else if (!routes.dispatch(call)) {
            call.notFound();
        }
    }
}
