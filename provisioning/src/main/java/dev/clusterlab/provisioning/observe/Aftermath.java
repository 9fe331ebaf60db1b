package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.AgentView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.RaftPeer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TrafficBucket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What does not work in a cluster, and why, as far as a snapshot tells: for whoever has healed every fault and wonders why
 * the cluster is not as it was. Facts only; front ends make sentences of them.
 */
public final class Aftermath {
    /** Seconds of engine time over which requests are counted. */
    private static final int TRAFFIC_SECONDS = 20;

    /** Something that does not work. */
    public sealed interface Trouble {}

    /** Machines without power, or frozen. */
    public record MachinesOff(List<String> machines) implements Trouble {
        public MachinesOff {
            machines = List.copyOf(machines);
        }
    }

    /**
     * Too few managers are there to decide.
     *
     * @param missing hostnames of managers that do not answer
     * @param gone those among them whose machine was removed: they never come back
     */
    public record SwarmCannotDecide(int managers, int answering, int needed, List<String> missing, List<String> gone)
            implements Trouble {
        public SwarmCannotDecide {
            missing = List.copyOf(missing);
            gone = List.copyOf(gone);
        }
    }

    /** Enough managers answer, and yet they have no leader: they elect one, or do not reach each other. */
    public record SwarmElects() implements Trouble {}

    /**
     * Consul's servers have no leader.
     *
     * @param servers that are alive, as their members say
     * @param voters that the servers count, dead ones too; 0 where no server says
     * @param strangers voters that belong to no living server: one that came back with an empty disk is another server
     */
    public record ConsulLeaderless(int servers, int voters, int strangers) implements Trouble {
        /** How many voters must agree. */
        public int needed() {
            return voters / 2 + 1;
        }

        /** Whether those that are needed cannot come back any more. */
        public boolean forGood() {
            return voters - strangers < needed();
        }
    }

    /**
     * Consul agents that know none of the others, nor do these know them, though nothing lies between their machines: serf seeks
     * those that failed where they were before, and their containers may have other addresses since; those that left it seeks not at all.
     *
     * @param machines on which they run; the others are more, or have the leader
     */
    public record ConsulApart(List<String> machines) implements Trouble {
        public ConsulApart {
            machines = List.copyOf(machines);
        }
    }

    /** A node that the swarm calls down although its machine runs, or that takes no tasks. */
    public record NodeUnavailable(String hostname, NodeState state, Availability availability) implements Trouble {}

    /**
     * Fewer tasks run than are wanted.
     *
     * @param why what the managers say of a task that does not run; empty text if nothing
     */
    public record TasksMissing(String service, int running, int wanted, String why) implements Trouble {}

    /** Instances that Consul does not call healthy, of those in its catalog. */
    public record InstancesUnhealthy(String service, int healthy, int registered) implements Trouble {}

    /** Clients do not get what they ask for, {@code failed} of {@code requests} in the last seconds. */
    public record RequestsFail(int failed, int requests) implements Trouble {}

    private Aftermath() {}

    /** Everything that does not work, causes before effects; empty for a cluster that is well. */
    public static List<Trouble> of(ClusterSnapshot snapshot) {
        List<Trouble> troubles = new ArrayList<>();
        List<String> off = snapshot.machines().stream()
                .filter(view -> view.machine().state() != Machine.State.RUNNING)
                .map(view -> view.machine().name())
                .toList();
        if (!off.isEmpty()) {
            troubles.add(new MachinesOff(off));
        }
        snapshot.swarm().ifPresent(swarm -> {
            swarm(snapshot, swarm, troubles);
            if (swarm.hasLeader()) {
                nodes(snapshot, swarm, troubles);
                swarm.services().forEach(service -> service(swarm, service, troubles));
            }
        });
        snapshot.consul().ifPresent(consul -> {
            if (snapshot.reach().cut().isEmpty()) {
                apart(consul, troubles);
            }
            consul(consul, troubles);
        });
        traffic(snapshot, troubles);
        return List.copyOf(troubles);
    }

    private static void swarm(ClusterSnapshot snapshot, SwarmView swarm, List<Trouble> troubles) {
        Optional<Quorum> lost = Quorum.of(snapshot).filter(Quorum::lost);
        if (lost.isEmpty()) {
            if (!swarm.hasLeader()) {
                troubles.add(new SwarmElects());
            }
            return;
        }
        List<String> missing = swarm.nodes().stream()
                .filter(node -> node.role() == NodeRole.MANAGER)
                .map(NodeView::hostname)
                .filter(name ->
                        snapshot.machine(name).filter(MachineView::answering).isEmpty())
                .toList();
        List<String> gone = missing.stream()
                .filter(name -> snapshot.machine(name).isEmpty())
                .toList();
        Quorum quorum = lost.get();
        troubles.add(new SwarmCannotDecide(quorum.managers(), quorum.answering(), quorum.needed(), missing, gone));
    }

    private static void nodes(ClusterSnapshot snapshot, SwarmView swarm, List<Trouble> troubles) {
        for (NodeView node : swarm.nodes()) {
            boolean runs = snapshot.machine(node.hostname())
                    .filter(view -> view.machine().state() == Machine.State.RUNNING)
                    .isPresent();
            boolean down = runs && node.state() != NodeState.READY;
            if (down || node.availability() != Availability.ACTIVE) {
                troubles.add(new NodeUnavailable(node.hostname(), node.state(), node.availability()));
            }
        }
    }

    private static void service(SwarmView swarm, ServiceView service, List<Trouble> troubles) {
        if (service.running() >= service.replicas()) {
            return;
        }
        String why = swarm.tasksOf(service.name()).stream()
                .filter(task -> !task.live() && task.desiredState() != TaskState.SHUTDOWN)
                .max(Comparator.comparing(TaskView::since))
                .map(task -> task.error().isEmpty() ? task.message() : task.error())
                .orElse("");
        troubles.add(new TasksMissing(service.name(), service.running(), service.replicas(), why));
    }

    private static void consul(ConsulView consul, List<Trouble> troubles) {
        if (consul.leader().isEmpty()) {
            troubles.add(leaderless(consul));
            // Without a leader the catalog is that of before.
            return;
        }
        consul.services().forEach((name, instances) -> {
            int healthy = consul.healthy(name).size();
            if (healthy < instances.size()) {
                troubles.add(new InstancesUnhealthy(name, healthy, instances.size()));
            }
        });
    }

    private static void apart(ConsulView consul, List<Trouble> troubles) {
        List<List<AgentView>> groups = new ArrayList<>();
        for (AgentView agent : consul.agents()) {
            var together = new ArrayList<>(List.of(agent));
            groups.removeIf(group -> {
                boolean known = group.stream().anyMatch(other -> !Collections.disjoint(other.alive(), agent.alive()));
                if (known) {
                    together.addAll(group);
                }
                return known;
            });
            groups.add(together);
        }
        groups.stream()
                .max(Comparator.comparing((List<AgentView> group) ->
                                group.stream().anyMatch(agent -> agent.canCommit() == Belief.CanCommit.YES))
                        .thenComparing(List::size))
                .ifPresent(groups::remove);
        if (!groups.isEmpty()) {
            troubles.add(new ConsulApart(groups.stream()
                    .flatMap(List::stream)
                    .map(AgentView::machine)
                    .sorted()
                    .toList()));
        }
    }

    private static ConsulLeaderless leaderless(ConsulView consul) {
        List<ConsulMember> servers =
                consul.members().stream().filter(ConsulMember::server).toList();
        List<RaftPeer> voters = consul.peers().stream().filter(RaftPeer::voter).toList();
        long strangers = voters.stream()
                .filter(peer ->
                        servers.stream().noneMatch(member -> member.name().equals(peer.node())))
                .count();
        long alive = servers.stream()
                .filter(member -> member.status() == MemberStatus.ALIVE)
                .count();
        return new ConsulLeaderless((int) alive, voters.size(), (int) strangers);
    }

    private static void traffic(ClusterSnapshot snapshot, List<Trouble> troubles) {
        long from = snapshot.elapsed().toSeconds() - TRAFFIC_SECONDS;
        int requests = 0;
        int failed = 0;
        for (TrafficBucket bucket : snapshot.traffic().buckets()) {
            if (bucket.second() < from) {
                continue;
            }
            for (Map.Entry<Integer, Integer> answers : bucket.byStatus().entrySet()) {
                boolean good = answers.getKey() >= 200 && answers.getKey() < 300;
                requests += answers.getValue();
                failed += good ? 0 : answers.getValue();
            }
        }
        if (failed > 0) {
            troubles.add(new RequestsFail(failed, requests));
        }
    }
}
