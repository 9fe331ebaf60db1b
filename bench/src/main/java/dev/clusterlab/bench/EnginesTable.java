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
 * there are several. Of the others: from the first command of the step to an event. Of each the median of all runs, and the range. Arguments: journals of either engine, in any order.
 */
final class EnginesTable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EMBEDDED = "embedded";
    private static final String DOCKER = "docker";
    private static final int REQUESTS = 100;
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

    /** How many requests of a step failed, in place of seconds. */
    private record OfRequests(String step) implements Row {
        @Override
        public String title() {
            return "requests that failed, of each " + REQUESTS;
        }

        @Override
        public OptionalDouble seconds(Part part) {
            return part.requests() == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of((double) REQUESTS * part.failed() / part.requests());
        }
    }

    private static Predicate<JsonNode> field(String pointer, String value) {
        return event -> event.at(pointer).asText().equals(value);
    }

    private static List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.addAll(loss("worker-kill"));
        rows.addAll(loss("container-kill"));
        rows.add(new OfEvents(
                "scale-out",
                "ten tasks run",
                "TaskStarted",
                event -> event.at("/task/name").asText().startsWith("web.")));
        rows.add(new OfEvents("scale-out", "ten instances are healthy", "InstanceHealthChanged", PASSING));
        rows.add(new OfEvents("scale-out", "every Traefik sends to ten", "ServerAdded", event -> true));
        rows.add(new OfRequests("scale-out"));
        rows.add(new OfEvents(
                "rolling-update", "the update is completed", "ServiceUpdateChanged", field("/after", "COMPLETED")));
        rows.add(new OfEvents("rolling-update", "the last new instance is healthy", "InstanceHealthChanged", PASSING));
        rows.add(new OfEvents("rolling-update", "every Traefik sends to it", "ServerAdded", event -> true));
        rows.add(new OfRequests("rolling-update"));
        rows.addAll(loss("consul-leader"));
        rows.addAll(loss("retry"));
        rows.addAll(loss("manager-kill"));
        return rows;
    }

    private static List<Row> loss(String step) {
        var rows = new ArrayList<Row>(stages(step));
        rows.add(new OfRequests(step));
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
        System.out.println("| Scenario | Stage | " + heading(runs, EMBEDDED) + " | " + heading(runs, DOCKER)
                + " | embedded's median within docker's range |");
        System.out.println("|---|---|---|---|---|");
        String step = "";
        for (Row row : rows()) {
            double[] embedded = sorted(EMBEDDED, row, runs);
            double[] docker = sorted(DOCKER, row, runs);
            if (embedded.length == 0 && docker.length == 0) {
                // There is no such stage in this step.
                continue;
            }
            System.out.println("| " + (row.step().equals(step) ? "" : row.step()) + " | " + row.title() + " | "
                    + cell(embedded) + " | " + cell(docker) + " | " + verdict(embedded, docker) + " |");
            step = row.step();
        }
    }

    private static String heading(List<Run> runs, String engine) {
        long count = runs.stream().filter(run -> run.engine().equals(engine)).count();
        return engine + " (" + count + (count == 1 ? " run)" : " runs)");
    }

    private static List<Part> parts(String engine, String step, List<Run> runs) {
        return runs.stream()
                .filter(run -> run.engine().equals(engine))
                .flatMap(run -> Stream.ofNullable(run.parts().get(step)))
                .toList();
    }

    private static double[] sorted(String engine, Row row, List<Run> runs) {
        return parts(engine, row.step(), runs).stream()
                .map(row::seconds)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median, and the range where there is more than one run. */
    private static String cell(double[] sorted) {
        return switch (sorted.length) {
            case 0 -> "–";
            case 1 -> String.format(Locale.ROOT, "%.1f", sorted[0]);
            default ->
                String.format(Locale.ROOT, "%.1f (%.1f–%.1f)", median(sorted), sorted[0], sorted[sorted.length - 1]);
        };
    }

    private static String verdict(double[] embedded, double[] docker) {
        if (embedded.length == 0 || docker.length == 0) {
            return "–";
        }
        double median = median(embedded);
        if (median < docker[0]) {
            return String.format(Locale.ROOT, "below by %.1f", docker[0] - median);
        }
        double most = docker[docker.length - 1];
        return median > most ? String.format(Locale.ROOT, "above by %.1f", median - most) : "yes";
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
