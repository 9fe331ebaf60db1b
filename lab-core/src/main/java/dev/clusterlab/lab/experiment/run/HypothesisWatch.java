package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.CheckState;
import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Hypothesis;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches what should hold: conditions at every snapshot that it is given, figures about requests by the instants at which these
 * ended. Thread-safe.
 */
final class HypothesisWatch {
    /** Over which figures are taken before the method and after the healing, where the expectation has no window of its own. */
    static final Duration WINDOW = Duration.ofSeconds(10);

    private final Hypothesis hypothesis;
    private final RequestLog log;
    private final Consumer<Change> changes;
    private final List<Watched> watched;
    private @Nullable Duration began;
    private @Nullable Duration ended;
    private Duration newest = Duration.ZERO;
    private @Nullable LabException mistake;

    /**
     * A condition began or ceased to fail.
     *
     * @param at engine time since the engine began
     */
    record Change(Duration at, Expectation.Condition condition, boolean holds) {}

    /** Of a condition. */
    private static final class Watched {
        private final Expectation.Condition condition;
        private final CheckLanguage.Condition compiled;
        private final List<Span> spans = new ArrayList<>();
        private @Nullable Duration failingSince;

        Watched(Expectation.Condition condition, CheckLanguage.Condition compiled) {
            this.condition = condition;
            this.compiled = compiled;
        }
    }

    /** A time in which something did not hold. */
    private record Span(Duration from, Duration to, boolean ended) {}

    /** @param changes is called on the thread that gives the snapshot, and must be quick */
    HypothesisWatch(Hypothesis hypothesis, CheckLanguage language, RequestLog log, Consumer<Change> changes) {
        this.hypothesis = hypothesis;
        this.log = log;
        this.changes = changes;
        this.watched = hypothesis.expectations().stream()
                .filter(Expectation.Condition.class::isInstance)
                .map(Expectation.Condition.class::cast)
                .map(condition -> new Watched(condition, language.compile(condition.expression())))
                .toList();
    }

    /** What does not hold in this moment. Figures without a single request in their window do not hold either. */
    synchronized List<Expectation> missing(ClusterSnapshot snapshot, Duration now) {
        List<Expectation> missing = new ArrayList<>();
        List<Boolean> holding = holding(snapshot, now);
        for (int i = 0; i < holding.size(); i++) {
            if (!holding.get(i)) {
                missing.add(hypothesis.expectations().get(i));
            }
        }
        return missing;
    }

    /** For each expectation in order whether it holds in this moment, as {@link #missing} has it. */
    synchronized List<Boolean> holding(ClusterSnapshot snapshot, Duration now) {
        var state = new CheckState(snapshot);
        return hypothesis.expectations().stream()
                .map(expectation -> switch (expectation) {
                    case Expectation.Condition condition -> compiled(condition).holds(state);
                    case Expectation.FailingShare share ->
                        keeps(Measure.of(share), share.over().orElse(WINDOW), now);
                    case Expectation.Latency latency ->
                        keeps(Measure.of(latency), latency.over().orElse(WINDOW), now);
                })
                .toList();
    }

    private CheckLanguage.Condition compiled(Expectation.Condition condition) {
        return watched.stream()
                .filter(each -> each.condition.equals(condition))
                .findFirst()
                .orElseThrow()
                .compiled;
    }

    private boolean keeps(Measure measure, Duration window, Duration now) {
        Requests requests = log.ended(now.minus(window), now);
        return !requests.isEmpty() && measure.of(requests) <= measure.limit();
    }

    /** The method begins. */
    synchronized void begin(Duration at) {
        began = at;
    }

    /** Takes note of how things stand in a snapshot; without effect before the beginning and after the end. */
    synchronized void take(ClusterSnapshot snapshot) {
        Duration at = snapshot.elapsed();
        if (began == null || ended != null || at.compareTo(newest) < 0) {
            return;
        }
        newest = at;
        var state = new CheckState(snapshot);
        for (Watched each : watched) {
            boolean holds;
            try {
                holds = each.compiled.holds(state);
            } catch (LabException e) {
                // What is interrupted says nothing about the condition.
                mistake = e.kind() == LabException.Kind.CANCELLED ? mistake : e;
                return;
            }
            if (!holds && each.failingSince == null) {
                each.failingSince = at;
                changes.accept(new Change(at, each.condition, false));
            } else if (holds && each.failingSince != null) {
                each.spans.add(new Span(each.failingSince, at, true));
                each.failingSince = null;
                changes.accept(new Change(at, each.condition, true));
            }
        }
    }

    /** What went wrong with a condition while it was watched: then nothing can be said about it. */
    synchronized Optional<LabException> mistake() {
        return Optional.ofNullable(mistake);
    }

    /** The watch ends. */
    synchronized void end(Duration at) {
        ended = at;
        for (Watched each : watched) {
            if (each.failingSince != null) {
                each.spans.add(new Span(each.failingSince, at, false));
                each.failingSince = null;
            }
        }
    }

    /** Requests that began between the first step and the healing. */
    synchronized Requests judged(Duration healed) {
        return log.all().began(Objects.requireNonNull(began), healed);
    }

    /** What came of these, and how many that were due in the same time could not be made. */
    synchronized Tally tally(Duration healed) {
        return Tally.of(judged(healed), log.missed(Objects.requireNonNull(began), healed));
    }

    /**
     * What was found out, in the order of the hypothesis; only after {@link #end}.
     *
     * @param healed when the healing began
     */
    synchronized List<Finding> findings(Duration healed) {
        Requests requests = log.all();
        List<Finding> findings = new ArrayList<>();
        for (Expectation expectation : hypothesis.expectations()) {
            findings.add(
                    switch (expectation) {
                        case Expectation.Condition condition -> {
                            List<Violation> violations = watched.stream()
                                    .filter(each -> each.condition.equals(condition))
                                    .findFirst()
                                    .orElseThrow()
                                    .spans
                                    .stream()
                                    .map(span -> violation(span, condition, healed))
                                    .toList();
                            yield finding(condition, violations, OptionalDouble.empty());
                        }
                        case Expectation.FailingShare share ->
                            figure(share, Measure.of(share), share.over(), requests, healed);
                        case Expectation.Latency latency ->
                            figure(latency, Measure.of(latency), latency.over(), requests, healed);
                    });
        }
        return findings;
    }

    private Finding figure(
            Expectation expectation, Measure measure, Optional<Duration> over, Requests requests, Duration healed) {
        if (over.isEmpty()) {
            Requests judged = judged(healed);
            OptionalDouble value = judged.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(measure.of(judged));
            return new Finding(
                    expectation, value.isPresent() && value.getAsDouble() <= measure.limit(), List.of(), value);
        }
        Duration from = Objects.requireNonNull(began);
        Duration to = Objects.requireNonNull(ended);
        var beyond = new Beyond(measure.limit(), healed);
        measure.course(requests, over.get(), from, to, beyond);
        List<Violation> violations = beyond.spans(to).stream()
                .map(span -> violation(span, expectation, healed))
                .toList();
        return finding(
                expectation,
                violations,
                beyond.worst == Double.NEGATIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(beyond.worst));
    }

    /** The times in which a figure is beyond its limit. */
    private static final class Beyond implements Measure.Course {
        private final double limit;
        private final Duration healed;
        private final List<Span> spans = new ArrayList<>();
        private @Nullable Duration since;
        private double worst = Double.NEGATIVE_INFINITY;

        Beyond(double limit, Duration healed) {
            this.limit = limit;
            this.healed = healed;
        }

        @Override
        public void from(Duration at, OptionalDouble figure) {
            // Where nobody asked, nothing failed.
            double value = figure.orElse(Double.NEGATIVE_INFINITY);
            if (at.compareTo(healed) < 0) {
                worst = Math.max(worst, value);
            }
            Duration began = since;
            if (value > limit && began == null) {
                since = at;
            } else if (value <= limit && began != null) {
                spans.add(new Span(began, at, true));
                since = null;
            }
        }

        List<Span> spans(Duration end) {
            Duration began = since;
            if (began != null) {
                spans.add(new Span(began, end, false));
                since = null;
            }
            return spans;
        }
    }

    private static Finding finding(Expectation expectation, List<Violation> violations, OptionalDouble measured) {
        return new Finding(expectation, violations.stream().noneMatch(Violation::counts), violations, measured);
    }

    private Violation violation(Span span, Expectation expectation, Duration healed) {
        Duration zero = Objects.requireNonNull(began);
        boolean tooLong =
                expectation.tolerance().isZero() || span.to().minus(span.from()).compareTo(expectation.tolerance()) > 0;
        Violation.Weight weight = span.from().compareTo(healed) >= 0
                ? Violation.Weight.WHILE_HEALING
                : tooLong ? Violation.Weight.COUNTS : Violation.Weight.TOLERATED;
        return new Violation(span.from().minus(zero), span.to().minus(zero), span.ended(), weight);
    }
}
