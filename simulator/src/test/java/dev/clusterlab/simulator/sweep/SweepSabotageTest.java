package dev.clusterlab.simulator.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.consul.ConsulSabotage;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.invariant.Violation;
import dev.clusterlab.simulator.programs.HelloModelProgram;
import dev.clusterlab.simulator.programs.ProgramCatalog.Image;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.swarm.PowerState;
import dev.clusterlab.simulator.swarm.RunningProgram;
import dev.clusterlab.simulator.swarm.SwarmSabotage;
import dev.clusterlab.simulator.swarm.World;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Rules of Swarm, Consul and Traefik that are broken on purpose are seen, each by its name. */
class SweepSabotageTest {
    private static final long SEEDS_MAX = 8;

    /** What the first seed that suffers from it says. Not every history does: faults may hide what was broken. */
    private static String broken(Sabotage sabotage) {
        String said = "";
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            SweepResult result = new SweepRun(seed, new SweepSettings(4, sabotage)).run();
            said = result.violation().map(Violation::name).orElse("none") + " in\n" + String.join("\n", result.trace());
            if (result.violation().isPresent()) {
                return said;
            }
        }
        return said;
    }

    @Test
    void aSecondTaskInASlotIsSeen() {
        assertThat(broken(new Sabotage(UnaryOperator.identity(), SwarmSabotage::takeASlotTwice)))
                .startsWith("places-taken-once ");
    }

    @Test
    void aServerThatForgetsAnAcknowledgedWriteIsSeen() {
        assertThat(broken(new Sabotage(UnaryOperator.identity(), ConsulSabotage::forgetAWrite)))
                .startsWith("consul-acknowledged-writes-stay ");
    }

    @Test
    void aRouterThatKeepsADeregisteredServerIsSeen() {
        assertThat(broken(new Sabotage(SweepSabotageTest::keepingServers, SweepSabotageTest::killAnInstance)))
                .startsWith(Recovery.ROUTES + " ");
    }

    /** Its task is replaced by another, at another address. */
    private static void killAnInstance(World world) {
        for (RunningProgram running : RunningProgram.in(world)) {
            if (running.program() instanceof HelloModelProgram
                    && running.machine().power() == PowerState.RUNNING) {
                running.machine().daemon().containerKill(running.containerId(), null, result -> {});
                return;
            }
        }
        world.simulation().schedule(Duration.ofSeconds(1), () -> killAnInstance(world));
    }

    /** Traefik that never forgets an instance which Consul once called healthy. */
    private static Image keepingServers(Image image) {
        return image.repository().equals("traefik")
                ? new Image(
                        image.repository(),
                        image.entryPoint(),
                        image.exposedPorts(),
                        image.sizeBytes(),
                        context -> image.factory().create(remembering(context)))
                : image;
    }

    private static ProgramContext remembering(ProgramContext context) {
        var seen = new TreeMap<String, JsonNode>();
        return (ProgramContext) Proxy.newProxyInstance(
                ProgramContext.class.getClassLoader(), new Class<?>[] {ProgramContext.class}, (self, method, given) -> {
                    if (method.getName().equals("http")
                            && ((Request) given[2]).path().equals("/v1/health/service/" + Platform.REGISTERED)) {
                        @SuppressWarnings("unchecked") // as ProgramContext declares it
                        var result = (Consumer<HttpResult>) given[4];
                        Consumer<HttpResult> more = answer -> result.accept(withAllOf(seen, answer));
                        context.http((String) given[0], (int) given[1], (Request) given[2], (Duration) given[3], more);
                        return null;
                    }
                    try {
                        return method.invoke(context, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static HttpResult withAllOf(Map<String, JsonNode> seen, HttpResult answer) {
        if (!(answer instanceof HttpResult.Answered(Response response)) || response.status() != 200) {
            return answer;
        }
        try {
            for (JsonNode entry : Json.MAPPER.readTree(response.body())) {
                boolean passing = true;
                for (JsonNode check : entry.path("Checks")) {
                    passing &= check.path("Status").asText().equals("passing");
                }
                if (passing) {
                    seen.put(entry.path("Service").path("ID").asText(), entry);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new HttpResult.Answered(new Response(200, response.headers(), Json.bytes(seen.values())));
    }
}
