package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.Quorum;
import dev.clusterlab.provisioning.observe.Reachability;
import dev.clusterlab.ui.model.Topology.Band;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Headline;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster as Docker Swarm sees it: tasks on nodes, overlay networks behind them, who leads. */
final class SwarmPicture implements Picture {
    private final ClusterSnapshot snapshot;
    private final Texts texts;
    private final TaskChips tasks;

    SwarmPicture(ClusterSnapshot snapshot, Texts texts, TaskChips tasks) {
        this.snapshot = snapshot;
        this.texts = texts;
        this.tasks = tasks;
    }

    @Override
    public List<Chip> chips(MachineView machine) {
        List<Chip> chips = new ArrayList<>();
        tasks.of(machine).forEach(task -> chips.add(tasks.chip(task, machine)));
        List<Chip> all = new ArrayList<>(tasks.withOrphans(chips, machine));
        all.addAll(tasks.looseContainers(machine));
        return all;
    }

    @Override
    public List<Link> links(Canvas.Places places) {
        return List.of();
    }

    /** Networks are the subject of this picture only; in the others they would be one more line among lines. */
    @Override
    public List<Band> bands() {
        Map<String, NetworkView> overlays = new LinkedHashMap<>();
        snapshot.swarm()
                .ifPresent(s -> s.networks().stream()
                        .filter(n -> n.driver().equals("overlay") && !n.name().equals("ingress"))
                        .forEach(n -> overlays.put(n.name(), n)));
        List<Band> bands = new ArrayList<>();
        for (NetworkView overlay : overlays.values()) {
            if (bands.size() < 2) {
                bands.add(new Band(overlay.name(), overlay.subnet(), bands.size()));
            }
        }
        return bands;
    }

    @Override
    public Headline headline() {
        if (snapshot.swarm().isEmpty()) {
            return new Headline(Tone.NEUTRAL, texts.get("swarm.none"), texts.get("swarm.none.detail"));
        }
        SwarmView swarm = snapshot.swarm().get();
        List<NodeView> managers =
                swarm.nodes().stream().filter(n -> n.role() == NodeRole.MANAGER).toList();
        long reachable = managers.stream()
                .filter(n -> n.reachability() == Reachability.REACHABLE)
                .count();
        int needed = managers.size() / 2 + 1;
        if (!swarm.hasLeader()) {
            Optional<Quorum> lost = Quorum.of(snapshot).filter(Quorum::lost);
            return lost.isPresent()
                    ? new Headline(Tone.BAD, texts.get("swarm.lost"), lost(lost.get()))
                    : new Headline(
                            Tone.BAD,
                            texts.get("swarm.noleader"),
                            texts.get("swarm.noleader.detail", managers.size(), needed));
        }
        boolean tight = reachable == needed && managers.size() > 1;
        return new Headline(
                reachable < needed ? Tone.BAD : tight ? Tone.WAITING : Tone.GOOD,
                texts.get("swarm.led", swarm.leader()),
                texts.get(
                        managers.size() == 1 ? "swarm.led.only" : tight ? "swarm.led.tight" : "swarm.led.detail",
                        reachable,
                        managers.size(),
                        needed));
    }

    /** Whether too few are left, or too few of those hear each other. */
    private String lost(Quorum quorum) {
        return quorum.answering() < quorum.needed()
                ? texts.get("swarm.lost.detail", quorum.answering(), quorum.managers(), quorum.needed())
                : texts.get("swarm.lost.apart", quorum.together(), quorum.managers(), quorum.needed());
    }
}
