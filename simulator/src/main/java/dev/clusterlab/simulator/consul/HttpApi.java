package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import dev.clusterlab.simulator.consul.Command.ChangeKey;
import dev.clusterlab.simulator.consul.Command.CreateSession;
import dev.clusterlab.simulator.consul.Command.Deregister;
import dev.clusterlab.simulator.consul.Command.DestroySession;
import dev.clusterlab.simulator.consul.Command.KeyOperation;
import dev.clusterlab.simulator.consul.Command.Register;
import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.NodeContent;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Records.ServiceHealth;
import dev.clusterlab.simulator.consul.Records.Session;
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
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.protocol.SwimMember.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Consul's HTTP API, and the page. Errors are plain text, as Consul's. */
final class HttpApi implements HttpService {
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(300);
    private static final Duration WAIT_MAX = Duration.ofSeconds(600);
    private static final int KEY_VALUE_BYTES_MAX = 512 * 1024;
    private static final Duration TTL_MIN = Duration.ofSeconds(10);
    private static final Duration TTL_MAX = Duration.ofHours(24);
    private static final String LOCK_DELAY_DEFAULT = "15s";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConsulAgent agent;
    private final SimRandom random;
    private final Runnable leaveAndExit;

    HttpApi(ConsulAgent agent, Runnable leaveAndExit) {
        this.agent = agent;
        this.random = agent.context().random().split("http");
        this.leaveAndExit = leaveAndExit;
    }

    @Override
    public void handle(HttpExchange exchange) {
        try {
            route(exchange);
        } catch (BadRequest e) {
            exchange.respond(Response.text(400, e.text()));
        }
    }

    private void route(HttpExchange exchange) throws BadRequest {
        HttpMessage.Request request = exchange.request();
        String path = request.path();
        if (path.equals("/") || path.equals("/ui") || path.startsWith("/ui/")) {
            page(exchange, path);
            return;
        }
        String datacenter = request.parameter("dc");
        if (datacenter != null
                && !datacenter.isEmpty()
                && !datacenter.equals(agent.settings().datacenter())) {
            exchange.respond(Response.text(500, "No path to datacenter"));
            return;
        }
        if (path.startsWith("/v1/kv/") || path.equals("/v1/kv")) {
            keys(exchange, path.length() <= 7 ? "" : path.substring(7));
            return;
        }
        String[] parts = path.split("/", 5);
        String group = parts.length > 2 && parts[1].equals("v1") ? parts[2] : "";
        String verb = parts.length > 3 ? parts[3] : "";
        String rest = parts.length > 4 ? parts[4] : "";
        boolean known = switch (group) {
            case "status" -> status(exchange, verb);
            case "agent" -> agent(exchange, verb, rest);
            case "catalog" -> catalog(exchange, verb, rest);
            case "health" -> health(exchange, verb, rest);
            case "session" -> session(exchange, verb, rest);
            case "operator" -> operator(exchange, verb, rest);
            case "internal" -> internal(exchange, verb, rest);
            case "coordinate" -> {
                exchange.respond(Response.json(200, List.of()));
                yield true;
            }
            default -> false;
        };
        if (!known) {
            exchange.respond(Response.text(404, "Invalid URL path: not a recognized HTTP API endpoint"));
        }
    }

    private void page(HttpExchange exchange, String path) {
        if (!agent.settings().ui()) {
            exchange.respond(
                    path.equals("/") ? Response.text(200, "Consul Agent") : Response.text(404, "404 page not found\n"));
        } else if (path.equals("/") || path.equals("/ui")) {
            exchange.respond(Response.empty(301).withHeader("location", "/ui/"));
        } else {
            exchange.respond(Response.html(
                    UiPage.html(agent.settings().datacenter(), agent.settings().nodeName())));
        }
    }

    // ---- helpers ----

    /** Answers 405 unless the request has this method. */
    private static boolean allowed(HttpExchange exchange, String... methods) {
        String method = exchange.request().method();
        if (List.of(methods).contains(method)) {
            return true;
        }
        exchange.respond(
                Response.text(405, "method " + method + " not allowed").withHeader("allow", String.join(",", methods)));
        return false;
    }

    private static boolean flag(HttpMessage.Request request, String name) {
        String value = request.parameter(name);
        return request.has(name) && !"false".equals(value) && !"0".equals(value);
    }

    private static String parameter(HttpMessage.Request request, String name, String otherwise) {
        String value = request.parameter(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    private static JsonNode body(HttpMessage.Request request) throws BadRequest {
        try {
            JsonNode json = request.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(request.body());
            if (json == null || !json.isObject()) {
                throw new BadRequest("Request decode failed: an object was expected");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new BadRequest("Request decode failed: " + e.getOriginalMessage());
        } catch (java.io.IOException e) {
            throw new BadRequest("Request decode failed: " + e.getMessage());
        }
    }

    /** Runs a query as the request's parameters want it and answers with its value in JSON. */
    private void query(HttpExchange exchange, Query query, Function<Object, @Nullable Object> render)
            throws BadRequest {
        respond(exchange, query, answered -> {
            Object value = answered.value();
            Object shown = value == null ? null : render.apply(value);
            return shown == null ? Response.text(404, "") : Response.json(200, shown);
        });
    }

    private void respond(HttpExchange exchange, Query query, Function<Answered, Response> respond) throws BadRequest {
        HttpMessage.Request request = exchange.request();
        if (request.has("filter") && !parameter(request, "filter", "").isEmpty()) {
            throw new BadRequest("Failed to create boolean expression evaluator: filter expressions are not available"
                    + " in the simulation");
        }
        boolean stale = flag(request, "stale");
        boolean consistent = flag(request, "consistent");
        if (stale && consistent) {
            throw new BadRequest("Cannot specify ?stale with ?consistent, conflicting semantics.");
        }
        Consistency consistency = stale ? Consistency.STALE : consistent ? Consistency.CONSISTENT : Consistency.LEADER;
        long index = index(request);
        Duration wait = waitTime(request);
        if (index > 0) {
            exchange.longPoll();
        }
        agent.call(new Read(query, consistency, index, wait.toNanos()), result -> {
            switch (result) {
                case Failed failed -> exchange.respond(Response.text(500, failed.message()));
                case Answered answered -> exchange.respond(withHeaders(respond.apply(answered), answered, consistency));
                case Done done -> exchange.respond(Response.text(500, "unexpected answer"));
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

    private static long index(HttpMessage.Request request) throws BadRequest {
        String text = parameter(request, "index", "0");
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new BadRequest("Invalid index");
        }
    }

    private static Duration waitTime(HttpMessage.Request request) throws BadRequest {
        String text = parameter(request, "wait", "");
        if (text.isEmpty()) {
            return WAIT_DEFAULT;
        }
        Duration parsed = Durations.parse(text);
        if (parsed == null) {
            throw new BadRequest("Invalid wait time");
        }
        if (parsed.isNegative() || parsed.isZero()) {
            return WAIT_DEFAULT;
        }
        return parsed.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : parsed;
    }

    private void order(HttpExchange exchange, Request request, Function<@Nullable Object, Response> respond) {
        agent.call(request, result -> {
            switch (result) {
                case Failed failed -> exchange.respond(Response.text(500, failed.message()));
                case Done done -> exchange.respond(respond.apply(done.value()));
                case Answered answered -> exchange.respond(respond.apply(answered.value()));
            }
        });
    }

    private void write(HttpExchange exchange, Command command, Function<@Nullable Object, Response> respond) {
        order(exchange, new Write(command), respond);
    }

    private String datacenter() {
        return agent.settings().datacenter();
    }

    // ---- status, operator ----

    private boolean status(HttpExchange exchange, String verb) throws BadRequest {
        switch (verb) {
            case "leader" -> {
                if (allowed(exchange, "GET")) {
                    query(exchange, new Queries.Leader(), value -> value);
                }
            }
            case "peers" -> {
                if (allowed(exchange, "GET")) {
                    query(exchange, new Queries.Peers(), value -> value);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean operator(HttpExchange exchange, String verb, String rest) throws BadRequest {
        switch (verb + "/" + rest) {
            case "raft/configuration" -> {
                if (allowed(exchange, "GET")) {
                    query(exchange, new Queries.RaftConfiguration(), HttpApi::raftConfiguration);
                }
            }
            case "raft/peer" -> {
                if (allowed(exchange, "DELETE")) {
                    String id = parameter(exchange.request(), "id", "");
                    String address = parameter(exchange.request(), "address", "");
                    if (id.isEmpty() == address.isEmpty()) {
                        throw new BadRequest(
                                id.isEmpty()
                                        ? "Must specify either ?id with the server's ID or ?address with IP:port of peer to remove"
                                        : "Must specify only one of ?id or ?address");
                    }
                    removePeer(exchange, id, address);
                }
            }
            case "raft/transfer-leader" -> {
                if (allowed(exchange, "POST", "PUT")) {
                    String id = parameter(exchange.request(), "id", "");
                    order(
                            exchange,
                            new Rpc.TransferLeadership(id.isEmpty() ? null : id),
                            done -> Response.json(200, Map.of("Success", true)));
                }
            }
            case "autopilot/health" -> {
                if (allowed(exchange, "GET")) {
                    respond(
                            exchange,
                            new Queries.AutopilotHealth(),
                            answered -> autopilotHealth((Autopilot.Health) answered.value()));
                }
            }
            case "autopilot/configuration" -> {
                if (allowed(exchange, "GET")) {
                    exchange.respond(Response.json(
                            200,
                            ApiJson.object(
                                    "CleanupDeadServers",
                                    agent.settings().cleanupDeadServers(),
                                    "LastContactThreshold",
                                    "200ms",
                                    "MaxTrailingLogs",
                                    250,
                                    "MinQuorum",
                                    0,
                                    "ServerStabilizationTime",
                                    "10s",
                                    "RedundancyZoneTag",
                                    "",
                                    "DisableUpgradeMigration",
                                    false,
                                    "UpgradeVersionTag",
                                    "",
                                    "CreateIndex",
                                    1,
                                    "ModifyIndex",
                                    1)));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void removePeer(HttpExchange exchange, String id, String address) {
        agent.call(Read.of(new Queries.RaftConfiguration()), result -> {
            if (!(result instanceof Answered answered)) {
                exchange.respond(Response.text(500, result instanceof Failed failed ? failed.message() : ""));
                return;
            }
            for (ConsulServer.Peer peer : peers(answered.value())) {
                if (peer.id().equals(id) || peer.address().equals(address)) {
                    order(exchange, new Rpc.RemovePeer(peer.id()), done -> Response.empty(200));
                    return;
                }
            }
            exchange.respond(Response.text(
                    500,
                    address.isEmpty()
                            ? "id \"" + id + "\" was not found in the Raft configuration"
                            : "address \"" + address + "\" was not found in the Raft configuration"));
        });
    }

    @SuppressWarnings("unchecked") // the query's own type
    private static List<ConsulServer.Peer> peers(@Nullable Object value) {
        return value == null ? List.of() : (List<ConsulServer.Peer>) value;
    }

    private static Object raftConfiguration(Object value) {
        var servers = new ArrayList<Object>();
        for (ConsulServer.Peer peer : peers(value)) {
            servers.add(ApiJson.object(
                    "ID", peer.id(),
                    "Node", peer.node(),
                    "Address", peer.address(),
                    "Leader", peer.leader(),
                    "ProtocolVersion", "3",
                    "Voter", peer.voter(),
                    "LastIndex", peer.lastIndex()));
        }
        return ApiJson.object("Servers", servers, "Index", 0);
    }

    private static Response autopilotHealth(Autopilot.@Nullable Health health) {
        if (health == null) {
            return Response.text(404, "");
        }
        var servers = new ArrayList<Object>();
        for (Autopilot.ServerHealth server : health.servers()) {
            servers.add(ApiJson.object(
                    "ID", server.id(),
                    "Name", server.name(),
                    "Address", server.address(),
                    "SerfStatus", server.serfStatus(),
                    "Version", server.version(),
                    "Leader", server.leader(),
                    "LastContact", server.lastContactMillis() + "ms",
                    "LastTerm", server.lastTerm(),
                    "LastIndex", server.lastIndex(),
                    "Healthy", server.healthy(),
                    "Voter", server.voter(),
                    "StableSince", server.stableSince().toString()));
        }
        return Response.json(
                health.healthy() ? 200 : 429,
                ApiJson.object(
                        "Healthy", health.healthy(),
                        "FailureTolerance", health.failureTolerance(),
                        "Servers", servers));
    }

    // ---- catalog, health ----

    @SuppressWarnings("unchecked") // the query's own type
    private static List<ServiceHealth> instances(Object value) {
        return (List<ServiceHealth>) value;
    }

    @SuppressWarnings("unchecked") // the query's own type
    private static List<Check> checks(Object value) {
        return (List<Check>) value;
    }

    @SuppressWarnings("unchecked") // the query's own type
    private static List<Node> nodes(Object value) {
        return (List<Node>) value;
    }

    @SuppressWarnings("unchecked") // the query's own type
    private static List<NodeContent> contents(Object value) {
        return (List<NodeContent>) value;
    }

    private boolean catalog(HttpExchange exchange, String verb, String rest) throws BadRequest {
        switch (verb) {
            case "register" -> {
                if (allowed(exchange, "PUT")) {
                    registerInCatalog(exchange);
                }
                return true;
            }
            case "deregister" -> {
                if (allowed(exchange, "PUT")) {
                    JsonNode json = body(exchange.request());
                    String node = ApiJson.text(json, "Node");
                    if (node.isEmpty()) {
                        throw new BadRequest("Must provide node");
                    }
                    String service = ApiJson.text(json, "ServiceID");
                    String check = ApiJson.text(json, "CheckID");
                    write(
                            exchange,
                            new Deregister(node, service.isEmpty() ? null : service, check.isEmpty() ? null : check),
                            done -> Response.json(200, true));
                }
                return true;
            }
            case "datacenters", "nodes", "services", "service", "connect", "node", "node-services" -> {
                if (!allowed(exchange, "GET")) {
                    return true;
                }
            }
            default -> {
                return false;
            }
        }
        switch (verb) {
            case "datacenters" -> exchange.respond(Response.json(200, List.of(datacenter())));
            case "nodes" ->
                query(
                        exchange,
                        new Queries.Nodes(),
                        value -> nodes(value).stream()
                                .map(node -> ApiJson.node(node, datacenter()))
                                .toList());
            case "services" -> query(exchange, new Queries.ServiceNames(), value -> value);
            case "service" -> {
                if (rest.isEmpty()) {
                    throw new BadRequest("Missing service name");
                }
                query(
                        exchange,
                        new Queries.Service(rest, tags(exchange.request()), false),
                        value -> instances(value).stream()
                                .map(instance -> ApiJson.catalogService(instance, datacenter()))
                                .toList());
            }
            case "connect" -> exchange.respond(Response.json(200, List.of()));
            case "node", "node-services" -> {
                if (rest.isEmpty()) {
                    throw new BadRequest("Missing node name");
                }
                respond(exchange, new Queries.NodeContent(rest), answered -> {
                    NodeContent content = (NodeContent) answered.value();
                    if (content == null) {
                        return new Response(
                                200,
                                Map.of("content-type", "application/json"),
                                "null".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    }
                    Object services;
                    if (verb.equals("node")) {
                        var map = new TreeMap<String, Object>();
                        content.services().forEach(service -> map.put(service.id(), ApiJson.service(service)));
                        services = map;
                    } else {
                        services = content.services().stream()
                                .map(ApiJson::service)
                                .toList();
                    }
                    return Response.json(
                            200,
                            ApiJson.object("Node", ApiJson.node(content.node(), datacenter()), "Services", services));
                });
            }
            default -> throw new IllegalStateException(verb);
        }
        return true;
    }

    private static List<String> tags(HttpMessage.Request request) {
        return request.query().getOrDefault("tag", List.of()).stream()
                .filter(tag -> !tag.isEmpty())
                .toList();
    }

    private void registerInCatalog(HttpExchange exchange) throws BadRequest {
        JsonNode json = body(exchange.request());
        String name = ApiJson.text(json, "Node");
        String address = ApiJson.text(json, "Address");
        if (name.isEmpty() || address.isEmpty()) {
            throw new BadRequest("Must provide node and address");
        }
        var node = new Node(
                ApiJson.text(json, "ID"),
                name,
                address,
                ApiJson.map(json, "TaggedAddresses"),
                ApiJson.map(json, "NodeMeta"),
                0,
                0);
        var services = new ArrayList<Service>();
        JsonNode service = ApiJson.field(json, "Service");
        if (service != null) {
            services.add(ApiJson.serviceOf(service, name));
        }
        var definitions = new ArrayList<JsonNode>();
        JsonNode single = ApiJson.field(json, "Check");
        if (single != null) {
            definitions.add(single);
        }
        JsonNode several = ApiJson.field(json, "Checks");
        if (several != null) {
            several.forEach(definitions::add);
        }
        var checks = new ArrayList<Check>();
        for (JsonNode check : definitions) {
            String serviceId = ApiJson.text(check, "ServiceID");
            String status = ApiJson.text(check, "Status");
            String id = ApiJson.text(check, "CheckID");
            checks.add(new Check(
                    name,
                    id.isEmpty() ? ApiJson.text(check, "Name") : id,
                    ApiJson.text(check, "Name"),
                    status.isEmpty() ? Records.CRITICAL : status,
                    ApiJson.text(check, "Notes"),
                    ApiJson.text(check, "Output"),
                    serviceId,
                    services.isEmpty() || serviceId.isEmpty()
                            ? ""
                            : services.get(0).name(),
                    services.isEmpty() || serviceId.isEmpty()
                            ? List.of()
                            : services.get(0).tags(),
                    "",
                    0,
                    0));
        }
        write(
                exchange,
                new Register(
                        node,
                        services,
                        checks,
                        ApiJson.text(json, "SkipNodeUpdate").equals("true")),
                done -> Response.json(200, true));
    }

    private boolean health(HttpExchange exchange, String verb, String rest) throws BadRequest {
        if (!List.of("service", "connect", "state", "node", "checks").contains(verb)) {
            return false;
        }
        if (!allowed(exchange, "GET")) {
            return true;
        }
        switch (verb) {
            case "service" -> {
                if (rest.isEmpty()) {
                    throw new BadRequest("Missing service name");
                }
                query(
                        exchange,
                        new Queries.Service(rest, tags(exchange.request()), flag(exchange.request(), "passing")),
                        value -> instances(value).stream()
                                .map(instance -> ApiJson.health(instance, datacenter()))
                                .toList());
            }
            case "connect" -> exchange.respond(Response.json(200, List.of()));
            case "state" -> {
                if (rest.isEmpty()) {
                    throw new BadRequest("Missing check state");
                }
                query(exchange, new Queries.ChecksInState(rest), HttpApi::renderChecks);
            }
            case "checks" -> {
                if (rest.isEmpty()) {
                    throw new BadRequest("Missing service name");
                }
                query(exchange, new Queries.ServiceChecks(rest), HttpApi::renderChecks);
            }
            default -> {
                if (rest.isEmpty()) {
                    throw new BadRequest("Missing node name");
                }
                respond(exchange, new Queries.NodeContent(rest), answered -> {
                    NodeContent content = (NodeContent) answered.value();
                    return Response.json(200, content == null ? List.of() : renderChecks(content.checks()));
                });
            }
        }
        return true;
    }

    private static Object renderChecks(Object value) {
        return checks(value).stream().map(ApiJson::check).toList();
    }

    /** What the page shows: the nodes with all that is on them, as Consul's own page asks for it. */
    private boolean internal(HttpExchange exchange, String verb, String rest) throws BadRequest {
        if (!verb.equals("ui") || !rest.equals("nodes")) {
            return false;
        }
        query(exchange, new Queries.Everything(), value -> {
            var list = new ArrayList<Object>();
            for (NodeContent content : contents(value)) {
                Map<String, Object> json = ApiJson.node(content.node(), datacenter());
                json.put(
                        "Services",
                        content.services().stream().map(ApiJson::service).toList());
                json.put("Checks", renderChecks(content.checks()));
                list.add(json);
            }
            return list;
        });
        return true;
    }

    // ---- agent ----

    private boolean agent(HttpExchange exchange, String verb, String rest) throws BadRequest {
        HttpMessage.Request request = exchange.request();
        switch (verb) {
            case "self", "members", "services", "checks", "metrics", "host", "version" -> {
                if (allowed(exchange, "GET")) {
                    exchange.respond(Response.json(200, agentRead(verb)));
                }
            }
            case "join" -> {
                if (allowed(exchange, "PUT")) {
                    agent.join(
                            List.of(rest),
                            (reached, error) ->
                                    exchange.respond(reached > 0 ? Response.empty(200) : Response.text(500, error)));
                }
            }
            case "leave" -> {
                if (allowed(exchange, "PUT")) {
                    // Consul answers when it has left, just before the process ends.
                    agent.leave(() -> {
                        exchange.respond(Response.empty(200));
                        leaveAndExit.run();
                    });
                }
            }
            case "force-leave" -> {
                if (allowed(exchange, "PUT")) {
                    if (agent.members().stream().noneMatch(m -> m.name().equals(rest))) {
                        exchange.respond(Response.text(500, "agent: No node found with name '" + rest + "'"));
                    } else {
                        agent.serf().forceLeave(rest, flag(request, "prune"));
                        exchange.respond(Response.empty(200));
                    }
                }
            }
            case "reload" -> exchange.respond(Response.empty(200));
            case "service" -> agentService(exchange, rest);
            case "check" -> agentCheck(exchange, rest);
            case "health" -> agentHealth(exchange, rest);
            default -> {
                return false;
            }
        }
        return true;
    }

    private Object agentRead(String verb) {
        return switch (verb) {
            case "members" -> agent.members().stream().map(ApiJson::member).toList();
            case "services" -> {
                var map = new TreeMap<String, Object>();
                for (Service service : agent.local().services()) {
                    map.put(service.id(), agentServiceJson(service));
                }
                yield map;
            }
            case "checks" -> {
                var map = new TreeMap<String, Object>();
                for (LocalState.LocalCheck check : agent.local().checks()) {
                    map.put(check.check().id(), agentCheckJson(check));
                }
                yield map;
            }
            case "metrics" ->
                ApiJson.object(
                        "Timestamp",
                        agent.context().simulation().now().toString(),
                        "Gauges",
                        List.of(),
                        "Points",
                        List.of(),
                        "Counters",
                        List.of(),
                        "Samples",
                        List.of());
            case "host" ->
                ApiJson.object(
                        "Memory",
                        null,
                        "CPU",
                        List.of(),
                        "Host",
                        ApiJson.object("hostname", agent.context().hostname(), "os", "linux"),
                        "Disk",
                        null,
                        "CollectionTime",
                        agent.context().simulation().now().getEpochSecond() * 1_000_000_000L,
                        "Errors",
                        null);
            case "version" -> ApiJson.object("HumanVersion", agent.settings().version());
            default -> self();
        };
    }

    private Object self() {
        AgentSettings settings = agent.settings();
        Map<String, Object> self = Map.of();
        for (Member member : agent.members()) {
            if (member.name().equals(settings.nodeName())) {
                self = ApiJson.member(member);
            }
        }
        Map<String, Object> debug = ApiJson.object(
                "AdvertiseAddrLAN", settings.advertiseAddress(),
                "BindAddr", settings.advertiseAddress(),
                "Bootstrap", settings.bootstrap(),
                "BootstrapExpect", settings.bootstrapExpect(),
                "ClientAddrs", List.of(settings.clientAddress().split("\\s+")),
                "DataDir", settings.dataDirectory(),
                "Datacenter", settings.datacenter(),
                "DNSDomain", settings.domain(),
                "DevMode", settings.dev(),
                "HTTPPort", settings.httpPort(),
                "LeaveOnTerm", settings.leaveOnTerminate(),
                "LogLevel", settings.logLevel(),
                "NodeID", agent.nodeId(),
                "NodeName", settings.nodeName(),
                "RetryJoinLAN", settings.retryJoin(),
                "SerfPortLAN", ConsulAgent.SERF_PORT,
                "ServerMode", settings.server(),
                "ServerPort", Rpc.PORT,
                "SkipLeaveOnInt", settings.skipLeaveOnInterrupt(),
                "StartJoinAddrsLAN", settings.startJoin(),
                "UIConfig", ApiJson.object("Enabled", settings.ui()),
                "Version", settings.version());
        return ApiJson.object(
                "Config",
                ApiJson.object(
                        "Datacenter", settings.datacenter(),
                        "PrimaryDatacenter", settings.datacenter(),
                        "NodeName", settings.nodeName(),
                        "NodeID", agent.nodeId(),
                        "Revision", settings.build().substring(settings.build().indexOf(':') + 1),
                        "Server", settings.server(),
                        "Version", settings.version()),
                "DebugConfig",
                debug,
                "Coord",
                ApiJson.object(
                        "Adjustment", 0, "Error", 1.5, "Height", 0.00001, "Vec", List.of(0, 0, 0, 0, 0, 0, 0, 0)),
                "Member",
                self,
                "Stats",
                agent.stats(),
                "Meta",
                agent.self().meta());
    }

    private Map<String, Object> agentServiceJson(Service service) {
        Map<String, Object> json = ApiJson.service(service);
        json.put("Datacenter", datacenter());
        return json;
    }

    private static Map<String, Object> agentCheckJson(LocalState.LocalCheck check) {
        Map<String, Object> json = ApiJson.check(check.check());
        CheckDefinition definition = check.definition();
        boolean periodic = definition.ttl() == null && !definition.type().isEmpty();
        json.put("Interval", periodic ? Durations.format(definition.interval()) : "");
        json.put("Timeout", periodic ? Durations.format(definition.timeout()) : "");
        return json;
    }

    private void agentService(HttpExchange exchange, String rest) throws BadRequest {
        if (rest.equals("register")) {
            if (allowed(exchange, "PUT")) {
                register(body(exchange.request()));
                exchange.respond(Response.empty(200));
            }
            return;
        }
        if (rest.startsWith("deregister/")) {
            if (allowed(exchange, "PUT")) {
                String id = rest.substring("deregister/".length());
                exchange.respond(
                        agent.local().deregister(id)
                                ? Response.empty(200)
                                : Response.text(
                                        404,
                                        "Unknown service ID \"" + id
                                                + "\". Ensure that the service ID is passed, not the service name."));
            }
            return;
        }
        if (allowed(exchange, "GET")) {
            Service service = agent.local().service(rest);
            exchange.respond(
                    service == null
                            ? Response.text(404, "unknown service ID: " + rest)
                            : Response.json(200, agentServiceJson(service)));
        }
    }

    /** Registers a service from its JSON, with its checks. */
    void register(JsonNode json) throws BadRequest {
        Service service = ApiJson.serviceOf(json, agent.settings().nodeName());
        if (service.name().isEmpty()) {
            throw new BadRequest("Missing service name");
        }
        if (service.address().equals("0.0.0.0") || service.address().equals("::")) {
            throw new BadRequest("Invalid service address");
        }
        agent.local().register(service, ApiJson.checksOf(json, service));
    }

    private void agentCheck(HttpExchange exchange, String rest) throws BadRequest {
        if (!allowed(exchange, "PUT")) {
            return;
        }
        HttpMessage.Request request = exchange.request();
        int slash = rest.indexOf('/');
        String verb = slash < 0 ? rest : rest.substring(0, slash);
        String id = slash < 0 ? "" : rest.substring(slash + 1);
        String note = parameter(request, "note", "");
        switch (verb) {
            case "register" -> {
                JsonNode json = body(request);
                String name = ApiJson.text(json, "Name");
                if (name.isEmpty()) {
                    throw new BadRequest("Missing check name");
                }
                String serviceId = ApiJson.text(json, "ServiceID");
                Service service = serviceId.isEmpty() ? null : agent.local().service(serviceId);
                if (!serviceId.isEmpty() && service == null) {
                    exchange.respond(Response.text(500, "ServiceID \"" + serviceId + "\" does not exist"));
                    return;
                }
                agent.local()
                        .registerCheck(ApiJson.checkOf(json, agent.settings().nodeName(), service, name, name));
                exchange.respond(Response.empty(200));
            }
            case "deregister" ->
                exchange.respond(agent.local().deregisterCheck(id) ? Response.empty(200) : unknownCheck(id));
            case "pass" -> heartbeat(exchange, id, Records.PASSING, note);
            case "warn" -> heartbeat(exchange, id, Records.WARNING, note);
            case "fail" -> heartbeat(exchange, id, Records.CRITICAL, note);
            case "update" -> {
                JsonNode json = body(request);
                String status = ApiJson.text(json, "Status");
                if (!List.of(Records.PASSING, Records.WARNING, Records.CRITICAL).contains(status)) {
                    throw new BadRequest("Invalid check status: '" + status + "'");
                }
                heartbeat(exchange, id, status, ApiJson.text(json, "Output"));
            }
            default -> exchange.respond(Response.text(404, "Invalid URL path: not a recognized HTTP API endpoint"));
        }
    }

    private void heartbeat(HttpExchange exchange, String id, String status, String output) {
        LocalState.LocalCheck check = agent.local().check(id);
        if (check == null) {
            exchange.respond(unknownCheck(id));
        } else if (!agent.local().heartbeat(id, status, output)) {
            exchange.respond(Response.text(404, "CheckID \"" + id + "\" does not have associated TTL"));
        } else {
            exchange.respond(Response.empty(200));
        }
    }

    private static Response unknownCheck(String id) {
        return Response.text(
                404, "Unknown check ID \"" + id + "\". Ensure that the check ID is passed, not the check name.");
    }

    /** {@code health/service/name/X} and {@code health/service/id/X}: the worst status of the agent's own instances. */
    private void agentHealth(HttpExchange exchange, String rest) {
        if (!allowed(exchange, "GET")) {
            return;
        }
        boolean byName = rest.startsWith("service/name/");
        String wanted = rest.substring(rest.lastIndexOf('/') + 1);
        var found = new ArrayList<Object>();
        String worst = Records.PASSING;
        for (Service service : agent.local().services()) {
            if (!wanted.equals(byName ? service.name() : service.id())) {
                continue;
            }
            var own = new ArrayList<Object>();
            String status = Records.PASSING;
            for (LocalState.LocalCheck check : agent.local().checks()) {
                if (check.check().serviceId().equals(service.id())
                        || check.check().serviceId().isEmpty()) {
                    own.add(agentCheckJson(check));
                    status = worse(status, check.check().status());
                }
            }
            worst = worse(worst, status);
            found.add(ApiJson.object("AggregatedStatus", status, "Service", agentServiceJson(service), "Checks", own));
        }
        int code = found.isEmpty()
                ? 404
                : worst.equals(Records.CRITICAL) ? 503 : worst.equals(Records.WARNING) ? 429 : 200;
        Object single = !byName && !found.isEmpty() ? found.get(0) : found;
        exchange.respond(
                found.isEmpty() && !byName
                        ? Response.text(404, "ServiceId " + wanted + " not found")
                        : Response.json(code, single));
    }

    private static String worse(String left, String right) {
        List<String> order = List.of(Records.PASSING, Records.WARNING, Records.CRITICAL);
        return order.indexOf(left) >= order.indexOf(right) ? left : right;
    }

    // ---- keys ----

    private void keys(HttpExchange exchange, String key) throws BadRequest {
        if (!allowed(exchange, "GET", "PUT", "DELETE")) {
            return;
        }
        HttpMessage.Request request = exchange.request();
        switch (request.method()) {
            case "GET" -> readKeys(exchange, key);
            case "PUT" -> putKey(exchange, key);
            default -> deleteKey(exchange, key);
        }
    }

    @SuppressWarnings("unchecked") // the query's own type
    private static List<Key> keyList(@Nullable Object value) {
        return value == null ? List.of() : (List<Key>) value;
    }

    private void readKeys(HttpExchange exchange, String key) throws BadRequest {
        HttpMessage.Request request = exchange.request();
        if (flag(request, "keys")) {
            respond(
                    exchange,
                    new Queries.KeyNames(key, parameter(request, "separator", "")),
                    answered ->
                            answered.value() == null ? Response.text(404, "") : Response.json(200, answered.value()));
            return;
        }
        boolean recurse = flag(request, "recurse");
        if (key.isEmpty() && !recurse) {
            throw new BadRequest("Missing key name");
        }
        boolean raw = flag(request, "raw") && !recurse;
        respond(exchange, new Queries.Keys(key, recurse), answered -> {
            List<Key> found = keyList(answered.value());
            if (found.isEmpty()) {
                return Response.text(404, "");
            }
            if (raw) {
                return new Response(
                        200,
                        Map.of("content-type", "text/plain; charset=utf-8"),
                        Base64.getDecoder().decode(found.get(0).value()));
            }
            return Response.json(200, found.stream().map(ApiJson::key).toList());
        });
    }

    private void putKey(HttpExchange exchange, String key) throws BadRequest {
        HttpMessage.Request request = exchange.request();
        if (key.isEmpty()) {
            throw new BadRequest("Missing key name");
        }
        if ((request.has("cas") ? 1 : 0) + (request.has("acquire") ? 1 : 0) + (request.has("release") ? 1 : 0) > 1) {
            throw new BadRequest("Conflicting flags: " + conflicting(request));
        }
        if (request.body().length > KEY_VALUE_BYTES_MAX) {
            exchange.respond(Response.text(
                    413,
                    "Request body(" + request.body().length + " bytes) too large, max size: " + KEY_VALUE_BYTES_MAX
                            + " bytes. See https://www.consul.io/docs/agent/options.html#kv_max_value_size."));
            return;
        }
        long flags = unsigned(request, "flags");
        long cas = unsigned(request, "cas");
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
        write(
                exchange,
                new ChangeKey(operation, key, Base64.getEncoder().encodeToString(request.body()), flags, cas, session),
                done -> Response.json(200, Boolean.TRUE.equals(done)));
    }

    private static String conflicting(HttpMessage.Request request) {
        var query = new ArrayList<String>();
        for (String name : List.of("acquire", "cas", "release")) {
            if (request.has(name)) {
                query.add(name + "=" + parameter(request, name, ""));
            }
        }
        return String.join("&", query);
    }

    private static long unsigned(HttpMessage.Request request, String name) throws BadRequest {
        String text = parameter(request, name, "0");
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new BadRequest("strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
        }
    }

    private void deleteKey(HttpExchange exchange, String key) throws BadRequest {
        HttpMessage.Request request = exchange.request();
        boolean recurse = flag(request, "recurse");
        if (recurse && request.has("cas")) {
            throw new BadRequest("Conflicting flags: " + conflicting(request) + "&recurse");
        }
        if (key.isEmpty() && !recurse) {
            throw new BadRequest("Missing key name");
        }
        KeyOperation operation =
                recurse ? KeyOperation.DELETE_TREE : request.has("cas") ? KeyOperation.DELETE_CAS : KeyOperation.DELETE;
        write(
                exchange,
                new ChangeKey(operation, key, "", 0, unsigned(request, "cas"), null),
                done -> Response.json(200, Boolean.TRUE.equals(done)));
    }

    // ---- sessions ----

    @SuppressWarnings("unchecked") // the query's own type
    private static List<Session> sessionList(Object value) {
        return (List<Session>) value;
    }

    private boolean session(HttpExchange exchange, String verb, String rest) throws BadRequest {
        switch (verb) {
            case "create" -> {
                if (allowed(exchange, "PUT")) {
                    createSession(exchange);
                }
            }
            case "destroy" -> {
                if (allowed(exchange, "PUT")) {
                    if (rest.isEmpty()) {
                        throw new BadRequest("Missing session");
                    }
                    write(exchange, new DestroySession(rest), done -> Response.json(200, true));
                }
            }
            case "renew" -> {
                if (allowed(exchange, "PUT")) {
                    order(
                            exchange,
                            new Rpc.RenewSession(rest),
                            found -> found == null
                                    ? Response.text(404, "Session id '" + rest + "' not found")
                                    : Response.json(200, List.of(ApiJson.session((Session) found))));
                }
            }
            case "info", "list", "node" -> {
                if (allowed(exchange, "GET")) {
                    query(
                            exchange,
                            new Queries.Sessions(verb.equals("info") ? rest : "", verb.equals("node") ? rest : ""),
                            value -> sessionList(value).stream()
                                    .map(ApiJson::session)
                                    .toList());
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void createSession(HttpExchange exchange) throws BadRequest {
        JsonNode json = body(exchange.request());
        Duration delay = ApiJson.duration(json, "LockDelay", "LockDelay");
        if (delay == null) {
            delay = Durations.parse(LOCK_DELAY_DEFAULT);
        } else if (delay.compareTo(Duration.ofMillis(1)) < 0 && !delay.isZero()) {
            // A bare small number means seconds, as Consul guesses.
            delay = Duration.ofSeconds(delay.toNanos());
        }
        String ttl = ApiJson.text(json, "TTL");
        if (!ttl.isEmpty()) {
            Duration parsed = Durations.parse(ttl);
            if (parsed == null) {
                throw new BadRequest("Invalid Session TTL '" + ttl + "': time: invalid duration \"" + ttl + "\"");
            }
            if (!parsed.isZero() && (parsed.compareTo(TTL_MIN) < 0 || parsed.compareTo(TTL_MAX) > 0)) {
                exchange.respond(Response.text(
                        500, "Invalid Session TTL '" + parsed.toNanos() + "', must be between [10s=24h0m0s]"));
                return;
            }
        }
        String behavior = ApiJson.text(json, "Behavior");
        if (!List.of("", "release", "delete").contains(behavior)) {
            exchange.respond(Response.text(500, "Invalid Behavior setting '" + behavior + "'"));
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
                delay == null ? 0 : delay.toNanos(),
                behavior.isEmpty() ? "release" : behavior,
                ttl,
                0,
                0);
        write(exchange, new CreateSession(session), done -> Response.json(200, Map.of("ID", id)));
    }
}
