package dev.clusterlab.simulator.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.programs.ProgramLab.Container;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VisualizerProgramTest {
    private final ProgramLab lab = new ProgramLab(1);
    private final Container container = lab.container("viz");

    private static Map<String, Object> node(String id, String name, String role, String state, boolean leader) {
        return Map.of(
                "ID", id,
                "Description", Map.of("Hostname", name),
                "Spec", Map.of("Role", role, "Availability", "active"),
                "Status", Map.of("State", state),
                "ManagerStatus", Map.of("Leader", leader));
    }

    private static Map<String, Object> task(String node, int slot, String wanted, String state) {
        return Map.of(
                "NodeID",
                node,
                "ServiceID",
                "s1",
                "Slot",
                slot,
                "DesiredState",
                wanted,
                "Status",
                Map.of("State", state));
    }

    /** An engine of a swarm of two nodes. */
    private static void engine(HttpExchange exchange) {
        exchange.respond(
                switch (exchange.request().path()) {
                    case "/nodes" ->
                        Response.json(
                                200,
                                List.of(
                                        node("n2", "worker", "worker", "down", false),
                                        node("n1", "manager", "manager", "ready", true)));
                    case "/services" ->
                        Response.json(200, List.of(Map.of("ID", "s1", "Spec", Map.of("Name", "<web>"))));
                    case "/tasks" ->
                        Response.json(
                                200,
                                List.of(
                                        task("n1", 1, "running", "running"),
                                        task("n1", 3, "running", "starting"),
                                        task("n2", 2, "running", "running"),
                                        task("n1", 9, "shutdown", "running")));
                    default -> Response.text(404, "page not found");
                });
    }

    private String page() {
        Response page = container.get(8080, "/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("content-type")).startsWith("text/html");
        return page.text();
    }

    @Test
    void showsTheNodesByNameWithTheTasksThatAreToRunThere() {
        container.engine(VisualizerProgramTest::engine).start(VisualizerProgram::new);
        String page = page();
        assertThat(page).contains("as seen by machine of viz");
        assertThat(page.indexOf("<strong>manager</strong>")).isBetween(0, page.indexOf("<strong>worker</strong>"));
        assertThat(page).contains("manager, leader").contains("node down");
        String manager = page.substring(page.indexOf("<strong>manager"), page.indexOf("<strong>worker"));
        assertThat(manager)
                .contains("&lt;web&gt;.1 " + Html.badge("ok", "running"))
                .contains("&lt;web&gt;.3 " + Html.badge("wait", "starting"))
                .doesNotContain(".9 ");
        assertThat(page.substring(page.indexOf("<strong>worker")))
                .as("what is on a node that is down runs for all that is known")
                .contains("&lt;web&gt;.2 " + Html.badge("wait", "running"));
    }

    @Test
    void saysHowToMountTheSocketThatIsMissing() {
        container.start(VisualizerProgram::new);
        assertThat(page()).contains("no view").contains("target=/var/run/docker.sock");
    }

    @Test
    void showsWhatTheEngineComplainsAbout() {
        container
                .engine(exchange ->
                        exchange.respond(Response.json(503, Map.of("message", "This node is not a <swarm> manager."))))
                .start(VisualizerProgram::new);
        assertThat(page()).contains("no view").contains("This node is not a &lt;swarm&gt; manager.");
    }

    @Test
    void saysThatASilentEngineDoesNotAnswer() {
        container.engine(exchange -> {}).start(VisualizerProgram::new);
        assertThat(page()).contains("no view").contains("The engine does not answer.");
    }

    @Test
    void passesThreeListsOfTheEngineOn() {
        container.engine(VisualizerProgramTest::engine).start(VisualizerProgram::new);
        assertThat(container.get(8080, "/apis/tasks").text()).contains("\"Slot\":9");
        assertThat(container.get(8080, "/apis/secrets").status()).isEqualTo(404);
    }

    @Test
    void passesOnThatThereIsNoEngine() {
        container.start(VisualizerProgram::new);
        Response answer = container.get(8080, "/apis/nodes");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text()).contains("The engine's socket is not there.");
    }

    @Test
    void endsOnASignalToStop() {
        container.start(VisualizerProgram::new);
        container.signal("SIGTERM");
        assertThat(container.exitStatus()).isZero();
    }
}
