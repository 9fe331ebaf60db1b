package dev.clusterlab.simulator.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.orbitz.consul.Consul;
import com.orbitz.consul.ConsulException;
import com.orbitz.consul.model.ConsulResponse;
import com.orbitz.consul.model.agent.ImmutableRegistration;
import com.orbitz.consul.model.agent.Registration;
import com.orbitz.consul.model.health.ServiceHealth;
import com.orbitz.consul.model.session.ImmutableSession;
import com.orbitz.consul.option.ImmutableQueryOptions;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.clusterlab.simulator.consul.ConsulCluster.Agent;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The unmodified client library and the unmodified command line against the agents' API. */
class RealClientsTest {
    private final ConsulCluster cluster = new ConsulCluster(7);
    private List<Agent> servers = List.of();
    private Agent client = cluster.agent("unused");
    private final List<HttpServer> edges = new ArrayList<>();

    @BeforeEach
    void start() {
        servers = cluster.readyServers(3);
        client = cluster.startedClient("client");
        cluster.run(Duration.ofSeconds(15));
    }

    @AfterEach
    void stop() {
        edges.forEach(edge -> edge.stop(0));
    }

    /** Serves the agent's API on loopback; virtual time runs until the answer is there. */
    private int edge(Agent agent) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    serve(agent, exchange);
                }
            });
            server.start();
            edges.add(server);
            return server.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Agent agent, HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        HttpMessage.Request parsed = ConsulCluster.request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath()
                        + (query == null ? "" : "?" + java.net.URLDecoder.decode(query, StandardCharsets.UTF_8)));
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        var request = new HttpMessage.Request(
                parsed.method(),
                parsed.path(),
                parsed.query(),
                headers,
                exchange.getRequestBody().readAllBytes());
        Response response;
        synchronized (cluster) {
            response = agent.ask(request);
        }
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(response.status(), response.body().length == 0 ? -1 : response.body().length);
        if (response.body().length > 0) {
            exchange.getResponseBody().write(response.body());
        }
    }

    private Consul library(Agent agent) {
        return Consul.builder()
                .withUrl("http://127.0.0.1:" + edge(agent))
                .withReadTimeoutMillis(20_000)
                .build();
    }

    @Test
    void theLibraryRegistersReadsAndWaits() {
        Consul consul = library(client);
        assertThat(consul.statusClient().getLeader()).endsWith(":8300");
        assertThat(consul.statusClient().getPeers()).hasSize(3);
        assertThat(consul.agentClient().getAgent().getConfig().getNodeName()).isEqualTo("client");
        assertThat(consul.agentClient().getMembers()).hasSize(4);
        Registration registration = ImmutableRegistration.builder()
                .id("democonsul:instance_1")
                .name("democonsul")
                .address(client.address)
                .port(8080)
                .addTags("foo=bar", "baz")
                .check(Registration.RegCheck.ttl(10L))
                .build();
        consul.agentClient().register(registration);
        synchronized (cluster) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(consul.agentClient().isRegistered("democonsul:instance_1")).isTrue();
        ConsulResponse<List<ServiceHealth>> all = consul.healthClient().getAllServiceInstances("democonsul");
        assertThat(all.getResponse().getFirst().getService().getTags()).containsExactly("foo=bar", "baz");
        assertThat(consul.healthClient()
                        .getHealthyServiceInstances("democonsul")
                        .getResponse())
                .isEmpty();
        try {
            consul.agentClient().pass("democonsul:instance_1");
        } catch (com.orbitz.consul.NotRegisteredException e) {
            throw new AssertionError(e);
        }
        synchronized (cluster) {
            cluster.run(Duration.ofSeconds(1));
        }
        assertThat(consul.healthClient()
                        .getHealthyServiceInstances("democonsul")
                        .getResponse())
                .hasSize(1);
        // The TTL runs out while this waits.
        ConsulResponse<List<ServiceHealth>> changed = consul.healthClient()
                .getAllServiceInstances(
                        "democonsul",
                        ImmutableQueryOptions.builder()
                                .wait("60s")
                                .index(consul.healthClient()
                                        .getAllServiceInstances("democonsul")
                                        .getIndex())
                                .build());
        assertThat(changed.getResponse().getFirst().getChecks())
                .anySatisfy(check -> assertThat(check.getStatus()).isEqualTo("critical"));
        assertThat(consul.catalogClient().getServices().getResponse()).containsKeys("consul", "democonsul");
        assertThat(consul.catalogClient().getNodes().getResponse()).hasSize(4);
        assertThat(consul.catalogClient().getNode("client").getResponse().getServices())
                .containsKey("democonsul:instance_1");
        assertThat(consul.catalogClient().getDatacenters()).containsExactly("dc1");
        assertThat(consul.agentClient().getServices()).containsKey("democonsul:instance_1");
        assertThat(consul.agentClient().getChecks()).hasSize(1);
        consul.agentClient().deregister("democonsul:instance_1");
    }

    @Test
    void theLibraryKeepsKeysAndLocks() {
        Consul consul = library(client);
        assertThat(consul.keyValueClient().putValue("a/b", "hello")).isTrue();
        assertThat(consul.keyValueClient().getValueAsString("a/b")).contains("hello");
        assertThat(consul.keyValueClient().getKeys("a")).containsExactly("a/b");
        assertThat(consul.keyValueClient().getValue("nope")).isEmpty();
        String session = consul.sessionClient()
                .createSession(ImmutableSession.builder().name("lock").build())
                .getId();
        assertThat(consul.keyValueClient().acquireLock("lock", session)).isTrue();
        assertThat(consul.keyValueClient().getSession("lock")).contains(session);
        assertThat(consul.keyValueClient().releaseLock("lock", session)).isTrue();
        consul.keyValueClient().deleteKeys("a");
        assertThat(consul.keyValueClient().getValues("a")).isEmpty();
        assertThat(consul.operatorClient().getRaftConfiguration().servers()).hasSize(3);
        BigInteger index = consul.catalogClient().getNodes().getIndex();
        assertThat(index).isPositive();
    }

    @Test
    void theLibrarySeesTheLossOfQuorum() {
        Consul consul = library(client);
        synchronized (cluster) {
            servers.get(0).kill();
            servers.get(1).kill();
            cluster.run(Duration.ofSeconds(30));
        }
        assertThatThrownBy(() -> consul.keyValueClient().putValue("a", "1"))
                .isInstanceOf(ConsulException.class)
                .hasMessageContaining("No cluster leader");
    }

    @Test
    void theCommandLineWorksUnmodified() throws Exception {
        String binary = binary();
        Assumptions.assumeTrue(
                binary != null, "no consul command line: put it on the PATH, or name it in CONSUL_BINARY");
        String http = "-http-addr=127.0.0.1:" + edge(client);
        String members = run(0, binary, "members", http);
        assertThat(members).startsWith("Node").containsPattern("server1 +10\\.1\\.9\\.\\d+:8301 +alive +server");
        assertThat(run(0, binary, "catalog", "nodes", http)).contains("client", "server3");
        assertThat(run(0, binary, "catalog", "services", http)).isEqualTo("consul\n");
        assertThat(run(0, binary, "kv", "put", http, "a/b", "hello")).isEqualTo("Success! Data written to: a/b\n");
        assertThat(run(0, binary, "kv", "get", http, "a/b")).isEqualTo("hello\n");
        assertThat(run(0, binary, "kv", "get", http, "-recurse")).isEqualTo("a/b:hello\n");
        assertThat(run(1, binary, "kv", "get", http, "nope")).contains("No key exists at: nope");
        String peers = run(0, binary, "operator", "raft", "list-peers", http);
        assertThat(peers).contains("leader", "follower", "true");
        // Of the columns that ours has, a program older than 1.15.4 prints the first six.
        int columns = peers.contains("Trails Leader By") ? 8 : 6;
        assertThat(cells(peers, columns))
                .isEqualTo(cells(
                        client.exec("consul", "operator", "raft", "list-peers").stdout(), columns));
        assertThat(run(0, binary, "info", http)).contains("known_servers = 3");
        assertThat(run(0, binary, "operator", "autopilot", "get-config", http)).contains("CleanupDeadServers = true");
        assertThat(run(0, binary, "leave", http)).contains("Graceful leave complete");
        assertThat(servers.get(0).exec("consul", "members").stdout()).containsPattern("client .* left");
    }

    /** The first {@code columns} cells of each line, whatever the padding between them. */
    private static List<List<String>> cells(String table, int columns) {
        return table.lines()
                .map(line -> List.of(line.strip().split(" {2,}")))
                .map(cells -> cells.subList(0, Math.min(columns, cells.size())))
                .toList();
    }

    private static @org.jspecify.annotations.Nullable String binary() {
        String named = System.getenv("CONSUL_BINARY");
        if (named != null) {
            return named;
        }
        for (String folder :
                Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator)) {
            var file = new File(folder, "consul");
            if (file.canExecute()) {
                return file.getPath();
            }
        }
        return null;
    }

    private static String run(int status, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(status);
        return output;
    }
}
