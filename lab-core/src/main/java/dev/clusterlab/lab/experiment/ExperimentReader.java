package dev.clusterlab.lab.experiment;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.CheckState;
import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.target.Aim;
import dev.clusterlab.lab.target.FaultWish;
import dev.clusterlab.lab.target.Selector;
import dev.clusterlab.lab.target.Selector.Group;
import dev.clusterlab.lab.target.Selector.Share;
import dev.clusterlab.lab.yaml.Section;
import dev.clusterlab.lab.yaml.YamlTree;
import dev.clusterlab.lab.yaml.YamlTree.Malformed;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.FaultParameter;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.fault.FaultValues;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads experiments. Every error names the file, the line and the column, and what was expected. Thread-safe. */
public final class ExperimentReader {
    private static final Duration NONE = Duration.ZERO;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int STEPS_MAX = 100;
    private static final int BRANCHES_MAX = 10;
    private static final int EXPECTATIONS_MAX = 50;
    private static final int NAMES_MAX = 100;
    /** Longest file, in bytes; what is longer is not even read. */
    private static final long BYTES_MAX = 1_000_000;

    private static final List<String> ENGINES =
            List.of(EngineNames.EMBEDDED, EngineNames.DOCKER, EngineNames.REMOTE, EngineNames.SWARM);
    private static final List<String> KINDS =
            Arrays.stream(FaultKind.values()).map(FaultKind::code).toList();
    private static final List<String> GROUPS =
            Arrays.stream(Group.values()).map(Group::word).toList();

    /** What may stand beside a fault; what its kind does not know is refused in the kind's words. */
    private static final List<String> FAULT_KEYS = Stream.concat(
                    Stream.of("target", "groups", "for", "times", "every"), FaultParameter.words().stream())
            .toList();

    private final CheckLanguage language;

    public ExperimentReader(CheckLanguage language) {
        this.language = language;
    }

    /**
     * Reads a file.
     *
     * @throws LabException INPUT if it cannot be read or is malformed
     */
    public Experiment read(Path file) {
        return read(name(file), file.toString(), text(file));
    }

    static String text(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw refused(
                        file.toString(),
                        new Malformed(
                                new YamlTree.Place(1, 1), "the file is too long", "at most " + BYTES_MAX + " bytes"));
            }
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw refused(
                    file.toString(),
                    new Malformed(new YamlTree.Place(1, 1), "the file is not UTF-8 text", "a YAML file in UTF-8"));
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot read " + file + ": " + e.getMessage() + ".",
                    "Look at whether it exists and may be read.",
                    e);
        }
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    }

    /**
     * Reads a text.
     *
     * @param name of the experiment
     * @param source what errors call the file
     * @throws LabException INPUT if it is malformed
     */
    public Experiment read(String name, String source, String text) {
        try {
            return experiment(
                    name, ExperimentKeys.section(ExperimentKeys.TOP, YamlTree.read(text.replace("\r\n", "\n"))));
        } catch (Malformed e) {
            throw refused(source, e);
        }
    }

    /**
     * As {@link #read(String, String, String)}, with other settings.
     *
     * @param settings a file that has some keys of an experiment
     * @throws LabException INPUT if it cannot be read or is malformed, or the experiment is so with them
     */
    Experiment read(String name, String source, String text, Path settings) {
        String other = text(settings);
        Settings given;
        try {
            given = Settings.of(YamlTree.read(other.replace("\r\n", "\n")));
        } catch (Malformed e) {
            throw refused(settings.toString(), e);
        }
        try {
            YamlTree base = YamlTree.read(text.replace("\r\n", "\n"));
            experiment(name, ExperimentKeys.section(ExperimentKeys.TOP, base));
            return experiment(name, ExperimentKeys.section(ExperimentKeys.TOP, given.over(base)));
        } catch (Malformed e) {
            throw refused(given.have(e.at()) ? settings.toString() : source, e);
        }
    }

    private static LabException refused(String source, Malformed e) {
        return e.refused(source + ", line " + e.at().line() + ", column " + e.at().column());
    }

    private Experiment experiment(String name, Section top) throws Malformed {
        Optional<Traffic> traffic = top.has("traffic") ? Optional.of(traffic(top.tree("traffic"))) : Optional.empty();
        var experiment = new Experiment(
                name,
                Texts.of(top, "title"),
                Texts.of(top, "purpose"),
                engines(top),
                platform(ExperimentKeys.section(ExperimentKeys.PLATFORM, top.tree("platform"))),
                traffic,
                hypothesis(
                        ExperimentKeys.section(ExperimentKeys.HYPOTHESIS, top.tree("hypothesis")), traffic.isPresent()),
                steps("method", top.items("method", 1, STEPS_MAX), 1),
                top.time("watch", NONE, LONGEST, Duration.ofSeconds(30)),
                breaksQuorum(top),
                rollbacks(top),
                top.whole("seed", 0, Long.MAX_VALUE, 1),
                (int) top.whole("repetitions", 1, Experiment.REPETITIONS_MAX, 1));
        if (traffic.isPresent()) {
            requireLastingTraffic(top, experiment, traffic.get());
        }
        return experiment;
    }

    private static boolean breaksQuorum(Section top) throws Malformed {
        String said = top.optionalText("breaks-quorum").orElse("false");
        if (!said.equals("true") && !said.equals("false")) {
            throw top.malformed("breaks-quorum", "that is neither true nor false", "true or false");
        }
        return said.equals("true");
    }

    private static void requireLastingTraffic(Section top, Experiment experiment, Traffic traffic) throws Malformed {
        Duration longest = longest(experiment);
        if (longest.compareTo(ProbePlan.DURATION_MAX) > 0) {
            throw top.malformed(
                    "method",
                    "all that is waited for takes more than an hour, for which traffic does not last",
                    "shorter waits and limits, or no traffic");
        }
        if (longest.toSeconds() * traffic.perSecond() > Traffic.REQUESTS_MAX) {
            throw top.malformed(
                    "traffic",
                    "in the " + longest.toSeconds() + " s that are waited for at the longest, these are more than "
                            + Traffic.REQUESTS_MAX + " requests",
                    "a lower rate, or shorter waits and limits");
        }
    }

    /** Without what scripts take. */
    private static Duration longest(Experiment experiment) {
        return longest(experiment.method())
                .plus(experiment.hypothesis().steadyWithin())
                .plus(experiment.watch())
                .plus(experiment.hypothesis().recoversWithin());
    }

    private static Duration longest(List<Step> steps) {
        Duration sum = Duration.ZERO;
        for (Step step : steps) {
            sum = sum.plus(
                    switch (step) {
                        case Step.Wait wait -> wait.time();
                        case Step.Until until -> until.within();
                        case Step.Together together ->
                            together.branches().stream()
                                    .map(ExperimentReader::longest)
                                    .max(Duration::compareTo)
                                    .orElse(Duration.ZERO);
                        case Step.Inject _, Step.Run _ -> Duration.ZERO;
                    });
        }
        return sum;
    }

    private static List<String> engines(Section top) throws Malformed {
        if (!top.has("engines")) {
            return ENGINES;
        }
        List<String> engines = top.words("engines", ENGINES.size());
        for (String engine : engines) {
            if (!ENGINES.contains(engine)) {
                throw top.malformed(
                        "engines",
                        "there is no engine \"" + YamlTree.shown(engine) + "\"",
                        "a list of " + String.join(", ", ENGINES));
            }
        }
        return engines.stream().distinct().toList();
    }

    private static Platform platform(Section section) throws Malformed {
        String script = section.optionalText("script").orElse("");
        if (!section.has("lab")) {
            section.oneOf(List.of("script"));
            section.only("script", List.of());
            return new Platform(Optional.empty(), script);
        }
        String end = section.oneOf(List.of("before", "after"));
        return new Platform(
                Optional.of(new Platform.LabPoint(section.text("lab"), section.text(end), end.equals("after"))),
                script);
    }

    private static Traffic traffic(YamlTree tree) throws Malformed {
        Section section = ExperimentKeys.section(ExperimentKeys.TRAFFIC, tree);
        String path = section.optionalText("path").orElse("/");
        if (!path.matches("/[!-~]*")) {
            throw section.malformed("path", "this is not a path", "a slash and letters without blanks, such as /");
        }
        String host = section.optionalText("host").orElse(EntryPoint.HOST);
        if (!host.matches("[A-Za-z0-9._-]+(:\\d{1,5})?")) {
            throw section.malformed("host", "this is not a host", "a name such as " + EntryPoint.HOST);
        }
        Duration timeout = section.time("timeout", Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(5));
        if (timeout.getNano() != 0) {
            throw section.malformed("timeout", "the timeout is not of whole seconds", "a time such as 5s");
        }
        return new Traffic(section.perSecond("rate", ProbePlan.RATE_MAX), to(section), host, path, timeout);
    }

    private static Traffic.To to(Section section) throws Malformed {
        if (!section.has("to")) {
            return new Traffic.To.First();
        }
        boolean list = section.tree("to") instanceof YamlTree.Items;
        List<String> names = list ? section.words("to", ProbePlan.ENTRIES_MAX) : List.of(section.text("to"));
        if (!list && names.getFirst().equals("all")) {
            return new Traffic.To.All();
        }
        for (String name : names) {
            if (!name.matches("[a-z0-9-]{1,63}")) {
                throw section.malformed(
                        "to", "this is not the name of a machine", "a name such as worker1, a list of names, or all");
            }
        }
        return new Traffic.To.Named(names);
    }

    private Hypothesis hypothesis(Section section, boolean traffic) throws Malformed {
        List<Expectation> expectations = new ArrayList<>();
        for (YamlTree item : section.items("expectations", 1, EXPECTATIONS_MAX)) {
            expectations.add(expectation(ExperimentKeys.section(ExperimentKeys.EXPECTATION, item), traffic));
        }
        return new Hypothesis(
                expectations,
                section.time("steady-within", Duration.ofSeconds(1), LONGEST, Duration.ofMinutes(1)),
                section.time("recovers-within", Duration.ofSeconds(1), LONGEST, Duration.ofMinutes(2)));
    }

    private Expectation expectation(Section section, boolean traffic) throws Malformed {
        List<String> percentiles = List.of("p50", "p90", "p95", "p99");
        String kind = section.oneOf(List.of("expect", "failing", "p50", "p90", "p95", "p99"));
        Texts title = Texts.of(section, "title");
        Duration tolerance = section.time("tolerance", NONE, LONGEST, NONE);
        if (kind.equals("expect")) {
            section.only("expect", List.of("title", "tolerance"));
            return new Expectation.Condition(title, condition(section, "expect"), tolerance);
        }
        if (!traffic) {
            throw section.malformed(
                    kind, "\"" + kind + "\" is about requests, and there is no traffic", "the key traffic beside");
        }
        Optional<Duration> over = section.has("over")
                ? Optional.of(section.time("over", Duration.ofSeconds(1), Duration.ofMinutes(10)))
                : Optional.empty();
        if (over.isEmpty() && section.has("tolerance")) {
            throw section.malformed(
                    "tolerance",
                    "what is judged once has no tolerance of time",
                    "the key over beside it, such as over: 10s");
        }
        if (percentiles.contains(kind)) {
            return new Expectation.Latency(
                    title,
                    Integer.parseInt(kind.substring(1)),
                    section.time(kind, SHORTEST, Duration.ofMinutes(1)),
                    over,
                    tolerance);
        }
        return new Expectation.FailingShare(title, section.percent("failing"), over, tolerance);
    }

    /** Tried on a cluster with nothing in it, so that what gives no truth is told now. */
    private String condition(Section section, String key) throws Malformed {
        String expression = section.text(key);
        try {
            language.compile(expression).holds(new CheckState(ClusterSnapshot.empty(Instant.EPOCH)));
            return expression;
        } catch (LabException e) {
            throw section.malformed(
                    key,
                    String.valueOf(e.getMessage()).replaceFirst("\\.$", ""),
                    "a condition of the check language, such as running('web') == 10");
        }
    }

    private List<Step> steps(String key, List<YamlTree> items, int depth) throws Malformed {
        List<Step> steps = new ArrayList<>();
        for (YamlTree item : items) {
            steps.add(step(ExperimentKeys.section(ExperimentKeys.STEP, item), depth));
        }
        return steps;
    }

    private Step step(Section section, int depth) throws Malformed {
        return switch (section.oneOf(List.of("fault", "run", "wait", "until", "together"))) {
            case "fault" -> inject(section);
            case "run" -> {
                section.only("run", List.of());
                yield new Step.Run(section.text("run"));
            }
            case "wait" -> {
                section.only("wait", List.of());
                yield new Step.Wait(section.time("wait", SHORTEST, LONGEST));
            }
            case "until" -> {
                section.only("until", List.of("within"));
                yield new Step.Until(condition(section, "until"), section.time("within", SHORTEST, LONGEST));
            }
            default -> {
                section.only("together", List.of());
                yield together(section, depth);
            }
        };
    }

    private Step together(Section section, int depth) throws Malformed {
        if (depth > 3) {
            throw section.malformed("together", "branches stand in branches too deeply", "at most three levels");
        }
        List<List<Step>> branches = new ArrayList<>();
        for (YamlTree branch : section.items("together", 2, BRANCHES_MAX)) {
            if (!(branch instanceof YamlTree.Items list)
                    || list.items().isEmpty()
                    || list.items().size() > STEPS_MAX) {
                throw new Malformed(
                        branch.place(), "this branch is not a list of steps", "a list of 1 to " + STEPS_MAX + " steps");
            }
            branches.add(steps("together", list.items(), depth + 1));
        }
        return new Step.Together(branches);
    }

    private static Step inject(Section section) throws Malformed {
        section.only("fault", FAULT_KEYS);
        String word = section.text("fault");
        Optional<FaultKind> known = FaultKind.of(word);
        if (known.isEmpty()) {
            throw section.malformed(
                    "fault",
                    "there is no fault \"" + YamlTree.shown(word) + "\"",
                    Suggestions.nearest(word, KINDS)
                            .map(near -> "\"" + near + "\"? There are " + String.join(", ", KINDS))
                            .orElse("one of " + String.join(", ", KINDS)));
        }
        FaultKind kind = known.get();
        Optional<Duration> lease =
                section.has("for") ? Optional.of(section.time("for", SHORTEST, LONGEST)) : Optional.empty();
        if (lease.isPresent() && kind.lasting() != FaultKind.Lasting.LEASED) {
            throw section.malformed("for", kind.code() + " does not end by itself", kind.code() + " without \"for\"");
        }
        return new Step.Inject(
                new FaultWish(kind, aim(section, kind), values(section, kind), lease, beat(section, kind, lease)));
    }

    private static FaultValues values(Section section, FaultKind kind) throws Malformed {
        Map<String, String> written = new LinkedHashMap<>();
        for (String word : section.given(FaultParameter.words())) {
            written.put(word, section.text(word));
        }
        try {
            return FaultValues.of(kind, written);
        } catch (LabException e) {
            throw section.malformed(
                    section.given(FaultParameter.words()).stream()
                            .filter(word -> kind.setting(word).isEmpty() || badly(section, kind, word))
                            .findFirst()
                            .orElse("fault"),
                    String.valueOf(e.getMessage()).replaceFirst("\\.$", ""),
                    e.advice().replaceFirst("^It is from this range: ", "").replaceFirst("\\.$", ""));
        }
    }

    private static boolean badly(Section section, FaultKind kind, String word) {
        try {
            var _ = kind.setting(word).orElseThrow().parameter().canonical(section.text(word));
            return false;
        } catch (LabException | Malformed e) {
            return true;
        }
    }

    private static Optional<FaultWish.Beat> beat(Section section, FaultKind kind, Optional<Duration> lease)
            throws Malformed {
        List<String> given = section.given(List.of("times", "every"));
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() == 1) {
            throw section.malformed(given.getFirst(), "what comes and goes needs both times and every", "both");
        }
        if (kind.lasting() != FaultKind.Lasting.LEASED) {
            throw section.malformed(
                    "times",
                    kind.code() + " does not end by itself, so it cannot come and go",
                    kind.code() + " without \"times\" and \"every\"");
        }
        Duration every = section.time("every", Duration.ofMillis(2), LONGEST);
        if (lease.isPresent() && lease.get().compareTo(every) >= 0) {
            throw section.malformed(
                    "for", "it would not be over before it comes again", "less than " + section.text("every"));
        }
        return Optional.of(new FaultWish.Beat((int) section.whole("times", 2, 1_000, 2), every));
    }

    private static Aim aim(Section section, FaultKind kind) throws Malformed {
        return switch (kind.aim()) {
            case CONTAINER, MACHINE -> {
                without(section, kind, "groups");
                yield new Aim.At(selector(section.tree("target"), kind.aim()));
            }
            case GROUPS, BRIDGE, RING -> {
                without(section, kind, "target");
                yield groups(section, kind);
            }
            case NETWORK -> {
                section.only("fault", List.of());
                yield new Aim.Everything();
            }
        };
    }

    private static void without(Section section, FaultKind kind, String key) throws Malformed {
        if (section.has(key)) {
            throw section.malformed(key, "\"" + key + "\" does not go with " + kind.code(), "it without that");
        }
    }

    private static Aim groups(Section section, FaultKind kind) throws Malformed {
        List<List<Selector>> groups = new ArrayList<>();
        for (YamlTree group : section.items("groups", 1, kind.groupsMax())) {
            if (!(group instanceof YamlTree.Items list)
                    || list.items().isEmpty()
                    || list.items().size() > NAMES_MAX) {
                throw new Malformed(
                        group.place(), "this is not a group of machines", "a list such as [leader1, worker1]");
            }
            List<Selector> machines = new ArrayList<>();
            for (YamlTree machine : list.items()) {
                machines.add(selector(machine, FaultKind.Aim.MACHINE));
            }
            groups.add(machines);
        }
        return new Aim.Groups(groups);
    }

    private static Selector selector(YamlTree tree, FaultKind.Aim aim) throws Malformed {
        if (tree instanceof YamlTree.Scalar) {
            String name = Section.text("target", tree);
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")) {
                throw new Malformed(
                        tree.place(),
                        "\"" + YamlTree.shown(name) + "\" is no name",
                        aim == FaultKind.Aim.CONTAINER ? "a task such as web.3" : "a machine such as worker1");
            }
            return new Selector.Named(name);
        }
        Section section = ExperimentKeys.section(ExperimentKeys.TARGET, tree);
        String key = section.oneOf(ExperimentKeys.of(ExperimentKeys.TARGET));
        List<String> fitting = aim == FaultKind.Aim.CONTAINER
                ? List.of("leader", "task-of")
                : List.of("leader", "random", "one", "minority", "majority", "all", "label");
        if (!fitting.contains(key)) {
            throw section.malformed(
                    key,
                    "\"" + key + "\" gives no " + (aim == FaultKind.Aim.CONTAINER ? "container" : "machine"),
                    "a name, or one of " + String.join(", ", fitting));
        }
        return switch (key) {
            case "leader" -> new Selector.Leader(leader(section, aim));
            case "task-of" -> new Selector.TaskOf(section.text("task-of"));
            case "random" -> new Selector.RandomOne(group(section, "random", GROUPS));
            case "label" -> {
                String label = section.text("label");
                int equal = label.indexOf('=');
                yield new Selector.Labelled(
                        equal < 0 ? label : label.substring(0, equal), equal < 0 ? "" : label.substring(equal + 1));
            }
            default -> part(section, key);
        };
    }

    private static Group.Of leader(Section section, FaultKind.Aim aim) throws Malformed {
        String word = section.text("leader");
        if (word.equals("consul")) {
            return Group.Of.CONSUL;
        }
        if (word.equals("swarm") && aim == FaultKind.Aim.MACHINE) {
            return Group.Of.SWARM;
        }
        throw section.malformed(
                "leader",
                "\"" + YamlTree.shown(word) + "\" has no leader that could be meant here",
                aim == FaultKind.Aim.MACHINE ? "swarm or consul" : "consul");
    }

    private static Selector part(Section section, String key) throws Malformed {
        Share share = Share.valueOf(key.toUpperCase(java.util.Locale.ROOT));
        List<String> fitting = Group.with(share).stream().map(Group::word).toList();
        return new Selector.Part(share, group(section, key, fitting));
    }

    private static Group group(Section section, String key, List<String> fitting) throws Malformed {
        String word = section.text(key);
        Optional<Group> group = Group.of(word).filter(known -> fitting.contains(known.word()));
        if (group.isEmpty()) {
            throw section.malformed(
                    key,
                    "\"" + YamlTree.shown(word) + "\" is not a group here",
                    "one of " + String.join(", ", fitting));
        }
        return group.get();
    }

    private static List<String> rollbacks(Section top) throws Malformed {
        if (!top.has("rollbacks")) {
            return List.of();
        }
        List<String> scripts = new ArrayList<>();
        for (YamlTree item : top.items("rollbacks", 1, STEPS_MAX)) {
            scripts.add(ExperimentKeys.section(ExperimentKeys.ROLLBACK, item).text("run"));
        }
        return scripts;
    }
}
