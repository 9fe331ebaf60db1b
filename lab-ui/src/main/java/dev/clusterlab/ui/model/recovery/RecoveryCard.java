package dev.clusterlab.ui.model.recovery;

import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.Stage;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import dev.clusterlab.ui.model.Topology.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one fault, ready to be shown: in words, and as places on one axis of time.
 *
 * @param title which fault, and when
 * @param state how far it came
 * @param figures the numbers that are looked for first; none where no request failed
 * @param facts sentences about the whole
 * @param event number of the event with which the fault began; 0 if that is not known
 * @param marks words of the marks of {@code axis}
 * @param why what {@code causes} are headed by; empty text where no request failed
 * @param causes of failed requests, the most frequent first
 */
public record RecoveryCard(
        String title,
        String state,
        Tone tone,
        List<Figure> figures,
        List<String> facts,
        long event,
        TimeAxis axis,
        List<String> marks,
        List<Lane> lanes,
        String why,
        List<Cause> causes) {
    public RecoveryCard {
        figures = List.copyOf(figures);
        facts = List.copyOf(facts);
        marks = List.copyOf(marks);
        lanes = List.copyOf(lanes);
        causes = List.copyOf(causes);
    }

    /** A number, and what it is of. */
    public record Figure(String number, String words) {}

    /** How many requests failed in one way, and why. */
    public record Cause(String count, String words) {}

    /** The stages of Swarm, of Consul, of a Traefik or of clients. */
    public record Lane(String name, List<Row> rows) {
        public Lane {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A stage.
     *
     * @param id of it among all rows of a card
     * @param place on the axis; empty if it was not reached, and {@code state} says why
     * @param state when it was reached, or why it was not
     * @param failed requests that failed in it, in words; empty text for none
     * @param event number of the event to which it leads; 0 if no event says of it
     * @param said all of it in one sentence
     */
    public record Row(
            String id, String name, Optional<Place> place, String state, String failed, long event, String said) {
        Row withoutEvent() {
            return new Row(id, name, place, state, failed, 0, said);
        }
    }

    /** What is waited for until a stage is reached. */
    public enum Kind {
        /** That somebody notices. */
        NOTICING,
        /** That somebody makes up for it. */
        ACTING,
        /** That errors end. */
        FAILING
    }

    /**
     * A stage that was reached, in seconds since the fault.
     *
     * @param from when its predecessor was reached; the same as {@code at} where that was later, or there is none
     * @param earliest when it may have been reached already
     * @param at when it was known to be reached
     */
    public record Place(Kind kind, double from, double earliest, double at) {}

    /** @param words in the language of the card */
    public static RecoveryCard of(Anatomy anatomy, AnatomyWords words) {
        Map<String, List<Row>> lanes = new LinkedHashMap<>();
        anatomy.byLane()
                .forEach(point -> lanes.computeIfAbsent(words.lane(point), name -> new ArrayList<>())
                        .add(row(anatomy, point, words)));
        TimeAxis axis = TimeAxis.of(seconds(anatomy.points().stream()
                .flatMap(point -> anatomy.after(point).stream())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO)));
        return new RecoveryCard(
                words.title(anatomy),
                words.state(anatomy),
                tone(anatomy),
                figures(anatomy, words),
                facts(anatomy, words),
                anatomy.points(Stage.INJECTED).stream()
                        .mapToLong(RecoveryCard::eventOf)
                        .findFirst()
                        .orElse(0),
                axis,
                axis.marks().stream()
                        .map(mark -> words.tick(Duration.ofSeconds(mark)))
                        .toList(),
                lanes.entrySet().stream()
                        .map(lane -> new Lane(lane.getKey(), lane.getValue()))
                        .toList(),
                anatomy.failures().isEmpty() ? "" : words.why(anatomy),
                anatomy.groups().stream()
                        .map(group -> new Cause(String.valueOf(group.count()), words.cause(group)))
                        .toList());
    }

    /** The same one where its events are not to be seen: it leads to none. */
    public RecoveryCard withoutEvents() {
        return new RecoveryCard(
                title,
                state,
                tone,
                figures,
                facts,
                0,
                axis,
                marks,
                lanes.stream()
                        .map(lane -> new Lane(
                                lane.name(),
                                lane.rows().stream().map(Row::withoutEvent).toList()))
                        .toList(),
                why,
                causes);
    }

    private static Tone tone(Anatomy anatomy) {
        if (!anatomy.over()) {
            return Tone.WAITING;
        }
        return anatomy.recovered() ? Tone.GOOD : Tone.BAD;
    }

    private static List<Figure> figures(Anatomy anatomy, AnatomyWords words) {
        return anatomy.lastFailure()
                .map(last -> List.of(
                        new Figure(words.seconds(last), words.untilLastFailure()),
                        new Figure(String.valueOf(anatomy.failed()), words.failedOf(anatomy))))
                .orElse(List.of());
    }

    private static List<String> facts(Anatomy anatomy, AnatomyWords words) {
        List<String> facts = new ArrayList<>();
        if (anatomy.failures().isEmpty()) {
            facts.add(words.errors(anatomy));
        }
        words.longest(anatomy).ifPresent(facts::add);
        facts.add(words.hit(anatomy));
        return facts;
    }

    private static Row row(Anatomy anatomy, StagePoint point, AnatomyWords words) {
        String name = words.stage(point.stage());
        String state = words.state(anatomy, point);
        String failed = words.failed(point);
        StringBuilder said = new StringBuilder(words.lane(point) + ", " + name + ": " + state);
        words.step(anatomy, point)
                .ifPresent(step -> words.edge(point.stage())
                        .ifPresent(edge ->
                                said.append("; ").append(edge).append(": ").append(step)));
        if (!failed.isEmpty()) {
            said.append("; ").append(failed);
        }
        String id = point.stage().name().toLowerCase(Locale.ROOT)
                + (point.traefik().isEmpty() ? "" : "-" + point.traefik());
        return new Row(id, name, place(anatomy, point), state, failed, eventOf(point), said.toString());
    }

    private static long eventOf(StagePoint point) {
        return switch (point.state()) {
            case StagePoint.Reached reached -> reached.event();
            case StagePoint.Blocked blocked -> blocked.event();
            case StagePoint.NotApplicable none -> 0;
            case StagePoint.NotWithin late -> 0;
        };
    }

    private static Optional<Place> place(Anatomy anatomy, StagePoint point) {
        if (!(point.state() instanceof StagePoint.Reached reached)) {
            return Optional.empty();
        }
        Duration at = reached.at().minus(anatomy.injected());
        Kind kind = kind(point.stage());
        Duration from = kind == Kind.FAILING
                ? firstFailure(anatomy).orElse(at)
                : anatomy.step(point).map(at::minus).orElse(at);
        return Optional.of(new Place(
                kind,
                seconds(from.compareTo(at) < 0 ? from : at),
                seconds(at.minus(reached.uncertainty())),
                seconds(at)));
    }

    private static Kind kind(Stage stage) {
        return switch (stage) {
            case INJECTED, SWARM_LEADS_AGAIN, SWARM_NOTICES, CONSUL_LEADS_AGAIN, CONSUL_NOTICES, FORGOTTEN ->
                Kind.NOTICING;
            case GIVEN_UP, SCHEDULED, STARTED, REGISTERED, PASSING, ROUTED, FIRST_GOOD_ANSWER -> Kind.ACTING;
            case ERRORS_OVER -> Kind.FAILING;
        };
    }

    private static Optional<Duration> firstFailure(Anatomy anatomy) {
        return anatomy.failures().stream()
                .map(failure -> failure.request().ended().minus(anatomy.injected()))
                .min(Comparator.naturalOrder());
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
