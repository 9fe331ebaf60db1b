package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.lab.words.AnatomyWords;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.AnatomyWatch;
import dev.clusterlab.provisioning.anatomy.CausalChain;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.shell.text.HumanDuration;
import dev.clusterlab.shell.text.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code fault}: breaks things on purpose, and heals them. */
public final class FaultCommand implements ShellCommand {
    private static final Duration LEASE = Duration.ofSeconds(60);
    /** Kinds that are aimed at whoever leads now. */
    private static final String SWARM_LEADER = "swarm.leader.kill";

    private static final String CONSUL_LEADER = "consul.leader.kill";

    private static final Sentences SENTENCES = Sentences.of(Locale.ENGLISH);
    private static final AnatomyWords WORDS = AnatomyWords.of(Locale.ENGLISH);

    private static String usage(FaultKind kind) {
        return switch (kind) {
            case CONTAINER_KILL -> "TARGET: kills a container";
            case CONTAINER_PAUSE -> "TARGET [--for 60s]: freezes a container";
            case MACHINE_KILL -> "MACHINE: cuts its power";
            case MACHINE_STOP -> "MACHINE: shuts it down in order";
            case MACHINE_START -> "MACHINE: starts it again";
            case MACHINE_PAUSE -> "MACHINE [--for TIME]: freezes it";
            case MACHINE_UNPAUSE -> "MACHINE: lets it go on";
            case MACHINE_REMOVE -> "MACHINE: removes it and its disk for good";
            case NETWORK_PARTITION -> "A,B C,D… [--for TIME]: cuts the network between groups of machines";
            case NETWORK_ONE_WAY -> "A,B C,D [--for TIME]: loses what A and B send to C and D, not what these answer";
            case NETWORK_HEAL -> "opens every cut";
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

    @Override
    public String summary() {
        return "breaks things on purpose: fault machine.kill worker3, fault list, fault extend, fault heal, fault anatomy";
    }

    @Override
    public int run(Invocation call) throws InterruptedException {
        Flags.Given given;
        try {
            given = Flags.of("--for string how long it lasts, by the lab's clock", "-h, --help bool help")
                    .parse(call.arguments(), true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(2, mistake.text());
        }
        List<String> words = given.arguments();
        if (given.is("help") || words.isEmpty()) {
            StringBuilder text = new StringBuilder("""
                    Usage: fault KIND TARGET… [--for TIME]
                           fault list
                           fault extend ID TIME
                           fault heal [ID]
                           fault anatomy [ID]
                           fault why EVENT

                    Kinds:
                    """);
            usages().forEach((kind, what) -> text.append(String.format("  %-20s %s%n", kind, what)));
            text.append("""

                    A container is named by its task (web.3), its name, MACHINE:ID or the beginning of its id.
                    What began with --for ends by itself; extend adds TIME to that: fault extend fault-1 1m.
                    anatomy shows what became of the last fault, or of ID: who noticed when, what was made up for, which
                    requests failed and why. why follows the causes of an event, by its number there, back to its fault.
                    """);
            call.out(text.toString());
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
                        fault.kind().code(),
                        SENTENCES.target(fault.target()),
                        HumanDuration.ago(
                                Duration.between(fault.since(), call.clock().now())),
                        fault.until()
                                .map(until -> "in "
                                        + HumanDuration.format(
                                                Duration.between(call.clock().now(), until)))
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
            for (String id : ids) {
                Interruptible.run(() -> faults.heal(id));
                call.line(id + " healed");
            }
            return 0;
        }
        if (kind.equals("anatomy")) {
            return anatomy(call, targets);
        }
        if (kind.equals("why")) {
            return why(call, targets);
        }
        Optional<Duration> lease = given.last("for").map(text -> Builtins.duration(call, text));
        Fault fault = switch (kind) {
            case SWARM_LEADER -> new Fault.MachineKill(swarmLeader(call));
            case CONSUL_LEADER -> {
                Place place = consulLeader(call);
                yield new Fault.ContainerKill(place.machine(), place.container());
            }
            default -> fault(call, kind(call, kind), targets, lease);
        };
        if (call.state().context().anatomies().filter(AnatomyWatch::begin).isPresent()) {
            // In a script nobody has looked yet at what there is to be hit.
            call.state().context().observer().observe();
        }
        String id = Interruptible.call(() -> faults.inject(fault));
        call.line(id + " " + fault.kind().code() + " " + String.join(" ", targets));
        return 0;
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

    private static Fault fault(Invocation call, FaultKind kind, List<String> targets, Optional<Duration> lease) {
        return switch (kind) {
            case CONTAINER_KILL -> {
                Place place = container(call, one(call, kind, targets));
                yield new Fault.ContainerKill(place.machine(), place.container());
            }
            case CONTAINER_PAUSE -> {
                Place place = container(call, one(call, kind, targets));
                yield new Fault.ContainerPause(place.machine(), place.container(), lease.orElse(LEASE));
            }
            case MACHINE_KILL -> new Fault.MachineKill(machine(call, one(call, kind, targets)));
            case MACHINE_STOP -> new Fault.MachineStop(machine(call, one(call, kind, targets)));
            case MACHINE_START -> new Fault.MachineStart(machine(call, one(call, kind, targets)));
            case MACHINE_PAUSE -> new Fault.MachinePause(machine(call, one(call, kind, targets)), lease);
            case MACHINE_UNPAUSE -> new Fault.MachineUnpause(machine(call, one(call, kind, targets)));
            case MACHINE_REMOVE -> new Fault.MachineRemove(machine(call, one(call, kind, targets)));
            case NETWORK_PARTITION -> new Fault.NetworkPartition(groups(call, kind, targets), lease);
            case NETWORK_ONE_WAY -> {
                List<Set<String>> groups = groups(call, kind, targets);
                if (groups.size() != 2) {
                    throw call.failure(
                            2, kind.code() + " needs two groups of machines: fault " + kind.code() + " a,b c,d");
                }
                yield new Fault.NetworkOneWay(groups.getFirst(), groups.getLast(), lease);
            }
            case NETWORK_HEAL -> new Fault.NetworkHeal();
        };
    }

    private static String one(Invocation call, FaultKind kind, List<String> targets) {
        if (targets.size() != 1) {
            throw call.failure(2, kind.code() + " needs one target: fault " + kind.code() + " " + usage(kind));
        }
        return targets.getFirst();
    }

    private static String machine(Invocation call, String name) {
        if (call.engine().machine(name).isEmpty()) {
            throw call.failure("there is no machine '" + name + "', there are "
                    + String.join(", ", call.state().machineNames()));
        }
        return name;
    }

    private static List<Set<String>> groups(Invocation call, FaultKind kind, List<String> targets) {
        List<Set<String>> groups = new ArrayList<>();
        for (String group : targets) {
            Set<String> names = new LinkedHashSet<>();
            for (String name : group.split(",")) {
                names.add(machine(call, name));
            }
            groups.add(names);
        }
        if (groups.size() == 1) {
            // One group: against all others.
            Set<String> others = new TreeSet<>(call.state().machineNames());
            others.removeAll(groups.getFirst());
            groups.add(others);
        }
        if (groups.size() < 2) {
            throw call.failure(2, kind.code() + " needs groups of machines: fault " + kind.code() + " a,b c,d");
        }
        return groups;
    }

    private record Place(String machine, String container) {}

    private static Place container(Invocation call, String target) {
        int colon = target.indexOf(':');
        if (colon > 0 && call.engine().machine(target.substring(0, colon)).isPresent()) {
            return new Place(target.substring(0, colon), target.substring(colon + 1));
        }
        ClusterSnapshot snapshot = call.state().context().observer().observe();
        Optional<ClusterSnapshot.TaskView> task = snapshot.swarm().stream()
                .flatMap(swarm -> swarm.tasks().stream())
                .filter(view -> view.name().equals(target) && view.live())
                .findFirst();
        for (ClusterSnapshot.MachineView machine : snapshot.machines()) {
            for (ClusterSnapshot.ContainerView container : machine.containers()) {
                boolean named = container.name().replaceFirst("^/", "").equals(target)
                        || container.id().startsWith(target)
                        || task.filter(view -> view.containerId().equals(container.id()))
                                .isPresent();
                if (named && container.state() == ContainerState.RUNNING) {
                    return new Place(machine.machine().name(), container.id());
                }
            }
        }
        throw call.failure("no running container '" + target
                + "': name a task (web.3), a container, or MACHINE:ID (see docker service ps, docker ps)");
    }

    private static String swarmLeader(Invocation call) {
        return call.state()
                .context()
                .observer()
                .observe()
                .swarm()
                .map(ClusterSnapshot.SwarmView::leader)
                .filter(leader -> call.engine().machine(leader).isPresent())
                .orElseThrow(() -> call.failure("the swarm has no leader now"));
    }

    private static Place consulLeader(Invocation call) {
        ClusterSnapshot snapshot = call.state().context().observer().observe();
        String leader =
                snapshot.consul().map(ClusterSnapshot.ConsulView::leader).orElse("");
        Optional<ClusterSnapshot.ConsulMember> member = snapshot.consul().stream()
                .flatMap(consul -> consul.members().stream())
                .filter(one -> !leader.isEmpty() && one.name().equals(leader))
                .findFirst();
        if (member.isPresent()) {
            for (ClusterSnapshot.MachineView machine : snapshot.machines()) {
                for (ClusterSnapshot.ContainerView container : machine.containers()) {
                    if (container.state() == ContainerState.RUNNING
                            && container.addresses().containsValue(member.get().address())) {
                        return new Place(machine.machine().name(), container.id());
                    }
                }
            }
        }
        throw new LabException(
                LabException.Kind.NOT_FOUND, "Consul has no leader that can be found now.", "See `consul members`.");
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        if (words.size() == 1) {
            List<String> result = new ArrayList<>(usages().keySet());
            result.add("list");
            result.add("extend");
            result.add("heal");
            result.add("anatomy");
            result.add("why");
            return result;
        }
        if (words.getFirst().equals("anatomy")) {
            return state.context().anatomies().map(AnatomyWatch::faults).orElse(List.of());
        }
        if (words.getFirst().equals("why")) {
            return List.of();
        }
        if (words.getFirst().equals("extend") || words.getFirst().equals("heal")) {
            return completeFault(state, words);
        }
        if (words.getFirst().startsWith("container.")) {
            return state.context().observer().latest().swarm().stream()
                    .flatMap(swarm -> swarm.tasks().stream())
                    .filter(ClusterSnapshot.TaskView::live)
                    .map(ClusterSnapshot.TaskView::name)
                    .toList();
        }
        return state.machineNames();
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
