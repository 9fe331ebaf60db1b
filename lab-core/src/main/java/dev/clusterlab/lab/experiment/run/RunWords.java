package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.Secrets;
import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Step;
import dev.clusterlab.lab.target.Aim;
import dev.clusterlab.lab.target.FaultWish;
import dev.clusterlab.lab.target.Selector;
import dev.clusterlab.lab.words.ErrorWords;
import dev.clusterlab.lab.words.ExperimentWords;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.FaultParameter;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What people read of a run, in English or French: lines without an end. Immutable. */
public final class RunWords {
    private static final int SCRIPT_MAX = 100;

    private final Locale locale;
    private final ExperimentWords words;

    public RunWords(Locale locale) {
        this.locale = locale.getLanguage().equals("fr") ? Locale.FRENCH : Locale.ENGLISH;
        this.words = ExperimentWords.of(this.locale);
    }

    /** Texts of front ends about experiments, by their key. */
    public String get(String key, Object... arguments) {
        return words.get(key, arguments);
    }

    /** @param zero engine time to which that of the happening is related */
    public String happening(Happening happening, Duration zero) {
        String text = switch (happening) {
            case Happening.LabStep step -> words.get("happening.lab", step.number(), step.of(), step.title());
            case Happening.Steady steady -> words.get("happening.steady", seconds(steady.took()));
            case Happening.Broken broken ->
                words.get("happening.broken", broken.kind().code(), String.join(" ", broken.targets()))
                        .strip();
            case Happening.Ran ran
            when ran.status() != 0 ->
                words.get("happening.ran.failed", String.valueOf(ran.status()), script(ran.script()));
            case Happening.Ran ran ->
                switch (ran.phase()) {
                    case PLATFORM -> words.get("happening.ran.platform");
                    case METHOD -> words.get("happening.ran.method", script(ran.script()));
                    case ROLLBACK -> words.get("happening.ran.rollback", script(ran.script()));
                };
            case Happening.Came came -> words.get("happening.came", came.expression(), seconds(came.took()));
            case Happening.Watching watching -> words.get("happening.watching", seconds(watching.time()));
            case Happening.Lost lost ->
                words.get("happening.lost", lost.condition().title().in(locale));
            case Happening.Regained again ->
                words.get("happening.regained", again.condition().title().in(locale));
            case Happening.Healing healing -> words.get("happening.healing", healing.faults());
            case Happening.Recovered recovered -> words.get("happening.recovered", seconds(recovered.took()));
        };
        return String.format(locale, "%8.1f  %s", happening.at().minus(zero).toMillis() / 1000.0, text);
    }

    /** A script in a line. */
    private static String script(String script) {
        String line = Secrets.blot(
                script.replace("\\\n", " ").lines().map(String::strip).collect(Collectors.joining("; ")));
        return line.length() > SCRIPT_MAX ? line.substring(0, SCRIPT_MAX) + "…" : line;
    }

    public String outcome(Outcome outcome) {
        return words.get("outcome." + outcome.name());
    }

    public String trouble(Trouble trouble) {
        return switch (trouble) {
            case Trouble.OtherEngine(String engine, List<String> engines) ->
                words.get("trouble.engine", engine, String.join(", ", engines));
            case Trouble.CannotDo cannot ->
                words.get("trouble.cannot", cannot.kind().code(), lack(cannot.lack()));
            case Trouble.InForce(int faults) -> words.get("trouble.force", String.valueOf(faults));
            case Trouble.NoMachine(String machine) -> words.get("trouble.machine", machine);
            case Trouble.NoEntry() -> words.get("trouble.entry", String.valueOf(EntryPoint.PORT));
            case Trouble.NotAsNeeded(List<Expectation> missing) -> words.get("trouble.needed", titles(missing));
            case Trouble.NotAllowed(LabException why) -> allowed(why);
            case Trouble.NoPlatform(String reason) -> words.get("trouble.platform", reason);
            case Trouble.NeverSteady(Duration within, List<Expectation> missing) ->
                words.get("trouble.steady", seconds(within), titles(missing));
            case Trouble.ScriptFailed failed ->
                words.get(
                        "trouble.script",
                        String.valueOf(failed.status()),
                        failed.lastWords().isEmpty() ? script(failed.script()) : Secrets.blot(failed.lastWords()));
            case Trouble.NotWithin(String expression, Duration within) ->
                words.get("trouble.within", expression, seconds(within));
            case Trouble.Refused(String reason) -> words.get("trouble.refused", reason);
            case Trouble.NotHealed(String fault, String reason) -> words.get("trouble.healed", fault, reason);
            case Trouble.NotRecovered(Duration within, List<Expectation> missing) ->
                words.get("trouble.recovered", seconds(within), titles(missing));
            case Trouble.Interrupted(boolean begun) ->
                words.get(begun ? "trouble.interrupted" : "trouble.interrupted.before");
        };
    }

    private String lack(HostLack lack) {
        return ErrorWords.of(locale)
                .what(new LabException(LabException.Kind.REFUSED, lack.sentence(), "")
                        .named("fault.unsupported." + lack.name()));
    }

    private String allowed(LabException why) {
        var errors = ErrorWords.of(locale);
        return errors.what(why) + " " + errors.advice(why);
    }

    private String titles(List<Expectation> expectations) {
        return expectations.stream().map(each -> each.title().in(locale)).collect(Collectors.joining("; "));
    }

    /** An expectation and each time in which it did not hold. */
    public List<String> finding(Finding finding) {
        List<String> lines = new ArrayList<>();
        lines.add(words.get(finding.held() ? "finding.held" : "finding.wrong", judged(finding)));
        violations(finding).forEach(violation -> lines.add("    " + violation));
        return lines;
    }

    /** An expectation, with what was measured. */
    public String judged(Finding finding) {
        String title = finding.expectation().title().in(locale);
        return switch (finding.expectation()) {
            case Expectation.Condition condition -> title;
            case Expectation.FailingShare share ->
                finding.measured().isEmpty()
                        ? words.get("finding.nothing", title)
                        : words.get(
                                "finding.measured",
                                title,
                                percent(finding.measured().getAsDouble()),
                                percent(share.percentMax()));
            case Expectation.Latency latency ->
                finding.measured().isEmpty()
                        ? words.get("finding.nothing", title)
                        : words.get(
                                "finding.measured",
                                title,
                                milliseconds(finding.measured().getAsDouble()),
                                milliseconds(latency.max().toNanos() / 1e6));
        };
    }

    /** Each time in which it did not hold. */
    public List<String> violations(Finding finding) {
        return finding.violations().stream()
                .map(violation -> words.get(
                        violation.ended() ? "finding.violation" : "finding.open",
                        seconds(violation.from()),
                        seconds(violation.to()),
                        seconds(violation.length()),
                        switch (violation.weight()) {
                            case COUNTS -> "";
                            case TOLERATED -> words.get("finding.tolerated");
                            case WHILE_HEALING -> words.get("finding.healing");
                        }))
                .toList();
    }

    // ---- steps of a method

    /** What a step does, in a line. */
    public String step(Step step) {
        return switch (step) {
            case Step.Inject inject -> inject(inject.wish());
            case Step.Run run -> script(run.script());
            case Step.Wait wait -> words.get("step.wait", seconds(wait.time()));
            case Step.Until until -> words.get("step.until", until.expression(), seconds(until.within()));
            case Step.Together together ->
                words.get("step.together", String.valueOf(together.branches().size()));
        };
    }

    private String inject(FaultWish wish) {
        String what = Sentences.of(locale).kind(wish.kind());
        String told = String.join(
                ", ",
                Stream.of(
                                Stream.of(whom(wish.aim())).filter(whom -> !whom.isEmpty()),
                                wish.values().texts().entrySet().stream()
                                        .filter(each -> each.getKey().unit() != FaultParameter.Unit.FLAG)
                                        .map(Map.Entry::getValue),
                                wish.lease().map(lease -> words.get("step.for", seconds(lease))).stream(),
                                wish
                                        .beat()
                                        .map(beat -> words.get(
                                                "step.beat", String.valueOf(beat.times()), seconds(beat.every())))
                                        .stream())
                        .flatMap(part -> part)
                        .toList());
        return told.isEmpty() ? what : words.get("step.fault", what, told);
    }

    private String whom(Aim aim) {
        return switch (aim) {
            case Aim.At at -> whom(at.selector());
            case Aim.Groups groups ->
                groups.groups().stream()
                        .map(group -> group.stream().map(this::whom).collect(Collectors.joining(" + ")))
                        .collect(Collectors.joining(" | "));
            case Aim.Everything _ -> "";
        };
    }

    private String whom(Selector selector) {
        return switch (selector) {
            case Selector.Named named -> named.name();
            case Selector.OnMachine on -> words.get("whom.on", on.container(), on.machine());
            case Selector.Leader leader ->
                words.get("whom.leader." + leader.of().name());
            case Selector.RandomOne one ->
                words.get("whom.random", words.get("whom." + one.group().name()));
            case Selector.Part part ->
                words.get(
                        "whom.part." + part.share().name(),
                        words.get("whom." + part.group().name()));
            case Selector.Labelled labelled ->
                words.get(
                        "whom.label",
                        labelled.value().isEmpty() ? labelled.label() : labelled.label() + "=" + labelled.value());
            case Selector.TaskOf task -> words.get("whom.task", task.service());
        };
    }

    /** What clients got; empty text if there were none. */
    public String requests(Tally tally) {
        if (tally.requests() == 0) {
            return "";
        }
        String byStatus = tally.byStatus().entrySet().stream()
                .map(entry -> entry.getKey() == 0
                        ? words.get("requests.none", String.valueOf(entry.getValue()))
                        : words.get(
                                "requests.status", String.valueOf(entry.getValue()), String.valueOf(entry.getKey())))
                .collect(Collectors.joining(", "));
        String text = words.get(
                "requests",
                String.valueOf(tally.requests()),
                String.valueOf(tally.failed()),
                byStatus,
                milliseconds(tally.p50()),
                milliseconds(tally.p95()),
                milliseconds(tally.max()));
        return tally.missed() == 0 ? text : text + words.get("requests.missed", String.valueOf(tally.missed()));
    }

    public String seconds(Duration duration) {
        return words.get("seconds", String.format(locale, "%.1f", duration.toMillis() / 1000.0));
    }

    private String milliseconds(double value) {
        return words.get("milliseconds", String.format(locale, "%.0f", value));
    }

    private String percent(double value) {
        return words.get("percent", String.format(locale, "%.1f", value));
    }
}
