package dev.clusterlab.lab.target;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who is hit; found out when the fault is injected, from what is observed then. */
public sealed interface Selector {
    /** A machine by its name; of containers a task such as {@code web.3}, or the container's name or the beginning of its id. */
    record Named(String name) implements Selector {}

    /** A container by its machine and its name or the beginning of its id. */
    record OnMachine(String machine, String container) implements Selector {}

    /** Whoever leads. */
    record Leader(Group.Of of) implements Selector {}

    /** One of a group, by the seed. */
    record RandomOne(Group group) implements Selector {}

    /** A part of a group: its leader first, where it has one, then by name. */
    record Part(Share share, Group group) implements Selector {}

    /** The machines that are ready and whose node has a label, by name; with any value if it is empty. */
    record Labelled(String label, String value) implements Selector {}

    /** One of the tasks that run for a service, by the seed. */
    record TaskOf(String service) implements Selector {}

    /** How much of a group. */
    enum Share {
        /** The first. */
        ONE,
        /** The most that can be lost without losing the majority, but at least one. */
        MINORITY,
        /** The fewest that are a majority. */
        MAJORITY,
        ALL;

        /** As it is written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
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
            CONSUL;

            /** As it is written. */
            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** As it is written in files. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Group> of(String word) {
            return Arrays.stream(values())
                    .filter(group -> group.word().equals(word))
                    .findFirst();
        }

        /** Those of which a share can be meant: only who votes has minorities. */
        public static List<Group> with(Share share) {
            return switch (share) {
                case ONE, ALL -> List.of(values());
                case MINORITY, MAJORITY -> List.of(MANAGERS, CONSUL);
            };
        }
    }
}
