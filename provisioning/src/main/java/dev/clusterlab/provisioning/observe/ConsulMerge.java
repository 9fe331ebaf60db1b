package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.client.ConsulPort.Instance;
import dev.clusterlab.provisioning.client.ConsulPort.Member;
import dev.clusterlab.provisioning.client.ConsulPort.RaftServer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.AgentView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.RaftPeer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.DaemonAnswers.Published;
import dev.clusterlab.shell.consul.CheckHealth;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the picture of the Consul cluster of what agents answer, by the same rules wherever the answers come from: as the
 * best informed of them sees it, which is one that knows a leader, then the one with most members alive.
 */
public final class ConsulMerge {
    private static final int CONSUL_PORT = 8500;

    private ConsulMerge() {}

    /** Says where a published port of a machine answers, or null if it does not. */
    @FunctionalInterface
    public interface Ports {
        @Nullable
        String at(MachineView machine, int published);
    }

    /**
     * An agent behind a published port.
     *
     * @param machine where it is asked
     * @param published the port there
     * @param at where that answers; tells sources apart
     */
    public record Source(MachineView machine, int published, String at) {
        /** {@code machine:port}. */
        public String name() {
            return machine.machine().name() + ":" + published;
        }
    }

    /**
     * What one agent says of itself; {@code leader} is {@code ip:port}, empty text if it knows none.
     *
     * @param raft the Raft configuration that it, or the server that answers for it, uses; empty where it does not tell
     */
    public record Told(Source source, String leader, List<Member> members, List<RaftServer> raft) {
        long alive() {
            return members.stream().filter(m -> m.status().equals("alive")).count();
        }
    }

    /** What one agent says of the cluster; empty lists where it does not tell. */
    public record Details(List<RaftServer> raft, Map<String, List<ConsulInstance>> services) {}

    /**
     * Published ports behind which an agent should be. A port of the routing mesh answers the same on every machine:
     * asking on the machines that run the service, or else on the first, is enough.
     */
    public static List<Source> sources(SwarmMerge.Seen seen, Ports ports) {
        var found = new LinkedHashMap<String, Source>();
        List<MachineView> answering =
                seen.machines().stream().filter(MachineView::answering).toList();
        for (ServiceView service : seen.swarm().map(SwarmView::services).orElse(List.of())) {
            service.ports().forEach((published, target) -> {
                if (target == CONSUL_PORT) {
                    var hosts = new LinkedHashSet<String>();
                    seen.swarm().orElseThrow().tasksOf(service.name()).stream()
                            .filter(TaskView::live)
                            .forEach(t -> hosts.add(t.nodeHostname()));
                    // What Swarm has given up may live on, and holds something else to be so.
                    answering.stream()
                            .filter(machine -> machine.containers().stream()
                                    .anyMatch(c -> c.orphan() && c.serviceName().equals(service.name())))
                            .forEach(machine -> hosts.add(machine.machine().name()));
                    List<MachineView> own = answering.stream()
                            .filter(m -> hosts.contains(m.machine().name()))
                            .toList();
                    List<MachineView> asked =
                            own.isEmpty() ? answering.stream().limit(1).toList() : own;
                    asked.forEach(machine -> add(found, ports, machine, published));
                }
            });
        }
        for (Published port : seen.published()) {
            if (port.target() == CONSUL_PORT) {
                answering.stream()
                        .filter(m -> m.machine().name().equals(port.machine()))
                        .forEach(m -> add(found, ports, m, port.port()));
            }
        }
        return List.copyOf(found.values());
    }

    private static void add(Map<String, Source> found, Ports ports, MachineView machine, int published) {
        String at = ports.at(machine, published);
        if (at != null) {
            found.putIfAbsent(at, new Source(machine, published, at));
        }
    }

    /**
     * @param told by the agents that answer, in the order of the sources
     * @param ask asks the best informed one for more
     */
    public static Optional<ConsulView> view(SwarmMerge.Seen seen, List<Told> told, Function<Told, Details> ask) {
        if (told.isEmpty()) {
            return Optional.empty();
        }
        Told best = best(told);
        Details details = ask.apply(best);
        Map<String, String> machines = machinesByAddress(seen);
        String leaderName = leaderName(best, details.raft());
        return Optional.of(new ConsulView(
                told.stream().map(t -> t.source().name()).toList(),
                leaderName,
                best.members().stream()
                        .map(m -> member(m, machines, leaderName))
                        .toList(),
                details.raft().stream()
                        .map(s -> new RaftPeer(s.id(), s.node(), s.address(), s.leader(), s.voter()))
                        .toList(),
                new TreeMap<>(details.services()),
                told.stream().map(ConsulMerge::agent).toList()));
    }

    /** The first of those who know a leader and the most living members. */
    private static Told best(List<Told> told) {
        Told best = told.getFirst();
        for (Told each : told) {
            boolean knows = !each.leader().isEmpty();
            boolean bestKnows = !best.leader().isEmpty();
            if ((knows && !bestKnows) || (knows == bestKnows && each.alive() > best.alive())) {
                best = each;
            }
        }
        return best;
    }

    private static AgentView agent(Told told) {
        List<String> voters = told.raft().stream()
                .filter(RaftServer::voter)
                .map(RaftServer::node)
                .sorted()
                .toList();
        List<String> alive = told.members().stream()
                .filter(member -> member.status().equals(MemberStatus.ALIVE.word()))
                .map(Member::name)
                .sorted()
                .toList();
        Belief.CanCommit canCommit;
        if (told.leader().isEmpty()) {
            canCommit = Belief.CanCommit.NO;
        } else if (voters.isEmpty()) {
            canCommit = Belief.CanCommit.UNKNOWN;
        } else {
            long heard = voters.stream().filter(alive::contains).count();
            canCommit = 2 * heard > voters.size() ? Belief.CanCommit.YES : Belief.CanCommit.NO;
        }
        return new AgentView(
                told.source().machine().machine().name(), leaderName(told, told.raft()), alive, voters, canCommit);
    }

    private static String leaderName(Told told, List<RaftServer> raft) {
        if (told.leader().isEmpty()) {
            return "";
        }
        for (RaftServer server : raft) {
            if (server.address().equals(told.leader())) {
                return server.node();
            }
        }
        String ip = told.leader().substring(0, Math.max(0, told.leader().lastIndexOf(':')));
        return told.members().stream()
                .filter(m -> m.address().equals(ip))
                .map(Member::name)
                .findFirst()
                .orElse("");
    }

    private static Map<String, String> machinesByAddress(SwarmMerge.Seen seen) {
        var machines = new HashMap<String, String>();
        seen.swarm().ifPresent(swarm -> {
            for (TaskView task : swarm.tasks()) {
                for (String address : task.addresses().values()) {
                    if (task.live() || !machines.containsKey(address)) {
                        machines.put(address, task.nodeHostname());
                    }
                }
            }
        });
        for (MachineView machine : seen.machines()) {
            machines.put(machine.machine().ip(), machine.machine().name());
            for (ContainerView container : machine.containers()) {
                if (container.state() == ContainerState.RUNNING) {
                    container
                            .addresses()
                            .values()
                            .forEach(a -> machines.put(a, machine.machine().name()));
                }
            }
        }
        return machines;
    }

    private static ConsulMember member(Member member, Map<String, String> machines, String leaderName) {
        var unknown = new UnknownWords();
        return new ConsulMember(
                member.name(),
                member.address(),
                member.server(),
                unknown.read("status", member.status(), MemberStatus::of),
                machines.getOrDefault(member.address(), ""),
                member.name().equals(leaderName),
                unknown.words());
    }

    /** As snapshots show it. */
    public static ConsulInstance instance(Instance instance) {
        return new ConsulInstance(
                instance.id(),
                instance.service(),
                instance.node(),
                instance.address(),
                instance.port(),
                instance.tags(),
                instance.status(),
                instance.output(),
                instance.status() == CheckHealth.UNKNOWN ? Map.of("status", instance.statusWord()) : Map.of());
    }
}
