package dev.clusterlab.lab.target;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultValues;
import dev.clusterlab.provisioning.fault.Faults;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.NodeRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Chooses faults as life does: of any kind, on anybody, for a while. It takes only what a well-built cluster has to stand: with what it
 * has broken already, never so many managers or Consul servers that the rest is no majority. The same seed and the same cluster
 * give the same choices. Not thread-safe.
 */
public final class RandomFaults {
    /** Those that end by themselves or can be undone, and have a meaning on any machine. */
    public static final List<FaultKind> KINDS = List.of(
            FaultKind.CONTAINER_KILL,
            FaultKind.CONTAINER_PAUSE,
            FaultKind.MACHINE_KILL,
            FaultKind.MACHINE_PAUSE,
            FaultKind.NODE_DRAIN,
            FaultKind.NETWORK_PARTITION,
            FaultKind.NETWORK_LATENCY,
            FaultKind.NETWORK_LOSS,
            FaultKind.NETWORK_BURST);

    private static final Duration LASTS_MIN = Duration.ofSeconds(10);
    private static final Duration LASTS_SPAN = Duration.ofSeconds(50);

    private final RandomGenerator random;
    private final List<FaultKind> kinds;
    private final boolean anybody;

    /**
     * @param kinds of {@link #KINDS}; at least one
     * @param anybody whether majorities may be lost
     */
    public RandomFaults(RandomGenerator random, List<FaultKind> kinds, boolean anybody) {
        this.random = random;
        this.kinds = List.copyOf(kinds);
        this.anybody = anybody;
        if (!KINDS.containsAll(kinds) || kinds.isEmpty()) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Not every kind of fault comes by chance.",
                    "Choose from "
                            + String.join(
                                    ", ", KINDS.stream().map(FaultKind::code).toList()) + ".");
        }
    }

    /**
     * What comes next.
     *
     * @param machine where
     * @param lasts until when it is to be undone, if it does not end by itself; zero for what is over at once
     */
    public record Choice(Fault fault, String machine, String target, Duration lasts) {}

    /** How long until the next one comes: uniform between half of a mean and half as much again. */
    public Duration pause(Duration mean) {
        return mean.dividedBy(2).plusMillis(random.nextLong(Math.max(1, mean.toMillis())));
    }

    /**
     * A fault to inject; empty if nobody can be hit now.
     *
     * @param hit machines that something is done to already
     */
    public Optional<Choice> next(ClusterSnapshot snapshot, Set<String> hit) {
        FaultKind kind = kinds.get(random.nextInt(kinds.size()));
        // Drawn whether or not they are needed, so that one choice hangs less on the one before.
        Duration lasts = LASTS_MIN.plusMillis(random.nextLong(LASTS_SPAN.toMillis()));
        int which = random.nextInt(Integer.MAX_VALUE);
        long strength = random.nextLong(1_000);
        List<String> machines = spared(snapshot, hit);
        if (machines.isEmpty()) {
            return Optional.empty();
        }
        if (kind.aim() == FaultKind.Aim.CONTAINER) {
            return onContainer(kind, snapshot, machines, which, lasts);
        }
        String machine = machines.get(which % machines.size());
        if (kind.aim() == FaultKind.Aim.MACHINE) {
            Optional<Duration> lease =
                    kind.lasting() == FaultKind.Lasting.LEASED ? Optional.of(lasts) : Optional.empty();
            if (kind == FaultKind.NODE_DRAIN && !node(snapshot, machine)) {
                return Optional.empty();
            }
            return Optional.of(
                    new Choice(Faults.onMachine(kind, machine, FaultValues.NONE, lease), machine, machine, lasts));
        }
        var all = new TreeSet<String>();
        snapshot.machines().forEach(view -> all.add(view.machine().name()));
        if (all.size() < 2) {
            return Optional.empty();
        }
        Fault fault = Faults.onNetwork(
                kind, List.of(Set.of(machine)), all, FaultValues.of(kind, values(kind, strength)), Optional.of(lasts));
        return Optional.of(new Choice(fault, machine, machine, lasts));
    }

    /** @param strength 0 to 999 */
    private static Map<String, String> values(FaultKind kind, long strength) {
        return switch (kind) {
            case NETWORK_LATENCY -> Map.of("delay", (50 + strength / 2) + "ms", "jitter", (10 + strength / 10) + "ms");
            case NETWORK_LOSS -> Map.of("share", (1 + strength / 50) + "%");
            case NETWORK_BURST -> Map.of("share", (5 + strength / 40) + "%", "burst", (200 + strength) + "ms");
            case NETWORK_PARTITION -> Map.of();
            case CONTAINER_KILL,
                    CONTAINER_STOP,
                    SERVICE_CRASH_LOOP,
                    MACHINE_CPU,
                    MACHINE_MEMORY,
                    MACHINE_DISK,
                    MACHINE_CLOCK,
                    DNS_NOT_FOUND,
                    CONTAINER_PAUSE,
                    SERVICE_UNHEALTHY,
                    SERVICE_SLOW,
                    SERVICE_ERRORS,
                    MACHINE_KILL,
                    MACHINE_STOP,
                    MACHINE_RESTART,
                    MACHINE_START,
                    MACHINE_PAUSE,
                    MACHINE_UNPAUSE,
                    MACHINE_REMOVE,
                    NODE_DRAIN,
                    NODE_DEMOTE,
                    NODE_LEAVE,
                    NETWORK_ONE_WAY,
                    NETWORK_BRIDGE,
                    NETWORK_RING,
                    NETWORK_BANDWIDTH,
                    NETWORK_DUPLICATES,
                    NETWORK_REORDERING,
                    NETWORK_HEAL -> throw new IllegalArgumentException(kind + " does not come by chance");
        };
    }

    private static Optional<Choice> onContainer(
            FaultKind kind, ClusterSnapshot snapshot, List<String> machines, int which, Duration lasts) {
        record Place(String machine, ContainerView container) {}
        List<Place> running = new ArrayList<>();
        for (MachineView view : snapshot.machines()) {
            if (machines.contains(view.machine().name())) {
                view.containers().stream()
                        .filter(container -> container.state() == ContainerState.RUNNING)
                        .forEach(container ->
                                running.add(new Place(view.machine().name(), container)));
            }
        }
        if (running.isEmpty()) {
            return Optional.empty();
        }
        Place place = running.get(which % running.size());
        boolean leased = kind.lasting() == FaultKind.Lasting.LEASED;
        Fault fault = Faults.onContainer(
                kind,
                place.machine(),
                place.container().id(),
                FaultValues.of(kind, Map.of()),
                leased ? Optional.of(lasts) : Optional.empty());
        String name = place.container().name().replaceFirst("^/", "");
        return Optional.of(new Choice(fault, place.machine(), name, leased ? lasts : Duration.ZERO));
    }

    private static boolean node(ClusterSnapshot snapshot, String machine) {
        return snapshot.swarm().stream()
                .flatMap(swarm -> swarm.nodes().stream())
                .anyMatch(node -> node.hostname().equals(machine));
    }

    /** Machines that run, have nothing wrong with them, and can be done without. */
    private List<String> spared(ClusterSnapshot snapshot, Set<String> hit) {
        Set<String> managers = new TreeSet<>();
        snapshot.swarm().stream()
                .flatMap(swarm -> swarm.nodes().stream())
                .filter(node -> node.role() == NodeRole.MANAGER)
                .forEach(node -> managers.add(node.hostname()));
        Set<String> servers = new TreeSet<>();
        snapshot.consul().stream()
                .flatMap(consul -> consul.members().stream())
                .filter(member -> member.server() && member.status() != MemberStatus.LEFT)
                .forEach(member -> servers.add(member.machine()));
        var out = new TreeSet<>(hit);
        snapshot.machines().stream()
                .filter(view -> view.machine().state() != Machine.State.RUNNING)
                .forEach(view -> out.add(view.machine().name()));
        return snapshot.machines().stream()
                .map(view -> view.machine().name())
                .filter(name -> !out.contains(name))
                .filter(name -> anybody || (canLose(managers, out, name) && canLose(servers, out, name)))
                .sorted()
                .toList();
    }

    private static boolean canLose(Set<String> voters, Set<String> out, String machine) {
        if (!voters.contains(machine)) {
            return true;
        }
        long lost = voters.stream().filter(out::contains).count() + 1;
        return (voters.size() - lost) * 2 > voters.size();
    }
}
