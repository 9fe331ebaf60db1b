package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Lookup;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Nodes, as the leader manages them (swarmkit manager/controlapi/node.go). */
public final class NodeControl {
    private static final List<String> FILTERS = List.of("id", "label", "name", "role", "membership", "node.label");

    private final LeaderContext context;
    private final LeadingManager manager;

    NodeControl(LeaderContext context, LeadingManager manager) {
        this.context = context;
        this.manager = manager;
    }

    private Node shown(Node node) {
        return node.withManagerStatus(manager.managerStatus(node.id()));
    }

    public List<Node> list(Filters filters) {
        filters.accept(FILTERS);
        LeaderContext.checkFilter(filters, "role", List.of(Node.WORKER, Node.MANAGER));
        LeaderContext.checkFilter(filters, "membership", List.of("pending", "accepted"));
        var nodes = new ArrayList<Node>();
        for (Node node : context.store().nodes()) {
            boolean matches = filters.any("id", node.id()::startsWith)
                    && filters.any(
                            "name",
                            name -> node.hostname().startsWith(name)
                                    || (node.spec().name() != null
                                            && node.spec().name().startsWith(name)))
                    && filters.any("role", node.spec().role()::equalsIgnoreCase)
                    && filters.any("membership", "accepted"::equalsIgnoreCase)
                    && filters.labels("node.label", node.spec().labels())
                    && filters.labels("label", node.description().engine().labels());
            if (matches) {
                nodes.add(shown(node));
            }
        }
        return nodes;
    }

    private Node find(String reference) {
        return Lookup.find("node", context.store().nodes(), reference, Node::id, Node::named);
    }

    public Node get(String reference) {
        return shown(find(reference));
    }

    public void update(String reference, long version, Node.Spec spec, Consumer<ApiResult<Nothing>> done) {
        String id = find(reference).id();
        if (!List.of(Node.MANAGER, Node.WORKER).contains(spec.role())) {
            throw ApiException.badRequest("invalid Role: \"" + spec.role() + "\"");
        }
        if (!List.of(Node.ACTIVE, Node.PAUSE, Node.DRAIN).contains(spec.availability())) {
            throw ApiException.badRequest("invalid Availability: \"" + spec.availability() + "\"");
        }
        context.transactions()
                .run(
                        transaction -> {
                            Node node = transaction.node(id);
                            if (node == null) {
                                throw ApiException.rpc(ApiException.RpcCode.NOT_FOUND, "node " + id + " not found");
                            }
                            if (node.version().index() != version) {
                                throw ControlApi.outOfSequence();
                            }
                            if (node.spec().role().equals(Node.MANAGER)
                                    && spec.role().equals(Node.WORKER)) {
                                checkDemotion(node);
                            }
                            transaction.put(node.withSpec(spec));
                        },
                        error -> done.accept(error == null ? Nothing.ok() : ApiResult.error(error)));
    }

    private void checkDemotion(Node node) {
        long managers = context.store().nodes().stream()
                .filter(other -> other.spec().role().equals(Node.MANAGER))
                .count();
        if (managers <= 1) {
            throw ApiException.rpc(
                    ApiException.RpcCode.FAILED_PRECONDITION, "attempting to demote the last manager of the swarm");
        }
        Node.ManagerStatus status = manager.managerStatus(node.id());
        if (status == null) {
            throw ApiException.rpc(ApiException.RpcCode.NOT_FOUND, "can't find manager in raft memberlist");
        }
        int members = manager.raft().status().members().size();
        int left = manager.reachableMembers() - (status.reachability().equals("reachable") ? 1 : 0);
        if (left < (members - 1) / 2 + 1) {
            throw ApiException.rpc(
                    ApiException.RpcCode.FAILED_PRECONDITION,
                    "can't remove member from the raft: this would result in a loss of quorum");
        }
    }

    public void remove(String reference, boolean force, Consumer<ApiResult<Nothing>> done) {
        String id = find(reference).id();
        context.transactions()
                .run(
                        transaction -> remove(transaction, id, force),
                        error -> done.accept(error == null ? Nothing.ok() : ApiResult.error(error)));
    }

    private void remove(Transaction transaction, String id, boolean force) {
        Node node = transaction.node(id);
        if (node == null) {
            throw ApiException.rpc(ApiException.RpcCode.NOT_FOUND, "node " + id + " not found");
        }
        if (node.spec().role().equals(Node.MANAGER) && manager.managerStatus(id) != null) {
            throw ApiException.rpc(
                    ApiException.RpcCode.FAILED_PRECONDITION,
                    "node " + id + " is a cluster manager and is a member of the raft cluster. It must be demoted to"
                            + " worker before removal");
        }
        if (!force && node.state(Node.READY)) {
            throw ApiException.rpc(
                    ApiException.RpcCode.FAILED_PRECONDITION, "node " + id + " is not down and can't be removed");
        }
        for (Task task : context.store().tasksOnNode(id)) {
            if (task.state().atMost(TaskState.RUNNING) && !task.state().before(TaskState.ASSIGNED)) {
                transaction.put(task.withStatus(
                        context.status(TaskState.ORPHANED, "Task belonged to a node that has been deleted")));
            }
        }
        transaction.delete(id);
    }
}
