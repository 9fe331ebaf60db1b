package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.FaultParameter;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LinkTrouble;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.MachineTrouble;
import dev.clusterlab.provisioning.ServiceTrouble;
import dev.clusterlab.provisioning.Way;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** A fault to inject, named by what it does to its target. */
public sealed interface Fault {
    FaultKind kind();

    /** What it was told besides whom it hits and how long it lasts. */
    default FaultValues values() {
        return FaultValues.NONE;
    }

    /**
     * Sends a signal to the first process of a container.
     *
     * @param containerId full identifier or a unique prefix, on that machine
     * @param signal one of {@link FaultParameter#SIGNALS}; KILL if left out
     */
    record ContainerKill(String machine, String containerId, Optional<String> signal) implements Fault {
        /** With the signal that no process outlives. */
        public ContainerKill(String machine, String containerId) {
            this(machine, containerId, Optional.empty());
        }

        @Override
        public FaultKind kind() {
            return FaultKind.CONTAINER_KILL;
        }

        @Override
        public FaultValues values() {
            return FaultValues.of(
                    kind(),
                    signal.map(name -> Map.of(FaultParameter.SIGNAL.word(), name))
                            .orElse(Map.of()));
        }
    }

    /** Ends a container in order: its first process gets SIGTERM, and SIGKILL if it has not ended in time. */
    record ContainerStop(String machine, String containerId) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.CONTAINER_STOP;
        }
    }

    /** Freezes a container; lifted after {@code lease}. */
    record ContainerPause(String machine, String containerId, Duration lease) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.CONTAINER_PAUSE;
        }
    }

    /** Has the service in a container misbehave, which must be one that does so when it is told; healed after a lease, if given. */
    sealed interface OnService extends Fault {
        String machine();

        /** Full identifier or a unique prefix, on that machine. */
        String containerId();

        Optional<Duration> lease();

        ServiceTrouble trouble();
    }

    /** Has every check of the service's health fail. */
    record ServiceUnhealthy(String machine, String containerId, Optional<Duration> lease) implements OnService {
        @Override
        public FaultKind kind() {
            return FaultKind.SERVICE_UNHEALTHY;
        }

        @Override
        public ServiceTrouble trouble() {
            return new ServiceTrouble.Unhealthy();
        }
    }

    /** Has the service answer late. */
    record ServiceSlow(String machine, String containerId, Duration delay, Optional<Duration> lease)
            implements OnService {
        @Override
        public FaultKind kind() {
            return FaultKind.SERVICE_SLOW;
        }

        @Override
        public ServiceTrouble trouble() {
            return new ServiceTrouble.Slow(delay);
        }

        @Override
        public FaultValues values() {
            return Told.values(kind(), Told.of(FaultParameter.DELAY, delay));
        }
    }

    /** Has the service answer a share of the requests, 0 to 1, with status 500. */
    record ServiceErrors(String machine, String containerId, double share, Optional<Duration> lease)
            implements OnService {
        @Override
        public FaultKind kind() {
            return FaultKind.SERVICE_ERRORS;
        }

        @Override
        public ServiceTrouble trouble() {
            return new ServiceTrouble.Errors(share);
        }

        @Override
        public FaultValues values() {
            return Told.values(kind(), Told.of(FaultParameter.SHARE, share));
        }
    }

    /** Has the service end with an error again and again, each time so long after it was told. */
    record ServiceCrashLoop(String machine, String containerId, Duration after, Optional<Duration> lease)
            implements OnService {
        @Override
        public FaultKind kind() {
            return FaultKind.SERVICE_CRASH_LOOP;
        }

        @Override
        public ServiceTrouble trouble() {
            return new ServiceTrouble.CrashLoop(after);
        }

        @Override
        public FaultValues values() {
            return Told.values(kind(), Told.of(FaultParameter.AFTER, after));
        }
    }

    /** Takes something from a machine that goes on with less; given back after a lease, if given. */
    sealed interface OnMachine extends Fault {
        String machine();

        Optional<Duration> lease();

        MachineTrouble trouble();
    }

    /** Takes a share of the processor's time, above 0 and below 1. */
    record MachineCpu(String machine, double share, Optional<Duration> lease) implements OnMachine {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_CPU;
        }

        @Override
        public MachineTrouble trouble() {
            return new MachineTrouble.ProcessorBusy(share);
        }

        @Override
        public FaultValues values() {
            return Told.values(kind(), Told.of(FaultParameter.CPU_SHARE, share));
        }
    }

    /** Leaves no more memory than is in use, and so many bytes. */
    record MachineMemory(String machine, long leftBytes, Optional<Duration> lease) implements OnMachine {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_MEMORY;
        }

        @Override
        public MachineTrouble trouble() {
            return new MachineTrouble.MemoryShort(leftBytes);
        }

        @Override
        public FaultValues values() {
            return Told.values(kind(), new Told(FaultParameter.LEFT, leftBytes + "b"));
        }
    }

    /** Lets nothing more be written to the disk. */
    record MachineDisk(String machine, Optional<Duration> lease) implements OnMachine {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_DISK;
        }

        @Override
        public MachineTrouble trouble() {
            return new MachineTrouble.DiskFull();
        }
    }

    /** Puts the clock ahead, or behind if {@code by} is negative. */
    record MachineClock(String machine, Duration by, Optional<Duration> lease) implements OnMachine {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_CLOCK;
        }

        @Override
        public MachineTrouble trouble() {
            return new MachineTrouble.ClockOff(by);
        }

        @Override
        public FaultValues values() {
            Told told = Told.of(FaultParameter.CLOCK_BY, by.abs());
            return Told.values(kind(), new Told(told.parameter(), (by.isNegative() ? "-" : "+") + told.text()));
        }
    }

    /** Has the machine's containers not find a name. */
    record NameNotFound(String machine, String name, Optional<Duration> lease) implements OnMachine {
        @Override
        public FaultKind kind() {
            return FaultKind.DNS_NOT_FOUND;
        }

        @Override
        public MachineTrouble trouble() {
            return new MachineTrouble.NameNotFound(name);
        }

        @Override
        public FaultValues values() {
            return Told.values(kind(), new Told(FaultParameter.NAME, name));
        }
    }

    record MachineKill(String machine) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_KILL;
        }
    }

    record MachineStop(String machine) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_STOP;
        }
    }

    /** Shuts a machine down in order and starts it again. */
    record MachineRestart(String machine) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_RESTART;
        }
    }

    record MachineStart(String machine) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_START;
        }
    }

    /** Freezes a machine; lifted after {@code lease}, if given. */
    record MachinePause(String machine, Optional<Duration> lease) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_PAUSE;
        }
    }

    record MachineUnpause(String machine) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_UNPAUSE;
        }
    }

    record MachineRemove(String machine) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.MACHINE_REMOVE;
        }
    }

    /** Cuts the network between groups of machines; healed after {@code lease}, if given. */
    record NetworkPartition(List<Set<String>> groups, Optional<Duration> lease) implements Fault {
        public NetworkPartition {
            groups = groups.stream().map(Fault::sorted).toList();
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_PARTITION;
        }
    }

    /** Loses what goes from some machines to others, not what comes back; healed after {@code lease}, if given. */
    record NetworkOneWay(Set<String> from, Set<String> to, Optional<Duration> lease) implements Fault {
        public NetworkOneWay {
            from = sorted(from);
            to = sorted(to);
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_ONE_WAY;
        }
    }

    /** Lets one machine see both sides of a cut, and no side the other; healed after {@code lease}, if given. */
    record NetworkBridge(String bridge, Set<String> left, Set<String> right, Optional<Duration> lease)
            implements Fault {
        /** @throws LabException INPUT if the bridge is on a side */
        public NetworkBridge {
            left = sorted(left);
            right = sorted(right);
            if (left.contains(bridge) || right.contains(bridge)) {
                throw MachineNames.twoGroups(bridge);
            }
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_BRIDGE;
        }
    }

    /**
     * Lets each of some machines hear a majority of them, and no two the same one: its neighbours in the order of names, as a
     * ring. Healed after {@code lease}, if given.
     *
     * @param machines four or more: of three each would hear all
     */
    record NetworkRing(Set<String> machines, Optional<Duration> lease) implements Fault {
        /** @throws LabException INPUT if there are fewer than four machines */
        public NetworkRing {
            machines = sorted(machines);
            if (machines.size() < 4) {
                throw new LabException(
                                LabException.Kind.INPUT,
                                "A ring needs four machines or more, of which each hears its neighbours.",
                                "Name them as one group: fault network.ring a,b,c,d.")
                        .named("fault.ring");
            }
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_RING;
        }

        /** The ways on which nothing is heard: those to all but the nearest, of whom there are enough for a majority. */
        public SortedSet<Way> cut() {
            var ring = new Target.OfRing(List.copyOf(machines));
            var cut = new TreeSet<Way>();
            for (String one : machines) {
                for (String other : machines) {
                    if (ring.parts(one, other)) {
                        cut.add(new Way(one, other));
                    }
                }
            }
            return cut;
        }
    }

    /**
     * Does something to the packets between groups of machines, in both directions or from the first group to the others; healed
     * after a lease, if given. Those of several faults come together.
     */
    sealed interface OnLinks extends Fault {
        /** At least two. */
        List<Set<String>> groups();

        boolean oneWay();

        Optional<Duration> lease();

        LinkTrouble trouble();

        /** The directions that are hit. */
        default SortedSet<Way> ways() {
            SortedSet<Way> both = EngineFault.Cut.between(groups()).ways();
            if (!oneWay()) {
                return both;
            }
            var ways = new TreeSet<>(both);
            ways.removeIf(way -> !groups().getFirst().contains(way.from()));
            return ways;
        }

        /** With what every kind of this family can be told. */
        default FaultValues told(Told... told) {
            Told[] all = Arrays.copyOf(told, told.length + 1);
            all[told.length] = new Told(FaultParameter.ONE_WAY, Boolean.toString(oneWay()));
            return Told.values(kind(), all);
        }
    }

    /** A value as it is written. */
    record Told(FaultParameter parameter, String text) {
        static FaultValues values(FaultKind kind, Told... told) {
            var written = new LinkedHashMap<String, String>();
            for (Told each : told) {
                written.put(each.parameter().word(), each.text());
            }
            return FaultValues.of(kind, written);
        }

        static Told of(FaultParameter parameter, Duration time) {
            return new Told(
                    parameter,
                    BigDecimal.valueOf(time.toNanos(), 6).stripTrailingZeros().toPlainString() + "ms");
        }

        /** @param share 0 to 1 */
        static Told of(FaultParameter parameter, double share) {
            return new Told(
                    parameter,
                    BigDecimal.valueOf(share)
                            .movePointRight(2)
                            .setScale(6, RoundingMode.HALF_UP)
                            .stripTrailingZeros()
                            .toPlainString());
        }
    }

    /** Makes packets late by a delay, give or take up to a jitter, which is at most the delay. */
    record NetworkLatency(
            List<Set<String>> groups, boolean oneWay, Duration delay, Duration jitter, Optional<Duration> lease)
            implements OnLinks {
        public NetworkLatency {
            groups = groups.stream().map(Fault::sorted).toList();
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_LATENCY;
        }

        @Override
        public LinkTrouble trouble() {
            return new LinkTrouble.Latency(delay, jitter);
        }

        @Override
        public FaultValues values() {
            return told(Told.of(FaultParameter.DELAY, delay), Told.of(FaultParameter.JITTER, jitter));
        }
    }

    /** Loses a share of the packets, 0 to 1, each by itself. */
    record NetworkLoss(List<Set<String>> groups, boolean oneWay, double share, Optional<Duration> lease)
            implements OnLinks {
        public NetworkLoss {
            groups = groups.stream().map(Fault::sorted).toList();
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_LOSS;
        }

        @Override
        public LinkTrouble trouble() {
            return new LinkTrouble.Loss(share);
        }

        @Override
        public FaultValues values() {
            return told(Told.of(FaultParameter.SHARE, share));
        }
    }

    /** Loses all packets for a share of the time, 0 to 1, in bursts of this mean length. */
    record NetworkBurst(
            List<Set<String>> groups, boolean oneWay, double share, Duration burst, Optional<Duration> lease)
            implements OnLinks {
        public NetworkBurst {
            groups = groups.stream().map(Fault::sorted).toList();
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_BURST;
        }

        @Override
        public LinkTrouble trouble() {
            return new LinkTrouble.BurstLoss(share, burst);
        }

        @Override
        public FaultValues values() {
            return told(Told.of(FaultParameter.TIME_SHARE, share), Told.of(FaultParameter.BURST, burst));
        }
    }

    /** Lets no more than so many bits a second through. */
    record NetworkBandwidth(List<Set<String>> groups, boolean oneWay, long bitsPerSecond, Optional<Duration> lease)
            implements OnLinks {
        public NetworkBandwidth {
            groups = groups.stream().map(Fault::sorted).toList();
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_BANDWIDTH;
        }

        @Override
        public LinkTrouble trouble() {
            return new LinkTrouble.Bandwidth(bitsPerSecond);
        }

        @Override
        public FaultValues values() {
            return told(new Told(FaultParameter.RATE, bitsPerSecond + "bit"));
        }
    }

    /** Delivers a share of the packets, 0 to 1, twice. */
    record NetworkDuplicates(List<Set<String>> groups, boolean oneWay, double share, Optional<Duration> lease)
            implements OnLinks {
        public NetworkDuplicates {
            groups = groups.stream().map(Fault::sorted).toList();
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_DUPLICATES;
        }

        @Override
        public LinkTrouble trouble() {
            return new LinkTrouble.Duplicates(share);
        }

        @Override
        public FaultValues values() {
            return told(Told.of(FaultParameter.SHARE, share));
        }
    }

    /** Holds a share of the packets, 0 to 1, up for a while, so that later ones overtake them. */
    record NetworkReordering(
            List<Set<String>> groups, boolean oneWay, double share, Duration by, Optional<Duration> lease)
            implements OnLinks {
        public NetworkReordering {
            groups = groups.stream().map(Fault::sorted).toList();
        }

        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_REORDERING;
        }

        @Override
        public LinkTrouble trouble() {
            return new LinkTrouble.Reordering(share, by);
        }

        @Override
        public FaultValues values() {
            return told(Told.of(FaultParameter.SHARE, share), Told.of(FaultParameter.BY, by));
        }
    }

    /** Takes a machine's part in the swarm away, in whole or in part; lasts until it is undone. */
    sealed interface OnNode extends Fault {
        String machine();
    }

    /** Has a node's tasks run elsewhere, as {@code docker node update --availability drain} does. */
    record NodeDrain(String machine) implements OnNode {
        @Override
        public FaultKind kind() {
            return FaultKind.NODE_DRAIN;
        }
    }

    /** Makes a manager a worker. */
    record NodeDemote(String machine) implements OnNode {
        @Override
        public FaultKind kind() {
            return FaultKind.NODE_DEMOTE;
        }
    }

    /** Has a node leave the swarm without a word to the others, as {@code docker swarm leave --force} does. */
    record NodeLeave(String machine) implements OnNode {
        @Override
        public FaultKind kind() {
            return FaultKind.NODE_LEAVE;
        }
    }

    /**
     * Comes and goes by the engine's clock, and is one fault all the while.
     *
     * @param fault what does: of a kind that can end by itself; its own lease does not count
     * @param times how often, 2 to 1,000
     * @param on how long each time, less than {@code every}
     * @param every from one beginning to the next
     */
    record Flapping(Fault fault, int times, Duration on, Duration every) implements Fault {
        /** @throws LabException INPUT if it could not be so */
        public Flapping {
            if (fault.kind().lasting() != FaultKind.Lasting.LEASED) {
                throw new LabException(
                                LabException.Kind.INPUT,
                                fault.kind().code() + " does not end by itself, so it cannot come and go.",
                                "It is over at once, or lasts until it is undone.")
                        .named("fault.nolease", fault.kind().code());
            }
            if (times < 2 || times > 1_000 || !on.isPositive() || on.compareTo(every) >= 0) {
                throw new LabException(
                                LabException.Kind.INPUT,
                                "A fault comes and goes 2 to 1000 times, and each time lasts less long than it takes to the next.",
                                "Such as --times 5 --every 20s --for 10s.")
                        .named("fault.rhythm");
            }
        }

        /** From the first beginning to the last end. */
        public Duration lasts() {
            return every.multipliedBy(times - 1L).plus(on);
        }

        @Override
        public FaultKind kind() {
            return fault.kind();
        }

        @Override
        public FaultValues values() {
            return fault.values();
        }
    }

    /** Opens every cut and ends whatever is done to packets. */
    record NetworkHeal() implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.NETWORK_HEAL;
        }
    }

    /** The JDK's own immutable sets have another order in every program. */
    private static Set<String> sorted(Set<String> names) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }
}
