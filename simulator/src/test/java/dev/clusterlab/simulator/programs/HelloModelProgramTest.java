package dev.clusterlab.simulator.programs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.consul.ConsulImages;
import dev.clusterlab.simulator.core.HttpExchange.Failure;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.programs.ProgramLab.Container;
import dev.clusterlab.simulator.programs.ProgramLab.Pending;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The model of the hello service beside an agent of Consul. */
class HelloModelProgramTest {
    private final ProgramLab lab = new ProgramLab(1);
    private final Container consul =
            lab.container("consul", "agent", "-server", "-bootstrap-expect=1", "-client=0.0.0.0");
    private final Container hello = lab.container("hello").environment("CONSUL_HOST", "consul");

    private void startConsul() {
        ProgramCatalog images = new ProgramCatalog();
        ConsulImages.images().forEach(images::add);
        consul.start(images.find("hashicorp/consul:1.15").orElseThrow().factory());
        lab.await("a leader", () -> consul.wrote("cluster leadership acquired"));
        lab.run(Duration.ofSeconds(1));
    }

    private JsonNode instances() {
        return json(consul.get(8500, "/v1/health/service/democonsul"));
    }

    private static JsonNode json(Response response) {
        try {
            return Json.MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + response.text(), e);
        }
    }

    private Response post(String path) {
        int mark = path.indexOf('?');
        Request request = Request.of("POST", mark < 0 ? path : path.substring(0, mark));
        if (mark >= 0) {
            String[] parameter = path.substring(mark + 1).split("=");
            request = request.withQuery(parameter[0], parameter[1]);
        }
        return hello.ask(8080, request);
    }

    private void startAlone() {
        hello.environment("CONSUL_REGISTER", "false").environment("CHAOS", "true");
        start();
    }

    /** Its process, and waits until that has come so far. */
    private void start() {
        hello.start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING);
    }

    @Test
    void saysThatItIsAModel() {
        startAlone();
        assertThat(hello.output.getFirst()).contains("Model of the hello service (not the real one)");
        assertThat(json(hello.get(8080, "/info")).path("model").asBoolean()).isTrue();
    }

    @Test
    void greetsInTextOrInJson() {
        startAlone();
        lab.run(Duration.ofMillis(90_500));
        assertThat(hello.get(8080, "/").text()).startsWith("Hello Docker World on democonsul:instance_");
        JsonNode info = json(hello.ask(8080, Request.get("/").withHeader("accept", "application/json")));
        assertThat(info.path("service").asText()).isEqualTo("democonsul");
        assertThat(info.path("host").asText()).isEqualTo("hello");
        assertThat(info.path("address").asText()).isEqualTo(hello.address);
        assertThat(info.path("uptimeSeconds").asLong()).isEqualTo(90);
        assertThat(info.path("requests").asLong()).isEqualTo(2);
        assertThat(info.path("registered").asBoolean(true)).isFalse();
        assertThat(hello.get(8080, "/other").status()).isEqualTo(404);
    }

    private Response told(String method, String name, String parameter, String value) {
        return hello.askOnLoopback(9797, Request.of(method, "/faults/" + name).withQuery(parameter, value));
    }

    @Test
    void isToldByItsLoopbackAloneToMisbehaveAndForHowLong() {
        hello.environment("CONSUL_REGISTER", "false").start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING);
        assertThat(hello.ask(8080, Request.of("PUT", "/faults/a").withQuery("unhealthy", ""))
                        .status())
                .as("a port that others reach")
                .isEqualTo(404);
        assertThat(told("PUT", "a", "unhealthy", "").status()).isEqualTo(200);
        assertThat(hello.get(8080, "/health").status()).isEqualTo(503);
        assertThat(hello.askOnLoopback(9797, Request.get("/faults")).text()).isEqualTo("a: unhealthy\n");
        assertThat(told("DELETE", "a", "", "").status()).isEqualTo(200);
        assertThat(told("DELETE", "a", "", "").status()).isEqualTo(404);
        assertThat(hello.get(8080, "/health").status()).isEqualTo(200);
        hello.askOnLoopback(
                9797, Request.of("PUT", "/faults/b").withQuery("unhealthy", "").withQuery("for", "5"));
        lab.run(Duration.ofMillis(4_900));
        assertThat(hello.get(8080, "/health").status()).isEqualTo(503);
        lab.run(Duration.ofMillis(200));
        assertThat(hello.get(8080, "/health").status()).isEqualTo(200);
    }

    @Test
    void whoIsToldToCrashDoesSoUnlessItIsToldToStop() {
        hello.environment("CONSUL_REGISTER", "false").start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING);
        assertThat(told("PUT", "a", "crash", "2000").text()).isEqualTo("crashing after 2000 ms\n");
        told("DELETE", "a", "", "");
        lab.run(Duration.ofSeconds(3));
        assertThat(hello.get(8080, "/").status()).isEqualTo(200);
        told("PUT", "b", "crash", "2000");
        lab.run(Duration.ofMillis(1_500));
        assertThat(hello.get(8080, "/").status()).isEqualTo(200);
        lab.run(Duration.ofSeconds(1));
        assertThat(hello.exitStatus()).isEqualTo(1);
    }

    @Test
    void whatSeveralTellItComesTogether() {
        hello.environment("CONSUL_REGISTER", "false").start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING);
        told("PUT", "a", "slow", "300");
        told("PUT", "b", "slow", "200");
        Duration begun = hello.simulation().elapsed();
        hello.get(8080, "/");
        assertThat(hello.simulation().elapsed().minus(begun).toMillis()).isEqualTo(500);
        told("DELETE", "a", "", "");
        told("DELETE", "b", "", "");
        told("PUT", "c", "errors", "0.25");
        int failed = 0;
        for (int i = 0; i < 8; i++) {
            // Who begins it again goes on with it.
            told("PUT", "c", "errors", "0.25");
            failed += hello.get(8080, "/").status() == 500 ? 1 : 0;
        }
        assertThat(failed).isEqualTo(2);
        assertThat(told("PUT", "d", "errors", "2").text()).isEqualTo("errors must be a number between 0 and 1\n");
        assertThat(told("PUT", "d", "fast", "2").status()).isEqualTo(400);
        assertThat(told("PUT", "ä", "slow", "2").status()).isEqualTo(400);
    }

    @Test
    void registersWithACheckThatPasses() {
        startConsul();
        hello.environment("SERVICE_TAGS", "a=`x,y`,b").start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING);
        lab.run(Duration.ofSeconds(1));
        JsonNode service = instances().path(0).path("Service");
        assertThat(service.path("ID").asText()).startsWith("democonsul:instance_");
        assertThat(service.path("Address").asText()).isEqualTo(hello.address);
        assertThat(service.path("Port").asInt()).isEqualTo(8080);
        assertThat(service.path("Tags")).extracting(JsonNode::asText).containsExactly("a=`x,y`", "b");
        lab.run(Duration.ofSeconds(16));
        assertThat(json(consul.get(8500, "/v1/health/checks/democonsul"))
                        .path(0)
                        .path("Status")
                        .asText())
                .isEqualTo("passing");
    }

    @Test
    void isCheckedAsItsVariablesSay() {
        startConsul();
        hello.environment("CHECK_INTERVAL", "PT5S")
                .environment("CHECK_TIMEOUT", "PT3S")
                .start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING);
        lab.run(Duration.ofSeconds(6));
        assertThat(json(consul.get(8500, "/v1/health/checks/democonsul"))
                        .path(0)
                        .path("Status")
                        .asText())
                .as("15 s would be too long for that")
                .isEqualTo("passing");
    }

    @Test
    void endsWithTheReasonIfAVariableIsNotWhatItWants() {
        hello.environment("CHECK_INTERVAL", "often").start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING);
        assertThat(hello.exitStatus()).isEqualTo(1);
        assertThat(hello.output).anyMatch(line -> line.contains("CHECK_INTERVAL: not a duration such as PT15S: often"));
    }

    @Test
    void triesAgainWithLongerAndLongerPausesUntilConsulIsThere() {
        start();
        lab.run(Duration.ofSeconds(8));
        assertThat(hello.output.stream().filter(line -> line.contains("does not answer (connection refused)")))
                .as("at 0, 1, 3 and 7 seconds")
                .hasSize(4);
        startConsul();
        lab.await("the registration", () -> hello.wrote("Registered in Consul as democonsul:"));
        lab.run(Duration.ofSeconds(1));
        assertThat(instances()).hasSize(1);
    }

    @Test
    void registersAgainWhenConsulHasForgotten() {
        startConsul();
        start();
        lab.run(Duration.ofSeconds(1));
        String id = instances().path(0).path("Service").path("ID").asText();
        consul.ask(8500, Request.of("PUT", "/v1/agent/service/deregister/" + id));
        lab.run(Duration.ofSeconds(1));
        assertThat(instances()).isEmpty();
        lab.await("it notices", () -> hello.wrote("Consul no longer knows " + id));
        lab.run(Duration.ofSeconds(1));
        assertThat(instances()).hasSize(1);
    }

    @Test
    void deregistersBeforeItEnds() {
        startConsul();
        start();
        lab.run(Duration.ofSeconds(1));
        hello.signal("SIGTERM");
        lab.await("its end", () -> hello.exitStatus() != null);
        assertThat(hello.exitStatus()).isEqualTo(143);
        lab.run(Duration.ofSeconds(1));
        assertThat(instances()).isEmpty();
    }

    @Test
    void endsAlsoIfConsulIsSilent() {
        startConsul();
        start();
        lab.run(Duration.ofSeconds(1));
        consul.failing(Failure.TIMEOUT);
        hello.signal("SIGTERM");
        lab.run(Duration.ofMillis(29_999));
        assertThat(hello.exitStatus()).as("one request of 30 s").isNull();
        lab.run(Duration.ofSeconds(1));
        assertThat(hello.exitStatus()).isEqualTo(143);
    }

    @Test
    void isNotThereBeforeItsProcessHasStartedAndCanEndThen() {
        hello.environment("CONSUL_REGISTER", "false").start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING.minusMillis(1));
        assertThat(hello.output).isEmpty();
        hello.signal("SIGTERM");
        assertThat(hello.exitStatus()).isEqualTo(143);
    }

    @Test
    void servesNobodyAnyMoreWhileItsProcessEnds() {
        startAlone();
        hello.signal("SIGTERM");
        Pending late = hello.send(8080, Request.get("/"));
        lab.run(HelloModelProgram.ENDING.minusMillis(1));
        assertThat(late.failure).isEqualTo(Failure.REFUSED);
        assertThat(hello.exitStatus()).isNull();
        lab.run(Duration.ofMillis(1));
        assertThat(hello.exitStatus()).isEqualTo(143);
    }

    @Test
    void isUnhealthyWhileToldSo() {
        startAlone();
        assertThat(hello.get(8080, "/health").status()).isEqualTo(200);
        post("/chaos/unhealthy");
        assertThat(hello.get(8080, "/health/ready").status()).isEqualTo(503);
        assertThat(hello.get(8080, "/").status()).as("it still serves").isEqualTo(200);
        post("/chaos/unhealthy?on=false");
        assertThat(hello.get(8080, "/health/live").status()).isEqualTo(200);
    }

    @Test
    void isSlowByTheTimeThatItIsTold() {
        startAlone();
        post("/chaos/slow?ms=1500");
        Pending slow = hello.send(8080, Request.get("/"));
        lab.run(Duration.ofMillis(1500));
        assertThat(slow.response).isNull();
        lab.run(Duration.ofMillis(1));
        assertThat(slow.response).isNotNull();
    }

    @Test
    void failsTheShareOfRequestsThatItIsTold() {
        startAlone();
        post("/chaos/errors?rate=0.25");
        int failed = 0;
        for (int i = 0; i < 100; i++) {
            failed += hello.get(8080, "/").status() == 500 ? 1 : 0;
        }
        assertThat(failed).isEqualTo(25);
        post("/chaos/reset");
        assertThat(hello.get(8080, "/").status()).isEqualTo(200);
    }

    @Test
    void refusesWhatIsNoMisbehaviour() {
        startAlone();
        assertThat(post("/chaos/slow?ms=-1").status()).isEqualTo(400);
        assertThat(post("/chaos/slow?ms=600001").status()).isEqualTo(400);
        assertThat(post("/chaos/errors?rate=1.5").status()).isEqualTo(400);
        assertThat(post("/chaos/odd").status()).isEqualTo(404);
    }

    @Test
    void misbehavesOnlyWhereThatIsAllowed() {
        hello.environment("CONSUL_REGISTER", "false").start(HelloModelProgram::new);
        lab.run(HelloModelProgram.STARTING);
        assertThat(post("/chaos/unhealthy").status()).isEqualTo(404);
        assertThat(hello.get(8080, "/health").status()).isEqualTo(200);
    }
}
