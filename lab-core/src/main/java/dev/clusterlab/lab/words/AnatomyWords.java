package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.CausalChain;
import dev.clusterlab.provisioning.anatomy.FailureCause;
import dev.clusterlab.provisioning.anatomy.FailureGroup;
import dev.clusterlab.provisioning.anatomy.Hit;
import dev.clusterlab.provisioning.anatomy.Lane;
import dev.clusterlab.provisioning.anatomy.Stage;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What became of a fault, as a card of text, and why an event happened, as its chain of causes. In one language; immutable. */
public final class AnatomyWords {
    private static final int NAMES_MAX = 4;
    private static final int TITLE_WIDTH = 30;
    private static final int STATE_WIDTH = 14;
    private static final int STEP_WIDTH = 14;
    private static final int FAILED_WIDTH = 8;
    private static final int EVENT_WIDTH = 10;
    private static final int COUNT_WIDTH = 5;

    private final Locale locale;
    private final Bundle bundle;
    private final Sentences sentences;

    private AnatomyWords(Locale locale) {
        this.locale = locale;
        this.bundle = new Bundle("anatomy", locale);
        this.sentences = Sentences.of(locale);
    }

    /** In {@code locale}, in English where that language has none. */
    public static AnatomyWords of(Locale locale) {
        return new AnatomyWords(Sentences.LANGUAGES.stream()
                .filter(language -> language.getLanguage().equals(locale.getLanguage()))
                .findFirst()
                .orElse(Locale.ENGLISH));
    }

    private String say(String key, Object... arguments) {
        return bundle.say(key, arguments);
    }

    /** A time with one digit after the decimal sign of the language. */
    public String seconds(Duration time) {
        return say("seconds", decimal(time));
    }

    private String decimal(Duration time) {
        return decimal(time, 1);
    }

    private String decimal(Duration time, int digits) {
        return String.format(locale, "%." + digits + "f", time.toMillis() / 1000.0);
    }

    // ---- the card

    /** The whole card, lines ended by {@code \n}. */
    public String card(Anatomy anatomy) {
        List<String> lines = new ArrayList<>();
        lines.add(title(anatomy));
        lines.add(state(anatomy));
        lines.add(errors(anatomy));
        longest(anatomy).ifPresent(lines::add);
        lines.add(hit(anatomy));
        lines.add("");
        lines.add(row("", say("heading.after"), say("heading.step"), say("heading.failed"), say("heading.event")));
        String lane = "";
        for (StagePoint point : anatomy.byLane()) {
            String now = lane(point);
            if (!now.equals(lane)) {
                lines.add(now);
                lane = now;
            }
            lines.add(point(anatomy, point));
        }
        if (!anatomy.failures().isEmpty()) {
            lines.add("");
            lines.add(why(anatomy));
            anatomy.groups()
                    .forEach(group ->
                            lines.add(right(String.valueOf(group.count()), COUNT_WIDTH) + "  " + cause(group)));
        }
        return lines.stream().map(line -> line.stripTrailing() + "\n").collect(Collectors.joining());
    }

    /** Which fault it is about, and when that began. */
    public String title(Anatomy anatomy) {
        return say("title", sentences.named(anatomy.fault()), seconds(anatomy.injected()));
    }

    /** How far it came, and for how long it was watched. */
    public String state(Anatomy anatomy) {
        return say(stateKey(anatomy), seconds(anatomy.watched()));
    }

    private static String stateKey(Anatomy anatomy) {
        return !anatomy.over() ? "state.open" : anatomy.recovered() ? "state.recovered" : "state.lacking";
    }

    /** Until when requests failed, and how many did. */
    public String errors(Anatomy anatomy) {
        String requests = String.valueOf(anatomy.requests());
        if (anatomy.requests() == 0) {
            return say("errors.unasked");
        }
        return anatomy.lastFailure()
                .map(last -> say("errors", seconds(last), String.valueOf(anatomy.failed()), requests))
                .orElseGet(() -> say("errors.none", requests));
    }

    /** The stage that took longest; empty if none has a duration. */
    public Optional<String> longest(Anatomy anatomy) {
        return anatomy.points().stream()
                .filter(point -> anatomy.step(point).isPresent())
                .max(Comparator.comparing(point -> anatomy.step(point).orElse(Duration.ZERO)))
                .map(point -> say(
                        "longest",
                        lane(point) + ", " + stage(point.stage()),
                        seconds(anatomy.step(point).orElse(Duration.ZERO))));
    }

    /** What was hit. */
    public String hit(Anatomy anatomy) {
        return say("hit", hit(anatomy.hit()));
    }

    private String hit(Hit hit) {
        List<String> parts = new ArrayList<>();
        if (!hit.machines().isEmpty()) {
            parts.add(say("hit.machines", hit.machines().size(), names(hit.machines())));
        }
        if (!hit.tasks().isEmpty()) {
            parts.add(say(
                    "hit.tasks",
                    hit.tasks().size(),
                    names(hit.tasks().stream()
                            .map(Subject.OfTask::name)
                            .sorted()
                            .toList())));
        }
        if (!hit.instances().isEmpty()) {
            parts.add(say("hit.instances", hit.instances().size()));
        }
        return parts.isEmpty() ? say("hit.nothing") : String.join(", ", parts);
    }

    private String names(List<String> names) {
        String first = names.stream().limit(NAMES_MAX).collect(Collectors.joining(", "));
        return names.size() <= NAMES_MAX ? first : first + ", " + say("more", names.size() - NAMES_MAX);
    }

    /** A lane, with the machine where there are several. */
    public String lane(StagePoint point) {
        return point.traefik().isEmpty() ? lane(point.stage().lane()) : say("lane.TRAEFIK.one", point.traefik());
    }

    /** What a lane is called. */
    public String lane(Lane lane) {
        return say("lane." + lane.name());
    }

    /** What a stage is called within its lane. */
    public String stage(Stage stage) {
        return say("stage." + stage.name());
    }

    private String point(Anatomy anatomy, StagePoint point) {
        String failed = point.failed() == 0 ? "" : String.valueOf(point.failed());
        String title = "  " + stage(point.stage());
        String state = state(anatomy, point);
        return switch (point.state()) {
            case StagePoint.Reached reached ->
                row(
                        title,
                        state,
                        step(anatomy, point).orElse(""),
                        failed,
                        reached.event() == 0 ? "" : String.valueOf(reached.event()));
            case StagePoint.NotApplicable none -> row(title, "") + state;
            case StagePoint.NotWithin late -> row(title, state, "", failed, "");
            case StagePoint.Blocked blocked -> row(title, state, "", failed, "");
        };
    }

    /** When a stage was reached, or why it was not. */
    public String state(Anatomy anatomy, StagePoint point) {
        return switch (point.state()) {
            case StagePoint.Reached reached -> reached(anatomy, reached);
            case StagePoint.NotApplicable none ->
                say("none", say("reason." + none.reason().name()));
            case StagePoint.NotWithin late -> anatomy.over() ? say("within", seconds(late.watched())) : say("pending");
            case StagePoint.Blocked blocked -> say("blocked", String.valueOf(blocked.event()));
        };
    }

    /** How long a stage took since its predecessor; empty where that is not known. */
    public Optional<String> step(Anatomy anatomy, StagePoint point) {
        return anatomy.step(point).map(this::step);
    }

    /** From which stage a stage's duration counts, and to it; empty if it has none. */
    public Optional<String> edge(Stage stage) {
        return stage.predecessor().map(before -> say("edge", stage(before), stage(stage)));
    }

    /** How many requests failed in a stage; empty text for none. */
    public String failed(StagePoint point) {
        return point.failed() == 0 ? "" : say("failed", point.failed());
    }

    /** An instant on the axis of time since the fault, in whole seconds. */
    public String tick(Duration after) {
        return say("reached", say("seconds", decimal(after, 0)));
    }

    private String reached(Anatomy anatomy, StagePoint.Reached reached) {
        Duration after = reached.at().minus(anatomy.injected());
        if (after.isNegative()) {
            return say("reached.early", seconds(after.negated()));
        }
        if (reached.uncertainty().isZero()) {
            return say("reached", seconds(after));
        }
        Duration earliest = after.minus(reached.uncertainty());
        return say("reached.range", decimal(earliest.isNegative() ? Duration.ZERO : earliest), seconds(after));
    }

    private String step(Duration step) {
        // What comes early does so by milliseconds mostly.
        return step.isNegative() ? say("step.early", say("seconds", decimal(step.negated(), 2))) : seconds(step);
    }

    private String row(String title, String state, String step, String failed, String event) {
        return row(title, state) + right(step, STEP_WIDTH) + right(failed, FAILED_WIDTH) + right(event, EVENT_WIDTH);
    }

    private static String row(String title, String state) {
        return title + " ".repeat(Math.max(1, TITLE_WIDTH - title.length())) + right(state, STATE_WIDTH);
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(text.isEmpty() ? 0 : 1, width - text.length())) + text;
    }

    // ---- causes of failed requests

    /** What the causes of the failed requests are headed by, with their number. */
    public String why(Anatomy anatomy) {
        return say("why", anatomy.failed());
    }

    /** What requests got, and why. */
    public String cause(FailureGroup group) {
        String got = group.status() == 0 ? say("got.none") : String.valueOf(group.status());
        return got + ": " + why(group);
    }

    private String why(FailureGroup group) {
        String basis = say("basis." + group.cause().basis().name());
        return switch (group.cause()) {
            case FailureCause.DeadServer dead ->
                learnt(group)
                        .map(learnt -> say("cause.DeadServer.learnt", group.entry(), dead.fault(), basis, learnt))
                        .orElseGet(() -> say("cause.DeadServer", group.entry(), dead.fault(), basis));
            case FailureCause.EmptyTable empty -> say("cause.EmptyTable", group.entry(), basis);
            case FailureCause.TraefikHit hit -> say("cause.TraefikHit", group.entry(), hit.fault(), basis);
            case FailureCause.BeyondLimit late -> say("cause.BeyondLimit", basis);
            case FailureCause.Unexplained unexplained -> say("cause.Unexplained");
        };
    }

    /** How long after these requests their Traefik dropped the server; empty if it is not known of any. */
    private Optional<String> learnt(FailureGroup group) {
        List<Duration> times = group.learnt();
        if (times.isEmpty()) {
            return Optional.empty();
        }
        String first = decimal(times.getFirst());
        return Optional.of(
                first.equals(decimal(times.getLast()))
                        ? seconds(times.getLast())
                        : say("learnt.range", first, seconds(times.getLast())));
    }

    // ---- two faults beside each other

    /** What the time until the last failed request is called, beside its number. */
    public String untilLastFailure() {
        return say("figure.last");
    }

    /** What the number of failed requests is called, beside it. */
    public String failedOf(Anatomy anatomy) {
        return say("figure.failed", String.valueOf(anatomy.requests()));
    }

    /** What a number of failed requests is called where several stand in a row. */
    public String failedRequests() {
        return say("figure.requests");
    }

    /** That a duration cannot be told, since a stage before it was not reached. */
    public String noDuration() {
        return say("duration.none");
    }

    /** That there is no such part in the other cluster. */
    public String absent() {
        return say("absent");
    }

    /** How much longer something took than it did elsewhere, or shorter. */
    public String difference(Duration longer) {
        String seconds = seconds(longer.abs());
        return seconds.equals(seconds(Duration.ZERO))
                ? say("difference.none")
                : say(longer.isNegative() ? "difference.shorter" : "difference.longer", seconds);
    }

    /** How many more there were than elsewhere, or fewer. */
    public String difference(int more) {
        return more == 0
                ? say("difference.none")
                : say(more < 0 ? "difference.fewer" : "difference.more", String.valueOf(Math.abs(more)));
    }

    // ---- chains of causes

    /** An event and what made it happen, the nearest cause first, a line each; lines ended by {@code \n}. */
    public String chain(ClusterEvent event, CausalChain chain) {
        List<String> lines = new ArrayList<>();
        Duration at = event.stamp().at();
        lines.add(say("chain", String.valueOf(event.number()), seconds(at), sentences.of(event)));
        for (ClusterEvent cause : chain.events()) {
            Duration earlier = at.minus(cause.stamp().at());
            lines.add(say(
                    earlier.isNegative() ? "chain.later" : "chain.because",
                    String.valueOf(cause.number()),
                    seconds(earlier.abs()),
                    sentences.of(cause)));
        }
        if (chain.events().isEmpty()) {
            lines.add(say("chain.none"));
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
}
