package dev.clusterlab.provisioning.fault;

import dev.clusterlab.provisioning.FaultKind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A fault to inject, named by what it does to its target. */
public sealed interface Fault {
    FaultKind kind();

    /** {@code containerId}: full identifier or a unique prefix, on that machine. */
    record ContainerKill(String machine, String containerId) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.CONTAINER_KILL;
        }
    }

    /** Freezes a container; lifted after {@code lease}. */
    record ContainerPause(String machine, String containerId, Duration lease) implements Fault {
        @Override
        public FaultKind kind() {
            return FaultKind.CONTAINER_PAUSE;
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

    /** Opens every cut. */
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
