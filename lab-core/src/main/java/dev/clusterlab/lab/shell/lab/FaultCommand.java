package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.shell.text.HumanDuration;
import dev.clusterlab.shell.text.TextTable;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.lab.shell.Units;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code fault}: breaks things on purpose, and heals them. */
public final class FaultCommand implements ShellCommand {
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final Map<String, String> KINDS = kinds();

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("container.kill", "TARGET: kills a container");
        kinds.put("container.pause", "TARGET [--for 60s]: freezes a container");
        kinds.put("machine.kill", "MACHINE: cuts its power");
        kinds.put("machine.stop", "MACHINE: shuts it down in order");
        kinds.put("machine.start", "MACHINE: starts it again");
        kinds.put("machine.pause", "MACHINE [--for TIME]: freezes it");
        kinds.put("machine.unpause", "MACHINE: lets it go on");
        kinds.put("machine.remove", "MACHINE: removes it and its disk for good");
        kinds.put("network.partition", "A,B C,D… [--for TIME]: cuts the network between groups of machines");
        kinds.put("network.heal", "opens every cut");
        kinds.put("swarm.leader.kill", "kills the machine of the swarm's leader");
        kinds.put("consul.leader.kill", "kills the container of Consul's leader");
        return kinds;
    }

    @Override
    public String summary() {
        return "breaks things on purpose: fault machine.kill worker3, fault list, fault heal";
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
            StringBuilder text = new StringBuilder(
                    "Usage: fault KIND TARGET… [--for TIME]\n       fault list\n       fault heal [ID]\n\nKinds:\n");
            KINDS.forEach((kind, what) -> text.append(String.format("  %-20s %s%n", kind, what)));
            text.append(
                    "\nA container is named by its task (web.3), its name, MACHINE:ID or the beginning of its id.\n");
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
                        fault.kind(),
                        String.join(" ", fault.targets()),
                        HumanDuration.ago(Duration.between(fault.since(), call.clock().now())),
                        fault.until()
                                .map(until -> "in "
                                        + HumanDuration.format(
                                                Duration.between(call.clock().now(), until)))
                                .orElse(""));
            }
            call.out(table.toString());
            return 0;
        }
        if (kind.equals("heal")) {
            List<String> ids = targets.isEmpty() || targets.equals(List.of("all"))
                    ? faults.active().stream().map(ActiveFault::id).toList()
                    : targets;
            for (String id : ids) {
                Interruptible.run(() -> faults.heal(id));
                call.line(id + " healed");
            }
            return 0;
        }
        if (!KINDS.containsKey(kind)) {
            String near = Suggestions.nearest(kind, KINDS.keySet())
                    .map(value -> ", did you mean " + value + "?")
                    .orElse("");
            throw call.failure(
                    "unknown kind '" + kind + "'" + near + "\nThere are " + String.join(", ", KINDS.keySet()) + ".");
        }
        Optional<Duration> lease = given.last("for").map(text -> Builtins.duration(call, text));
        Fault fault = fault(call, kind, targets, lease);
        String id = Interruptible.call(() -> faults.inject(fault));
        call.line(id + " " + fault.kind() + " " + String.join(" ", targets));
        return 0;
    }

    private static Fault fault(Invocation call, String kind, List<String> targets, Optional<Duration> lease) {
        return switch (kind) {
            case "container.kill" -> {
                Place place = container(call, one(call, kind, targets));
                yield new Fault.ContainerKill(place.machine(), place.container());
            }
            case "container.pause" -> {
                Place place = container(call, one(call, kind, targets));
                yield new Fault.ContainerPause(place.machine(), place.container(), lease.orElse(LEASE));
            }
            case "machine.kill" -> new Fault.MachineKill(machine(call, one(call, kind, targets)));
            case "machine.stop" -> new Fault.MachineStop(machine(call, one(call, kind, targets)));
            case "machine.start" -> new Fault.MachineStart(machine(call, one(call, kind, targets)));
            case "machine.pause" -> new Fault.MachinePause(machine(call, one(call, kind, targets)), lease);
            case "machine.unpause" -> new Fault.MachineUnpause(machine(call, one(call, kind, targets)));
            case "machine.remove" -> new Fault.MachineRemove(machine(call, one(call, kind, targets)));
            case "network.partition" -> new Fault.NetworkPartition(groups(call, targets), lease);
            case "network.heal" -> new Fault.NetworkHeal();
            case "swarm.leader.kill" -> new Fault.MachineKill(swarmLeader(call));
            default -> {
                Place place = consulLeader(call);
                yield new Fault.ContainerKill(place.machine(), place.container());
            }
        };
    }

    private static String one(Invocation call, String kind, List<String> targets) {
        if (targets.size() != 1) {
            throw call.failure(2, kind + " needs one target: fault " + kind + " " + KINDS.get(kind));
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

    private static List<Set<String>> groups(Invocation call, List<String> targets) {
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
            throw call.failure(2, "network.partition needs groups of machines: fault network.partition a,b c,d");
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
                if (named && container.state().equals("running")) {
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
                    if (container.state().equals("running")
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
            List<String> result = new ArrayList<>(KINDS.keySet());
            result.add("list");
            result.add("heal");
            return result;
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
}
