package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.swarm.store.StoreChange;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes nodes what their spec says: manager or worker (swarmkit manager/role_manager.go). */
final class RoleManager {
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final LeaderContext context;
    private final Raft raft;
    private final Set<String> demoting = new LinkedHashSet<>();

    RoleManager(LeaderContext context, Raft raft) {
        this.context = context;
        this.raft = raft;
        for (Node node : List.copyOf(context.store().nodes())) {
            reconcile(node);
        }
    }

    void observe(StoreChange change) {
        if (change.after() instanceof Node node) {
            reconcile(node);
        }
    }

    private void reconcile(Node node) {
        if (node.spec().role().equals(node.certificateRole())) {
            return;
        }
        if (node.spec().role().equals(Node.MANAGER)) {
            setRole(node.id(), Node.MANAGER);
        } else if (demoting.add(node.id())) {
            context.clusterScope().schedule(Duration.ZERO, () -> demote(node.id()));
        }
    }

    private void setRole(String nodeId, String role) {
        context.transactions().run(transaction -> {
            Node node = transaction.node(nodeId);
            if (node != null && node.spec().role().equals(role) && !role.equals(node.certificateRole())) {
                transaction.put(node.withCertificateRole(role));
            }
        });
    }

    private void demote(String nodeId) {
        Node node = context.store().node(nodeId);
        if (node == null || node.spec().role().equals(Node.MANAGER)) {
            demoting.remove(nodeId);
            return;
        }
        if (!raft.status().members().containsKey(nodeId)) {
            demoting.remove(nodeId);
            setRole(nodeId, Node.WORKER);
            return;
        }
        if (nodeId.equals(raft.id())) {
            raft.transferLeadership(null, outcome -> retry(nodeId));
            return;
        }
        raft.removeMember(nodeId, outcome -> {
            switch (outcome) {
                case Raft.Outcome.Applied _ -> {
                    demoting.remove(nodeId);
                    setRole(nodeId, Node.WORKER);
                }
                case Raft.Outcome.Rejected _ -> retry(nodeId);
            }
        });
    }

    private void retry(String nodeId) {
        context.clusterScope().schedule(RETRY, () -> demote(nodeId));
    }
}
