package dev.clusterlab.ui.model.recovery;

import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import dev.clusterlab.ui.model.Topology.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How long two recoveries took, from stage to stage beside each other.
 *
 * @param one which fault is looked at
 * @param other which one it is compared with
 */
public record RecoveryComparison(String one, String other, List<Row> rows) {
    public RecoveryComparison {
        rows = List.copyOf(rows);
    }

    /**
     * A number of both.
     *
     * @param lane whose it is; empty text for what is about the whole
     * @param name from which stage to which, or what is counted
     * @param one duration, or why there is none
     * @param other the same, of the other
     * @param difference by how much {@code one} is more or less; empty text where one of both has no number
     * @param tone good where {@code one} is less
     */
    public record Row(String lane, String name, String one, String other, String difference, Tone tone) {}

    /** @param words in whose language it is */
    public static RecoveryComparison of(Anatomy one, Anatomy other, AnatomyWords words) {
        List<Row> rows = new ArrayList<>();
        rows.add(durations(
                "",
                words.untilLastFailure(),
                new Side(
                        one.lastFailure(), one.lastFailure().map(words::seconds).orElseGet(() -> words.errors(one))),
                new Side(
                        other.lastFailure(),
                        other.lastFailure().map(words::seconds).orElseGet(() -> words.errors(other))),
                words));
        int more = one.failed() - other.failed();
        rows.add(new Row(
                "",
                words.failedRequests(),
                String.valueOf(one.failed()),
                String.valueOf(other.failed()),
                words.difference(more),
                tone(Integer.signum(more))));
        for (StagePoint point : both(one, other)) {
            words.edge(point.stage())
                    .filter(edge -> applies(one, point) || applies(other, point))
                    .ifPresent(edge -> rows.add(durations(
                            words.lane(point), edge, side(one, point, words), side(other, point, words), words)));
        }
        return new RecoveryComparison(words.title(one), words.title(other), rows);
    }

    /** A duration, if there is one, and what is said of it. */
    private record Side(Optional<Duration> took, String said) {}

    private static Row durations(String lane, String name, Side one, Side other, AnatomyWords words) {
        Optional<Duration> longer = one.took().flatMap(mine -> other.took().map(theirs -> mine.minus(theirs)));
        return new Row(
                lane,
                name,
                one.said(),
                other.said(),
                longer.map(words::difference).orElse(""),
                longer.map(by -> tone(Long.signum(by.toMillis() / 100))).orElse(Tone.NEUTRAL));
    }

    private static Tone tone(int more) {
        return switch (more) {
            case -1 -> Tone.GOOD;
            case 1 -> Tone.WAITING;
            default -> Tone.NEUTRAL;
        };
    }

    /** The stages of both, lane by lane; a Traefik that only one of them knew has its own. */
    private static List<StagePoint> both(Anatomy one, Anatomy other) {
        List<StagePoint> points = new ArrayList<>(one.byLane());
        other.byLane().stream().filter(point -> same(one, point).isEmpty()).forEach(points::add);
        points.sort(Comparator.comparing((StagePoint point) -> point.stage().lane())
                .thenComparing(StagePoint::traefik)
                .thenComparing(StagePoint::stage));
        return points;
    }

    private static Optional<StagePoint> same(Anatomy anatomy, StagePoint point) {
        return anatomy.points(point.stage()).stream()
                .filter(each -> each.traefik().equals(point.traefik()))
                .findFirst();
    }

    private static boolean applies(Anatomy anatomy, StagePoint point) {
        return same(anatomy, point)
                .filter(each -> !(each.state() instanceof StagePoint.NotApplicable))
                .isPresent();
    }

    private static Side side(Anatomy anatomy, StagePoint point, AnatomyWords words) {
        Optional<StagePoint> its = same(anatomy, point);
        return new Side(
                its.flatMap(anatomy::step),
                its.map(each -> said(anatomy, each, words)).orElseGet(words::absent));
    }

    private static String said(Anatomy anatomy, StagePoint point, AnatomyWords words) {
        return words.step(anatomy, point)
                .orElseGet(() ->
                        point.state() instanceof StagePoint.Reached ? words.noDuration() : words.state(anatomy, point));
    }
}
