package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Tally;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what stands on a machine, by service and by how it fares: what is in trouble first. */
final class Tallies {
    private static final Comparator<Tally> GRAVEST_FIRST = Comparator.comparing(tally -> switch (tally.tone()) {
        case BAD -> 0;
        case WAITING -> 1;
        case GOOD, NEUTRAL -> 2;
    });

    private Tallies() {}

    private record Kin(ServicePalette.Mark mark, Tone tone) {}

    static List<Tally> of(List<Chip> chips) {
        Map<Kin, Integer> counts = new LinkedHashMap<>();
        for (Chip chip : chips) {
            if (!chip.faded()) {
                counts.merge(new Kin(chip.mark(), chip.tone()), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .map(each -> new Tally(each.getKey().mark(), each.getKey().tone(), each.getValue()))
                .sorted(GRAVEST_FIRST)
                .toList();
    }
}
