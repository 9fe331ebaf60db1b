package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.lab.target.Aim;
import dev.clusterlab.lab.target.FaultWish;
import dev.clusterlab.lab.target.Selection;
import dev.clusterlab.lab.target.Selector;
import dev.clusterlab.lab.target.SelectorWords;
import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.FaultParameter;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.AnatomyWatch;
import dev.clusterlab.provisioning.anatomy.CausalChain;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.fault.FaultValues;
import dev.clusterlab.provisioning.fault.Faults;
import dev.clusterlab.provisioning.fault.Healing;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.shell.text.HumanDuration;
import dev.clusterlab.shell.text.TextTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code fault}: breaks things on purpose, and heals them. */
public final class FaultCommand implements ShellCommand {
    /** Kinds that are aimed at whoever leads now. */
    private static final String SWARM_LEADER = "swarm.leader.kill";

    private static final String CONSUL_LEADER = "consul.leader.kill";

    private static final Sentences SENTENCES = Sentences.of(Locale.ENGLISH);
    private static final AnatomyWords WORDS = AnatomyWords.of(Locale.ENGLISH);

    private final Selection selection = new Selection(new SplittableRandom(1), Faults.PAUSE_LEASE);

    private static String usage(FaultKind kind) {
        return switch (kind) {
            case CONTAINER_KILL -> "CONTAINER: kills it, or sends its first process another signal";
            case CONTAINER_STOP -> "CONTAINER: ends it in order";
            case CONTAINER_PAUSE -> "CONTAINER [--for 60s]: freezes it";
            case SERVICE_UNHEALTHY -> "CONTAINER [--for TIME]: its checks of health fail, if it is the hello service";
            case SERVICE_SLOW -> "CONTAINER --delay TIME [--for TIME]: it answers late, if it is the hello service";
            case SERVICE_ERRORS ->
                "CONTAINER --share 50% [--for TIME]: it answers so many requests with status 500, if it is the hello service";
            case SERVICE_CRASH_LOOP ->
                "CONTAINER [--after TIME] [--for TIME]: it ends with an error again and again, if it is the hello service";
            case MACHINE_CPU -> "MACHINE --share 90% [--for TIME]: takes so much of its processor's time";
            case MACHINE_MEMORY -> "MACHINE --left 64mb [--for TIME]: leaves no more memory than is in use, and that";
            case MACHINE_DISK -> "MACHINE [--for TIME]: nothing more can be written to its disk";
            case MACHINE_CLOCK -> "MACHINE --by +5m|-5m [--for TIME]: puts its clock ahead, or behind";
            case DNS_NOT_FOUND -> "MACHINE --name consul [--for TIME]: its containers do not find a name";
            case MACHINE_KILL -> "MACHINE: cuts its power";
            case MACHINE_STOP -> "MACHINE: shuts it down in order";
            case MACHINE_RESTART -> "MACHINE: shuts it down in order and starts it again";
            case MACHINE_START -> "MACHINE: starts it again";
            case MACHINE_PAUSE -> "MACHINE [--for TIME]: freezes it";
            case MACHINE_UNPAUSE -> "MACHINE: lets it go on";
            case MACHINE_REMOVE -> "MACHINE: removes it and its disk for good";
            case NODE_DRAIN -> "MACHINE: has its tasks run elsewhere, until healed";
            case NODE_DEMOTE -> "MACHINE: makes a manager a worker, until healed";
            case NODE_LEAVE -> "MACHINE: leaves the swarm without a word, until healed: then it joins again";
            case NETWORK_PARTITION -> "A,B C,D… [--for TIME]: cuts the network between groups of machines";
            case NETWORK_ONE_WAY -> "A,B C,D [--for TIME]: loses what A and B send to C and D, not what these answer";
            case NETWORK_BRIDGE -> "A [B,C D,E] [--for TIME]: A sees both sides, and no side the other";
            case NETWORK_RING -> "A,B,C,D… [--for TIME]: each hears a majority, and no two the same one";
            case NETWORK_LATENCY -> "A,B [C,D…] --delay TIME [--for TIME]: packets between them come later";
            case NETWORK_LOSS -> "A,B [C,D…] --share 5% [--for TIME]: loses so many of the packets between them";
            case NETWORK_BURST -> "A,B [C,D…] --share 10% [--for TIME]: loses all of them for so much of the time";
            case NETWORK_BANDWIDTH -> "A,B [C,D…] --rate 64kbit [--for TIME]: lets no more through";
            case NETWORK_DUPLICATES -> "A,B [C,D…] --share 5% [--for TIME]: delivers so many of the packets twice";
            case NETWORK_REORDERING -> "A,B [C,D…] --share 5% [--for TIME]: lets later packets overtake so many";
            case NETWORK_HEAL -> "opens every cut, and ends what is done to packets";
        };
    }

    /** By name, with what follows it and what it does. */
    private static Map<String, String> usages() {
        Map<String, String> usages = new LinkedHashMap<>();
        for (FaultKind kind : FaultKind.values()) {
            usages.put(kind.code(), usage(kind));
        }
        usages.put(SWARM_LEADER, "kills the machine of the swarm's leader");
        usages.put(CONSUL_LEADER, "kills the container of Consul's leader");
        return usages;
    }

    private static Flags flags() {
        List<String> flags = new ArrayList<>(List.of(
                "--for string how long it lasts, by the lab's clock",
                "--times uint how often it comes and goes",
                "--every string from one beginning to the next",
                "--seed uint of every choice",
                "-h, --help bool help"));
        for (String word : FaultParameter.words()) {
            FaultParameter.Unit unit = parameters(word).getFirst().unit();
            flags.add("--" + word + (unit == FaultParameter.Unit.FLAG ? " bool " : " string ") + word);
        }
        flags.addAll(RandomFaultsCommand.FLAGS);
        return Flags.of(flags.toArray(String[]::new));
    }

    private static List<FaultParameter> parameters(String word) {
        return Arrays.stream(FaultParameter.values())
                .filter(parameter -> parameter.word().equals(word))
                .toList();
    }

    private static String settings() {
        var text = new StringBuilder();
        for (FaultKind kind : FaultKind.values()) {
            if (!kind.settings().isEmpty()) {
                text.append(String.format(
                        "  %-20s %s%n",
                        kind.code(),
                        kind.settings().stream().map(FaultCommand::setting).collect(Collectors.joining(", "))));
            }
        }
        return text.toString();
    }

    private static String setting(FaultKind.Setting setting) {
        FaultParameter parameter = setting.parameter();
        if (parameter.unit() == FaultParameter.Unit.FLAG) {
            return "--" + parameter.word();
        }
        return "--" + parameter.word() + " (" + parameter.range()
                + setting.otherwise().map(text -> "; " + text + " if left out").orElse("") + ")";
    }

    @Override
    public String summary() {
        return "breaks things on purpose: fault machine.kill worker3, fault list, fault extend, fault heal, fault anatomy";
    }

    @Override
    public int run(Invocation call) throws InterruptedException {
        Flags.Given given;
        try {
            given = flags().parse(call.arguments(), true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(2, mistake.text());
        }
        List<String> words = given.arguments();
        if (given.is("help") || words.isEmpty()) {
            call.out(help());
            return 0;
        }
        FaultInjector faults = call.state().context().faults();
        String kind = words.getFirst();
        List<String> targets = words.subList(1, words.size());
        if (kind.equals("list") || kind.equals("ls")) {
            TextTable table = TextTable.docker().row("ID", "KIND", "TARGETS", "SINCE", "UNTIL");
            for (ActiveFault fault : faults.active()) {
                table.row(
                        fault.id(),
                        told(fault.fault()),
                        SENTENCES.target(fault.target()),
                        HumanDuration.ago(
                                Duration.between(fault.since(), call.clock().now())),
                        fault.ending()
                                ? "ending"
                                : fault.until()
                                        .map(until -> "in "
                                                + HumanDuration.format(Duration.between(
                                                        call.clock().now(), until)))
                                        .orElse(""));
            }
            call.out(table.toString());
            return 0;
        }
        if (kind.equals("extend")) {
            return extend(call, faults, targets);
        }
        if (kind.equals("heal")) {
            List<String> known = known(faults);
            List<String> ids = targets.isEmpty() || targets.equals(List.of("all")) ? known : targets;
            for (String id : ids) {
                requireKnown(call, id, known);
            }
            int status = 0;
            for (String id : ids) {
                Healing healing = Interruptible.call(() -> faults.heal(id));
                call.line(id + " " + SENTENCES.healing(healing));
                status = healing.proved() ? status : 1;
            }
            return status;
        }
        if (kind.equals("random")) {
            return RandomFaultsCommand.run(call, given, faults, targets);
        }
        if (kind.equals("anatomy")) {
            return anatomy(call, targets);
        }
        if (kind.equals("why")) {
            return why(call, targets);
        }
        FaultWish wish = wish(call, kind, targets, given);
        Selection choice = given.last("seed")
                .map(seed -> new Selection(new SplittableRandom(Long.parseLong(seed)), Faults.PAUSE_LEASE))
                .orElse(selection);
        List<Selection.Chosen> chosen = choice.faults(
                wish,
                new TreeSet<>(call.state().machineNames()),
                call.state().context().observer()::observe);
        if (call.state().context().anatomies().filter(AnatomyWatch::begin).isPresent()) {
            // In a script nobody has looked yet at what there is to be hit.
            call.state().context().observer().observe();
        }
        for (Selection.Chosen each : chosen) {
            String id = Interruptible.call(() -> faults.inject(each.fault()));
            call.line((id + " " + told(each.fault()) + " " + String.join(" ", each.targets())).strip());
        }
        return 0;
    }

    /** A kind, and what it was told. */
    static String told(Fault fault) {
        String beat = fault instanceof Fault.Flapping flapping
                ? "times=" + flapping.times() + " every=" + seconds(flapping.every())
                : "";
        return Stream.of(fault.kind().code(), values(fault), beat)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }

    static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + "s";
    }

    /** Of a kill only another signal than it always is. */
    private static String values(Fault fault) {
        String values = fault.values().toString();
        return values.equals("signal=KILL") ? "" : values;
    }

    private static String help() {
        StringBuilder text = new StringBuilder("""
                Usage: fault KIND TARGET… [--for TIME] [--times N --every TIME]
                       fault list
                       fault extend ID TIME
                       fault heal [ID|all]
                       fault anatomy [ID]
                       fault why EVENT
                       fault random --for TIME [--limit N] [--every TIME] [--kinds A,B] [--any] [--seed N]

                Kinds:
                """);
        usages().forEach((kind, what) -> text.append(String.format("  %-20s %s%n", kind, what)));
        text.append("""

                What they can be told:
                """);
        text.append(settings());
        text.append("""

                A container is named by its task (web.3), its name, MACHINE:ID or the beginning of its id; task-of:web is one of
                a service's by chance, leader:consul that of Consul's leader.
                A machine is named by its name, or found when the fault begins: leader:swarm, leader:consul, random:workers,
                one:managers, minority:managers, majority:consul, all:workers, label:KEY=VALUE. Groups of machines have commas
                between; one group alone stands against all others. What is done to packets works both ways, or with --one-way
                only on what the first group sends.
                What began with --for ends by itself; extend adds TIME to that: fault extend fault-1 1m. With --times and --every
                it comes and goes, and lasts --for each time (half of --every if left out).
                heal undoes a fault, or all, and measures again whether anything is left of it.
                anatomy shows what became of the last fault, or of ID: who noticed when, what was made up for, which
                requests failed and why. why follows the causes of an event, by its number there, back to its fault.
                random breaks this and that, at most --limit (1) at once, one about every --every (30s), and heals it; unless
                --any, it leaves a majority of the managers and of Consul's servers alone. A seed gives the same again.
                """);
        return text.toString();
    }

    private static List<String> known(FaultInjector faults) {
        return faults.active().stream().map(ActiveFault::id).toList();
    }

    private static void requireKnown(Invocation call, String id, List<String> known) {
        if (!known.contains(id)) {
            throw call.failure("there is no fault '" + id + "' in force, "
                    + (known.isEmpty() ? "and no other" : "there are " + String.join(", ", known)));
        }
    }

    private static int extend(Invocation call, FaultInjector faults, List<String> words) throws InterruptedException {
        if (words.size() != 2) {
            throw call.failure(2, "extend needs a fault and a time: fault extend fault-1 1m");
        }
        requireKnown(call, words.getFirst(), known(faults));
        Duration by = Builtins.duration(call, words.getLast());
        ActiveFault longer = Interruptible.call(() -> faults.extend(words.getFirst(), by));
        longer.until()
                .ifPresent(until -> call.line(longer.id() + " ends in "
                        + HumanDuration.format(Duration.between(call.clock().now(), until))));
        return 0;
    }

    private static AnatomyWatch anatomies(Invocation call) {
        AnatomyWatch watch = call.state()
                .context()
                .anatomies()
                .orElseThrow(() -> call.failure("nobody watches what becomes of faults here"));
        // What has happened until now counts.
        call.state().context().observer().observe();
        return watch;
    }

    private static int anatomy(Invocation call, List<String> words) {
        if (words.size() > 1) {
            throw call.failure(2, "anatomy shows one fault: fault anatomy fault-1");
        }
        AnatomyWatch watch = anatomies(call);
        Optional<Anatomy> found = words.isEmpty() ? watch.last() : watch.of(words.getFirst());
        call.out(WORDS.card(found.orElseThrow(() -> {
            List<String> known = watch.faults();
            String there = known.isEmpty()
                    ? "nothing was broken yet: see fault --help"
                    : "there are anatomies of " + String.join(", ", known);
            return call.failure(
                    words.isEmpty() ? there : "there is no anatomy of '" + words.getFirst() + "', " + there);
        })));
        return 0;
    }

    private static int why(Invocation call, List<String> words) {
        if (words.size() != 1 || !words.getFirst().matches("[0-9]{1,18}")) {
            throw call.failure(2, "why needs the number of an event, as fault anatomy shows them: fault why 212");
        }
        List<ClusterEvent> history = anatomies(call).history();
        long number = Long.parseLong(words.getFirst());
        ClusterEvent event = history.stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow(() -> call.failure("no event of that number is remembered"
                        + (history.isEmpty()
                                ? ""
                                : ", there are " + history.getFirst().number() + " to "
                                        + history.getLast().number())));
        call.out(WORDS.chain(event, CausalChain.of(event, history)));
        return 0;
    }

    private static FaultKind kind(Invocation call, String name) {
        return FaultKind.of(name).orElseThrow(() -> {
            Set<String> known = usages().keySet();
            String near = Suggestions.nearest(name, known)
                    .map(value -> ", did you mean " + value + "?")
                    .orElse("");
            return call.failure("unknown kind '" + name + "'" + near + "\nThere are " + String.join(", ", known) + ".");
        });
    }

    private static FaultWish wish(Invocation call, String name, List<String> targets, Flags.Given given) {
        FaultKind kind = switch (name) {
            case SWARM_LEADER -> FaultKind.MACHINE_KILL;
            case CONSUL_LEADER -> FaultKind.CONTAINER_KILL;
            default -> kind(call, name);
        };
        Map<String, String> written = new LinkedHashMap<>();
        for (String word : FaultParameter.words()) {
            given.last(word).ifPresent(value -> written.put(word, value));
        }
        for (String flag : RandomFaultsCommand.OWN) {
            if (given.has(flag)) {
                throw call.failure(2, "--" + flag + " is for fault random");
            }
        }
        Aim aim = switch (name) {
            case SWARM_LEADER -> {
                none(call, name, targets);
                yield new Aim.At(new Selector.Leader(Selector.Group.Of.SWARM));
            }
            case CONSUL_LEADER -> {
                none(call, name, targets);
                yield new Aim.At(new Selector.Leader(Selector.Group.Of.CONSUL));
            }
            default -> aim(call, kind, targets);
        };
        Optional<Duration> lease = given.last("for").map(text -> Builtins.duration(call, text));
        return new FaultWish(kind, aim, FaultValues.of(kind, written), lease, beat(call, given));
    }

    private static Optional<FaultWish.Beat> beat(Invocation call, Flags.Given given) {
        if (given.has("times") != given.has("every")) {
            throw call.failure(2, "what comes and goes needs both: --times 5 --every 20s");
        }
        return given.has("times")
                ? Optional.of(new FaultWish.Beat(
                        (int) Math.min(Integer.MAX_VALUE, given.number("times", 2)),
                        Builtins.duration(call, given.text("every", ""))))
                : Optional.empty();
    }

    private static Aim aim(Invocation call, FaultKind kind, List<String> targets) {
        return switch (kind.aim()) {
            case NETWORK -> {
                none(call, kind.code(), targets);
                yield new Aim.Everything();
            }
            case CONTAINER -> new Aim.At(container(call, one(call, kind, targets)));
            case MACHINE -> new Aim.At(machine(call, one(call, kind, targets)));
            case GROUPS, BRIDGE, RING -> {
                if (targets.isEmpty()) {
                    throw call.failure(2, kind.code() + " needs machines: fault " + kind.code() + " " + usage(kind));
                }
                yield new Aim.Groups(targets.stream()
                        .map(group -> Arrays.stream(group.split(","))
                                .map(word -> machine(call, word))
                                .toList())
                        .toList());
            }
        };
    }

    private static void none(Invocation call, String name, List<String> targets) {
        if (!targets.isEmpty()) {
            throw call.failure(2, name + " takes no target");
        }
    }

    private static String one(Invocation call, FaultKind kind, List<String> targets) {
        if (targets.size() != 1) {
            throw call.failure(2, kind.code() + " needs one target: fault " + kind.code() + " " + usage(kind));
        }
        return targets.getFirst();
    }

    private static Selector machine(Invocation call, String word) {
        Selector selector = SelectorWords.machine(word);
        if (selector instanceof Selector.Named(String name)
                && call.engine().machine(name).isEmpty()) {
            throw call.failure("there is no machine '" + name + "', there are "
                    + String.join(", ", call.state().machineNames()));
        }
        return selector;
    }

    private static Selector container(Invocation call, String word) {
        Selector selector = SelectorWords.container(word);
        if (selector instanceof Selector.OnMachine(String name, String _)
                && call.engine().machine(name).isEmpty()) {
            throw call.failure("there is no machine '" + name + "', there are "
                    + String.join(", ", call.state().machineNames()) + "; or name task-of:SERVICE, leader:consul");
        }
        return selector;
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        if (words.size() == 1) {
            List<String> result = new ArrayList<>(usages().keySet());
            result.addAll(List.of("list", "extend", "heal", "anatomy", "why", "random"));
            return result;
        }
        String kind = words.getFirst();
        return switch (kind) {
            case "anatomy" ->
                state.context().anatomies().map(AnatomyWatch::faults).orElse(List.of());
            case "why", "list" -> List.of();
            case "random" ->
                RandomFaultsCommand.FLAGS.stream()
                        .map(flag -> flag.substring(0, flag.indexOf(' ')))
                        .toList();
            case "extend", "heal" -> completeFault(state, words);
            default ->
                FaultKind.of(kind).map(known -> completeTarget(state, known)).orElse(List.of());
        };
    }

    private static List<String> completeTarget(ShellState state, FaultKind kind) {
        List<String> result = new ArrayList<>(
                switch (kind.aim()) {
                    case CONTAINER ->
                        Stream.concat(
                                        state.context().observer().latest().swarm().stream()
                                                .flatMap(swarm -> swarm.tasks().stream())
                                                .filter(ClusterSnapshot.TaskView::live)
                                                .map(ClusterSnapshot.TaskView::name),
                                        Stream.of("leader:consul"))
                                .toList();
                    case MACHINE, GROUPS, BRIDGE, RING ->
                        Stream.concat(state.machineNames().stream(), SelectorWords.ofMachines().stream())
                                .toList();
                    case NETWORK -> List.of();
                });
        kind.settings().forEach(setting -> result.add("--" + setting.parameter().word()));
        if (kind.lasting() == FaultKind.Lasting.LEASED) {
            result.addAll(List.of("--for", "--times", "--every"));
        }
        return result;
    }

    /** Only what ends by itself can be extended. */
    private static List<String> completeFault(ShellState state, List<String> words) {
        boolean extend = words.getFirst().equals("extend");
        if (extend && words.size() > 2) {
            return List.of("30s", "1m", "5m");
        }
        return state.context().faults().active().stream()
                .filter(fault -> !extend || fault.until().isPresent())
                .map(ActiveFault::id)
                .toList();
    }
}
