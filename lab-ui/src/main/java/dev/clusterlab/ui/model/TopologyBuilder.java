package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.ui.model.Topology.Band;
import dev.clusterlab.ui.model.Topology.Belief;
import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Condition;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.Role;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Turns snapshots into pictures. Keeps what must stay the same between them: places, colours and signs. Not thread-safe. */
public final class TopologyBuilder {
    private final Canvas canvas = new Canvas();
    private final ChipWriting writing;
    private final ServicePalette palette;
    /** What the last picture had of each machine: what has not changed is the same object again, and costs nobody anything. */
    private final Map<String, Drawn> drawn = new HashMap<>();

    private record Drawn(List<Chip> chips, List<Topology.Tally> tally, Optional<Box> box) {}

    public TopologyBuilder(ServicePalette palette) {
        this(palette, System::nanoTime);
    }

    /** {@code nanoTime}: as {@link System#nanoTime}. */
    TopologyBuilder(ServicePalette palette, LongSupplier nanoTime) {
        this.palette = palette;
        this.writing = new ChipWriting(nanoTime);
    }

    /** On a sheet of usual size. */
    public Topology build(
            ClusterSnapshot snapshot, View view, Texts texts, Optional<String> asked, List<EngineProgress> making) {
        return build(snapshot, view, texts, asked, making, Sheet.USUAL);
    }

    /**
     * The picture of a snapshot, with words in the language of {@code texts}.
     *
     * @param asked machine that clients ask, where that is known; otherwise it is taken to be the first with a Traefik
     * @param making machines that are being made, none of which is in the snapshot
     */
    public Topology build(
            ClusterSnapshot snapshot,
            View view,
            Texts texts,
            Optional<String> asked,
            List<EngineProgress> making,
            Sheet sheet) {
        snapshot.swarm().ifPresent(s -> s.services().forEach(service -> palette.mark(service.name())));
        List<String> made = making.stream().map(EngineProgress::subject).toList();
        List<String> names = Stream.concat(
                        snapshot.machines().stream().map(m -> m.machine().name()), made.stream())
                .toList();
        if (canvas.take(sheet)) {
            writing.forget();
        }
        Map<String, SlotBook.Cell> cells = canvas.settle(names, made);
        TaskChips tasks = new TaskChips(snapshot, texts, palette);
        Picture picture = switch (view) {
            case SWARM -> new SwarmPicture(snapshot, texts, tasks);
            case CONSUL -> new ConsulPicture(snapshot, texts, tasks);
            case TRAFFIC -> new TrafficPicture(snapshot, texts, tasks, asked);
        };
        List<Band> bands = picture.bands();
        Map<String, List<Chip>> chips = new LinkedHashMap<>();
        Map<String, Integer> taken = new LinkedHashMap<>();
        drawn.keySet().retainAll(Set.copyOf(names));
        for (MachineView machine : snapshot.machines()) {
            String name = machine.machine().name();
            chips.put(name, sameOrNew(name, withoutDoubles(picture.chips(machine))));
            // One ribbon has its room in every box.
            taken.put(name, Math.max(0, bands.size() - 1));
        }
        ChipWriting.Page page =
                writing.write(view, chips, taken, sheet, canvas.boxWidth() - Topology.CHIP_INSET, canvas.lines());
        Canvas.Places places = canvas.lay(cells);
        var islands = new IslandMap(snapshot, view, texts);
        var beliefs = new Beliefs(snapshot, view, texts);
        var nodes = new Nodes(snapshot.swarm());
        List<Box> boxes = new ArrayList<>();
        for (MachineView machine : snapshot.machines()) {
            String name = machine.machine().name();
            ChipWriting.Written written =
                    java.util.Objects.requireNonNull(page.boxes().get(name));
            Drawn before = java.util.Objects.requireNonNull(drawn.get(name));
            boxes.add(sameOrNew(
                    before,
                    new Box(
                            name,
                            machine.machine().ip(),
                            places.x(name),
                            places.y(name),
                            places.boxHeight(name),
                            condition(machine, nodes),
                            role(machine, nodes),
                            plugged(machine, bands),
                            islands.letter(name),
                            beliefs.of(machine),
                            written.chips(),
                            written.more(),
                            before.tally(),
                            "")));
        }
        for (EngineProgress each : making) {
            boxes.add(unmade(each, places, texts));
        }
        List<Link> links = new ArrayList<>(picture.links(places));
        if (view != View.TRAFFIC) {
            links.addAll(islands.lostWays(places));
        }
        return new Topology(
                view,
                picture.headline(),
                boxes,
                bands,
                links,
                islands.islands(places),
                islands.tears(places),
                page.writing(),
                canvas.boxWidth(),
                places.width(),
                places.height());
    }

    /** One that has its place, and little else. */
    private static Box unmade(EngineProgress progress, Canvas.Places places, Texts texts) {
        return new Box(
                progress.subject(),
                "",
                places.x(progress.subject()),
                places.y(progress.subject()),
                places.boxHeight(progress.subject()),
                Condition.MAKING,
                Role.NONE,
                List.of(),
                "",
                Belief.NONE,
                List.of(),
                0,
                List.of(),
                texts.get("progress." + progress.stage().name().toLowerCase(Locale.ROOT)));
    }

    private List<Chip> sameOrNew(String machine, List<Chip> chips) {
        Drawn before = drawn.get(machine);
        if (before != null && before.chips().equals(chips)) {
            return before.chips();
        }
        drawn.put(machine, new Drawn(chips, Tallies.of(chips), Optional.empty()));
        return chips;
    }

    private Box sameOrNew(Drawn before, Box box) {
        if (before.box().filter(box::equals).isPresent()) {
            return before.box().get();
        }
        drawn.put(box.name(), new Drawn(before.chips(), before.tally(), Optional.of(box)));
        return box;
    }

    static Condition condition(MachineView machine, Nodes nodes) {
        switch (machine.machine().state()) {
            case KILLED -> {
                return machine.machine().cutOff() ? Condition.CUT_OFF : Condition.KILLED;
            }
            case STOPPED -> {
                return machine.machine().cutOff() ? Condition.CUT_OFF : Condition.STOPPED;
            }
            case PAUSED -> {
                return Condition.PAUSED;
            }
            case RUNNING -> {
                if (!machine.answering()) {
                    // Whoever has never answered starts.
                    return machine.engineVersion().isEmpty() ? Condition.MAKING : Condition.SILENT;
                }
            }
        }
        if (machine.localNodeState() != LocalNodeState.ACTIVE) {
            return Condition.ALONE;
        }
        Optional<NodeView> node = nodes.of(machine);
        if (node.isEmpty()) {
            return Condition.NODE_UNKNOWN;
        }
        return switch (node.get().state()) {
            case READY -> node.get().availability() == Availability.DRAIN ? Condition.DRAINED : Condition.READY;
            case DOWN -> Condition.NODE_DOWN;
            case DISCONNECTED, UNKNOWN -> Condition.NODE_UNKNOWN;
        };
    }

    static Role role(MachineView machine, Nodes nodes) {
        return nodes.of(machine)
                .map(n -> n.role() != NodeRole.MANAGER
                        ? Role.WORKER
                        : n.leader() && nodes.led() ? Role.LEADER : Role.MANAGER)
                .orElse(Role.NONE);
    }

    /** Machines on each side of the cuts in force: machine → letter. */
    static Map<String, String> sides(List<ActiveFault> faults) {
        Map<String, String> sides = new LinkedHashMap<>();
        char letter = 'A';
        for (ActiveFault fault : faults) {
            if (fault.target() instanceof Target.OfGroups of) {
                for (List<String> group : of.groups()) {
                    for (String machine : group) {
                        sides.put(machine, String.valueOf(letter));
                    }
                    letter++;
                }
            }
        }
        return sides;
    }

    private static List<String> plugged(MachineView machine, List<Band> bands) {
        return bands.stream()
                .map(Band::name)
                .filter(name ->
                        machine.networks().stream().anyMatch(n -> n.name().equals(name)))
                .toList();
    }

    /** An instance can stand in the catalog of several agents for a while: it is one chip, as its worst entry says. */
    private static List<Chip> withoutDoubles(List<Chip> chips) {
        if (chips.size() < 2) {
            return List.copyOf(chips);
        }
        Map<String, Chip> byId = new LinkedHashMap<>();
        for (Chip chip : chips) {
            byId.merge(chip.id(), chip, (first, second) -> second.tone() == Tone.BAD ? second : first);
        }
        return List.copyOf(byId.values());
    }
}
