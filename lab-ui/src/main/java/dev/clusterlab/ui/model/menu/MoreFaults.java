package dev.clusterlab.ui.model.menu;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.FaultParameter;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultValues;
import dev.clusterlab.provisioning.fault.Faults;
import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.ui.model.Inspection.Action;
import dev.clusterlab.ui.model.Inspection.Deed;
import dev.clusterlab.ui.model.Inspection.Symbol;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a menu offers besides what is done most: with figures that are felt, and an end, since a menu has no room to ask. What cannot
 * be is among it, with the reason.
 */
public final class MoreFaults {
    private static final Duration LEASE = Duration.ofMinutes(2);

    /** Enough to be felt, and little enough that a connection gets over it. */
    private static final Map<FaultKind, Map<String, String>> ON_PACKETS = ordered(
            FaultKind.NETWORK_LATENCY, Map.of("delay", "200ms", "jitter", "50ms"),
            FaultKind.NETWORK_LOSS, Map.of("share", "10%"),
            FaultKind.NETWORK_BURST, Map.of("share", "20%"),
            FaultKind.NETWORK_BANDWIDTH, Map.of("rate", "64kbit"),
            FaultKind.NETWORK_DUPLICATES, Map.of("share", "20%"),
            FaultKind.NETWORK_REORDERING, Map.of("share", "20%"));

    private static final Map<FaultKind, Map<String, String>> ON_MACHINE = ordered(
            FaultKind.MACHINE_CPU, Map.of("share", "90%"),
            FaultKind.MACHINE_MEMORY, Map.of("left", "64mb"),
            FaultKind.MACHINE_DISK, Map.of(),
            FaultKind.MACHINE_CLOCK, Map.of("by", "+5m"));

    private static final Map<FaultKind, Map<String, String>> ON_SERVICE = ordered(
            FaultKind.SERVICE_UNHEALTHY, Map.of(),
            FaultKind.SERVICE_SLOW, Map.of("delay", "2s"),
            FaultKind.SERVICE_ERRORS, Map.of("share", "50%"),
            FaultKind.SERVICE_CRASH_LOOP, Map.of("after", "5s"));

    private final Texts texts;
    private final Map<FaultKind, String> unsupported;

    /** @param unsupported kinds that this engine cannot do, with the reason */
    public MoreFaults(Texts texts, Map<FaultKind, String> unsupported) {
        this.texts = texts;
        this.unsupported = unsupported;
    }

    @SuppressWarnings("unchecked")
    private static Map<FaultKind, Map<String, String>> ordered(Object... kindsAndValues) {
        var ordered = new EnumMap<FaultKind, Map<String, String>>(FaultKind.class);
        for (int i = 0; i < kindsAndValues.length; i += 2) {
            ordered.put((FaultKind) kindsAndValues[i], (Map<String, String>) kindsAndValues[i + 1]);
        }
        return ordered;
    }

    /** Of a machine that runs: its part in the swarm, what is taken from it, and the packets between it and all others. */
    public List<Action> ofMachine(ClusterSnapshot snapshot, Machine machine) {
        if (machine.state() != Machine.State.RUNNING) {
            return List.of();
        }
        String name = machine.name();
        Optional<NodeView> node = snapshot.swarm().flatMap(swarm -> swarm.node(name));
        boolean manager = node.filter(each -> each.role() == NodeRole.MANAGER).isPresent();
        List<Action> actions = new ArrayList<>();
        actions.add(action(Symbol.RESTART, new Fault.MachineRestart(name)));
        node.filter(each -> each.availability() == Availability.ACTIVE)
                .ifPresent(each -> actions.add(action(Symbol.FEWER, new Fault.NodeDrain(name))));
        if (manager) {
            actions.add(action(Symbol.FEWER, new Fault.NodeDemote(name)));
        }
        if (node.isPresent()) {
            actions.add(action(Symbol.FEWER, new Fault.NodeLeave(name)));
        }
        ON_MACHINE.forEach((kind, values) -> actions.add(action(
                Symbol.FEWER,
                Faults.onMachine(kind, name, FaultValues.of(kind, values), Optional.of(LEASE)),
                kind == FaultKind.MACHINE_DISK && manager ? texts.get("menu.disk.manager") : "")));
        name(snapshot)
                .ifPresent(lost -> actions.add(action(
                        Symbol.CUT,
                        Faults.onMachine(
                                FaultKind.DNS_NOT_FOUND,
                                name,
                                FaultValues.of(FaultKind.DNS_NOT_FOUND, Map.of("name", lost)),
                                Optional.of(LEASE)))));
        Set<String> all = snapshot.machines().stream()
                .map(view -> view.machine().name())
                .collect(Collectors.toCollection(TreeSet::new));
        if (all.size() > 1) {
            ON_PACKETS.forEach((kind, values) -> actions.add(action(
                    Symbol.CUT,
                    Faults.onNetwork(
                            kind, List.of(Set.of(name)), all, FaultValues.of(kind, values), Optional.of(LEASE)))));
        }
        return actions;
    }

    /** One that others ask for: Consul's servers above all. */
    private static Optional<String> name(ClusterSnapshot snapshot) {
        List<String> services = snapshot.swarm().stream()
                .flatMap(swarm -> swarm.services().stream())
                .filter(service -> !service.networks().isEmpty())
                .map(ServiceView::name)
                .sorted()
                .toList();
        return services.stream()
                .filter(service -> service.contains("consul"))
                .findFirst()
                .or(() -> services.stream().findFirst());
    }

    /** Of the container that is selected, if one is: as {@link #ofMachine}. */
    public List<Action> ofSelected(ClusterSnapshot snapshot, Selection selection) {
        return switch (selection) {
            case Selection.OfTask of ->
                snapshot.swarm().stream()
                        .flatMap(swarm -> swarm.tasks().stream())
                        .filter(task -> task.id().equals(of.taskId()))
                        .findFirst()
                        .map(task -> ofContainer(snapshot, task.nodeHostname(), task.containerId()))
                        .orElse(List.of());
            case Selection.OfContainer of -> ofContainer(snapshot, of.machine(), of.containerId());
            case Selection.OfMachine _,
                    Selection.OfService _,
                    Selection.OfMember _,
                    Selection.OfProxy _,
                    Selection.Nothing _ -> List.of();
        };
    }

    /** Of a container that runs: its end in order, and how its service misbehaves, if it is one that does so when it is told. */
    private List<Action> ofContainer(ClusterSnapshot snapshot, String machine, String containerId) {
        Optional<ContainerView> container = snapshot.machine(machine)
                .filter(view -> view.machine().state() == Machine.State.RUNNING)
                .flatMap(view -> view.containers().stream()
                        .filter(each -> each.id().equals(containerId) && each.state() == ContainerState.RUNNING)
                        .findFirst());
        List<Action> actions = new ArrayList<>();
        container.ifPresent(each -> {
            actions.add(action(Symbol.STOP, new Fault.ContainerStop(machine, containerId)));
            String refusal = each.image().contains("hello") ? "" : texts.get("menu.tellsnot");
            ON_SERVICE.forEach((kind, values) -> actions.add(action(
                    Symbol.FEWER,
                    Faults.onContainer(kind, machine, containerId, FaultValues.of(kind, values), Optional.of(LEASE)),
                    refusal)));
        });
        return actions;
    }

    /** What says by itself what it is stands alone. */
    private String figure(FaultParameter parameter, String value) {
        return switch (parameter) {
            case JITTER, BURST, BY, AFTER, LEFT, CLOCK_BY -> texts.get("menu.value." + parameter.word(), value);
            case SIGNAL, DELAY, SHARE, TIME_SHARE, RATE, CPU_SHARE, NAME, ONE_WAY -> value;
        };
    }

    private Action action(Symbol symbol, Fault fault) {
        return action(symbol, fault, "");
    }

    private Action action(Symbol symbol, Fault fault, String refusal) {
        String values = fault.values().texts().entrySet().stream()
                .filter(each -> each.getKey().unit() != FaultParameter.Unit.FLAG)
                .map(each -> figure(each.getKey(), each.getValue()))
                .collect(Collectors.joining(", "));
        return new Action(
                symbol,
                texts.sentences().kind(fault.kind()) + (values.isEmpty() ? "" : " (" + values + ")"),
                new Deed.Inject(fault),
                "",
                unsupported.getOrDefault(fault.kind(), refusal));
    }
}
