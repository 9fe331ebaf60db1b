package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.util.List;

/** {@code /v1/health}: checks, and instances with the checks that concern them. */
final class HealthApi implements RouteTable.Group {
    private final ConsulAgent agent;

    HealthApi(ConsulAgent agent) {
        this.agent = agent;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/v1/health/service[/*]", this::service);
        routes.add("GET", "/v1/health/connect[/*]", call -> call.json(List.of()));
        routes.add(
                "GET",
                "/v1/health/state[/*]",
                call -> call.query(new Queries.ChecksInState(call.required("check state")), ApiJson::checks));
        routes.add(
                "GET",
                "/v1/health/checks[/*]",
                call -> call.query(new Queries.ServiceChecks(call.required("service name")), ApiJson::checks));
        routes.add("GET", "/v1/health/node[/*]", HealthApi::node);
    }

    private void service(ConsulCall call) throws BadRequest {
        call.query(
                new Queries.Service(call.required("service name"), call.tags(), call.flag("passing")),
                instances -> instances.stream()
                        .map(instance ->
                                ApiJson.health(instance, agent.settings().datacenter()))
                        .toList());
    }

    private static void node(ConsulCall call) throws BadRequest {
        call.read(
                new Queries.NodeContent(call.required("node name")),
                content -> Response.json(200, content == null ? List.of() : ApiJson.checks(content.checks())));
    }
}
