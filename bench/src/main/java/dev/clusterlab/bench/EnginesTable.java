package dev.clusterlab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.provisioning.anatomy.Lane;
import dev.clusterlab.provisioning.anatomy.Stage;
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
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The same scenario on both engines, embedded beside docker, from the journals of {@code bench/scenario}. Of a step that breaks
 * something: seconds of the engine's own time from the fault to each stage of its anatomy (docs/anatomy.md), of the last Traefik where
 * there are several. Of the others: from the first command of the step to an event. Arguments: journals of either engine, in any order.
 */
final class EnginesTable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ENGINES = List.of("embedded", "docker");
    private static final AnatomyWords WORDS = AnatomyWords.of(Locale.ENGLISH);
    private static final Predicate<JsonNode> PASSING = field("/after", "PASSING");

    /** A row: the moment of the last event of a kind whose fields are as wanted (see docs/journal.md), or of a stage. */
    private sealed interface Row {
        String step();

        String title();

        OptionalDouble seconds(Part part);
    }

    private record OfEvents(String step, String title, String kind, Predicate<JsonNode> wanted) implements Row {
        @Override
        public OptionalDouble seconds(Part part) {
            return part.events().stream()
                    .filter(event -> event.path("kind").asText().equals(kind))
                    .filter(wanted)
                    .mapToDouble(event -> event.path("at").asDouble() - part.began())
                    .reduce((earlier, later) -> later);
        }
    }

    private record OfStage(String step, Stage stage) implements Row {
        @Override
        public String title() {
            return WORDS.lane(stage.lane()) + ": " + WORDS.stage(stage);
        }

        @Override
        public OptionalDouble seconds(Part part) {
            List<JsonNode> points = part.stages(stage);
            boolean reached = points.stream().allMatch(OfStage::reached);
            return reached
                    ? points.stream()
                            .mapToDouble(point -> point.path("at").asDouble()
                                    - part.anatomy().path("injected").asDouble())
                            .max()
                    : OptionalDouble.empty();
        }

        private static boolean reached(JsonNode point) {
            return point.path("state").asText().equals("REACHED");
        }
    }

    private static Predicate<JsonNode> field(String pointer, String value) {
        return event -> event.at(pointer).asText().equals(value);
    }

    private static List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.addAll(stages("worker-kill"));
        rows.addAll(stages("container-kill"));
        rows.add(new OfEvents(
                "scale-out",
                "ten tasks run",
                "TaskStarted",
                event -> event.at("/task/name").asText().startsWith("web.")));
        rows.add(new OfEvents("scale-out", "ten instances are healthy", "InstanceHealthChanged", PASSING));
        rows.add(new OfEvents("scale-out", "every Traefik sends to ten", "ServerAdded", event -> true));
        rows.addAll(stages("consul-leader"));
        rows.addAll(stages("manager-kill"));
        return rows;
    }

    private static List<OfStage> stages(String step) {
        return Stream.of(Stage.values())
                .filter(stage -> stage.lane() != Lane.FAULT)
                .map(stage -> new OfStage(step, stage))
                .toList();
    }

    /**
     * What one journal says of one step.
     *
     * @param anatomy of the fault that began in it; a missing node if there is none
     */
    private record Part(double began, List<JsonNode> events, JsonNode anatomy, int requests, int failed) {
        /** Points of a stage that there is, of each Traefik. */
        List<JsonNode> stages(Stage stage) {
            return StreamSupport.stream(anatomy.path("stages").spliterator(), false)
                    .filter(point -> point.path("stage").asText().equals(stage.name()))
                    .filter(point -> !point.path("state").asText().equals("NOT_APPLICABLE"))
                    .toList();
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
        for (Row row : rows()) {
            List<String> cells =
                    ENGINES.stream().map(engine -> cell(engine, row, runs)).toList();
            if (cells.stream().allMatch("–"::equals)) {
                // There is no such stage in this step.
                continue;
            }
            boolean first = !row.step().equals(step);
            if (first && !step.isEmpty()) {
                requests(step, runs);
            }
            System.out.println(
                    "| " + (first ? row.step() : "") + " | " + row.title() + " | " + String.join(" | ", cells) + " |");
            step = row.step();
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
                .flatMap(run -> Stream.ofNullable(run.parts().get(step)))
                .toList();
    }

    /** The median, and the range where there is more than one run. */
    private static String cell(String engine, Row row, List<Run> runs) {
        double[] seconds = parts(engine, row.step(), runs).stream()
                .map(row::seconds)
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
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(journal)) {
            lines.add(JSON.readTree(line));
        }
        String engine = "";
        String step = "";
        double began = -1;
        int requests = 0;
        int failed = 0;
        var events = new ArrayList<JsonNode>();
        var parts = new LinkedHashMap<String, Part>();
        for (JsonNode entry : lines) {
            double at = entry.path("t").asDouble();
            switch (entry.path("type").asText()) {
                case "engine" -> engine = entry.path("name").asText();
                case "step.begin" -> {
                    step = entry.path("step").asText();
                    began = -1;
                    requests = 0;
                    failed = 0;
                    events.clear();
                }
                case "commands" -> began = began < 0 ? at : began;
                case "event" -> events.add(entry);
                case "traffic" -> {
                    for (var answer : entry.path("answers").properties()) {
                        int status = Integer.parseInt(answer.getKey());
                        requests += answer.getValue().asInt();
                        failed +=
                                status == 0 || status >= 400 ? answer.getValue().asInt() : 0;
                    }
                }
                case "step.end" ->
                    parts.put(step, new Part(began, List.copyOf(events), anatomy(lines, began, at), requests, failed));
                default -> {
                    // The rest says nothing about stages.
                }
            }
        }
        return new Run(engine, parts);
    }

    /** Of the fault that began between two instants; its line is written when its watch ends, which may be in a later step. */
    private static JsonNode anatomy(List<JsonNode> lines, double from, double to) {
        return lines.stream()
                .filter(line -> line.path("type").asText().equals("anatomy"))
                .filter(line -> line.path("injected").asDouble() >= from
                        && line.path("injected").asDouble() <= to)
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private EnginesTable() {}
}
