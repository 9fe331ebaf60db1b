package dev.clusterlab.lab.experiment;

import java.util.Arrays;
import java.util.Optional;

/** Who is hit; found out when the fault is injected, from what is observed then. */
public sealed interface Selector {
    /** A machine by its name; of containers a task such as {@code web.3}, or the container's name. */
    record Named(String name) implements Selector {}

    /** Whoever leads. */
    record Leader(Group.Of of) implements Selector {}

    /** One of a group, by the seed. */
    record RandomOne(Group group) implements Selector {}

    /** A part of a group that has a majority: its leader first, then by name. */
    record Part(Share share, Group group) implements Selector {}

    /** One of the tasks that run for a service, by the seed. */
    record TaskOf(String service) implements Selector {}

    /** How much of a group. */
    enum Share {
        /** The most that can be lost without losing the majority, but at least one. */
        MINORITY,
        /** The fewest that are a majority. */
        MAJORITY,
        ALL
    }

    /** Machines that are of a kind at the moment. */
    enum Group {
        MACHINES,
        MANAGERS,
        WORKERS,
        /** Machines on which Consul's servers run. */
        CONSUL;

        /** Who has leaders. */
        public enum Of {
            SWARM,
            CONSUL
        }

        /** As it is written in files. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Optional<Group> of(String word) {
            return Arrays.stream(values())
                    .filter(group -> group.word().equals(word))
                    .findFirst();
        }
    }
}
