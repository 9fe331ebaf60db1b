package dev.clusterlab.ui.model;

import dev.clusterlab.lab.way.Destination;
import java.util.Optional;

/**
 * Where in which lab the window begins on a new cluster.
 *
 * @param lab its name or folder; empty for the one that the program was asked for
 * @param to the point that the cluster is brought to; empty: the lab begins
 * @param clients whether the client that asks again and again is switched on once it is there
 */
public record Start(String lab, Optional<Destination> to, boolean clients) {
    /** The first step of a lab. */
    public static Start anew(String lab) {
        return new Start(lab, Optional.empty(), false);
    }

    /** A point of a lab. */
    public static Start at(String lab, Destination to) {
        return new Start(lab, Optional.of(to), false);
    }
}
