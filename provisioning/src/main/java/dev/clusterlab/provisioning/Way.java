package dev.clusterlab.provisioning;

import java.util.Comparator;

/** One direction of the network between two machines, by their names. The way back is another one. */
public record Way(String from, String to) implements Comparable<Way> {
    private static final Comparator<Way> ORDER = Comparator.comparing(Way::from).thenComparing(Way::to);

    /** Whether it begins or ends at this machine. */
    public boolean touches(String machine) {
        return from.equals(machine) || to.equals(machine);
    }

    @Override
    public int compareTo(Way other) {
        return ORDER.compare(this, other);
    }
}
