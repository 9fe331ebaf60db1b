package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.consul.LocalState.LocalCheck;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /v1/agent}: the services and checks that are registered with the asked agent. */
final class AgentServiceApi implements RouteTable.Group {
    /** From best to worst. */
    private static final List<String> STATUSES = List.of(Records.PASSING, Records.WARNING, Records.CRITICAL);

    private final ConsulAgent agent;

    AgentServiceApi(ConsulAgent agent) {
        this.agent = agent;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/v1/agent/services[/*]", call -> {
            call.refuseFilter();
            call.json(services());
        });
        routes.add("PUT", "/v1/agent/service/register", this::registerService);
        routes.add("PUT", "/v1/agent/service/deregister/*", this::deregisterService);
        routes.add("GET", "/v1/agent/service[/*]", this::service);
        routes.add("GET", "/v1/agent/checks[/*]", call -> {
            call.refuseFilter();
            call.json(checks());
        });
        routes.add("PUT", "/v1/agent/check/register[/*]", this::registerCheck);
        routes.add("PUT", "/v1/agent/check/deregister[/*]", this::deregisterCheck);
        routes.add("PUT", "/v1/agent/check/pass[/*]", call -> heartbeat(call, Records.PASSING));
        routes.add("PUT", "/v1/agent/check/warn[/*]", call -> heartbeat(call, Records.WARNING));
        routes.add("PUT", "/v1/agent/check/fail[/*]", call -> heartbeat(call, Records.CRITICAL));
        routes.add("PUT", "/v1/agent/check/update[/*]", this::update);
        routes.add("PUT", "/v1/agent/check[/*]", ConsulCall::notFound);
        routes.add("GET", "/v1/agent/health/service/name/*", call -> health(call, true));
        routes.add("GET", "/v1/agent/health[/*]", call -> health(call, false));
    }

    // ---- services

    private void registerService(ConsulCall call) throws BadRequest {
        register(agent, call.body());
        call.done();
    }

    /** Registers a service from its JSON, with its checks. */
    static void register(ConsulAgent agent, JsonNode json) throws BadRequest {
        RegistrationTypes.check(json);
        Service service = ApiJson.serviceOf(json, agent.settings().nodeName());
        if (service.name().isEmpty()) {
            throw new BadRequest("Missing service name");
        }
        if (service.address().equals("0.0.0.0") || service.address().equals("::")) {
            throw new BadRequest("Invalid service address");
        }
        RegistrationTypes.checkWeights(ApiJson.field(json, "Weights"));
        agent.local().register(service, ApiJson.checksOf(json, service));
    }

    private void deregisterService(ConsulCall call) {
        if (agent.local().deregister(call.rest())) {
            call.done();
            return;
        }
        call.respond(Response.text(
                404,
                "Unknown service ID \"" + call.rest()
                        + "\". Ensure that the service ID is passed, not the service name."));
    }

    private void service(ConsulCall call) {
        Service service = agent.local().service(call.rest());
        call.respond(
                service == null
                        ? Response.text(404, "unknown service ID: " + call.rest())
                        : Response.json(200, render(service)));
    }

    private Object services() {
        var map = new TreeMap<String, Object>();
        for (Service service : agent.local().services()) {
            map.put(service.id(), render(service));
        }
        return map;
    }

    private Map<String, Object> render(Service service) {
        return ApiJson.agentService(service, agent.settings().datacenter());
    }

    // ---- checks

    private void registerCheck(ConsulCall call) throws BadRequest {
        JsonNode json = call.body();
        String name = ApiJson.text(json, "Name");
        if (name.isEmpty()) {
            throw new BadRequest("Missing check name");
        }
        String serviceId = ApiJson.text(json, "ServiceID");
        Service service = serviceId.isEmpty() ? null : agent.local().service(serviceId);
        if (!serviceId.isEmpty() && service == null) {
            call.respond(Response.text(500, "ServiceID \"" + serviceId + "\" does not exist"));
            return;
        }
        agent.local().registerCheck(ApiJson.checkOf(json, agent.settings().nodeName(), service, name, name));
        call.done();
    }

    private void deregisterCheck(ConsulCall call) {
        call.respond(agent.local().deregisterCheck(call.rest()) ? Response.empty(200) : unknownCheck(call.rest()));
    }

    private void heartbeat(ConsulCall call, String status) {
        heartbeat(call, status, call.parameter("note", ""));
    }

    private void update(ConsulCall call) throws BadRequest {
        JsonNode json = call.body();
        String status = ApiJson.text(json, "Status");
        if (!STATUSES.contains(status)) {
            throw new BadRequest("Invalid check status: '" + status + "'");
        }
        heartbeat(call, status, ApiJson.text(json, "Output"));
    }

    private void heartbeat(ConsulCall call, String status, String output) {
        String id = call.rest();
        if (agent.local().check(id) == null) {
            call.respond(unknownCheck(id));
        } else if (!agent.local().heartbeat(id, status, output)) {
            call.respond(Response.text(404, "CheckID \"" + id + "\" does not have associated TTL"));
        } else {
            call.done();
        }
    }

    private static Response unknownCheck(String id) {
        return Response.text(
                404, "Unknown check ID \"" + id + "\". Ensure that the check ID is passed, not the check name.");
    }

    private Object checks() {
        var map = new TreeMap<String, Object>();
        for (LocalCheck check : agent.local().checks()) {
            map.put(check.check().id(), render(check));
        }
        return map;
    }

    private static Map<String, Object> render(LocalCheck check) {
        Map<String, Object> json = ApiJson.check(check.check());
        CheckDefinition definition = check.definition();
        boolean periodic = definition.ttl() == null && !definition.type().isEmpty();
        json.put("Interval", periodic ? GoDuration.format(definition.interval()) : "");
        json.put("Timeout", periodic ? GoDuration.format(definition.timeout()) : "");
        return json;
    }

    // ---- health

    /** The worst status of the agent's own instances, as the answer's status too. */
    private void health(ConsulCall call, boolean byName) {
        String wanted = call.rest().substring(call.rest().lastIndexOf('/') + 1);
        var found = new ArrayList<Object>();
        String worst = Records.PASSING;
        for (Service service : agent.local().services()) {
            if (!wanted.equals(byName ? service.name() : service.id())) {
                continue;
            }
            var own = new ArrayList<Object>();
            String status = Records.PASSING;
            for (LocalCheck check : agent.local().checks()) {
                String checked = check.check().serviceId();
                if (checked.equals(service.id()) || checked.isEmpty()) {
                    own.add(render(check));
                    status = worse(status, check.check().status());
                }
            }
            worst = worse(worst, status);
            found.add(ApiJson.object("AggregatedStatus", status, "Service", render(service), "Checks", own));
        }
        if (found.isEmpty()) {
            call.respond(byName ? Response.json(404, found) : Response.text(404, "ServiceId " + wanted + " not found"));
            return;
        }
        call.respond(Response.json(code(worst), byName ? found : found.getFirst()));
    }

    private static int code(String status) {
        return switch (status) {
            case Records.CRITICAL -> 503;
            case Records.WARNING -> 429;
            default -> 200;
        };
    }

    private static String worse(String left, String right) {
        return STATUSES.indexOf(left) >= STATUSES.indexOf(right) ? left : right;
    }
}
