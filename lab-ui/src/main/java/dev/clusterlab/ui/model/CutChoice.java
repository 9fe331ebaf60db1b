package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.fault.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Ways that a person has chosen to cut, one by one, and the faults that do just that. */
public final class CutChoice {
    private final SortedSet<Way> chosen = new TreeSet<>();

    public boolean contains(Way way) {
        return chosen.contains(way);
    }

    public boolean isEmpty() {
        return chosen.isEmpty();
    }

    /** Chooses a way, or no longer. */
    public void toggle(Way way) {
        if (!chosen.remove(way)) {
            chosen.add(way);
        }
    }

    /** Chooses all of these ways, or none of them where all are chosen. */
    public void toggleAll(List<Way> ways) {
        if (chosen.containsAll(ways)) {
            chosen.removeAll(Set.copyOf(ways));
        } else {
            chosen.addAll(ways);
        }
    }

    /**
     * As few as can be: one partition where two groups hear nothing of each other any more, else one fault for all machines whose
     * packets are lost on the way to the same others.
     */
    public List<Fault> faults() {
        Map<String, Set<String>> targets = new LinkedHashMap<>();
        chosen.forEach(way ->
                targets.computeIfAbsent(way.from(), from -> new TreeSet<>()).add(way.to()));
        Map<Set<String>, Set<String>> groups = new LinkedHashMap<>();
        targets.forEach(
                (from, to) -> groups.computeIfAbsent(to, t -> new TreeSet<>()).add(from));
        if (groups.size() == 2) {
            var first = groups.entrySet().iterator().next();
            if (first.getKey().equals(otherThan(groups, first.getKey()))
                    && first.getValue().equals(keyOtherThan(groups, first.getKey()))) {
                return List.of(new Fault.NetworkPartition(List.of(first.getValue(), first.getKey()), Optional.empty()));
            }
        }
        List<Fault> faults = new ArrayList<>();
        groups.forEach((to, from) -> faults.add(new Fault.NetworkOneWay(from, to, Optional.empty())));
        return faults;
    }

    private static Set<String> otherThan(Map<Set<String>, Set<String>> groups, Set<String> key) {
        return groups.entrySet().stream()
                .filter(each -> !each.getKey().equals(key))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Set.of());
    }

    private static Set<String> keyOtherThan(Map<Set<String>, Set<String>> groups, Set<String> key) {
        return groups.keySet().stream()
                .filter(each -> !each.equals(key))
                .findFirst()
                .orElse(Set.of());
    }
}
