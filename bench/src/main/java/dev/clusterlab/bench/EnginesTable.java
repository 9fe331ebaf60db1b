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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The same scenario on both engines, embedded beside docker, from the journals of {@code bench/scenario}. Of a step that breaks
 * something: seconds of the engine's own time from the fault to each stage of its anatomy (docs/anatomy.md), of the last Traefik where
 * there are several. Of the others: from the first command of the step to an event. Of each the median of all runs, and the range; and how
 * long before it was seen it can have been at most, where the lab asks for it now and then: whether the embedded engine is as the real one
 * is judged with that. Arguments: journals of either engine, in any order.
 */
final class EnginesTable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EMBEDDED = "embedded";
    private static final String DOCKER = "docker";
    private static final int REQUESTS = 100;
    /** What nobody sees in a figure that is written with one digit, and what both clocks are apart by. */
    private static final double ROUNDED = 0.05;

    private static final AnatomyWords WORDS = AnatomyWords.of(Locale.ENGLISH);
    private static final Predicate<JsonNode> PASSING = field("/after", "PASSING");

    /** A row: the moment of the last event of a kind whose fields are as wanted (see docs/journal.md), or of a stage. */
    private sealed interface Row {
        String step();

        String title();

        Optional<Seen> seen(Part part);
    }

    /**
     * When it was seen, in seconds, or how many there were.
     *
     * @param uncertainty seconds that it can have been earlier, at most
     */
    private record Seen(double value, double uncertainty) {
        static Seen of(JsonNode point, double since) {
            return new Seen(
                    point.path("at").asDouble() - since,
                    point.path("uncertainty").asDouble());
        }

        double earliest() {
            return value - uncertainty;
        }
    }

    private record OfEvents(String step, String title, String kind, Predicate<JsonNode> wanted) implements Row {
        @Override
        public Optional<Seen> seen(Part part) {
            return part.events().stream()
                    .filter(event -> event.path("kind").asText().equals(kind))
                    .filter(wanted)
                    .map(event -> Seen.of(event, part.began()))
                    .reduce((earlier, later) -> later);
        }
    }

    private record OfStage(String step, Stage stage) implements Row {
        @Override
        public String title() {
            return WORDS.lane(stage.lane()) + ": " + WORDS.stage(stage);
        }

        @Override
        public Optional<Seen> seen(Part part) {
            List<JsonNode> points = part.stages(stage);
            double injected = part.anatomy().path("injected").asDouble();
            return points.stream().allMatch(OfStage::reached)
                    ? points.stream().map(point -> Seen.of(point, injected)).max(Comparator.comparing(Seen::value))
                    : Optional.empty();
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
        public Optional<Seen> seen(Part part) {
            return part.requests() == 0
                    ? Optional.empty()
                    : Optional.of(new Seen((double) REQUESTS * part.failed() / part.requests(), 0));
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
                + " | seen late by at most | embedded's median within docker's range |");
        System.out.println("|---|---|---|---|---|---|");
        String step = "";
        for (Row row : rows()) {
            List<Seen> embedded = sorted(EMBEDDED, row, runs);
            List<Seen> docker = sorted(DOCKER, row, runs);
            if (embedded.isEmpty() && docker.isEmpty()) {
                // There is no such stage in this step.
                continue;
            }
            System.out.println("| " + (row.step().equals(step) ? "" : row.step()) + " | " + row.title() + " | "
                    + cell(embedded) + " | " + cell(docker) + " | " + late(docker) + " | " + verdict(embedded, docker)
                    + " |");
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

    private static List<Seen> sorted(String engine, Row row, List<Run> runs) {
        return parts(engine, row.step(), runs).stream()
                .flatMap(part -> row.seen(part).stream())
                .sorted(Comparator.comparing(Seen::value))
                .toList();
    }

    private static double median(List<Seen> sorted) {
        int middle = sorted.size() / 2;
        double upper = sorted.get(middle).value();
        return sorted.size() % 2 == 1 ? upper : (sorted.get(middle - 1).value() + upper) / 2;
    }

    /** The median, and the range where there is more than one run. */
    private static String cell(List<Seen> sorted) {
        return switch (sorted.size()) {
            case 0 -> "–";
            case 1 -> String.format(Locale.ROOT, "%.1f", sorted.getFirst().value());
            default ->
                String.format(
                        Locale.ROOT,
                        "%.1f (%.1f–%.1f)",
                        median(sorted),
                        sorted.getFirst().value(),
                        sorted.getLast().value());
        };
    }

    private static String late(List<Seen> docker) {
        double most = docker.stream().mapToDouble(Seen::uncertainty).max().orElse(0);
        return most == 0 ? "" : String.format(Locale.ROOT, "%.1f", most);
    }

    private static String verdict(List<Seen> embedded, List<Seen> docker) {
        if (embedded.isEmpty() || docker.isEmpty()) {
            return "–";
        }
        double median = median(embedded);
        double least = docker.stream().mapToDouble(Seen::earliest).min().orElseThrow();
        if (median < least - ROUNDED) {
            return String.format(Locale.ROOT, "below by %.1f", least - median);
        }
        double most = docker.getLast().value();
        return median > most + ROUNDED ? String.format(Locale.ROOT, "above by %.1f", median - most) : "yes";
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
