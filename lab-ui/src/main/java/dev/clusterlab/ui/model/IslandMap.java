package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.Islands;
import dev.clusterlab.ui.model.Topology.Island;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.LinkKind;
import dev.clusterlab.ui.model.Topology.Tear;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a picture shows where the network has fallen apart: hulls round the machines of an island, which keep their places, tears
 * between machines side by side, and, where cuts of one direction or of single ways make no islands, the ways that are cut.
 */
final class IslandMap {
    /** How far a hull reaches beyond the boxes. */
    private static final double REACH = 12;

    private static final int LINKS_MAX = 24;

    private final ClusterSnapshot snapshot;
    private final Texts texts;
    private final View view;
    private final Islands islands;
    private final Map<String, String> letters;

    IslandMap(ClusterSnapshot snapshot, View view, Texts texts) {
        this.snapshot = snapshot;
        this.view = view;
        this.texts = texts;
        this.islands = Islands.of(snapshot);
        this.letters = letters(islands, TopologyBuilder.sides(snapshot.faults()));
    }

    /** Letter of a machine's island; empty while the network is whole, or has no islands. */
    String letter(String machine) {
        return letters.getOrDefault(machine, "");
    }

    /** An island that is one side of a cut has the letter of that side; the others get what is left. */
    private static Map<String, String> letters(Islands islands, Map<String, String> sides) {
        Map<String, String> letters = new LinkedHashMap<>();
        if (!islands.apart()) {
            return letters;
        }
        Map<Islands.Island, String> given = new LinkedHashMap<>();
        Set<String> used = new HashSet<>();
        for (Islands.Island island : islands.all()) {
            Set<String> said = new HashSet<>();
            island.machines().forEach(machine -> said.add(sides.getOrDefault(machine, "")));
            String letter = said.iterator().next();
            if (said.size() == 1 && !letter.isEmpty() && used.add(letter)) {
                given.put(island, letter);
            }
        }
        char next = 'A';
        for (Islands.Island island : islands.all()) {
            while (!given.containsKey(island)) {
                String letter = String.valueOf(next++);
                if (used.add(letter)) {
                    given.put(island, letter);
                }
            }
        }
        given.forEach((island, letter) -> island.machines().forEach(machine -> letters.put(machine, letter)));
        return letters;
    }

    // ---- hulls

    List<Island> islands(Canvas.Places places) {
        if (!islands.apart()) {
            return List.of();
        }
        List<Island> drawn = new ArrayList<>();
        for (Islands.Island island : islands.all()) {
            drawn.add(island(island, places));
        }
        return drawn;
    }

    private Island island(Islands.Island island, Canvas.Places places) {
        String letter = letter(island.machines().getFirst());
        boolean ofConsul = view == View.CONSUL && island.consul().isPresent();
        Optional<Islands.Side> side = ofConsul ? island.consul() : island.swarm();
        String count = side.map(s -> texts.get(ofConsul ? "island.servers" : "island.managers", s.here(), s.of()))
                .orElse("");
        String brief = side.map(s -> s.here() + "/" + s.of()).orElse("");
        Tone tone = side.map(IslandMap::tone).orElse(Tone.NEUTRAL);
        String verdict = side.map(s -> texts.get(verdict(s))).orElse("");
        var bare = new Island(letter, island.machines(), count, brief, verdict, tone, List.of(), List.of());
        return grid(places).lay(bare, places.cells());
    }

    private static IslandGrid grid(Canvas.Places places) {
        LinkRouter router = places.router();
        return new IslandGrid(
                router::x,
                router::y,
                router::height,
                router.boxWidth(),
                Topology.GAP_X,
                Topology.GAP_Y,
                REACH,
                REACH,
                REACH);
    }

    private static String verdict(Islands.Side side) {
        return side.decides() ? "island.decides" : side.majority() ? "island.elects" : "island.cannot";
    }

    private static Tone tone(Islands.Side side) {
        return side.decides() ? Tone.GOOD : side.majority() ? Tone.WAITING : Tone.BAD;
    }

    // ---- tears and lost ways

    /** Lines between machines that do not hear each other; each fault behind them has its sign once. */
    List<Tear> tears(Canvas.Places places) {
        Set<String> marked = new HashSet<>();
        return grid(places).tears(places.cells(), IslandGrid.apart(letters)).stream()
                .map(tear -> {
                    String fault = fault(tear.left(), tear.right())
                            .map(ActiveFault::id)
                            .orElse("");
                    boolean badge = !fault.isEmpty() && marked.add(fault);
                    return new Tear(tear.left(), tear.right(), tear.from(), tear.to(), fault, badge);
                })
                .toList();
    }

    /** The cut that keeps two machines from hearing each other. */
    private Optional<ActiveFault> fault(String left, String right) {
        return snapshot.faults().stream()
                .filter(fault -> fault.target() instanceof Target.OfGroups of
                        && side(of, left) >= 0
                        && side(of, right) >= 0
                        && side(of, left) != side(of, right))
                .findFirst();
    }

    private static int side(Target.OfGroups of, String machine) {
        for (int i = 0; i < of.groups().size(); i++) {
            if (of.groups().get(i).contains(machine)) {
                return i;
            }
        }
        return -1;
    }

    /** The ways that are cut, where these make no islands. Of two machines that do not hear each other at all, one line. */
    List<Link> lostWays(Canvas.Places places) {
        Reach reach = snapshot.reach();
        List<Link> links = new ArrayList<>();
        if (islands.apart() || reach.exceptions().isEmpty()) {
            return links;
        }
        for (Way way : reach.cut()) {
            boolean both = reach.of(new Way(way.to(), way.from())) == Reach.Finding.CUT;
            boolean known =
                    places.of(way.from()).isPresent() && places.of(way.to()).isPresent();
            if (known && links.size() < LINKS_MAX && !(both && way.from().compareTo(way.to()) > 0)) {
                links.add(new Link(
                        way.from(),
                        way.to(),
                        LinkKind.CUT,
                        Tone.BAD,
                        0,
                        places.router()
                                .between(places.require(way.from()), places.require(way.to()), links.size() % 3 - 1)));
            }
        }
        return links;
    }
}
