package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine's own daemon holds to be so of its swarm. Daemons on two sides of a cut hold different things to be so, and
 * each of them rightly by what it hears.
 *
 * @param leader hostname of the manager that it believes to lead, empty if it knows none or is no manager
 * @param ready hostnames of the nodes that it believes to be ready, in order; only managers know
 * @param managers hostnames of the managers that it believes to be reachable, in order; only managers know
 * @param canCommit whether the swarm can agree on something through it
 * @param since engine time since the engine began, from which on that is so
 */
public record Belief(String leader, List<String> ready, List<String> managers, CanCommit canCommit, Duration since) {
    /** Of one that tells nothing. */
    public static final Belief NONE = new Belief("", List.of(), List.of(), CanCommit.UNKNOWN, Duration.ZERO);

    public Belief {
        ready = List.copyOf(ready);
        managers = List.copyOf(managers);
    }

    /** Whether a manager can have something decided. */
    public enum CanCommit {
        YES,
        /** It says that there is no leader, or that too few managers are reachable; also one that is no manager. */
        NO,
        /** It holds its answer back, or does not answer at all. */
        UNKNOWN
    }

    /** Of a manager that tells of the nodes. */
    static Belief of(List<NodeView> nodes) {
        String leader = nodes.stream()
                .filter(NodeView::leader)
                .map(NodeView::hostname)
                .findFirst()
                .orElse("");
        List<String> ready = nodes.stream()
                .filter(node -> node.state() == NodeState.READY)
                .map(NodeView::hostname)
                .sorted()
                .toList();
        List<String> reachable = nodes.stream()
                .filter(node -> node.reachability() == Reachability.REACHABLE)
                .map(NodeView::hostname)
                .sorted()
                .toList();
        long managers = nodes.stream()
                .filter(node -> node.reachability() != Reachability.NONE)
                .count();
        boolean most = !leader.isEmpty() && 2L * reachable.size() > managers;
        return new Belief(leader, ready, reachable, most ? CanCommit.YES : CanCommit.NO, Duration.ZERO);
    }

    /** Of a manager that tells nothing of the nodes. {@code refused}: how it said so, or null if it does not answer. */
    static Belief of(@Nullable LabException refused) {
        boolean without = refused != null
                && refused.kind() != LabException.Kind.TIMEOUT
                && String.valueOf(refused.getMessage()).contains("leader");
        return without ? NO : NONE;
    }

    /** Of one that is no manager. */
    static final Belief NO = new Belief("", List.of(), List.of(), CanCommit.NO, Duration.ZERO);

    /** As it is known now: since when, the belief before tells if it held the same. */
    Belief after(Belief before, Duration now) {
        return new Belief(leader, ready, managers, canCommit, before.canCommit() == canCommit ? before.since() : now);
    }
}
