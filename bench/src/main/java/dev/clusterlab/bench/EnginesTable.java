package dev.clusterlab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * The same scenario on both engines, embedded beside docker, from the journals of {@code bench/scenario}: seconds of the
 * engine's own time from the first command of a step to each stage. Arguments: journals of either engine, in any order.
 */
final class EnginesTable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ENGINES = List.of("embedded", "docker");

    /** Which of the events that fit counts. */
    private enum Which {
        FIRST,
        LAST
    }

    /** A row: the moment of an event, of those of a kind whose fields are as wanted (see docs/journal.md). */
    private record Stage(String step, String title, String kind, Predicate<JsonNode> wanted, Which which) {
        static Stage first(String step, String title, String kind, Predicate<JsonNode> wanted) {
            return new Stage(step, title, kind, wanted, Which.FIRST);
        }

        static Stage last(String step, String title, String kind, Predicate<JsonNode> wanted) {
            return new Stage(step, title, kind, wanted, Which.LAST);
        }
    }

    private static final Predicate<JsonNode> ANY = event -> true;
    private static final Predicate<JsonNode> PASSING = field("/after", "PASSING");

    private static Predicate<JsonNode> field(String pointer, String value) {
        return event -> event.at(pointer).asText().equals(value);
    }

    /** A task of a service, whatever its slot or node. */
    private static Predicate<JsonNode> taskOf(String service) {
        return event -> event.at("/task/name").asText().startsWith(service + ".");
    }

    private static Predicate<JsonNode> failedMember(String name) {
        return field("/member/name", name).and(field("/after", "FAILED"));
    }

    private static Predicate<JsonNode> downNode(String name) {
        return field("/node/name", name).and(field("/after", "DOWN"));
    }

    private static Predicate<JsonNode> leaderOf(String group) {
        return field("/group", group).and(event -> !event.path("after").asText().isEmpty());
    }

    private static final List<Stage> STAGES = List.of(
            Stage.first(
                    "worker-kill", "Consul calls the member failed", "MemberStatusChanged", failedMember("worker2")),
            Stage.first("worker-kill", "Swarm calls the node down", "NodeStateChanged", downNode("worker2")),
            Stage.last("worker-kill", "its tasks run elsewhere", "TaskStarted", taskOf("web")),
            Stage.last("worker-kill", "the last new instance is healthy", "InstanceHealthChanged", PASSING),
            Stage.last("worker-kill", "Traefik sends to the last new instance", "ServerAdded", ANY),
            Stage.first("container-kill", "Swarm calls the task failed", "TaskFailed", field("/task/name", "web.1")),
            Stage.first("container-kill", "another task runs", "TaskStarted", field("/task/name", "web.1")),
            Stage.first(
                    "container-kill",
                    "Consul calls the dead instance critical",
                    "InstanceHealthChanged",
                    field("/after", "CRITICAL")),
            Stage.first("container-kill", "the new instance is healthy", "InstanceHealthChanged", PASSING),
            Stage.first("container-kill", "Traefik sends to the new instance", "ServerAdded", ANY),
            Stage.last("scale-out", "ten tasks run", "TaskStarted", taskOf("web")),
            Stage.last("scale-out", "ten instances are healthy", "InstanceHealthChanged", PASSING),
            Stage.last("scale-out", "Traefik sends to ten", "ServerAdded", ANY),
            Stage.first("consul-leader", "Swarm calls the task failed", "TaskFailed", taskOf("consul-nodes")),
            Stage.last("consul-leader", "another server leads", "LeaderChanged", leaderOf("CONSUL")),
            Stage.first("consul-leader", "another task runs", "TaskStarted", taskOf("consul-nodes")),
            Stage.last(
                    "consul-leader", "the server is a member again", "MemberStatusChanged", field("/after", "ALIVE")),
            Stage.last("manager-kill", "another manager leads", "LeaderChanged", leaderOf("SWARM")),
            Stage.first(
                    "manager-kill", "Consul calls the member failed", "MemberStatusChanged", failedMember("leader1")),
            Stage.first("manager-kill", "Swarm calls the node down", "NodeStateChanged", downNode("leader1")),
            Stage.last("manager-kill", "its tasks run elsewhere", "TaskStarted", taskOf("web")),
            Stage.last("manager-kill", "the last new instance is healthy", "InstanceHealthChanged", PASSING));

    /** What one journal says of one step. */
    private record Part(double began, List<JsonNode> events, int requests, int failed) {
        OptionalDouble seconds(Stage stage) {
            var fitting = events.stream()
                    .filter(event -> event.path("kind").asText().equals(stage.kind()))
                    .filter(stage.wanted())
                    .mapToDouble(event -> event.path("t").asDouble() - began);
            return stage.which() == Which.FIRST ? fitting.findFirst() : fitting.reduce((earlier, later) -> later);
        }
    }

    private record Run(String engine, Map<String, Part> parts) {}

    public static void main(String[] journals) throws IOException {
        if (journals.length == 0) {
            System.err.println("Name the journals of bench/scenario.");
            System.exit(2);
        }
        var runs = new ArrayList<Run>();
        for (String journal : journals) {
            runs.add(read(Path.of(journal)));
        }
        System.out.println(
                "| Scenario | Stage | " + heading(runs, "embedded") + " | " + heading(runs, "docker") + " |");
        System.out.println("|---|---|---|---|");
        String step = "";
        for (Stage stage : STAGES) {
            if (!step.isEmpty() && !step.equals(stage.step())) {
                requests(step, runs);
            }
            System.out.println("| " + (stage.step().equals(step) ? "" : stage.step()) + " | " + stage.title() + " | "
                    + String.join(
                            " | ",
                            ENGINES.stream()
                                    .map(engine -> cell(engine, stage, runs))
                                    .toList())
                    + " |");
            step = stage.step();
        }
        requests(step, runs);
    }

    private static String heading(List<Run> runs, String engine) {
        long count = runs.stream().filter(run -> run.engine().equals(engine)).count();
        return engine + " (" + count + (count == 1 ? " run)" : " runs)");
    }

    private static void requests(String step, List<Run> runs) {
        System.out.println("| | requests that failed | "
                + String.join(
                        " | ",
                        ENGINES.stream()
                                .map(engine -> failures(engine, step, runs))
                                .toList())
                + " |");
    }

    private static String failures(String engine, String step, List<Run> runs) {
        List<Part> parts = parts(engine, step, runs);
        int failed = parts.stream().mapToInt(Part::failed).sum();
        int requests = parts.stream().mapToInt(Part::requests).sum();
        return requests == 0 ? "–" : failed + " of " + requests;
    }

    private static List<Part> parts(String engine, String step, List<Run> runs) {
        return runs.stream()
                .filter(run -> run.engine().equals(engine))
                .flatMap(run -> java.util.stream.Stream.ofNullable(run.parts().get(step)))
                .toList();
    }

    /** The median, and the range where there is more than one run. */
    private static String cell(String engine, Stage stage, List<Run> runs) {
        double[] seconds = parts(engine, stage.step(), runs).stream()
                .map(part -> part.seconds(stage))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .sorted()
                .toArray();
        if (seconds.length == 0) {
            return "–";
        }
        int middle = seconds.length / 2;
        double median = seconds.length % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
        return seconds.length == 1
                ? String.format(Locale.ROOT, "%.1f", median)
                : String.format(Locale.ROOT, "%.1f (%.1f–%.1f)", median, seconds[0], seconds[seconds.length - 1]);
    }

    private static Run read(Path journal) throws IOException {
        String engine = "";
        String step = "";
        double began = -1;
        int requests = 0;
        int failed = 0;
        var events = new ArrayList<JsonNode>();
        var parts = new LinkedHashMap<String, Part>();
        for (String line : Files.readAllLines(journal)) {
            JsonNode entry = JSON.readTree(line);
            switch (entry.path("type").asText()) {
                case "engine" -> engine = entry.path("name").asText();
                case "step.begin" -> {
                    step = entry.path("step").asText();
                    began = -1;
                    requests = 0;
                    failed = 0;
                    events.clear();
                }
                case "commands" -> began = began < 0 ? entry.path("t").asDouble() : began;
                case "event" -> events.add(entry);
                case "traffic" -> {
                    for (var answer : entry.path("answers").properties()) {
                        int status = Integer.parseInt(answer.getKey());
                        requests += answer.getValue().asInt();
                        failed +=
                                status == 0 || status >= 400 ? answer.getValue().asInt() : 0;
                    }
                }
                case "step.end" -> parts.put(step, new Part(began, List.copyOf(events), requests, failed));
                default -> {
                    // The rest says nothing about stages.
                }
            }
        }
        return new Run(engine, parts);
    }

    private EnginesTable() {}
}
