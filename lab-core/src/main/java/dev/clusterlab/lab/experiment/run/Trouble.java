package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import java.time.Duration;
import java.util.List;

/** Why an experiment did not begin or did not succeed, whatever its hypothesis. */
public sealed interface Trouble {
    /** It was not written for this engine. */
    record OtherEngine(String engine, List<String> engines) implements Trouble {}

    /** The engine's host cannot do a fault. */
    record CannotDo(FaultKind kind, HostLack lack) implements Trouble {}

    /** Something is broken already in the cluster that it is to be run in. */
    record InForce(int faults) implements Trouble {}

    /** A machine that it names is not in the cluster that it is to be run in. */
    record NoMachine(String machine) implements Trouble {}

    /** Nobody in the cluster that it is to be run in publishes the port that traffic goes to. */
    record NoEntry() implements Trouble {}

    /** What should hold all the time does not hold now, in the cluster that it is to be run in. */
    record NotAsNeeded(List<Expectation> missing) implements Trouble {
        public NotAsNeeded {
            missing = List.copyOf(missing);
        }
    }

    /** The owner of the cluster does not allow it, or it would break too much of it. */
    record NotAllowed(LabException why) implements Trouble {}

    /**
     * The cluster did not come up.
     *
     * @param reason a sentence of whoever failed
     */
    record NoPlatform(String reason) implements Trouble {}

    /** What should hold did not hold at the same moment before the method began. */
    record NeverSteady(Duration within, List<Expectation> missing) implements Trouble {}

    /** @param lastWords what it printed last on its stream of errors; empty if nothing */
    record ScriptFailed(String script, int status, String lastWords) implements Trouble {}

    record NotWithin(String expression, Duration within) implements Trouble {}

    /**
     * Something in the method was refused.
     *
     * @param reason a sentence of whoever refused
     */
    record Refused(String reason) implements Trouble {}

    /**
     * A fault could not be undone.
     *
     * @param reason a sentence of whoever refused
     */
    record NotHealed(String faultId, String reason) implements Trouble {}

    /** After the healing it did not hold again at the same moment. */
    record NotRecovered(Duration within, List<Expectation> missing) implements Trouble {}

    /**
     * A person ended it.
     *
     * @param begun whether the method had begun
     */
    record Interrupted(boolean begun) implements Trouble {}
}
