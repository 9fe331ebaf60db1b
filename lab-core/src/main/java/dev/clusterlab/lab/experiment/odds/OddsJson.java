package dev.clusterlab.lab.experiment.odds;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.Secrets;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.RunWords;
import java.util.Locale;
import java.util.Optional;

/** Odds and comparisons for other programs; times are seconds of engine time. */
public final class OddsJson {
    /** Grows when something is named otherwise. */
    static final int FORMAT = 1;

    private OddsJson() {}

    /**
     * @param services what ran in the containers, such as {@code model}
     * @param version of the program
     * @param command does the worst run again
     */
    public static ObjectNode of(Experiment experiment, Odds odds, String services, String version, String command) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.put("experiment", experiment.name());
        json.put("title", experiment.title().in(Locale.ENGLISH));
        json.put("version", version);
        json.put("services", services);
        ObjectNode outcomes = json.putObject("outcomes");
        odds.outcomes().forEach((outcome, count) -> outcomes.put(outcome.name().toLowerCase(Locale.ROOT), count));
        ArrayNode figures = json.putArray("figures");
        odds.spreads()
                .forEach((figure, spread) -> figures.addObject()
                        .put("figure", code(figure))
                        .put("unit", unit(figure))
                        .put("runs", spread.runs())
                        .put("median", rounded(spread.median()))
                        .put("p5", rounded(spread.p5()))
                        .put("p95", rounded(spread.p95()))
                        .put("worst", rounded(spread.worst()))
                        .put("worstSeed", spread.worstSeed()));
        odds.worst()
                .ifPresent(worst -> json.putObject("worst")
                        .put("seed", worst.seed())
                        .put("digest", worst.digest())
                        .put("command", command));
        ArrayNode runs = json.putArray("runs");
        odds.runs().forEach(run -> runs.add(run(run)));
        return json;
    }

    private static ObjectNode run(SeedRun run) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("seed", run.seed());
        json.put("outcome", run.outcome().name().toLowerCase(Locale.ROOT));
        run.trouble()
                .ifPresent(trouble -> json.put("trouble", Secrets.blot(new RunWords(Locale.ENGLISH).trouble(trouble))));
        json.put("digest", run.digest());
        json.put("requests", run.requests());
        ObjectNode values = json.putObject("values");
        run.values().forEach((figure, value) -> values.put(code(figure), rounded(value)));
        return json;
    }

    /** As {@link #of}, of two settings. */
    public static ObjectNode of(Comparison comparison, String first, String second) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("format", FORMAT);
        json.put("first", first);
        json.put("second", second);
        json.put("pairs", comparison.pairs());
        comparison.completed().ifPresent(share -> json.set("completedShare", difference(share)));
        ArrayNode figures = json.putArray("figures");
        comparison.differences().forEach((figure, difference) -> {
            ObjectNode one = difference(difference);
            one.put("figure", code(figure));
            one.put("unit", unit(figure));
            figures.add(one);
        });
        return json;
    }

    private static ObjectNode difference(Difference difference) {
        return Json.MAPPER
                .createObjectNode()
                .put("pairs", difference.pairs())
                .put("first", rounded(difference.first()))
                .put("second", rounded(difference.second()))
                .put("difference", rounded(difference.difference()))
                .put("low", rounded(difference.low()))
                .put("high", rounded(difference.high()))
                .put("sure", difference.sure());
    }

    /** The figure of a code; empty for one that only its experiment knows, and for what is no code. */
    public static Optional<Figure> figure(String code) {
        return Figure.ofEvery().stream()
                .filter(figure -> code(figure).equals(code))
                .findFirst();
    }

    /** What a figure is called in files. */
    public static String code(Figure figure) {
        return switch (figure) {
            case Figure.LostRequests _ -> "lost-requests";
            case Figure.LostShare _ -> "lost-percent";
            case Figure.NotHolding(int number, var _) -> "not-holding-" + (number + 1);
            case Figure.Reached(var stage) -> "stage-" + stage.name();
            case Figure.Recovery _ -> "recovery";
        };
    }

    private static String unit(Figure figure) {
        return figure.unit().name().toLowerCase(Locale.ROOT);
    }

    private static double rounded(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
