package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.AgentView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.RaftPeer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The parts into which the network has fallen: machines that run and hear each other, directly or through others, in the order
 * of the machines. Where the network is whole there is one.
 *
 * @param apart whether there are several, each of which is whole and has no way to any other. Otherwise cuts of one direction
 *     and of single ways are in force, and what is cut is better said way by way
 */
public record Islands(List<Island> all, boolean apart) {
    public Islands {
        all = List.copyOf(all);
    }

    /**
     * Machines that hear each other.
     *
     * @param machines by name, in the order of the machines
     * @param swarm empty where there is no swarm
     * @param consul empty where there is no Consul
     */
    public record Island(List<String> machines, Optional<Side> swarm, Optional<Side> consul) {
        public Island {
            machines = List.copyOf(machines);
        }
    }

    /**
     * The part of a Raft group that is on an island.
     *
     * @param here managers whose daemon answers, or Consul servers that an agent here holds to be alive
     * @param of how many there are in all, by the last membership that was agreed on
     * @param leader whom somebody here believes to lead and who is here; empty text if there is none
     * @param decides whether that one reaches more than half of all
     */
    public record Side(int here, int of, String leader, boolean decides) {
        /** Whether those here are enough to elect a leader, although they may not have done so yet. */
        public boolean majority() {
            return 2 * here > of;
        }
    }

    /** Of a snapshot. */
    public static Islands of(ClusterSnapshot snapshot) {
        List<String> running = snapshot.machines().stream()
                .map(MachineView::machine)
                .filter(machine -> machine.state() == Machine.State.RUNNING)
                .map(Machine::name)
                .toList();
        Reach reach = snapshot.reach();
        List<List<String>> parts = parts(running, reach);
        Map<String, Integer> partOf = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            parts.get(i).forEach(machine -> partOf.put(machine, part));
        }
        var swarm = snapshot.swarm().map(view -> swarm(snapshot, view, parts, partOf));
        var consul = snapshot.consul().map(view -> consul(view, reach, parts));
        var islands = new ArrayList<Island>();
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            islands.add(new Island(parts.get(i), swarm.map(groups -> groups.get(part)), consul.map(g -> g.get(part))));
        }
        return new Islands(islands, parts.size() > 1 && apart(reach, parts, partOf));
    }

    /** The island of a machine; empty for one that does not run. */
    public Optional<Island> island(String machine) {
        return all.stream()
                .filter(island -> island.machines().contains(machine))
                .findFirst();
    }

    /** The managers whose daemon answers and that a machine hears and is heard by, itself among them; by hostname. */
    public static List<String> managersHeard(ClusterSnapshot snapshot, String machine) {
        return managersAnswering(snapshot).stream()
                .filter(manager -> snapshot.reach().mutual(machine, manager))
                .toList();
    }

    /** The managers whose daemon answers, by hostname, in the order of the machines. */
    public static List<String> managersAnswering(ClusterSnapshot snapshot) {
        return snapshot.swarm().map(swarm -> Quorum.answering(snapshot, swarm)).orElse(List.of());
    }

    /** Each machine is compared only with those that have no part yet. */
    private static List<List<String>> parts(List<String> running, Reach reach) {
        if (reach.exceptions().isEmpty()) {
            return running.isEmpty() ? List.of() : List.of(running);
        }
        var left = new LinkedHashSet<>(running);
        var parts = new ArrayList<List<String>>();
        while (!left.isEmpty()) {
            String first = left.removeFirst();
            Set<String> part = new HashSet<>(Set.of(first));
            var next = new ArrayDeque<>(List.of(first));
            while (!next.isEmpty()) {
                String from = next.remove();
                List<String> heard =
                        left.stream().filter(other -> reach.mutual(from, other)).toList();
                part.addAll(heard);
                next.addAll(heard);
                left.removeAll(new HashSet<>(heard));
            }
            parts.add(running.stream().filter(part::contains).toList());
        }
        return parts;
    }

    /** Whether every way between two parts is cut, and none within one. */
    private static boolean apart(Reach reach, List<List<String>> parts, Map<String, Integer> partOf) {
        long between = 0;
        for (Way way : reach.cut()) {
            Integer from = partOf.get(way.from());
            Integer to = partOf.get(way.to());
            if (from != null && to != null) {
                if (from.equals(to)) {
                    return false;
                }
                between++;
            }
        }
        long machines = partOf.size();
        long within = parts.stream()
                .mapToLong(part -> (long) part.size() * part.size())
                .sum();
        return between == machines * machines - within;
    }

    private static List<Side> swarm(
            ClusterSnapshot snapshot, SwarmView swarm, List<List<String>> parts, Map<String, Integer> partOf) {
        List<String> managers = Quorum.answering(snapshot, swarm);
        int of = Quorum.managers(swarm).size();
        Map<String, String> believed = snapshot.machines().stream()
                .collect(Collectors.toMap(
                        m -> m.machine().name(), MachineView::believedLeader, (first, second) -> first));
        var groups = new ArrayList<Side>();
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            List<String> here = managers.stream()
                    .filter(manager -> partOf.getOrDefault(manager, -1) == part)
                    .toList();
            String leader = here.stream()
                    .map(manager -> believed.getOrDefault(manager, ""))
                    .filter(here::contains)
                    .findFirst()
                    .orElse("");
            groups.add(group(here, of, leader, snapshot.reach()));
        }
        return groups;
    }

    private static Side group(List<String> here, int of, String leader, Reach reach) {
        long reached = leader.isEmpty()
                ? 0
                : here.stream().filter(other -> reach.mutual(leader, other)).count();
        return new Side(here.size(), of, leader, 2 * reached > of);
    }

    private static List<Side> consul(ConsulView consul, Reach reach, List<List<String>> parts) {
        Map<String, String> machines = consul.members().stream()
                .collect(Collectors.toMap(ConsulMember::name, ConsulMember::machine, (first, second) -> first));
        Set<String> servers = servers(consul);
        var groups = new ArrayList<Side>();
        for (List<String> part : parts) {
            List<AgentView> agents = consul.agents().stream()
                    .filter(agent -> part.contains(agent.machine()))
                    .toList();
            Set<String> alive = agents.stream()
                    .map(AgentView::alive)
                    .flatMap(Collection::stream)
                    .collect(Collectors.toSet());
            List<String> here = servers.stream()
                    .filter(alive::contains)
                    .filter(server -> part.contains(machines.getOrDefault(server, "")))
                    .toList();
            String leader = agents.stream()
                    .map(AgentView::leader)
                    .filter(here::contains)
                    .findFirst()
                    .orElse("");
            long reached = leader.isEmpty()
                    ? 0
                    : here.stream()
                            .filter(other ->
                                    reach.mutual(machines.getOrDefault(leader, ""), machines.getOrDefault(other, "")))
                            .count();
            groups.add(new Side(here.size(), servers.size(), leader, 2 * reached > servers.size()));
        }
        return groups;
    }

    /** Those that vote; where nobody tells of them, the servers that gossip knows. */
    private static Set<String> servers(ConsulView consul) {
        Set<String> voters = consul.peers().stream()
                .filter(RaftPeer::voter)
                .map(RaftPeer::node)
                .collect(Collectors.toCollection(TreeSet::new));
        return !voters.isEmpty()
                ? voters
                : consul.members().stream()
                        .filter(member -> member.server() && member.status() != MemberStatus.LEFT)
                        .map(ConsulMember::name)
                        .collect(Collectors.toCollection(TreeSet::new));
    }
}
