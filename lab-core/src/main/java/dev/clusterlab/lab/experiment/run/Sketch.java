package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a cluster stood at one moment of a run: what a person who was not there needs in order to follow it. Immutable.
 *
 * @param at engine time since the engine began
 * @param hasLeader whether a manager led; what else is said of nodes and tasks is the last that was known
 */
public record Sketch(Moment moment, Duration at, boolean hasLeader, List<Box> machines) {
    /** Which moments of a run are kept. */
    public enum Moment {
        /** Everything held, and nothing was broken yet. */
        BEFORE,
        /** The last time that a fault was in force; where none lasted, the first time that most tasks were lacking. */
        DURING,
        AFTER
    }

    /**
     * A machine.
     *
     * @param role empty if it is in no swarm
     * @param running service → tasks that run there, by name
     * @param lost tasks that were to run there and do not
     */
    public record Box(
            String name,
            Machine.State state,
            boolean cutOff,
            Optional<NodeRole> role,
            boolean leader,
            Map<String, Integer> running,
            int lost) {
        public Box {
            running = Collections.unmodifiableMap(new TreeMap<>(running));
        }
    }

    public Sketch {
        machines = List.copyOf(machines);
    }

    static Sketch of(Moment moment, ClusterSnapshot snapshot) {
        Optional<SwarmView> swarm = snapshot.swarm();
        List<Box> boxes = new ArrayList<>();
        for (MachineView machine : snapshot.machines()) {
            String name = machine.machine().name();
            Map<String, Integer> running = new TreeMap<>();
            int lost = 0;
            for (TaskView task : swarm.map(SwarmView::tasks).orElse(List.of())) {
                if (!task.nodeHostname().equals(name) || task.desiredState() != TaskState.RUNNING) {
                    continue;
                }
                if (task.live() && machine.machine().state() == Machine.State.RUNNING) {
                    running.merge(task.serviceName(), 1, Integer::sum);
                } else {
                    lost++;
                }
            }
            Optional<ClusterSnapshot.NodeView> node = swarm.flatMap(view -> view.node(name));
            boxes.add(new Box(
                    name,
                    machine.machine().state(),
                    machine.machine().cutOff(),
                    node.map(ClusterSnapshot.NodeView::role),
                    node.filter(ClusterSnapshot.NodeView::leader).isPresent(),
                    running,
                    lost));
        }
        return new Sketch(
                moment, snapshot.elapsed(), swarm.filter(SwarmView::hasLeader).isPresent(), boxes);
    }
}
