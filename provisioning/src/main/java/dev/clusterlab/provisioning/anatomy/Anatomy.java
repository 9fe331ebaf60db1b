package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.fault.ActiveFault;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What became of one fault.
 *
 * @param injected engine time since the engine began at which the fault was in force
 * @param watched engine time since then for which it was watched
 * @param over whether the watch has ended; until then more may come
 * @param points every stage in order, those of Traefik for each Traefik
 * @param requests that ended while it was watched
 * @param failures those of them that failed, oldest first, without those that another fault alone is to blame for; one may stand for
 *     several, see {@link #failed}
 */
public record Anatomy(
        ActiveFault fault,
        Duration injected,
        Duration watched,
        boolean over,
        Hit hit,
        List<StagePoint> points,
        int requests,
        List<FailedRequest> failures) {
    public Anatomy {
        points = List.copyOf(points);
        failures = List.copyOf(failures);
    }

    /** Points of a stage: one, or one for each Traefik. */
    public List<StagePoint> points(Stage stage) {
        return points.stream().filter(point -> point.stage() == stage).toList();
    }

    /** Lane by lane, one Traefik after the other, without the fault's own lane. */
    public List<StagePoint> byLane() {
        return points.stream()
                .filter(point -> point.stage().lane() != Lane.FAULT)
                .sorted(Comparator.comparing((StagePoint point) -> point.stage().lane())
                        .thenComparing(StagePoint::traefik))
                .toList();
    }

    /** When a point was reached, since the fault; empty if it was not. */
    public Optional<Duration> after(StagePoint point) {
        return point.state() instanceof StagePoint.Reached reached
                ? Optional.of(reached.at().minus(injected))
                : Optional.empty();
    }

    /** As {@link #after(StagePoint)}, of the last point of a stage, if all of them that there are were reached. */
    public Optional<Duration> after(Stage stage) {
        List<StagePoint> there = points(stage).stream()
                .filter(point -> !(point.state() instanceof StagePoint.NotApplicable))
                .toList();
        return there.stream().allMatch(point -> after(point).isPresent())
                ? there.stream().flatMap(point -> after(point).stream()).max(Comparator.naturalOrder())
                : Optional.empty();
    }

    /**
     * How long a stage took since its predecessor; negative if it came before that. Empty if one of both was not reached, or it has no
     * predecessor.
     */
    public Optional<Duration> step(StagePoint point) {
        return point.stage()
                .predecessor()
                .flatMap(before -> points(before).stream().findFirst())
                .flatMap(this::after)
                .flatMap(before -> after(point).map(reached -> reached.minus(before)));
    }

    /** How many requests failed. */
    public int failed() {
        return failures.stream().mapToInt(FailedRequest::count).sum();
    }

    /** When the last request failed, since the fault; empty if none did. */
    public Optional<Duration> lastFailure() {
        return failures.stream()
                .map(failure -> failure.request().ended().minus(injected))
                .max(Comparator.naturalOrder());
    }

    /** The failures by what they got and why, the largest group first; together they are all. */
    public List<FailureGroup> groups() {
        return FailureGroup.of(failures);
    }

    /** Whether the watch has ended and every stage that there is was reached. */
    public boolean recovered() {
        return over
                && points.stream().allMatch(point -> switch (point.state()) {
                    case StagePoint.Reached reached -> true;
                    case StagePoint.NotApplicable none -> true;
                    case StagePoint.NotWithin late -> point.stage() == Stage.FIRST_GOOD_ANSWER;
                    case StagePoint.Blocked blocked -> false;
                });
    }
}
