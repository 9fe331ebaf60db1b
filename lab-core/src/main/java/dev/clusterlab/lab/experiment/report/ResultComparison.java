package dev.clusterlab.lab.experiment.report;

import dev.clusterlab.lab.Html;
import dev.clusterlab.lab.experiment.odds.Figure;
import dev.clusterlab.lab.experiment.odds.OddsWords;
import dev.clusterlab.lab.experiment.odds.Spread;
import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.lab.words.ExperimentWords;
import dev.clusterlab.provisioning.LabException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Two results of one experiment beside each other, stage by stage: embedded beside docker, before beside after. For each figure the
 * median and the spread of both, how far the medians lie apart, and whether the one lies inside the spread of the other.
 */
public final class ResultComparison {
    private static final int NAME_WIDTH = 46;
    private static final int VALUE_WIDTH = 24;

    private final List<ComparedResult> results;
    private final Locale locale;
    private final ExperimentWords words;
    private final OddsWords oddsWords;

    /** @throws LabException INPUT if they are of different experiments */
    public ResultComparison(ComparedResult first, ComparedResult second, Locale language) {
        this.results = List.of(first, second);
        this.locale = language.getLanguage().equals("fr") ? Locale.FRENCH : Locale.ENGLISH;
        this.words = ExperimentWords.of(locale);
        this.oddsWords = new OddsWords(locale);
        if (!first.experiment().equals(second.experiment())) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    words.get("compared.other", first.experiment(), second.experiment()),
                    "For two settings or experiments over the same seeds there is experiment compare.");
        }
    }

    /** How a figure is spread over the runs of a result. */
    private record Range(double least, double median, double most, int runs) {
        static Range of(List<Double> values) {
            double[] sorted =
                    values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return new Range(sorted[0], Spread.median(sorted), sorted[sorted.length - 1], sorted.length);
        }

        boolean has(double value) {
            return value >= least && value <= most;
        }
    }

    private record Row(String name, List<String> cells, String verdict, boolean apart) {}

    private List<Figure> figures() {
        return Figure.ofEvery().stream()
                .filter(figure ->
                        results.stream().anyMatch(each -> each.values().containsKey(figure)))
                .toList();
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Figure figure : figures()) {
            List<Range> spreads = results.stream()
                    .map(result -> result.values().get(figure))
                    .filter(Objects::nonNull)
                    .map(Range::of)
                    .toList();
            List<String> cells = results.stream()
                    .map(result -> result.values().get(figure))
                    .map(values -> values == null ? words.get("compared.absent") : cell(figure, Range.of(values)))
                    .toList();
            if (spreads.size() < 2) {
                rows.add(new Row(oddsWords.name(figure), cells, words.get("compared.absent"), false));
                continue;
            }
            // As precise as it is shown; zero has no sign.
            double difference =
                    Math.round((spreads.getLast().median() - spreads.getFirst().median()) * 10) / 10.0 + 0.0;
            boolean inside = spreads.getLast().has(spreads.getFirst().median());
            String sign = difference > 0 ? "+" : "";
            rows.add(new Row(
                    oddsWords.name(figure),
                    cells,
                    sign + oddsWords.value(figure, difference) + (inside ? ", " + words.get("compared.inside") : ""),
                    !inside));
        }
        return rows;
    }

    private String cell(Figure figure, Range spread) {
        String median = oddsWords.value(figure, spread.median());
        return spread.runs() == 1
                ? median
                : median + " (" + oddsWords.value(figure, spread.least()) + "–" + oddsWords.value(figure, spread.most())
                        + ")";
    }

    private String called(int place) {
        ComparedResult result = results.get(place);
        String outcomes = result.outcomes().entrySet().stream()
                .map(each -> words.get("compared.outcomes", String.valueOf(each.getValue()), outcome(each)))
                .collect(Collectors.joining(", "));
        return words.get("compared.runs", place == 0 ? "A" : "B", result.engine(), result.runs(), outcomes);
    }

    private String outcome(Map.Entry<String, Integer> entry) {
        return Arrays.stream(Outcome.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(entry.getKey()))
                .findFirst()
                .map(each -> new RunWords(locale).outcome(each))
                .map(text -> text.contains(":")
                        ? text.substring(0, text.indexOf(':')).strip()
                        : text)
                .orElse(entry.getKey());
    }

    private String title() {
        return words.get("compared.title", results.getFirst().experiment());
    }

    /** A table of text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(title());
        lines.add(called(0));
        lines.add(called(1));
        lines.add("");
        lines.add(line(words.get("compared.what"), List.of("A", "B"), words.get("compared.difference")));
        rows().forEach(row -> lines.add(line(row.name(), row.cells(), row.verdict())));
        return lines;
    }

    private static String line(String name, List<String> cells, String verdict) {
        var line = new StringBuilder(name.length() > NAME_WIDTH ? name.substring(0, NAME_WIDTH - 1) + "…" : name);
        line.repeat(" ", NAME_WIDTH + 1 - line.length());
        cells.forEach(cell -> line.append(cell).repeat(" ", Math.max(1, VALUE_WIDTH - cell.length())));
        return line.append(verdict).toString().stripTrailing();
    }

    /** A page of HTML that stands alone. */
    public String html() {
        var page = new Html();
        page.begin(locale.toLanguageTag(), title());
        page.say("<h1>%s</h1>", Html.escape(title()));
        page.say("<p>%s</p><p>%s</p>", Html.escape(called(0)), Html.escape(called(1)));
        page.say(
                "<table><thead><tr><th>%s</th><th class=\"n\">A</th><th class=\"n\">B</th><th>%s</th></tr></thead><tbody>",
                Html.escape(words.get("compared.what")), Html.escape(words.get("compared.difference")));
        for (Row row : rows()) {
            page.say(
                    "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td%s>%s</td></tr>",
                    Html.escape(row.name()),
                    Html.escape(row.cells().getFirst()),
                    Html.escape(row.cells().getLast()),
                    row.apart() ? " class=\"bad\"" : "",
                    Html.escape(row.verdict()));
        }
        return page.say("</tbody></table></body></html>").toString();
    }
}
