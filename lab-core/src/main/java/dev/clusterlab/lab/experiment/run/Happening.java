package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.provisioning.FaultKind;
import java.time.Duration;
import java.util.List;

/** Something that happened in a run, in order. {@code at}: engine time since the engine began. */
public sealed interface Happening {
    Duration at();

    /** A step of the lab that brings the cluster up begins. */
    record LabStep(Duration at, int number, int of, String title) implements Happening {}

    /**
     * What should hold holds, so the method may begin.
     *
     * @param took engine time since the platform was there
     */
    record Steady(Duration at, Duration took) implements Happening {}

    /** @param targets what people call those whom it hits */
    record Broken(Duration at, FaultKind kind, List<String> targets) implements Happening {
        public Broken {
            targets = List.copyOf(targets);
        }
    }

    /**
     * A script ended.
     *
     * @param phase why it ran
     */
    record Ran(Duration at, Phase phase, String script, int status) implements Happening {}

    /** What a step waited for came. */
    record Came(Duration at, String expression, Duration took) implements Happening {}

    /** The method has ended; it is watched for some more time. */
    record Watching(Duration at, Duration time) implements Happening {}

    /** A condition began to fail. */
    record Lost(Duration at, Expectation.Condition condition) implements Happening {}

    /** It holds again. */
    record Regained(Duration at, Expectation.Condition condition) implements Happening {}

    /** Everything that was broken and did not end by itself is undone from here on. */
    record Healing(Duration at, int faults) implements Happening {}

    /**
     * Everything holds again.
     *
     * @param took engine time since the healing began
     */
    record Recovered(Duration at, Duration took) implements Happening {}

    /** Why a script runs. */
    enum Phase {
        PLATFORM,
        METHOD,
        ROLLBACK
    }
}
