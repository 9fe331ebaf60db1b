package dev.clusterlab.simulator.consul;

import static dev.clusterlab.simulator.consul.ConsulCluster.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.consul.ConsulCluster.Agent;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The HTTP API of one agent and its server. */
class HttpApiTest {
    private final ConsulCluster cluster = new ConsulCluster(42);
    private Agent server = cluster.agent("unused");
    private Agent client = server;

    @BeforeEach
    void start() {
        server = cluster.readyServers(1).get(0);
        client = cluster.startedClient("client");
        cluster.run(Duration.ofSeconds(10));
    }

    private void register(String id, String check) {
        Response response = client.put(
                "/v1/agent/service/register",
                "{\"ID\":\"" + id + "\",\"Name\":\"web\",\"Port\":8080,\"Address\":\"" + client.address
                        + "\",\"Tags\":[\"foo=bar\",\"baz\"]" + check + "}");
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        cluster.run(Duration.ofMillis(100));
    }

    private String status(String id) {
        for (JsonNode check : server.json("/v1/health/checks/web")) {
            if (check.path("ServiceID").asText().equals(id)) {
                return check.path("Status").asText();
            }
        }
        return "none";
    }

    @Test
    void registersAndDeregistersAService() {
        register("web1", "");
        JsonNode instance = server.json("/v1/catalog/service/web").path(0);
        assertThat(instance.path("ServiceID").asText()).isEqualTo("web1");
        assertThat(instance.path("ServicePort").asInt()).isEqualTo(8080);
        assertThat(instance.path("Node").asText()).isEqualTo("client");
        assertThat(server.json("/v1/catalog/services").path("web")).hasSize(2);
        assertThat(server.json("/v1/health/service/web?passing")
                        .path(0)
                        .path("Checks")
                        .path(0)
                        .path("CheckID")
                        .asText())
                .isEqualTo("serfHealth");
        assertThat(server.json("/v1/health/service/web?tag=nope")).isEmpty();
        assertThat(client.put("/v1/agent/service/deregister/web1", "").status()).isEqualTo(200);
        cluster.run(Duration.ofMillis(100));
        assertThat(server.json("/v1/catalog/service/web")).isEmpty();
        assertThat(client.put("/v1/agent/service/deregister/web1", "").status()).isEqualTo(404);
        assertThat(client.logged("agent: Synced service: service=web1")).isTrue();
    }

    @Test
    void followsAnHttpCheck() {
        int[] answer = {200};
        client.serve(8080, exchange -> exchange.respond(Response.text(answer[0], "ok")));
        register("web1", ",\"Check\":{\"HTTP\":\"http://" + client.address + ":8080/health\",\"Interval\":\"15s\"}");
        assertThat(status("web1")).isEqualTo("critical");
        cluster.run(Duration.ofSeconds(16));
        assertThat(status("web1")).isEqualTo("passing");
        assertThat(server.json("/v1/health/checks/web").path(0).path("Output").asText())
                .isEqualTo("HTTP GET http://" + client.address + ":8080/health: 200 OK Output: ok");
        answer[0] = 429;
        cluster.run(Duration.ofSeconds(16));
        assertThat(status("web1")).isEqualTo("warning");
        answer[0] = 500;
        cluster.run(Duration.ofSeconds(16));
        assertThat(status("web1")).isEqualTo("critical");
        assertThat(server.json("/v1/health/service/web?passing")).isEmpty();
    }

    @Test
    void deregistersWhatStaysCriticalTooLong() {
        register(
                "web1",
                ",\"Check\":{\"TCP\":\"" + client.address
                        + ":9\",\"Interval\":\"10s\",\"DeregisterCriticalServiceAfter\":\"30s\"}");
        cluster.run(Duration.ofSeconds(59));
        assertThat(server.json("/v1/catalog/service/web")).hasSize(1);
        cluster.run(Duration.ofSeconds(35));
        assertThat(server.json("/v1/catalog/service/web")).isEmpty();
    }

    /** The reaper looks every 30 s from the agent's start on, and a check is critical since its first critical result. */
    @Test
    void removesServicesAtTheReapersHoursOnly() {
        Agent late = cluster.startedClient("late");
        long startedNanos = cluster.simulation.nowNanos();
        cluster.run(Duration.ofSeconds(47));
        late.put(
                "/v1/agent/service/register",
                "{\"Name\":\"ttl\",\"Check\":{\"TTL\":\"20s\",\"DeregisterCriticalServiceAfter\":\"1m\"}}");
        cluster.await(
                "the end of the instance",
                Duration.ofMinutes(5),
                () -> late.json("/v1/agent/services").isEmpty());
        // Registered at 47 s, expired at 67 s, critical for a minute at 127 s.
        assertThat((cluster.simulation.nowNanos() - startedNanos) / 1e9).isBetween(149.9, 150.5);
    }

    private static void refuses(Agent asked, String path, String body, int status, String text) {
        Response answer = asked.put(path, body);
        assertThat(answer.text()).as(path).isEqualTo(text);
        assertThat(answer.status()).as(path).isEqualTo(status);
    }

    /** Texts of agent/agent_endpoint.go, agent/consul/catalog_endpoint.go, session_endpoint.go, state/kvs.go. */
    @Test
    void refusesInConsulsWords() {
        refuses(server, "/v1/kv/lock?acquire=", "x", 500, "missing session");
        refuses(server, "/v1/kv/lock?release=", "x", 500, "missing session");
        refuses(server, "/v1/kv/lock?acquire=nope", "x", 500, "invalid session \"nope\"");
        String ttl = "Session TTL 'soon' invalid: time: invalid duration \"soon\"";
        refuses(server, "/v1/session/create", "{\"TTL\":\"soon\"}", 500, ttl);
        refuses(client, "/v1/session/create", "{\"TTL\":\"soon\"}", 500, "rpc error making call: " + ttl);
        refuses(server, "/v1/catalog/register", "{\"Address\":\"10.0.0.1\"}", 500, "Must provide node");
        refuses(
                server,
                "/v1/catalog/register",
                "{\"Node\":\"x\"}",
                500,
                "Must provide address if SkipNodeUpdate is not set");
        refuses(server, "/v1/catalog/deregister", "{}", 500, "Must provide node");
        refuses(
                server,
                "/v1/agent/service/register",
                "{\"Name\":\"a\",\"Check\":{\"TTL\":\"10s\",\"Status\":\"fine\"}}",
                400,
                "Status for checks must 'passing', 'warning', 'critical'");
        refuses(
                server,
                "/v1/agent/check/register",
                "{\"Name\":\"a\",\"TTL\":\"10s\",\"Status\":\"fine\"}",
                400,
                "Bad check status");
        assertThat(server.put("/v1/agent/join/BAD", "").status()).isEqualTo(500);
        assertThat(server.get("/v1/kv/?keys").text()).isEqualTo("[]");
        assertThat(server.get("/v1/kv/nothing?keys").status()).isEqualTo(404);
        for (String list : List.of("services", "checks", "members")) {
            assertThat(server.get("/v1/agent/" + list + "?filter=Meta.x%3D%3Dy").status())
                    .isEqualTo(400);
        }
        server.put("/v1/kv/flagged?flags=18446744073709551615", "x");
        assertThat(server.json("/v1/kv/flagged").path(0).path("Flags").asText()).isEqualTo("18446744073709551615");
    }

    /** As 1.8.7 answered the same registrations; where they differ, with the fields of 1.15. */
    @Test
    void saysNullOrNothingOfWhatWasNotGivenAsConsulDoes() {
        client.put("/v1/agent/service/register", "{\"Name\":\"bare\",\"Port\":80}");
        client.put(
                "/v1/agent/service/register",
                "{\"Name\":\"full\",\"Port\":81,\"Address\":\"10.0.0.1\",\"Tags\":[\"a\"],\"Meta\":{\"x\":\"y\"}}");
        server.put(
                "/v1/catalog/register",
                "{\"Node\":\"outside\",\"Address\":\"10.9.9.9\",\"Service\":{\"Service\":\"ext\"}}");
        client.put("/v1/session/create", "{\"TTL\":\"20s\"}");
        cluster.run(Duration.ofMillis(100));

        JsonNode node = server.json("/v1/catalog/node/outside").path("Node");
        assertThat(node.toString()).contains("\"TaggedAddresses\":null,\"Meta\":null");
        assertThat(server.json("/v1/catalog/node/client").path("Node").path("TaggedAddresses"))
                .hasSize(4);
        assertThat(server.json("/v1/catalog/service/ext").path(0).toString())
                .contains("\"TaggedAddresses\":null,\"NodeMeta\":null", "\"ServiceMeta\":{}")
                .doesNotContain("ServiceTaggedAddresses");
        assertThat(server.json("/v1/health/service/bare")
                        .path(0)
                        .path("Service")
                        .toString())
                .startsWith(
                        "{\"ID\":\"bare\",\"Service\":\"bare\",\"Tags\":[],\"Address\":\"\",\"Meta\":null,\"Port\":80,");
        assertThat(server.json("/v1/health/service/full")
                        .path(0)
                        .path("Service")
                        .toString())
                .startsWith(
                        "{\"ID\":\"full\",\"Service\":\"full\",\"Tags\":[\"a\"],\"Address\":\"10.0.0.1\",\"TaggedAddresses\":{"
                                + "\"lan_ipv4\":{\"Address\":\"10.0.0.1\",\"Port\":81},\"wan_ipv4\":{\"Address\":\"10.0.0.1\",\"Port\":81}},"
                                + "\"Meta\":{\"x\":\"y\"},\"Port\":81,");
        assertThat(client.json("/v1/agent/services").path("bare").toString())
                .isEqualTo(
                        "{\"ID\":\"bare\",\"Service\":\"bare\",\"Tags\":[],\"Meta\":{},\"Port\":80,\"Address\":\"\",\"Weights\":{"
                                + "\"Passing\":1,\"Warning\":1},\"EnableTagOverride\":false,\"Datacenter\":\"dc1\"}");
        assertThat(server.json("/v1/session/list").path(0).toString())
                .contains("\"TTL\":\"20s\",\"NodeChecks\":[\"serfHealth\"],\"ServiceChecks\":null");
        assertThat(server.get("/v1/catalog/node/nope").text()).isEqualTo("null");
    }

    @Test
    void keepsTheTimeOfTtlChecks() {
        register("web1", ",\"Check\":{\"TTL\":\"10s\"}");
        assertThat(client.put("/v1/agent/check/pass/service:web1?note=fine", "").status())
                .isEqualTo(200);
        cluster.run(Duration.ofSeconds(1));
        assertThat(status("web1")).isEqualTo("passing");
        cluster.run(Duration.ofSeconds(10));
        assertThat(status("web1")).isEqualTo("critical");
        assertThat(client.put("/v1/agent/check/pass/nope", "").status()).isEqualTo(404);
    }

    @Test
    void putsBackWhatWasTakenOutOfTheCatalog() {
        register("web1", "");
        server.put("/v1/catalog/deregister", "{\"Node\":\"client\",\"ServiceID\":\"web1\"}");
        assertThat(server.json("/v1/catalog/service/web")).isEmpty();
        Duration healed = cluster.await(
                "the service is back",
                Duration.ofSeconds(121),
                () -> !server.server().store().instances("web").isEmpty());
        assertThat(healed).isLessThan(Duration.ofSeconds(121));
    }

    @Test
    void takesOutWhatTheAgentDoesNotOwn() {
        server.put(
                "/v1/catalog/register",
                "{\"Node\":\"client\",\"Address\":\"" + client.address
                        + "\",\"SkipNodeUpdate\":true,\"Service\":{\"Service\":\"ghost\",\"Port\":1}}");
        assertThat(server.json("/v1/catalog/service/ghost")).hasSize(1);
        cluster.await(
                "the ghost is gone",
                Duration.ofSeconds(121),
                () -> server.server().store().instances("ghost").isEmpty());
        server.put(
                "/v1/catalog/register",
                "{\"Node\":\"outside\",\"Address\":\"1.2.3.4\",\"Service\":{\"Service\":\"db\"}}");
        cluster.run(Duration.ofSeconds(130));
        assertThat(server.json("/v1/catalog/service/db")).hasSize(1);
    }

    @Test
    void wakesABlockingQuery() {
        register("web1", "");
        String index =
                Objects.requireNonNull(client.get("/v1/health/service/web").header("x-consul-index"));
        var call = client.send(request("GET", "/v1/health/service/web?wait=60s&index=" + index));
        assertThat(call.longPoll).isTrue();
        cluster.run(Duration.ofSeconds(5));
        assertThat(call.response).isNull();
        register("web2", "");
        Response woken = Objects.requireNonNull(call.response);
        assertThat(ConsulCluster.read(woken)).hasSize(2);
        String next = Objects.requireNonNull(woken.header("x-consul-index"));
        assertThat(Long.parseLong(next)).isGreaterThan(Long.parseLong(index));
        var quiet = client.send(request("GET", "/v1/health/service/web?wait=10s&index=" + next));
        client.put("/v1/kv/other", "x");
        cluster.run(Duration.ofSeconds(9));
        assertThat(quiet.response).isNull();
        cluster.run(Duration.ofSeconds(2));
        assertThat(Objects.requireNonNull(quiet.response).header("x-consul-index"))
                .isEqualTo(next);
    }

    @Test
    void readsAndWritesKeys() {
        assertThat(client.get("/v1/kv/a/b").status()).isEqualTo(404);
        assertThat(client.put("/v1/kv/a/b?flags=7", "hello").text()).isEqualTo("true");
        JsonNode key = client.json("/v1/kv/a/b").path(0);
        assertThat(key.path("Value").asText()).isEqualTo("aGVsbG8=");
        assertThat(key.path("Flags").asLong()).isEqualTo(7);
        long index = key.path("ModifyIndex").asLong();
        assertThat(client.put("/v1/kv/a/b?cas=0", "x").text()).isEqualTo("false");
        assertThat(client.put("/v1/kv/a/b?cas=" + index, "y").text()).isEqualTo("true");
        client.put("/v1/kv/a/c/d", "z");
        assertThat(client.json("/v1/kv/a/?keys&separator=/").toString()).isEqualTo("[\"a/b\",\"a/c/\"]");
        assertThat(client.json("/v1/kv/a?recurse")).hasSize(2);
        assertThat(client.put("/v1/kv/", "x").text()).isEqualTo("Missing key name");
        assertThat(client.put("/v1/kv/big", "x".repeat(512 * 1024 + 1)).status())
                .isEqualTo(413);
        assertThat(client.ask(request("DELETE", "/v1/kv/a?recurse")).text()).isEqualTo("true");
        assertThat(client.get("/v1/kv/a?recurse").status()).isEqualTo(404);
    }

    @Test
    void locksByASessionAndFreesWhenItsTimeIsOver() {
        String id = ConsulCluster.read(client.put("/v1/session/create", "{\"TTL\":\"10s\",\"LockDelay\":\"1s\"}"))
                .path("ID")
                .asText();
        assertThat(client.put("/v1/kv/lock?acquire=" + id, "me").text()).isEqualTo("true");
        assertThat(client.json("/v1/kv/lock").path(0).path("Session").asText()).isEqualTo(id);
        String other = ConsulCluster.read(client.put("/v1/session/create", "{}"))
                .path("ID")
                .asText();
        assertThat(client.put("/v1/kv/lock?acquire=" + other, "you").text()).isEqualTo("false");
        assertThat(client.json("/v1/session/list")).hasSize(2);
        cluster.run(Duration.ofSeconds(21));
        assertThat(client.json("/v1/session/info/" + id)).isEmpty();
        cluster.run(Duration.ofSeconds(2));
        assertThat(client.put("/v1/kv/lock?acquire=" + other, "you").text()).isEqualTo("true");
        assertThat(client.put("/v1/session/renew/" + id, "").text()).isEqualTo("Session id '" + id + "' not found");
    }

    @Test
    void complainsAsConsulDoes() {
        assertThat(client.get("/v1/catalog/nodes?wait=x").text()).isEqualTo("Invalid wait time");
        assertThat(client.get("/v1/catalog/nodes?index=x").text()).isEqualTo("Invalid index");
        assertThat(client.get("/v1/catalog/nodes?stale&consistent").status()).isEqualTo(400);
        assertThat(client.put("/v1/catalog/nodes", "").status()).isEqualTo(405);
        assertThat(client.get("/v1/nope").status()).isEqualTo(404);
        assertThat(client.put("/v1/agent/service/register", "{").status()).isEqualTo(400);
        assertThat(client.put("/v1/agent/service/register", "{\"Name\":\"x\",\"Port\":\"eighty\"}")
                        .text())
                .isEqualTo(
                        "Request decode failed: json: cannot unmarshal string into Go struct field .Port of type int");
        assertThat(client.put("/v1/agent/service/register", "{\"Name\":\"x\",\"Weights\":{\"Passing\":-1}}")
                        .text())
                .isEqualTo("Invalid Weights: Passing must be greater than 0");
        assertThat(client.put(
                                "/v1/agent/service/register",
                                "{\"Name\":\"x\",\"Weights\":{\"Passing\":1,\"Warning\":70000}}")
                        .text())
                .isEqualTo("Invalid Weights: DNS Weight must be between 0 and 65535");
        assertThat(client.put("/v1/agent/service/register", "{\"Name\":\"x\",\"Check\":{\"HTTP\":\"http://x\"}}")
                        .status())
                .isEqualTo(400);
        assertThat(client.get("/v1/catalog/nodes?dc=elsewhere").text()).isEqualTo("No path to datacenter");
    }

    @Test
    void tellsAboutItself() {
        JsonNode self = server.json("/v1/agent/self");
        assertThat(self.path("Config").path("Server").asBoolean()).isTrue();
        assertThat(self.path("Member").path("Tags").path("role").asText()).isEqualTo("consul");
        assertThat(self.path("Stats").path("raft").path("state").asText()).isEqualTo("Leader");
        assertThat(server.json("/v1/operator/autopilot/health").path("Healthy").asBoolean())
                .isTrue();
        assertThat(server.json("/v1/operator/raft/configuration").path("Servers"))
                .hasSize(1);
        assertThat(server.json("/v1/catalog/service/consul")).hasSize(1);
        assertThat(server.get("/ui/").text()).contains("<title>Consul");
        assertThat(server.get("/").status()).isEqualTo(301);
        assertThat(client.get("/ui/").status()).isEqualTo(404);
        assertThat(List.of(client.exec("consul", "info").stdout().split("\n"))).contains("consul:", "serf_lan:");
        assertThat(client.exec("consul", "version").stdout()).startsWith("Consul v1.15.4");
        assertThat(client.exec("ls").exitCode()).isEqualTo(127);
    }

    @Test
    void refusesAMethodThatAPathDoesNotHave() {
        Response refused = server.ask(request("POST", "/v1/kv/a"));
        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.text()).isEqualTo("method POST not allowed");
        assertThat(refused.header("allow")).isEqualTo("GET,PUT,DELETE");
        assertThat(server.ask(request("GET", "/v1/agent/service/register")).header("allow"))
                .as("no service of that name is meant")
                .isEqualTo("PUT");
        assertThat(server.ask(request("GET", "/v1/agent/check/nonsense")).status())
                .isEqualTo(405);
    }

    @Test
    void tellsAnUnknownPathFromAnEmptyOne() {
        Response unknown = server.get("/v1/catalog/nonsense");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).isEqualTo("Invalid URL path: not a recognized HTTP API endpoint");
        assertThat(server.get("/v1/catalog/service/").text()).isEqualTo("Missing service name");
        assertThat(server.get("/v1/catalog/service/a/b").text())
                .as("names may have slashes")
                .isEqualTo("[]");
        assertThat(server.get("/v1/catalog/nodes?dc=other").text()).isEqualTo("No path to datacenter");
        assertThat(server.get("/ui/?dc=other").status())
                .as("the page asks for itself")
                .isEqualTo(200);
    }
}
