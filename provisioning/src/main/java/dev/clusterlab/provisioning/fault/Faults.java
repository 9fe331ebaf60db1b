package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.FaultParameter;
import dev.clusterlab.provisioning.LabException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes faults of what somebody has asked for: a kind, whom it hits, what it is told. */
public final class Faults {
    /** Of a frozen container that nobody gave a lease. */
    public static final Duration PAUSE_LEASE = Duration.ofSeconds(60);

    private Faults() {}

    /**
     * A fault on one machine.
     *
     * @param kind one that is aimed at a machine
     */
    public static Fault onMachine(FaultKind kind, String machine, FaultValues values, Optional<Duration> lease) {
        requireLease(kind, lease);
        return switch (kind) {
            case MACHINE_KILL -> new Fault.MachineKill(machine);
            case MACHINE_STOP -> new Fault.MachineStop(machine);
            case MACHINE_RESTART -> new Fault.MachineRestart(machine);
            case MACHINE_START -> new Fault.MachineStart(machine);
            case MACHINE_PAUSE -> new Fault.MachinePause(machine, lease);
            case MACHINE_UNPAUSE -> new Fault.MachineUnpause(machine);
            case MACHINE_REMOVE -> new Fault.MachineRemove(machine);
            case NODE_DRAIN -> new Fault.NodeDrain(machine);
            case NODE_DEMOTE -> new Fault.NodeDemote(machine);
            case NODE_LEAVE -> new Fault.NodeLeave(machine);
            case MACHINE_CPU -> new Fault.MachineCpu(machine, values.share(FaultParameter.CPU_SHARE), lease);
            case MACHINE_MEMORY -> new Fault.MachineMemory(machine, values.whole(FaultParameter.LEFT), lease);
            case MACHINE_DISK -> new Fault.MachineDisk(machine, lease);
            case MACHINE_CLOCK -> new Fault.MachineClock(machine, values.time(FaultParameter.CLOCK_BY), lease);
            case DNS_NOT_FOUND -> new Fault.NameNotFound(machine, values.text(FaultParameter.NAME), lease);
            case CONTAINER_KILL,
                    CONTAINER_STOP,
                    CONTAINER_PAUSE,
                    SERVICE_UNHEALTHY,
                    SERVICE_SLOW,
                    SERVICE_ERRORS,
                    SERVICE_CRASH_LOOP,
                    NETWORK_PARTITION,
                    NETWORK_ONE_WAY,
                    NETWORK_BRIDGE,
                    NETWORK_RING,
                    NETWORK_LATENCY,
                    NETWORK_LOSS,
                    NETWORK_BURST,
                    NETWORK_BANDWIDTH,
                    NETWORK_DUPLICATES,
                    NETWORK_REORDERING,
                    NETWORK_HEAL -> throw new IllegalArgumentException(kind + " is not aimed at a machine");
        };
    }

    /**
     * A fault on one container.
     *
     * @param kind one that is aimed at a container
     * @param lease of a freeze; {@link #PAUSE_LEASE} if left out
     */
    public static Fault onContainer(
            FaultKind kind, String machine, String container, FaultValues values, Optional<Duration> lease) {
        requireLease(kind, lease);
        return switch (kind) {
            case CONTAINER_KILL ->
                new Fault.ContainerKill(machine, container, Optional.of(values.text(FaultParameter.SIGNAL)));
            case CONTAINER_STOP -> new Fault.ContainerStop(machine, container);
            case CONTAINER_PAUSE -> new Fault.ContainerPause(machine, container, lease.orElse(PAUSE_LEASE));
            case SERVICE_UNHEALTHY -> new Fault.ServiceUnhealthy(machine, container, lease);
            case SERVICE_SLOW -> new Fault.ServiceSlow(machine, container, values.time(FaultParameter.DELAY), lease);
            case SERVICE_ERRORS ->
                new Fault.ServiceErrors(machine, container, values.share(FaultParameter.SHARE), lease);
            case SERVICE_CRASH_LOOP ->
                new Fault.ServiceCrashLoop(machine, container, values.time(FaultParameter.AFTER), lease);
            case MACHINE_KILL,
                    MACHINE_STOP,
                    MACHINE_RESTART,
                    MACHINE_START,
                    MACHINE_PAUSE,
                    MACHINE_UNPAUSE,
                    MACHINE_REMOVE,
                    MACHINE_CPU,
                    MACHINE_MEMORY,
                    MACHINE_DISK,
                    MACHINE_CLOCK,
                    DNS_NOT_FOUND,
                    NODE_DRAIN,
                    NODE_DEMOTE,
                    NODE_LEAVE,
                    NETWORK_PARTITION,
                    NETWORK_ONE_WAY,
                    NETWORK_BRIDGE,
                    NETWORK_RING,
                    NETWORK_LATENCY,
                    NETWORK_LOSS,
                    NETWORK_BURST,
                    NETWORK_BANDWIDTH,
                    NETWORK_DUPLICATES,
                    NETWORK_REORDERING,
                    NETWORK_HEAL -> throw new IllegalArgumentException(kind + " is not aimed at a container");
        };
    }

    /**
     * A fault on the network between machines.
     *
     * @param kind one that is aimed at groups, a bridge, a ring or the network
     * @param groups as {@link FaultKind.Aim} says
     * @param all every machine that there is: those that a group alone stands against
     * @throws LabException INPUT if the groups do not fit the kind
     */
    public static Fault onNetwork(
            FaultKind kind,
            List<? extends Set<String>> groups,
            Set<String> all,
            FaultValues values,
            Optional<Duration> lease) {
        requireLease(kind, lease);
        List<Set<String>> given = List.copyOf(groups);
        if (kind == FaultKind.NETWORK_HEAL) {
            return new Fault.NetworkHeal();
        }
        if (given.isEmpty() || given.size() > kind.groupsMax()) {
            throw badGroups(kind);
        }
        return switch (kind) {
            case NETWORK_PARTITION -> new Fault.NetworkPartition(sides(given, all), lease);
            case NETWORK_ONE_WAY -> {
                List<Set<String>> sides = sides(given, all);
                yield new Fault.NetworkOneWay(sides.getFirst(), sides.getLast(), lease);
            }
            case NETWORK_BRIDGE -> bridge(given, all, lease);
            case NETWORK_RING -> new Fault.NetworkRing(given.getFirst(), lease);
            case NETWORK_LATENCY ->
                new Fault.NetworkLatency(
                        sides(given, all),
                        values.flag(FaultParameter.ONE_WAY),
                        values.time(FaultParameter.DELAY),
                        jitter(values),
                        lease);
            case NETWORK_LOSS ->
                new Fault.NetworkLoss(
                        sides(given, all),
                        values.flag(FaultParameter.ONE_WAY),
                        values.share(FaultParameter.SHARE),
                        lease);
            case NETWORK_BURST ->
                new Fault.NetworkBurst(
                        sides(given, all),
                        values.flag(FaultParameter.ONE_WAY),
                        values.share(FaultParameter.TIME_SHARE),
                        values.time(FaultParameter.BURST),
                        lease);
            case NETWORK_BANDWIDTH ->
                new Fault.NetworkBandwidth(
                        sides(given, all),
                        values.flag(FaultParameter.ONE_WAY),
                        values.whole(FaultParameter.RATE),
                        lease);
            case NETWORK_DUPLICATES ->
                new Fault.NetworkDuplicates(
                        sides(given, all),
                        values.flag(FaultParameter.ONE_WAY),
                        values.share(FaultParameter.SHARE),
                        lease);
            case NETWORK_REORDERING ->
                new Fault.NetworkReordering(
                        sides(given, all),
                        values.flag(FaultParameter.ONE_WAY),
                        values.share(FaultParameter.SHARE),
                        values.time(FaultParameter.BY),
                        lease);
            case CONTAINER_KILL,
                    CONTAINER_STOP,
                    CONTAINER_PAUSE,
                    SERVICE_UNHEALTHY,
                    SERVICE_SLOW,
                    SERVICE_ERRORS,
                    SERVICE_CRASH_LOOP,
                    MACHINE_KILL,
                    MACHINE_STOP,
                    MACHINE_RESTART,
                    MACHINE_START,
                    MACHINE_PAUSE,
                    MACHINE_UNPAUSE,
                    MACHINE_REMOVE,
                    MACHINE_CPU,
                    MACHINE_MEMORY,
                    MACHINE_DISK,
                    MACHINE_CLOCK,
                    DNS_NOT_FOUND,
                    NODE_DRAIN,
                    NODE_DEMOTE,
                    NODE_LEAVE,
                    NETWORK_HEAL -> throw new IllegalArgumentException(kind + " is not aimed at groups");
        };
    }

    private static Duration jitter(FaultValues values) {
        Duration jitter = values.time(FaultParameter.JITTER);
        if (jitter.compareTo(values.time(FaultParameter.DELAY)) > 0) {
            throw new LabException(
                            LabException.Kind.INPUT,
                            "The jitter is greater than the delay: packets would arrive before they are sent.",
                            "Choose a jitter of at most " + values.text(FaultParameter.DELAY) + ".")
                    .named("fault.jitter", values.text(FaultParameter.DELAY));
        }
        return jitter;
    }

    /** A single group against all others. */
    private static List<Set<String>> sides(List<Set<String>> groups, Set<String> all) {
        if (groups.size() > 1) {
            return groups;
        }
        var others = new TreeSet<>(all);
        others.removeAll(groups.getFirst());
        return List.of(groups.getFirst(), others);
    }

    private static Fault bridge(List<Set<String>> groups, Set<String> all, Optional<Duration> lease) {
        if (groups.getFirst().size() != 1 || groups.size() == 2) {
            throw badGroups(FaultKind.NETWORK_BRIDGE);
        }
        String bridge = groups.getFirst().iterator().next();
        if (groups.size() == 3) {
            return new Fault.NetworkBridge(bridge, groups.get(1), groups.get(2), lease);
        }
        var others = new ArrayList<>(new TreeSet<>(all));
        others.remove(bridge);
        int half = (others.size() + 1) / 2;
        return new Fault.NetworkBridge(
                bridge,
                others.stream().limit(half).collect(Collectors.toSet()),
                others.stream().skip(half).collect(Collectors.toSet()),
                lease);
    }

    private static LabException badGroups(FaultKind kind) {
        String needs = switch (kind.aim()) {
            case BRIDGE -> "one machine, and two groups that it alone sees: " + kind.code() + " a b,c d,e";
            case RING -> "one group of four machines or more: " + kind.code() + " a,b,c,d";
            case GROUPS, CONTAINER, MACHINE, NETWORK ->
                "one to " + kind.groupsMax() + " groups of machines: " + kind.code() + " a,b c,d";
        };
        return new LabException(LabException.Kind.INPUT, kind.code() + " needs " + needs + ".", "See `fault --help`.")
                .named("fault.groups." + kind.aim(), kind.code());
    }

    private static void requireLease(FaultKind kind, Optional<Duration> lease) {
        if (lease.isPresent() && kind.lasting() != FaultKind.Lasting.LEASED) {
            throw new LabException(
                            LabException.Kind.INPUT,
                            kind.code() + " does not end by itself.",
                            "It is over at once, or lasts until it is undone: leave the time out.")
                    .named("fault.nolease", kind.code());
        }
    }
}
