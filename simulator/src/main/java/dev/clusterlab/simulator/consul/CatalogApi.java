package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.consul.Command.Deregister;
import dev.clusterlab.simulator.consul.Command.Register;
import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.NodeContent;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /v1/catalog}: what the servers know of all nodes, written directly or read. */
final class CatalogApi implements RouteTable.Group {
    private final ConsulAgent agent;

    CatalogApi(ConsulAgent agent) {
        this.agent = agent;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("PUT", "/v1/catalog/register[/*]", CatalogApi::register);
        routes.add("PUT", "/v1/catalog/deregister[/*]", CatalogApi::deregister);
        routes.add("GET", "/v1/catalog/datacenters[/*]", call -> call.json(List.of(datacenter())));
        routes.add("GET", "/v1/catalog/nodes[/*]", this::nodes);
        routes.add(
                "GET",
                "/v1/catalog/services[/*]",
                call -> call.query(new Queries.ServiceNames(), services -> services));
        routes.add("GET", "/v1/catalog/service[/*]", this::service);
        routes.add("GET", "/v1/catalog/connect[/*]", call -> call.json(List.of()));
        routes.add("GET", "/v1/catalog/node[/*]", call -> node(call, CatalogApi::byIdentifier));
        routes.add("GET", "/v1/catalog/node-services[/*]", call -> node(call, CatalogApi::inOrder));
    }

    private String datacenter() {
        return agent.settings().datacenter();
    }

    private void nodes(ConsulCall call) throws BadRequest {
        call.query(
                new Queries.Nodes(),
                nodes -> nodes.stream()
                        .map(node -> ApiJson.node(node, datacenter()))
                        .toList());
    }

    private void service(ConsulCall call) throws BadRequest {
        call.query(
                new Queries.Service(call.required("service name"), call.tags(), false),
                instances -> instances.stream()
                        .map(instance -> ApiJson.catalogService(instance, datacenter()))
                        .toList());
    }

    private void node(ConsulCall call, Function<List<Service>, Object> services) throws BadRequest {
        call.read(
                new Queries.NodeContent(call.required("node name")),
                content -> Response.json(200, node(content, services)));
    }

    private Object node(@Nullable NodeContent content, Function<List<Service>, Object> services) {
        return content == null
                ? NullNode.getInstance()
                : ApiJson.object(
                        "Node",
                        ApiJson.node(content.node(), datacenter()),
                        "Services",
                        services.apply(content.services()));
    }

    private static Object byIdentifier(List<Service> services) {
        var map = new TreeMap<String, Object>();
        services.forEach(service -> map.put(service.id(), ApiJson.service(service)));
        return map;
    }

    private static Object inOrder(List<Service> services) {
        return services.stream().map(ApiJson::service).toList();
    }

    private static void deregister(ConsulCall call) throws BadRequest {
        JsonNode json = call.body();
        String node = ApiJson.text(json, "Node");
        if (node.isEmpty()) {
            call.refused("Must provide node");
            return;
        }
        String service = ApiJson.text(json, "ServiceID");
        String check = ApiJson.text(json, "CheckID");
        call.write(
                new Deregister(node, service.isEmpty() ? null : service, check.isEmpty() ? null : check),
                done -> Response.json(200, true));
    }

    private static void register(ConsulCall call) throws BadRequest {
        JsonNode json = call.body();
        String name = ApiJson.text(json, "Node");
        String address = ApiJson.text(json, "Address");
        boolean skipNode = ApiJson.text(json, "SkipNodeUpdate").equals("true");
        if (name.isEmpty()) {
            call.refused("Must provide node");
            return;
        }
        if (address.isEmpty() && !skipNode) {
            call.refused("Must provide address if SkipNodeUpdate is not set");
            return;
        }
        var node = new Node(
                ApiJson.text(json, "ID"),
                name,
                address,
                ApiJson.map(json, "TaggedAddresses"),
                ApiJson.map(json, "NodeMeta"),
                0,
                0);
        JsonNode given = ApiJson.field(json, "Service");
        Service service = given == null ? null : ApiJson.serviceOf(given, name);
        var checks = new ArrayList<Check>();
        for (JsonNode check : ApiJson.checkDefinitions(json)) {
            checks.add(checkOf(check, name, service));
        }
        call.write(
                new Register(node, service == null ? List.of() : List.of(service), checks, skipNode),
                done -> Response.json(200, true));
    }

    private static Check checkOf(JsonNode json, String node, @Nullable Service service) {
        String name = ApiJson.text(json, "Name");
        String id = ApiJson.text(json, "CheckID");
        String status = ApiJson.text(json, "Status");
        String serviceId = ApiJson.text(json, "ServiceID");
        Service checked = serviceId.isEmpty() ? null : service;
        return new Check(
                node,
                id.isEmpty() ? name : id,
                name,
                status.isEmpty() ? Records.CRITICAL : status,
                ApiJson.text(json, "Notes"),
                ApiJson.text(json, "Output"),
                serviceId,
                checked == null ? "" : checked.name(),
                checked == null ? List.of() : checked.tags(),
                "",
                0,
                0);
    }
}
