package dev.clusterlab.lab.target;

import java.util.List;

/** What a fault is aimed at. */
public sealed interface Aim {
    /** One machine or container, or several machines, each of which gets a fault of its own. */
    record At(Selector selector) implements Aim {}

    /** Groups of machines, as {@link dev.clusterlab.provisioning.FaultKind.Aim} has them. */
    record Groups(List<List<Selector>> groups) implements Aim {
        public Groups {
            groups = groups.stream().map(List::copyOf).toList();
        }
    }

    /** All of the network. */
    record Everything() implements Aim {}
}
