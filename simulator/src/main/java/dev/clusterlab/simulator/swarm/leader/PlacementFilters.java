package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a task cannot go to a node, in the scheduler's order and words (swarmkit manager/scheduler/filter.go). */
final class PlacementFilters {
    private PlacementFilters() {}

    /** A reason, in the order in which nodes are checked. */
    enum Reason {
        NOT_AVAILABLE,
        RESOURCES,
        CONSTRAINTS,
        PLATFORM,
        HOST_PORT,
        MAX_REPLICAS;

        private String text(int nodes) {
            String count = nodes == 1 ? "1 node" : nodes + " nodes";
            return switch (this) {
                case NOT_AVAILABLE -> count + " not available for new tasks";
                case RESOURCES -> "insufficient resources on " + count;
                case CONSTRAINTS -> "scheduling constraints not satisfied on " + count;
                case PLATFORM -> "unsupported platform on " + count;
                case HOST_PORT -> "host-mode port already in use on " + count;
                case MAX_REPLICAS -> "max replicas per node limit exceed";
            };
        }
    }

    /** The first reason against it, or null if it fits. */
    static @Nullable Reason check(Scheduler.NodeLoad load, Task task) {
        Node node = load.node;
        if (!node.state(Node.READY) || !node.availability(Node.ACTIVE)) {
            return Reason.NOT_AVAILABLE;
        }
        TaskSpec spec = task.spec();
        if (!resourcesFit(node, spec, load.nanoCpus, load.memoryBytes)) {
            return Reason.RESOURCES;
        }
        if (!Constraints.allMatch(spec.constraints(), node)) {
            return Reason.CONSTRAINTS;
        }
        if (!platformFits(node, spec)) {
            return Reason.PLATFORM;
        }
        for (ServiceSpec.Port port : task.ports()) {
            if (port.host()
                    && port.published() != 0
                    && load.hostPorts.containsKey(port.published() + "/" + port.protocolOrTcp())) {
                return Reason.HOST_PORT;
            }
        }
        Long most = spec.placement() == null ? null : spec.placement().maxReplicas();
        if (most != null && most > 0 && load.of(task.serviceId()) >= most) {
            return Reason.MAX_REPLICAS;
        }
        return null;
    }

    /** Whether reservations fit beside those given. */
    static boolean resourcesFit(Node node, TaskSpec spec, long usedNanoCpus, long usedMemoryBytes) {
        Node.Resources wanted =
                spec.resources() == null ? null : spec.resources().reservations();
        if (wanted == null) {
            return true;
        }
        Node.Resources available = node.description().resources();
        return fits(wanted.nanoCpus(), available.nanoCpus(), usedNanoCpus)
                && fits(wanted.memoryBytes(), available.memoryBytes(), usedMemoryBytes);
    }

    static long reservedNanoCpus(TaskSpec spec) {
        Node.Resources wanted =
                spec.resources() == null ? null : spec.resources().reservations();
        return wanted == null || wanted.nanoCpus() == null ? 0 : wanted.nanoCpus();
    }

    static long reservedMemoryBytes(TaskSpec spec) {
        Node.Resources wanted =
                spec.resources() == null ? null : spec.resources().reservations();
        return wanted == null || wanted.memoryBytes() == null ? 0 : wanted.memoryBytes();
    }

    private static boolean fits(@Nullable Long wanted, @Nullable Long available, long used) {
        return wanted == null || wanted == 0 || wanted <= (available == null ? 0 : available) - used;
    }

    private static boolean platformFits(Node node, TaskSpec spec) {
        List<Node.Platform> platforms =
                spec.placement() == null ? null : spec.placement().platforms();
        if (platforms == null || platforms.isEmpty()) {
            return true;
        }
        Node.Platform actual = node.description().platform();
        return platforms.stream()
                .anyMatch(platform -> same(platform.os(), actual.os())
                        && same(normal(platform.architecture()), normal(actual.architecture())));
    }

    private static boolean same(@Nullable String wanted, @Nullable String actual) {
        return wanted == null || wanted.isEmpty() || wanted.equals(actual);
    }

    private static @Nullable String normal(@Nullable String architecture) {
        return "x86_64".equals(architecture) ? "amd64" : architecture;
    }

    /** The reasons, most frequent first. */
    static String explain(Map<Reason, Integer> reasons) {
        var entries = new ArrayList<>(reasons.entrySet());
        entries.sort(Comparator.<Map.Entry<Reason, Integer>>comparingInt(entry -> -entry.getValue())
                .thenComparing(Map.Entry::getKey));
        return String.join(
                "; ",
                entries.stream()
                        .map(entry -> entry.getKey().text(entry.getValue()))
                        .toList());
    }

    static List<String> spreadKeys(Task task) {
        var keys = new ArrayList<String>();
        if (task.spec().placement() != null && task.spec().placement().preferences() != null) {
            for (TaskSpec.Preference preference : task.spec().placement().preferences()) {
                if (preference.spread() != null) {
                    keys.add(preference.spread().spreadDescriptor());
                }
            }
        }
        return keys;
    }

    /** What a node is, by the key of a preference. */
    static String value(Node node, String key) {
        String value = null;
        if (key.startsWith("node.labels.")) {
            value = node.spec().labels().get(key.substring("node.labels.".length()));
        } else if (key.startsWith("engine.labels.")
                && node.description().engine().labels() != null) {
            value = node.description().engine().labels().get(key.substring("engine.labels.".length()));
        }
        return value == null ? "" : value;
    }
}
