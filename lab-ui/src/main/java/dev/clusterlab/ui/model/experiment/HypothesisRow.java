package dev.clusterlab.ui.model.experiment;

import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.Finding;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.RunWords;
import dev.clusterlab.lab.experiment.run.Violation;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.experiment.Course.Gap;
import dev.clusterlab.ui.model.experiment.Course.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that should hold, and whether it did.
 *
 * @param title what should be so, with what was measured once that is known
 * @param words when it did not hold; before a run, for how long it may not
 */
public record HypothesisRow(String title, Tone tone, String words, List<Gap> gaps) {
    /** How many times are told of one by one. */
    private static final int TIMES_MAX = 3;

    public HypothesisRow {
        gaps = List.copyOf(gaps);
    }

    /**
     * Those of an experiment.
     *
     * @param course empty if it was not run
     * @param result empty if it is not over
     */
    public static List<HypothesisRow> of(
            Experiment experiment, Optional<Course> course, Optional<RunResult> result, Texts texts) {
        var words = new RunWords(texts.locale());
        List<HypothesisRow> rows = new ArrayList<>();
        List<Expectation> expectations = experiment.hypothesis().expectations();
        for (int i = 0; i < expectations.size(); i++) {
            int number = i;
            List<Gap> gaps = course.map(seen -> seen.gaps().get(number)).orElse(List.of());
            Optional<Finding> finding = result.filter(
                            over -> number < over.findings().size())
                    .map(over -> over.findings().get(number));
            rows.add(finding.map(found -> judged(found, gaps, words, texts))
                    .orElseGet(() -> watched(expectations.get(number), course, gaps, words, texts)));
        }
        return rows;
    }

    private static HypothesisRow judged(Finding finding, List<Gap> gaps, RunWords words, Texts texts) {
        List<String> times = words.violations(finding);
        String all = String.join("; ", times.subList(0, Math.min(TIMES_MAX, times.size())));
        return new HypothesisRow(
                words.judged(finding),
                finding.held() ? Tone.GOOD : Tone.BAD,
                times.isEmpty()
                        ? texts.get(
                                Course.judgedOnce(finding.expectation())
                                        ? "exp.once.judged"
                                        : finding.held() ? "exp.held" : "exp.not.held")
                        : times.size() > TIMES_MAX ? all + "; " + texts.get("exp.more", times.size() - TIMES_MAX) : all,
                gaps);
    }

    private static HypothesisRow watched(
            Expectation expectation, Optional<Course> course, List<Gap> gaps, RunWords words, Texts texts) {
        String title = expectation.title().in(texts.locale());
        String tolerated = Course.judgedOnce(expectation)
                ? texts.get("exp.once")
                : expectation.tolerance().isZero()
                        ? ""
                        : texts.get("exp.tolerated", words.seconds(expectation.tolerance()));
        if (course.isEmpty() || course.get().phase() == Phase.PLATFORM) {
            return new HypothesisRow(title, Tone.NEUTRAL, tolerated, gaps);
        }
        if (gaps.isEmpty()) {
            return new HypothesisRow(title, Tone.GOOD, texts.get("exp.held.sofar"), gaps);
        }
        Gap last = gaps.getLast();
        boolean counts = gaps.stream().anyMatch(gap -> gap.weight() == Violation.Weight.COUNTS);
        String said = last.open()
                ? texts.get("exp.not.since", last.from(), last.to() - last.from())
                : texts.get("exp.not.from", last.from(), last.to());
        return new HypothesisRow(
                title,
                counts ? Tone.BAD : last.open() ? Tone.WAITING : Tone.GOOD,
                tolerated.isEmpty() ? said : said + " (" + tolerated + ")",
                gaps);
    }
}
