package dev.clusterlab.lab.experiment.odds;

import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.lab.words.ExperimentWords;
import dev.clusterlab.provisioning.anatomy.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What people read of odds and comparisons, in English or French: lines without an end. Immutable. */
public final class OddsWords {
    /** Characters for what is measured, and for each figure. */
    private static final int NAME_WIDTH = 44;

    private static final int VALUE_WIDTH = 10;

    private final Locale locale;
    private final ExperimentWords words;
    private final AnatomyWords anatomy;
    private final RunWords run;

    public OddsWords(Locale locale) {
        this.locale = locale.getLanguage().equals("fr") ? Locale.FRENCH : Locale.ENGLISH;
        this.words = ExperimentWords.of(this.locale);
        this.anatomy = AnatomyWords.of(this.locale);
        this.run = new RunWords(this.locale);
    }

    /** Texts of front ends about odds, by their key. */
    public String get(String key, Object... arguments) {
        return words.get(key, arguments);
    }

    /** How runs ended: {@code 998 completed, 2 deviated, 0 failed, 0 aborted}. */
    public String outcomes(Odds odds) {
        Map<Outcome, Integer> outcomes = odds.outcomes();
        return words.get(
                "odds.outcomes",
                count(outcomes, Outcome.COMPLETED),
                count(outcomes, Outcome.DEVIATED),
                count(outcomes, Outcome.FAILED),
                count(outcomes, Outcome.ABORTED));
    }

    private static String count(Map<Outcome, Integer> outcomes, Outcome outcome) {
        return String.valueOf(outcomes.getOrDefault(outcome, 0));
    }

    /** How far many runs are. {@code left} is of wall-clock time; empty if nobody knows. */
    public String progress(Odds soFar, int count, Optional<Duration> left) {
        String text =
                words.get("odds.progress", String.valueOf(soFar.runs().size()), String.valueOf(count), outcomes(soFar));
        return left.map(time -> text + words.get("odds.left", wall(time))).orElse(text);
    }

    private String wall(Duration time) {
        return time.toMinutes() > 0
                ? words.get("odds.minutes", String.valueOf(time.toMinutes()), String.valueOf(time.toSecondsPart()))
                : words.get("seconds", String.valueOf(time.toSeconds()));
    }

    /** The table of all figures. */
    public List<String> table(Odds odds) {
        List<String> lines = new ArrayList<>();
        lines.add(row(
                "",
                words.get("odds.median"),
                words.get("odds.p5"),
                words.get("odds.p95"),
                words.get("odds.worst"),
                words.get("odds.seed")));
        odds.spreads().forEach((figure, spread) -> {
            String line = row(
                    name(figure),
                    value(figure, spread.median()),
                    value(figure, spread.p5()),
                    value(figure, spread.p95()),
                    value(figure, spread.worst()),
                    String.valueOf(spread.worstSeed()));
            lines.add(
                    spread.runs() == odds.runs().size()
                            ? line
                            : line + "  "
                                    + words.get(
                                            "odds.of",
                                            String.valueOf(spread.runs()),
                                            String.valueOf(odds.runs().size())));
        });
        return lines;
    }

    private static String row(String name, String... values) {
        var line = new StringBuilder();
        line.append(name.length() > NAME_WIDTH ? name.substring(0, NAME_WIDTH - 1) + "…" : name);
        line.repeat(" ", NAME_WIDTH - line.length());
        for (String value : values) {
            line.repeat(" ", Math.max(1, VALUE_WIDTH - value.length())).append(value);
        }
        return line.toString();
    }

    /** What is measured. */
    public String name(Figure figure) {
        return switch (figure) {
            case Figure.LostRequests _ -> words.get("figure.lost");
            case Figure.LostShare _ -> words.get("figure.share");
            case Figure.NotHolding(int _, var expectation) ->
                words.get("figure.not", expectation.title().in(locale));
            case Figure.Reached(var stage) ->
                stage.lane() == Lane.FAULT
                        ? anatomy.stage(stage)
                        : words.get("figure.stage", anatomy.lane(stage.lane()), anatomy.stage(stage));
            case Figure.Recovery _ -> words.get("figure.recovery");
        };
    }

    /** A value of a figure. */
    public String value(Figure figure, double value) {
        return switch (figure.unit()) {
            case REQUESTS -> number(value);
            case PERCENT -> words.get("percent", String.format(locale, "%.1f", value));
            case SECONDS -> words.get("seconds", String.format(locale, "%.1f", value));
        };
    }

    /** Of shares it is not a share itself. */
    private String difference(Figure figure, double value) {
        return figure.unit() == Figure.Unit.PERCENT
                ? words.get("odds.points", String.format(locale, "%.1f", value))
                : value(figure, value);
    }

    /** Without a fraction that is zero. */
    private String number(double value) {
        return String.format(locale, value == Math.rint(value) ? "%.0f" : "%.1f", value);
    }

    /** The worst run, and the command that does it again; no lines without runs. */
    public List<String> worst(Odds odds, String command) {
        return odds.worst()
                .map(worst -> {
                    List<String> lines = new ArrayList<>();
                    lines.add(words.get("odds.again", String.valueOf(worst.seed()), run.outcome(worst.outcome())));
                    worst.trouble().ifPresent(trouble -> lines.add("  " + run.trouble(trouble)));
                    lines.add("  " + command);
                    return lines;
                })
                .orElse(List.of());
    }

    // ---- comparisons

    /**
     * Two settings in plain words.
     *
     * @param first what the one is called
     * @param second what the other is called
     */
    public List<String> verdict(Comparison comparison, String first, String second) {
        List<String> lines = new ArrayList<>();
        if (comparison.pairs() == 0) {
            lines.add(words.get("compare.nothing"));
            return lines;
        }
        String seeds = String.valueOf(comparison.pairs());
        comparison
                .completed()
                .ifPresent(share -> lines.add(
                        share.sure()
                                ? words.get(
                                        share.difference() > 0 ? "compare.completes.second" : "compare.completes.first",
                                        first,
                                        second,
                                        percent(share.first()),
                                        percent(share.second()))
                                : words.get(
                                        "compare.completes.same",
                                        percent(share.first()),
                                        percent(share.second()),
                                        seeds)));
        List<String> alike = new ArrayList<>();
        comparison.differences().forEach((figure, difference) -> {
            if (difference.sure()) {
                lines.add(verdict(comparison, figure, difference, first, second));
            } else {
                alike.add(name(figure) + " (" + medians(figure, difference) + ")");
            }
        });
        if (!alike.isEmpty()) {
            lines.add(words.get("compare.same", seeds, String.join(", ", alike)));
        }
        return lines;
    }

    private String medians(Figure figure, Difference difference) {
        return value(figure, difference.first()) + " → " + value(figure, difference.second());
    }

    private String verdict(Comparison comparison, Figure figure, Difference difference, String first, String second) {
        String name = name(figure);
        String medians = medians(figure, difference);
        boolean less = difference.difference() < 0;
        double low = less ? -difference.high() : difference.low();
        double high = less ? -difference.low() : difference.high();
        String by = difference(figure, Math.abs(difference.difference()));
        String from = difference(figure, low);
        String to = difference(figure, high);
        String interval = from.equals(to) ? from : words.get("compare.interval", from, to);
        if (figure.unit() == Figure.Unit.REQUESTS) {
            return words.get(
                    less ? "compare.fewer" : "compare.more",
                    second,
                    first,
                    by,
                    String.valueOf(comparison.requests()),
                    interval,
                    medians);
        }
        return words.get(less ? "compare.sooner" : "compare.later", name, second, by, interval, medians, first);
    }

    private String percent(double share) {
        return words.get("percent", number(Math.round(share * 1000) / 10.0));
    }
}
