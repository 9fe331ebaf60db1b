package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the containers that live on although Swarm has given them up: their machine is lost to the managers, and the best
 * informed of them counts their task as not live, or has forgotten it. On a machine that the managers hear, a container whose
 * task is over is being ended, and no orphan. Where there is no leader nobody has given anything up.
 *
 * <p>Remembers what it made, so that a machine of which nothing has changed stays the same object. Not thread-safe.
 */
public final class Orphans {
    private Map<String, Marked> made = new HashMap<>();
    private @Nullable SwarmView indexed;
    private Set<String> heard = Set.of();
    private Map<String, TaskView> tasks = Map.of();

    /** A machine as it was reported, and as it is shown; {@code lost}: whether the managers did not hear it. */
    private record Marked(MachineView told, boolean lost, MachineView shown) {}

    /** The same machines, with their containers marked. */
    public List<MachineView> marked(List<MachineView> machines, Optional<SwarmView> swarm) {
        Optional<SwarmView> led = swarm.filter(SwarmView::hasLeader);
        led.ifPresent(this::index);
        var now = new HashMap<String, Marked>();
        var shown = new ArrayList<MachineView>(machines.size());
        for (MachineView machine : machines) {
            String name = machine.machine().name();
            boolean lost = led.isPresent() && !heard.contains(machine.nodeId());
            Marked last = made.get(name);
            Marked is;
            if (last == null || last.told() != machine) {
                is = new Marked(machine, lost, marked(machine, lost));
            } else if (!lost && !last.lost()) {
                is = last;
            } else {
                is = new Marked(machine, lost, SwarmMerge.same(last.shown(), marked(machine, lost)));
            }
            now.put(name, is);
            shown.add(is.shown());
        }
        made = now;
        return shown;
    }

    private MachineView marked(MachineView machine, boolean lost) {
        Predicate<ContainerView> orphan = container -> lost && orphan(container);
        boolean asTold = machine.containers().stream().noneMatch(c -> c.orphan() != orphan.test(c));
        return asTold
                ? machine
                : machine.withContainers(machine.containers().stream()
                        .map(container -> container.withOrphan(orphan.test(container)))
                        .toList());
    }

    private void index(SwarmView swarm) {
        if (indexed == swarm) {
            return;
        }
        indexed = swarm;
        heard = swarm.nodes().stream()
                .filter(node -> node.state() == NodeState.READY)
                .map(ClusterSnapshot.NodeView::id)
                .collect(Collectors.toSet());
        boolean allHeard = heard.size() == swarm.nodes().size();
        tasks = allHeard
                ? Map.of()
                : swarm.tasks().stream()
                        .collect(Collectors.toMap(TaskView::id, task -> task, (first, second) -> first));
    }

    private boolean orphan(ContainerView container) {
        boolean alive = container.state() == ContainerState.RUNNING || container.state() == ContainerState.PAUSED;
        if (!alive || container.taskId().isEmpty()) {
            return false;
        }
        TaskView task = tasks.get(container.taskId());
        return task == null || !task.live();
    }
}
