package dev.clusterlab.provisioning.fault;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A fault to inject, named by what it does to its target. */
public sealed interface Fault {
    /** Name as written in labs and journals, such as {@code machine.kill}. */
    String kind();

    /** {@code containerId}: full identifier or a unique prefix, on that machine. */
    record ContainerKill(String machine, String containerId) implements Fault {
        @Override
        public String kind() {
            return "container.kill";
        }
    }

    /** Freezes a container; lifted after {@code lease}. */
    record ContainerPause(String machine, String containerId, Duration lease) implements Fault {
        @Override
        public String kind() {
            return "container.pause";
        }
    }

    record MachineKill(String machine) implements Fault {
        @Override
        public String kind() {
            return "machine.kill";
        }
    }

    record MachineStop(String machine) implements Fault {
        @Override
        public String kind() {
            return "machine.stop";
        }
    }

    record MachineStart(String machine) implements Fault {
        @Override
        public String kind() {
            return "machine.start";
        }
    }

    /** Freezes a machine; lifted after {@code lease}, if given. */
    record MachinePause(String machine, Optional<Duration> lease) implements Fault {
        @Override
        public String kind() {
            return "machine.pause";
        }
    }

    record MachineUnpause(String machine) implements Fault {
        @Override
        public String kind() {
            return "machine.unpause";
        }
    }

    record MachineRemove(String machine) implements Fault {
        @Override
        public String kind() {
            return "machine.remove";
        }
    }

    /** Cuts the network between groups of machines; healed after {@code lease}, if given. */
    record NetworkPartition(List<Set<String>> groups, Optional<Duration> lease) implements Fault {
        public NetworkPartition {
            groups = groups.stream().map(Set::copyOf).toList();
        }

        @Override
        public String kind() {
            return "network.partition";
        }
    }

    record NetworkHeal() implements Fault {
        @Override
        public String kind() {
            return "network.heal";
        }
    }
}
