package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.AgentView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.Islands;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.ui.model.Topology.Belief;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whom each machine believes to lead: in Consul's view of Consul, else of the swarm. A worker knows managers, and no leader. */
final class Beliefs {
    private final ClusterSnapshot snapshot;
    private final Texts texts;
    private final View view;
    private final List<String> answering;
    private final int managers;
    /** Consul's agents by their machine. */
    private final Map<String, List<AgentView>> agents = new HashMap<>();
    /** Where members of Consul are. */
    private final Map<String, Set<String>> machines = new HashMap<>();
    /** What workers say, by how many managers they hear: many say the same. */
    private final Map<Integer, Belief> heard = new HashMap<>();

    Beliefs(ClusterSnapshot snapshot, View view, Texts texts) {
        this.snapshot = snapshot;
        this.view = view;
        this.texts = texts;
        this.answering = Islands.managersAnswering(snapshot);
        this.managers = (int) snapshot.swarm().stream()
                .flatMap(swarm -> swarm.nodes().stream())
                .filter(node -> node.role() == NodeRole.MANAGER)
                .count();
        if (view == View.CONSUL) {
            snapshot.consul().ifPresent(consul -> {
                consul.agents()
                        .forEach(agent -> agents.computeIfAbsent(agent.machine(), m -> new ArrayList<>())
                                .add(agent));
                consul.members()
                        .forEach(member -> machines.computeIfAbsent(member.name(), m -> new HashSet<>())
                                .add(member.machine()));
            });
        }
    }

    Belief of(MachineView machine) {
        if (!machine.answering()) {
            return Belief.NONE;
        }
        return view == View.CONSUL
                ? snapshot.consul().map(consul -> ofAgent(machine, consul)).orElse(Belief.NONE)
                : snapshot.swarm()
                        .filter(swarm -> machine.localNodeState() == LocalNodeState.ACTIVE)
                        .map(swarm -> machine.manager() ? ofManager(machine, swarm) : ofWorker(machine))
                        .orElse(Belief.NONE);
    }

    private Belief ofManager(MachineView machine, SwarmView swarm) {
        String leader = machine.believedLeader();
        boolean agreed = swarm.hasLeader() && leader.equals(swarm.leader());
        if (leader.equals(machine.machine().name())) {
            return new Belief(
                    texts.get(agreed ? "belief.leads" : "belief.leads.alone"), "", agreed ? Tone.GOOD : Tone.WAITING);
        }
        return follows(leader, agreed);
    }

    private Belief follows(String leader, boolean agreed) {
        return leader.isEmpty()
                ? new Belief(texts.get("belief.nobody"), "", Tone.BAD)
                : new Belief(texts.get("belief.follows"), leader, agreed ? Tone.NEUTRAL : Tone.WAITING);
    }

    private Belief ofWorker(MachineView machine) {
        int hears = (int) answering.stream()
                .filter(manager -> snapshot.reach().mutual(machine.machine().name(), manager))
                .count();
        return heard.computeIfAbsent(hears, this::hearing);
    }

    private Belief hearing(int hears) {
        if (hears == 0) {
            return new Belief(texts.get("belief.hears.none"), "", Tone.BAD);
        }
        return hears < managers
                ? new Belief(texts.get("belief.hears.some", hears, managers), "", Tone.WAITING)
                : new Belief(texts.get("belief.hears.all", managers), "", Tone.NEUTRAL);
    }

    private Belief ofAgent(MachineView machine, ConsulView consul) {
        String name = machine.machine().name();
        List<String> leaders = agents.getOrDefault(name, List.of()).stream()
                .map(AgentView::leader)
                .distinct()
                .sorted(java.util.Comparator.comparing(String::isEmpty))
                .toList();
        if (leaders.isEmpty()) {
            return Belief.NONE;
        }
        String leader = leaders.getFirst();
        boolean here = machines.getOrDefault(leader, Set.of()).contains(name);
        return here
                ? new Belief(texts.get("belief.leads"), "", Tone.GOOD)
                : follows(leader, leader.equals(consul.leader()));
    }
}
