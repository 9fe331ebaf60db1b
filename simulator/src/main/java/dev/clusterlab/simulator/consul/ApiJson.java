package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Records.ServiceHealth;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.protocol.SwimMember.Member;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON of Consul's API, from and to our own records. */
final class ApiJson {
    private ApiJson() {}

    /** A malformed request; the message goes to the caller with status 400. */
    static final class BadRequest extends Exception {
        private static final long serialVersionUID = 1;

        private final String text;

        BadRequest(String text) {
            super(text);
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** An object of alternating names and values, in this order. */
    static Map<String, Object> object(@Nullable Object... namesAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    // ---- answers

    /** A map that was not given is null, unless Consul says otherwise; an empty one is none to it. */
    private static @Nullable Map<String, String> given(Map<String, String> map) {
        return map.isEmpty() ? null : map;
    }

    static Map<String, Object> node(Node node, String datacenter) {
        return object(
                "ID", node.id(),
                "Node", node.name(),
                "Address", node.address(),
                "Datacenter", datacenter,
                "TaggedAddresses", given(node.taggedAddresses()),
                "Meta", given(node.meta()),
                "CreateIndex", node.createIndex(),
                "ModifyIndex", node.modifyIndex());
    }

    private static Map<String, Object> weights(Service service) {
        return object("Passing", service.weightPassing(), "Warning", service.weightWarning());
    }

    /** Left out where the service has no address of its own. */
    private static void putTaggedAddresses(Map<String, Object> json, String name, Service service) {
        if (!service.address().isEmpty()) {
            Map<String, Object> address = object("Address", service.address(), "Port", service.port());
            json.put(name, object("lan_ipv4", address, "wan_ipv4", address));
        }
    }

    /** As in the health endpoints, and in those of nodes. */
    static Map<String, Object> service(Service service) {
        Map<String, Object> json = object(
                "ID", service.id(),
                "Service", service.name(),
                "Tags", service.tags(),
                "Address", service.address());
        putTaggedAddresses(json, "TaggedAddresses", service);
        json.putAll(object(
                "Meta", given(service.meta()),
                "Port", service.port(),
                "Weights", weights(service),
                "EnableTagOverride", service.enableTagOverride(),
                "Proxy", object("Mode", "", "MeshGateway", Map.of(), "Expose", Map.of()),
                "Connect", Map.of(),
                "CreateIndex", service.createIndex(),
                "ModifyIndex", service.modifyIndex()));
        return json;
    }

    /** As its agent tells of it. */
    static Map<String, Object> agentService(Service service, String datacenter) {
        Map<String, Object> json = object(
                "ID", service.id(),
                "Service", service.name(),
                "Tags", service.tags(),
                "Meta", service.meta(),
                "Port", service.port(),
                "Address", service.address());
        putTaggedAddresses(json, "TaggedAddresses", service);
        json.putAll(object(
                "Weights", weights(service),
                "EnableTagOverride", service.enableTagOverride(),
                "Datacenter", datacenter));
        return json;
    }

    /** As in {@code /v1/catalog/service}. */
    static Map<String, Object> catalogService(ServiceHealth instance, String datacenter) {
        Node node = instance.node();
        Service service = instance.service();
        Map<String, Object> json = object(
                "ID", node.id(),
                "Node", node.name(),
                "Address", node.address(),
                "Datacenter", datacenter,
                "TaggedAddresses", given(node.taggedAddresses()),
                "NodeMeta", given(node.meta()),
                "ServiceKind", "",
                "ServiceID", service.id(),
                "ServiceName", service.name(),
                "ServiceTags", service.tags(),
                "ServiceAddress", service.address());
        putTaggedAddresses(json, "ServiceTaggedAddresses", service);
        json.putAll(object(
                "ServiceWeights", weights(service),
                "ServiceMeta", service.meta(),
                "ServicePort", service.port(),
                "ServiceEnableTagOverride", service.enableTagOverride(),
                "ServiceProxy", object("Mode", "", "MeshGateway", Map.of(), "Expose", Map.of()),
                "ServiceConnect", Map.of(),
                "CreateIndex", service.createIndex(),
                "ModifyIndex", service.modifyIndex()));
        return json;
    }

    static Map<String, Object> health(ServiceHealth instance, String datacenter) {
        return object(
                "Node", node(instance.node(), datacenter),
                "Service", service(instance.service()),
                "Checks", checks(instance.checks()));
    }

    static Map<String, Object> check(Check check) {
        return object(
                "Node", check.node(),
                "CheckID", check.id(),
                "Name", check.name(),
                "Status", check.status(),
                "Notes", check.notes(),
                "Output", check.output(),
                "ServiceID", check.serviceId(),
                "ServiceName", check.serviceName(),
                "ServiceTags", check.serviceTags(),
                "Type", check.type(),
                "Interval", "",
                "Timeout", "",
                "ExposedPort", 0,
                "Definition", Map.of(),
                "CreateIndex", check.createIndex(),
                "ModifyIndex", check.modifyIndex());
    }

    static List<Map<String, Object>> checks(List<Check> checks) {
        return checks.stream().map(ApiJson::check).toList();
    }

    static Map<String, Object> key(Key key) {
        Map<String, Object> json = object(
                "LockIndex",
                key.lockIndex(),
                "Key",
                key.key(),
                "Flags",
                new BigInteger(Long.toUnsignedString(key.flags())),
                "Value",
                key.value().isEmpty() ? null : key.value());
        if (key.session() != null) {
            json.put("Session", key.session());
        }
        json.put("CreateIndex", key.createIndex());
        json.put("ModifyIndex", key.modifyIndex());
        return json;
    }

    static Map<String, Object> session(Session session) {
        return object(
                "ID", session.id(),
                "Name", session.name(),
                "Node", session.node(),
                "LockDelay", session.lockDelayNanos(),
                "Behavior", session.behavior(),
                "TTL", session.ttl(),
                "NodeChecks", session.checks(),
                "ServiceChecks", null,
                "CreateIndex", session.createIndex(),
                "ModifyIndex", session.modifyIndex());
    }

    static Map<String, Object> member(Member member) {
        return object(
                "Name", member.name(),
                "Addr", member.address(),
                "Port", ConsulAgent.SERF_PORT,
                "Tags", new TreeMap<>(member.tags()),
                "Status", ConsulAgent.statusCode(member.status()),
                "ProtocolMin", 1,
                "ProtocolMax", 5,
                "ProtocolCur", 2,
                "DelegateMin", 2,
                "DelegateMax", 5,
                "DelegateCur", 4);
    }

    // ---- requests

    /** A field by its name in any spelling: {@code CheckID}, {@code checkid}, {@code check_id}. */
    static @Nullable JsonNode field(JsonNode object, String... names) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String plain = entry.getKey().replace("_", "").toLowerCase(Locale.ROOT);
            for (String name : names) {
                if (plain.equals(name.toLowerCase(Locale.ROOT))
                        && !entry.getValue().isNull()) {
                    return entry.getValue();
                }
            }
        }
        return null;
    }

    static String text(JsonNode object, String... names) {
        JsonNode found = field(object, names);
        return found == null ? "" : found.asText();
    }

    static int number(JsonNode object, int otherwise, String... names) {
        JsonNode found = field(object, names);
        return found == null ? otherwise : found.asInt(otherwise);
    }

    static List<String> texts(JsonNode object, String... names) {
        JsonNode found = field(object, names);
        var list = new ArrayList<String>();
        if (found != null) {
            found.forEach(item -> list.add(item.asText()));
        }
        return List.copyOf(list);
    }

    static Map<String, String> map(JsonNode object, String... names) {
        JsonNode found = field(object, names);
        var map = new TreeMap<String, String>();
        if (found != null) {
            found.properties()
                    .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        }
        return map;
    }

    /** A duration: Go's text form, or a number of nanoseconds. Null if it is not given. */
    static @Nullable Duration duration(JsonNode object, String what, String... names) throws BadRequest {
        JsonNode found = field(object, names);
        if (found == null || (found.isTextual() && found.asText().isEmpty())) {
            return null;
        }
        if (found.isNumber()) {
            return Duration.ofNanos(found.asLong());
        }
        Duration parsed = GoDuration.parseOrNull(found.asText());
        if (parsed == null) {
            throw new BadRequest("Request decode failed: 1 error(s) decoding:\n\n* error decoding '" + what
                    + "': time: invalid duration \"" + found.asText() + "\"");
        }
        return parsed;
    }

    /** A service as the agent's and the catalog's endpoints take it. */
    static Service serviceOf(JsonNode json, String node) {
        String name = text(json, "Name", "Service");
        String id = text(json, "ID");
        JsonNode weights = field(json, "Weights");
        return new Service(
                node,
                id.isEmpty() ? name : id,
                name,
                texts(json, "Tags"),
                text(json, "Address"),
                number(json, 0, "Port"),
                map(json, "Meta"),
                weights == null ? 1 : number(weights, 1, "Passing"),
                weights == null ? 1 : number(weights, 1, "Warning"),
                text(json, "EnableTagOverride").equals("true"),
                0,
                0);
    }

    /** What stands under {@code Check} and {@code Checks}. */
    static List<JsonNode> checkDefinitions(JsonNode json) {
        var definitions = new ArrayList<JsonNode>();
        JsonNode single = field(json, "Check");
        if (single != null) {
            definitions.add(single);
        }
        JsonNode several = field(json, "Checks");
        if (several != null) {
            several.forEach(definitions::add);
        }
        return List.copyOf(definitions);
    }

    /** The checks of a service registration. */
    static List<LocalState.LocalCheck> checksOf(JsonNode json, Service service) throws BadRequest {
        List<JsonNode> definitions = checkDefinitions(json);
        var checks = new ArrayList<LocalState.LocalCheck>();
        for (int i = 0; i < definitions.size(); i++) {
            if (!isStatus(text(definitions.get(i), "Status"))) {
                throw new BadRequest("Status for checks must 'passing', 'warning', 'critical'");
            }
            String id = "service:" + service.id() + (definitions.size() > 1 ? ":" + (i + 1) : "");
            checks.add(
                    checkOf(definitions.get(i), service.node(), service, id, "Service '" + service.name() + "' check"));
        }
        return List.copyOf(checks);
    }

    /** One check definition. */
    static LocalState.LocalCheck checkOf(
            JsonNode json, String node, @Nullable Service service, String defaultId, String defaultName)
            throws BadRequest {
        if (field(json, "Args", "ScriptArgs", "Script", "DockerContainerID") != null) {
            throw new BadRequest("Scripts are disabled on this agent; to enable, configure 'enable_script_checks' or"
                    + " 'enable_local_script_checks' to true");
        }
        String http = text(json, "HTTP");
        String tcp = text(json, "TCP");
        Duration ttl = duration(json, "TTL", "TTL");
        Duration interval = duration(json, "Interval", "Interval");
        Duration timeout = duration(json, "Timeout", "Timeout");
        Duration deregister = duration(json, "DeregisterCriticalServiceAfter", "DeregisterCriticalServiceAfter");
        boolean periodic = !http.isEmpty() || !tcp.isEmpty();
        if (!periodic && (ttl == null || ttl.isZero())) {
            throw new BadRequest("Invalid check: TTL must be > 0 for TTL checks");
        }
        if (periodic && (interval == null || interval.isZero())) {
            throw new BadRequest(
                    "Invalid check: Interval must be > 0 for Script, HTTP, H2PING, TCP, UDP or OSService checks");
        }
        if (periodic && ttl != null && !ttl.isZero()) {
            throw new BadRequest("Invalid check: Interval and TTL cannot both be specified");
        }
        String status = text(json, "Status");
        if (!isStatus(status)) {
            throw new BadRequest("Bad check status");
        }
        String method = text(json, "Method");
        var definition = new CheckDefinition(
                http.isEmpty() ? null : http,
                method.isEmpty() ? "GET" : method.toUpperCase(Locale.ROOT),
                tcp.isEmpty() ? null : tcp,
                periodic ? null : ttl,
                interval == null ? CheckDefinition.INTERVAL_MIN : longer(interval, CheckDefinition.INTERVAL_MIN),
                timeout == null || timeout.isZero() ? CheckDefinition.TIMEOUT_DEFAULT : timeout,
                status.isEmpty() ? null : status,
                deregister == null || deregister.isZero() ? null : longer(deregister, CheckDefinition.DEREGISTER_MIN));
        String id = text(json, "CheckID", "ID");
        String name = text(json, "Name");
        return new LocalState.LocalCheck(
                new Check(
                        node,
                        id.isEmpty() ? defaultId : id,
                        name.isEmpty() ? defaultName : name,
                        status.isEmpty() ? Records.CRITICAL : status,
                        text(json, "Notes"),
                        "",
                        service == null ? "" : service.id(),
                        service == null ? "" : service.name(),
                        service == null ? List.of() : service.tags(),
                        definition.type(),
                        0,
                        0),
                definition);
    }

    /** Whether it is a status, or none. */
    private static boolean isStatus(String text) {
        return List.of("", Records.PASSING, Records.WARNING, Records.CRITICAL).contains(text);
    }

    private static Duration longer(Duration left, Duration right) {
        return left.compareTo(right) >= 0 ? left : right;
    }
}
