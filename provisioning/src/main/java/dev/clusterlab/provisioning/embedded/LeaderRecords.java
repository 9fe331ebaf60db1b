package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.DaemonAnswers.Kept;
import dev.clusterlab.provisioning.observe.DaemonAnswers.TaskAnswer;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.swarm.MachineReading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a leader keeps, as the observer's records. Only what has changed since it was last read is read again; lists that
 * have not changed are the same objects. Used on the simulation's thread only.
 */
@SuppressWarnings("NullAway")
final class LeaderRecords {
    private final Runnable read;
    private Map<String, MadeNode> nodes = new HashMap<>();
    private Map<String, Node.ManagerStatus> statuses = Map.of();
    private long nodesEdition = -1;
    private List<NodeView> nodeViews = List.of();
    private Map<String, MadeTask> tasks = new HashMap<>();
    private long keptEdition = -1;
    private Kept kept = new Kept(List.of(), List.of());

    private record MadeNode(Node node, Node.@Nullable ManagerStatus status, NodeView view) {}

    private record MadeTask(Task task, TaskAnswer answer) {}

    /** @param read called for each record that is read */
    LeaderRecords(Runnable read) {
        this.read = read;
    }

    /** Nodes by hostname, with what the leader says of managers now. */
    List<NodeView> nodes(MachineReading leader) {
        Map<String, Node.ManagerStatus> now = leader.managerStatuses();
        if (leader.nodesEdition() == nodesEdition && now.equals(statuses)) {
            return nodeViews;
        }
        var made = new HashMap<String, MadeNode>();
        var views = new ArrayList<NodeView>();
        for (Node node : leader.nodes()) {
            Node.ManagerStatus status = now.get(node.id());
            MadeNode last = nodes.get(node.id());
            boolean same = last != null && last.node() == node && Objects.equals(last.status(), status);
            MadeNode current = same ? last : made(node, status);
            made.put(node.id(), current);
            views.add(current.view());
        }
        views.sort(Comparator.comparing(NodeView::hostname).thenComparing(NodeView::id));
        nodes = made;
        statuses = now;
        nodesEdition = leader.nodesEdition();
        nodeViews = List.copyOf(views);
        return nodeViews;
    }

    private MadeNode made(Node node, Node.@Nullable ManagerStatus status) {
        read.run();
        return new MadeNode(node, status, SwarmRecords.node(node, status));
    }

    /** Services and tasks. */
    Kept kept(MachineReading leader) {
        if (leader.keptEdition() != keptEdition) {
            var made = new HashMap<String, MadeTask>();
            var answers = new ArrayList<TaskAnswer>();
            for (Task task : leader.tasks()) {
                MadeTask last = tasks.get(task.id());
                MadeTask current = last != null && last.task() == task ? last : made(task);
                made.put(task.id(), current);
                answers.add(current.answer());
            }
            tasks = made;
            keptEdition = leader.keptEdition();
            kept = new Kept(
                    leader.services().stream()
                            .map(service -> {
                                read.run();
                                return SwarmRecords.service(service);
                            })
                            .toList(),
                    answers);
        }
        return kept;
    }

    private MadeTask made(Task task) {
        read.run();
        return new MadeTask(task, SwarmRecords.task(task));
    }
}
