package dev.clusterlab.provisioning.hosts.consent;

import dev.clusterlab.provisioning.Way;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** On which hosts ways are broken, so that few are touched. */
final class FewestHosts {
    private FewestHosts() {}

    /**
     * Of each way one end at least, all of them allowed; few, by taking again and again whoever has most of the ways that are left, by name
     * where there are several.
     *
     * @return empty if some way has no end that is allowed
     */
    static Optional<SortedSet<String>> of(Collection<Way> ways, Set<String> allowed) {
        var chosen = new TreeSet<String>();
        for (Way way : ways) {
            boolean from = allowed.contains(way.from());
            boolean to = allowed.contains(way.to());
            if (!from && !to) {
                return Optional.empty();
            }
            if (from != to) {
                chosen.add(from ? way.from() : way.to());
            }
        }
        List<Way> left = new ArrayList<>(ways);
        left.removeIf(way -> chosen.stream().anyMatch(way::touches));
        while (!left.isEmpty()) {
            String next = "";
            long most = 0;
            for (String host : new TreeSet<>(allowed)) {
                long touched = left.stream().filter(way -> way.touches(host)).count();
                if (touched > most) {
                    most = touched;
                    next = host;
                }
            }
            String taken = next;
            chosen.add(taken);
            left.removeIf(way -> way.touches(taken));
        }
        return Optional.of(chosen);
    }
}
