package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.consul.Records.NodeContent;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The page, and {@code /v1/internal/ui}, where it gets what it shows. */
final class PageApi implements RouteTable.Group {
    private final ConsulAgent agent;

    PageApi(ConsulAgent agent) {
        this.agent = agent;
    }

    void addPages(RouteTable routes) {
        routes.addAny("/", this::root);
        routes.addAny("/ui", this::root);
        routes.addAny("/ui/*", this::page);
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.addAny("/v1/internal/ui/nodes", this::nodes);
    }

    private void root(ConsulCall call) {
        if (agent.settings().ui()) {
            call.respond(Response.empty(301).withHeader("location", "/ui/"));
        } else if (call.request().path().equals("/")) {
            call.respond(Response.text(200, "Consul Agent"));
        } else {
            call.respond(missing());
        }
    }

    private void page(ConsulCall call) {
        call.respond(
                agent.settings().ui()
                        ? Response.html(UiPage.html(
                                agent.settings().datacenter(), agent.settings().nodeName()))
                        : missing());
    }

    private static Response missing() {
        return Response.text(404, "404 page not found\n");
    }

    /** The nodes with all that is on them, as Consul's own page asks for it. */
    private void nodes(ConsulCall call) throws BadRequest {
        call.query(new Queries.Everything(), this::render);
    }

    private List<Object> render(List<NodeContent> contents) {
        var nodes = new ArrayList<Object>();
        for (NodeContent content : contents) {
            Map<String, Object> json =
                    ApiJson.node(content.node(), agent.settings().datacenter());
            json.put(
                    "Services",
                    content.services().stream().map(ApiJson::service).toList());
            json.put("Checks", ApiJson.checks(content.checks()));
            nodes.add(json);
        }
        return nodes;
    }
}
