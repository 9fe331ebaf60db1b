package dev.clusterlab.lab.target;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.fault.FaultValues;
import java.time.Duration;
import java.util.Optional;

/**
 * A fault as somebody asks for it, before it is known whom it hits.
 *
 * @param aim fits {@link FaultKind#aim()}
 * @param values what it is told besides
 * @param lease engine time after which it ends by itself; of what comes and goes, how long it lasts each time
 * @param beat empty: it comes once
 */
public record FaultWish(FaultKind kind, Aim aim, FaultValues values, Optional<Duration> lease, Optional<Beat> beat) {
    /** Of a kind that needs to be told nothing, once. */
    public FaultWish(FaultKind kind, Aim aim, Optional<Duration> lease) {
        this(kind, aim, FaultValues.NONE, lease, Optional.empty());
    }

    /**
     * Comes and goes.
     *
     * @param times how often
     * @param every from one beginning to the next
     */
    public record Beat(int times, Duration every) {}
}
