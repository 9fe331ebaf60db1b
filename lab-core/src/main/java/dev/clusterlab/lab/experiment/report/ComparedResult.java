package dev.clusterlab.lab.experiment.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.experiment.odds.Figure;
import dev.clusterlab.lab.experiment.odds.OddsJson;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.anatomy.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a file of results says that can be put beside another's: of an experiment that was run a few times, on either engine, or over
 * many seeds. Immutable.
 *
 * @param outcomes how many runs ended how
 * @param values of each figure that some run has, in any order
 */
public record ComparedResult(
        String experiment, String engine, Map<String, Integer> outcomes, Map<Figure, List<Double>> values) {
    private static final long BYTES_MAX = 200_000_000;

    public ComparedResult {
        outcomes = Collections.unmodifiableMap(new TreeMap<>(outcomes));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** How many runs there are. */
    public int runs() {
        return outcomes.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * What {@code experiment run --json} wrote.
     *
     * @throws LabException INPUT if it cannot be read or is something else
     */
    public static ComparedResult read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw notResults(file, "it is larger than any");
            }
            JsonNode json = Json.MAPPER.readTree(Files.readString(file, StandardCharsets.UTF_8));
            JsonNode runs = json == null ? null : json.get("runs");
            if (json == null
                    || !json.path("experiment").isTextual()
                    || runs == null
                    || !runs.isArray()
                    || runs.isEmpty()) {
                throw notResults(file, "there are no runs in it");
            }
            if (json.path("format").asInt() != 1) {
                throw notResults(file, "its format is " + json.path("format").asText("missing") + ", not 1");
            }
            return of(json.path("experiment").asText(), runs);
        } catch (JsonProcessingException e) {
            throw notResults(file, "it is not JSON");
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot read " + file + ": " + FileTrouble.reason(e) + ".",
                    "Give a file that experiment run --json wrote.",
                    e);
        }
    }

    private static LabException notResults(Path file, String why) {
        return new LabException(
                LabException.Kind.INPUT,
                file + " has no results of an experiment: " + why + ".",
                "Give a file that experiment run --json wrote.");
    }

    private static ComparedResult of(String experiment, JsonNode runs) {
        Map<String, Integer> outcomes = new TreeMap<>();
        Map<Figure, List<Double>> values = new LinkedHashMap<>();
        String engine = runs.path(0).path("engine").asText(EngineNames.EMBEDDED);
        for (JsonNode run : runs) {
            outcomes.merge(run.path("outcome").asText("unknown"), 1, Integer::sum);
            if (run.has("values")) {
                run.get("values")
                        .properties()
                        .forEach(value -> OddsJson.figure(value.getKey())
                                .ifPresent(figure -> add(values, figure, value.getValue())));
                continue;
            }
            if (run.path("requests").path("count").asInt() > 0) {
                add(values, new Figure.LostRequests(), run.path("requests").path("failed"));
            }
            stages(run.path("faults").path(0).path("stages"))
                    .forEach((stage, after) -> values.computeIfAbsent(
                                    new Figure.Reached(stage), each -> new ArrayList<>())
                            .add(after));
            add(values, new Figure.Recovery(), run.path("recoverySeconds"));
        }
        return new ComparedResult(experiment, engine, outcomes, values);
    }

    private static void add(Map<Figure, List<Double>> values, Figure figure, JsonNode value) {
        if (value.isNumber()) {
            values.computeIfAbsent(figure, each -> new ArrayList<>()).add(value.asDouble());
        }
    }

    /** When each stage of the first fault was reached by all that reach it; one that some do not is left out. */
    private static Map<Stage, Double> stages(JsonNode points) {
        Map<Stage, Double> after = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            double last = Double.NEGATIVE_INFINITY;
            boolean all = stage != Stage.INJECTED;
            for (JsonNode point : points) {
                if (point.path("stage").asText().equals(stage.name())
                        && !point.path("state").asText().equals("not-applicable")) {
                    all &= point.path("afterSeconds").isNumber();
                    last = Math.max(last, point.path("afterSeconds").asDouble());
                }
            }
            if (all && last > Double.NEGATIVE_INFINITY) {
                after.put(stage, last);
            }
        }
        return after;
    }
}
