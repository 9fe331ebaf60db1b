package dev.clusterlab.simulator.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.fuzz.Fuzz;
import dev.clusterlab.fuzz.Mutations;
import dev.clusterlab.simulator.consul.ConsulCluster.Agent;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a client sends to Consul, it gets an answer, and the agent goes on. */
@Timeout(900)
class ConsulApiFuzzTest {
    private record Call(String method, String path, String query, String body) {}

    private static final List<Call> CALLS = List.of(
            new Call("PUT", "/v1/agent/service/register", "", """
                    {"ID":"web1","Name":"web","Address":"10.0.0.9","Port":80,"Tags":["a=b"],"Meta":{"k":"v"},
                     "Weights":{"Passing":1,"Warning":1},"Check":{"HTTP":"http://10.0.0.9:80/h","Method":"GET","Interval":"10s",
                     "Timeout":"1s","DeregisterCriticalServiceAfter":"1m"}}"""),
            new Call("PUT", "/v1/agent/check/register", "", "{\"Name\":\"c\",\"TTL\":\"15s\",\"Status\":\"passing\"}"),
            new Call("PUT", "/v1/agent/check/update/c", "", "{\"Status\":\"warning\",\"Output\":\"x\"}"),
            new Call(
                    "PUT",
                    "/v1/session/create",
                    "",
                    "{\"TTL\":\"15s\",\"Behavior\":\"delete\",\"LockDelay\":\"1s\",\"Checks\":[\"serfHealth\"]}"),
            new Call(
                    "PUT",
                    "/v1/catalog/register",
                    "",
                    "{\"Node\":\"n\",\"Address\":\"10.0.0.8\",\"Service\":{\"Service\":\"s\",\"Port\":1},\"Check\":{\"CheckID\":\"x\",\"Status\":\"passing\"}}"),
            new Call("PUT", "/v1/catalog/deregister", "", "{\"Node\":\"n\",\"ServiceID\":\"s\"}"),
            new Call("PUT", "/v1/kv/a/b", "cas=0&flags=42", "value"),
            new Call("GET", "/v1/kv/a", "recurse&index=1&wait=1s", ""),
            new Call("GET", "/v1/kv/a", "keys&separator=/", ""),
            new Call("DELETE", "/v1/kv/a", "recurse", ""),
            new Call("GET", "/v1/catalog/services", "stale&near=_agent", ""),
            new Call("GET", "/v1/health/service/web", "passing&tag=a=b&filter=Service.Port==80", ""),
            new Call("GET", "/v1/agent/services", "filter=Port matches `(a+)+$`", ""),
            new Call("PUT", "/v1/agent/join/10.1.9.9", "", ""),
            new Call("GET", "/v1/operator/raft/configuration", "", ""),
            new Call("GET", "/v1/status/leader", "", ""));

    @Test
    void everyRequestIsAnsweredAndTheAgentGoesOn() {
        Fuzz.run(ConsulApiFuzzTest.class, random -> {
            var cluster = new ConsulCluster(1);
            Agent agent = cluster.readyServers(1).getFirst();
            for (int i = 0; i < 15; i++) {
                Call call = Mutations.pick(random, CALLS);
                String path = random.nextInt(3) > 0
                        ? call.path()
                        : "/" + Mutations.changed(random, call.path().substring(1));
                String query = random.nextInt(2) == 0 ? call.query() : Mutations.changed(random, call.query());
                Request request = Request.of(call.method(), path)
                        .withBody(random.nextInt(3) == 0 ? call.body() : Mutations.changed(random, call.body()));
                for (String parameter : query.split("&")) {
                    int equals = parameter.indexOf('=');
                    request = request.withQuery(
                            equals < 0 ? parameter : parameter.substring(0, equals),
                            equals < 0 ? "" : parameter.substring(equals + 1));
                }
                Response response = agent.ask(request);
                assertThat(response.text())
                        .as("answer to %s %s", request, request.query())
                        .doesNotContain("java.", "Exception", "dev.clusterlab");
            }
            cluster.run(Duration.ofMinutes(2));
            assertThat(agent.running()).isTrue();
        });
    }
}
