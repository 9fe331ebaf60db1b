package dev.clusterlab.simulator.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.fuzz.Fuzz;
import dev.clusterlab.fuzz.Mutations;
import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.StandardImages;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.swarm.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a client sends to the Docker API, it gets an answer, and nothing in the simulation fails by it. */
@Timeout(900)
class ApiFuzzTest {
    private record Call(String method, String path, String body) {}

    private static final List<Call> CALLS = List.of(
            new Call("POST", "/services/create", """
                    {"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"busybox","Env":["A=b"],"Args":["x"],
                     "Mounts":[{"Type":"volume","Source":"v","Target":"/data"}],"Labels":{"a":"b"}},
                     "Resources":{"Limits":{"MemoryBytes":64000000,"NanoCPUs":500000000}},
                     "RestartPolicy":{"Condition":"any","Delay":5000000000,"MaxAttempts":3},
                     "Placement":{"Constraints":["node.role==manager"]},"Networks":[{"Target":"net"}]},
                     "Mode":{"Replicated":{"Replicas":2}},
                     "UpdateConfig":{"Parallelism":1,"Delay":1000000000,"FailureAction":"pause","Order":"start-first"},
                     "EndpointSpec":{"Mode":"vip","Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":8080}]}}"""),
            new Call("POST", "/containers/create?name=box", """
                    {"Image":"busybox","Cmd":["nginx"],"Env":["A=b"],"ExposedPorts":{"80/tcp":{}},
                     "HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"8081"}]},"Binds":["v:/data"],
                     "RestartPolicy":{"Name":"on-failure","MaximumRetryCount":2},"NetworkMode":"bridge"}}"""),
            new Call("POST", "/networks/create", """
                    {"Name":"net","Driver":"overlay","Attachable":true,
                     "IPAM":{"Config":[{"Subnet":"10.9.0.0/24","Gateway":"10.9.0.1"}]}}"""),
            new Call(
                    "POST",
                    "/networks/net/connect",
                    "{\"Container\":\"box\",\"EndpointConfig\":{\"Aliases\":[\"a\"]}}"),
            new Call("POST", "/volumes/create", "{\"Name\":\"v\",\"Driver\":\"local\",\"Labels\":{\"a\":\"b\"}}"),
            new Call(
                    "POST",
                    "/containers/box/exec",
                    "{\"Cmd\":[\"sh\",\"-c\",\"echo a | grep a\"],\"AttachStdout\":true}"),
            new Call("POST", "/containers/box/stop?t=1", ""),
            new Call("POST", "/containers/box/kill?signal=SIGTERM", ""),
            new Call("POST", "/containers/box/start", ""),
            new Call("GET", "/containers/json?all=1&limit=3&filters={\"name\":[\"box\"]}", ""),
            new Call("GET", "/containers/box/logs?stdout=1&tail=5&since=1.5", ""),
            new Call("GET", "/services?filters={\"label\":{\"a=b\":true}}", ""),
            new Call("GET", "/tasks?filters={\"service\":[\"web\"]}", ""),
            new Call("GET", "/events?since=0&until=1&filters={\"type\":[\"container\"]}", ""),
            new Call("POST", "/swarm/update?version=1", "{\"Name\":\"default\",\"Raft\":{\"ElectionTick\":10}}"),
            new Call("DELETE", "/services/web", ""),
            new Call("GET", "/nodes", ""));

    @Test
    void everyRequestIsAnsweredAndNothingFails() {
        Fuzz.run(ApiFuzzTest.class, random -> {
            var simulation = new Simulation(1, Instant.parse("2026-01-01T00:00:00Z"));
            var images = new ProgramCatalog();
            StandardImages.utilities().forEach(images::add);
            var world = new World(simulation, images);
            SimMachine machine = world.createMachine("m1");
            simulation.runUntil(machine::daemonReady, Duration.ofMinutes(1));
            HttpService api = new DockerRoutes(machine.daemon(), world);
            answered(simulation, api, new Call("POST", "/swarm/init", "{\"ListenAddr\":\"0.0.0.0:2377\"}"));
            for (int i = 0; i < 12; i++) {
                Call call = Mutations.pick(random, CALLS);
                answered(simulation, api, random.nextInt(4) == 0 ? call : changed(random, call));
            }
            simulation.runFor(Duration.ofSeconds(30));
        });
    }

    private static Call changed(RandomGenerator random, Call call) {
        return random.nextBoolean() && !call.body().isEmpty()
                ? new Call(call.method(), call.path(), odd(random, call.body()))
                : new Call(
                        call.method(),
                        "/" + Mutations.changed(random, call.path().substring(1)),
                        call.body());
    }

    /** Another value for a field, or another text. */
    private static String odd(RandomGenerator random, String json) {
        int colon = json.indexOf("\":", random.nextInt(json.length()));
        if (colon < 0 || random.nextInt(3) == 0) {
            return Mutations.changed(random, json);
        }
        String value = Mutations.pick(
                random,
                List.of(
                        "null",
                        "-1",
                        "0",
                        "99999999999999999999",
                        "9223372036854775807",
                        "\"\"",
                        "\"x\"",
                        "[]",
                        "{}",
                        "[null]",
                        "{\"a\":null}",
                        "true",
                        "1.5"));
        int end = colon + 2;
        int depth = 0;
        while (end < json.length()) {
            char c = json.charAt(end);
            depth += "[{".indexOf(c) >= 0 ? 1 : "]}".indexOf(c) >= 0 ? -1 : 0;
            if (depth < 0 || (depth == 0 && c == ',')) {
                break;
            }
            end++;
        }
        return json.substring(0, colon + 2) + value + json.substring(end);
    }

    private static void answered(Simulation simulation, HttpService api, Call call) {
        int mark = call.path().indexOf('?');
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String parameter : call.path().substring(mark + 1).split("&")) {
                int equals = parameter.indexOf('=');
                query.put(
                        equals < 0 ? parameter : parameter.substring(0, equals),
                        List.of(equals < 0 ? "" : parameter.substring(equals + 1)));
            }
        }
        var request = new Request(
                call.method(),
                mark < 0 ? call.path() : call.path().substring(0, mark),
                query,
                Map.of("content-type", "application/json"),
                call.body().getBytes(StandardCharsets.UTF_8));
        var exchange = new Exchange(request);
        api.handle(exchange);
        assertThat(simulation.runUntil(() -> exchange.begun, Duration.ofMinutes(5)))
                .as("an answer to %s", call)
                .isTrue();
        for (Response response : exchange.responses) {
            assertThat(response.text()).as("answer to %s", call).doesNotContain("java.", "Exception", "dev.clusterlab");
        }
    }

    /** What a client sees of one request. */
    private static final class Exchange implements HttpExchange, HttpExchange.Stream {
        private final Request request;
        private final List<Response> responses = new ArrayList<>();
        private boolean begun;

        Exchange(Request request) {
            this.request = request;
        }

        @Override
        public Request request() {
            return request;
        }

        @Override
        public void respond(Response response) {
            begun = true;
            responses.add(response);
        }

        @Override
        public Stream stream(Response head) {
            begun = true;
            return this;
        }

        @Override
        public void fail(Failure failure) {
            begun = true;
        }

        @Override
        public void longPoll() {
            begun = true;
        }

        @Override
        public boolean abandoned() {
            return false;
        }

        @Override
        public void write(byte[] bytes) {}

        @Override
        public void close() {}

        @Override
        public void onInput(java.util.function.Consumer<byte[]> consumer) {}

        @Override
        public void onAbandoned(Runnable action) {}
    }
}
