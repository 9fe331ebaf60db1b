package dev.clusterlab.lab.experiment;

import dev.clusterlab.provisioning.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A step of a method. */
public sealed interface Step {
    /**
     * Breaks something on purpose.
     *
     * @param aim fits {@link FaultKind#aim()}
     * @param lease engine time after which it ends by itself; empty: it lasts until everything is healed
     */
    record Inject(FaultKind kind, Aim aim, Optional<Duration> lease) implements Step {}

    /** Runs a script in the lab's shell; one that ends with another status than 0 is a mistake of the experiment. */
    record Run(String script) implements Step {}

    /** Lets engine time pass. */
    record Wait(Duration time) implements Step {}

    /** Goes on once a condition of the check language holds; if it does not within that time, the experiment has failed. */
    record Until(String expression, Duration within) implements Step {}

    /** Branches that go on beside each other, each a sequence; ends with the last of them. */
    record Together(List<List<Step>> branches) implements Step {
        public Together {
            branches = branches.stream().map(List::copyOf).toList();
        }
    }

    /** What a fault is aimed at. */
    sealed interface Aim {
        /** One machine or container, or several machines, each of which gets a fault of its own. */
        record At(Selector selector) implements Aim {}

        /** Groups of machines to part; a single one is parted from all others. */
        record Groups(List<List<Selector>> groups) implements Aim {
            public Groups {
                groups = groups.stream().map(List::copyOf).toList();
            }
        }

        /** All of the network. */
        record Everything() implements Aim {}
    }
}
